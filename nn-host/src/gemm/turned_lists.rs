//! Lists of samples turned around: for each input, the samples in which it is not zero, in their order.

use super::lists::{Lists, index, range_at};

/// For each input, the samples in which it is not zero, with its values there.
///
/// ```
/// use nn_host::gemm::{Engine, Errors, InstructionSet, Nonzeros, TurnedLists};
/// let (mut lists, mut turned) = (Nonzeros::default(), TurnedLists::default());
/// lists.list(InstructionSet::best(), &[0.0, 3.0, 2.0, 5.0], 2); // two samples of two
/// turned.turn(&lists, 2);
/// let mut dw = [0.0; 2];
/// Engine::default().add_turned_gradient(&turned, 0, Errors::new(&[1.0, 10.0], 1), &mut dw);
/// assert_eq!(dw, [20.0, 53.0]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct TurnedLists {
    /// Where the list of each input ends.
    ends: Vec<usize>,
    entries: Vec<Entry>,
}

/// A number of a sample that is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) sample: u32,
    pub(super) value: f32,
}

impl TurnedLists {
    /// Turns the lists of samples with so many inputs: counts, then puts each number in its place.
    #[expect(private_bounds, reason = "the two kinds of lists that there are")]
    #[expect(clippy::cast_possible_truncation, reason = "a batch has fewer than 2³² samples")]
    pub fn turn<'l>(&mut self, lists: impl Lists<'l>, inputs: usize) {
        let Self { ends, entries } = self;
        ends.clear();
        ends.resize(inputs, 0);
        for sample in 0..lists.samples() {
            for &place in lists.list(sample).0 {
                ends[index(place)] += 1;
            }
        }
        let mut sum = 0;
        for end in &mut *ends {
            // Where the list starts: from there on it grows to its end.
            sum += core::mem::replace(end, sum);
        }
        // Room for all there could be, so that no later batch needs more; what is never written takes no memory.
        entries.reserve((lists.samples() * inputs).saturating_sub(entries.len()));
        if entries.len() < sum {
            entries.resize(sum, Entry::default());
        }
        for sample in 0..lists.samples() {
            let (places, values) = lists.list(sample);
            for (&place, &value) in places.iter().zip(values) {
                let end = &mut ends[index(place)];
                entries[*end] = Entry { sample: sample as u32, value: lists.number(value) };
                *end += 1;
            }
        }
    }

    /// The lists of the inputs from this one on.
    pub(super) fn lists(&self, first: usize) -> impl Iterator<Item = &[Entry]> {
        (first..self.ends.len()).map(|input| &self.entries[range_at(&self.ends, input)])
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
        let mut turned = TurnedLists::default();
        let entry = |sample, value| Entry { sample, value };
        let inputs = [
            vec![entry(0, 1.0), entry(1, 3.0)],
            vec![entry(2, 5.0)],
            vec![entry(0, 2.0), entry(1, 4.0), entry(2, 6.0)],
        ];
        for first in [0, 1, 2, 1] {
            turned.turn(&lists, 3);
            assert_eq!(turned.lists(first).collect::<Vec<_>>(), inputs[first..]);
        }
    }
}
