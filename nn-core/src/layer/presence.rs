//! What is there or not, decided by the type: memory that not every network needs takes no byte where it is not needed.

use crate::Zero;

/// [`Present`] or [`Absent`].
///
/// A frozen layer's gradients are `Absent`, and so is the signal that would only lead to frozen layers.
///
/// ```
/// use nn_core::layer::{Absent, Presence, Present};
/// assert_eq!(size_of::<<Present as Presence>::Of<[f32; 3]>>(), 12);
/// assert_eq!(size_of::<<Absent as Presence>::Of<[f32; 3]>>(), 0);
/// ```
pub trait Presence {
    /// A `T`, or nothing.
    type Of<T: Zero>: Zero;

    /// Present if this or the other is.
    type Or<P: Presence>: Presence;

    /// Whether this is [`Present`].
    const IS_PRESENT: bool;

    /// The value, if there is one.
    fn get<T: Zero>(of: &Self::Of<T>) -> Option<&T>;

    /// The value, if there is one.
    fn get_mut<T: Zero>(of: &mut Self::Of<T>) -> Option<&mut T>;
}

/// There.
#[derive(Clone, Copy, Debug)]
pub enum Present {}

impl Presence for Present {
    type Of<T: Zero> = T;
    type Or<P: Presence> = Self;

    const IS_PRESENT: bool = true;

    #[inline]
    fn get<T: Zero>(of: &T) -> Option<&T> {
        Some(of)
    }

    #[inline]
    fn get_mut<T: Zero>(of: &mut T) -> Option<&mut T> {
        Some(of)
    }
}

/// Not there.
#[derive(Clone, Copy, Debug)]
pub enum Absent {}

impl Presence for Absent {
    type Of<T: Zero> = ();
    type Or<P: Presence> = P;

    const IS_PRESENT: bool = false;

    #[inline]
    fn get<T: Zero>(_of: &()) -> Option<&T> {
        None
    }

    #[inline]
    fn get_mut<T: Zero>(_of: &mut ()) -> Option<&mut T> {
        None
    }
}
