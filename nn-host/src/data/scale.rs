//! Input scaling a feature, x ↦ (x − offset) · scale, fitted on training data: the numbers of nn-core's layer `Scale`.

use nalgebra::DMatrix;

use super::Dataset;
use super::statistics::Moments;

/// How features are scaled.
///
/// ```
/// use nn_host::data::ScaleMethod;
/// assert_eq!(ScaleMethod::from_name("minmax"), Some(ScaleMethod::MinMax));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleMethod {
    /// To mean 0 and standard deviation 1: offset is the mean, scale 1/√(Σ(x − mean)²/n).
    Standard,
    /// To the range from 0 to 1: offset is the least value, scale 1/(largest − least).
    MinMax,
}

impl ScaleMethod {
    /// The names of all methods.
    pub const NAMES: &'static [&'static str] = &["standard", "minmax"];

    /// The method of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "standard" => Some(Self::Standard),
            "minmax" => Some(Self::MinMax),
            _ => None,
        }
    }
}

/// A feature that cannot be scaled.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("feature {feature} cannot be scaled: its values from {least} to {most} are too far apart or too close for f32")]
pub struct ScaleError {
    /// The feature, from 0.
    pub feature: usize,
    /// Its least value.
    pub least: f32,
    /// Its largest value.
    pub most: f32,
}

/// Offset and scale of each feature.
///
/// They are computed in f32, in the order of the samples, by sums that carry along what is rounded away; so they depend
/// on the data alone, and are about as exact as f32 is for any number of samples.
///
/// ```
/// # use nalgebra::DMatrix;
/// use nn_host::data::{Dataset, FeatureScale, Features, ScaleMethod, Targets};
///
/// let x = DMatrix::from_column_slice(2, 3, &[0.0, 5.0, 2.0, 5.0, 4.0, 5.0]); // three samples of two features
/// let data = Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(1, 3)))?;
/// let scale = FeatureScale::fit(ScaleMethod::MinMax, &data)?;
/// assert_eq!((scale.offset(), scale.scale()), (&[0.0, 5.0][..], &[0.25, 1.0][..])); // a constant is not scaled
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureScale {
    offset: Vec<f32>,
    scale: Vec<f32>,
}

impl FeatureScale {
    /// Scales the features of this data, as a network sees them, by its samples in order.
    ///
    /// # Errors
    /// [`ScaleError`] if the values of a feature have no range in f32.
    pub fn fit(method: ScaleMethod, data: &Dataset) -> Result<Self, ScaleError> {
        let mut fit = ScaleFit::new(data.inputs());
        fit.add(data);
        fit.finish(method)
    }

    /// The same, but for these features, which stay as they are: such as categories, 0 or 1.
    #[must_use]
    pub fn without(mut self, unscaled: impl IntoIterator<Item = bool>) -> Self {
        for ((offset, scale), unscaled) in self.offset.iter_mut().zip(&mut self.scale).zip(unscaled) {
            if unscaled {
                (*offset, *scale) = (0.0, 1.0);
            }
        }
        self
    }

    /// What is taken from each feature.
    #[must_use]
    pub fn offset(&self) -> &[f32] {
        &self.offset
    }

    /// What each difference is multiplied by.
    #[must_use]
    pub fn scale(&self) -> &[f32] {
        &self.scale
    }
}

/// A scaling that is fitted to data in parts, such as the windows of a [`DataSource`](super::DataSource).
///
/// ```
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Dataset, Features, Targets};
/// use nn_host::data::{FeatureScale, ScaleFit, ScaleMethod};
///
/// # let x = DMatrix::from_row_slice(1, 4, &[1.0, 2.0, 4.0, 9.0]);
/// # let data = Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(1, 4)))?;
/// let mut fit = ScaleFit::new(1);
/// fit.add(&data.select(&[0, 1])?);
/// fit.add(&data.select(&[2, 3])?);
/// assert_eq!(fit.finish(ScaleMethod::Standard), FeatureScale::fit(ScaleMethod::Standard, &data));
/// # Ok::<(), nn_host::data::DatasetError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScaleFit {
    features: Vec<Moments>,
}

impl ScaleFit {
    /// No samples of so many features.
    #[must_use]
    pub fn new(inputs: usize) -> Self {
        Self { features: vec![Moments::NONE; inputs] }
    }

