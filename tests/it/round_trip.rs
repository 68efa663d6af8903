//! Host and typed networks: training, file, inference, the same bits.

use nalgebra::DMatrix;
use nn_core::activation::{Elu, LeakyRelu, Relu, Sigmoid, Softmax};
use nn_core::format::{self, LoadError, load};
use nn_core::layer::{Borrowed, Chain, Dense, Dropout, Layer, Owned, Storage};
use nn_core::loss::{BinaryFocalCrossentropy, CategoricalCrossentropy};
use nn_core::optimizer::{Adam, Adjust, Describe, Momentum, Optimizer, Penalty, Sgd};
use nn_core::train::{BatchTrainer, Occasion, OnlineTrainer};
use nn_host::data::{Dataset, Features, Targets};
use nn_host::prelude::{Accuracy, FitOptions, Model, Sequential};
use nn_tests::{small_data, small_model};

type Small<S> = Chain<Chain<Dense<6, 5, Relu, S>, Dense<5, 4, Sigmoid, S>>, Dense<4, 3, Softmax, S>>;
type Trainable = Chain<Chain<Chain<Dense<6, 5, Relu>, Dropout<5>>, Dense<5, 4, Sigmoid>>, Dense<4, 3, Softmax>>;

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn input(data: &Dataset, sample: usize) -> [f32; 6] {
    let raw = data.raw(sample);
    let values: Vec<f32> = raw.as_chunks().0.iter().copied().map(f32::from_le_bytes).collect();
    values.try_into().unwrap()
}

fn target(data: &Dataset, sample: usize) -> [f32; 3] {
    let mut y = [0.0; 3];
    y[data.classes().unwrap()[sample] as usize] = 1.0;
    y
}

#[test]
fn settings_of_loss_and_activations_are_in_the_file() {
    let loss = BinaryFocalCrossentropy::from_logits().with("gamma", 1.5).unwrap();
    let (leaky, elu) = (LeakyRelu::new(0.5).unwrap(), Elu.with("alpha", 0.25).unwrap());
    let layers = Sequential::new(2).dense(3, leaky).dense(3, elu).dense(2, Elu).dense(1, LeakyRelu);
    let model = layers.compile(loss, Adam::default(), []).unwrap();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(format::Model::parse(bytes.as_bytes()).unwrap().loss(), Some(loss.into()));
    assert_eq!(Model::from_bytes(bytes.as_bytes()).unwrap().layers(), model.layers());
}

