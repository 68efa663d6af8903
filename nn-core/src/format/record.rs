//! The metadata's records, checked: layers, and what else belongs to a model.

use super::tensor::{TensorShape, Values};
use super::{Int8Dense, Receipt, Scaling, TableEntry, TestVector};
use crate::activation::AnyActivation;
use crate::int8::{Multiplier, Quantization};
use crate::layer::{DropoutRate, Stddev};
use crate::loss::AnyLoss;

/// The most inputs or outputs that a layer can have: counts up to 2²⁴ are exact in f32.
pub const MOST_UNITS: u32 = 1 << 24;

/// One record of a model file.
///
/// ```
/// use nn_core::{activation::Softmax, format::{Model, Record, Writer}};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
///
/// let mut writer = Writer::new(&mut buffer.0);
/// writer.record(&Record::Dense { inputs: 1, outputs: 2, activation: Softmax.into() })?;
/// writer.record(&Record::Label("cat"))?;
/// writer.record(&Record::Label("dog"))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[1.0, -1.0])?;
/// # tensors.tensor(&[0.0, 0.0])?;
/// # let file = tensors.finish()?;
/// // … and the tensors
/// assert!(Model::parse(file)?.labels().eq(["cat", "dog"]));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Record<'m> {
    /// A dense layer; its kernel and bias are the next two tensors.
    Dense {
        /// IN
        inputs: u32,
        /// OUT
        outputs: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// A dense layer without a bias; its kernel is the next tensor.
    DenseWithoutBias {
        /// IN
        inputs: u32,
        /// OUT
        outputs: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// A dropout layer; nothing at inference.
    Dropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
    /// Parametric ReLU; its slopes are the next tensor.
    Prelu {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Input scaling a feature; offset and scale are the next two tensors.
    Scale {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Batch normalization; γ and β are the next tensor, mean and variance the one after it.
    BatchNorm {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Layer normalization; γ and β are the next tensor.
    LayerNorm {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// A layer that does nothing.
    Skip {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// A residual block: the layers of its branch follow, then its shortcut.
    Residual {
        /// Layer records of the branch.
        branch: u16,
        /// Layer records of the shortcut: one, which skips, or a dense layer without bias and activation.
        shortcut: u16,
    },
    /// Two branches side by side: the layers of the first follow, then those of the second.
    Concatenate {
        /// Layer records of the first branch.
        first: u16,
        /// Layer records of the second branch.
        second: u16,
    },
    /// An activation by itself.
    Activate {
        /// Inputs, which are the outputs.
        units: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// An alpha dropout layer; nothing at inference.
    AlphaDropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
    /// A layer that adds noise in training; nothing at inference.
    GaussianNoise {
        /// Inputs, which are the outputs.
        units: u32,
        /// The noise's standard deviation.
        stddev: Stddev,
    },
    /// From numbers to bytes, each the nearest.
    Quantize {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the bytes stand for.
        output: Quantization,
    },
    /// A dense layer of bytes; its kernel, bias, multipliers and weight scales are the next four tensors.
    Int8Dense(Int8Dense),
    /// A dense layer of bytes with weights of 4 bits, two in a byte; its tensors are as those of one with 8.
    Int4Dense(Int8Dense),
    /// An activation of bytes by table, which is the next tensor.
    Int8Table {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the table was made of.
        activation: AnyActivation,
        /// What the bytes of the output stand for.
        output: Quantization,
    },
    /// Softmax of bytes, to [`Quantization::PROBABILITY`].
    Int8Softmax {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the inputs are multiplied by.
        beta: f32,
        /// What [`Softmax::new`](crate::int8::Softmax::new) makes of β and the input's scale.
        multiplier: Multiplier,
    },
    /// Bytes of one quantization to bytes of another.
    Requantize {
        /// Inputs, which are the outputs.
        units: u32,
        /// The quotient of the scales.
        multiplier: Multiplier,
        /// What the bytes of the output stand for.
        output: Quantization,
    },
    /// From bytes to the numbers that they stand for.
    Dequantize {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// How raw values become the network's input.
    Scaling(Scaling),
    /// The loss that the network was trained with.
    Loss(AnyLoss),
    /// The name of the next class.
    Label(&'m str),
    /// How the model came to be.
    Receipt(Receipt<'m>),
    /// An input with the output that it must give.
    TestVector(TestVector<'m>),
    /// What the model knows of the tables that it understands.
    Table(TableEntry<'m>),
}

impl Record<'_> {
    /// The tensors of a layer in the order of the file.
    pub(super) const fn tensors(&self) -> [Option<TensorShape>; MOST_TENSORS] {
        match *self {
            Self::Dense { inputs, outputs, .. } => two((inputs, outputs, "kernel"), (1, outputs, "bias")),
            Self::DenseWithoutBias { inputs, outputs, .. } => one((inputs, outputs, "kernel")),
            Self::Prelu { units } => one((1, units, "alpha")),
            Self::Scale { units } => two((1, units, "offset"), (1, units, "scale")),
            Self::BatchNorm { units } => two((2, units, "gamma and beta"), (2, units, "mean and variance")),
            Self::LayerNorm { units } => one((2, units, "gamma and beta")),
            Self::Int8Dense(dense) => int8_dense(&dense, dense.kernel.tensor(dense.inputs, dense.outputs)),
            Self::Int4Dense(dense) => int8_dense(&dense, int4_kernel(&dense)),
            Self::Int8Table { .. } => {
                [Some(TensorShape { name: "table", rows: 1, columns: 256, values: Values::Bytes }), None, None, None]
            }
            _ => [None; MOST_TENSORS],
        }
    }
}

/// The most tensors that a layer has.
pub(super) const MOST_TENSORS: usize = 4;

/// Rows, columns and name of a tensor of f32.
type Numbers = (u32, u32, &'static str);

const fn one((rows, columns, name): Numbers) -> [Option<TensorShape>; MOST_TENSORS] {
    [Some(TensorShape::numbers(rows, columns, name)), None, None, None]
}

const fn two(first: Numbers, (rows, columns, name): Numbers) -> [Option<TensorShape>; MOST_TENSORS] {
    let [first, ..] = one(first);
    [first, Some(TensorShape::numbers(rows, columns, name)), None, None]
}

const fn int4_kernel(dense: &Int8Dense) -> TensorShape {
    TensorShape { name: "kernel", rows: dense.outputs, columns: dense.inputs, values: Values::Halves }
}

const fn int8_dense(dense: &Int8Dense, kernel: TensorShape) -> [Option<TensorShape>; MOST_TENSORS] {
    let &Int8Dense { outputs, channels, .. } = dense;
    let scales = channels.of(outputs);
    [
        Some(kernel),
        Some(TensorShape { name: "bias", rows: 1, columns: outputs, values: Values::Sums }),
        Some(TensorShape { name: "multipliers", rows: 1, columns: scales, values: Values::Multipliers }),
        Some(TensorShape { name: "weight scales", rows: 1, columns: scales, values: Values::Scales }),
    ]
}
