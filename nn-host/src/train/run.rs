//! A training under way: epochs of batches, some of which make a step together.

use core::ops::ControlFlow;

use nn_core::train::Occasion;

use super::order::order;
use super::step::{Descent, Step};
use super::weighting::weights;
use super::{Ending, EpochRecord, FitError, FitOptions, History, Validation};
use crate::augment::Distortion;
use crate::callback::{EpochEnd, Progress};
use crate::data::Dataset;
use crate::layer::{Factor, Stack};
use crate::metric::{Batch, ScoreSums, Scores};
use crate::model::Model;
use crate::schedule::Moment;

/// A training under way.
pub(super) struct Run<'r, 'o> {
    pub(super) model: &'r mut Model,
    data: &'r Dataset,
    distortion: Option<Distortion<'o>>,
    pub(super) options: FitOptions<'o>,
    /// How much each sample counts; all the same if there are none.
    weights: Option<Vec<f32>>,
    pub(super) descent: Descent,
    /// Memory for each size of batch that has come up: the usual one and the last of an epoch.
    steps: Vec<Step>,
    /// What the schedule starts from, which callbacks may change.
    pub(super) learning_rate: f32,
    /// Steps made so far.
    pub(super) made: u32,
    pub(super) history: History,
    /// The best value that a checkpoint has seen.
    pub(super) best: Option<f32>,
}

impl<'r, 'o> Run<'r, 'o> {
    pub(super) fn new(model: &'r mut Model, data: &'r Dataset, options: FitOptions<'o>) -> Result<Self, FitError> {
        let distortion = options.augment.map(|augment| augment.bind(model.inputs())).transpose()?;
        let weights = weights(data, &options.class_weight, options.sample_weight)?;
        let descent = Descent::new(&model.optimizer, &mut model.layers);
        let learning_rate = model.optimizer.learning_rate();
        if options.initial_epoch > 0 {
            model.epochs = options.initial_epoch;
        }
        let (steps, history) = (Vec::new(), History::default());
        let mut run = Self {
            model,
            data,
            distortion,
            options,
            weights,
            descent,
            steps,
            learning_rate,
            made: 0,
            history,
            best: None,
        };
        run.made = run.options.initial_epoch.saturating_mul(run.steps_of_epoch());
        run.resume()?;
        Ok(run)
    }

    /// All epochs.
    pub(super) fn all(mut self) -> Result<History, FitError> {
        let epochs = self.options.epochs.saturating_sub(self.options.initial_epoch);
        while self.history.epochs.len() < epochs as usize && self.history.ending == Ending::Complete {
            let layers = self.model.layers.clone();
            self.history.ending = self.epoch()?;
            match self.history.ending {
                Ending::Interrupted => self.model.layers = layers,
                Ending::Complete | Ending::Stopped | Ending::Converged => self.checkpoint()?,
            }
        }
        self.descent.end(&mut self.model.layers);
        self.options.callbacks.iter_mut().for_each(|callback| callback.end(self.model));
        Ok(self.history)
    }

    /// Batches of an epoch.
    fn batches(&self) -> usize {
        let all = self.data.len().div_ceil(self.options.batch_size);
        self.options.steps_per_epoch.map_or(all, |steps| steps.min(all))
    }

    fn steps_of_epoch(&self) -> u32 {
        let steps = self.batches().div_ceil(self.options.gradient_accumulation_steps);
        u32::try_from(steps).unwrap_or(u32::MAX)
    }

    /// One epoch; says whether the training goes on.
    fn epoch(&mut self) -> Result<Ending, FitError> {
        let epoch = self.model.epochs;
        let order = order(self.data.len(), self.options.shuffle, self.model.seed, epoch);
        let (batch_size, batches) = (self.options.batch_size, self.batches());
        let mut sums = ScoreSums::new(&self.model.metrics);
        let mut seen = 0;
        for (number, samples) in order.chunks(batch_size).take(batches).enumerate() {
            let is_last = (number + 1) % self.options.gradient_accumulation_steps == 0 || number + 1 == batches;
            let loss = self.batch((epoch, seen), samples, is_last, &mut sums);
            if !loss.is_finite() {
                return Err(self.diverged(epoch, "loss"));
            }
            seen += samples.len();
            let samples_per_epoch = order.len().min(batches * batch_size);
            let progress = Progress { epoch, samples: seen, samples_per_epoch, scores: sums.cheap_scores() };
            if self.tell_all(&progress).is_break() {
                return Ok(Ending::Interrupted);
            }
        }
        self.model.epochs = epoch.saturating_add(1);
        if !self.model.is_finite() {
            return Err(self.diverged(epoch, "weights"));
        }
        let validation = self.validation(epoch)?;
        let learning_rate = self.descent.learning_rate();
        Ok(self.end_epoch(EpochRecord { epoch, train: sums.scores(), validation, learning_rate }))
    }

