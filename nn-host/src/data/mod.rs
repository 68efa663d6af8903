//! Data sets: raw features, one sample a column, with their targets.

mod byte_lists;
mod dataset;
mod error;
mod features;
mod idx;
mod mnist;
mod nearest;
pub mod npy;
mod scale;
mod shuffle;
mod source;
mod split;
mod statistics;
mod tabular;
mod targets;

pub(crate) use byte_lists::byte_lists;

pub use dataset::{Dataset, Split};
pub use error::DatasetError;
pub use features::Features;
pub use idx::{IdxError, read_idx};
pub use mnist::mnist;
pub use nearest::nearest;
pub use scale::{FeatureScale, ScaleError, ScaleFit, ScaleMethod};
pub use source::{DataSource, Order};
pub use split::{HoldOut, Partition, SplitError};
pub use tabular::{
    EntryError, FeatureKind, FeatureRule, Header, Missing, Preprocessing, Table, TableError, TableFault, TableOptions,
    TableStream, TargetRule, Task, Unknown,
};
pub use targets::Targets;
