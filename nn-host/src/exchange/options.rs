//! What files of others do not say, and in which form they are written.

use nn_core::format::Scaling;
use nn_core::int8::Rounding;

/// What a file of others does not say.
///
/// ```
/// use nn_core::format::Scaling;
/// use nn_host::exchange::ImportOptions;
/// let of_images = ImportOptions { scaling: Scaling::PIXELS, ..Default::default() };
/// assert!(of_images.labels.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// Whose bytes a network of bytes gives; TensorFlow Lite Micro's if nothing else is said.
    pub rounding: Rounding,
    /// How raw values become the network's input; floats as they are if nothing else is said.
    pub scaling: Scaling,
    /// The names of the classes; if there are none, their numbers where the network ends with softmax.
    pub labels: Vec<String>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { rounding: Rounding::default(), scaling: Scaling::NONE, labels: Vec::new() }
    }
}

/// In which form a model is written for others.
///
/// ```
/// use nn_host::exchange::ExportOptions;
/// assert!(!ExportOptions::default().int8_io);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// Whether a network of bytes takes and gives bytes, not floats that it quantizes itself.
    pub int8_io: bool,
}
