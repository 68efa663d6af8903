//! A data set: raw features, one sample a column, with a class or values for each sample.

use std::sync::Arc;

use nalgebra::DMatrix;
use nn_core::format::Scaling;
use sha2::{Digest, Sha256};

use super::{DatasetError, Features, Preprocessing, Targets};

/// A data set that is split into a part to train with and a part to test with.
///
/// ```
/// # use nalgebra::DMatrix;
/// use nn_host::data::{Dataset, Features, Split, Targets};
///
/// let inputs = |count| Features::Floats(DMatrix::from_element(3, count, 0.5));
/// let targets = |count| Targets::Values(DMatrix::from_element(1, count, 1.0));
/// let split = Split { train: Dataset::new(inputs(8), targets(8))?, test: Dataset::new(inputs(2), targets(2))? };
/// assert_eq!((split.train.len(), split.test.len()), (8, 2));
/// # Ok::<(), nn_host::data::DatasetError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Split {
    /// To train with.
    pub train: Dataset,
    /// To test with.
    pub test: Dataset,
}

/// A data set.
///
/// ```
/// use nalgebra::DMatrix;
/// use nn_host::data::{Dataset, Features, Targets};
///
/// let x = DMatrix::from_column_slice(2, 2, &[0.0, 1.0, 1.0, 1.0]);
/// let names = vec!["no".to_string(), "yes".to_string()];
/// let dataset = Dataset::new(Features::Floats(x), Targets::Classes { classes: vec![1, 0], names })?;
/// assert_eq!((dataset.len(), dataset.inputs(), dataset.outputs()), (2, 2, 2));
/// # Ok::<(), nn_host::data::DatasetError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    features: Features,
    targets: Targets,
    preprocessing: Option<Arc<Preprocessing>>,
}

impl Dataset {
    /// Features with their targets.
    ///
    /// # Errors
    /// [`DatasetError`] if they do not go together, are empty or not finite.
    pub fn new(features: Features, targets: Targets) -> Result<Self, DatasetError> {
        let dataset = Self { features, targets, preprocessing: None };
        let (samples, inputs) = (dataset.len(), dataset.inputs());
        if samples == 0 || inputs == 0 {
            return Err(DatasetError::Empty { samples, inputs });
        }
        if let Features::Floats(values) = &dataset.features {
            check_finite("feature", values)?;
        }
        match &dataset.targets {
            Targets::Classes { classes, names } => check_classes(classes, names.len())?,
            Targets::Values(values) => check_finite("target", values)?,
        }
        let targets = dataset.targets.len();
        if targets == samples { Ok(dataset) } else { Err(DatasetError::Count { samples, targets }) }
    }

    /// The raw features.
    pub(super) const fn features(&self) -> &Features {
        &self.features
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.features {
            Features::Bytes(raw) => raw.ncols(),
            Features::Floats(raw) => raw.ncols(),
        }
    }

    /// The first `count` samples, or all if there are fewer; at least one.
    #[must_use]
    pub fn first(&self, count: usize) -> Self {
        self.gather(&(0..count.clamp(1, self.len())).collect::<Vec<_>>())
    }

    /// These samples, in this order.
    ///
    /// ```
    /// # use nalgebra::DMatrix;
    /// # use nn_host::data::{Dataset, Features, Targets};
    /// # let features = Features::Floats(DMatrix::from_row_slice(1, 3, &[0.5, 1.5, 2.5]));
    /// # let dataset = Dataset::new(features, Targets::Values(DMatrix::zeros(1, 3)))?;
    /// let last_and_first = dataset.select(&[2, 0])?;
    /// assert_eq!(last_and_first.raw(0), 2.5_f32.to_le_bytes());
    /// # Ok::<(), nn_host::data::DatasetError>(())
    /// ```
    ///
    /// # Errors
    /// [`DatasetError`] if there is no such sample, or none is asked for.
    pub fn select(&self, samples: &[usize]) -> Result<Self, DatasetError> {
        if samples.is_empty() {
            return Err(DatasetError::Empty { samples: 0, inputs: self.inputs() });
        }
        match samples.iter().find(|&&sample| sample >= self.len()) {
            Some(&sample) => Err(DatasetError::NoSample { sample, samples: self.len() }),
            None => Ok(self.gather(samples)),
        }
    }

