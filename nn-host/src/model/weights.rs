//! Takes over all weights of a model from elsewhere, each by its name; they are checked before the first is changed.

use super::Model;
use crate::layer::Tensor;

/// Weights that do not fit a model.
///
/// ```
/// use nn_host::{layer::Tensor, model::WeightsError, prelude::*};
/// let mut model = Sequential::new(3).dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), [])?;
/// let transposed = Tensor::new("dense/kernel", [2, 3], &[0.0; 6]);
/// let error = model.set_weights(&[transposed, Tensor::new("dense/bias", [2], &[0.0; 2])]).unwrap_err();
/// assert_eq!(error.to_string(), "dense/kernel has the shape [2, 3], the model's has [3, 2]");
/// # Ok::<(), nn_host::model::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// A tensor that the model does not have.
    #[error("the model has no {name}; it has {}", known.join(", "))]
    Unknown {
        /// Its name.
        name: String,
        /// The names of the model's tensors.
        known: Vec<String>,
    },
    /// A tensor of the model that is not there.
    #[error("{name} is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor that comes more than once.
    #[error("{name} is there twice")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A tensor of another shape.
    #[error("{name} has the shape {found:?}, the model's has {expected:?}")]
    Shape {
        /// Its name.
        name: String,
        /// The shape in the model.
        expected: Vec<usize>,
        /// The shape found.
        found: Vec<usize>,
    },
    /// Values that do not fill the shape, or more than that.
    #[error("{name} has {found} values, its shape {shape:?} needs {expected}")]
    Count {
        /// Its name.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Values that the shape needs.
        expected: usize,
        /// Values found.
        found: usize,
    },
    /// A value that is infinite or not a number.
    #[error("value {place} of {name} is {value}, it must be finite")]
    NotFinite {
        /// The name of the tensor.
        name: String,
        /// Which value, from 0.
        place: usize,
        /// The value.
        value: f32,
    },
}

impl Model {
    /// Takes over all weights and statistics from elsewhere, in any order: from another model, or from another program.
    ///
    /// ```
    /// use nn_host::{layer::Tensor, prelude::*};
    /// let model = || Sequential::new(3).dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), []);
    /// let (mut model, mut copy) = (model()?, model()?);
    /// let kernel = [0.5, -0.25, 0.75, 1.0, 0.0, 0.125]; // [3][2], row after row
    /// model.set_weights(&[Tensor::new("dense/bias", [2], &[0.0, 0.5]), Tensor::new("dense/kernel", [3, 2], &kernel)])?;
    /// assert_eq!(model.weights()[0].values, kernel);
    /// copy.set_weights(&model.weights())?;
    /// assert_eq!(copy.weights_sha256(), model.weights_sha256());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WeightsError`] if they are not those of this model by name and shape, or not finite; the model stays as it is.
    pub fn set_weights(&mut self, weights: &[Tensor<'_>]) -> Result<(), WeightsError> {
        let values = fitting(&self.weights(), weights)?;
        let tensors = self.layers.tensors_mut().into_iter().zip(values);
        tensors.for_each(|(tensor, values)| tensor.copy_from_slice(values));
        Ok(())
    }
}

/// The values for each of these tensors, in their order.
fn fitting<'w>(tensors: &[Tensor<'_>], weights: &[Tensor<'w>]) -> Result<Vec<&'w [f32]>, WeightsError> {
    let is_known = |name: &str| tensors.iter().any(|tensor| tensor.name == name);
    if let Some(Tensor { name, .. }) = weights.iter().find(|tensor| !is_known(&tensor.name)) {
        let known = tensors.iter().map(|tensor| tensor.name.clone()).collect();
        return Err(WeightsError::Unknown { name: name.clone(), known });
    }
    tensors.iter().map(|tensor| values_for(tensor, weights)).collect()
}

/// The values for one tensor.
fn values_for<'w>(tensor: &Tensor<'_>, weights: &[Tensor<'w>]) -> Result<&'w [f32], WeightsError> {
    let name = tensor.name.clone();
    let mut of_name = weights.iter().filter(|of| of.name == name);
    match (of_name.next(), of_name.next()) {
        (None, _) => Err(WeightsError::Missing { name }),
        (_, Some(_)) => Err(WeightsError::Twice { name }),
        (Some(found), None) => check(tensor, found).map(|()| found.values),
    }
}

/// Checks shape and values of a tensor of the right name.
fn check(tensor: &Tensor<'_>, found: &Tensor<'_>) -> Result<(), WeightsError> {
    let (name, expected) = (tensor.name.clone(), tensor.values.len());
    if tensor.shape != found.shape {
        return Err(WeightsError::Shape { name, expected: tensor.shape.clone(), found: found.shape.clone() });
    }
    if expected != found.values.len() {
        return Err(WeightsError::Count { name, shape: found.shape.clone(), expected, found: found.values.len() });
    }
    match found.values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((place, &value)) => Err(WeightsError::NotFinite { name, place, value }),
    }
}

#[cfg(test)]
mod tests {
    use super::WeightsError;
    use crate::layer::Tensor;
    use crate::prelude::{CategoricalCrossentropy, Model, Sequential, Sgd, Softmax};

    const KERNEL: [f32; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

    fn model() -> Model {
        Sequential::new(3).dense(2, Softmax).compile(CategoricalCrossentropy, Sgd::default(), []).unwrap()
    }

    fn kernel(values: &[f32]) -> Tensor<'_> {
        Tensor::new("dense/kernel", [3, 2], values)
    }

    fn bias(values: &[f32]) -> Tensor<'_> {
        Tensor::new("dense/bias", [2], values)
    }

    #[test]
    fn a_tensor_goes_where_its_name_says() {
        let mut model = model();
        model.set_weights(&[bias(&[7.0, 8.0]), kernel(&KERNEL)]).unwrap();
        let found: Vec<_> = model.weights().iter().map(|tensor| tensor.values.to_vec()).collect();
        assert_eq!(found, [KERNEL.to_vec(), vec![7.0, 8.0]]);
    }

    #[test]
    fn what_does_not_fit_is_named_and_changes_nothing() {
        let mut model = model();
        let before = model.clone();
        let mut error = |weights: &[Tensor<'_>]| model.set_weights(weights).unwrap_err().to_string();
        let good = bias(&[0.0; 2]);
        assert_eq!(error(core::slice::from_ref(&good)), "dense/kernel is missing");
        assert_eq!(error(&[kernel(&KERNEL), good.clone(), good.clone()]), "dense/bias is there twice");
        let stranger = Tensor::new("dense_1/bias", [2], &[0.0; 2]);
        let expected = "the model has no dense_1/bias; it has dense/kernel, dense/bias";
        assert_eq!(error(&[kernel(&KERNEL), good.clone(), stranger]), expected);
        let short = "dense/kernel has 5 values, its shape [3, 2] needs 6";
        assert_eq!(error(&[kernel(&KERNEL[..5]), good.clone()]), short);
        let nan = [0.0, f32::NAN];
        assert_eq!(error(&[kernel(&KERNEL), bias(&nan)]), "value 1 of dense/bias is NaN, it must be finite");
        let flat = Tensor::new("dense/kernel", [6], &KERNEL);
        let shape = WeightsError::Shape { name: flat.name.clone(), expected: vec![3, 2], found: vec![6] };
        assert_eq!(error(&[flat, good]), shape.to_string());
        assert_eq!(model, before);
    }
}
