//! The weights of a dense layer in 8 or 4 bits, symmetric around 0, and its bias in steps of both scales' product.
//!
//! In 8 bits the largest weight is the last number, 127. In 4 bits the scale is that with the least square error of the
//! layer's outputs, `Σₖ (ŵ[k] − w[k])² · E x[k]²`, over shares of the largest weight: with the plain largest, nearly all
//! weights of a usual layer would be one of three numbers.

use nalgebra::DMatrix;
use nn_core::int8::Quantization;

use super::survey::Point;
use super::{Granularity, QuantizeOptions, WeightWidth};

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
    pub(super) fn of(w: &DMatrix<f32>, b: &[f32], input: &Point, options: &QuantizeOptions) -> Self {
        let width = options.weights;
        let of_layer = Row::all(w, &input.squares).scale(width).unwrap_or(1.0 / f32::from(width.most()));
        let with_room = |scale, b| with_room(scale, b, input.quantization);
        let scales: Vec<f32> = match options.granularity {
            Granularity::Tensor => vec![b.iter().fold(of_layer, |scale, b| with_room(scale, *b))],
            Granularity::Channel => {
                let rows = (0..w.nrows()).map(|row| Row::one(w, row, &input.squares)).zip(b);
                rows.map(|(row, b)| with_room(row.scale(width).unwrap_or(of_layer), *b)).collect()
            }
        };
        let rows = w.row_iter().zip(scales.iter().cycle());
        let number = |w: &f32, scale| number(w / scale, width);
        let kernel = rows.flat_map(|(row, &scale)| row.iter().map(|w| number(w, scale)).collect::<Vec<_>>()).collect();
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

/// Weights that share a scale, each with the mean square of its input.
struct Row {
    weights: Vec<(f32, f64)>,
}

impl Row {
    /// All of a kernel, OUT×IN.
    fn all(w: &DMatrix<f32>, squares: &[f64]) -> Self {
        let rows = w.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>());
        Self { weights: rows.zip(squares.iter().copied().cycle()).collect() }
    }

    /// Those of one output.
    fn one(w: &DMatrix<f32>, row: usize, squares: &[f64]) -> Self {
        Self { weights: w.row(row).iter().copied().zip(squares.iter().copied()).collect() }
    }

    /// The scale for so many bits; `None` if all weights are 0, or too small to have one.
    fn scale(&self, width: WeightWidth) -> Option<f32> {
        let largest = self.weights.iter().fold(0.0_f32, |largest, (w, _)| largest.max(w.abs()));
        let widest = Some(largest / f32::from(width.most())).filter(|scale| scale.is_normal())?;
        match width {
            WeightWidth::Int8 => Some(widest),
            WeightWidth::Int4 => Some(self.best(widest)),
        }
    }

    /// The share of the widest scale with the least error; the widest, if inputs are 0, so that no weight counts.
    fn best(&self, widest: f32) -> f32 {
        let candidates = (20..=100_u8).rev().map(|percent| widest * f32::from(percent) / 100.0);
        let errors = candidates.filter(|scale| scale.is_normal()).map(|scale| (scale, self.square_error(scale)));
        let best = errors.reduce(|best, next| if next.1 < best.1 { next } else { best });
        best.map_or(widest, |(scale, _)| scale)
    }

    /// What rounding to 4 bits does to the outputs, `Σₖ (ŵ[k] − w[k])² · E x[k]²`.
    fn square_error(&self, scale: f32) -> f64 {
        let error = |w: f32| f64::from(f32::from(number(w / scale, WeightWidth::Int4)) * scale - w);
        let errors = self.weights.iter().map(|&(w, square)| (error(w), square));
        errors.fold(0.0, |sum, (error, square)| sum + error * error * square)
    }
}

/// A scale that leaves room for a bias in 31 bits.
#[expect(clippy::cast_possible_truncation, reason = "a scale is an f32")]
fn with_room(scale: f32, b: f32, input: Quantization) -> f32 {
    scale.max((f64::from(b.abs()) / (f64::from(input.scale()) * MOST_BIAS)) as f32)
}

/// The nearest number of so many bits.
#[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range")]
fn number(steps: f32, width: WeightWidth) -> i8 {
    steps.round().clamp(-f32::from(width.most()), f32::from(width.most())) as i8
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::{Granularity, Point, Quantization, QuantizeOptions, WeightWidth, Weights};

    fn input(squares: &[f64]) -> Point {
        Point { quantization: Quantization::TANH, means: Vec::new(), squares: squares.to_vec() }
    }

    fn options(granularity: Granularity) -> QuantizeOptions {
        QuantizeOptions { granularity, ..Default::default() }
    }

    fn weights(granularity: Granularity) -> Weights {
        let w = DMatrix::from_row_slice(2, 2, &[1.0, -0.4, 0.015, 0.02]);
        Weights::of(&w, &[0.5, -0.25], &input(&[1.0, 1.0]), &options(granularity))
    }

    /// One row in 4 bits, with inputs of these mean squares.
    fn in_four_bits(w: &[f32], squares: &[f64]) -> Weights {
        let options = QuantizeOptions { weights: WeightWidth::Int4, ..Default::default() };
        Weights::of(&DMatrix::from_row_slice(1, w.len(), w), &[0.0], &input(squares), &options)
    }

    #[test]
    fn in_four_bits_a_far_weight_is_cut_off_unless_its_input_is_strong() {
        let w: Vec<f32> = (0..400).map(|k| 0.01 * (k % 7) as f32).chain([0.12]).collect();
        let even = in_four_bits(&w, &[1.0; 401]);
        assert!(even.scales[0] < 0.7 * 0.12 / 7.0, "{:?}", even.scales);
        assert_eq!((even.kernel[6], even.kernel[400]), (6, 7));
        let strong: Vec<f64> = (0..=400).map(|k| if k == 400 { 10_000.0 } else { 1.0 }).collect();
        assert!(in_four_bits(&w, &strong).scales[0] > 0.95 * 0.12 / 7.0);
        assert_eq!(in_four_bits(&w, &[0.0; 401]).scales, [0.12 / 7.0]);
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
        let weights = Weights::of(&w, &[1.0, 1.0], &input(&[1.0]), &options(Granularity::Channel));
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
