//! Dense layers in plain Rust, under the names that the assembly has.

use crate::Zero;
use crate::int8::{self, DenseOutput};

/// Room for a layer's inputs in the form in which a chip multiplies them: none here, about four bytes an input on chips
/// that multiply pairs of 16-bit numbers.
///
/// ```
/// use nn_core::layer::{Layer, int8::{Dense, Workspace}};
/// assert_eq!(size_of::<<Dense<'_, 784, 30> as Layer>::Hidden>(), size_of::<Workspace<784>>());
/// ```
#[derive(Clone, Debug)]
pub struct Workspace<const IN: usize>;

impl<const IN: usize> Zero for Workspace<IN> {
    const ZERO: Self = Self;
}

/// The output of a dense layer with a packed kernel.
#[inline]
pub(super) fn packed_dense<const SKIP_ZEROS: bool, const IN: usize, const OUT: usize>(
    (x, zero_point): (&[i8; IN], i8),
    w: &[u32],
    b: &[i32; OUT],
    (output, _is_usual): (&DenseOutput<'_>, bool),
    _workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    int8::packed::dense(x, zero_point, w, b, output, z);
}

/// The output of a dense layer.
#[inline]
pub(super) fn dense<const IN: usize, const OUT: usize>(
    x: &[i8; IN],
    w: &[[i8; IN]; OUT],
    b: &[i32; OUT],
    (output, _is_usual): (&DenseOutput<'_>, bool),
    _workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    int8::dense(x, w.as_flattened(), b, output, z);
}

/// The output of a dense layer with weights of 4 bits.
#[inline]
pub(super) fn int4_dense<const IN: usize, const OUT: usize>(
    x: &[i8; IN],
    w: &[u8],
    b: &[i32; OUT],
    (output, _is_usual): (&DenseOutput<'_>, bool),
    _workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    int8::int4::dense(x, w, b, output, z);
}
