//! The loops in plain Rust, under the names that the assembly has.

use crate::kernel::{self, affine, weight_gradient};

/// `z = 0.0 + b`.
#[inline]
pub(super) fn start<const OUT: usize>(b: &[f32; OUT], z: &mut [f32; OUT]) {
    affine::start(b, z);
}

/// `z += x · W`.
#[inline]
pub(super) fn add_product<const SKIP_ZEROS: bool, const OUT: usize>(x: &[f32], w: &[[f32; OUT]], z: &mut [f32; OUT]) {
    kernel::add_product::<SKIP_ZEROS>(x, w.as_flattened(), z);
}

/// `dx += W · dz`.
#[inline]
pub(super) fn add_input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
    kernel::add_input_gradient(w.as_flattened(), dz, dx);
}

/// `dw += x ⊗ dz`.
#[inline]
pub(super) fn accumulate_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    dw: &mut [[f32; OUT]],
) {
    weight_gradient::add_outer_product::<SKIP_ZEROS>(x, dz, dw.as_flattened_mut());
}

/// `w -= x ⊗ dz`.
#[inline]
pub(super) fn subtract_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    w: &mut [[f32; OUT]],
) {
    weight_gradient::take_outer_product::<SKIP_ZEROS>(x, dz, w.as_flattened_mut());
}
