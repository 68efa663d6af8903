//! The kernels for a number of outputs that the compiler knows, with the bits of those for any.
//!
//! On chips with Arm's single-precision FPU they are assembly, of which a program gets what its sizes need. With
//! `SKIP_ZEROS` inputs that are zero cost next to nothing; without it the number of instructions is the same for all
//! inputs. The bits are the same too, as long as weights and errors are finite and no weight begins as -0.0. (None
//! becomes -0.0: a rounded sum is -0.0 only if both its terms are.)

#[cfg(not(nn_fpu))]
mod machine;
#[cfg(nn_fpu)]
use crate::fpu as machine;

/// Pre-activation of a dense layer, `z = b + x · W`; without a bias, `b` is empty.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `b`: `[1][OUT]` or `[0][OUT]`, `z`: `[OUT]`
///
/// ```
/// let mut z = [0.0; 2];
/// nn_core::kernel::fixed::affine::<true, 2>(&[1.0, 2.0], &[[1.0, 2.0], [3.0, 4.0]], &[[0.5, 0.5]], &mut z);
/// assert_eq!(z, [7.5, 10.5]);
/// ```
#[inline]
pub fn affine<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    w: &[[f32; OUT]],
    b: &[[f32; OUT]],
    z: &mut [f32; OUT],
) {
    match b.first() {
        Some(b) => machine::start(b, z),
        None => z.fill(0.0),
    }
    machine::add_product::<SKIP_ZEROS, OUT>(x, w, z);
}

/// Adds a product to what is there, `z += x · W`, input after input.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `z`: `[OUT]`
///
/// ```
/// let mut z = [1.0; 2];
/// nn_core::kernel::fixed::add_product::<true, 2>(&[1.0, 2.0], &[[1.0, 2.0], [3.0, 4.0]], &mut z);
/// assert_eq!(z, [8.0, 11.0]);
/// ```
#[inline]
pub fn add_product<const SKIP_ZEROS: bool, const OUT: usize>(x: &[f32], w: &[[f32; OUT]], z: &mut [f32; OUT]) {
    machine::add_product::<SKIP_ZEROS, OUT>(x, w, z);
}

/// Gradient of the loss by the input of a dense layer, `dx = W · dz`.
///
/// # Shapes
/// - `w`: `[IN][OUT]`, `dz`: `[OUT]`, `dx`: `[IN]`
///
/// ```
/// let mut dx = [9.0; 2];
/// nn_core::kernel::fixed::input_gradient(&[[1.0, 2.0], [3.0, 4.0]], &[1.0, 10.0], &mut dx);
/// assert_eq!(dx, [21.0, 43.0]);
/// ```
#[inline]
pub fn input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
    dx.fill(0.0);
    machine::add_input_gradient(w, dz, dx);
}

/// Adds the gradient by the input to what is there, `dx += W · dz`, output after output.
///
/// # Shapes
/// - `w`: `[IN][OUT]`, `dz`: `[OUT]`, `dx`: `[IN]`
///
/// ```
/// let mut dx = [1.0; 2];
/// nn_core::kernel::fixed::add_input_gradient(&[[1.0, 2.0], [3.0, 4.0]], &[1.0, 10.0], &mut dx);
/// assert_eq!(dx, [22.0, 44.0]);
/// ```
#[inline]
pub fn add_input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
    machine::add_input_gradient(w, dz, dx);
}

/// Adds one sample's gradient by the kernel, `dw += x ⊗ dz`.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `dw`: `[IN][OUT]`
///
/// ```
/// let mut dw = [[0.0; 2]; 2];
/// nn_core::kernel::fixed::accumulate_outer_product::<true, 2>(&[1.0, 2.0], &[3.0, 4.0], &mut dw);
/// assert_eq!(dw, [[3.0, 4.0], [6.0, 8.0]]);
/// ```
#[inline]
pub fn accumulate_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    dw: &mut [[f32; OUT]],
) {
    machine::accumulate_outer_product::<SKIP_ZEROS, OUT>(x, dz, dw);
}

/// Moves weights along one sample's gradient, `w -= x ⊗ dz`.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `w`: `[IN][OUT]`
///
/// ```
/// let mut w = [[10.0; 2]; 2];
/// nn_core::kernel::fixed::subtract_outer_product::<true, 2>(&[1.0, 2.0], &[3.0, 4.0], &mut w);
/// assert_eq!(w, [[7.0, 6.0], [4.0, 2.0]]);
/// ```
#[inline]
pub fn subtract_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    w: &mut [[f32; OUT]],
) {
    machine::subtract_outer_product::<SKIP_ZEROS, OUT>(x, dz, w);
}
