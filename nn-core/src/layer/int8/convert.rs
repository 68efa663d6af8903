//! From floats to bytes at a network's start, and back at its end.

use crate::int8::Quantization;
use crate::layer::Layer;

/// Numbers as bytes: each the nearest.
///
/// ```
/// use nn_core::int8::Quantization;
/// use nn_core::layer::{Layer, int8::Quantize};
/// let quantize = Quantize::new(Quantization::new(0.5, 1)?);
/// assert_eq!(quantize.predict(&[-1.0, 0.2, 1000.0]), [-1, 1, 127]);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantize<const UNITS: usize>(Quantization);

impl<const UNITS: usize> Quantize<UNITS> {
    /// To bytes that stand for this.
    #[must_use]
    pub const fn new(output: Quantization) -> Self {
        Self(output)
    }

    /// What the bytes stand for.
    #[must_use]
    pub const fn quantization(&self) -> Quantization {
        self.0
    }
}

impl<const UNITS: usize> Layer for Quantize<UNITS> {
    type Input = [f32; UNITS];
    type Output = [i8; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = 0;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [i8; UNITS]) {
        a.iter_mut().zip(x).for_each(|(a, &x)| *a = self.0.quantize(x));
    }
}

/// Bytes as the numbers that they stand for.
///
/// ```
/// use nn_core::int8::Quantization;
/// use nn_core::layer::{Layer, int8::Dequantize};
/// let dequantize = Dequantize::new(Quantization::new(0.5, 1)?);
/// assert_eq!(dequantize.predict(&[-1, 1, 127]), [-1.0, 0.0, 63.0]);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dequantize<const UNITS: usize>(Quantization);

impl<const UNITS: usize> Dequantize<UNITS> {
    /// From bytes that stand for this.
    #[must_use]
    pub const fn new(input: Quantization) -> Self {
        Self(input)
    }

    /// What the bytes stand for.
    #[must_use]
    pub const fn quantization(&self) -> Quantization {
        self.0
    }
}

impl<const UNITS: usize> Layer for Dequantize<UNITS> {
    type Input = [i8; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = 0;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[i8; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        a.iter_mut().zip(x).for_each(|(a, &x)| *a = self.0.dequantize(x));
    }
}
