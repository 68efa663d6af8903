//! Vectors of fixed size: what flows between layers.

use crate::Zero;

/// A vector of fixed size.
///
/// ```
/// use nn_core::Vector;
/// assert_eq!(<[f32; 3]>::SIZE, 3);
/// ```
pub trait Vector: Zero + Copy + core::fmt::Debug + PartialEq + AsRef<[f32]> + AsMut<[f32]> {
    /// The number of values.
    const SIZE: usize;
}

impl<const N: usize> Vector for [f32; N] {
    const SIZE: usize = N;
}
