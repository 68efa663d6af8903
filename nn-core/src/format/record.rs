//! The metadata's records, checked: layers, and what else belongs to a model.

use super::{Receipt, Scaling, TableEntry, TestVector};
use crate::activation::AnyActivation;
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
    /// The tensors of a layer in the order of the file: rows, columns and name of each.
    pub(super) const fn tensors(&self) -> [Option<(u32, u32, &'static str)>; 2] {
        match *self {
            Self::Dense { inputs, outputs, .. } => [Some((inputs, outputs, "kernel")), Some((1, outputs, "bias"))],
            Self::DenseWithoutBias { inputs, outputs, .. } => [Some((inputs, outputs, "kernel")), None],
            Self::Prelu { units } => [Some((1, units, "alpha")), None],
            Self::Scale { units } => [Some((1, units, "offset")), Some((1, units, "scale"))],
            Self::BatchNorm { units } => [Some((2, units, "gamma and beta")), Some((2, units, "mean and variance"))],
            Self::LayerNorm { units } => [Some((2, units, "gamma and beta")), None],
            _ => [None, None],
        }
    }
}
