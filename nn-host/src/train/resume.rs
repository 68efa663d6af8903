//! What of a training goes into a checkpoint after an epoch, and back.

use super::run::Run;
use super::{Ending, EpochRecord, FitError, History};
use crate::callback::{State, StateError};
use crate::metric::Scores;
use crate::model::Model;

impl Run<'_, '_> {
    /// Goes on from the checkpoint, if there is one.
    pub(super) fn resume(&mut self) -> Result<(), FitError> {
        let Some(checkpoint) = &self.options.checkpoint else { return Ok(()) };
        let Some(state) = checkpoint.open(self.model)? else { return Ok(()) };
        let checkpoint = checkpoint.clone();
        self.restore(&state).map_err(|source| checkpoint.lacking(source).into())
    }

    /// Writes a checkpoint, if one is wanted; the epoch that has ended may have been the best.
    pub(super) fn checkpoint(&mut self) -> Result<(), FitError> {
        let (Some(checkpoint), Some(last)) = (&self.options.checkpoint, self.history.epochs.last()) else {
            return Ok(());
        };
        let value =
            checkpoint.best().value(last).or_else(|| Some(last.train.loss).filter(|_| last.validation.is_none()));
        let is_best = value.is_some_and(|value| self.best.is_none_or(|best| checkpoint.best().is_better(value, best)));
        self.best = if is_best { value } else { self.best };
        Ok(checkpoint.write(&self.state(), self.model, is_best)?)
    }

    fn state(&self) -> State {
        let mut state = State::default();
        for tensor in self.model.weights() {
            state.put(format!("weights/{}", tensor.name), tensor.values);
        }
        self.masters.iter().for_each(|masters| masters.save(&mut state));
        self.descent.optimizer.save(&mut state);
        state.put("learning_rate", &[self.learning_rate]);
        state.put("best", &[self.best.unwrap_or(f32::NAN)]);
        state.put_count("steps", self.made);
        state.put_count("epochs", self.model.epochs);
        state.put_count("stopped", u32::from(self.history.ending == Ending::Stopped));
        put_history(&self.history, &mut state);
        for (number, callback) in self.options.callbacks.iter().enumerate() {
            let mut of_callback = State::default();
            callback.save(&mut of_callback);
            state.put_all(&format!("callback/{number}/"), of_callback);
        }
        state
    }

    fn restore(&mut self, state: &State) -> Result<(), StateError> {
        let names: Vec<String> = self.model.weights().into_iter().map(|tensor| tensor.name).collect();
        for (name, values) in names.iter().zip(self.model.layers.tensors_mut()) {
            state.copy_to(&format!("weights/{name}"), values)?;
        }
        if let Some(masters) = &mut self.masters {
            masters.restore(state, &mut self.model.layers)?;
        }
        self.descent.optimizer.restore(state)?;
        self.learning_rate = state.number("learning_rate")?;
        self.best = Some(state.number("best")?).filter(|best| !best.is_nan());
        self.made = state.count("steps")?;
        self.model.epochs = state.count("epochs")?;
        self.history = history(self.model, state)?;
        for (number, callback) in self.options.callbacks.iter_mut().enumerate() {
            callback.restore(&state.part(&format!("callback/{number}/")))?;
        }
        Ok(())
    }
}

/// One tensor a column of the history; a value that an epoch does not have is not a number.
fn put_history(history: &History, state: &mut State) {
    let epochs = &history.epochs;
    let column = |value: &dyn Fn(&EpochRecord) -> f32| epochs.iter().map(value).collect::<Vec<f32>>();
    #[expect(clippy::cast_precision_loss, reason = "epochs are far fewer than 2²⁴")]
    state.put("history/epoch", &column(&|record| record.epoch as f32));
    state.put("history/learning_rate", &column(&|record| record.learning_rate));
    state.put("history/is_validated", &column(&|record| f32::from(u8::from(record.validation.is_some()))));
    let names: Vec<String> = epochs.iter().flat_map(EpochRecord::named).map(|(name, _)| name).collect();
    for name in names {
        let value = |record: &EpochRecord| {
            record.named().find(|(other, _)| *other == name).map_or(f32::NAN, |(_, value)| value)
        };
        state.put(format!("history/{name}"), &column(&value));
    }
}

