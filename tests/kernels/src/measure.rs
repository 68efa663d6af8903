//! The measurements: instructions of inference and of training steps, and the memory that both take beyond weights.

use core::fmt::Arguments;
use core::hint::black_box;

use nn_core::Zero;
use nn_core::activation::{Activation, Relu, Sigmoid};
use nn_core::init::GlorotUniform;
use nn_core::layer::{Borrowed, Layer, Present, Trainable, Untrained};
use nn_core::loss::{CategoricalCrossentropy, Loss, MeanSquaredError};
use nn_core::memory::ram_training;
use nn_core::optimizer::Sgd;
use nn_core::random::{Purpose, Stream};
use nn_core::train::{Occasion, OnlineTrainer, Training};

use crate::networks::{M1, M2, M3};
use crate::steady::Classifier;

/// An image of a 3 with 151 pixels that are not zero, which is the median of MNIST's test set.
pub(crate) static DIGIT: &[u8; 784] = include_bytes!(concat!(env!("OUT_DIR"), "/digit"));

/// What it shows, as a target.
const THREE: [f32; 10] = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];

/// So small that the steps of a measurement hardly change weights.
const LEARNING_RATE: f32 = 1e-3;

/// What counts instructions.
pub trait Counter {
    /// The instructions that a piece of work takes, which may be repeated.
    fn instructions(&mut self, work: impl FnMut()) -> u32;

    /// Bytes of the stack that were in use at the deepest moment so far.
    fn stack(&self) -> u32;
}

/// The memory of all networks and of what they are given; megabytes of zeros, for a static.
pub struct Workbench {
    /// Numbers of which none is zero.
    dense: [f32; 784],
    digit: [f32; 784],
    m1: Subject<M1>,
    m2: Subject<M2>,
    m3: Subject<M3>,
    steady_m1: Classifier<784, 30, Sigmoid>,
    steady_m2: Classifier<784, 100, Relu>,
}

/// A network in training, with what its inference takes besides.
struct Subject<N: Trainable> {
    training: Training<N, Sgd>,
    hidden: N::Hidden,
    a: N::Output,
}

impl Workbench {
    /// Before the measurements.
    pub const EMPTY: Self = Self {
        dense: [0.0; 784],
        digit: [0.0; 784],
        m1: Subject::EMPTY,
        m2: Subject::EMPTY,
        m3: Subject::EMPTY,
        steady_m1: Classifier::untrained(Sigmoid),
        steady_m2: Classifier::untrained(Relu),
    };

    /// Measures, and reports a line each: network, what, input, number. Inputs are `dense`, numbers of which none is zero,
    /// or `digit`, an image of MNIST. Work is `steady` where zeros are multiplied, else they are skipped.
    pub fn measure(&mut self, counter: &mut impl Counter, mut report: impl FnMut(Arguments<'_>)) {
        let Self { dense, digit, m1, m2, m3, steady_m1, steady_m2 } = self;
        let mut stream = stream();
        dense.iter_mut().for_each(|x| *x = 0.5 + 0.5 * stream.uniform());
        digit.iter_mut().zip(DIGIT).for_each(|(x, &pixel)| *x = f32::from(pixel) / 255.0);
        let digits = [("dense", &*dense), ("digit", &*digit)];
        for (input, x) in digits {
            m1.measure("M1", CategoricalCrossentropy::default(), (input, x, &THREE), counter, &mut report);
            steady_m1.measure("M1", (input, x), counter, &mut report);
        }
        report(format_args!("M1 stack - {}", counter.stack()));
        for (input, x) in digits {
            m2.measure("M2", CategoricalCrossentropy::default(), (input, x, &THREE), counter, &mut report);
            steady_m2.measure("M2", (input, x), counter, &mut report);
        }
        report(format_args!("M2 stack - {}", counter.stack()));
        if let Some(x) = dense.first_chunk() {
            m3.measure("M3", MeanSquaredError, ("dense", x, x), counter, &mut report);
        }
        report(format_args!("M3 stack - {}", counter.stack()));
        memory::<M1, M1<Borrowed<'_>>>("M1", &mut report);
        memory::<M2, M2<Borrowed<'_>>>("M2", &mut report);
        memory::<M3, M3<Borrowed<'_>>>("M3", &mut report);
    }
}

impl core::fmt::Debug for Workbench {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Workbench")
    }
}

impl<N: Trainable<Learning = Present> + Untrained> Subject<N> {
    const EMPTY: Self = Self { training: Training::UNTRAINED, hidden: Zero::ZERO, a: Zero::ZERO };

    #[inline(never)]
    fn measure<L: Loss>(
        &mut self,
        name: &str,
        loss: L,
        (input, x, y): (&str, &N::Input, &L::Target<N::Output>),
        counter: &mut impl Counter,
        report: &mut impl FnMut(Arguments<'_>),
    ) {
        let Self { training, hidden, a, .. } = self;
        training.initialize(&GlorotUniform, 1);
        let network = training.network();
        let steady = counter.instructions(|| network.forward::<false>(black_box(x), hidden, black_box(a)));
        report(format_args!("{name} steady-inference {input} {steady}"));
        let skipping = counter.instructions(|| network.forward::<true>(black_box(x), hidden, black_box(a)));
        report(format_args!("{name} inference {input} {skipping}"));
        let Ok(sgd) = Sgd::new(LEARNING_RATE) else { return };
        let mut trainer = OnlineTrainer::within(training, loss, sgd);
        let step = counter.instructions(|| _ = black_box(trainer.learn(black_box(x), y, Occasion::FIRST)));
        report(format_args!("{name} step {input} {step}"));
    }
}

impl<const HIDDEN: usize, A: Activation> Classifier<784, HIDDEN, A> {
    #[inline(never)]
    fn measure(
        &mut self,
        name: &str,
        (input, x): (&str, &[f32; 784]),
        counter: &mut impl Counter,
        report: &mut impl FnMut(Arguments<'_>),
    ) {
        self.initialize(&mut stream());
        let step = counter.instructions(|| _ = black_box(self.learn(LEARNING_RATE, black_box(x), &THREE)));
        report(format_args!("{name} steady-step {input} {step}"));
    }
}

/// Bytes of weights; of inference with input and output, weights in flash; and of online training by SGD, weights in RAM.
fn memory<N: Trainable, B: Layer>(name: &str, report: &mut impl FnMut(Arguments<'_>)) {
    report(format_args!("{name} weights - {}", const { B::FLASH }));
    report(format_args!("{name} inference-memory - {}", const { B::RAM_INFERENCE }));
    report(format_args!("{name} step-memory - {}", const { ram_training::<N, Sgd, 1>() }));
}

fn stream() -> Stream {
    Stream::new(1, Purpose::Shuffle, 0, 0)
}
