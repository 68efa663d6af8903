//! Kernels, on slices whose lengths may not go together; for known sizes in one block of outputs and in several.

use nn_core::kernel::{self, fixed};

entries! {
    fn affine(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) { kernel::affine::<true>(x, w, b, z) }
    fn affine_steadily(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) { kernel::affine::<false>(x, w, b, z) }
    fn add_product(x: &[f32], w: &[f32], z: &mut [f32]) { kernel::add_product::<true>(x, w, z) }
    fn add_input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) { kernel::add_input_gradient(w, dz, dx) }
    fn subtract_outer_product(x: &[f32], dz: &[f32], w: &mut [f32]) { kernel::subtract_outer_product(x, dz, w) }
    fn input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) { kernel::input_gradient(w, dz, dx) }
    fn accumulate_outer_product(x: &[f32], dz: &[f32], dw: &mut [f32]) { kernel::accumulate_outer_product(x, dz, dw) }
    fn scale_row(x: f32, dz: &[f32], row: &mut [f32]) { kernel::scale_row(x, dz, row) }
    fn fixed_affine(x: &[f32], w: &[[f32; 30]], b: &[[f32; 30]], z: &mut [f32; 30]) {
        fixed::affine::<true, 30>(x, w, b, z)
    }
    fn fixed_affine_steadily(x: &[f32], w: &[[f32; 31]], b: &[[f32; 31]], z: &mut [f32; 31]) {
        fixed::affine::<false, 31>(x, w, b, z)
    }
    fn fixed_add_product(x: &[f32], w: &[[f32; 10]], z: &mut [f32; 10]) { fixed::add_product::<true, 10>(x, w, z) }
    fn fixed_add_product_steadily(x: &[f32], w: &[[f32; 10]], z: &mut [f32; 10]) {
        fixed::add_product::<false, 10>(x, w, z)
    }
    fn fixed_input_gradient(w: &[[f32; 30]], dz: &[f32; 30], dx: &mut [f32]) { fixed::input_gradient(w, dz, dx) }
    fn fixed_add_input_gradient(w: &[[f32; 10]], dz: &[f32; 10], dx: &mut [f32]) {
        fixed::add_input_gradient(w, dz, dx)
    }
    fn fixed_accumulate_outer_product(x: &[f32], dz: &[f32; 30], dw: &mut [[f32; 30]]) {
        fixed::accumulate_outer_product::<true, 30>(x, dz, dw)
    }
    fn fixed_subtract_outer_product(x: &[f32], dz: &[f32; 10], w: &mut [[f32; 10]]) {
        fixed::subtract_outer_product::<false, 10>(x, dz, w)
    }
    fn fixed_nothing(x: &[f32], w: &[[f32; 0]], z: &mut [f32; 0]) { fixed::add_product::<false, 0>(x, w, z) }
}
