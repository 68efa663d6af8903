//! The gradient by the kernel of a dense layer, dw[k][o] = Σ over samples of x[k] · dz[o] (in the chapter: BP4).

use super::add_scaled;

/// Adds one sample's gradient by the kernel, `dw += x ⊗ dz`; inputs that are zero cost nothing.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `dw`: `[IN][OUT]`
///
/// ```
/// let mut dw = [0.0; 4];
/// nn_core::kernel::accumulate_outer_product(&[1.0, 2.0], &[3.0, 4.0], &mut dw);
/// assert_eq!(dw, [3.0, 4.0, 6.0, 8.0]);
/// ```
#[inline]
pub fn accumulate_outer_product(x: &[f32], dz: &[f32], dw: &mut [f32]) {
    add_outer_product::<true>(x, dz, dw);
}

/// `dw += x ⊗ dz`.
#[inline]
pub(super) fn add_outer_product<const SKIP_ZEROS: bool>(x: &[f32], dz: &[f32], dw: &mut [f32]) {
    for (&x, row) in x.iter().zip(dw.chunks_exact_mut(dz.len().max(1))) {
        if !SKIP_ZEROS || x != 0.0 {
            add_scaled(x, dz, row);
        }
    }
}

/// Moves weights along one sample's gradient, `w -= x ⊗ dz`; inputs that are zero cost nothing.
///
/// The bits are those of subtracting what [`accumulate_outer_product`] gives from zero, but for the sign of a weight
/// that is −0, which no training makes.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `w`: `[IN][OUT]`
///
/// ```
/// let mut w = [10.0; 4];
/// nn_core::kernel::subtract_outer_product(&[1.0, 2.0], &[3.0, 4.0], &mut w);
/// assert_eq!(w, [7.0, 6.0, 4.0, 2.0]);
/// ```
#[inline]
pub fn subtract_outer_product(x: &[f32], dz: &[f32], w: &mut [f32]) {
    take_outer_product::<true>(x, dz, w);
}

/// `w -= x ⊗ dz`.
#[inline]
pub(super) fn take_outer_product<const SKIP_ZEROS: bool>(x: &[f32], dz: &[f32], w: &mut [f32]) {
    for (&x, row) in x.iter().zip(w.chunks_exact_mut(dz.len().max(1))) {
        if !SKIP_ZEROS || x != 0.0 {
            row.iter_mut().zip(dz).for_each(|(w, &dz)| *w -= x * dz);
        }
    }
}

/// One row of one sample's gradient by the kernel, `row[o] = x · dz[o]`, with the bits that
/// [`accumulate_outer_product`] gives from zero.
///
/// # Shapes
/// - `dz`: `[OUT]`, `row`: `[OUT]`
#[inline]
pub fn scale_row(x: f32, dz: &[f32], row: &mut [f32]) {
    for (row, &dz) in row.iter_mut().zip(dz) {
        *row = if x == 0.0 { 0.0 } else { 0.0 + x * dz };
    }
}

#[cfg(test)]
mod tests {
    use super::{accumulate_outer_product, scale_row};

    #[test]
    fn a_row_has_the_bits_of_the_accumulated_product() {
        let dz = [1.5, -0.0, -2.0, 1e-45];
        for x in [0.0, -0.0, 3.0, -1e-30] {
            let mut dw = [0.0; 4];
            accumulate_outer_product(&[x], &dz, &mut dw);
            let mut row = [7.0; 4];
            scale_row(x, &dz, &mut row);
            assert_eq!(row.map(f32::to_bits), dw.map(f32::to_bits));
        }
    }
}