/// The history of a training of this model.
fn history(model: &Model, state: &State) -> Result<History, StateError> {
    let column = |name: &str| {
        let name = format!("history/{name}");
        state.tensor(&name).map(<[f32]>::to_vec).ok_or(StateError { name, expected: 1 })
    };
    let (numbers, rates, validated) = (column("epoch")?, column("learning_rate")?, column("is_validated")?);
    let names: Vec<String> = model.metrics().iter().map(|metric| metric.name()).collect();
    let scores = |prefix: &str, epoch: usize| -> Result<Scores, StateError> {
        let value = |name: &str| Ok(column(&format!("{prefix}{name}"))?.get(epoch).copied().unwrap_or(f32::NAN));
        let metrics = names.iter().map(|name| Ok((name.as_str().into(), value(name)?)));
        Ok(Scores { loss: value("loss")?, metrics: metrics.collect::<Result<_, StateError>>()? })
    };
    let mut history = History::default();
    for (epoch, ((&number, &learning_rate), &is_validated)) in numbers.iter().zip(&rates).zip(&validated).enumerate() {
        let validation = if is_validated > 0.0 { Some(scores("val_", epoch)?) } else { None };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of epochs")]
        let number = number as u32;
        history.epochs.push(EpochRecord { epoch: number, train: scores("", epoch)?, validation, learning_rate });
    }
    if state.count("stopped")? > 0 {
        history.ending = Ending::Stopped;
    }
    Ok(history)
}

#[cfg(test)]
mod tests {
    use core::ops::ControlFlow;
    use std::path::Path;

    use nalgebra::DMatrix;

    use super::{Ending, History};
    use crate::callback::{Callback, EarlyStopping, Monitor, Progress, ReduceLrOnPlateau};
    use crate::data::{Dataset, Features, Targets};
    use crate::layer;
    use crate::model::Model;
    use crate::prelude::{
        Accuracy, CategoricalCrossentropy, FitOptions, Optimizer, Relu, Sequential, Softmax, Validation,
    };
    use crate::quantize::WeightWidth;
    use crate::train::{Checkpoint, CheckpointError, FitError};

    const EPOCHS: u32 = 6;

    fn data() -> Dataset {
        let x = DMatrix::from_fn(3, 50, |row, column| {
            f32::from(u8::try_from(row * 7 + column * 13 % 31).unwrap()) / 16.0 - 1.0
        });
        let classes = x.column_iter().map(|x| u32::from(x[0] * x[1] > x[2])).collect();
        Dataset::new(Features::Floats(x), Targets::Classes { classes, names: vec!["no".into(), "yes".into()] }).unwrap()
    }

    fn model() -> Model {
        let optimizer = Optimizer::from_name("adam").unwrap().with("use_ema", 1.0).unwrap();
        let layers =
            Sequential::new(3).dense(8, Relu).layer(layer::batch_normalization()).dropout(0.3).dense(2, Softmax);
        layers.compile(CategoricalCrossentropy, optimizer.with("learning_rate", 0.05).unwrap(), [Accuracy]).unwrap()
    }

    /// Ends the training within its batch of this number.
    struct Kill(u32);

    impl Callback for Kill {
        fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
            self.0 = self.0.saturating_sub(1);
            if self.0 == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    fn fit(checkpoint: Option<Checkpoint>, kill: u32) -> Result<(Model, History), FitError> {
        let (mut model, data) = (model(), data());
        let stop = EarlyStopping::of(Monitor::of("val_loss")).patience(100).restoring_best_weights();
        let reduce = ReduceLrOnPlateau::default().patience(1);
        let validation = Validation::Data(&data);
        let options = FitOptions {
            epochs: EPOCHS,
            batch_size: 8,
            validation,
            validation_freq: 2,
            checkpoint,
            ..Default::default()
        };
        let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(stop), Box::new(reduce), Box::new(Kill(kill))];
        let history = model.fit(&data, FitOptions { callbacks, ..options })?;
        Ok((model, history))
    }

