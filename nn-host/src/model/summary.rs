//! What a model is made of, and what it needs on a chip.

use super::Model;
use crate::layer::ModelLayer;

/// One layer of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// The name, as Keras would give it.
    pub name: String,
    /// The kind with its settings.
    pub kind: String,
    /// Values of an output.
    pub outputs: usize,
    /// Weights and statistics.
    pub parameters: usize,
    /// Those that training changes.
    pub trainable: usize,
    /// Multiply-accumulate operations of one inference.
    pub macs: usize,
}

/// What a model is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Values of an input.
    pub inputs: usize,
    /// The layers.
    pub rows: Vec<SummaryRow>,
    /// Bytes of the model file, which stays in flash.
    pub flash_bytes: usize,
    /// Bytes of the input and all activations of one inference.
    pub ram_inference_bytes: usize,
    /// Bytes of what the layers keep of a sample in training: outputs, signals, pre-activations where they are needed.
    tape_bytes: usize,
}

impl Summary {
    pub(super) fn of(model: &Model) -> Self {
        let mut activation_bytes = model.inputs().saturating_mul(size_of::<f32>());
        let mut rows = Vec::new();
        for layer in model.layers() {
            let (outputs, macs) = (layer.outputs(), layer.macs());
            let (name, kind, parameters) = (layer.name().to_owned(), layer.description(), layer.parameters());
            let trainable = layer.trainable_parameters();
            rows.push(SummaryRow { name, kind, outputs, parameters, trainable, macs });
            activation_bytes = activation_bytes.saturating_add(layer.output_bytes());
        }
        let flash_bytes = model.to_bytes().map_or(0, |file| file.as_bytes().len());
        let tape_bytes = model.layers().iter().map(ModelLayer::tape_bytes).sum();
        Self { inputs: model.inputs(), rows, flash_bytes, ram_inference_bytes: activation_bytes, tape_bytes }
    }

    /// Bytes of RAM that training one sample at a time takes on a chip beside the input, with all trained layers in RAM: their
    /// weights, so many numbers of the optimizer's memory a weight (0 for SGD, 2 for Adam), and what the layers keep. For
    /// networks of dense layers it is nn-core's [`ram_training`](nn_core::memory::ram_training) to the byte.
    #[must_use]
    pub fn ram_training_bytes(&self, numbers: usize) -> usize {
        /// The number of the step, and which layer's turn it is.
        const COUNTERS: usize = 8;
        let weights = self.trainable().saturating_mul((1 + numbers) * size_of::<f32>());
        weights.saturating_add(self.tape_bytes).saturating_add(COUNTERS)
    }

    /// The weights that training changes.
    #[must_use]
    pub fn trainable(&self) -> usize {
        self.rows.iter().map(|row| row.trainable).sum()
    }

    /// All weights and statistics.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.parameters).sum()
    }

    /// Multiply-accumulate operations of one inference.
    #[must_use]
    pub fn macs(&self) -> usize {
        self.rows.iter().map(|row| row.macs).sum()
    }
}

#[cfg(test)]
mod tests {
    use nn_core::layer::{Chain, Dense};
    use nn_core::memory::ram_training;

    use crate::layer;
    use crate::prelude::{Adam, CategoricalCrossentropy, Gelu, Relu, Sequential, Sgd, Softmax};

    #[test]
    fn memory_for_training_is_that_of_the_type() {
        type Network = Chain<Dense<784, 30, Relu>, Dense<30, 10, Softmax>>;
        type Bent = Chain<Dense<7, 5, Gelu>, Dense<5, 3, Softmax>>;
        let summary = |inputs, units, activation: nn_core::activation::AnyActivation, outputs| {
            let layers = Sequential::new(inputs).dense(units, activation).dense(outputs, Softmax);
            layers.compile(CategoricalCrossentropy, Adam::default(), []).unwrap().summary()
        };
        for (summary, sgd, adam) in [
            (summary(784, 30, Relu.into(), 10), ram_training::<Network, Sgd, 1>(), ram_training::<Network, Adam, 1>()),
            (summary(7, 5, Gelu.into(), 3), ram_training::<Bent, Sgd, 1>(), ram_training::<Bent, Adam, 1>()),
        ] {
            assert_eq!((summary.ram_training_bytes(0), summary.ram_training_bytes(2)), (sgd, adam));
        }
    }

    #[test]
    fn frozen_weights_and_statistics_are_not_trainable() {
        let layers = Sequential::new(4).layer(layer::dense(3, Relu).frozen()).layer(layer::batch_normalization());
        let model = layers.dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), []).unwrap();
        let summary = model.summary();
        let rows: Vec<_> = summary.rows.iter().map(|row| (row.parameters, row.trainable)).collect();
        assert_eq!(rows, [(15, 0), (12, 6), (8, 8)]);
        assert_eq!((summary.parameters(), summary.trainable()), (35, 14));
    }
}
