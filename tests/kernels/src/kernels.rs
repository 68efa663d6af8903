//! The kernels that are compared with plain Rust: those of nn-core, and some with a mistake that must be found.

use nn_core::kernel::fixed;

/// Kernels for a number of outputs that the compiler knows; one without a mistake is nn-core's.
pub(crate) trait Kernels {
    /// `z = b + x · W`, where `b` may be missing.
    fn affine<const OUT: usize>(x: &[f32], w: &[[f32; OUT]], b: &[[f32; OUT]], z: &mut [f32; OUT]) {
        fixed::affine::<true, OUT>(x, w, b, z);
    }

    /// `dw += x ⊗ dz`.
    fn accumulate<const OUT: usize>(x: &[f32], dz: &[f32; OUT], dw: &mut [[f32; OUT]]) {
        fixed::accumulate_outer_product::<true, OUT>(x, dz, dw);
    }

    /// `w -= x ⊗ dz`.
    fn subtract<const OUT: usize>(x: &[f32], dz: &[f32; OUT], w: &mut [[f32; OUT]]) {
        fixed::subtract_outer_product::<true, OUT>(x, dz, w);
    }

    /// `dx += W · dz`.
    fn add_input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
        fixed::add_input_gradient(w, dz, dx);
    }
}

/// `z = b + x · W` for x, w, b and z.
type Affine = fn(&[f32], &[f32], &[f32], &mut [f32]);

/// Kernels for one number of outputs, as functions of slices: what calls them is compiled once for all.
#[derive(Clone, Copy)]
pub(crate) struct OfSlices {
    /// The number of outputs.
    pub(crate) outputs: usize,
    pub(crate) affine: Affine,
    pub(crate) accumulate: fn(x: &[f32], dz: &[f32], dw: &mut [f32]),
    pub(crate) subtract: fn(x: &[f32], dz: &[f32], w: &mut [f32]),
    pub(crate) add_input_gradient: fn(w: &[f32], dz: &[f32], dx: &mut [f32]),
}

impl OfSlices {
    /// The kernels for `OUT` outputs.
    pub(crate) fn new<K: Kernels, const OUT: usize>() -> Self {
        Self {
            outputs: OUT,
            affine: |x, w, b, z| z.as_chunks_mut().0.iter_mut().for_each(|z| K::affine::<OUT>(x, rows(w), rows(b), z)),
            accumulate: |x, dz, dw| rows(dz).iter().for_each(|dz| K::accumulate::<OUT>(x, dz, dw.as_chunks_mut().0)),
            subtract: |x, dz, w| rows(dz).iter().for_each(|dz| K::subtract::<OUT>(x, dz, w.as_chunks_mut().0)),
            add_input_gradient: |w, dz, dx| {
                rows(dz).iter().for_each(|dz| K::add_input_gradient::<OUT>(rows(w), dz, dx));
            },
        }
    }
}

/// A slice as rows.
fn rows<const OUT: usize>(slice: &[f32]) -> &[[f32; OUT]] {
    slice.as_chunks().0
}

/// The kernels of nn-core.
pub(crate) struct Fixed<const SKIP_ZEROS: bool>;

impl<const SKIP_ZEROS: bool> Kernels for Fixed<SKIP_ZEROS> {
    fn affine<const OUT: usize>(x: &[f32], w: &[[f32; OUT]], b: &[[f32; OUT]], z: &mut [f32; OUT]) {
        fixed::affine::<SKIP_ZEROS, OUT>(x, w, b, z);
    }

    fn accumulate<const OUT: usize>(x: &[f32], dz: &[f32; OUT], dw: &mut [[f32; OUT]]) {
        fixed::accumulate_outer_product::<SKIP_ZEROS, OUT>(x, dz, dw);
    }

    fn subtract<const OUT: usize>(x: &[f32], dz: &[f32; OUT], w: &mut [[f32; OUT]]) {
        fixed::subtract_outer_product::<SKIP_ZEROS, OUT>(x, dz, w);
    }
}

/// A mistake: the last row comes before all others.
pub(crate) struct LastRowFirst;

impl Kernels for LastRowFirst {
    fn affine<const OUT: usize>(x: &[f32], w: &[[f32; OUT]], b: &[[f32; OUT]], z: &mut [f32; OUT]) {
        let (Some((last_x, x)), Some((last_row, w))) = (x.split_last(), w.split_last()) else {
            return fixed::affine::<true, OUT>(x, w, b, z);
        };
        let mut sums = [[0.0; OUT]];
        let [first] = &mut sums;
        fixed::affine::<true, OUT>(&[*last_x], &[*last_row], b, first);
        fixed::affine::<true, OUT>(x, w, &sums, z);
    }
}

/// A mistake: the last row is left as it was.
pub(crate) struct RowLeft;

impl Kernels for RowLeft {
    fn subtract<const OUT: usize>(x: &[f32], dz: &[f32; OUT], w: &mut [[f32; OUT]]) {
        let x = x.split_last().map_or(x, |(_, x)| x);
        fixed::subtract_outer_product::<true, OUT>(x, dz, w);
    }
}

/// A mistake: a sum of two sums, of which the compiler could make one faster.
pub(crate) struct TwoSums;

impl Kernels for TwoSums {
    fn add_input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
        for (dx, row) in dx.iter_mut().zip(w) {
            let terms = || row.iter().zip(dz).map(|(w, dz)| w * dz);
            let even = terms().step_by(2).fold(*dx, |sum, term| sum + term);
            *dx = terms().skip(1).step_by(2).fold(even, |sum, term| sum + term);
        }
    }
}
