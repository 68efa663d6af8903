//! Fake quantization: numbers rounded to those that bytes stand for, x̂ = s · clamp(round(x / s)), and the gradients with
//! which a network learns to live with it.
//!
//! The gradient by x passes where x is not clipped and is 0 elsewhere, as if nothing was rounded: the straight-through
//! estimate (Bengio et al., 2013), as in TensorFlow's `fake_quant_with_min_max_vars` and PyTorch's
//! `fake_quantize_per_tensor_affine`. The scale learns as in "Learned step size quantization" (Esser et al., 2020),
//! ∂x̂/∂s = round(x / s) − x / s, and the last step where x is clipped; by its logarithm, as in "Trained quantization
//! thresholds" (Jain et al., 2020), so that a step changes it by a share of itself.
//!
//! Steps are rounded half away from zero, as [`Quantization::quantize`] does, so what a network of floats computes with
//! are the numbers of the network of bytes, to the bit.

use super::Quantization;

/// Added to a number below 2²² and taken away again, it leaves a whole number: 1.5 · 2²³.
const WHOLE: f32 = 12_582_912.0;

/// Bits of an f32 that a scale of weights does without: 16 significant ones stay, so that 127 times the scale is exact.
const SPARE_BITS: u32 = 0xFF;

/// Numbers of even distance with ends, to which others are rounded.
///
/// ```
/// use nn_core::int8::{FakeQuantization, Quantization};
/// let fake = FakeQuantization::of(Quantization::new(0.5, 0)?);
/// let x = [0.7, 0.75, -63.0, 70.0];
/// assert_eq!(x.map(|x| fake.round(x)), [0.5, 1.0, -63.0, 63.5]);
/// let mut d = [1.0; 4];
/// fake.backward(&x, &mut d);
/// assert_eq!(d, [1.0, 1.0, 1.0, 0.0]); // 70 is clipped
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FakeQuantization {
    scale: f32,
    /// The first and the last, in steps from 0.
    least: f32,
    most: f32,
}

impl FakeQuantization {
    /// The numbers that bytes stand for.
    #[must_use]
    pub fn of(quantization: Quantization) -> Self {
        let steps = |q: i8| f32::from(i16::from(q) - i16::from(quantization.zero_point()));
        Self { scale: quantization.scale(), least: steps(i8::MIN), most: steps(i8::MAX) }
    }

    /// The nearest of the numbers, of two the one farther from 0; not a number if `x` is none.
    #[inline]
    #[must_use]
    pub fn round(self, x: f32) -> f32 {
        self.number(self.steps(x))
    }

    /// Rounds each value.
    ///
    /// # Shapes
    /// - `x`: any number of values
    pub fn forward(self, x: &mut [f32]) {
        x.iter_mut().for_each(|x| *x = self.round(*x));
    }

    /// From the gradient by the rounded values to that by the values: 0 where one is clipped.
    ///
    /// # Shapes
    /// - `x`, `d`: as many values
    pub fn backward(self, x: &[f32], d: &mut [f32]) {
        for (d, &x) in d.iter_mut().zip(x) {
            *d = if self.is_clipped(self.steps(x)) { 0.0 } else { *d };
        }
    }

    /// The gradient by the logarithm of the scale, Σ d · s · ∂x̂/∂s: of a value within the ends x̂ − x is added, of one
    /// that is clipped x̂.
    ///
    /// # Shapes
    /// - `x`, `d`: as many values
    #[must_use]
    pub fn log_scale_gradient(self, x: &[f32], d: &[f32]) -> f32 {
        x.iter().zip(d).fold(0.0, |sum, (&x, &d)| {
            let steps = self.steps(x);
            let rounded = self.number(steps);
            sum + d * if self.is_clipped(steps) { rounded } else { rounded - x }
        })
    }

    /// The whole number of steps from 0, ends not regarded; beyond them at least one too many.
    #[inline]
    fn steps(self, x: f32) -> f32 {
        nearest(clamp(x / self.scale, self.least - 1.0, self.most + 1.0))
    }

    #[inline]
    fn is_clipped(self, steps: f32) -> bool {
        steps < self.least || steps > self.most
    }

    /// The number so many steps from 0, or the nearest end; never −0.
    #[inline]
    fn number(self, steps: f32) -> f32 {
        clamp(steps, self.least, self.most) * self.scale + 0.0
    }
}

/// Rounds a kernel to −`most` … `most` steps of each output's scale, by which its largest weight is the last step.
///
/// What is rounded stays as it is if it is rounded again: scales have 16 significant bits, so each product of a scale and
/// a byte is exact.
///
/// # Shapes
/// - `w`, `rounded`: `[IN][OUT]`, `scales`: `[OUT]`
///
/// ```
/// use nn_core::int8::round_weights;
/// let (mut scales, mut rounded) = ([0.0; 2], [0.0; 4]);
/// round_weights(&[0.7, -0.25, 0.26, 3.5], 7, &mut scales, &mut rounded); // 4 bits
/// assert_eq!(rounded.map(|w| (w * 10.0) as i32), [7, -5, 3, 35]);
/// ```
pub fn round_weights(w: &[f32], most: u8, scales: &mut [f32], rounded: &mut [f32]) {
    let outputs = scales.len().max(1);
    scales.fill(0.0);
    for row in w.chunks_exact(outputs) {
        for (largest, w) in scales.iter_mut().zip(row) {
            *largest = if w.abs() > *largest { w.abs() } else { *largest };
        }
    }
    let most = f32::from(most);
    scales.iter_mut().for_each(|scale| *scale = scale_of_weights(*scale, most));
    for (row, rounded) in w.chunks_exact(outputs).zip(rounded.chunks_exact_mut(outputs)) {
        for ((rounded, &w), &scale) in rounded.iter_mut().zip(row).zip(&*scales) {
            *rounded = FakeQuantization { scale, least: -most, most }.round(w);
        }
    }
}

