//! `.tflite` files, of TensorFlow Lite, TensorFlow Lite Micro and LiteRT: dense graphs of floats and of bytes.
//!
//! ```text
//! bytes ─► FlatBuffer ─► graph ─► chain of operators ─► layers ─► model
//! model ─► layers ─► operators with their tensors ─► FlatBuffer ─► bytes
//! ```

mod error;
mod export;
mod flatbuffer;
mod graph;
mod import;
mod schema;

#[cfg(test)]
mod tests;

pub use error::{OperatorFault, TfliteError};
pub use export::TfliteExportError;
pub(super) use export::export;
pub use flatbuffer::FlatBufferError;
pub(super) use import::import;
