//! Memory that starts at a line of the cache, so that no vector crosses two of them.

use bytemuck::{Pod, Zeroable, cast_slice_mut};

/// Numbers of a line.
const NUMBERS: usize = 16;

/// A line of the cache.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([f32; NUMBERS]);

/// Memory that is used again and again, and grows to what was needed most.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Vec<Line>);

impl Lines {
    /// None yet.
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// So many numbers, which may hold anything.
    pub(super) fn numbers(&mut self, count: usize) -> &mut [f32] {
        let lines = count.div_ceil(NUMBERS);
        if self.0.len() < lines {
            self.0.resize(lines, Line::zeroed());
        }
        cast_slice_mut(&mut self.0).get_mut(..count).unwrap_or_default()
    }
}
