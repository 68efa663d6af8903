//! The gradient of one sample by a kernel, x ⊗ dz, row after row.

use pulp::{Simd, WithSimd};

use super::tile::load;

/// An outer product to be computed.
///
/// # Shapes
/// - `x`: `[ROWS]`, `dz`: `[OUT]`, `product`: `[ROWS][OUT]`, and a vector more to write beyond
pub(super) struct Outer<'m> {
    pub(super) x: &'m [f32],
    pub(super) dz: &'m [f32],
    pub(super) product: &'m mut [f32],
}

impl WithSimd for Outer<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, dz, product } = self;
        let zero = simd.splat_f32s(0.0);
        for (row, &x) in x.iter().enumerate() {
            let (x, mut to) = (simd.splat_f32s(x), &mut product[row * dz.len()..]);
            for dz in dz.chunks(S::F32_LANES) {
                let [dz] = load::<S, 1>(simd, dz);
                let (whole, _) = S::as_mut_simd_f32s(to);
                // Whole vectors: what they write beyond the row, the next row overwrites. A sum starts at +0.
                whole[0] = simd.add_f32s(zero, simd.mul_f32s(x, dz));
                to = &mut to[S::F32_LANES..];
            }
        }
    }
}
