//! A dense layer of bytes with weights of 4 bits, of a checked file, with its tensors in place.

use crate::int8::{Clamp, DenseOutput, Multiplier, Quantization, Rounding};

/// A dense layer of bytes with weights of 4 bits.
///
/// ```
/// # use nn_core::format::{Channels, Int8Dense, KernelForm, Record, Writer};
/// use nn_core::format::{LayerView, Model};
/// use nn_core::int8::int4;
/// # use nn_core::int8::{Clamp, Multiplier, Quantization, Rounding};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # let (output, clamp, rounding) = (Quantization::new(0.5, 3)?, Clamp::NONE, Rounding::Tflm);
/// # writer.record(&Record::Quantize { units: 3, output: Quantization::TANH })?;
/// # let channels = Channels::One;
/// # let kernel = KernelForm::Plain;
/// # writer.record(&Record::Int4Dense(Int8Dense { inputs: 3, outputs: 1, channels, kernel, output, clamp, rounding }))?;
/// # writer.record(&Record::Dequantize { units: 1 })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.bytes(&[0xf1, 0x07])?;
/// # tensors.bytes(&[0; 4])?;
/// # tensors.bytes(&[0; 8])?;
/// # tensors.tensor(&[0.01])?;
/// # let file = tensors.finish()?;
/// // … of a file that turns numbers to bytes, has such a layer 3×1, and turns bytes to numbers
/// let Some(LayerView::Int4Dense(dense)) = Model::parse(file)?.layers().nth(1) else { panic!("a dense layer") };
/// assert!(int4::unpack(dense.kernel).take(3).eq([1, -1, 7]));
/// assert_eq!((dense.input, dense.output().zero_point), (Quantization::TANH, 3));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Int4DenseView<'m> {
    /// IN
    pub inputs: u32,
    /// OUT
    pub outputs: u32,
    /// `[OUT][IN]`, two in a byte, [packed](crate::int8::int4::pack)
    pub kernel: &'m [u8],
    /// `[OUT]`, with the input's zero point in it
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

impl<'m> Int4DenseView<'m> {
    /// What happens to a sum on its way to a byte.
    #[must_use]
    pub const fn output(&self) -> DenseOutput<'m> {
        let (multipliers, zero_point) = (self.multipliers, self.quantization.zero_point());
        DenseOutput { multipliers, zero_point, clamp: self.clamp, rounding: self.rounding }
    }
}
