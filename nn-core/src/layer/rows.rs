//! Memory in the shape of a network's parameters, row by row: for gradients, and for what an optimizer remembers.

use crate::Zero;
use crate::optimizer::{Memory, Optimizer};

/// What is kept for each row of `N` weights.
///
/// ```
/// use nn_core::layer::{PerRow, Sums};
/// assert_eq!(size_of::<<Sums as PerRow>::Of<7>>(), 28);
/// ```
pub trait PerRow {
    /// The memory of one row.
    type Of<const N: usize>: Zero;
}

/// The sums of gradients over a batch.
#[derive(Clone, Copy, Debug)]
pub enum Sums {}

impl PerRow for Sums {
    type Of<const N: usize> = [f32; N];
}

/// What an optimizer remembers.
#[derive(Clone, Copy, Debug)]
pub struct StateOf<O>(core::marker::PhantomData<O>);

impl<O: Optimizer> PerRow for StateOf<O> {
    type Of<const N: usize> = Memory<O, N>;
}
