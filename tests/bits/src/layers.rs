//! A network of every kind of layer: 1,000 steps of SGD and of Adam, one sample at a time, some in parts, then in
//! batches; its model file; and explanations of its answers.

use core::ops::ControlFlow;

use nn_core::format::{Model, ToModel, Writer, load};
use nn_core::layer::{Borrowed, DropoutRate, Layer, Owned, Stddev};
use nn_core::loss::CategoricalCrossentropy;
use nn_core::optimizer::{Adam, InPlace, Sgd};
use nn_core::train::{BatchTrainer, Explanation, Occasion, OnlineTrainer};

use crate::digest::Digest;
use crate::every::{Every, X, Y, every};

/// Steps of each training.
const STEPS: u32 = 1000;

/// Bytes for the model file, as floats.
const FILE: usize = 2048;

/// Trains and infers; `None` if the file could not be written and read.
pub(crate) fn train(rate: DropoutRate, digest: &mut Digest) -> Option<()> {
    let untrained = every(rate, Stddev::new(0.125).ok()?);
    for network in [
        online(untrained.clone(), Sgd::new(0.05).ok()?, digest),
        online(untrained.clone(), Adam::new(0.002).ok()?, digest),
    ] {
        file(&network, digest)?;
    }
    file(&batch(untrained, digest), digest)
}

fn samples() -> impl Iterator<Item = (Occasion, (&'static [f32; 4], &'static [f32; 3]))> {
    let occasions = (0..STEPS).map(|sample| Occasion { sample, ..Occasion::FIRST });
    occasions.zip(X.iter().zip(&Y).cycle())
}

/// The network after training one sample at a time, every third step in parts.
fn online(network: Every<Owned>, optimizer: impl InPlace, digest: &mut Digest) -> Every<Owned> {
    let mut trainer = OnlineTrainer::new(network, CategoricalCrossentropy, optimizer);
    for (occasion, (x, y)) in samples() {
        let mut step = trainer.learn_in_parts(x, y, occasion);
        let loss = if occasion.sample % 3 == 0 {
            loop {
                if let ControlFlow::Break(loss) = step.step() {
                    break loss;
                }
            }
        } else {
            trainer.learn(x, y, occasion)
        };
        digest.add(&[loss]);
    }
    trainer.into_network()
}

/// The network after training in batches of three.
fn batch(network: Every<Owned>, digest: &mut Digest) -> Every<Owned> {
    let mut trainer = BatchTrainer::new(network, CategoricalCrossentropy, Adam::default());
    for (occasion, (x, y)) in samples() {
        digest.add(&[trainer.accumulate(x, y, occasion)]);
        if occasion.sample % 3 == 2 {
            trainer.apply();
        }
    }
    trainer.into_network()
}

/// Adds the weights, by way of the model file, and what the network read from it answers and explains.
fn file(network: &Every<Owned>, digest: &mut Digest) -> Option<()> {
    let mut buffer = [0.0_f32; FILE];
    let mut writer = Writer::new(bytemuck::cast_slice_mut(&mut buffer));
    network.write_records(&mut writer).ok()?;
    let mut tensors = writer.tensors().ok()?;
    network.write_tensors(&mut tensors).ok()?;
    let file = tensors.finish().ok()?;
    digest.add_bytes(file);
    let model = Model::parse(file).ok()?;
    let network: Every<Borrowed<'_>> = load(&model).ok()?;
    let mut explanation = Explanation::new();
    for (class, x) in X.iter().enumerate() {
        digest.add(&network.predict(x));
        digest.add(explanation.of(&network, x, class));
    }
    Some(())
}
