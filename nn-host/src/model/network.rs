//! A model: layers with their weights, and what they are trained for.

use std::sync::Arc;

use nalgebra::DMatrix;
use nn_core::format::{KernelForm, Scaling};
use nn_core::loss::AnyLoss;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{PredictError, Summary};
use crate::data::{Dataset, Preprocessing};
use crate::gemm::Engine;
use crate::layer::{ModelLayer, Stack, Tensor};
use crate::metric::{AnyMetric, Batch, IntoMetrics, ScoreSums, Scores};
use crate::optimizer::Optimizer;

/// Samples that are predicted at a time.
const BATCH: usize = 256;

/// A model.
///
/// Made by [`Sequential::compile`](super::Sequential::compile) or [`Model::load`]; see the crate's example.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) layers: Stack,
    pub(crate) loss: AnyLoss,
    pub(crate) optimizer: Optimizer,
    pub(crate) metrics: Vec<AnyMetric>,
    pub(crate) seed: u64,
    pub(crate) scaling: Scaling,
    /// The names of the classes; none for values.
    pub(crate) labels: Vec<String>,
    /// What makes inputs of a table, if it was trained on one.
    pub(crate) preprocessing: Option<Arc<Preprocessing>>,
    /// Epochs trained so far.
    pub(crate) epochs: u32,
    pub(crate) data_sha256: [u8; 32],
    pub(crate) configuration_sha256: [u8; 32],
}

