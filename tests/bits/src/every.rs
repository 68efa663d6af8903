//! One network of every kind of layer, in RAM or in flash, with something of its own in each parameter.

use nn_core::activation::{Identity, LeakyRelu, Relu, Sigmoid, Silu, Softmax, Tanh};
use nn_core::init::GlorotUniform;
use nn_core::layer::{
    Activate, AlphaDropout, BatchNorm, Chain, Concatenate, Dense, Dropout, DropoutRate, GaussianNoise, Layer,
    LayerNorm, Owned, Prelu, Residual, Scale, Skip, Stddev, Trainable, Untrained,
};
use nn_core::random::{Purpose, Stream};

type Front<S> = Chain<Chain<Scale<4, S>, Dense<4, 6, LeakyRelu, S, 0>>, BatchNorm<6, S>>;
type Block<S> = Residual<Chain<Chain<Dense<6, 3, Tanh, S>, Activate<3, Silu>>, Dense<3, 6, Relu, S>>, Skip<6>>;
type Projected<S> = Residual<Chain<LayerNorm<6, S>, Dense<6, 2, Sigmoid, S>>, Dense<6, 2, Identity, S, 0>>;
type Random = Chain<Chain<Dropout<6>, AlphaDropout<6>>, GaussianNoise<6>>;
type Fork<S> = Concatenate<Projected<S>, Chain<Prelu<6, S>, Random>, 8>;

/// The network, over the storage of its weights.
pub type Every<S> = Chain<Chain<Chain<Front<S>, Block<S>>, Fork<S>>, Dense<8, 3, Softmax, S>>;

/// Inputs to learn.
pub const X: [[f32; 4]; 3] = [[0.3, 0.0, -1.2, 0.8], [0.0, 0.5, 0.5, -0.1], [1.5, -0.4, 0.0, 0.2]];

/// Their targets.
pub const Y: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]];

/// The network with weights of its own; `rate` is that of its dropouts, `stddev` that of its noise.
#[must_use]
pub fn every(rate: DropoutRate, stddev: Stddev) -> Every<Owned> {
    let mut network = Every::<Owned>::UNTRAINED;
    network.initialize(&GlorotUniform, 5, 0);
    let mut stream = Stream::new(9, Purpose::Shuffle, 0, 0);
    let mut row = || core::array::from_fn::<f32, 6, _>(|_| 0.5 + stream.uniform());
    let (front, block) = (network.first().first().first(), network.first().first().second());
    let scale = Scale::new([0.1, -0.2, 0.3, 0.4], [2.0, 0.5, 1.5, 1.0]);
    let norm = BatchNorm::new([row(), row()], [row(), row()]);
    let projected = network.first().second().first();
    let branch = LayerNorm::new(row(), row()).then(projected.branch().second().clone());
    let random = Dropout::new(rate).then(AlphaDropout::new(rate)).then(GaussianNoise::new(stddev));
    let fork =
        Concatenate::new(Residual::projected(branch, projected.shortcut().clone()), Prelu::new(row()).then(random));
    let front = scale.then(front.first().second().clone()).then(norm);
    front.then(block.clone()).then(fork).then(network.second().clone())
}
