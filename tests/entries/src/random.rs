//! Random streams.

use nn_core::random::{Purpose, Stream};

entries! {
    fn new(seed: u64, purpose: Purpose, epoch: u32, index: u32) -> Stream { Stream::new(seed, purpose, epoch, index) }
    fn word(stream: &mut Stream) -> u32 { stream.word() }
    fn uniform(stream: &mut Stream) -> f32 { stream.uniform() }
    fn normal(stream: &mut Stream) -> f32 { stream.normal() }
    fn below(stream: &mut Stream, bound: u32) -> u32 { stream.below(bound) }
}
