//! The networks that are measured: two classifiers of digits and MLPerf Tiny's auto-encoder.

use nn_core::activation::{Identity, Relu, Sigmoid, Softmax};
use nn_core::layer::{Chain, Dense, Owned};

/// 784-30 sigmoid-10 softmax: 23,820 products.
pub(crate) type M1<S = Owned> = Chain<Dense<784, 30, Sigmoid, S>, Dense<30, 10, Softmax, S>>;

/// 784-100 ReLU-10 softmax: 79,400 products.
pub(crate) type M2<S = Owned> = Chain<Dense<784, 100, Relu, S>, Dense<100, 10, Softmax, S>>;

/// 640-128×4-8-128×4-640, ReLU, linear output: 264,192 products.
pub(crate) type M3<S = Owned> = Chain<Chain<Encoder<S>, Decoder<S>>, Dense<128, 640, Identity, S>>;

type Encoder<S> = Chain<Chain<Dense<640, 128, Relu, S>, Three<S>>, Dense<128, 8, Relu, S>>;
type Decoder<S> = Chain<Dense<8, 128, Relu, S>, Three<S>>;
type Three<S> = Chain<Chain<Dense<128, 128, Relu, S>, Dense<128, 128, Relu, S>>, Dense<128, 128, Relu, S>>;
