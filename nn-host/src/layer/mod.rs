//! Layers with sizes known at run time, over batches: what is planned, what is built from it, one file a kind.

mod builder;
mod error;
mod penalized;
mod plan;
mod policy;

mod batch;
mod description;
mod in_place;
mod kind;
mod learning;
mod model_layer;
mod settle;
mod stack;
mod tensor;

mod activation;
mod alpha_dropout;
mod dense;
mod dropout;
mod gaussian_noise;
mod prelu;
mod scale;
mod skip;

mod fake_quantize;
mod int8;
mod rounding;

mod batch_normalization;
mod layer_normalization;

#[cfg(test)]
mod tests;

mod concatenate;
mod residual;

pub use activation::ActivationLayer;
pub use alpha_dropout::AlphaDropoutLayer;
pub use batch_normalization::BatchNormalizationLayer;
pub use concatenate::ConcatenateLayer;
pub use dense::DenseLayer;
pub use dropout::DropoutLayer;
pub use error::LayerError;
pub use fake_quantize::FakeQuantizeLayer;
pub use gaussian_noise::GaussianNoiseLayer;
pub use int8::{
    DequantizeLayer, Int4DenseLayer, Int8DenseLayer, Int8SoftmaxLayer, Int8TableLayer, PackedKernel, QuantizeLayer,
    RequantizeLayer,
};
pub use kind::LayerKind;
pub use layer_normalization::LayerNormalizationLayer;
pub use model_layer::ModelLayer;
pub use plan::{
    LayerPlan, activation, alpha_dropout, batch_normalization, dense, dropout, gaussian_noise, layer_normalization,
    prelu, residual, residual_projected, scale,
};
pub use policy::Policy;
pub use prelu::PreluLayer;
pub use residual::ResidualLayer;
pub use scale::ScaleLayer;
pub use skip::SkipLayer;
pub use stack::Stack;
pub use tensor::Tensor;

pub(crate) use batch::{Batch, Factor, Turn};
pub(crate) use builder::{Builder, Names};
pub(crate) use learning::{Kept, Learning, OuterProduct};
pub(crate) use model_layer::LayerTape;
pub(crate) use rounding::Rounding;
pub(crate) use stack::StackTape;
pub(crate) use tensor::TensorsMut;
