//! NumPy's files: `.npy` with one array, `.npz` with several in a zip archive.

mod array;
mod error;
mod file;
mod header;
mod samples;

pub use array::{Array, Values};
pub use error::{NpyError, NpyFault};
pub use file::{npy_bytes, npz_bytes, read_npy, read_npz};
pub use samples::{read_npy_samples, read_npz_samples};

#[cfg(test)]
mod tests;
