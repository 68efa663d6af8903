//! A training under way: epochs of batches, some of which make a step together.

use core::ops::ControlFlow;

use nalgebra::DMatrix;
use nn_core::format::Scaling;
use nn_core::train::Occasion;

use super::descent::Descent;
use super::extent::Extent;
use super::feed::{Feed, Window};
use super::first_layer::FirstLayer;
use super::machine::Machine;
use super::masters::Masters;
use super::pass::Pass;
use super::step::{Step, Task};
use super::weighting::Weighting;
use super::{Ending, EpochRecord, FitError, FitOptions, History, StreamError, Validation};
use crate::augment::Distortion;
use crate::callback::{EpochEnd, Progress};
use crate::data::{Dataset, Order};
use crate::gemm::SomeByteLists;
use crate::layer::Factor;
use crate::metric::{Batch, ScoreSums, Scores};
use crate::model::Model;
use crate::schedule::Moment;

/// A training under way.
pub(super) struct Run<'r, 'o> {
    pub(super) model: &'r mut Model,
    extent: Extent,
    distortion: Option<Distortion<'o>>,
    pub(super) options: FitOptions<'o>,
    weighting: Weighting<'o>,
    pub(super) descent: Descent,
    /// The weights that learn, where those of the model are rounded.
    pub(super) masters: Option<Masters>,
    machine: Machine,
    /// Memory for each size of batch that has come up: the usual one and the last of an epoch.
    steps: Vec<Step>,
    /// The first layer, where threads share its units.
    first_layer: Option<FirstLayer>,
    /// Memory for a batch that is distorted.
    whole: (DMatrix<f32>, DMatrix<f32>),
    /// What the schedule starts from, which callbacks may change.
    pub(super) learning_rate: f32,
    /// Steps made so far.
    pub(super) made: u32,
    pub(super) history: History,
    /// The best value that a checkpoint has seen.
    pub(super) best: Option<f32>,
}

impl<'r, 'o> Run<'r, 'o> {
    pub(super) fn new(
        model: &'r mut Model,
        extent: Extent,
        weighting: Weighting<'o>,
        options: FitOptions<'o>,
    ) -> Result<Self, FitError> {
        let distortion = options.augment.map(|augment| augment.bind(model.inputs())).transpose()?;
        let machine = Machine { threads: rayon::current_num_threads(), instructions: options.instructions };
        let descent = Descent::new(machine, &model.optimizer, &mut model.layers);
        let masters = options.qat.map(|width| Masters::of(&mut model.layers, width));
        let learning_rate = model.optimizer.learning_rate();
        if options.initial_epoch > 0 {
            model.epochs = options.initial_epoch;
        }
        let (steps, history) = (Vec::new(), History::default());
        let mut run = Self {
            model,
            extent,
            distortion,
            options,
            weighting,
            descent,
            masters,
            machine,
            steps,
            first_layer: None,
            whole: Default::default(),
            learning_rate,
            made: 0,
            history,
            best: None,
        };
        run.made = run.options.initial_epoch.saturating_mul(run.steps_of_epoch());
        run.resume()?;
        Ok(run)
    }

    /// All epochs, on one of the pool's own threads: from there the way to the others is short.
    pub(super) fn all<F: Feed + Send>(self, feed: &mut F) -> Result<History, StreamError<F::Error>>
    where
        F::Error: Send,
    {
        rayon::scope(|_| self.epochs(feed))
    }

    fn epochs<F: Feed>(mut self, feed: &mut F) -> Result<History, StreamError<F::Error>> {
        let epochs = self.options.epochs.saturating_sub(self.options.initial_epoch);
        while self.history.epochs.len() < epochs as usize && self.history.ending == Ending::Complete {
            let whole = (self.model.layers.clone(), self.descent.optimizer.averages.clone());
            self.history.ending = self.epoch(feed)?;
            match self.history.ending {
                Ending::Interrupted => (self.model.layers, self.descent.optimizer.averages) = whole,
                Ending::Complete | Ending::Stopped | Ending::Converged => self.checkpoint()?,
            }
        }
        match &mut self.masters {
            Some(masters) => masters.end(&self.descent, &mut self.model.layers),
            None => self.descent.end(&mut self.model.layers),
        }
        self.options.callbacks.iter_mut().for_each(|callback| callback.end(self.model));
        self.model.layers.settle_scales();
        Ok(self.history)
    }

    fn steps_of_epoch(&self) -> u32 {
        let steps = self.extent.batches().div_ceil(self.options.gradient_accumulation_steps);
        u32::try_from(steps).unwrap_or(u32::MAX)
    }

    /// One epoch; says whether the training goes on.
    fn epoch<F: Feed>(&mut self, feed: &mut F) -> Result<Ending, StreamError<F::Error>> {
        let (epoch, seed) = (self.model.epochs, self.model.seed);
        let mut pass = Pass::new(epoch, ScoreSums::new(&self.model.metrics));
        feed.begin(if self.options.shuffle { Order::Shuffled { seed, epoch } } else { Order::AsTheyAre })?;
        while !self.extent.ends_at(pass.batches)
            && let Some(window) = feed.next_window(self.model)?
        {
            if self.window(&window, &mut pass)?.is_break() {
                return Ok(Ending::Interrupted);
            }
        }
        self.model.epochs = epoch.saturating_add(1);
        if !self.model.is_finite() {
            return Err(self.diverged(epoch, "weights").into());
        }
        let validation = self.validation(epoch)?;
        let learning_rate = self.descent.learning_rate();
        Ok(self.end_epoch(EpochRecord { epoch, train: pass.sums.scores(), validation, learning_rate }))
    }

