//! Training: epochs of batches, each a forward pass, the output's error, a backward pass and an update.

mod checkpoint;
mod descent;
mod error;
mod extent;
mod feed;
mod first_layer;
mod fit;
mod fit_stream;
mod history;
mod learning_rate;
mod machine;
mod masters;
mod options;
mod pass;
mod read_ahead;
mod resume;
mod run;
mod step;
mod weighting;

pub(crate) use step::{Shard, Task};
pub(crate) use weighting::weights;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use error::FitError;
pub use fit_stream::StreamError;
pub use history::{Ending, EpochRecord, History};
pub use learning_rate::{LearningRateError, LearningRateOptions, LearningRates, SweepPoint, Trial, find_learning_rate};
pub use options::{ClassWeight, FitOptions, Validation};
