//! The weights of a dense layer in bytes, symmetric in −127 … 127, and its bias in steps of both scales' product.

use nalgebra::DMatrix;
use nn_core::int8::Quantization;

use super::Granularity;

/// The greatest weight.
const MOST: f32 = 127.0;

/// The greatest bias in steps, so that sums have as much room again.
const MOST_BIAS: f64 = 1_073_741_824.0;

/// A kernel in bytes.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// `[OUT][IN]`
    pub(super) kernel: Vec<i8>,
    /// `[1]` or `[OUT]`
    pub(super) scales: Vec<f32>,
    inputs: usize,
}

impl Weights {
    /// # Shapes
    /// - `w`: OUT×IN, `b`: `[OUT]`
    pub(super) fn of(w: &DMatrix<f32>, b: &[f32], input: Quantization, granularity: Granularity) -> Self {
        let of_layer = scale_of(w.iter()).unwrap_or(1.0 / MOST);
        let scales: Vec<f32> = match granularity {
            Granularity::Tensor => vec![b.iter().fold(of_layer, |scale, b| with_room(scale, *b, input))],
            Granularity::Channel => {
                let rows = w.row_iter().zip(b);
                rows.map(|(row, b)| with_room(scale_of(row.iter()).unwrap_or(of_layer), *b, input)).collect()
            }
        };
        let rows = w.row_iter().zip(scales.iter().cycle());
        let kernel = rows.flat_map(|(row, &scale)| row.iter().map(|w| byte(w / scale)).collect::<Vec<_>>()).collect();
        Self { kernel, scales, inputs: w.ncols() }
    }

    /// The scale of each output in turn.
    fn scale_each(&self) -> impl Iterator<Item = f32> {
        self.scales.iter().copied().cycle()
    }

    /// The bias in steps, without a zero point.
    pub(super) fn bias(&self, b: &[f32], input: Quantization) -> Vec<i32> {
        let steps = |(b, scale): (&f32, f32)| (f64::from(*b) / (f64::from(input.scale()) * f64::from(scale))).round();
        #[expect(clippy::cast_possible_truncation, reason = "scales leave room for the bias; the cast saturates")]
        b.iter().zip(self.scale_each()).map(steps).map(|steps| steps as i32).collect()
    }

    /// What the rounding of weights adds to the mean of each output, `Σₖ (ŵ[o][k] − w[o][k]) · E x[k]`.
    ///
    /// # Shapes
    /// - `w`: OUT×IN, `means`: `[IN]`
    pub(super) fn mean_errors(&self, w: &DMatrix<f32>, means: &[f64]) -> Vec<f64> {
        let rows = self.kernel.chunks_exact(self.inputs.max(1)).zip(w.row_iter()).zip(self.scale_each());
        rows.map(|((bytes, row), scale)| {
            let errors = bytes.iter().zip(row.iter()).map(|(q, w)| f64::from(*q) * f64::from(scale) - f64::from(*w));
            errors.zip(means).fold(0.0, |sum, (error, mean)| sum + error * mean)
        })
        .collect()
    }
}

/// The scale by which the largest of some weights is the last byte; `None` if all are 0, or too small to have one.
fn scale_of<'w>(weights: impl Iterator<Item = &'w f32>) -> Option<f32> {
    let largest = weights.fold(0.0_f32, |largest, w| largest.max(w.abs()));
    Some(largest / MOST).filter(|scale| scale.is_normal())
}

/// A scale that leaves room for a bias in 31 bits.
#[expect(clippy::cast_possible_truncation, reason = "a scale is an f32")]
fn with_room(scale: f32, b: f32, input: Quantization) -> f32 {
    scale.max((f64::from(b.abs()) / (f64::from(input.scale()) * MOST_BIAS)) as f32)
}

/// The nearest weight.
#[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range")]
fn byte(steps: f32) -> i8 {
    steps.round().clamp(-MOST, MOST) as i8
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::{Granularity, Quantization, Weights};

    fn weights(granularity: Granularity) -> Weights {
        let w = DMatrix::from_row_slice(2, 2, &[1.0, -0.4, 0.015, 0.02]);
        Weights::of(&w, &[0.5, -0.25], Quantization::TANH, granularity)
    }

    #[test]
    fn the_largest_weight_of_a_channel_is_the_last_byte() {
        assert_eq!(weights(Granularity::Channel).kernel, [127, -51, 95, 127]);
        assert_eq!(weights(Granularity::Tensor).kernel, [127, -51, 2, 3]);
    }

    #[test]
    fn a_bias_is_counted_in_steps_of_both_scales() {
        let bias = weights(Granularity::Channel).bias(&[0.5, -0.25], Quantization::TANH);
        assert_eq!(bias, [8128, -203_200]); // 0.5 · 128 · 127, −0.25 · 128 · 127 / 0.02
    }

    #[test]
    fn channels_of_zeros_have_a_scale_and_their_bias_room() {
        let w = DMatrix::from_row_slice(2, 1, &[0.0, 1e-30]);
        let weights = Weights::of(&w, &[1.0, 1.0], Quantization::TANH, Granularity::Channel);
        let bias = weights.bias(&[1.0, 1.0], Quantization::TANH);
        assert!(weights.scales.iter().all(|scale| scale.is_normal()));
        assert!(bias.iter().all(|b| *b > 1000 && *b <= 1 << 30), "{bias:?}");
    }

    #[test]
    fn the_mean_error_is_that_of_the_weights_times_the_mean_input() {
        let w = DMatrix::from_row_slice(2, 2, &[1.0, -0.4, 0.015, 0.02]);
        let errors = weights(Granularity::Tensor).mean_errors(&w, &[2.0, 4.0]);
        let expected = 4.0 * (0.4 - 51.0 / 127.0);
        assert!((errors[0] - expected).abs() < 1e-6, "{errors:?}");
    }
}
