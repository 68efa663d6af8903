//! A layer that does nothing: the plain branch of a concatenation.

use super::in_place::InPlace;

/// A layer that does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkipLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
}

impl InPlace for SkipLayer {
    fn units(&self) -> usize {
        self.units
    }
}