impl Model {
    /// Values of an input.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.layers.inputs()
    }

    /// Values of an output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layers.outputs()
    }

    /// The layers, in the order in which data passes them.
    #[must_use]
    pub fn layers(&self) -> &[ModelLayer] {
        self.layers.layers()
    }

    /// The layers, to be changed in the way they are trained: to freeze some, for example.
    pub fn layers_mut(&mut self) -> &mut [ModelLayer] {
        self.layers.layers_mut()
    }

    /// All weights and statistics, each by its name in Keras: `dense/kernel`, `dense/bias` …
    #[must_use]
    pub fn weights(&self) -> Vec<Tensor<'_>> {
        self.layers.tensors()
    }

    /// The names of the classes, in the order of the outputs; none if the outputs are values.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What makes inputs of a table, if the model was trained on one.
    #[must_use]
    pub fn preprocessing(&self) -> Option<&Preprocessing> {
        self.preprocessing.as_deref()
    }

    /// How raw values become the network's input.
    #[must_use]
    pub const fn scaling(&self) -> Scaling {
        self.scaling
    }

    /// Goes back to weights and statistics in the order of [`weights`](Self::weights); those of another size stay.
    pub(crate) fn restore_weights(&mut self, values: &[Vec<f32>]) {
        for (tensor, values) in self.layers.tensors_mut().into_iter().zip(values) {
            if tensor.len() == values.len() {
                tensor.copy_from_slice(values);
            }
        }
    }

    /// What is measured besides the loss.
    #[must_use]
    pub fn metrics(&self) -> &[AnyMetric] {
        &self.metrics
    }

    /// This model with other metrics.
    #[must_use]
    pub fn with_metrics(self, metrics: impl IntoMetrics) -> Self {
        Self { metrics: metrics.into_metrics(), ..self }
    }

    /// This model with kernels of bytes that stand so in its file; what it computes stays the same.
    ///
    /// ```
    /// use nn_host::prelude::*;
    /// use nn_core::format::KernelForm;
    /// # use nn_host::quantize::QuantizeOptions;
    /// # use nn_host::data::{Features, Targets};
    /// # let x = nalgebra::DMatrix::from_fn(2, 9, |row, column| (row + column) as f32);
    /// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(x))?;
    /// # let model = Sequential::new(2).dense(3, Relu).dense(2, Identity).compile(MeanSquaredError, Adam::default(), [])?;
    /// let model = model.quantize(&data, &QuantizeOptions::default())?.into_model();
    /// let packed = model.clone().with_kernel_form(KernelForm::Packed); // for a Cortex-M4, M7 or M33
    /// assert_eq!(packed.predict(&data)?, model.predict(&data)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_kernel_form(mut self, form: KernelForm) -> Self {
        self.layers.store_kernels_as(form);
        self
    }

    /// Whether all kernels of bytes, if there are any, stand so in its file.
    #[must_use]
    pub fn stores_kernels_as(&self, form: KernelForm) -> bool {
        !self.layers().iter().any(|layer| layer.stores_kernels_other_than(form))
    }

    /// The number of weights.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.layers().iter().map(ModelLayer::parameters).sum()
    }

    /// The layers as a table.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// The outputs for some samples of a data set, one a column.
    ///
    /// # Errors
    /// [`PredictError`] if the samples have another size or encoding.
    pub fn predict(&self, data: &Dataset) -> Result<DMatrix<f32>, PredictError> {
        self.predict_changed(data, |_, _| ())
    }

    /// The outputs for the samples after a change, which is told the position of the first sample and the inputs of some.
    pub(crate) fn predict_changed(
        &self,
        data: &Dataset,
        change: impl Fn(usize, &mut DMatrix<f32>) + Sync,
    ) -> Result<DMatrix<f32>, PredictError> {
        self.outputs_of(data, self.outputs(), |engine, first, mut x| {
            change(first, &mut x);
            self.layers.forward(engine, &x)
        })
    }

    /// The outputs of one layer for all samples, one a column: what the layers up to it make of them.
    ///
    /// # Errors
    /// [`PredictError`] if there is no such layer, or the samples have another size or encoding.
    pub fn layer_outputs(&self, data: &Dataset, layer: usize) -> Result<DMatrix<f32>, PredictError> {
        let known = self.layers().len();
        let rows = self.layers().get(layer).ok_or(PredictError::Layer { layer, known })?.outputs();
        self.outputs_of(data, rows, |engine, _, x| self.layers.forward_through(engine, &x, layer))
    }

    /// What `answer` makes of all samples, one a column: it is told the position of the first sample and the inputs of some.
    /// Threads take some samples each.
    fn outputs_of(
        &self,
        data: &Dataset,
        rows: usize,
        answer: impl Fn(&mut Engine, usize, DMatrix<f32>) -> DMatrix<f32> + Sync,
    ) -> Result<DMatrix<f32>, PredictError> {
        self.check_answers(data)?;
        let mut outputs = DMatrix::zeros(rows, data.len());
        let order: Vec<usize> = (0..data.len()).collect();
        let parts = order.par_chunks(BATCH).zip(outputs.as_mut_slice().par_chunks_mut(BATCH * rows.max(1)));
        parts.for_each_init(Engine::default, |engine, (samples, part)| {
            let first = samples.first().copied().unwrap_or_default();
            part.copy_from_slice(answer(engine, first, self.gather(data, samples)).as_slice());
        });
        Ok(outputs)
    }

    /// The output for one sample's raw values, encoded as the model's scaling says; `None` if their number is wrong.
    #[must_use]
    pub fn predict_raw(&self, raw: &[u8]) -> Option<Vec<f32>> {
        let mut x = DMatrix::zeros(self.inputs(), 1);
        self.scaling
            .apply(raw, x.as_mut_slice())
            .then(|| self.layers.forward(&mut Engine::default(), &x).as_slice().to_vec())
    }

    /// The mean loss and metrics on a data set. As in Keras the loss has the penalties of weights and activities in it.
    ///
    /// # Errors
    /// [`PredictError`] if the data does not fit the model.
    pub fn evaluate(&self, data: &Dataset) -> Result<Scores, PredictError> {
        let outputs = self.predict(data)?;
        let scores = self.score(data, &outputs)?;
        let penalties = self.layers.weight_penalty() + self.activity_penalty(data);
        Ok(Scores { loss: scores.loss + penalties, ..scores })
    }

    /// What the penalties of activities add to the mean loss on a data set.
    #[expect(clippy::cast_precision_loss, reason = "a count of samples, for a mean of seven digits")]
    fn activity_penalty(&self, data: &Dataset) -> f32 {
        if !self.layers.has_activity_penalty() {
            return 0.0;
        }
        let order: Vec<usize> = (0..data.len()).collect();
        let parts = order.chunks(BATCH).map(|samples| self.layers.activity_penalty(&self.gather(data, samples)));
        parts.fold(0.0, |sum, part| sum + part) / data.len() as f32
    }

    /// Some samples as the network sees them, one a column.
    pub(crate) fn gather(&self, data: &Dataset, samples: &[usize]) -> DMatrix<f32> {
        let mut x = DMatrix::zeros(self.inputs(), samples.len());
        data.gather_inputs(samples, self.scaling, &mut x);
        x
    }

    /// The mean loss and metrics of given outputs for a data set; penalties, which are not in the outputs, are left out.
    ///
    /// # Shapes
    /// - `outputs`: one sample of `data` a column
    ///
    /// # Errors
    /// [`PredictError`] if the targets do not fit the model or its metrics.
    pub fn score(&self, data: &Dataset, outputs: &DMatrix<f32>) -> Result<Scores, PredictError> {
        self.check_targets(data)?;
        let rows = self.outputs();
        let mut sums = ScoreSums::new(&self.metrics);
        let order: Vec<usize> = (0..data.len()).collect();
        for (samples, a) in order.chunks(BATCH).zip(outputs.as_slice().chunks(BATCH * rows)) {
            let mut y = DMatrix::zeros(rows, samples.len());
            data.gather_targets(samples, &mut y);
            let batch = Batch::new(rows, a, y.as_slice());
            sums.add(batch.loss_sum(self.loss), batch);
        }
        Ok(sums.scores())
    }

    /// A checksum of all weights and statistics in their order, f32 little-endian, then of what layers of bytes have.
    #[must_use]
    pub fn weights_sha256(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for tensor in self.weights() {
            digest.update(bytemuck::cast_slice::<f32, u8>(tensor.values));
        }
        for layer in self.layers() {
            layer.digest_bytes(&mut |bytes| digest.update(bytes));
        }
        digest.finalize().into()
    }

    /// Whether all weights are finite.
    pub(crate) fn is_finite(&self) -> bool {
        self.weights().iter().flat_map(|tensor| tensor.values).all(|w| w.is_finite())
    }
}
