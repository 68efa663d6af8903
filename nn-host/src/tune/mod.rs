//! Searches over the values of a configuration: at random, over a grid, or by an estimator; seeded, pruned, resumable.
//!
//! A search is a table of the [configuration](crate::config):
//!
//! ```
//! let tuning = nn_host::tune::Tuning::parse(r#"
//! [data]
//! path = "houses.csv"
//!
//! [[model.layers]]
//! type = "dense"
//! units = 32
//! activation = "relu"
//!
//! [compile]
//! optimizer = "adam"
//!
//! [fit]
//! epochs = 50
//!
//! [tune]
//! search = "tpe"                       # or "random", "grid"
//! trials = 100
//! objective = "val_loss"               # any value of the history; mode = "min" or "max" where its name does not say it
//! folds = 5                            # or one training a trial, with what fit says to validate with
//! pruning = { warmup_epochs = 5 }
//!
//! [tune.space]
//! "compile.optimizer.learning_rate" = { low = 1e-4, high = 1e-1, log = true }
//! "compile.optimizer.name" = { choices = ["adam", "nadam"] }
//! "model.layers.0.units" = { low = 16, high = 128, step = 16 }
//! "fit.batch_size" = { choices = [16, 32, 64] }
//! "#)?;
//! assert_eq!(tuning.space().parameters().len(), 4);
//! # Ok::<(), nn_host::config::ConfigError>(())
//! ```
//!
//! A range takes `log = true`, and for a grid `points = N` or `step = X`; ranges between whole numbers have whole numbers.
//! A trial counts by the best value of each fold, of which it takes the mean. The values of a trial follow from the seed and
//! the trials before it, so a search that goes on from its journal is the one that was never interrupted.

mod tuning;

mod domain;
mod space;

mod method;
mod pruning;

mod document;
mod journal;
mod search;
mod trial;

#[cfg(test)]
mod tests;

pub use domain::{Domain, NumberRange};
pub use journal::JournalError;
pub use method::Method;
pub use pruning::Pruning;
pub use search::{TuneError, Watcher};
pub use space::{Parameter, Space};
pub use trial::{Trial, TrialState};
pub use tuning::Tuning;

use method::Sampler;
