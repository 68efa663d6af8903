//! A dense layer in integers, z[o] = clamp(zero point + m[o] · (b[o] + Σₖ x[k] · w[o][k])).
//!
//! Kernels are `[OUT][IN]`, a row an output, unlike those of floats in this crate: TensorFlow Lite stores them so, a
//! sum stays in a register until its one rounding, and the neighbors that chips multiply in pairs (SMLAD) are neighbors
//! in memory. Weights are symmetric, they have no zero point; that of the input is folded into the bias.

use super::{Clamp, Multiplier, Rounding};

/// What happens to a sum on its way to a byte.
#[derive(Clone, Copy, Debug)]
pub struct DenseOutput<'a> {
    /// From the sum's scale to the output's: one for all outputs, or one for each.
    pub multipliers: &'a [Multiplier],
    /// The byte that stands for 0.
    pub zero_point: i8,
    /// The activation, as far as it is a range.
    pub clamp: Clamp,
    /// Which interpreter's bytes.
    pub rounding: Rounding,
}

impl DenseOutput<'_> {
    /// Whether each sum is below 2³⁰, is rounded twice and shifted to the right, as in nearly all layers: then assembly does
    /// it. `b` are the biases.
    pub(crate) const fn is_usual(&self, inputs: usize, b: &[i32]) -> bool {
        let mut rest = self.multipliers;
        while let [multiplier, others @ ..] = rest {
            if multiplier.exponent() >= 0 {
                return false;
            }
            rest = others;
        }
        matches!(self.rounding, Rounding::Tflm) && have_room(b, inputs)
    }

    /// The byte of a sum.
    #[inline]
    pub(crate) fn byte(&self, multiplier: Multiplier, sum: i32) -> i8 {
        let scaled = multiplier.apply(self.rounding, sum);
        self.clamp.apply(scaled.saturating_add(i32::from(self.zero_point)))
    }
}

/// The output of a dense layer, activation included; TensorFlow Lite's `FullyConnected`, per tensor and per channel.
///
/// The bias has the input's zero point in it: see [`fold_zero_point`]. Sums cannot overflow below 65,536 inputs as long
/// as biases stay below 2³⁰, for a product is at most 2¹⁴; beyond, they wrap, as the reference's. Slices of unequal
/// length are cut to the shortest.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[OUT][IN]`, `b`: `[OUT]`, `z`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, dense};
/// let multipliers = [Multiplier::new(0.5)?, Multiplier::new(0.1)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let mut z = [0; 2];
/// dense(&[1, 2, 3], &[1, 2, 3, 40, 50, 60], &[6, -20], &output, &mut z);
/// assert_eq!(z, [11, 31]);
/// # Ok::<(), nn_core::int8::MultiplierError>(())
/// ```
#[inline]
pub fn dense(x: &[i8], w: &[i8], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
    let rows = w.chunks_exact(x.len().max(1));
    let multipliers = output.multipliers.iter().cycle();
    for (((z, row), &b), &multiplier) in z.iter_mut().zip(rows).zip(b).zip(multipliers) {
        *z = output.byte(multiplier, add_product(b, x, row));
    }
}

/// Whether sums with these biases stay below 2³⁰, whatever the inputs and weights are; inputs less a zero point are below 2⁸.
const fn have_room(b: &[i32], inputs: usize) -> bool {
    const ROOM: u64 = 1 << 30;
    let products = (inputs as u64).saturating_mul(255 * 128);
    let mut rest = b;
    while let [b, others @ ..] = rest {
        if products.saturating_add(b.unsigned_abs() as u64) >= ROOM {
            return false;
        }
        rest = others;
    }
    true
}

/// b + Σₖ x[k] · w[k].
#[inline]
pub(crate) fn add_product(b: i32, x: &[i8], w: &[i8]) -> i32 {
    x.iter().zip(w).fold(b, |sum, (&x, &w)| sum.wrapping_add(i32::from(x) * i32::from(w)))
}

/// Takes the input's zero point into the bias, `b[o] − zero point · Σₖ w[o][k]`; a layer without a bias has zeros before.
///
/// `Σₖ (x[k] − zero point) · w[o][k]` is then `Σₖ x[k] · w[o][k]`, to the last bit even where it wraps.
///
/// # Shapes
/// - `w`: `[OUT][IN]`, `b`: `[OUT]`
///
/// ```
/// let mut b = [100, 0];
/// nn_core::int8::fold_zero_point(-128, &[1, 2, 3, -4], &mut b);
/// assert_eq!(b, [484, -128]);
/// ```
pub fn fold_zero_point(zero_point: i8, w: &[i8], b: &mut [i32]) {
    add_weights(-i32::from(zero_point), w, b);
}

