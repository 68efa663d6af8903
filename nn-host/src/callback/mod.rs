//! Callbacks: what happens between batches and epochs of a training, the user's own included.

mod monitor;
mod state;

mod csv_logger;
mod early_stopping;
mod reduce_lr_on_plateau;

#[cfg(test)]
mod tests;

pub use csv_logger::CsvLogger;
pub use early_stopping::EarlyStopping;
pub use monitor::{Mode, Monitor};
pub use reduce_lr_on_plateau::ReduceLrOnPlateau;
pub use state::{State, StateError};

use core::ops::ControlFlow;

use crate::metric::Scores;
use crate::model::Model;
use crate::train::{EpochRecord, History};

/// Where a training is, after a batch.
///
/// ```
/// use nn_host::{callback::Progress, metric::Scores};
///
/// let scores = Scores { loss: 0.3, metrics: vec![] };
/// let progress = Progress { epoch: 0, samples: 15_000, samples_per_epoch: 60_000, scores: &scores };
/// assert_eq!(100 * progress.samples / progress.samples_per_epoch, 25); // percent
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'p> {
    /// The epoch, from 0.
    pub epoch: u32,
    /// Samples of this epoch seen so far.
    pub samples: usize,
    /// Samples of an epoch.
    pub samples_per_epoch: usize,
    /// Means over this epoch so far, without metrics that sort all samples.
    pub scores: &'p Scores,
}

/// A training between two epochs.
#[derive(Debug)]
pub struct EpochEnd<'e> {
    /// What the epoch has brought.
    pub record: &'e EpochRecord,
    /// All epochs, this one included.
    pub history: &'e History,
    /// The model after it.
    pub model: &'e mut Model,
    /// The learning rate of the steps to come. With a schedule, this is the rate that it starts from: where a callback
    /// halves it, all rates of the schedule are halved from then on, those too that the schedule names itself.
    pub learning_rate: &'e mut f32,
}

/// Something that happens between batches and epochs: it may watch, change the model and the learning rate, and end the
/// training.
///
/// One that ends the training after its first epoch:
///
/// ```
/// # use core::ops::ControlFlow;
/// # use nn_host::{callback::{Callback, EpochEnd}, prelude::*, train::Ending};
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Features, Targets};
/// # let x = Features::Floats(DMatrix::from_element(1, 8, 1.0));
/// # let data = Dataset::new(x, Targets::Values(DMatrix::from_element(1, 8, 1.0)))?;
/// # let mut model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [])?;
/// struct OneEpoch;
/// impl Callback for OneEpoch {
///     fn epoch(&mut self, _: &mut EpochEnd<'_>) -> ControlFlow<()> {
///         ControlFlow::Break(())
///     }
/// }
/// let history = model.fit(&data, FitOptions { epochs: 20, callbacks: vec![Box::new(OneEpoch)], ..Default::default() })?;
/// assert_eq!((history.epochs.len(), history.ending), (1, Ending::Stopped));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Callback: Send {
    /// Called after each batch; `Break` ends the training there, and the model is then as after the last whole epoch.
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let _ = progress;
        ControlFlow::Continue(())
    }

    /// Called after each epoch; `Break` ends the training there.
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let _ = end;
        ControlFlow::Continue(())
    }

    /// Called once after the last epoch.
    fn end(&mut self, model: &mut Model) {
        let _ = model;
    }

    /// Puts what a training must know to go on later into a checkpoint.
    fn save(&self, state: &mut State) {
        let _ = state;
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`StateError`] if it is not there.
    fn restore(&mut self, state: &State) -> Result<(), StateError> {
        let _ = state;
        Ok(())
    }
}

/// A callback that is wanted back after the training.
impl<C: Callback + ?Sized> Callback for &mut C {
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        (**self).batch(progress)
    }

    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        (**self).epoch(end)
    }

    fn end(&mut self, model: &mut Model) {
        (**self).end(model);
    }

    fn save(&self, state: &mut State) {
        (**self).save(state);
    }

    fn restore(&mut self, state: &State) -> Result<(), StateError> {
        (**self).restore(state)
    }
}
