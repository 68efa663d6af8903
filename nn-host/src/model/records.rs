//! Layers as records of a model file, and back.

use nalgebra::DMatrix;
use nn_core::activation::Identity;
use nn_core::format::{FormatError, LayerView, Record};
use nn_core::int8::{Quantization, Requantization, Softmax};

use crate::layer::{
    ActivationLayer, AlphaDropoutLayer, BatchNormalizationLayer, ConcatenateLayer, DenseLayer, DequantizeLayer,
    DropoutLayer, FakeQuantizeLayer, GaussianNoiseLayer, Int4DenseLayer, Int8DenseLayer, Int8SoftmaxLayer,
    Int8TableLayer, LayerKind, LayerNormalizationLayer, ModelLayer, Names, Policy, PreluLayer, QuantizeLayer,
    RequantizeLayer, ResidualLayer, ScaleLayer, SkipLayer, Stack,
};

/// The records of layers, and the bytes of their tensors in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Layers<'l> {
    pub(super) records: Vec<Record<'l>>,
    pub(super) tensors: Vec<&'l [u8]>,
}

impl<'l> Layers<'l> {
    /// Those of a model.
    ///
    /// # Errors
    /// [`FormatError`] if a layer has more units than a file can say.
    pub(super) fn of(stack: &'l Stack) -> Result<Self, FormatError> {
        let mut layers = Self::default();
        layers.add_stack(stack)?;
        Ok(layers)
    }

    fn add_stack(&mut self, stack: &'l Stack) -> Result<(), FormatError> {
        stack.layers().iter().try_for_each(|layer| self.add(layer))
    }

    fn add(&mut self, layer: &'l ModelLayer) -> Result<(), FormatError> {
        let units = count(layer.outputs())?;
        match layer.kind() {
            LayerKind::Dense(dense) => self.add_dense(dense)?,
            LayerKind::Activation(layer) => self.records.push(Record::Activate { units, activation: layer.activation }),
            LayerKind::AlphaDropout(layer) => self.records.push(Record::AlphaDropout { units, rate: layer.rate }),
            LayerKind::GaussianNoise(layer) => self.records.push(Record::GaussianNoise { units, stddev: layer.stddev }),
            LayerKind::Dropout(dropout) => self.records.push(Record::Dropout { units, rate: dropout.rate }),
            LayerKind::BatchNormalization(layer) => {
                self.records.push(Record::BatchNorm { units });
                self.add_numbers([layer.parameters.as_slice(), layer.statistics.as_slice()]);
            }
            LayerKind::LayerNormalization(layer) => {
                self.records.push(Record::LayerNorm { units });
                self.add_numbers([layer.parameters.as_slice()]);
            }
            LayerKind::Prelu(layer) => {
                self.records.push(Record::Prelu { units });
                self.add_numbers([layer.alpha.as_slice()]);
            }
            LayerKind::Scale(layer) => {
                self.records.push(Record::Scale { units });
                self.add_numbers([layer.offset.as_slice(), layer.scale.as_slice()]);
            }
            LayerKind::Skip(_) => self.records.push(Record::Skip { units }),
            LayerKind::Residual(block) => {
                self.records.push(Record::Residual { branch: block.branch().count(), shortcut: 1 });
                self.add_stack(block.branch())?;
                match block.projection() {
                    Some(projection) => self.add_dense(projection)?,
                    None => self.records.push(Record::Skip { units }),
                }
            }
            LayerKind::Concatenate(block) => {
                let [first, second] = block.branches();
                self.records.push(Record::Concatenate { first: first.count(), second: second.count() });
                self.add_stack(first)?;
                self.add_stack(second)?;
            }
            LayerKind::FakeQuantize(layer) => {
                self.records
                    .extend([Record::Quantize { units, output: layer.quantization() }, Record::Dequantize { units }]);
            }
            kind => self.add_bytes(kind, units)?,
        }
        Ok(())
    }

