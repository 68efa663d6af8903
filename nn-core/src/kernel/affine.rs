//! The affine map of a dense layer, z[o] = b[o] + Σₖ x[k] · w[k][o].

use super::add_scaled;

/// Pre-activation of a dense layer, `z = b + x · W`; without a bias, `b` is empty.
///
/// With `SKIP_ZEROS`, inputs that are zero cost nothing; without, the work is the same for all inputs. The bits are too.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `b`: `[OUT]` or `[0]`, `z`: `[OUT]`
///
/// ```
/// let mut z = [0.0; 2];
/// nn_core::kernel::affine::<true>(&[1.0, 2.0], &[1.0, 2.0, 3.0, 4.0], &[0.5, 0.5], &mut z);
/// assert_eq!(z, [7.5, 10.5]);
/// ```
#[inline]
pub fn affine<const SKIP_ZEROS: bool>(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) {
    start(b, z);
    add_product::<SKIP_ZEROS>(x, w, z);
}

/// `z = 0.0 + b`, or zero where there is no bias.
#[inline]
pub(super) fn start(b: &[f32], z: &mut [f32]) {
    z.fill(0.0);
    for (z, &b) in z.iter_mut().zip(b) {
        *z += b;
    }
}

/// Adds a product to what is there, `z += x · W`, input after input.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `z`: `[OUT]`
#[inline]
pub fn add_product<const SKIP_ZEROS: bool>(x: &[f32], w: &[f32], z: &mut [f32]) {
    for (&x, row) in x.iter().zip(w.chunks_exact(z.len().max(1))) {
        if !SKIP_ZEROS || x != 0.0 {
            add_scaled(x, row, z);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::affine;

    #[test]
    fn sums_in_the_order_of_the_inputs() {
        // 1e8 absorbs 1.0, so the two orders of summation differ.
        let mut z = [0.0];
        affine::<true>(&[1.0, 1.0, 1.0], &[1e8, 1.0, -1e8], &[0.0], &mut z);
        assert_eq!(z, [0.0]);
        affine::<true>(&[1.0, 1.0, 1.0], &[1e8, -1e8, 1.0], &[0.0], &mut z);
        assert_eq!(z, [1.0]);
    }

    #[test]
    fn a_negative_zero_bias_starts_as_positive_zero() {
        let mut z = [1.0];
        affine::<true>(&[0.0], &[5.0], &[-0.0], &mut z);
        assert_eq!(z[0].to_bits(), 0);
    }

    #[test]
    fn zeros_that_are_not_skipped_change_no_bit() {
        let (x, w, b) = ([0.0, 2.0, -0.0], [1.0, -2.0, 0.5, 0.25, -3.0, 0.0], [-0.0, 1e-45]);
        let (mut skipped, mut multiplied) = ([9.0; 2], [9.0; 2]);
        affine::<true>(&x, &w, &b, &mut skipped);
        affine::<false>(&x, &w, &b, &mut multiplied);
        assert_eq!(skipped.map(f32::to_bits), multiplied.map(f32::to_bits));
    }

    #[test]
    fn without_a_bias_sums_start_at_zero() {
        let mut z = [9.0; 2];
        affine::<true>(&[2.0], &[1.0, 3.0], &[], &mut z);
        assert_eq!(z, [2.0, 6.0]);
    }

    #[test]
    fn nan_inputs_reach_every_output() {
        let mut z = [0.0; 2];
        affine::<true>(&[f32::NAN], &[1.0, 0.0], &[0.0, 0.0], &mut z);
        assert!(z.iter().all(|z| z.is_nan()));
    }

    #[test]
    fn nothing_in_gives_the_bias_and_nothing_out_gives_nothing() {
        let mut z = [9.0; 2];
        affine::<true>(&[], &[], &[1.0, 2.0], &mut z);
        assert_eq!(z, [1.0, 2.0]);
        affine::<true>(&[1.0], &[], &[], &mut []);
    }
}