    fn in_folder(folder: &Path) -> Option<Checkpoint> {
        Some(Checkpoint::new(folder).resuming())
    }

    #[test]
    fn a_training_killed_at_any_batch_goes_on_with_the_same_bits() {
        let (whole, history) = fit(None, u32::MAX).unwrap();
        for kill in [1, 3, 7, 8, 20, 41] {
            let folder = tempfile::tempdir().unwrap();
            let (_, part) = fit(in_folder(folder.path()), kill).unwrap();
            assert_eq!((part.ending, part.epochs.len()), (Ending::Interrupted, (kill as usize - 1) / 7), "{kill}");
            let (resumed, whole_history) = fit(in_folder(folder.path()), u32::MAX).unwrap();
            assert_eq!(resumed.weights_sha256(), whole.weights_sha256(), "{kill}");
            assert_eq!(whole_history, history, "{kill}");
            let (again, _) = fit(in_folder(folder.path()), u32::MAX).unwrap();
            assert_eq!(again.weights_sha256(), whole.weights_sha256(), "a training that has ended stays as it is");
            assert!(Model::load(folder.path().join("best.nn")).is_ok());
        }
    }

    #[test]
    fn masters_and_learned_scales_go_on_with_the_same_bits() {
        let fit = |checkpoint, kill| {
            let optimizer = Optimizer::from_name("adam").unwrap().with("learning_rate", 0.01).unwrap();
            let layers = Sequential::new(3).dense(8, Relu).dropout(0.3).dense(2, Softmax);
            let mut model = layers.compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap();
            let qat = Some(WeightWidth::Int4);
            let stop = EarlyStopping::of(Monitor::of("loss")).patience(100).restoring_best_weights();
            let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(stop), Box::new(Kill(kill))];
            let options =
                FitOptions { epochs: EPOCHS, batch_size: 8, checkpoint, callbacks, qat, ..Default::default() };
            model.fit(&data(), options).unwrap();
            model
        };
        let whole = fit(None, u32::MAX);
        for kill in [3, 8, 20, 41] {
            let folder = tempfile::tempdir().unwrap();
            fit(in_folder(folder.path()), kill);
            let resumed = fit(in_folder(folder.path()), u32::MAX);
            assert_eq!(resumed.weights_sha256(), whole.weights_sha256(), "{kill}");
            let last = Model::load(folder.path().join("last.nn")).unwrap();
            assert_eq!(last.weight_width(), Some(WeightWidth::Int4));
        }
    }

    #[test]
    fn averages_of_an_interrupted_training_are_those_of_its_last_whole_epoch() {
        let fit = |epochs, kill| {
            let (mut model, callbacks) = (model(), vec![Box::new(Kill(kill)) as Box<dyn Callback>]);
            model.fit(&data(), FitOptions { epochs, batch_size: 8, callbacks, ..Default::default() }).unwrap();
            model.weights_sha256()
        };
        for (kill, epochs) in [(3, 0), (10, 1), (17, 2)] {
            assert_eq!(fit(EPOCHS, kill), fit(epochs, u32::MAX), "{kill}");
        }
    }

    #[test]
    fn a_checkpoint_is_neither_overwritten_nor_taken_for_another_training() {
        let folder = tempfile::tempdir().unwrap();
        fit(in_folder(folder.path()), 20).unwrap();
        let anew = fit(Some(Checkpoint::new(folder.path())), u32::MAX).unwrap_err();
        assert!(matches!(anew, FitError::Checkpoint(CheckpointError::Exists { .. })), "{anew}");
        let options = FitOptions { checkpoint: in_folder(folder.path()), batch_size: 9, ..Default::default() };
        let other = model().fit(&data(), options).unwrap_err().to_string();
        assert!(other.ends_with("is of another training: the configuration differs"), "{other}");
        std::fs::write(folder.path().join("training.safetensors"), b"damaged").unwrap();
        let damaged = fit(in_folder(folder.path()), u32::MAX).unwrap_err().to_string();
        assert!(damaged.contains("training.safetensors"), "{damaged}");
    }
}
