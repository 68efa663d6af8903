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

    /// The values as a vector of this size; `None` if they are of another number.
    fn of(values: &[f32]) -> Option<&Self>;

    /// The values as a vector of this size; `None` if they are of another number.
    fn of_mut(values: &mut [f32]) -> Option<&mut Self>;

    /// The two vectors that this is made of; `None` if their sizes are not together the size of this.
    fn split<F: Vector, S: Vector>(&self) -> Option<(&F, &S)> {
        let (first, second) = self.as_ref().split_at_checked(F::SIZE)?;
        Some((F::of(first)?, S::of(second)?))
    }

    /// The two vectors that this is made of; `None` if their sizes are not together the size of this.
    fn split_mut<F: Vector, S: Vector>(&mut self) -> Option<(&mut F, &mut S)> {
        let (first, second) = self.as_mut().split_at_mut_checked(F::SIZE)?;
        Some((F::of_mut(first)?, S::of_mut(second)?))
    }
}

impl<const N: usize> Vector for [f32; N] {
    const SIZE: usize = N;

    #[inline]
    fn of(values: &[f32]) -> Option<&Self> {
        values.try_into().ok()
    }

    #[inline]
    fn of_mut(values: &mut [f32]) -> Option<&mut Self> {
        values.try_into().ok()
    }
}