    fn add_bytes(&mut self, kind: &'l LayerKind, units: u32) -> Result<(), FormatError> {
        match kind {
            LayerKind::Quantize(layer) => self.records.push(Record::Quantize { units, output: layer.output }),
            LayerKind::Int8Dense(layer) => {
                self.records.push(Record::Int8Dense(layer.record(count(layer.inputs)?, units)));
                self.tensors.extend(layer.tensor_bytes());
            }
            LayerKind::Int4Dense(layer) => {
                self.records.push(Record::Int4Dense(layer.record(count(layer.unpacked().inputs)?, units)));
                self.tensors.extend(layer.tensor_bytes());
            }
            LayerKind::Int8Table(layer) => {
                let (activation, output) = (layer.activation, layer.output);
                self.records.push(Record::Int8Table { units, activation, output });
                self.tensors.push(bytemuck::cast_slice(&layer.table));
            }
            LayerKind::Int8Softmax(layer) => {
                let (beta, multiplier) = (layer.beta, layer.softmax.multiplier());
                self.records.push(Record::Int8Softmax { units, beta, multiplier });
            }
            LayerKind::Requantize(layer) => {
                let (multiplier, output) = (layer.change.multiplier(), layer.output);
                self.records.push(Record::Requantize { units, multiplier, output });
            }
            LayerKind::Dequantize(_) => self.records.push(Record::Dequantize { units }),
            _ => {} // layers of numbers have been added
        }
        Ok(())
    }

    fn add_numbers<const N: usize>(&mut self, tensors: [&'l [f32]; N]) {
        self.tensors.extend(tensors.map(bytemuck::cast_slice::<f32, u8>));
    }

    fn add_dense(&mut self, dense: &'l DenseLayer) -> Result<(), FormatError> {
        let (inputs, outputs) = (count(dense.kernel.ncols())?, count(dense.kernel.nrows())?);
        let activation = dense.activation;
        self.add_numbers([dense.kernel.as_slice()]);
        let record = if let Some(bias) = &dense.bias {
            self.add_numbers([bias.as_slice()]);
            Record::Dense { inputs, outputs, activation }
        } else {
            Record::DenseWithoutBias { inputs, outputs, activation }
        };
        self.records.push(record);
        Ok(())
    }
}

fn count(count: usize) -> Result<u32, FormatError> {
    u32::try_from(count).map_err(|_| FormatError::Full { capacity: u32::MAX as usize })
}

/// Reads the layers of a checked file.
pub(super) fn read<'m>(inputs: usize, views: impl Iterator<Item = LayerView<'m>>) -> Stack {
    Reader { views: views.peekable(), names: Names::default() }.stack(inputs, usize::MAX)
}

struct Reader<'m, I: Iterator<Item = LayerView<'m>>> {
    views: core::iter::Peekable<I>,
    names: Names,
}

