//! The hash of all results: SHA-256 over the bits of floats, little-endian.

use nn_core::layer::Dense;
use sha2::{Digest as _, Sha256};

/// A hash.
pub type Hash = [u8; 32];

/// What has been hashed so far.
#[derive(Clone, Default)]
pub(crate) struct Digest {
    sha256: Sha256,
    /// Whether a value was not a number: which of the many bit patterns of NaN comes out, no machine promises.
    has_nan: bool,
}

impl Digest {
    /// Adds the bits of these values.
    pub(crate) fn add(&mut self, values: &[f32]) {
        for value in values {
            self.sha256.update(value.to_bits().to_le_bytes());
            self.has_nan |= value.is_nan();
        }
    }

    /// Adds bytes as they are.
    pub(crate) fn add_bytes(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
    }

    /// Adds the weights of a layer.
    pub(crate) fn add_weights<const IN: usize, const OUT: usize, A>(&mut self, layer: &Dense<IN, OUT, A>) {
        self.add(layer.kernel().as_flattened());
        self.add(layer.bias());
    }

    /// The hash of all that has been added; `None` if a value was not a number.
    pub(crate) fn hash(&self) -> Option<Hash> {
        (!self.has_nan).then(|| self.sha256.clone().finalize().into())
    }
}
