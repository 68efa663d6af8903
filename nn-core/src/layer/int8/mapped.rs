//! What changes bytes where they are: activations by table, softmax, a change of quantization.

use crate::int8::table::{self, Table};
use crate::int8::{self, Exponentials, Requantization, Softmax};
use crate::layer::Layer;

/// A function of bytes that gives as many as it takes.
pub trait Map {
    /// Bytes that it keeps in flash.
    const FLASH: usize;

    /// Replaces the values by the function's.
    ///
    /// # Shapes
    /// - `values`: `[UNITS]`
    fn map(&self, values: &mut [i8]);
}

impl Map for &Table {
    const FLASH: usize = size_of::<Table>();

    #[inline]
    fn map(&self, values: &mut [i8]) {
        table::apply(self, values);
    }
}

impl Map for Softmax {
    const FLASH: usize = 0;

    #[inline]
    fn map(&self, values: &mut [i8]) {
        self.forward(values);
    }
}

/// Softmax with exponentials from a table.
impl Map for &Exponentials {
    const FLASH: usize = size_of::<Exponentials>();

    #[inline]
    fn map(&self, values: &mut [i8]) {
        int8::softmax(self, values);
    }
}

impl Map for Requantization {
    const FLASH: usize = 0;

    #[inline]
    fn map(&self, values: &mut [i8]) {
        self.apply(values);
    }
}

/// A layer of a function that changes its input in place.
///
/// ```
/// use nn_core::activation::Tanh;
/// use nn_core::int8::{Quantization, table};
/// use nn_core::layer::{Layer, int8::Mapped};
/// let table = table::of(Tanh.into(), Quantization::new(0.02, 0)?, Quantization::TANH).unwrap();
/// assert_eq!(Mapped::new(&table).predict(&[50, -50]), [97, -97]); // tanh 1 is 0.7616
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapped<const UNITS: usize, M>(M);

impl<const UNITS: usize, M: Map> Mapped<UNITS, M> {
    /// The layer of this function.
    pub const fn new(map: M) -> Self {
        Self(map)
    }
}

impl<const UNITS: usize, M: Map> Layer for Mapped<UNITS, M> {
    type Input = [i8; UNITS];
    type Output = [i8; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = M::FLASH;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[i8; UNITS], _hidden: &mut (), a: &mut [i8; UNITS]) {
        *a = *x;
        self.0.map(a);
    }
}
