//! Whose turn it is in a pass through a network: all layers', or one layer's, so that a step can pause in between.

use crate::train::Occasion;

/// One pass through the layers, or the part of it that one layer does.
///
/// ```
/// use nn_core::layer::Turn;
/// use nn_core::train::Occasion;
///
/// let all = Turn::of_all(Occasion::FIRST);
/// let second = Turn::of_layer(1, Occasion::FIRST);
/// assert!(all.reaches(1) && all.after(1).reaches(1));
/// assert!(!second.reaches(1) && second.after(1).reaches(1)); // the first layer has no turn, the second has
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The occasion, at the layer that this turn has come to.
    pub occasion: Occasion,
    /// The one layer whose turn it is; all layers' if there is none.
    only: Option<u16>,
    /// Whether it is training, in which dropout switches units off and noise is added.
    is_training: bool,
}

impl Turn {
    /// The turn of every layer.
    #[must_use]
    pub const fn of_all(occasion: Occasion) -> Self {
        Self { occasion, only: None, is_training: true }
    }

    /// The turn of every layer as at inference, when dropout and noise let everything pass.
    #[must_use]
    pub const fn at_inference() -> Self {
        Self { occasion: Occasion::FIRST, only: None, is_training: false }
    }

    /// The turn of one layer, counted from 0.
    #[must_use]
    pub const fn of_layer(layer: u16, occasion: Occasion) -> Self {
        Self { occasion, only: Some(layer), is_training: true }
    }

    /// Whether it is training, in which dropout switches units off and noise is added.
    #[must_use]
    pub const fn is_training(&self) -> bool {
        self.is_training
    }

    /// Whether any of the next `layers` layers has its turn.
    #[must_use]
    #[inline]
    pub const fn reaches(&self, layers: u16) -> bool {
        match self.only {
            None => true,
            Some(only) => only >= self.occasion.layer && only - self.occasion.layer < layers,
        }
    }

    /// The turn of all layers inside of a block, if the block has its turn; the first is one position after it.
    #[must_use]
    #[inline]
    pub const fn inside(self) -> Option<Self> {
        let inside = Self { occasion: self.occasion.after(1), only: None, ..self };
        if self.reaches(1) { Some(inside) } else { None }
    }

    /// The same pass, `layers` layers later.
    #[must_use]
    #[inline]
    pub const fn after(self, layers: u16) -> Self {
        Self { occasion: self.occasion.after(layers), ..self }
    }
}
