//! What a network should answer to each sample: a class, or values.

use nalgebra::DMatrix;

/// What a network should answer to each sample.
///
/// ```
/// # use nalgebra::DMatrix;
/// use nn_host::data::{Dataset, Features, Targets};
///
/// let targets = Targets::Classes { classes: vec![2, 0], names: ["red", "green", "blue"].map(String::from).to_vec() };
/// let dataset = Dataset::new(Features::Floats(DMatrix::zeros(4, 2)), targets)?;
/// let mut y = DMatrix::zeros(3, 2);
/// dataset.gather_targets(&[0, 1], &mut y);
/// assert_eq!(y.as_slice(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]); // one-hot
/// # Ok::<(), nn_host::data::DatasetError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// The class of each sample, below the number of names.
    Classes {
        /// One a sample.
        classes: Vec<u32>,
        /// The names of the classes.
        names: Vec<String>,
    },
    /// Values, one sample a column.
    Values(DMatrix<f32>),
}

impl Targets {
    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { classes, .. } => classes.len(),
            Self::Values(values) => values.ncols(),
        }
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
