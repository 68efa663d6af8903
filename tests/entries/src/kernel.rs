//! Kernels, on slices whose lengths may not go together.

use nn_core::kernel;

entries! {
    fn affine(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) { kernel::affine::<true>(x, w, b, z) }
    fn affine_steadily(x: &[f32], w: &[f32], b: &[f32], z: &mut [f32]) { kernel::affine::<false>(x, w, b, z) }
    fn add_product(x: &[f32], w: &[f32], z: &mut [f32]) { kernel::add_product::<true>(x, w, z) }
    fn add_input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) { kernel::add_input_gradient(w, dz, dx) }
    fn subtract_outer_product(x: &[f32], dz: &[f32], w: &mut [f32]) { kernel::subtract_outer_product(x, dz, w) }
    fn input_gradient(w: &[f32], dz: &[f32], dx: &mut [f32]) { kernel::input_gradient(w, dz, dx) }
    fn accumulate_outer_product(x: &[f32], dz: &[f32], dw: &mut [f32]) { kernel::accumulate_outer_product(x, dz, dw) }
    fn scale_row(x: f32, dz: &[f32], row: &mut [f32]) { kernel::scale_row(x, dz, row) }
}