    /// Samples that there are, at least one.
    pub(super) fn gather(&self, samples: &[usize]) -> Self {
        let features = match &self.features {
            Features::Bytes(raw) => Features::Bytes(raw.select_columns(samples)),
            Features::Floats(raw) => Features::Floats(raw.select_columns(samples)),
        };
        let targets = match &self.targets {
            Targets::Classes { classes, names } => {
                let classes = samples.iter().filter_map(|&sample| classes.get(sample)).copied().collect();
                Targets::Classes { classes, names: names.clone() }
            }
            Targets::Values(values) => Targets::Values(values.select_columns(samples)),
        };
        Self { features, targets, preprocessing: self.preprocessing.clone() }
    }

    /// Swaps two samples that there are.
    pub(super) fn swap(&mut self, a: usize, b: usize) {
        match &mut self.features {
            Features::Bytes(raw) => raw.swap_columns(a, b),
            Features::Floats(raw) => raw.swap_columns(a, b),
        }
        match &mut self.targets {
            Targets::Classes { classes, .. } => classes.swap(a, b),
            Targets::Values(values) => values.swap_columns(a, b),
        }
    }

    /// The same, with what made it from a table, which a model that is trained on it remembers.
    #[must_use]
    pub fn with_preprocessing(self, preprocessing: Arc<Preprocessing>) -> Self {
        Self { preprocessing: Some(preprocessing), ..self }
    }

    /// What made it from a table, if it was one.
    #[must_use]
    pub const fn preprocessing(&self) -> Option<&Arc<Preprocessing>> {
        self.preprocessing.as_ref()
    }

    /// Whether there are no samples; never, since [`new`](Self::new) refuses that.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values of a sample.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match &self.features {
            Features::Bytes(raw) => raw.nrows(),
            Features::Floats(raw) => raw.nrows(),
        }
    }

    /// Values of a target: classes, or rows.
    #[must_use]
    pub fn outputs(&self) -> usize {
        match &self.targets {
            Targets::Classes { names, .. } => names.len(),
            Targets::Values(values) => values.nrows(),
        }
    }

    /// The targets.
    #[must_use]
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The class of each sample, if the targets are classes.
    #[must_use]
    pub fn classes(&self) -> Option<&[u32]> {
        match &self.targets {
            Targets::Classes { classes, .. } => Some(classes),
            Targets::Values(_) => None,
        }
    }

    /// How a network sees these features if nothing else is said.
    #[must_use]
    pub const fn scaling(&self) -> Scaling {
        match self.features {
            Features::Bytes(_) => Scaling::PIXELS,
            Features::Floats(_) => Scaling::NONE,
        }
    }

    /// The raw values of one sample, encoded as its features are; empty if there is no such sample.
    #[must_use]
    pub fn raw(&self, sample: usize) -> Vec<u8> {
        match &self.features {
            Features::Bytes(raw) => column(raw, sample).to_vec(),
            Features::Floats(raw) => column(raw, sample).iter().flat_map(|value| value.to_le_bytes()).collect(),
        }
    }

    /// The inputs of some samples as a network sees them.
    ///
    /// # Shapes
    /// - `x`: `inputs` rows, one column for each of `samples`
    pub fn gather_inputs(&self, samples: &[usize], scaling: Scaling, x: &mut DMatrix<f32>) {
        let rows = self.inputs();
        let columns = x.as_mut_slice().chunks_exact_mut(rows.max(1));
        columns.zip(samples).for_each(|(x, &sample)| match &self.features {
            Features::Bytes(raw) => {
                for (x, &raw) in x.iter_mut().zip(column(raw, sample)) {
                    *x = scaling.scale(f32::from(raw));
                }
            }
            Features::Floats(raw) => {
                for (x, &raw) in x.iter_mut().zip(column(raw, sample)) {
                    *x = scaling.scale(raw);
                }
            }
        });
    }

    /// The targets of some samples, classes as one-hot columns.
    ///
    /// # Shapes
    /// - `y`: at least `outputs` rows, one column for each of `samples`
    pub fn gather_targets(&self, samples: &[usize], y: &mut DMatrix<f32>) {
        let rows = y.nrows().max(1);
        for (y, &sample) in y.as_mut_slice().chunks_exact_mut(rows).zip(samples) {
            match &self.targets {
                Targets::Classes { classes, .. } => {
                    y.fill(0.0);
                    let class = classes.get(sample).and_then(|&class| y.get_mut(class as usize));
                    class.into_iter().for_each(|y| *y = 1.0);
                }
                Targets::Values(values) => y.iter_mut().zip(column(values, sample)).for_each(|(y, &value)| *y = value),
            }
        }
    }

    /// A checksum of all features and targets.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for size in [self.inputs(), self.outputs(), self.len()] {
            digest.update((size as u64).to_le_bytes());
        }
        match &self.features {
            Features::Bytes(raw) => digest.update(raw.as_slice()),
            Features::Floats(raw) => digest.update(bytemuck::cast_slice::<f32, u8>(raw.as_slice())),
        }
        match &self.targets {
            Targets::Classes { classes, .. } => digest.update(bytemuck::cast_slice::<u32, u8>(classes)),
            Targets::Values(values) => digest.update(bytemuck::cast_slice::<f32, u8>(values.as_slice())),
        }
        digest.finalize().into()
    }
}