impl<'m, I: Iterator<Item = LayerView<'m>>> Reader<'m, I> {
    /// The next layers: so many, counting those inside of blocks, or all.
    fn stack(&mut self, inputs: usize, most: usize) -> Stack {
        let (mut layers, mut width, mut left) = (Vec::new(), inputs, most);
        while left > 0 && self.views.peek().is_some() {
            let Some(layer) = self.layer(width) else { break };
            width = layer.outputs();
            left = left.saturating_sub(usize::from(layer.count()));
            layers.push(layer);
        }
        Stack::new(inputs, layers)
    }

    fn layer(&mut self, units: usize) -> Option<ModelLayer> {
        let view = self.views.next()?;
        if let Some(output) = self.fake_quantization(&view) {
            let name = self.names.next(FakeQuantizeLayer::KERAS_NAME);
            return Some(ModelLayer::new(name, FakeQuantizeLayer::learned(units, output), Policy::default()));
        }
        let name = self.names.next(keras_name(&view));
        let kind: LayerKind = match view {
            LayerView::Dense(view) => DenseLayer::from_view(&view).into(),
            LayerView::Dropout { rate, .. } => DropoutLayer { units, rate }.into(),
            LayerView::Activate { activation, .. } => ActivationLayer { units, activation }.into(),
            LayerView::AlphaDropout { rate, .. } => AlphaDropoutLayer { units, rate }.into(),
            LayerView::GaussianNoise { stddev, .. } => GaussianNoiseLayer { units, stddev }.into(),
            LayerView::BatchNorm { parameters, statistics } => {
                let columns = |values| DMatrix::from_column_slice(units, 2, values);
                BatchNormalizationLayer { parameters: columns(parameters), statistics: columns(statistics) }.into()
            }
            LayerView::LayerNorm(parameters) => {
                LayerNormalizationLayer { parameters: DMatrix::from_column_slice(units, 2, parameters) }.into()
            }
            LayerView::Prelu(alpha) => PreluLayer { alpha: alpha.to_vec() }.into(),
            LayerView::Scale { offset, scale } => ScaleLayer { offset: offset.to_vec(), scale: scale.to_vec() }.into(),
            LayerView::Skip(_) => SkipLayer { units }.into(),
            LayerView::Residual { branch, .. } => {
                let branch = self.stack(units, branch.into());
                let projection = match self.views.next()? {
                    LayerView::Dense(view) => {
                        Some(DenseLayer { activation: Identity.into(), ..DenseLayer::from_view(&view) })
                    }
                    _ => None,
                };
                ResidualLayer { branch, projection }.into()
            }
            LayerView::Concatenate { first, second } => {
                let (first, second) = (self.stack(units, first.into()), self.stack(units, second.into()));
                ConcatenateLayer { first, second }.into()
            }
            LayerView::Quantize { output, .. } => QuantizeLayer { units, output }.into(),
            LayerView::Int8Dense(view) => Int8DenseLayer::from_view(&view).into(),
            LayerView::Int4Dense(view) => Int4DenseLayer::from_view(&view).into(),
            LayerView::Int8Table(view) => Int8TableLayer::from_view(&view).into(),
            LayerView::Int8Softmax { beta, multiplier, input, .. } => {
                Int8SoftmaxLayer { units, beta, softmax: Softmax::with_multiplier(multiplier), input }.into()
            }
            LayerView::Requantize { multiplier, input, output, .. } => {
                let change = Requantization::with_multiplier(multiplier, input, output);
                RequantizeLayer { units, change, input, output }.into()
            }
            LayerView::Dequantize { input, .. } => DequantizeLayer { units, input }.into(),
        };
        Some(ModelLayer::new(name, kind, Policy::default()))
    }
}

impl<'m, I: Iterator<Item = LayerView<'m>>> Reader<'m, I> {
    /// What bytes stand for that are numbers again at once, as the next two layers make them.
    fn fake_quantization(&mut self, view: &LayerView<'m>) -> Option<Quantization> {
        let LayerView::Quantize { output, .. } = *view else { return None };
        self.views.next_if(|next| matches!(next, LayerView::Dequantize { .. })).map(|_| output)
    }
}

/// The name of such a layer in Keras, to which a number is added.
const fn keras_name(view: &LayerView<'_>) -> &'static str {
    match view {
        LayerView::Dense(_) => DenseLayer::KERAS_NAME,
        LayerView::Dropout { .. } => DropoutLayer::KERAS_NAME,
        LayerView::Activate { .. } => ActivationLayer::KERAS_NAME,
        LayerView::AlphaDropout { .. } => AlphaDropoutLayer::KERAS_NAME,
        LayerView::GaussianNoise { .. } => GaussianNoiseLayer::KERAS_NAME,
        LayerView::Prelu(_) => PreluLayer::KERAS_NAME,
        LayerView::Scale { .. } => ScaleLayer::KERAS_NAME,
        LayerView::BatchNorm { .. } => BatchNormalizationLayer::KERAS_NAME,
        LayerView::LayerNorm(_) => LayerNormalizationLayer::KERAS_NAME,
        LayerView::Skip(_) => SkipLayer::KERAS_NAME,
        LayerView::Residual { .. } => ResidualLayer::KERAS_NAME,
        LayerView::Concatenate { .. } => ConcatenateLayer::KERAS_NAME,
        LayerView::Quantize { .. } => QuantizeLayer::KERAS_NAME,
        LayerView::Int8Dense(_) => Int8DenseLayer::KERAS_NAME,
        LayerView::Int4Dense(_) => Int4DenseLayer::KERAS_NAME,
        LayerView::Int8Table(_) => Int8TableLayer::KERAS_NAME,
        LayerView::Int8Softmax { .. } => Int8SoftmaxLayer::KERAS_NAME,
        LayerView::Requantize { .. } => RequantizeLayer::KERAS_NAME,
        LayerView::Dequantize { .. } => DequantizeLayer::KERAS_NAME,
    }
}
