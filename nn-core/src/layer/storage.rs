//! Where the weights of a layer are: in the layer (RAM, trainable) or behind a reference (flash, a model file; frozen).

use core::borrow::Borrow;
use core::marker::PhantomData;

use super::{Absent, Presence, Present};

/// Where a layer keeps its tensors.
///
/// A function that is generic over the storage takes both kinds of layers, [`Owned`] and [`Borrowed`]:
///
/// ```
/// # use nn_core::activation::Identity;
/// use nn_core::layer::{Dense, Storage};
///
/// fn bias_sum<const IN: usize, const OUT: usize, A, S: Storage>(layer: &Dense<IN, OUT, A, S>) -> f32 {
///     layer.bias().iter().sum()
/// }
/// let owned = Dense::new([[1.0, 2.0]], [0.5, 0.25], Identity);
/// let borrowed = Dense::borrowed(owned.kernel(), owned.bias(), Identity);
/// assert_eq!((bias_sum(&owned), bias_sum(&borrowed)), (0.75, 0.75));
/// ```
pub trait Storage {
    /// A tensor of type `T` kept in this way.
    type Of<T: 'static>: Borrow<T>;

    /// Whether tensors kept in this way can learn; those that can't are in flash.
    type Learning: Presence;

    /// The tensor, if it can be changed.
    fn get_mut<T>(of: &mut Self::Of<T>) -> Option<&mut T>;
}

/// Bytes of flash that a tensor of type `T` takes besides what is in its layer.
pub(super) const fn flash<S: Storage, T>() -> usize {
    if S::Learning::IS_PRESENT { 0 } else { size_of::<T>() }
}

/// In the layer itself; trainable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owned;

impl Storage for Owned {
    type Of<T: 'static> = T;
    type Learning = Present;

    #[inline]
    fn get_mut<T>(of: &mut T) -> Option<&mut T> {
        Some(of)
    }
}

/// Behind a reference, to flash or to a model file; never copied, never changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Borrowed<'m>(PhantomData<&'m ()>);

impl<'m> Storage for Borrowed<'m> {
    type Of<T: 'static> = &'m T;
    type Learning = Absent;

    #[inline]
    fn get_mut<'s, T>(_of: &'s mut &'m T) -> Option<&'s mut T> {
        None
    }
}
