//! Concordance index (Harrell's C without censoring): the share of pairs of samples that the outputs put in the order of the
//! targets.

use super::{Mean, Metric, Sample};

/// Of all pairs of samples with different targets, the share whose outputs are in the same order, equal outputs counting a
/// half, `concordance_index`: 1 at best, a half by guessing. Of several outputs the mean. NaN where all targets are equal.
///
/// A pair counts by the product of its weights. For targets of 0 and 1 it is the area under the ROC curve.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(ConcordanceIndex.measure(Batch::new(1, &[0.1, 0.3, 0.2], &[1.0, 2.0, 3.0])), 2.0 / 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConcordanceIndex;

/// A sample: what the model says, and what is true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    a: f32,
    y: f32,
    weight: f64,
}

impl Metric for ConcordanceIndex {
    /// All samples, a list for each output.
    type Tally = Vec<Vec<Told>>;

    fn name(&self) -> String {
        "concordance_index".into()
    }

    fn add(&self, tally: &mut Vec<Vec<Told>>, sample: Sample<'_>) {
        if tally.is_empty() {
            tally.resize(sample.a.len(), Vec::new());
        }
        for ((column, &a), &y) in tally.iter_mut().zip(sample.a).zip(sample.y) {
            // −0 becomes 0, so that equal values have equal bits.
            column.push(Told { a: a + 0.0, y: y + 0.0, weight: sample.weight });
        }
    }

    fn value(&self, tally: &Vec<Vec<Told>>) -> f64 {
        let mut mean = Mean::default();
        tally.iter().for_each(|column| mean.add(index(column.clone()), 1.0));
        mean.value()
    }

    fn is_cheap(&self) -> bool {
        false
    }
}

/// The index of one output: by rising target, each sample is compared with the sum of all before it.
fn index(mut column: Vec<Told>) -> f64 {
    if column.iter().any(|told| told.a.is_nan()) {
        return f64::NAN;
    }
    let mut outputs: Vec<f32> = column.iter().map(|told| told.a).collect();
    outputs.sort_by(f32::total_cmp);
    outputs.dedup_by_key(|a| a.to_bits());
    column.sort_by(|one, other| one.y.total_cmp(&other.y));
    let mut before = PrefixSums::new(outputs.len());
    let (mut right, mut all) = (0.0, 0.0);
    for equal in column.chunk_by(|one, other| one.y.to_bits() == other.y.to_bits()) {
        let rank = |told: &Told| outputs.partition_point(|a| *a < told.a);
        for told in equal {
            let (below, up_to) = (before.sum(rank(told)), before.sum(rank(told) + 1));
            right += told.weight * (below + up_to) / 2.0;
            all += told.weight * before.sum(outputs.len());
        }
        equal.iter().for_each(|told| before.add(rank(told), told.weight));
    }
    right / all
}

/// Sums of the first values of a list in a logarithm of its length (a Fenwick tree, 1994).
struct PrefixSums(Vec<f64>);

impl PrefixSums {
    fn new(length: usize) -> Self {
        Self(vec![0.0; length + 1])
    }

    /// Adds to the value at a place.
    fn add(&mut self, place: usize, value: f64) {
        let mut node = place + 1;
        while let Some(sum) = self.0.get_mut(node) {
            *sum += value;
            node += lowest_bit(node);
        }
    }

    /// The sum of the first `count` values.
    fn sum(&self, count: usize) -> f64 {
        let (mut node, mut sum) = (count, 0.0);
        while node > 0 {
            sum += self.0.get(node).copied().unwrap_or_default();
            node -= lowest_bit(node);
        }
        sum
    }
}

const fn lowest_bit(number: usize) -> usize {
    1 << number.trailing_zeros()
}
