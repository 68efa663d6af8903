//! Random permutations by Fisher and Yates, from a stream of their own.

use nn_core::random::Stream;

/// Swaps so many items until they are in a random order, each equally often.
pub(super) fn shuffle(items: usize, stream: &mut Stream, mut swap: impl FnMut(usize, usize)) {
    for last in (1..items).rev() {
        let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
        swap(last, stream.below(bound) as usize);
    }
}

/// The items in a random order.
pub(super) fn shuffled(mut items: Vec<usize>, stream: &mut Stream) -> Vec<usize> {
    shuffle(items.len(), stream, |a, b| items.swap(a, b));
    items
}
