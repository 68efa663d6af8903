//! Initializers of kernels, one file each; the table below is the list of them.

mod glorot_uniform;

pub use glorot_uniform::GlorotUniform;

use crate::random::Stream;
use crate::table::table;

/// How the kernel of a dense layer starts.
pub trait Initializer {
    /// Fills the kernel, row after row, from the stream.
    ///
    /// # Shapes
    /// - `w`: `[fan_in][fan_out]`
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]);
}

table! {
    /// An initializer chosen at run time.
    ///
    /// ```
    /// use nn_core::init::AnyInitializer;
    /// assert!(AnyInitializer::from_name("glorot_uniform").is_some());
    /// ```
    AnyInitializer as dyn Initializer {
        0 => GlorotUniform, "glorot_uniform";
    }
}

impl Initializer for AnyInitializer {
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        self.kind().fill(fan_in, fan_out, stream, w);
    }
}
