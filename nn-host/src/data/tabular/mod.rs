//! Tables: CSV and TSV files whose columns become inputs and targets.
//!
//! A table is read as text ([`Table`], or [`TableStream`] window by window), then [`Preprocessing`] learns from training
//! rows what its columns become. Columns are numbers or texts, never both; cells are trimmed of white space.

mod cell;
mod encoder;
mod error;
mod feature;
mod hashed;
mod layout;
mod options;
mod preprocessing;
mod record;
mod rows;
mod stream;
mod table;
mod target;

pub use error::{TableError, TableFault};
pub use feature::{FeatureKind, FeatureRule};
pub use options::{Header, Missing, TableOptions, Task, Unknown};
pub use preprocessing::Preprocessing;
pub use record::EntryError;
pub use stream::TableStream;
pub use table::Table;
pub use target::TargetRule;
pub(super) use target::whole;

#[cfg(test)]
mod tests;