#[test]
fn a_trained_model_answers_with_the_same_bits_from_its_file_on_host_and_as_a_type() {
    let data = small_data(100);
    let mut model = small_model();
    model.fit(&data, FitOptions { epochs: 3, batch_size: 7, ..Default::default() }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.nn");
    model.save(&path).unwrap();

    let read = Model::load(&path).unwrap();
    assert_eq!(read.layers(), model.layers());
    assert_eq!(read.labels(), ["a", "b", "c"]);

    let bytes = model.to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    let borrowed: Small<Borrowed<'_>> = load(&file).unwrap();
    let owned: Small<Owned> = load(&file).unwrap();
    let trainable: Trainable = load(&file).unwrap();
    let outputs = model.predict(&data).unwrap();
    for sample in 0..data.len() {
        let x = input(&data, sample);
        let host = bits(outputs.column(sample).as_slice());
        assert_eq!(host, bits(&borrowed.predict(&x)));
        assert_eq!(host, bits(&owned.predict(&x)));
        assert_eq!(host, bits(&trainable.predict(&x)));
        assert_eq!(host, bits(&read.predict_raw(&data.raw(sample)).unwrap()));
    }
    let vector = file.test_vectors().next().unwrap();
    let output: Vec<u8> = read.predict_raw(vector.input).unwrap().iter().flat_map(|a| a.to_le_bytes()).collect();
    assert_eq!(vector.output, output);
}

#[test]
fn a_typed_network_borrows_its_weights_from_the_file() {
    let bytes = small_model().to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    let network: Small<Borrowed<'_>> = load(&file).unwrap();
    let weights = network.second().kernel().as_ptr().cast::<u8>();
    assert!(bytes.as_bytes().as_ptr_range().contains(&weights));
    assert_eq!(size_of_val(&network), 6 * size_of::<usize>());
}

/// The weights of a typed network.
fn typed_weights<S: Storage>(network: &Small<S>) -> Vec<u32> {
    let (first, second, third) = (network.first().first(), network.first().second(), network.second());
    let first = [first.kernel().as_flattened(), first.bias()].concat();
    let second = [second.kernel().as_flattened(), second.bias()].concat();
    let third = [third.kernel().as_flattened(), third.bias()].concat();
    bits(&[first, second, third].concat())
}

/// The weights of a model, through its file.
fn weights(model: &Model) -> Vec<u32> {
    let bytes = model.to_bytes().unwrap();
    typed_weights::<Borrowed<'_>>(&load(&format::Model::parse(bytes.as_bytes()).unwrap()).unwrap())
}

/// A typed training's weights, through the file of a model with the same layers.
fn trainable(model: &Model) -> Trainable {
    let bytes = model.to_bytes().unwrap();
    load(&format::Model::parse(bytes.as_bytes()).unwrap()).unwrap()
}

fn trained_weights(network: &Trainable) -> Vec<u32> {
    let (first, second, third) = (network.first().first().first(), network.first().second(), network.second());
    typed_weights::<Owned>(
        &Dense::new(*first.kernel(), *first.bias(), Relu)
            .then(Dense::new(*second.kernel(), *second.bias(), Sigmoid))
            .then(Dense::new(*third.kernel(), *third.bias(), Softmax)),
    )
}

/// Trains the same layers on the host and as a type, which must give the same bits.
fn host_equals_typed<O: Optimizer + Describe>(optimizer: O, batch_size: usize) {
    let data = small_data(41);
    let layers = Sequential::new(6).dense(5, Relu).dropout(0.4).dense(4, Sigmoid).dense(3, Softmax).seed(7);
    let mut model = layers.compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap();
    let start = trainable(&model);
    let options = FitOptions { epochs: 3, batch_size, shuffle: false, ..Default::default() };
    let history = model.fit(&data, options).unwrap();

    let mut batches = BatchTrainer::new(start, CategoricalCrossentropy, optimizer);
    let mut last_epoch_loss = 0.0;
    for epoch in 0..3 {
        last_epoch_loss = 0.0;
        for first in (0..data.len()).step_by(batch_size) {
            let mut loss = 0.0;
            for sample in first..data.len().min(first + batch_size) {
                let occasion = Occasion { seed: 7, epoch, sample: u32::try_from(sample).unwrap(), layer: 0 };
                loss += batches.accumulate(&input(&data, sample), &target(&data, sample), occasion);
            }
            batches.apply();
            last_epoch_loss += loss;
        }
    }
    assert_eq!(trained_weights(batches.network()), weights(&model), "{optimizer:?}, batches of {batch_size}");
    assert_eq!(history.get("loss").last(), Some(&(last_epoch_loss / 41.0)));
}

#[test]
fn the_host_trains_with_the_bits_of_the_typed_network() {
    for batch_size in [1, 8, 41] {
        host_equals_typed(Sgd::new(0.5).unwrap(), batch_size);
        host_equals_typed(Adam::new(0.01).unwrap(), batch_size);
    }
}

/// Limits and strengths of which some matter at each step and some do not.
#[test]
fn the_host_adjusts_with_the_bits_of_the_typed_network() {
    let (sgd, adam) = (Sgd::new(0.5).unwrap().with("decay", 0.01).unwrap(), Adam::new(0.01).unwrap());
    let penalty = Penalty::l1_l2(0.01, 0.02).unwrap();
    for batch_size in [1, 8] {
        host_equals_typed(sgd.clipped_by_value(0.05).unwrap(), batch_size);
        host_equals_typed(sgd.clipped_by_norm(0.2).unwrap(), batch_size);
        host_equals_typed(sgd.clipped_by_global_norm(0.3).unwrap(), batch_size);
        host_equals_typed(sgd.with_weight_decay(0.1).unwrap(), batch_size);
        host_equals_typed(sgd.with_penalty(penalty.on_kernels_and_biases()), batch_size);
        host_equals_typed(adam.with_weight_decay(0.1).unwrap().clipped_by_norm(0.2).unwrap(), batch_size);
        let in_kerass_order = sgd.with_weight_decay(0.1).unwrap().clipped_by_global_norm(0.3).unwrap();
        host_equals_typed(in_kerass_order.with_penalty(penalty), batch_size);
        let all = Momentum::new(0.1).unwrap().clipped_by_global_norm(0.3).unwrap().clipped_by_norm(0.2).unwrap();
        let all = all.with_weight_decay(0.1).unwrap().with_penalty(penalty).clipped_by_value(0.05).unwrap();
        host_equals_typed(all, batch_size);
    }
}

#[test]
fn the_step_in_place_trains_with_the_bits_of_the_host_with_batches_of_one() {
    let data = small_data(41);
    let mut model = small_model();
    let start = trainable(&model);
    model.fit(&data, FitOptions { epochs: 1, batch_size: 1, shuffle: false, ..Default::default() }).unwrap();
    let mut online = OnlineTrainer::new(start, CategoricalCrossentropy, Adam::default());
    for sample in 0..data.len() {
        let occasion = Occasion { seed: 7, sample: u32::try_from(sample).unwrap(), ..Occasion::FIRST };
        online.learn(&input(&data, sample), &target(&data, sample), occasion);
    }
    assert_eq!(trained_weights(online.network()), weights(&model));
}

#[test]
fn bytes_are_not_taken_for_numbers() {
    let bytes = DMatrix::from_vec(6, 2, vec![0, 1, 2, 3, 4, 255, 9, 8, 7, 6, 5, 4]);
    let targets = || Targets::Classes { classes: vec![0, 2], names: ["a", "b", "c"].map(str::to_owned).to_vec() };
    let data = Dataset::new(Features::Bytes(bytes), targets()).unwrap();
    let mut model = small_model();
    model.fit(&data, FitOptions::default()).unwrap();
    let error = model.evaluate(&small_data(3)).unwrap_err();
    assert_eq!(error.to_string(), "the data holds f32 values, the model expects u8");
}

#[test]
fn a_file_of_other_layers_is_refused_by_layer() {
    let bytes = small_model().to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    type First<const OUT: usize, A> = Dense<6, OUT, A, Owned>;
    let shape = load::<First<9, Relu>>(&file).unwrap_err();
    assert_eq!(shape, LoadError::Shape { layer: 0, expected: (6, 9), found: (6, 5) });
    assert_eq!(shape.to_string(), "layer 0 of the model is 6×5, the network expects 6×9");
    assert!(matches!(load::<First<5, Sigmoid>>(&file), Err(LoadError::Activation { layer: 0, .. })));
    assert!(matches!(load::<First<5, Relu>>(&file), Err(LoadError::Remains { layer: 2 })));
    assert!(matches!(load::<Chain<Small<Owned>, Dense<3, 1, Relu>>>(&file), Err(LoadError::Missing { layer: 4 })));
}
