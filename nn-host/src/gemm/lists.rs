//! Lists of what is not zero, in whichever form they come.

use core::ops::Range;

/// Lists of some samples: of each its numbers that are not zero, in the order of their places.
pub(super) trait Lists<'l>: Copy + 'l {
    /// A place in a sample.
    type Place: Copy + Into<u32> + 'l;

    /// What stands for a number.
    type Value: Copy + 'l;

    /// The number of samples.
    fn samples(self) -> usize;

    /// The places and values of a sample.
    fn list(self, sample: usize) -> List<'l, Self>;

    /// The number that a value stands for.
    fn number(self, value: Self::Value) -> f32;
}

/// The list of a sample: places, and as many values.
pub(super) type List<'l, L> = (&'l [<L as Lists<'l>>::Place], &'l [<L as Lists<'l>>::Value]);

/// A place as an index.
#[inline(always)]
pub(super) fn index(place: impl Into<u32>) -> usize {
    let place: u32 = place.into();
    place as usize
}

/// Where the list of a sample stands, by where each list ends; nowhere if there is no such sample.
#[inline]
pub(super) fn range_at(ends: &[usize], sample: usize) -> Range<usize> {
    let first = sample.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    first..ends.get(sample).copied().unwrap_or(first)
}
