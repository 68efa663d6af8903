//! A small network for each kind of activation, loss and rule, trained for a few steps, one sample at a time and in
//! batches; and a kernel from each initializer.

use nn_core::activation::{
    Activation, AnyActivation, Elu, Exponential, Gelu, HardSigmoid, HardSilu, HardTanh, Identity, LeakyRelu,
    LogSoftmax, Mish, Perceptron, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
use nn_core::init::{AnyInitializer, GlorotUniform, Initializer};
use nn_core::layer::{Dense, Dropout, DropoutRate, Layer, Present, Trainable};
use nn_core::loss::{AnyLoss, CategoricalCrossentropy, Loss};
use nn_core::optimizer::{AnyOptimizer, Rule, RuleVisitor, Sgd};
use nn_core::random::{Purpose, Stream};
use nn_core::train::{BatchTrainer, Occasion, OnlineTrainer};

use crate::digest::Digest;

const INPUTS: usize = 6;
const HIDDEN: usize = 5;
const OUTPUTS: usize = 3;

/// Samples of each training.
const SAMPLES: u32 = 24;

/// Samples of a batch.
const BATCH: u32 = 3;

type Hidden<A> = Dense<INPUTS, HIDDEN, A>;
type Output = Dense<HIDDEN, OUTPUTS, Softmax>;

/// Trains a network through each of these activations, and counts them.
macro_rules! train_through {
    ($digest:ident, $($activation:ident)+) => {
        const TRAINED: usize = [$(stringify!($activation)),+].len();
        $({
            let network = hidden($activation::default()).then(output());
            let network = online(network, CategoricalCrossentropy, Sgd::default(), $digest);
            $digest.add_weights(network.first());
            $digest.add_weights(network.second());
        })+
    };
}

/// A network through each activation.
pub(crate) fn activations(digest: &mut Digest) {
    train_through! {
        digest,
        Elu Exponential Gelu HardSigmoid HardSilu HardTanh Identity LeakyRelu LogSoftmax Mish
        Relu Relu6 Selu Sigmoid Silu Softmax Softplus Softsign Tanh
    }
    const { assert!(TRAINED + 1 == AnyActivation::ALL.len(), "all but the perceptron, which has no gradient") };
    let mut z: [f32; INPUTS] = input(0);
    Perceptron.forward(&mut z);
    digest.add(&z);
}

/// A network of every layer with each loss.
pub(crate) fn losses(rate: DropoutRate, digest: &mut Digest) {
    for &loss in AnyLoss::ALL {
        let network = || hidden(Sigmoid).then(Dropout::new(rate)).then(output());
        for network in [online(network(), loss, Sgd::default(), digest), batch(network(), loss, Sgd::default(), digest)]
        {
            digest.add_weights(network.first().first());
            digest.add_weights(network.second());
        }
    }
}

/// A layer by each rule.
pub(crate) fn rules(digest: &mut Digest) {
    for rule in AnyOptimizer::ALL {
        rule.visit(Train { digest });
    }
}

struct Train<'d> {
    digest: &'d mut Digest,
}

impl RuleVisitor for Train<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let Self { digest } = self;
        let loss = CategoricalCrossentropy;
        for layer in [online(hidden(Softmax), loss, rule, digest), batch(hidden(Softmax), loss, rule, digest)] {
            digest.add_weights(&layer);
        }
    }
}

/// A kernel from each initializer.
pub(crate) fn initializers(digest: &mut Digest) {
    for initializer in AnyInitializer::ALL {
        let mut w = [0.0; INPUTS * HIDDEN];
        initializer.fill(INPUTS, HIDDEN, &mut stream(0), &mut w);
        digest.add(&w);
    }
}

fn stream(layer: u16) -> Stream {
    Stream::new(2, Purpose::Initialize { layer }, 0, 0)
}

fn hidden<A>(activation: A) -> Hidden<A> {
    Dense::initialized(&GlorotUniform, &mut stream(0), activation)
}

fn output() -> Output {
    Dense::initialized(&GlorotUniform, &mut stream(2), Softmax)
}

/// Values between −2 and 2, some of them zero.
fn input<const N: usize>(sample: u32) -> [f32; N] {
    let mut stream = Stream::new(3, Purpose::Shuffle, 0, sample);
    core::array::from_fn(|_| if stream.below(4) == 0 { 0.0 } else { 4.0 * stream.uniform() - 2.0 })
}

fn target<const N: usize>(sample: u32) -> [f32; N] {
    core::array::from_fn(|class| if class == sample as usize % N { 1.0 } else { 0.0 })
}

/// The network after training one sample at a time.
fn online<const IN: usize, const OUT: usize, N, L, R>(network: N, loss: L, rule: R, digest: &mut Digest) -> N
where
    N: Trainable<Learning = Present, Input = [f32; IN], Output = [f32; OUT]>,
    L: Loss<Target<[f32; OUT]> = [f32; OUT]>,
    R: Rule,
{
    let mut trainer = OnlineTrainer::new(network, loss, rule);
    for sample in 0..SAMPLES {
        let loss = trainer.learn(&input(sample), &target(sample), Occasion { sample, ..Occasion::FIRST });
        digest.add(&[loss]);
    }
    digest.add(&trainer.network().predict(&input(0)));
    trainer.into_network()
}

/// The network after training in batches.
fn batch<const IN: usize, const OUT: usize, N, L, R>(network: N, loss: L, rule: R, digest: &mut Digest) -> N
where
    N: Trainable<Learning = Present, Input = [f32; IN], Output = [f32; OUT]>,
    L: Loss<Target<[f32; OUT]> = [f32; OUT]>,
    R: Rule,
{
    let mut trainer = BatchTrainer::new(network, loss, rule);
    for sample in 0..SAMPLES {
        let loss = trainer.accumulate(&input(sample), &target(sample), Occasion { sample, ..Occasion::FIRST });
        digest.add(&[loss]);
        if (sample + 1).is_multiple_of(BATCH) {
            trainer.apply();
        }
    }
    digest.add(&trainer.network().predict(&input(0)));
    trainer.into_network()
}
