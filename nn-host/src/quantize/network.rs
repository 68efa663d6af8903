//! The layers of bytes, each the counterpart of one of floats.

use nn_core::activation::AnyActivation;
use nn_core::int8::{self, Clamp, Multiplier, MultiplierError, Quantization, Rounding, Softmax, table};

use super::survey::{Point, Survey};
use super::weights::Weights;
use super::{QuantizeError, QuantizeOptions, WeightWidth};
use crate::layer::{
    ActivationLayer, DenseLayer, DequantizeLayer, Int4DenseLayer, Int8DenseLayer, Int8SoftmaxLayer, Int8TableLayer,
    LayerKind, ModelLayer, Names, Policy, QuantizeLayer, ScaleLayer,
};
use crate::model::Model;

/// The layers of bytes of a folded model.
#[derive(Clone, Debug)]
pub(super) struct Network {
    /// A scaling a feature, in floats.
    front: Option<ScaleLayer>,
    start: QuantizeLayer,
    /// The counterparts of the layers of floats from the first behind the scaling on.
    layers: Vec<LayerKind>,
    end: DequantizeLayer,
}

impl Network {
    /// `widths` has one for each layer of the model; those of layers without weights are not looked at.
    pub(super) fn of(
        model: &Model,
        survey: &Survey,
        options: &QuantizeOptions,
        widths: &[WeightWidth],
    ) -> Result<Self, QuantizeError> {
        let front = match model.layers().first().map(ModelLayer::kind) {
            Some(LayerKind::Scale(scale)) => Some(scale.clone()),
            _ => None,
        };
        let first = usize::from(front.is_some());
        let mut layers = Vec::new();
        for ((place, layer), &weights) in model.layers().iter().enumerate().zip(widths).skip(first) {
            let (Some(before), Some(behind)) = (survey.before(place), survey.behind(place)) else { continue };
            let options = QuantizeOptions { weights, ..*options };
            let counterpart = counterpart(layer.kind(), before, behind, &options);
            let multiplier = |source| QuantizeError::Multiplier { layer: layer.name().to_owned(), source };
            layers.extend(counterpart.map_err(multiplier)?);
        }
        let input = survey.before(first).ok_or(QuantizeError::NoDense)?.quantization;
        let output = survey.before(model.layers().len()).ok_or(QuantizeError::NoDense)?.quantization;
        let start = QuantizeLayer { units: model.inputs(), output: input };
        Ok(Self { front, start, layers, end: DequantizeLayer { units: model.outputs(), input: output } })
    }

    /// The position among all layers of floats of the first that has a counterpart.
    pub(super) fn first(&self) -> usize {
        usize::from(self.front.is_some())
    }

    /// The counterparts of the layers of floats from [`first`](Self::first) on.
    pub(super) fn layers(&self) -> &[LayerKind] {
        &self.layers
    }

    /// All layers, named as a file's are.
    pub(super) fn whole(&self, model: &Model) -> Vec<ModelLayer> {
        let mut names = Names::default();
        let front = model.layers().iter().take(self.first()).map(|layer| layer.kind().clone());
        let kinds = front.chain([self.start.clone().into()]).chain(self.layers.iter().cloned());
        let named = |kind: LayerKind| ModelLayer::new(names.next(kind.keras_name()), kind, Policy::default());
        kinds.chain([self.end.clone().into()]).map(named).collect()
    }
}

/// The layer of bytes that does what one of floats does; `None` for what a folded model does not have.
fn counterpart(
    layer: &LayerKind,
    before: &Point,
    behind: &Point,
    options: &QuantizeOptions,
) -> Result<Option<LayerKind>, MultiplierError> {
    Ok(match layer {
        LayerKind::Dense(layer) => Some(of_width(dense(layer, before, behind.quantization, options)?, options.weights)),
        LayerKind::Activation(layer) => {
            Some(activation(layer, [before, behind].map(|point| point.quantization), options.rounding)?)
        }
        _ => None,
    })
}

/// A dense layer in as many bits as its weights have.
fn of_width(layer: Int8DenseLayer, width: WeightWidth) -> LayerKind {
    match width {
        WeightWidth::Int4 => Int4DenseLayer::new(layer.clone()).map_or_else(|_| layer.into(), Into::into),
        WeightWidth::Int8 => layer.into(),
    }
}

fn dense(
    layer: &DenseLayer,
    before: &Point,
    output: Quantization,
    options: &QuantizeOptions,
) -> Result<Int8DenseLayer, MultiplierError> {
    let input = before.quantization;
    let mut b: Vec<f32> = layer.bias.iter().flat_map(|bias| bias.iter().copied()).collect();
    b.resize(layer.kernel.nrows(), 0.0);
    let weights = Weights::of(&layer.kernel, &b, before, options);
    if options.bias_correction {
        let errors = weights.mean_errors(&layer.kernel, &before.means);
        #[expect(clippy::cast_possible_truncation, reason = "a bias is an f32")]
        b.iter_mut().zip(errors).for_each(|(b, error)| *b = (f64::from(*b) - error) as f32);
    }
    let mut bias = weights.bias(&b, input);
    int8::fold_zero_point(input.zero_point(), &weights.kernel, &mut bias);
    let multipliers = weights.scales.iter().map(|scale| Multiplier::dense(input, *scale, output));
    Ok(Int8DenseLayer {
        inputs: layer.kernel.ncols(),
        multipliers: multipliers.collect::<Result<_, _>>()?,
        bias,
        kernel: weights.kernel,
        weight_scales: weights.scales,
        input,
        output,
        clamp: match layer.activation {
            AnyActivation::Relu(_) => Clamp::relu(output),
            AnyActivation::Relu6(_) => Clamp::relu6(output),
            _ => Clamp::NONE,
        },
        rounding: options.rounding,
        packed: None,
    })
}

/// A table or a softmax; tables are those of the interpreter whose rounding is asked for.
fn activation(
    &ActivationLayer { units, activation }: &ActivationLayer,
    [input, output]: [Quantization; 2],
    rounding: Rounding,
) -> Result<LayerKind, MultiplierError> {
    let table = match (activation, rounding) {
        (AnyActivation::Softmax(_), _) => {
            let softmax = Softmax::new(input, 1.0)?;
            return Ok(Int8SoftmaxLayer { units, beta: 1.0, softmax, input }.into());
        }
        (AnyActivation::Sigmoid(_), Rounding::Tflm) => table::tflm_sigmoid(input),
        (AnyActivation::Tanh(_), Rounding::Tflm) => table::tflm_tanh(input),
        (AnyActivation::LeakyRelu(kind), _) => table::leaky_relu(kind, input, output)?,
        // Log softmax, which alone has none, is not in a folded model.
        _ => table::of(activation, input, output).unwrap_or([output.zero_point(); 256]),
    };
    Ok(Int8TableLayer { units, activation, table, input, output }.into())
}
