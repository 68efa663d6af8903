//! What a training runs on: an instruction set and so many threads. Neither changes a bit of its result.

use crate::gemm::{Engine, InstructionSet};
use crate::layer::Stack;

/// Samples that a shard has at least: fewer are not worth a thread.
const SAMPLES_PER_SHARD: usize = 8;

/// What a training runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    pub(super) threads: usize,
    pub(super) instructions: InstructionSet,
}

impl Machine {
    /// Computes products on one thread.
    pub(super) const fn engine(self) -> Engine {
        Engine::new(self.instructions)
    }

    /// Into how many shards a batch is split.
    pub(super) fn shards(self, layers: &Stack, samples: usize) -> usize {
        if layers.needs_whole_batch() { 1 } else { self.threads.min(samples / SAMPLES_PER_SHARD).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;
    use nn_core::format::Scaling;
    use nn_core::random::{Purpose, Stream};

    use crate::data::{Dataset, Features, Targets};
    use crate::gemm::InstructionSet;
    use crate::layer::{LayerPlan, batch_normalization, dense, dropout, prelu, residual};
    use crate::model::Model;
    use crate::prelude::{
        Accuracy, Adam, Adjust, CategoricalCrossentropy, FitOptions, History, Momentum, Optimizer, Penalty, Relu,
        Sequential, Sgd, Sigmoid, Softmax, Tanh,
    };
    use crate::quantize::WeightWidth;

    const INPUTS: usize = 70;

    /// Images, most of whose pixels are zero.
    fn data(samples: usize) -> Dataset {
        let mut stream = Stream::new(3, Purpose::Shuffle, 0, 0);
        let mut pixel = |_, _| if stream.below(4) == 0 { u8::try_from(stream.below(256)).unwrap() } else { 0 };
        let pixels = DMatrix::from_fn(INPUTS, samples, &mut pixel);
        let classes = (0..samples).map(|sample| u32::try_from(sample % 3).unwrap()).collect();
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        Dataset::new(Features::Bytes(pixels), Targets::Classes { classes, names }).unwrap()
    }

    fn numbers(data: &Dataset) -> Dataset {
        let values =
            (0..data.len()).flat_map(|sample| data.raw(sample)).map(|byte| Scaling::PIXELS.scale(f32::from(byte)));
        let values = DMatrix::from_iterator(INPUTS, data.len(), values);
        Dataset::new(Features::Floats(values), data.targets().clone()).unwrap()
    }

    fn model(plans: Vec<LayerPlan>, optimizer: impl Into<Optimizer>) -> Model {
        let layers = plans.into_iter().fold(Sequential::new(INPUTS).seed(5), Sequential::layer);
        layers.dense(3, Softmax).compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap()
    }

    /// Trainings with every way through a step: samples one by one, in batches of an odd size, gradients that are moved along
    /// at once, summed up, clipped, penalized.
    fn trainings() -> Vec<(Model, FitOptions<'static>)> {
        let options = |batch_size| FitOptions { epochs: 2, batch_size, ..Default::default() };
        let aware = |batch_size, width| FitOptions { qat: Some(width), ..options(batch_size) };
        let accumulated = FitOptions { gradient_accumulation_steps: 3, ..options(17) };
        let l2 = Penalty::l2(0.01).unwrap();
        vec![
            (model(vec![dense(30, Sigmoid)], Sgd::new(0.5).unwrap()), options(1)),
            (model(vec![dense(30, Sigmoid)], Sgd::new(0.5).unwrap()), options(50)),
            // Enough work for each thread to have units of the first layer, of an odd number.
            (model(vec![dense(67, Relu), dropout(0.3)], Adam::default()), options(150)),
            (model(vec![dense(67, Tanh).without_bias()], Momentum::new(0.1).unwrap()), options(150)),
            (model(vec![dense(100, Relu), dropout(0.3), dense(64, Relu)], Adam::default()), options(33)),
            (model(vec![dense(9, Relu)], Adam::default().clipped_by_global_norm(0.1).unwrap()), options(50)),
            (model(vec![dense(9, Relu).kernel_regularizer(l2)], Momentum::new(0.1).unwrap()), accumulated),
            (model(vec![dense(9, Relu), residual([prelu(), dense(9, Relu)])], Adam::default()), options(40)),
            (model(vec![dense(9, Relu), batch_normalization()], Adam::default()), options(40)),
            (model(vec![dense(67, Relu), dropout(0.3)], Adam::default()), aware(150, WeightWidth::Int4)),
            (model(vec![dense(30, Tanh)], Sgd::new(0.5).unwrap()), aware(1, WeightWidth::Int8)),
            (model(vec![dense(67, Sigmoid)], Momentum::new(0.1).unwrap()), aware(33, WeightWidth::Int8)),
        ]
    }

    /// What becomes of each training.
    fn results(data: &Dataset, threads: usize, instructions: InstructionSet) -> Vec<([u8; 32], History)> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let train = |(mut model, options): (Model, FitOptions<'static>)| {
            let history = pool.install(|| model.fit(data, FitOptions { instructions, ..options }).unwrap());
            (model.weights_sha256(), history)
        };
        trainings().into_iter().map(train).collect()
    }

    #[test]
    fn neither_threads_nor_instructions_nor_lists_change_a_bit() {
        let bytes = data(203);
        let expected = results(&bytes, 1, InstructionSet::best());
        for threads in [2, 3, 7] {
            assert_eq!(results(&bytes, threads, InstructionSet::best()), expected, "{threads} threads");
        }
        for instructions in InstructionSet::all() {
            assert_eq!(results(&bytes, 2, instructions), expected, "{instructions}");
        }
        // The same images as numbers, which are not listed beforehand.
        let of_numbers = results(&numbers(&bytes), 2, InstructionSet::best());
        assert_eq!(of_numbers.len(), expected.len());
        // Numbers are rounded to bytes where bytes are to be, which these are already.
        let is_aware = trainings().into_iter().map(|(_, options)| options.qat.is_some());
        for (((found, _), (expected, _)), is_aware) in of_numbers.iter().zip(&expected).zip(is_aware) {
            assert!(is_aware || found == expected);
        }
    }

    #[test]
    fn another_order_of_the_samples_would_be_noticed() {
        let train = |seed: u64| {
            let layers = Sequential::new(INPUTS).seed(5).dense(3, Softmax);
            let mut model = layers.compile(CategoricalCrossentropy, Sgd::new(0.5).unwrap(), []).unwrap();
            model.seed = seed;
            model.fit(&data(203), FitOptions { batch_size: 203, ..Default::default() }).unwrap();
            model.weights_sha256()
        };
        // One batch of all samples: only the order of its sums is another.
        assert_ne!(train(1), train(2));
    }
}
