//! Random permutations by Fisher and Yates, from a stream of their own.

use nn_core::random::Stream;

/// The items in a random order, each equally often.
pub(super) fn shuffled(mut items: Vec<usize>, stream: &mut Stream) -> Vec<usize> {
    for last in (1..items.len()).rev() {
        let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
        items.swap(last, stream.below(bound) as usize);
    }
    items
}
