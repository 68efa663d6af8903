//! A register tile: some rows of C by some vectors, which stay in registers while A and a panel of B pass by.

use pulp::Simd;

use super::left::Left;

/// Adds A · B to a tile, column of A after column: each product and each sum is rounded by itself.
///
/// # Shapes
/// - `rows`: ROWS×DEPTH, `panel`: `[DEPTH][VECTORS]`, `sums`: `[ROWS][VECTORS]`
#[inline(always)]
pub(super) fn add_product<S: Simd, L: Left, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: L::Rows<'_, ROWS>,
    panel: &[[S::f32s; VECTORS]],
    mut sums: [[S::f32s; VECTORS]; ROWS],
) -> [[S::f32s; VECTORS]; ROWS] {
    for (depth, b) in panel.iter().enumerate() {
        let a = L::column::<ROWS>(rows, depth);
        for (sums, a) in sums.iter_mut().zip(a) {
            add_scaled(simd, a, b, sums);
        }
    }
    sums
}

/// sums += a · b.
#[inline(always)]
pub(super) fn add_scaled<S: Simd, const VECTORS: usize>(
    simd: S,
    a: f32,
    b: &[S::f32s; VECTORS],
    sums: &mut [S::f32s; VECTORS],
) {
    let a = simd.splat_f32s(a);
    for (sum, &b) in sums.iter_mut().zip(b) {
        *sum = simd.add_f32s(*sum, simd.mul_f32s(a, b));
    }
}

/// Vectors from the start of some numbers; zeros where there are no more.
#[inline(always)]
pub(super) fn load<S: Simd, const VECTORS: usize>(simd: S, values: &[f32]) -> [S::f32s; VECTORS] {
    let (whole, rest) = S::as_simd_f32s(values);
    let mut vectors = [simd.splat_f32s(0.0); VECTORS];
    for (vector, &from) in vectors.iter_mut().zip(whole) {
        *vector = from;
    }
    if let Some(vector) = vectors.get_mut(whole.len()).filter(|_| !rest.is_empty()) {
        *vector = simd.partial_load_f32s(rest);
    }
    vectors
}

/// Writes as many numbers of the vectors as there is room for.
#[inline(always)]
pub(super) fn store<S: Simd, const VECTORS: usize>(simd: S, vectors: [S::f32s; VECTORS], values: &mut [f32]) {
    let (whole, rest) = S::as_mut_simd_f32s(values);
    if let Some(&vector) = vectors.get(whole.len()).filter(|_| !rest.is_empty()) {
        simd.partial_store_f32s(rest, vector);
    }
    for (to, vector) in whole.iter_mut().zip(vectors) {
        *to = vector;
    }
}
