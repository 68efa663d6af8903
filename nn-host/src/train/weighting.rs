//! How much each sample counts: its own weight times that of its class.

use super::{ClassWeight, FitError, FitOptions};
use crate::data::{DataSource, Dataset};

/// How much each sample counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weighting<'o> {
    of_classes: Option<Vec<f32>>,
    of_samples: Option<&'o [f32]>,
}

impl<'o> Weighting<'o> {
    /// In a data set.
    pub(super) fn of_data(
        data: &Dataset,
        class_weight: &ClassWeight,
        of_samples: Option<&'o [f32]>,
    ) -> Result<Self, FitError> {
        if let Some(weights) = of_samples {
            check("samples", "sample", data.len(), weights)?;
        }
        let of_classes = of_classes(class_weight, || Some(counts(data)))?;
        if let Some(weights) = &of_classes {
            check("classes", "class", data.classes().map_or(0, |_| data.outputs()), weights)?;
        }
        Ok(Self { of_classes, of_samples })
    }

    /// In a source, whose samples have no numbers; `first` is some of it.
    pub(super) fn of_source<S: DataSource>(
        source: &S,
        first: &Dataset,
        options: &FitOptions<'o>,
    ) -> Result<Self, FitError> {
        if options.sample_weight.is_some() {
            return Err(FitError::SampleWeight);
        }
        let of_classes = of_classes(&options.class_weight, || source.class_counts().map(<[usize]>::to_vec))?;
        if let Some(weights) = &of_classes {
            check("classes", "class", first.classes().map_or(0, |_| first.outputs()), weights)?;
        }
        Ok(Self { of_classes, of_samples: None })
    }

    /// The weights of these samples; none where all count the same.
    pub(super) fn weights(&self, data: &Dataset, samples: &[usize]) -> Option<impl Iterator<Item = f32>> {
        let classes = data.classes().unwrap_or_default();
        let of_class = move |sample: usize| Some(*self.of_classes.as_ref()?.get(*classes.get(sample)? as usize)?);
        let of_sample = move |sample: usize| self.of_samples.and_then(|weights| weights.get(sample).copied());
        let weight = move |&sample: &usize| of_class(sample).unwrap_or(1.0) * of_sample(sample).unwrap_or(1.0);
        (self.of_classes.is_some() || self.of_samples.is_some()).then(|| samples.iter().map(weight))
    }
}

/// The weights of all samples of a data set; none where all count the same.
pub(crate) fn weights(
    data: &Dataset,
    of_classes: &ClassWeight,
    of_samples: Option<&[f32]>,
) -> Result<Option<Vec<f32>>, FitError> {
    let samples: Vec<usize> = (0..data.len()).collect();
    Ok(Weighting::of_data(data, of_classes, of_samples)?.weights(data, &samples).map(Iterator::collect))
}

/// The weight of each class, if they have some.
fn of_classes(
    class_weight: &ClassWeight,
    counts: impl FnOnce() -> Option<Vec<usize>>,
) -> Result<Option<Vec<f32>>, FitError> {
    Ok(match class_weight {
        ClassWeight::None => None,
        ClassWeight::Balanced => Some(balanced(&counts().ok_or(FitError::Uncounted)?)),
        ClassWeight::Given(weights) => Some(weights.clone()),
    })
}

/// The samples of each class; none of any where targets are values.
fn counts(data: &Dataset) -> Vec<usize> {
    let mut counts = vec![0; data.outputs()];
    for &class in data.classes().unwrap_or_default() {
        counts.get_mut(class as usize).into_iter().for_each(|count| *count += 1);
    }
    counts
}

/// Samples / (classes · samples of the class); 0 for a class without samples.
#[expect(clippy::cast_precision_loss, reason = "counts of samples, for weights of seven digits")]
fn balanced(counts: &[usize]) -> Vec<f32> {
    let all: usize = counts.iter().sum();
    let weight = |&of_class: &usize| if of_class == 0 { 0.0 } else { all as f32 / (counts.len() * of_class) as f32 };
    counts.iter().map(weight).collect()
}

fn check(plural: &'static str, what: &'static str, expected: usize, weights: &[f32]) -> Result<(), FitError> {
    if weights.len() != expected {
        return Err(FitError::Weights { what: plural, expected, found: weights.len() });
    }
    match weights.iter().enumerate().find(|(_, weight)| !(weight.is_finite() && **weight >= 0.0)) {
        None => Ok(()),
        Some((number, &weight)) => Err(FitError::Weight { what, number, weight }),
    }
}

#[cfg(test)]
mod tests {
    use super::{ClassWeight, FitError, weights};
    use crate::data::{Dataset, Features, Targets};
    use nalgebra::DMatrix;

    fn data() -> Dataset {
        let names = ["a", "b"].map(String::from).to_vec();
        let targets = Targets::Classes { classes: vec![0, 1, 1, 1], names };
        Dataset::new(Features::Floats(DMatrix::zeros(1, 4)), targets).unwrap()
    }

    #[test]
    fn balanced_classes_count_the_same() {
        let found = weights(&data(), &ClassWeight::Balanced, None).unwrap().unwrap();
        assert_eq!(found, [2.0, 4.0 / 6.0, 4.0 / 6.0, 4.0 / 6.0]);
        let given = ClassWeight::Given(vec![1.0, 2.0]);
        let found = weights(&data(), &given, Some(&[1.0, 0.5, 1.0, 0.0])).unwrap().unwrap();
        assert_eq!(found, [1.0, 1.0, 2.0, 0.0]);
        assert_eq!(weights(&data(), &ClassWeight::None, None), Ok(None));
    }

    #[test]
    fn weights_that_do_not_fit_are_refused_by_number() {
        let error = |of_classes, of_samples| weights(&data(), &of_classes, of_samples).unwrap_err();
        let short = error(ClassWeight::Given(vec![1.0]), None);
        assert_eq!(short, FitError::Weights { what: "classes", expected: 2, found: 1 });
        let negative = error(ClassWeight::None, Some(&[1.0, 1.0, -1.0, 1.0]));
        assert_eq!(negative.to_string(), "the weight of sample 2 is -1, it must be at least 0 and finite");
        let values = Dataset::new(Features::Floats(DMatrix::zeros(1, 1)), Targets::Values(DMatrix::zeros(1, 1)));
        assert!(weights(&values.unwrap(), &ClassWeight::Given(vec![1.0]), None).is_err());
    }
}
