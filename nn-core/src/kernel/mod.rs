//! The only loops that multiply matrices: slices in, slices out.
//!
//! Every product and every sum is rounded by itself, and a sum runs in index order from one accumulator, so the
//! result depends on no instruction set. Kernels are `[IN][OUT]`, row after row. A sum starts at `0.0` (plus the
//! bias), so that no partial sum is `-0.0` and terms with a zero factor can be left out without changing a bit,
//! as long as weights are finite. Slices of unequal length are cut to the shortest; the typed layers above make
//! that impossible.
//!
//! What is here takes sizes that are known at run time; [`fixed`] takes a number of outputs that the compiler knows.

mod affine;
mod input_gradient;
mod weight_gradient;

pub mod fixed;

pub use affine::{add_product, affine};
pub use input_gradient::{add_input_gradient, input_gradient};
pub use weight_gradient::{accumulate_outer_product, scale_row, subtract_outer_product};

/// `sum[o] += factor · row[o]` for every `o`.
#[inline]
fn add_scaled(factor: f32, row: &[f32], sum: &mut [f32]) {
    for (sum, &value) in sum.iter_mut().zip(row) {
        *sum += factor * value;
    }
}
