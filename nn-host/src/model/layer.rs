//! The layers of a model on the host: nn-core's layers with sizes known at run time.

use nalgebra::{DMatrix, DVector};
use nn_core::activation::AnyActivation;
use nn_core::format::DenseView;
use nn_core::layer::DropoutRate;

/// A layer of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelLayer {
    /// A dense layer.
    Dense(DenseLayer),
    /// A dropout layer.
    Dropout {
        /// Inputs, which are the outputs.
        units: usize,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
}

/// A dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseLayer {
    /// OUT×IN, so that its memory is `[IN][OUT]`.
    pub kernel: DMatrix<f32>,
    /// OUT
    pub bias: DVector<f32>,
    /// The activation.
    pub activation: AnyActivation,
}

impl DenseLayer {
    /// A copy of a dense layer of a model file.
    pub(super) fn from_view(view: &DenseView<'_>) -> Self {
        let (inputs, outputs) = (view.inputs as usize, view.outputs as usize);
        Self {
            kernel: DMatrix::from_column_slice(outputs, inputs, view.kernel),
            bias: DVector::from_column_slice(view.bias),
            activation: view.activation,
        }
    }
}

impl ModelLayer {
    /// Values of an output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.bias.len(),
            Self::Dropout { units, .. } => *units,
        }
    }

    /// The number of weights.
    #[must_use]
    pub fn parameters(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.kernel.len() + dense.bias.len(),
            Self::Dropout { .. } => 0,
        }
    }
}
