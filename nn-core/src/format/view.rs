//! The layers of a checked model file, each with its tensors in place.

use super::int8::{Flow, of_bytes};
use super::record::{MOST_TENSORS, Record};
use super::records::Records;
use super::tensor::{TensorShape, floats};
use super::{Int4DenseView, Int8DenseView, Int8TableView, KernelForm};
use crate::activation::AnyActivation;
use crate::int8::{Multiplier, Quantization};
use crate::layer::{DropoutRate, Stddev};

/// A layer of a model file.
///
/// ```
/// # use nn_core::{activation::Identity, format::{Record, Writer}, layer::DropoutRate};
/// use nn_core::format::{LayerView, Model};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let rate = DropoutRate::new(0.5).unwrap();
/// # writer.record(&Record::Dropout { units: 1, rate })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// # let mut weights = 0;
/// for layer in Model::parse(file)?.layers() {
///     match layer {
///         LayerView::Dense(dense) => weights += dense.kernel.len() + dense.bias.len(),
///         _ => {} // others have none here
///     }
/// }
/// assert_eq!(weights, 2);
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerView<'m> {
    /// A dense layer.
    Dense(DenseView<'m>),
    /// A dropout layer.
    Dropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
    /// Parametric ReLU, with its slopes, `[UNITS]`.
    Prelu(&'m [f32]),
    /// Input scaling a feature.
    Scale {
        /// What is taken from each feature, `[UNITS]`.
        offset: &'m [f32],
        /// What each difference is multiplied by, `[UNITS]`.
        scale: &'m [f32],
    },
    /// Batch normalization.
    BatchNorm {
        /// γ and β, `[2][UNITS]`.
        parameters: &'m [f32],
        /// Mean and variance, `[2][UNITS]`.
        statistics: &'m [f32],
    },
    /// Layer normalization, with γ and β, `[2][UNITS]`.
    LayerNorm(&'m [f32]),
    /// A layer that does nothing to so many units.
    Skip(u32),
    /// A residual block, whose branch and shortcut follow.
    Residual {
        /// Layers of the branch.
        branch: u16,
        /// Layers of the shortcut.
        shortcut: u16,
    },
    /// Two branches side by side, which follow.
    Concatenate {
        /// Layers of the first branch.
        first: u16,
        /// Layers of the second branch.
        second: u16,
    },
    /// An activation by itself.
    Activate {
        /// Inputs, which are the outputs.
        units: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// An alpha dropout layer.
    AlphaDropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
    /// A layer that adds noise in training.
    GaussianNoise {
        /// Inputs, which are the outputs.
        units: u32,
        /// The noise's standard deviation.
        stddev: Stddev,
    },
    /// From numbers to bytes.
    Quantize {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the bytes stand for.
        output: Quantization,
    },
    /// A dense layer of bytes.
    Int8Dense(Int8DenseView<'m>),
    /// A dense layer of bytes with weights of 4 bits.
    Int4Dense(Int4DenseView<'m>),
    /// An activation of bytes by table.
    Int8Table(Int8TableView<'m>),
    /// Softmax of bytes, to [`Quantization::PROBABILITY`].
    Int8Softmax {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the inputs are multiplied by.
        beta: f32,
        /// From steps of the input to exponents.
        multiplier: Multiplier,
        /// What the bytes of the input stand for.
        input: Quantization,
    },
    /// Bytes of one quantization to bytes of another.
    Requantize {
        /// Inputs, which are the outputs.
        units: u32,
        /// The quotient of the scales.
        multiplier: Multiplier,
        /// What the bytes of the input stand for.
        input: Quantization,
        /// What the bytes of the output stand for.
        output: Quantization,
    },
    /// From bytes to numbers.
    Dequantize {
        /// Inputs, which are the outputs.
        units: u32,
        /// What the bytes stand for.
        input: Quantization,
    },
}

impl LayerView<'_> {
    /// The name of the layer's Rust type.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Dense(_) => "Dense",
            Self::Dropout { .. } => "Dropout",
            Self::Prelu(_) => "Prelu",
            Self::Scale { .. } => "Scale",
            Self::BatchNorm { .. } => "BatchNorm",
            Self::LayerNorm(_) => "LayerNorm",
            Self::Skip(_) => "Skip",
            Self::Residual { .. } => "Residual",
            Self::Concatenate { .. } => "Concatenate",
            Self::Activate { .. } => "Activate",
            Self::AlphaDropout { .. } => "AlphaDropout",
            Self::GaussianNoise { .. } => "GaussianNoise",
            Self::Quantize { .. } => "int8::Quantize",
            Self::Int8Dense(view) => match view.kernel.form() {
                KernelForm::Plain => "int8::Dense",
                KernelForm::Packed => "int8::PackedDense",
            },
            Self::Int4Dense(_) => "int8::Int4Dense",
            Self::Int8Table(_) => "int8::Mapped of a table",
            Self::Int8Softmax { .. } => "int8::Mapped of softmax",
            Self::Requantize { .. } => "int8::Mapped of a requantization",
            Self::Dequantize { .. } => "int8::Dequantize",
        }
    }

    /// Whether the layer does nothing at inference, as dropout and noise.
    #[must_use]
    pub const fn is_for_training(&self) -> bool {
        matches!(self, Self::Dropout { .. } | Self::AlphaDropout { .. } | Self::GaussianNoise { .. })
    }
}

/// A dense layer of a model file.
///
/// ```
/// # use nn_core::{activation::Identity, format::{Record, Writer}};
/// use nn_core::format::{DenseView, LayerView, Model};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
///
/// let mut layers = Model::parse(file)?.layers();
/// let Some(LayerView::Dense(DenseView { inputs, outputs, kernel, bias, .. })) = layers.next() else {
///     panic!("the file starts with a dense layer")
/// };
/// assert_eq!((inputs, outputs, kernel, bias), (1, 1, [2.0].as_slice(), [0.5].as_slice()));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseView<'m> {
    /// IN
    pub inputs: u32,
    /// OUT
    pub outputs: u32,
    /// The activation.
    pub activation: AnyActivation,
    /// `[IN][OUT]`
    pub kernel: &'m [f32],
    /// `[OUT]`, or empty where the layer has none
    pub bias: &'m [f32],
}

/// The layers of a model file, in the order in which data passes them; the parts of a block follow it.
#[derive(Clone, Debug)]
pub struct Layers<'m> {
    records: Records<'m>,
    /// The tensors of the layers to come, with their padding.
    pub(super) tensors: &'m [u8],
    pub(super) padding_is_zero: bool,
    /// What the bytes before the next layer stand for, where there are bytes.
    quantization: Option<Quantization>,
}

impl<'m> Layers<'m> {
    pub(super) const fn new(records: Records<'m>, tensors: &'m [u8]) -> Self {
        Self { records, tensors, padding_is_zero: true, quantization: None }
    }

    /// The tensors of a layer, which must be the next one; empty where it has none.
    pub(super) fn tensors_of(&mut self, record: &Record<'_>) -> [&'m [u8]; MOST_TENSORS] {
        let tensor = |tensor: Option<TensorShape>| tensor.and_then(|shape| self.tensor(shape));
        record.tensors().map(tensor).map(Option::unwrap_or_default)
    }

    /// The next tensor, without its padding.
    fn tensor(&mut self, shape: TensorShape) -> Option<&'m [u8]> {
        let (tensor, rest) = self.tensors.split_at_checked(shape.padded_size()?)?;
        self.tensors = rest;
        let (values, padding) = tensor.split_at_checked(shape.size()?)?;
        self.padding_is_zero &= padding.iter().all(|padding| *padding == 0);
        Some(values)
    }
}