    fn end_epoch(&mut self, record: EpochRecord) -> Ending {
        self.history.epochs.push(record);
        let Some(record) = self.history.epochs.last() else { return Ending::Complete };
        let mut flow = ControlFlow::Continue(());
        for callback in &mut self.options.callbacks {
            let (model, learning_rate) = (&mut *self.model, &mut self.learning_rate);
            let wish = callback.epoch(&mut EpochEnd { record, history: &self.history, model, learning_rate });
            flow = if wish.is_break() { wish } else { flow };
        }
        if flow.is_break() { Ending::Stopped } else { Ending::Complete }
    }

    /// Tells all callbacks of a batch, even if one of them wants to end.
    fn tell_all(&mut self, progress: &Progress) -> ControlFlow<()> {
        let mut flow = ControlFlow::Continue(());
        for callback in &mut self.options.callbacks {
            let wish = callback.batch(progress);
            flow = if wish.is_break() { wish } else { flow };
        }
        flow
    }

    /// The scores on the validation data, if it is time for them.
    fn validation(&self, epoch: u32) -> Result<Option<Scores>, FitError> {
        let Validation::Data(data) = self.options.validation else { return Ok(None) };
        if !(epoch + 1).is_multiple_of(self.options.validation_freq) {
            return Ok(None);
        }
        let scores = self.model.evaluate(data).map_err(FitError::Validation)?;
        if scores.loss.is_finite() { Ok(Some(scores)) } else { Err(self.diverged(epoch, "validation loss")) }
    }

    /// One batch, whose first sample is number `first` of the epoch; the last one of a step moves the weights. Returns
    /// its summed loss.
    fn batch(&mut self, (epoch, first): (u32, usize), samples: &[usize], is_last: bool, sums: &mut ScoreSums) -> f32 {
        self.begin_step(epoch);
        let model = &mut *self.model;
        let occasion = Occasion { seed: model.seed, epoch, sample: u32::try_from(first).unwrap_or(u32::MAX), layer: 0 };
        let step = memory(&mut self.steps, &model.layers, samples.len());
        self.data.gather_inputs(samples, model.scaling, &mut step.x);
        self.data.gather_targets(samples, &mut step.y);
        if let Some(distortion) = &self.distortion {
            distortion.apply(occasion, &mut step.x, &mut step.y);
        }
        step.weigh(self.weights.as_deref(), samples);
        step.forward(&mut model.layers, occasion);
        let loss = step.loss(&model.layers, model.loss);
        sums.add(loss, Batch::new(model.outputs(), step.outputs().as_slice(), step.y.as_slice()));
        let signal = step.output_signal(&model.layers, model.loss);
        let Descent { optimizer, gradients, .. } = &mut self.descent;
        step.backward(&model.layers, occasion, (signal, Factor::of(optimizer)), gradients);
        self.descent.add(samples.len());
        if is_last {
            self.descent.finish(&mut model.layers);
            self.made = self.made.saturating_add(1);
        }
        loss
    }

    /// Starts a step with the learning rate that the schedule gives it, unless it has been started by another batch.
    fn begin_step(&mut self, epoch: u32) {
        let (steps_per_epoch, epochs) = (self.steps_of_epoch(), self.options.epochs);
        let moment = Moment { step: self.made, epoch, steps_per_epoch, steps: steps_per_epoch.saturating_mul(epochs) };
        let own = self.model.optimizer.learning_rate();
        self.descent.begin(self.options.schedule.changed_rate(own, self.learning_rate, moment));
    }

    fn diverged(&self, epoch: u32, what: &'static str) -> FitError {
        FitError::Diverged { epoch, epochs: self.options.epochs, what }
    }
}

impl Model {
    /// Whether all weights are finite.
    pub(crate) fn is_finite(&self) -> bool {
        self.weights().iter().flat_map(|tensor| tensor.values).all(|w| w.is_finite())
    }
}

/// The memory for batches of this size, made when it is first needed.
fn memory<'s>(steps: &'s mut Vec<Step>, layers: &Stack, samples: usize) -> &'s mut Step {
    let known = steps.iter().position(|step| step.samples() == samples);
    let place = known.unwrap_or_else(|| {
        steps.push(Step::new(layers, samples));
        steps.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "just found or pushed")]
    &mut steps[place]
}
