//! The gradient of one sample by a kernel, x ⊗ dz, row after row.

use pulp::{Simd, WithSimd};

use super::line::Lines;
use super::tile::load;

/// An outer product to be computed.
///
/// # Shapes
/// - `x`: `[ROWS]`, `dz`: `[OUT]`, `product`: `[ROWS][OUT]`, and a vector more to write beyond
pub(super) struct Outer<'m> {
    pub(super) x: &'m [f32],
    pub(super) dz: &'m [f32],
    pub(super) product: &'m mut [f32],
    pub(super) memory: &'m mut Lines,
}

impl WithSimd for Outer<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { x, dz, product, memory } = self;
        let room = dz.len().next_multiple_of(S::F32_LANES);
        let (vectors, _) = S::as_mut_simd_f32s(memory.numbers(room));
        for (vector, dz) in vectors.iter_mut().zip(dz.chunks(S::F32_LANES)) {
            [*vector] = load::<S, 1>(simd, dz);
        }
        let zero = simd.splat_f32s(0.0);
        for (row, &x) in x.iter().enumerate() {
            let x = simd.splat_f32s(x);
            // Whole vectors: what they write beyond the row, the next row overwrites.
            let (to, _) = S::as_mut_simd_f32s(&mut product[row * dz.len()..][..room]);
            for (to, &dz) in to.iter_mut().zip(&*vectors) {
                // A sum starts at +0.
                *to = simd.add_f32s(zero, simd.mul_f32s(x, dz));
            }
        }
    }
}
