//! The affine map of a dense layer, z[o] = b[o] + Σₖ x[k] · w[k][o].

use super::add_scaled;

/// Pre-activation of a dense layer, `z = b + x · W`; inputs that are zero cost nothing.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `b`: `[OUT]`, `z`: `[OUT]`
///
/// ```
/// let mut z = [0.0; 2];
/// nn_core::kernel::affine(&[1.0, 2.0], &[1.0, 2.0, 3.0, 4.0], &[0.5, 0.5], &mut z);
/// assert_eq!(z, [7.5, 10.5]);
/// ```
#[inline]
pub fn affine(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) {
    for (z, &b) in z.iter_mut().zip(b) {
        *z = 0.0 + b;
    }
    for (&x, row) in x.iter().zip(w.chunks_exact(z.len().max(1))) {
        if x != 0.0 {
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
        affine(&[1.0, 1.0, 1.0], &[1e8, 1.0, -1e8], &[0.0], &mut z);
        assert_eq!(z, [0.0]);
        affine(&[1.0, 1.0, 1.0], &[1e8, -1e8, 1.0], &[0.0], &mut z);
        assert_eq!(z, [1.0]);
    }

    #[test]
    fn a_negative_zero_bias_starts_as_positive_zero() {
        let mut z = [1.0];
        affine(&[0.0], &[5.0], &[-0.0], &mut z);
        assert_eq!(z[0].to_bits(), 0);
    }

    #[test]
    fn nan_inputs_reach_every_output() {
        let mut z = [0.0; 2];
        affine(&[f32::NAN], &[1.0, 0.0], &[0.0, 0.0], &mut z);
        assert!(z.iter().all(|z| z.is_nan()));
    }

    #[test]
    fn nothing_in_gives_the_bias_and_nothing_out_gives_nothing() {
        let mut z = [9.0; 2];
        affine(&[], &[], &[1.0, 2.0], &mut z);
        assert_eq!(z, [1.0, 2.0]);
        affine(&[1.0], &[], &[], &mut []);
    }
}