impl<'m> Iterator for Layers<'m> {
    type Item = LayerView<'m>;

    fn next(&mut self) -> Option<LayerView<'m>> {
        let (_, record) = self.records.next()?.ok()?;
        let tensors = self.tensors_of(&record);
        let input = self.quantization;
        self.quantization = Flow::of(&record).output();
        match input {
            Some(input) => of_bytes(record, tensors, input),
            None => of_numbers(record, tensors),
        }
    }
}

/// A layer that takes numbers.
fn of_numbers<'m>(record: Record<'m>, [first, second, ..]: [&'m [u8]; MOST_TENSORS]) -> Option<LayerView<'m>> {
    let [first, second] = [first, second].map(floats);
    Some(match record {
        Record::Dense { inputs, outputs, activation } | Record::DenseWithoutBias { inputs, outputs, activation } => {
            LayerView::Dense(DenseView { inputs, outputs, activation, kernel: first, bias: second })
        }
        Record::Dropout { units, rate } => LayerView::Dropout { units, rate },
        Record::Prelu { .. } => LayerView::Prelu(first),
        Record::Scale { .. } => LayerView::Scale { offset: first, scale: second },
        Record::BatchNorm { .. } => LayerView::BatchNorm { parameters: first, statistics: second },
        Record::LayerNorm { .. } => LayerView::LayerNorm(first),
        Record::Skip { units } => LayerView::Skip(units),
        Record::Residual { branch, shortcut } => LayerView::Residual { branch, shortcut },
        Record::Concatenate { first, second } => LayerView::Concatenate { first, second },
        Record::Activate { units, activation } => LayerView::Activate { units, activation },
        Record::AlphaDropout { units, rate } => LayerView::AlphaDropout { units, rate },
        Record::GaussianNoise { units, stddev } => LayerView::GaussianNoise { units, stddev },
        Record::Quantize { units, output } => LayerView::Quantize { units, output },
        _ => return None, // layers come first, so nothing is left
    })
}
