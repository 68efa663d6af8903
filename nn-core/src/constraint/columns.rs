//! Norms of a kernel's columns, the weights of one unit each, ‖w‖ = √(Σₖ w[k]²), and products of columns by what follows
//! from their norms.

use crate::math;

/// What is added to norms that divide, as in Keras.
const EPSILON: f32 = 1e-7;

/// Columns whose sums are made at a time: a row's weights are read in order.
const BLOCK: usize = 16;

/// Multiplies each column by `desired(‖w‖) / (ε + ‖w‖)`, which gives it the norm that is desired.
///
/// # Shapes
/// - `w`: `[IN][units]`
pub(super) fn rescale(units: usize, w: &mut [f32], desired: impl Fn(f32) -> f32) {
    for first in (0..units).step_by(BLOCK) {
        let mut factors = [0.0; BLOCK];
        for row in w.chunks_exact(units) {
            factors.iter_mut().zip(row.iter().skip(first)).for_each(|(sum, w)| *sum += w * w);
        }
        for factor in &mut factors {
            let norm = math::sqrt(*factor);
            *factor = desired(norm) / (EPSILON + norm);
        }
        for row in w.chunks_exact_mut(units) {
            row.iter_mut().skip(first).zip(&factors).for_each(|(w, factor)| *w *= factor);
        }
    }
}

/// The norm, cut off above; NaN stays NaN.
pub(super) fn at_most(norm: f32, most: f32) -> f32 {
    if norm > most { most } else { norm }
}

/// The norm, cut off below; NaN stays NaN.
pub(super) fn at_least(norm: f32, least: f32) -> f32 {
    if norm < least { least } else { norm }
}
