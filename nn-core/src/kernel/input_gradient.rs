//! The gradient by the input of a dense layer, dx[k] = Σₒ w[k][o] · dz[o] (in the chapter: BP2 without σ′).

/// Gradient of the loss by the input of a dense layer, `dx = W · dz`.
///
/// # Shapes
/// - `w`: `[IN][OUT]`, `dz`: `[OUT]`, `dx`: `[IN]`
///
/// ```
/// let mut dx = [0.0; 2];
/// nn_core::kernel::input_gradient(&[1.0, 2.0, 3.0, 4.0], &[1.0, 10.0], &mut dx);
/// assert_eq!(dx, [21.0, 43.0]);
/// ```
#[inline]
pub fn input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) {
    dx.fill(0.0);
    add_input_gradient(w, dz, dx);
}

/// Adds the gradient by the input to what is there, `dx += W · dz`, output after output.
///
/// # Shapes
/// - `w`: `[IN][OUT]`, `dz`: `[OUT]`, `dx`: `[IN]`
#[inline]
pub fn add_input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) {
    for (dx, row) in dx.iter_mut().zip(w.chunks_exact(dz.len().max(1))) {
        for (&w, &dz) in row.iter().zip(dz) {
            *dx += w * dz;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::input_gradient;

    #[test]
    fn sums_in_the_order_of_the_outputs() {
        let mut dx = [5.0];
        input_gradient(&[1.0, 1.0, 1.0], &[1e8, 1.0, -1e8], &mut dx);
        assert_eq!(dx, [0.0]);
    }
}
