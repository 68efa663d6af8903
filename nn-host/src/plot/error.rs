//! Why a figure cannot be drawn, and why it cannot be written.

use std::path::PathBuf;

use plotters::drawing::DrawingAreaErrorKind;

use crate::model::FileError;

/// Why data cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// There is nothing to draw, or no finite number.
    #[error("there is nothing to draw: {what}")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// The shape of an image does not hold a unit's weights.
    #[error("a shape of {rows}x{columns} holds {} weights, a unit has {weights}", rows * columns)]
    Shape {
        /// Rows of an image.
        rows: usize,
        /// Columns of an image.
        columns: usize,
        /// Weights of a unit.
        weights: usize,
    },
    /// The drawing library has failed.
    #[error("cannot draw: {0}")]
    Drawing(String),
}

impl<E: core::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for DrawError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self::Drawing(error.to_string())
    }
}

/// Why a figure cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// The suffix names no format of figures.
    #[error("{}: a plot is written as .svg or .png", path.display())]
    Suffix {
        /// Which file.
        path: PathBuf,
    },
    /// The drawing cannot be turned into pixels.
    #[error("cannot turn the figure into pixels: {0}")]
    Raster(String),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}
