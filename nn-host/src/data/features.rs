//! What the samples of a data set are: bytes or numbers.

use nalgebra::DMatrix;

/// Raw features, one sample a column.
///
/// ```
/// # use nalgebra::DMatrix;
/// use nn_host::data::{Dataset, Features, Targets};
///
/// let pixels = DMatrix::from_column_slice(3, 2, &[0, 255, 51, 102, 0, 0]); // two samples of three pixels
/// let targets = Targets::Values(DMatrix::zeros(1, 2));
/// let dataset = Dataset::new(Features::Bytes(pixels), targets)?;
/// assert_eq!((dataset.len(), dataset.inputs(), dataset.raw(1)), (2, 3, vec![102, 0, 0]));
/// # Ok::<(), nn_host::data::DatasetError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Features {
    /// Bytes, such as pixels, which a network sees as 0 to 1.
    Bytes(DMatrix<u8>),
    /// Numbers, which a network sees as they are.
    Floats(DMatrix<f32>),
}
