//! Every kind of layer through a model file and through training: the typed network is the same afterwards, to the bit.

use nn_bits::every::{Every, X, Y, every};
use nn_core::activation::{Identity, Relu};
use nn_core::format::{BlockError, FormatError, FromModel, LoadError, Model, Record, ToModel, Writer, load};
use nn_core::layer::{BatchNorm, Borrowed, Dense, DropoutRate, Layer, Owned, Prelu, Residual, Skip, Stddev, Storage};
use nn_core::loss::CategoricalCrossentropy;
use nn_core::optimizer::{Adam, InPlace, Sgd};
use nn_core::random::{Purpose, Stream};
use nn_core::train::{BatchTrainer, Occasion, OnlineTrainer, Training};
use nn_host::model::AlignedBytes;

fn every_layer() -> Every<Owned> {
    every(DropoutRate::new(0.25).unwrap(), Stddev::new(0.125).unwrap())
}

fn file(network: &impl ToModel) -> AlignedBytes {
    let mut buffer = vec![0; 8192];
    let mut writer = Writer::new(&mut buffer);
    network.write_records(&mut writer).unwrap();
    let mut tensors = writer.tensors().unwrap();
    network.write_tensors(&mut tensors).unwrap();
    AlignedBytes::copy_of(tensors.finish().unwrap())
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn answers<S: Storage>(network: &Every<S>) -> Vec<u32> {
    X.iter().flat_map(|x| bits(&network.predict(x))).collect()
}

#[test]
fn every_layer_is_read_as_it_was_written_owned_and_borrowed() {
    let network = every_layer();
    let file = file(&network);
    let model = Model::parse(file.as_bytes()).unwrap();
    assert_eq!((model.inputs(), model.outputs(), model.layers().count()), (4, 3, 18));
    let borrowed: Every<Borrowed<'_>> = load(&model).unwrap();
    let owned: Every<Owned> = load(&model).unwrap();
    assert_eq!(answers(&borrowed), answers(&network));
    assert_eq!(answers(&owned), answers(&network));
    assert_eq!(self::file(&borrowed).as_bytes(), file.as_bytes());
    const { assert!(Every::<Borrowed<'_>>::FLASH > 4 * 150 && Every::<Owned>::FLASH == 0) };
}

#[test]
fn skipping_zeros_changes_no_bit_of_any_layer() {
    let network = every_layer();
    for x in &X {
        let (mut hidden, mut a) = (nn_core::Zero::ZERO, [0.0; 3]);
        network.forward::<false>(x, &mut hidden, &mut a);
        assert_eq!(bits(&a), bits(&network.predict(x)));
    }
}

fn online_equals_batch_of_one(optimizer: impl InPlace) {
    let mut online = OnlineTrainer::new(every_layer(), CategoricalCrossentropy, optimizer);
    let mut batch = BatchTrainer::new(every_layer(), CategoricalCrossentropy, optimizer);
    for sample in 0..30 {
        let occasion = Occasion { sample, ..Occasion::FIRST };
        let (x, y) = (&X[sample as usize % 3], &Y[sample as usize % 3]);
        assert_eq!(online.learn(x, y, occasion).to_bits(), batch.accumulate(x, y, occasion).to_bits());
        batch.apply();
    }
    assert_eq!(file(online.network()).as_bytes(), file(batch.network()).as_bytes());
    assert_ne!(file(online.network()).as_bytes(), file(&every_layer()).as_bytes());
}

#[test]
fn every_layer_learns_in_place_with_the_bits_of_a_batch_of_one() {
    online_equals_batch_of_one(Sgd::new(0.1).unwrap());
    online_equals_batch_of_one(Adam::new(0.01).unwrap());
}

#[test]
fn every_layer_learns_in_parts_with_the_bits_of_a_whole_step() {
    let mut whole = OnlineTrainer::new(every_layer(), CategoricalCrossentropy, Adam::default());
    let mut memory = Training::new(every_layer());
    let mut parts = OnlineTrainer::within(&mut memory, CategoricalCrossentropy, Adam::default());
    for sample in 0..6 {
        let occasion = Occasion { sample, ..Occasion::FIRST };
        let (x, y) = (&X[sample as usize % 3], &Y[sample as usize % 3]);
        let mut step = parts.learn_in_parts(x, y, occasion);
        let loss = loop {
            if let core::ops::ControlFlow::Break(loss) = step.step() {
                break loss;
            }
        };
        assert_eq!(loss.to_bits(), whole.learn(x, y, occasion).to_bits());
    }
    assert_eq!(file(whole.network()).as_bytes(), file(memory.network()).as_bytes());
}

#[test]
fn three_samples_are_learned_by_heart_through_every_layer() {
    let mut trainer = BatchTrainer::new(every_layer(), CategoricalCrossentropy, Adam::new(0.02).unwrap());
    let mut losses = Vec::new();
    for epoch in 0..300 {
        let samples = (0..).zip(X.iter().zip(&Y));
        losses.push(
            samples
                .map(|(sample, (x, y))| trainer.accumulate(x, y, Occasion { epoch, sample, ..Occasion::FIRST }))
                .sum::<f32>(),
        );
        trainer.apply();
    }
    assert!(losses[299] < 0.1 * losses[0], "{} to {}", losses[0], losses[299]);
}

#[test]
fn a_batch_normalization_folds_into_its_neighbors() {
    let network = every_layer();
    let normalization = network.first().first().first().second();
    let dense = |kernel, bias| Dense::<6, 6, Identity>::new(kernel, bias, Identity);
    let mut stream = Stream::new(2, Purpose::Shuffle, 0, 0);
    let kernel: [[f32; 6]; 6] = core::array::from_fn(|_| core::array::from_fn(|_| stream.uniform() - 0.5));
    let bias = kernel[3];
    let x = kernel[4];
    let near = |one: [f32; 6], other: [f32; 6]| {
        assert!(one.iter().zip(other).all(|(one, other)| (one - other).abs() < 2e-6), "{one:?} {other:?}");
    };

    let (mut before, mut shift) = (kernel, bias);
    normalization.fold().into_layer_before(before.as_flattened_mut(), &mut shift);
    near(dense(before, shift).predict(&x), dense(kernel, bias).then(normalization.clone()).predict(&x));

    let (mut after, mut shift) = (kernel, bias);
    normalization.fold().into_layer_after(after.as_flattened_mut(), &mut shift);
    near(dense(after, shift).predict(&x), normalization.clone().then(dense(kernel, bias)).predict(&x));
}

#[test]
fn a_file_of_other_layers_is_refused_by_kind_bias_and_rest() {
    let refused = |network: &dyn Fn(&Model<'_>) -> Option<LoadError>, bytes: &AlignedBytes| {
        network(&Model::parse(bytes.as_bytes()).unwrap()).unwrap().to_string()
    };
    fn error<'m, N: FromModel<'m>>(model: &Model<'m>) -> Option<LoadError> {
        load::<N>(model).err()
    }
    let prelu = file(&Prelu::new([0.0; 2]).then(Dense::new([[1.0], [1.0]], [0.0], Relu)));
    let found = refused(&|model| error::<Dense<2, 1, Relu>>(model), &prelu);
    assert_eq!(found, "layer 0 of the model is Prelu, the network expects Dense");
    let found = refused(&|model| error::<Prelu<3>>(model), &prelu);
    assert_eq!(found, "layer 0 of the model is 2×2, the network expects 3×3");
    let without = file(&Dense::without_bias([[1.0], [1.0]], Relu));
    let found = refused(&|model| error::<Dense<2, 1, Relu>>(model), &without);
    assert!(found.starts_with("layer 0 of the model has a bias where"), "{found}");
    let block = file(&Residual::new(Dense::new([[1.0]], [0.0], Relu).then(Dense::new([[1.0]], [0.0], Relu))));
    let found = refused(&|model| error::<Residual<Dense<1, 1, Relu>, Skip<1>>>(model), &block);
    assert_eq!(found, "the model goes on with layer 2, the network has ended");
}

/// What is wrong with a file of these layers.
fn records(records: &[Record<'_>]) -> Result<(), FormatError> {
    let mut buffer = vec![0; 4096];
    let mut writer = Writer::new(&mut buffer);
    records.iter().for_each(|record| writer.record(record).unwrap());
    let bytes = AlignedBytes::copy_of(writer.tensors().unwrap().finish().unwrap());
    Model::parse(bytes.as_bytes()).map(drop)
}

#[test]
fn blocks_whose_parts_do_not_go_together_are_refused_by_place() {
    let dense = |inputs, outputs| Record::Dense { inputs, outputs, activation: Relu.into() };
    let linear = |inputs, outputs| Record::DenseWithoutBias { inputs, outputs, activation: Identity.into() };
    let (residual, skip) = (Record::Residual { branch: 1, shortcut: 1 }, Record::Skip { units: 2 });
    let at = |layer, reason| Err(FormatError::Block { layer, reason });
    assert_eq!(records(&[dense(2, 2), residual, dense(2, 3), skip]), at(1, BlockError::Shapes((2, 3), (2, 2))));
    assert_eq!(records(&[residual, dense(2, 2), dense(2, 2)]), at(0, BlockError::Shortcut));
    assert_eq!(records(&[residual, dense(2, 2)]), at(0, BlockError::Shortcut));
    assert_eq!(records(&[Record::Residual { branch: 0, shortcut: 1 }, skip]), at(0, BlockError::Empty));
    assert_eq!(records(&[Record::Residual { branch: 9, shortcut: 1 }, dense(2, 2)]), at(0, BlockError::Empty));
    let fork = Record::Concatenate { first: 1, second: 1 };
    assert_eq!(records(&[fork, dense(2, 2), linear(3, 1)]), at(0, BlockError::Shapes((2, 2), (3, 1))));
    assert_eq!(
        records(&[Record::Concatenate { first: 2, second: 1 }, residual, dense(2, 2), skip, skip]),
        at(0, BlockError::Empty)
    );
    let deep: Vec<_> = (0..10).map(|_| Record::Concatenate { first: 1, second: 1 }).chain([dense(2, 2)]).collect();
    assert_eq!(records(&deep), at(8, BlockError::Depth));
    let join = FormatError::Join { layer: 3, expected: 2, found: 3 };
    assert_eq!(records(&[residual, dense(2, 2), skip, dense(3, 1)]), Err(join));
    assert!(matches!(records(&[residual, dense(2, 2), skip]), Err(FormatError::Tensors { expected: 32, found: 0 })));
}

#[test]
fn a_negative_variance_is_refused() {
    let normalization = |variance| BatchNorm::new([[1.0; 2], [0.0; 2]], [[0.0; 2], [1.0, variance]]);
    let network = |variance| normalization(variance).then(Dense::new([[1.0], [1.0]], [0.0], Relu));
    let parse = |variance| Model::parse(file(&network(variance)).as_bytes()).map(drop);
    assert_eq!(parse(0.0), Ok(()));
    assert_eq!(parse(-0.5), Err(FormatError::Variance { layer: 0, index: 1, value: -0.5 }));
}
