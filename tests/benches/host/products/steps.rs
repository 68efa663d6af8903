//! Instructions of training steps, counted by Valgrind: numbers that a loaded machine does not change.
//!
//! Each bench trains ten batches of images of which a fifth of the pixels is not zero, as in MNIST, on one thread; the
//! workloads are those of `workloads.json`. Valgrind knows AVX2 and nothing beyond.

#![expect(clippy::unwrap_used, reason = "a failed bench says where")]
#![expect(missing_docs, unused_qualifications, reason = "the macros below make public items, from names and paths")]

use core::hint::black_box;

use gungraun::{Callgrind, EntryPoint, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use nalgebra::DMatrix;
use nn_core::random::{Purpose, Stream};
use nn_host::data::{Features, Targets};
use nn_host::gemm::InstructionSet;
use nn_host::model::Model;
use nn_host::prelude::*;

const INPUTS: usize = 784;
const CLASSES: u8 = 10;
const BATCHES: usize = 10;

/// The function that is counted: what comes before and after the batches of an epoch is not.
const BATCHES_OF_A_WINDOW: &str = "*nn_host::train::run::Run*window*";

/// A model with what it is to be trained with.
struct Training {
    model: Model,
    data: Dataset,
    batch_size: usize,
}

impl Training {
    fn new(model: Model, batch_size: usize) -> Self {
        let mut stream = Stream::new(3, Purpose::Shuffle, 0, 0);
        let mut pixel = |_, _| if stream.below(5) == 0 { u8::try_from(stream.below(256)).unwrap() } else { 0 };
        let samples = BATCHES * batch_size;
        let pixels = DMatrix::from_fn(INPUTS, samples, &mut pixel);
        let classes = (0..CLASSES).cycle().map(u32::from).take(samples).collect();
        let names = (0..CLASSES).map(|class| class.to_string()).collect();
        let data = Dataset::new(Features::Bytes(pixels), Targets::Classes { classes, names }).unwrap();
        Self { model, data, batch_size }
    }

    fn w1() -> Self {
        Self::new(model(Sequential::new(INPUTS).dense(30, Sigmoid), Sgd::new(3.0).unwrap()), 100)
    }

    fn w2() -> Self {
        Self::new(model(Sequential::new(INPUTS), Rmsprop::default()), 100)
    }

    fn w3() -> Self {
        Self::new(model(Sequential::new(INPUTS).dense(100, Relu).dropout(0.3), Adam::default()), 100)
    }

    fn w4() -> Self {
        Self::new(model(Sequential::new(INPUTS).dense(512, Relu).dense(512, Relu), Adam::default()), 128)
    }

    fn w5() -> Self {
        Self::new(model(Sequential::new(INPUTS).dense(30, Sigmoid), Sgd::new(0.1).unwrap()), 1)
    }
}

fn model(layers: Sequential, optimizer: impl Into<Optimizer>) -> Model {
    layers.dense(CLASSES.into(), Softmax).compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap()
}

#[library_benchmark]
#[bench::w1(Training::w1())]
#[bench::w2(Training::w2())]
#[bench::w3(Training::w3())]
#[bench::w4(Training::w4())]
#[bench::w5(Training::w5())]
fn ten_batches(mut training: Training) -> Training {
    let Training { model, data, batch_size } = &mut training;
    let options = FitOptions {
        batch_size: *batch_size,
        instructions: InstructionSet::named("avx2").unwrap(),
        ..Default::default()
    };
    black_box(model.fit(black_box(data), options).unwrap());
    training
}

library_benchmark_group!(name = steps; benchmarks = ten_batches);

main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::default().entry_point(EntryPoint::Custom(BATCHES_OF_A_WINDOW.to_owned()))).env("RAYON_NUM_THREADS", "1");
    library_benchmark_groups = steps
);
