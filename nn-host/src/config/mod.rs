//! Configurations: everything that a training needs in one TOML file, by Keras' names.
//!
//! ```
//! let config = nn_host::config::Config::parse(r#"
//! seed = 42
//!
//! [data]
//! path = "houses.csv" # relative to the file
//! target = "price"
//! missing = "mean"
//! scale = "standard" # what tables have anyway; "minmax" or "none"
//!
//! [model]
//! kernel_regularizer = { l2 = 1e-4 } # of all dense layers that have none of their own
//!
//! [[model.layers]] # hidden layers; the output layer follows from the targets
//! type = "dense"
//! units = 100
//! activation = { leaky_relu = { negative_slope = 0.1 } }
//! kernel_initializer = "he_normal"
//! kernel_constraint = { max_norm = { max_value = 3 } }
//!
//! [[model.layers]]
//! type = "dropout"
//! rate = 0.3
//!
//! [[model.layers]]
//! type = "residual"
//! layers = [{ type = "dense", units = 100, activation = "relu" }, { type = "batch_normalization" }]
//!
//! [compile]
//! loss = { huber = { delta = 2 } }
//! metrics = ["mae", "r2"]
//!
//! [compile.optimizer]
//! name = "adam"
//! learning_rate = 0.01
//! beta_1 = 0.8
//!
//! [compile.lr_schedule]
//! name = "cosine_decay"
//! warmup_epochs = 1
//!
//! [fit]
//! epochs = 100
//! batch_size = 16
//! validation_split = 0.2 # seeded and stratified; validation_mode = "last" is what Keras does
//!
//! [callbacks.early_stopping]
//! patience = 10
//! restore_best_weights = true
//!
//! [callbacks.checkpoint]
//! folder = "run-1" # relative to the file, too
//! resume = true
//!
//! [quantize] # for `nn quantize MODEL --calibration-data CONFIG.toml`
//! calibration = "percentile=99.99"
//! bias_correction = true
//! max_drop = 0.2 # points of 100
//! "#)?;
//! assert_eq!((config.model.layers.len(), config.fit.epochs), (3, 100));
//! # Ok::<(), nn_host::config::ConfigError>(())
//! ```
//!
//! Whatever is chosen by a name is told its settings in one of four ways: `"huber,delta=2"`, as on the command line,
//! `{ huber = { delta = 2 } }`, `{ name = "huber", delta = 2 }`, or a table of its own. An unknown key or a wrong value is an
//! error with line and column, and with the nearest name that there is. `compile.optimizer` may be a second-order solver,
//! `lbfgs` or `levenberg_marquardt`; what says something of batches is then refused.

mod file;

mod callbacks;
mod compile;
mod data;
mod fit;
mod layer;
mod model;
mod quantize;

mod augment_list;
mod layer_list;
mod metric_list;
mod size;
mod solver;

mod entries;
mod error;
mod spoken;
mod words;

#[cfg(test)]
mod tests;

pub use augment_list::AugmentList;
pub use callbacks::CallbackConfig;
pub use compile::CompileConfig;
pub use data::{DataConfig, Scaling, Window};
pub use error::{ConfigError, Fault};
pub use file::Config;
pub use fit::FitConfig;
pub use layer_list::LayerList;
pub use metric_list::MetricList;
pub use model::{ModelConfig, ModelError};
pub use quantize::QuantizeConfig;
pub use size::Size;
pub use solver::{Solver, TrainingMethod};
pub use spoken::Chosen;
pub use words::WordError;

pub(crate) use entries::{At, Entries, Entry};
pub(crate) use file::{in_document, text_of};
