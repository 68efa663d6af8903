//! Why features and targets are not a data set.

/// Features and targets that do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// Not one target for each sample.
    #[error("{samples} samples with {targets} targets")]
    Count {
        /// Columns of the features.
        samples: usize,
        /// Targets.
        targets: usize,
    },
    /// A class without a name.
    #[error("sample {sample} is of class {class}, there are {classes} classes")]
    Class {
        /// Which sample.
        sample: usize,
        /// Its class.
        class: u32,
        /// Number of classes.
        classes: usize,
    },
    /// No samples, or samples of nothing.
    #[error("a data set of {samples} samples with {inputs} features is empty")]
    Empty {
        /// Columns.
        samples: usize,
        /// Rows.
        inputs: usize,
    },
    /// A sample that is asked for and does not exist.
    #[error("there is no sample {sample}, there are {samples}")]
    NoSample {
        /// The sample, from 0.
        sample: usize,
        /// Number of samples.
        samples: usize,
    },
    /// A feature or target that is infinite or not a number.
    #[error("{what} {row} of sample {sample} is {value}, it must be finite")]
    NotFinite {
        /// Feature or target.
        what: &'static str,
        /// Which one.
        row: usize,
        /// Which sample.
        sample: usize,
        /// Its value.
        value: f32,
    },
}
