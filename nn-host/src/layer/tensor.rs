//! The tensors of a layer, each by its name in Keras.

use nn_core::optimizer;

use super::batch::Batch;

/// A tensor of a layer: weights, or statistics that follow the data.
///
/// ```
/// use nn_host::prelude::*;
/// let model = Sequential::new(3).dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), [])?;
/// let kernel = model.weights().remove(0);
/// assert_eq!((kernel.name.as_str(), kernel.shape.as_slice(), kernel.values.len()), ("dense/kernel", [3, 2].as_slice(), 6));
/// # Ok::<(), nn_host::model::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor<'l> {
    /// The name as in Keras: `kernel`, or `dense_1/kernel` with that of its layer.
    pub name: String,
    /// The sizes, outermost first: `[IN, OUT]` of a kernel, `[UNITS]` of a bias.
    pub shape: Vec<usize>,
    /// What it is in a step of training; `None` for statistics, which no optimizer moves.
    pub role: Option<optimizer::Tensor>,
    /// The values, row after row.
    pub values: &'l [f32],
}

impl<'l> Tensor<'l> {
    /// A tensor from elsewhere, to be taken over by [`Model::set_weights`](crate::model::Model::set_weights).
    ///
    /// # Shapes
    /// - `values`: as many as the product of `shape`, row after row
    pub fn new(name: impl Into<String>, shape: impl Into<Vec<usize>>, values: &'l [f32]) -> Self {
        Self { name: name.into(), shape: shape.into(), role: None, values }
    }
}

/// The same tensors, to be changed.
pub(crate) type TensorsMut<'l> = Vec<&'l mut [f32]>;

/// A kernel, `[IN][OUT]`.
pub(super) fn of_kernel(values: &[f32], inputs: usize, outputs: usize) -> Tensor<'_> {
    Tensor { name: "kernel".to_owned(), shape: vec![inputs, outputs], role: Some(optimizer::Tensor::Kernel), values }
}

/// A vector with a value a unit.
pub(super) fn vector<'l>(name: &str, role: Option<optimizer::Tensor>, values: &'l [f32]) -> Tensor<'l> {
    Tensor { name: name.to_owned(), shape: vec![values.len()], role, values }
}

/// The two columns of a matrix.
pub(super) fn halves(values: &Batch) -> (&[f32], &[f32]) {
    values.as_slice().split_at(values.nrows())
}

/// The two columns of a matrix, to be changed.
pub(super) fn halves_mut(values: &mut Batch) -> (&mut [f32], &mut [f32]) {
    let rows = values.nrows();
    values.as_mut_slice().split_at_mut(rows)
}
