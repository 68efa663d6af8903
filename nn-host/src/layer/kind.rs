//! The kinds of layers, and the way from a kind to what it does.

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Turn, Weight};
use super::tensor::{Tensor, TensorsMut};
use super::{
    ActivationLayer, AlphaDropoutLayer, BatchNormalizationLayer, ConcatenateLayer, DenseLayer, DequantizeLayer,
    DropoutLayer, FakeQuantizeLayer, GaussianNoiseLayer, Int4DenseLayer, Int8DenseLayer, Int8SoftmaxLayer,
    Int8TableLayer, LayerNormalizationLayer, PreluLayer, QuantizeLayer, RequantizeLayer, ResidualLayer, ScaleLayer,
    SkipLayer,
};
use crate::gemm::Engine;

/// Makes the run-time choice among all kinds of layers.
macro_rules! kinds {
    ($($kind:ident($layer:ident), $keras:literal;)+) => {
        /// A kind of layer with its weights.
        #[derive(Clone, Debug, PartialEq)]
        pub enum LayerKind {
            $(
                #[doc = concat!("[`", stringify!($layer), "`]")]
                $kind($layer),
            )+
        }

        /// What a layer of some kind keeps between forward and backward.
        #[derive(Debug)]
        pub(crate) enum KindTape {
            $($kind(<$layer as BatchLayer>::Tape),)+
        }

        $(
            impl From<$layer> for LayerKind {
                fn from(layer: $layer) -> Self {
                    Self::$kind(layer)
                }
            }
        )+

        $(
            impl $layer {
                /// The name of such a layer in Keras, to which a number is added.
                pub(crate) const KERAS_NAME: &'static str = $keras;
            }
        )+

        impl LayerKind {
            /// The name of such a layer in Keras, to which a number is added.
            pub(crate) const fn keras_name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => $keras,)+
                }
            }
        }

        impl BatchLayer for LayerKind {
            type Tape = KindTape;

            fn tape(&self, samples: usize) -> KindTape {
                match self {
                    $(Self::$kind(layer) => KindTape::$kind(layer.tape(samples)),)+
                }
            }

            fn outputs(&self) -> usize {
                match self {
                    $(Self::$kind(layer) => layer.outputs(),)+
                }
            }

            fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
                match self {
                    $(Self::$kind(layer) => layer.forward(engine, x, a),)+
                }
            }

            fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut KindTape, a: &mut Batch) {
                match (self, tape) {
                    $((Self::$kind(layer), KindTape::$kind(tape)) => layer.forward_taped(turn, engine, x, tape, a),)+
                    _ => unreachable!("a tape of another kind of layer"),
                }
            }

            fn follow(&mut self, tape: &KindTape) {
                match (self, tape) {
                    $((Self::$kind(layer), KindTape::$kind(tape)) => layer.follow(tape),)+
                    _ => unreachable!("a tape of another kind of layer"),
                }
            }

            fn backward(&self, pass: Pass<'_>, tape: &mut KindTape) {
                match (self, tape) {
                    $((Self::$kind(layer), KindTape::$kind(tape)) => layer.backward(pass, tape),)+
                    _ => unreachable!("a tape of another kind of layer"),
                }
            }

            fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
                match self {
                    $(Self::$kind(layer) => layer.each_weight(visit),)+
                }
            }

            fn add_gradient(tape: &KindTape, seen: Seen<'_>, part: Part, engine: &mut Engine, sums: &mut [f32]) {
                match tape {
                    $(KindTape::$kind(tape) => $layer::add_gradient(tape, seen, part, engine, sums),)+
                }
            }

            fn tensors(&self) -> Vec<Tensor<'_>> {
                match self {
                    $(Self::$kind(layer) => layer.tensors(),)+
                }
            }

            fn tensors_mut(&mut self) -> TensorsMut<'_> {
                match self {
                    $(Self::$kind(layer) => layer.tensors_mut(),)+
                }
            }
        }
    };
}

kinds! {
    Dense(DenseLayer), "dense";
    Activation(ActivationLayer), "activation";
    Dropout(DropoutLayer), "dropout";
    AlphaDropout(AlphaDropoutLayer), "alpha_dropout";
    GaussianNoise(GaussianNoiseLayer), "gaussian_noise";
    Prelu(PreluLayer), "p_re_lu";
    Scale(ScaleLayer), "scale";
    BatchNormalization(BatchNormalizationLayer), "batch_normalization";
    LayerNormalization(LayerNormalizationLayer), "layer_normalization";
    Skip(SkipLayer), "skip";
    Residual(ResidualLayer), "residual";
    Concatenate(ConcatenateLayer), "concatenate";
    FakeQuantize(FakeQuantizeLayer), "fake_quantize";
    Quantize(QuantizeLayer), "quantize";
    Int8Dense(Int8DenseLayer), "int8_dense";
    Int4Dense(Int4DenseLayer), "int4_dense";
    Int8Table(Int8TableLayer), "int8_activation";
    Int8Softmax(Int8SoftmaxLayer), "int8_softmax";
    Requantize(RequantizeLayer), "requantize";
    Dequantize(DequantizeLayer), "dequantize";
}

impl LayerKind {
    /// Whether the layer gives bytes, or takes them.
    pub(crate) const fn is_of_bytes(&self) -> bool {
        matches!(
            self,
            Self::Quantize(_)
                | Self::Int8Dense(_)
                | Self::Int4Dense(_)
                | Self::Int8Table(_)
                | Self::Int8Softmax(_)
                | Self::Requantize(_)
                | Self::Dequantize(_)
        )
    }

    /// A dense layer of bytes, with its weights in 8 bits.
    pub(crate) const fn dense_of_bytes(&self) -> Option<&Int8DenseLayer> {
        match self {
            Self::Int8Dense(layer) => Some(layer),
            Self::Int4Dense(layer) => Some(layer.unpacked()),
            _ => None,
        }
    }
}

impl KindTape {
    /// Pre-activations, where they are kept.
    pub(super) const fn pre_activations(&self) -> Option<&Batch> {
        match self {
            Self::Dense(tape) => Some(&tape.z),
            _ => None,
        }
    }
}