    /// Takes more samples, in their order.
    pub fn add(&mut self, data: &Dataset) {
        /// Samples that are scaled at a time.
        const BATCH: usize = 256;
        let samples: Vec<usize> = (0..data.len()).collect();
        for samples in samples.chunks(BATCH) {
            let mut x = DMatrix::zeros(data.inputs(), samples.len());
            data.gather_inputs(samples, data.scaling(), &mut x);
            for sample in x.as_slice().chunks_exact(data.inputs().max(1)) {
                self.features.iter_mut().zip(sample).for_each(|(feature, &x)| feature.add(x));
            }
        }
    }

    /// The scaling of all samples taken.
    ///
    /// # Errors
    /// [`ScaleError`] if the values of a feature have no range in f32, or no sample was taken.
    pub fn finish(&self, method: ScaleMethod) -> Result<FeatureScale, ScaleError> {
        let both = self.features.iter().enumerate().map(|(feature, moments)| {
            let Moments { least, most, .. } = *moments;
            let (offset, width) = match method {
                ScaleMethod::Standard => (moments.mean(), moments.deviation()),
                ScaleMethod::MinMax => (least, most - least),
            };
            let scale = if least < most { 1.0 / width } else { 1.0 };
            let is_usable = least <= most && offset.is_finite() && width.is_finite() && scale.is_finite();
            if is_usable { Ok((offset, scale)) } else { Err(ScaleError { feature, least, most }) }
        });
        let (offset, scale) = both.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        Ok(FeatureScale { offset, scale })
    }
}

#[cfg(test)]
mod tests {
    use super::{FeatureScale, ScaleError, ScaleFit, ScaleMethod};
    use crate::data::{Dataset, Features, Targets};
    use nalgebra::DMatrix;

    fn dataset(values: &[f32]) -> Dataset {
        let x = DMatrix::from_row_slice(1, values.len(), values);
        Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(1, values.len()))).unwrap()
    }

    #[test]
    fn standardized_features_have_mean_0_and_deviation_1() {
        let values: Vec<f32> = (0..1000).map(|k| 300.0 + (k * k % 97) as f32).collect();
        let fitted = FeatureScale::fit(ScaleMethod::Standard, &dataset(&values)).unwrap();
        let scaled: Vec<f32> = values.iter().map(|x| (x - fitted.offset()[0]) * fitted.scale()[0]).collect();
        let again = FeatureScale::fit(ScaleMethod::Standard, &dataset(&scaled)).unwrap();
        assert!(again.offset()[0].abs() < 1e-5 && (again.scale()[0] - 1.0).abs() < 1e-5, "{again:?}");
    }

    #[test]
    fn bytes_are_scaled_as_a_network_sees_them() {
        let bytes = Features::Bytes(DMatrix::from_row_slice(1, 2, &[0, 51]));
        let data = Dataset::new(bytes, Targets::Values(DMatrix::zeros(1, 2))).unwrap();
        let fitted = FeatureScale::fit(ScaleMethod::MinMax, &data).unwrap();
        assert!((fitted.scale()[0] - 5.0).abs() < 1e-5, "{fitted:?}");
    }

    #[test]
    fn a_constant_becomes_zero() {
        let fitted = FeatureScale::fit(ScaleMethod::Standard, &dataset(&[0.1; 100])).unwrap();
        assert_eq!((fitted.offset(), fitted.scale()), (&[0.1][..], &[1.0][..]));
    }

    #[test]
    fn some_features_can_stay_as_they_are() {
        let fitted = FeatureScale::fit(ScaleMethod::MinMax, &dataset(&[2.0, 6.0])).unwrap();
        assert_eq!(fitted.clone().without([false]), fitted);
        let unscaled = fitted.without([true]);
        assert_eq!((unscaled.offset(), unscaled.scale()), (&[0.0][..], &[1.0][..]));
    }

    #[test]
    fn values_without_a_range_in_f32_are_refused() {
        for (values, method) in [
            ([-3e38, 3e38], ScaleMethod::MinMax),
            ([-3e38, 3e38], ScaleMethod::Standard),
            ([0.0, 1e-45], ScaleMethod::MinMax),
            ([0.0, 1e-30], ScaleMethod::Standard),
        ] {
            let error = FeatureScale::fit(method, &dataset(&values)).unwrap_err();
            assert_eq!(error, ScaleError { feature: 0, least: values[0], most: values[1] });
        }
        assert!(ScaleFit::new(1).finish(ScaleMethod::Standard).is_err());
    }
}