/// One column of a matrix, which is contiguous; empty if there is no such column.
fn column<T>(matrix: &DMatrix<T>, sample: usize) -> &[T] {
    matrix.as_slice().chunks_exact(matrix.nrows().max(1)).nth(sample).unwrap_or_default()
}

fn check_classes(classes: &[u32], count: usize) -> Result<(), DatasetError> {
    match classes.iter().enumerate().find(|(_, class)| **class as usize >= count) {
        None => Ok(()),
        Some((sample, &class)) => Err(DatasetError::Class { sample, class, classes: count }),
    }
}

fn check_finite(what: &'static str, values: &DMatrix<f32>) -> Result<(), DatasetError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((place, &value)) => {
            let rows = values.nrows();
            Err(DatasetError::NotFinite { what, row: place % rows, sample: place / rows, value })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dataset, DatasetError, Features, Targets};
    use nalgebra::DMatrix;
    use nn_core::format::Scaling;

    fn classes(classes: &[u32]) -> Targets {
        Targets::Classes { classes: classes.to_vec(), names: vec!["a".into(), "b".into()] }
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let two = || Features::Bytes(DMatrix::from_element(3, 2, 7));
        assert_eq!(Dataset::new(two(), classes(&[0])), Err(DatasetError::Count { samples: 2, targets: 1 }));
        let outside = DatasetError::Class { sample: 1, class: 2, classes: 2 };
        assert_eq!(Dataset::new(two(), classes(&[0, 2])), Err(outside));
        let none = Features::Bytes(DMatrix::from_element(3, 0, 7));
        assert_eq!(Dataset::new(none, classes(&[])), Err(DatasetError::Empty { samples: 0, inputs: 3 }));
        let nan = Features::Floats(DMatrix::from_vec(2, 2, vec![0.0, 0.0, 0.0, f32::NAN]));
        let error = Dataset::new(nan, classes(&[0, 1])).unwrap_err();
        assert_eq!(error.to_string(), "feature 1 of sample 1 is NaN, it must be finite");
    }

    #[test]
    fn gathers_scaled_inputs_and_one_hot_targets_in_the_given_order() {
        let features = Features::Bytes(DMatrix::from_vec(2, 2, vec![0, 51, 102, 255]));
        let dataset = Dataset::new(features, classes(&[0, 1])).unwrap();
        let mut x = DMatrix::zeros(2, 2);
        let mut y = DMatrix::zeros(2, 2);
        dataset.gather_inputs(&[1, 0], Scaling::PIXELS, &mut x);
        dataset.gather_targets(&[1, 0], &mut y);
        assert_eq!(x.as_slice(), [102.0, 255.0, 0.0, 51.0].map(|raw| raw * (1.0 / 255.0)));
        assert_eq!(y.as_slice(), [0.0, 1.0, 1.0, 0.0]);
        assert_eq!((dataset.raw(1), dataset.raw(2)), (vec![102, 255], vec![]));
    }

    #[test]
    fn samples_are_selected_in_order_and_refused_if_they_do_not_exist() {
        let features = Features::Bytes(DMatrix::from_vec(1, 3, vec![7, 8, 9]));
        let dataset = Dataset::new(features, classes(&[0, 1, 1])).unwrap();
        let selected = dataset.select(&[2, 0, 2]).unwrap();
        assert_eq!((selected.raw(0), selected.raw(1), selected.raw(2)), (vec![9], vec![7], vec![9]));
        assert_eq!(selected.classes(), Some(&[1, 0, 1][..]));
        assert_eq!(dataset.select(&[0, 3]), Err(DatasetError::NoSample { sample: 3, samples: 3 }));
        assert_eq!(dataset.select(&[]), Err(DatasetError::Empty { samples: 0, inputs: 1 }));
        assert_eq!(dataset.first(2), dataset.select(&[0, 1]).unwrap());
    }
}
