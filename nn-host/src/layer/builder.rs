//! Builds layers with their initial weights, as they are planned.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use nn_core::format;
use nn_core::init::{AnyInitializer, Initializer};
use nn_core::layer::{DropoutRate, Stddev};
use nn_core::random::{Purpose, Stream};

use super::plan::Kind;
use super::{
    ActivationLayer, AlphaDropoutLayer, BatchNormalizationLayer, DenseLayer, DropoutLayer, GaussianNoiseLayer,
    LayerError, LayerKind, LayerNormalizationLayer, LayerPlan, ModelLayer, PreluLayer, ResidualLayer, ScaleLayer,
    Stack,
};

/// The most units of a layer, as in the model file.
const MOST_UNITS: usize = format::MOST_UNITS as usize;

/// The most weights of a layer: 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

/// Builds the layers of a model in order.
#[derive(Debug)]
pub(crate) struct Builder {
    seed: u64,
    initializer: AnyInitializer,
    /// Layers so far, those inside of blocks and the blocks themselves included.
    position: u16,
    names: Names,
}

impl Builder {
    /// Nothing built yet; `initializer` is for kernels without one of their own.
    pub(crate) fn new(seed: u64, initializer: AnyInitializer) -> Self {
        Self { seed, initializer, position: 0, names: Names::default() }
    }

    /// The planned layers, one after the other.
    pub(crate) fn stack(&mut self, inputs: usize, plans: &[LayerPlan]) -> Result<Stack, LayerError> {
        let mut layers: Vec<ModelLayer> = Vec::with_capacity(plans.len());
        for plan in plans {
            let width = layers.last().map_or(inputs, ModelLayer::outputs);
            layers.push(self.layer(width, plan)?);
        }
        Ok(Stack::new(inputs, layers))
    }

    fn layer(&mut self, inputs: usize, plan: &LayerPlan) -> Result<ModelLayer, LayerError> {
        let name = self.names.of(plan)?;
        let position = self.position;
        self.position = position.checked_add(1).ok_or(LayerError::TooManyLayers)?;
        plan.check(&name)?;
        let kind = match &plan.kind {
            Kind::Dense { units, activation, has_bias } => {
                let (kernel, bias) = self.weights(&name, position, (inputs, *units), plan)?;
                let bias = has_bias.then_some(bias);
                DenseLayer { kernel, bias, activation: *activation }.into()
            }
            Kind::Activation(activation) => ActivationLayer { units: inputs, activation: *activation }.into(),
            Kind::Dropout { rate } => DropoutLayer { units: inputs, rate: checked(*rate, &name)? }.into(),
            Kind::AlphaDropout { rate } => AlphaDropoutLayer { units: inputs, rate: checked(*rate, &name)? }.into(),
            Kind::GaussianNoise { stddev } => {
                let wrong = |source| LayerError::Stddev { layer: name.clone(), source };
                GaussianNoiseLayer { units: inputs, stddev: Stddev::new(*stddev).map_err(wrong)? }.into()
            }
            Kind::Prelu => PreluLayer { alpha: vec![0.0; inputs] }.into(),
            Kind::Scale { offset, scale } if [offset, scale].iter().all(|values| values.len() == inputs) => {
                ScaleLayer { offset: offset.clone(), scale: scale.clone() }.into()
            }
            Kind::Scale { offset, scale } => {
                return Err(LayerError::Scale { layer: name, inputs, offsets: offset.len(), scales: scale.len() });
            }
            Kind::BatchNormalization => BatchNormalizationLayer::new(inputs).into(),
            Kind::LayerNormalization => LayerNormalizationLayer::new(inputs).into(),
            Kind::Residual { branch, is_projected } => self.residual(&name, inputs, (branch, *is_projected), plan)?,
        };
        Ok(ModelLayer::new(name, kind, plan.policy.clone()))
    }

    fn residual(
        &mut self,
        name: &str,
        inputs: usize,
        (branch, is_projected): (&[LayerPlan], bool),
        plan: &LayerPlan,
    ) -> Result<LayerKind, LayerError> {
        if branch.is_empty() {
            return Err(LayerError::Empty { layer: name.to_owned() });
        }
        let branch = self.stack(inputs, branch)?;
        let outputs = branch.outputs();
        let position = self.position;
        self.position = position.checked_add(1).ok_or(LayerError::TooManyLayers)?;
        let projection = match is_projected {
            true => Some(self.weights(name, position, (inputs, outputs), plan)?.0),
            false if inputs == outputs => None,
            false => return Err(LayerError::Shortcut { layer: name.to_owned(), inputs, outputs }),
        };
        let activation = nn_core::activation::Identity.into();
        let projection = projection.map(|kernel| DenseLayer { kernel, bias: None, activation });
        Ok(ResidualLayer { branch, projection }.into())
    }

    /// The initial kernel and bias of the layer at this position.
    fn weights(
        &self,
        name: &str,
        position: u16,
        (inputs, units): (usize, usize),
        plan: &LayerPlan,
    ) -> Result<(DMatrix<f32>, DVector<f32>), LayerError> {
        let counts = [inputs, units].iter().all(|count| (1..=MOST_UNITS).contains(count));
        if !counts || inputs.checked_mul(units).is_none_or(|weights| weights > MOST_WEIGHTS) {
            return Err(LayerError::Units { layer: name.to_owned(), inputs, units });
        }
        let seed = plan.seed.unwrap_or(self.seed);
        let stream = |index| Stream::new(seed, Purpose::Initialize { layer: position }, 0, index);
        let (mut kernel, mut bias) = (DMatrix::zeros(units, inputs), DVector::zeros(units));
        let initializer = plan.kernel_initializer.unwrap_or(self.initializer);
        initializer.fill(inputs, units, &mut stream(0), kernel.as_mut_slice());
        plan.bias_initializer.fill(units, units, &mut stream(1), bias.as_mut_slice());
        Ok((kernel, bias))
    }
}

fn checked(rate: f32, name: &str) -> Result<DropoutRate, LayerError> {
    DropoutRate::new(rate).map_err(|source| LayerError::Rate { layer: name.to_owned(), source })
}

/// Names as Keras gives them: `dense`, `dense_1` …
#[derive(Debug, Default)]
pub(crate) struct Names {
    counts: BTreeMap<&'static str, usize>,
    given: Vec<String>,
}

impl Names {
    fn of(&mut self, plan: &LayerPlan) -> Result<String, LayerError> {
        let name = match &plan.name {
            Some(name) => name.clone(),
            None => self.next(plan.kind.keras_name()),
        };
        if self.given.contains(&name) {
            return Err(LayerError::Name { name });
        }
        self.given.push(name.clone());
        Ok(name)
    }

    /// The next name of this kind of layer.
    pub(crate) fn next(&mut self, kind: &'static str) -> String {
        let count = self.counts.entry(kind).or_default();
        let name = if *count == 0 { kind.to_owned() } else { format!("{kind}_{count}") };
        *count += 1;
        name
    }
}
