//! Where the weights of a layer are: in the layer (RAM, trainable) or behind a reference (flash, a model file).

use core::borrow::Borrow;
use core::marker::PhantomData;

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
}

/// In the layer itself; trainable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owned;

impl Storage for Owned {
    type Of<T: 'static> = T;
}

/// Behind a reference, to flash or to a model file; never copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Borrowed<'m>(PhantomData<&'m ()>);

impl<'m> Storage for Borrowed<'m> {
    type Of<T: 'static> = &'m T;
}
