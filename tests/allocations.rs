//! A training asks for memory while it begins; its batches find all that they need.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test says where")]

use core::ops::ControlFlow;
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::thread::sleep;

use dhat::{Alloc, HeapStats, Profiler};
use nalgebra::DMatrix;
use nn_core::random::{Purpose, Stream};
use nn_host::callback::{Callback, Progress};
use nn_host::data::{Features, Targets};
use nn_host::layer::{LayerPlan, batch_normalization, dense, dropout, gaussian_noise, layer_normalization, residual};
use nn_host::model::Model;
use nn_host::optimizer::Ema;
use nn_host::prelude::*;
use rayon::ThreadPool;
use rayon::prelude::*;

#[global_allocator]
static ALLOCATOR: Alloc = Alloc;

const INPUTS: usize = 40;
const SAMPLES: usize = 420;
const CLASSES: u8 = 3;

/// Images, most of whose pixels are zero.
fn images() -> Dataset {
    let mut stream = Stream::new(3, Purpose::Shuffle, 0, 0);
    let mut pixel = |_, _| if stream.below(4) == 0 { u8::try_from(stream.below(256)).unwrap() } else { 0 };
    let pixels = DMatrix::from_fn(INPUTS, SAMPLES, &mut pixel);
    let classes = (0..CLASSES).cycle().map(u32::from).take(SAMPLES).collect();
    let names = (0..CLASSES).map(|class| class.to_string()).collect();
    Dataset::new(Features::Bytes(pixels), Targets::Classes { classes, names }).unwrap()
}

/// Notes after each batch how often memory has been asked for.
struct Count(Arc<Mutex<Vec<u64>>>);

impl Callback for Count {
    fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
        self.0.lock().unwrap().push(HeapStats::get().total_blocks);
        ControlFlow::Continue(())
    }
}

/// Lets every thread of a pool take work from another, for which it asks for memory once.
fn wake(pool: &ThreadPool) {
    let threads = pool.current_num_threads();
    pool.install(|| (0..8 * threads).into_par_iter().with_max_len(1).for_each(|_| sleep(Duration::from_millis(1))));
}

/// How often memory was asked for by each batch of two epochs but the first, and but the last of the first epoch, which is
/// shorter and has memory of its own.
fn allocations(mut model: Model, batch_size: usize, accumulated: usize, threads: usize) -> Vec<u64> {
    let counts = Arc::new(Mutex::new(Vec::with_capacity(2 * SAMPLES)));
    let options = FitOptions {
        epochs: 2,
        batch_size,
        gradient_accumulation_steps: accumulated,
        callbacks: vec![Box::new(Count(Arc::clone(&counts)))],
        ..Default::default()
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    wake(&pool);
    pool.install(|| model.fit(&images(), options)).unwrap();
    let counts = counts.lock().unwrap();
    let batches = SAMPLES.div_ceil(batch_size);
    assert_eq!(counts.len(), 2 * batches);
    let (first, second) = counts.split_at(batches);
    let asked = |counts: &[u64]| counts.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    [asked(&first[..batches - 1]), asked(second)].concat()
}

/// How often the batch asked that asked most.
fn most(model: &Model, batch_size: usize, accumulated: usize, threads: usize) -> u64 {
    allocations(model.clone(), batch_size, accumulated, threads).into_iter().max().unwrap()
}

fn model(plans: Vec<LayerPlan>, optimizer: impl Into<Optimizer>) -> Model {
    let layers = plans.into_iter().fold(Sequential::new(INPUTS), Sequential::layer);
    layers.dense(CLASSES.into(), Softmax).compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap()
}

#[test]
fn no_batch_asks_for_memory_after_the_first_ones() {
    let _profiler = Profiler::builder().testing().build();
    let sgd = || Sgd::new(0.1).unwrap();
    for threads in [1, 2] {
        let at_once = [
            ("one by one", model(vec![dense(30, Sigmoid)], sgd()), 1),
            ("batches", model(vec![dense(30, Sigmoid)], sgd()), 50),
            ("dropout", model(vec![dense(100, Relu), dropout(0.5), dense(64, Tanh)], Adam::default()), 50),
            ("units shared out", model(vec![dense(100, Relu)], Adam::default()), 140),
            ("noise", model(vec![gaussian_noise(0.1), layer_normalization(), dense(9, Relu)], Rmsprop::default()), 50),
            ("blocks", model(vec![dense(9, Relu), residual([dense(9, Relu)])], Adam::default()), 50),
            ("normalized", model(vec![dense(9, Relu), batch_normalization()], Adam::default()), 50),
        ];
        for (name, model, batch_size) in at_once {
            assert_eq!(most(&model, batch_size, 1, threads), 0, "{name}, {threads} threads");
        }
        // What needs all gradients before a weight moves writes down where they are.
        let layers = || vec![dense(9, Relu)];
        let penalized = vec![dense(9, Relu).kernel_regularizer(Penalty::l2(0.01).unwrap())];
        let averaged = Optimizer::from(Adam::default()).with_ema(Ema::default());
        let in_passes = [
            ("accumulated", model(layers(), sgd()), 3),
            ("clipped", model(layers(), Adam::default().clipped_by_global_norm(0.1).unwrap()), 1),
            ("averaged", model(layers(), averaged), 1),
            ("penalized", model(penalized, Adam::default()), 1),
        ];
        for (name, model, accumulated) in in_passes {
            let asked = most(&model, 50, accumulated, threads);
            assert!((1..=8).contains(&asked), "{name}, {threads} threads: {asked}");
        }
    }
}