    /// The batches of a window, as far as the epoch goes; says whether a callback wants to end. Not inlined, so that its
    /// instructions can be counted.
    #[inline(never)]
    fn window(&mut self, window: &Window<'_>, pass: &mut Pass) -> Result<ControlFlow<()>, FitError> {
        self.split_first_layer(window);
        let flow = self.batches(window, pass);
        match &mut self.masters {
            Some(masters) => masters.join(&mut self.descent, &mut self.model.layers),
            None => self.descent.join(&mut self.model.layers),
        }
        flow
    }

    /// Lets threads share the units of the first layer, where its inputs are listed and each weight moves by itself.
    fn split_first_layer(&mut self, window: &Window<'_>) {
        let Self { model, machine, options, descent, masters, first_layer, .. } = self;
        let takes_lists = window.lists.is_some() && self.distortion.is_none();
        if takes_lists && options.gradient_accumulation_steps == 1 && descent.is_free() {
            if first_layer.is_none() {
                *first_layer = FirstLayer::of(*machine, &model.layers, options.batch_size);
            }
            first_layer.iter().for_each(|first| match masters {
                Some(masters) => masters.split(descent, &mut model.layers, first.split()),
                None => descent.split(&mut model.layers, first.split()),
            });
        }
    }

    fn batches(&mut self, window: &Window<'_>, pass: &mut Pass) -> Result<ControlFlow<()>, FitError> {
        let batches = self.extent.batches() - pass.batches;
        for samples in window.order.chunks(self.options.batch_size).take(batches) {
            let loss = self.batch(window, samples, pass);
            if !loss.is_finite() {
                return Err(self.diverged(pass.epoch, "loss"));
            }
            if self.tell_all(&pass.progress(self.extent)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
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
    fn tell_all(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
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

    /// One batch, the next of the pass; the last one of a step moves the weights. Returns its summed loss.
    fn batch(&mut self, window: &Window<'_>, samples: &[usize], pass: &mut Pass) -> f32 {
        let Window { data, lists, .. } = window;
        self.begin_step(pass.epoch);
        let Self { model, machine, steps, first_layer, whole, weighting, distortion, descent, masters, .. } = self;
        let task =
            Task { occasion: pass.occasion(model.seed), loss: model.loss, factor: Factor::of(&descent.optimizer) };
        let step = Step::among(steps, *machine, &model.layers, samples.len());
        let scaling = model.scaling;
        if let Some(distortion) = distortion {
            whole.1.resize_mut(model.outputs(), samples.len(), 0.0);
            distort(distortion, task.occasion, (data, samples, scaling), whole);
        }
        let is_distorted = distortion.is_some();
        let mut first_layer = first_layer.as_mut().zip(*lists);
        if let Some((first_layer, lists)) = &mut first_layer {
            first_layer.forward(&model.layers, SomeByteLists { lists, samples });
        }
        let loss = step.run(&mut model.layers, &task, |first, shard| {
            let own = samples.get(first..first + shard.samples()).unwrap_or_default();
            if is_distorted {
                shard.x.copy_from(&whole.0.columns(first, own.len()));
                shard.y.copy_from(&whole.1.columns(first, own.len()));
            } else {
                let are_listed = lists.is_some_and(|lists| {
                    if first_layer.is_none() {
                        // Those of all shards, which this thread needs for its share of the gradients; first its own.
                        let (before, own) = samples.split_at(first.min(samples.len()));
                        [own, before].iter().for_each(|samples| lists.fetch(samples));
                    }
                    shard.tape.choose(lists, own)
                });
                first_layer.iter().for_each(|(layer, _)| layer.hand_over(first, &mut shard.tape));
                if !are_listed {
                    data.gather_inputs(own, scaling, &mut shard.x);
                }
                data.gather_targets(own, &mut shard.y);
            }
            shard.weigh(weighting.weights(data, own));
        });
        pass.add(loss, Batch::new(model.outputs(), step.outputs.as_slice(), step.y.as_slice()), samples.len());
        let is_last_of_epoch = pass.batches == self.extent.batches();
        let is_last = is_last_of_epoch || pass.batches.is_multiple_of(self.options.gradient_accumulation_steps);
        match masters {
            Some(masters) => masters.add(descent, &mut model.layers, (step, is_last)),
            None => descent.add(&mut model.layers, step, is_last),
        }
        self.made = self.made.saturating_add(u32::from(is_last));
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

/// Inputs and targets of a batch, distorted.
fn distort(
    distortion: &Distortion<'_>,
    occasion: Occasion,
    (data, samples, scaling): (&Dataset, &[usize], Scaling),
    (x, y): &mut (DMatrix<f32>, DMatrix<f32>),
) {
    x.resize_mut(data.inputs(), samples.len(), 0.0);
    data.gather_inputs(samples, scaling, x);
    data.gather_targets(samples, y);
    distortion.apply(occasion, x, y);
}