/// Takes the input's zero point out of the bias, as exactly as [`fold_zero_point`] takes it in.
///
/// # Shapes
/// - `w`: `[OUT][IN]`, `b`: `[OUT]`
///
/// ```
/// let mut b = [484, -128];
/// nn_core::int8::unfold_zero_point(-128, &[1, 2, 3, -4], &mut b);
/// assert_eq!(b, [100, 0]);
/// ```
pub fn unfold_zero_point(zero_point: i8, w: &[i8], b: &mut [i32]) {
    add_weights(zero_point.into(), w, b);
}

/// b[o] + factor · Σₖ w[o][k].
fn add_weights(factor: i32, w: &[i8], b: &mut [i32]) {
    let inputs = w.len().checked_div(b.len()).unwrap_or_default();
    for (b, row) in b.iter_mut().zip(w.chunks_exact(inputs.max(1))) {
        let sum = row.iter().fold(0_i32, |sum, &w| sum.wrapping_add(i32::from(w)));
        *b = b.wrapping_add(sum.wrapping_mul(factor));
    }
}

#[cfg(test)]
mod tests {
    use super::{Clamp, DenseOutput, Multiplier, Rounding, dense, fold_zero_point};

    fn output(multipliers: &[Multiplier], rounding: Rounding) -> DenseOutput<'_> {
        DenseOutput { multipliers, zero_point: -3, clamp: Clamp::NONE, rounding }
    }

    #[test]
    fn a_folded_zero_point_is_one_that_is_subtracted() {
        let (w, x, zero_point) = ([5, -128, 127, 0, 33, -1], [-128, 7, 127], -100);
        let one = [Multiplier::new(0.001).unwrap()];
        let mut folded = [1000, -2000];
        let expected = [0, 1].map(|o| {
            let row = &w[3 * o..3 * o + 3];
            let sum: i32 = x.iter().zip(row).map(|(&x, &w)| (i32::from(x) + 100) * i32::from(w)).sum();
            one[0].apply(Rounding::Tflm, sum + folded[o]) - 3
        });
        fold_zero_point(zero_point, &w, &mut folded);
        let mut z = [0; 2];
        dense(&x, &w, &folded, &output(&one, Rounding::Tflm), &mut z);
        assert_eq!(z.map(i32::from), expected);
    }

    #[test]
    fn sums_wrap_and_results_saturate() {
        let one = [Multiplier::new(1.0).unwrap()];
        let mut z = [0; 3];
        dense(&[127], &[127, -127, 1], &[i32::MAX, i32::MIN, 0], &output(&one, Rounding::Litert), &mut z);
        assert_eq!(z, [-128, 127, 124]);
        let large = [Multiplier::new(2e9).unwrap()];
        for rounding in [Rounding::Tflm, Rounding::Litert] {
            dense(&[127], &[127, -127, 0], &[0, 0, 0], &output(&large, rounding), &mut z);
            assert_eq!(z, [127, -128, -3], "{rounding:?}");
        }
    }

    #[test]
    fn the_roundings_differ() {
        let one = [Multiplier::new(0.375).unwrap()];
        let [twice, once] = [Rounding::Tflm, Rounding::Litert].map(|rounding| {
            let mut z = [0];
            dense(&[1], &[1], &[0], &output(&one, rounding), &mut z);
            z
        });
        assert_eq!((twice, once), ([-2], [-3]));
    }

    #[test]
    fn nothing_fails_on_slices_that_do_not_go_together() {
        let one = [Multiplier::new(1.0).unwrap()];
        let mut z = [9; 3];
        dense(&[], &[], &[], &output(&one, Rounding::Tflm), &mut z);
        dense(&[1], &[1, 1, 1], &[0, 0, 0], &output(&[], Rounding::Tflm), &mut z);
        assert_eq!(z, [9; 3]);
        dense(&[1, 1], &[1, 1, 1], &[0, 0, 0], &output(&one, Rounding::Tflm), &mut z);
        assert_eq!(z, [-1, 9, 9]);
        fold_zero_point(1, &[1], &mut []);
        fold_zero_point(1, &[], &mut [1]);
    }
}
