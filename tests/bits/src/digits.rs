//! Handwritten digits: a network 784-30-10 learns the first images of MNIST's test set, one at a time.

use nn_core::activation::{Activation, Sigmoid, Softmax};
use nn_core::format::Scaling;
use nn_core::init::GlorotUniform;
use nn_core::layer::{Chain, Dense, Layer};
use nn_core::loss::CategoricalCrossentropy;
use nn_core::optimizer::InPlace;
use nn_core::random::{Purpose, Stream};
use nn_core::train::{Occasion, OnlineTrainer};

use crate::Affine;
use crate::digest::Digest;

const PIXELS: usize = 784;
const CLASSES: usize = 10;

/// Steps of training; the images are seen again and again.
const STEPS: u32 = 1000;

static IMAGES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/t10k-images-idx3-ubyte"));
static LABELS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/t10k-labels-idx1-ubyte"));

type Network = Chain<Dense<PIXELS, 30, Sigmoid>, Dense<30, CLASSES, Softmax>>;

/// Trains, then infers by the network and by the kernel.
pub(crate) fn train(rule: impl InPlace, affine: Affine, digest: &mut Digest) {
    let mut trainer = OnlineTrainer::new(network(), CategoricalCrossentropy, rule);
    for (sample, (image, label)) in (0..STEPS).zip(samples().cycle()) {
        let loss = trainer.learn(&input(image), &target(label), Occasion { sample, ..Occasion::FIRST });
        digest.add(&[loss]);
    }
    let network = trainer.network();
    digest.add_weights(network.first());
    digest.add_weights(network.second());
    for (image, _) in samples() {
        digest.add(&network.predict(&input(image)));
        digest.add(&predict(network, affine, &input(image)));
    }
}

fn network() -> Network {
    let stream = |layer| Stream::new(1, Purpose::Initialize { layer }, 0, 0);
    Dense::initialized(&GlorotUniform, &mut stream(0), Sigmoid).then(Dense::initialized(
        &GlorotUniform,
        &mut stream(1),
        Softmax,
    ))
}

fn samples() -> impl Iterator<Item = (&'static [u8; PIXELS], u8)> + Clone {
    let (images, _) = IMAGES.as_chunks();
    images.iter().zip(LABELS.iter().copied())
}

fn input(image: &[u8; PIXELS]) -> [f32; PIXELS] {
    image.map(|pixel| Scaling::PIXELS.scale(pixel.into()))
}

fn target(label: u8) -> [f32; CLASSES] {
    core::array::from_fn(|class| if class == usize::from(label) { 1.0 } else { 0.0 })
}

/// The network's answer by this kernel.
fn predict(network: &Network, affine: Affine, x: &[f32; PIXELS]) -> [f32; CLASSES] {
    let (mut hidden, mut a) = ([0.0; 30], [0.0; CLASSES]);
    affine(x, network.first().kernel().as_flattened(), network.first().bias(), &mut hidden);
    Sigmoid.forward(&mut hidden);
    affine(&hidden, network.second().kernel().as_flattened(), network.second().bias(), &mut a);
    Softmax.forward(&mut a);
    a
}
