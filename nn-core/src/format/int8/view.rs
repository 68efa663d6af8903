//! Layers of bytes of a checked file, each with its tensors in place.

use super::super::LayerView;
use super::super::record::{MOST_TENSORS, Record};
use super::super::tensor::{floats, words};
use super::{Int4DenseView, Int8Dense, Int8Kernel, KernelForm, multipliers};
use crate::activation::AnyActivation;
use crate::int8::table::Table;
use crate::int8::{self, Clamp, DenseOutput, Multiplier, Quantization, Rounding, packed};

/// A dense layer of bytes of a model file.
///
/// ```
/// # use nn_core::format::{Channels, Int8Dense, KernelForm, Record, Writer};
/// use nn_core::format::{Int8Kernel, LayerView, Model};
/// # use nn_core::int8::{Clamp, Multiplier, Quantization, Rounding};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # let (output, clamp, rounding) = (Quantization::new(0.5, 3)?, Clamp::NONE, Rounding::Tflm);
/// # writer.record(&Record::Quantize { units: 2, output: Quantization::TANH })?;
/// # let (channels, kernel) = (Channels::One, KernelForm::Plain);
/// # writer.record(&Record::Int8Dense(Int8Dense { inputs: 2, outputs: 1, channels, output, clamp, rounding, kernel }))?;
/// # writer.record(&Record::Dequantize { units: 1 })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.bytes(&[127, 1])?;
/// # tensors.bytes(&[0; 4])?;
/// # tensors.bytes(&[0; 8])?;
/// # tensors.tensor(&[0.01])?;
/// # let file = tensors.finish()?;
/// // … of a file that turns numbers to bytes, has a dense layer 2×1, and turns bytes to numbers
/// let Some(LayerView::Int8Dense(dense)) = Model::parse(file)?.layers().nth(1) else { panic!("a dense layer") };
/// assert_eq!((dense.kernel, dense.weight_scales), (Int8Kernel::Plain(&[127, 1]), [0.01].as_slice()));
/// assert_eq!((dense.input, dense.output().zero_point), (Quantization::TANH, 3));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Int8DenseView<'m> {
    /// IN
    pub inputs: u32,
    /// OUT
    pub outputs: u32,
    /// The weights, in the form of the file.
    pub kernel: Int8Kernel<'m>,
    /// `[OUT]`, with the input's zero point in it if the kernel is plain
    pub bias: &'m [i32],
    /// `[1]` or `[OUT]`
    pub multipliers: &'m [Multiplier],
    /// What a weight is multiplied by to be the number that it stands for, `[1]` or `[OUT]`; inference does without.
    pub weight_scales: &'m [f32],
    /// What the bytes of the input stand for.
    pub input: Quantization,
    /// What the bytes of the output stand for.
    pub quantization: Quantization,
    /// The activation, as far as it is a range.
    pub clamp: Clamp,
    /// Which interpreter's bytes.
    pub rounding: Rounding,
}

impl<'m> Int8DenseView<'m> {
    /// What happens to a sum on its way to a byte.
    #[must_use]
    pub const fn output(&self) -> DenseOutput<'m> {
        let (multipliers, zero_point) = (self.multipliers, self.quantization.zero_point());
        DenseOutput { multipliers, zero_point, clamp: self.clamp, rounding: self.rounding }
    }

    /// The layer's output.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `z`: `[OUT]`
    pub fn forward(&self, x: &[i8], z: &mut [i8]) {
        match self.kernel {
            Int8Kernel::Plain(w) => int8::dense(x, w, self.bias, &self.output(), z),
            Int8Kernel::Packed(w) => packed::dense(x, self.input.zero_point(), w, self.bias, &self.output(), z),
        }
    }
}

/// An activation of bytes by table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Int8TableView<'m> {
    /// Inputs, which are the outputs.
    pub units: u32,
    /// What the table was made of; its bytes are what counts.
    pub activation: AnyActivation,
    /// The byte for each byte.
    pub table: &'m Table,
    /// What the bytes of the input stand for.
    pub input: Quantization,
    /// What the bytes of the output stand for.
    pub output: Quantization,
}

/// A layer that takes bytes that stand for `input`.
pub(in super::super) fn of_bytes<'m>(
    record: Record<'m>,
    [kernel, bias, factors, scales]: [&'m [u8]; MOST_TENSORS],
    input: Quantization,
) -> Option<LayerView<'m>> {
    Some(match record {
        Record::Int8Dense(Int8Dense { inputs, outputs, output, clamp, rounding, kernel: form, .. }) => {
            LayerView::Int8Dense(Int8DenseView {
                inputs,
                outputs,
                kernel: match form {
                    KernelForm::Plain => Int8Kernel::Plain(bytemuck::cast_slice(kernel)),
                    KernelForm::Packed => Int8Kernel::Packed(words(kernel)),
                },
                bias: bytemuck::try_cast_slice(bias).unwrap_or_default(),
                multipliers: multipliers(factors),
                weight_scales: floats(scales),
                input,
                quantization: output,
                clamp,
                rounding,
            })
        }
        Record::Int4Dense(Int8Dense { inputs, outputs, output, clamp, rounding, .. }) => {
            LayerView::Int4Dense(Int4DenseView {
                inputs,
                outputs,
                kernel,
                bias: bytemuck::try_cast_slice(bias).unwrap_or_default(),
                multipliers: multipliers(factors),
                weight_scales: floats(scales),
                input,
                quantization: output,
                clamp,
                rounding,
            })
        }
        Record::Int8Table { units, activation, output } => {
            let table = bytemuck::try_cast_slice(kernel).unwrap_or_default().try_into().ok()?;
            LayerView::Int8Table(Int8TableView { units, activation, table, input, output })
        }
        Record::Int8Softmax { units, beta, multiplier } => LayerView::Int8Softmax { units, beta, multiplier, input },
        Record::Requantize { units, multiplier, output } => LayerView::Requantize { units, multiplier, input, output },
        Record::Dequantize { units } => LayerView::Dequantize { units, input },
        _ => return None, // no layer of numbers follows bytes
    })
}
