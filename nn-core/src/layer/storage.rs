//! Where the weights of a layer are: in the layer (RAM, trainable) or behind a reference (flash, a model file).

use core::borrow::Borrow;
use core::marker::PhantomData;

/// Where a layer keeps its tensors.
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
