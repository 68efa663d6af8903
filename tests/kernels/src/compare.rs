//! All comparisons, of what must be equal and of mistakes that must be found.

use core::fmt::Arguments;

use nn_core::math;

use crate::kernels::{Fixed, LastRowFirst, RowLeft, TwoSums};
use crate::matrices::{Difference, Matrices};
use crate::roots;

/// Compares, and reports what was found, a line each: `equal` or `differs`, then of what.
///
/// ```no_run
/// nn_kernels::compare(&mut nn_kernels::Matrices::new(), |line| println!("{line}"));
/// ```
pub fn compare(matrices: &mut Matrices, mut report: impl FnMut(Arguments<'_>)) {
    kernels("kernels that skip zeros", matrices.compare_all::<Fixed<true>>(), &mut report);
    kernels("kernels that multiply zeros", matrices.compare_all::<Fixed<false>>(), &mut report);
    root("square root", math::sqrt, &mut report);
    kernels("planted: the last row first", matrices.compare_some::<LastRowFirst>(), &mut report);
    kernels("planted: a row left as it was", matrices.compare_some::<RowLeft>(), &mut report);
    kernels("planted: a sum of two sums", matrices.compare_some::<TwoSums>(), &mut report);
    root("planted: no subnormal numbers", roots::without_subnormals, &mut report);
}

fn kernels(what: &str, found: Result<usize, Difference>, report: &mut impl FnMut(Arguments<'_>)) {
    match found {
        Ok(shapes) => report(format_args!("equal: {what}, {shapes} shapes")),
        Err(Difference { kernel, inputs, outputs }) => {
            report(format_args!("differs: {what}, {kernel} at {inputs}x{outputs}"));
        }
    }
}

fn root(what: &str, sqrt: fn(f32) -> f32, report: &mut impl FnMut(Arguments<'_>)) {
    match roots::compare(sqrt) {
        Ok(count) => report(format_args!("equal: {what}, {count} numbers")),
        Err(x) => report(format_args!("differs: {what}, at {:#010x}", x.to_bits())),
    }
}