/// The scale by which the largest weight is the last step; 1 where all weights are too small to have one.
fn scale_of_weights(largest: f32, most: f32) -> f32 {
    let bits = (largest / most).to_bits();
    let scale = f32::from_bits(bits.saturating_add(SPARE_BITS / 2 + 1) & !SPARE_BITS);
    // Nor can a product of the smallest scales be exact.
    if scale > f32::MIN_POSITIVE { scale } else { 1.0 }
}

/// `x` brought between two ends; not a number if it is none.
#[inline]
fn clamp(x: f32, least: f32, most: f32) -> f32 {
    let x = if x < least { least } else { x };
    if x > most { most } else { x }
}

/// The nearest whole number, half away from zero, for |v| < 2²²: [`math::round`](crate::math::round) without a branch,
/// so that many are rounded at a time.
#[inline]
fn nearest(v: f32) -> f32 {
    let even = (v + WHOLE) - WHOLE;
    let away = 1.0_f32.copysign(v);
    // A half that has been rounded towards zero.
    if (v - even) * away >= 0.5 { even + away } else { even }
}

#[cfg(test)]
mod tests {
    use super::{FakeQuantization, Quantization, nearest, round_weights};
    use crate::math;
    use crate::random::{Purpose, Stream};

    #[test]
    fn whole_numbers_are_those_of_the_standard_rounding() {
        for quarter in -4000..=4000_i16 {
            let v = f32::from(quarter) / 4.0;
            for v in [v, v.next_up(), v.next_down()] {
                assert_eq!(nearest(v), math::round(v), "{v}");
            }
        }
        assert_eq!(nearest(0.499_999_97), 0.0);
    }

    #[test]
    fn numbers_are_those_of_bytes_to_the_bit() {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        for zero_point in [-128, -3, 0, 127] {
            let quantization = Quantization::new(0.013 + stream.uniform(), zero_point).unwrap();
            let fake = FakeQuantization::of(quantization);
            for _ in 0..20_000 {
                let x = (stream.uniform() - 0.5) * 700.0 * quantization.scale();
                let expected = quantization.dequantize(quantization.quantize(x));
                assert_eq!(fake.round(x).to_bits(), expected.to_bits(), "{x} {quantization:?}");
            }
            for q in i8::MIN..=i8::MAX {
                let x = quantization.dequantize(q);
                assert_eq!(fake.round(x).to_bits(), x.to_bits());
            }
        }
        let fake = FakeQuantization::of(Quantization::TANH);
        assert_eq!([f32::INFINITY, f32::NEG_INFINITY].map(|x| fake.round(x)), [127.0 / 128.0, -1.0]);
        assert!(fake.round(f32::NAN).is_nan());
        assert_eq!(fake.round(-0.001).to_bits(), 0.0_f32.to_bits());
    }

    #[test]
    fn the_scale_has_the_gradient_of_the_straight_through_estimate() {
        // With 0.5 a step, 1.7 is 3.4 steps: 3 of them, −0.4 steps by the scale; 100 is clipped to 127 steps.
        let fake = FakeQuantization::of(Quantization::new(0.5, 0).unwrap());
        assert!((fake.log_scale_gradient(&[1.7], &[2.0]) - 2.0 * 0.5 * -0.4).abs() < 1e-6);
        assert_eq!(fake.log_scale_gradient(&[100.0, -100.0], &[1.0, 0.5]), 63.5 - 32.0);
        assert_eq!(fake.log_scale_gradient(&[], &[]), 0.0);
    }

    #[test]
    fn values_are_clipped_from_half_a_step_beyond_the_ends() {
        let fake = FakeQuantization::of(Quantization::new(1.0, 0).unwrap());
        let mut d = [1.0; 6];
        fake.backward(&[127.4, 127.5, -128.4, -128.5, 0.0, f32::INFINITY], &mut d);
        assert_eq!(d, [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn rounded_weights_stay_where_they_are() {
        let mut stream = Stream::new(2, Purpose::Shuffle, 0, 0);
        for most in [7_u8, 127] {
            for _ in 0..200 {
                let w: [f32; 12] = core::array::from_fn(|_| stream.uniform() - 0.5);
                let (mut scales, mut again, mut rounded, mut twice) = ([0.0; 3], [0.0; 3], [0.0; 12], [0.0; 12]);
                round_weights(&w, most, &mut scales, &mut rounded);
                round_weights(&rounded, most, &mut again, &mut twice);
                assert_eq!((scales, rounded), (again, twice));
                for (channel, scale) in scales.iter().enumerate() {
                    let steps = (0..4).map(|row| rounded[row * 3 + channel] / scale);
                    assert_eq!(steps.clone().fold(0.0, |most: f32, steps| most.max(steps.abs())), f32::from(most));
                    assert!(steps.into_iter().all(|steps| steps.fract() == 0.0));
                }
                assert!(
                    w.iter()
                        .zip(&rounded)
                        .all(|(w, r)| (w - r).abs() <= 0.51 * scales[0].max(scales[1].max(scales[2])))
                );
            }
        }
    }

    #[test]
    fn channels_without_weights_stay_zero_and_what_is_no_number_does() {
        let (mut scales, mut rounded) = ([0.0; 2], [1.0; 4]);
        round_weights(&[0.0, f32::NAN, 1e-41, 2.0], 127, &mut scales, &mut rounded);
        assert_eq!((rounded[0], rounded[2]), (0.0, 0.0));
        assert!(rounded[1].is_nan() && (rounded[3] - 2.0).abs() < 1e-4);
    }
}
