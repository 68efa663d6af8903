//! Lists of samples turned around: for each input, the samples in which it is not zero, in their order.

use core::ops::Range;

use super::lists::{Lists, index, range_of};

/// For some inputs, the samples in which each is not zero, with its values there.
#[derive(Clone, Debug, Default)]
pub(super) struct TurnedLists {
    /// Where the list of each input ends.
    ends: Vec<u32>,
    entries: Vec<Entry>,
    /// What of each sample concerns the inputs, by its position in the sample's list.
    ranges: Vec<Range<usize>>,
}

/// A number of a sample that is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) sample: u32,
    pub(super) value: f32,
}

impl TurnedLists {
    /// None yet.
    pub(super) const fn new() -> Self {
        Self { ends: Vec::new(), entries: Vec::new(), ranges: Vec::new() }
    }

    /// Turns the lists of so many inputs from the first one on: counts, then puts each number in its place.
    #[expect(clippy::cast_possible_truncation, reason = "a batch has fewer than 2³² numbers")]
    pub(super) fn turn<'l>(&mut self, lists: impl Lists<'l>, first: usize, count: usize) {
        let Self { ends, entries, ranges } = self;
        ends.clear();
        ends.resize(count, 0);
        ranges.clear();
        ranges.extend((0..lists.samples()).map(|sample| range_of(lists.list(sample).0, first..first + count)));
        for (sample, range) in ranges.iter().enumerate() {
            for &place in &lists.list(sample).0[range.clone()] {
                ends[index(place) - first] += 1;
            }
        }
        let mut sum = 0;
        for end in &mut *ends {
            // Where the list starts: from there on it grows to its end.
            sum += core::mem::replace(end, sum);
        }
        // Room for all there could be, so that no later batch needs more; what is never written takes no memory.
        entries.reserve((lists.samples() * count).saturating_sub(entries.len()));
        if entries.len() < sum as usize {
            entries.resize(sum as usize, Entry::default());
        }
        for (sample, range) in ranges.iter().enumerate() {
            let (places, values) = lists.list(sample);
            for (&place, &value) in places[range.clone()].iter().zip(&values[range.clone()]) {
                let end = &mut ends[index(place) - first];
                entries[*end as usize] = Entry { sample: sample as u32, value: lists.number(value) };
                *end += 1;
            }
        }
    }

    /// The lists, input after input.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[Entry]> {
        let mut first = 0;
        self.ends.iter().map(move |&end| {
            let list = &self.entries[first..end as usize];
            first = end as usize;
            list
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, TurnedLists};
    use crate::gemm::{InstructionSet, Nonzeros};

    #[test]
    fn each_input_has_its_samples_in_order() {
        let mut lists = Nonzeros::default();
        lists.list(InstructionSet::best(), &[1.0, 0.0, 2.0, 3.0, 0.0, 4.0, 0.0, 5.0, 6.0], 3);
        let mut turned = TurnedLists::new();
        let entry = |sample, value| Entry { sample, value };
        let inputs = [
            vec![entry(0, 1.0), entry(1, 3.0)],
            vec![entry(2, 5.0)],
            vec![entry(0, 2.0), entry(1, 4.0), entry(2, 6.0)],
        ];
        for (first, count) in [(0, 3), (1, 2), (2, 1), (0, 1), (1, 1)] {
            turned.turn(&lists, first, count);
            assert_eq!(turned.lists().collect::<Vec<_>>(), inputs[first..first + count]);
        }
    }
}
