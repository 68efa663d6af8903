//! Initializers: each row of the table, chosen at run time.

use nn_core::init::{AnyInitializer, Initializer};
use nn_core::random::Stream;

entries! {
    fn fill(initializer: &AnyInitializer, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        initializer.fill(fan_in, fan_out, stream, w)
    }
    fn from_name(name: &str) -> Option<AnyInitializer> { AnyInitializer::from_name(name) }
}
