//! How much each sample counts: its own weight times that of its class.

use super::{ClassWeight, FitError};
use crate::data::Dataset;

/// The weight of each sample; none where all count the same.
pub(crate) fn weights(
    data: &Dataset,
    of_classes: &ClassWeight,
    of_samples: Option<&[f32]>,
) -> Result<Option<Vec<f32>>, FitError> {
    if let Some(weights) = of_samples {
        check("samples", "sample", data.len(), weights)?;
    }
    let classes = data.classes().unwrap_or_default();
    let of_classes = match of_classes {
        ClassWeight::None => return Ok(of_samples.map(<[f32]>::to_vec)),
        ClassWeight::Balanced => balanced(data.outputs(), classes),
        ClassWeight::Given(weights) => weights.clone(),
    };
    check("classes", "class", if classes.is_empty() { 0 } else { data.outputs() }, &of_classes)?;
    let of_class = |class: &u32| of_classes.get(*class as usize).copied().unwrap_or(1.0);
    let mut weights: Vec<f32> = classes.iter().map(of_class).collect();
    weights.iter_mut().zip(of_samples.unwrap_or_default()).for_each(|(weight, &of_sample)| *weight *= of_sample);
    Ok(Some(weights))
}

/// Samples / (classes · samples of the class); 0 for a class without samples.
#[expect(clippy::cast_precision_loss, reason = "counts of samples, for weights of seven digits")]
fn balanced(count: usize, classes: &[u32]) -> Vec<f32> {
    let mut counts = vec![0_usize; count];
    for &class in classes {
        counts.get_mut(class as usize).into_iter().for_each(|count| *count += 1);
    }
    let weight = |of_class| if of_class == 0 { 0.0 } else { classes.len() as f32 / (count * of_class) as f32 };
    counts.into_iter().map(weight).collect()
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
