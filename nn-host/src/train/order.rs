//! The order of the samples in an epoch: a permutation by Fisher and Yates, from a stream of its own.

use nn_core::random::{Purpose, Stream};

/// The order of an epoch's samples, shuffled or as they are.
pub(super) fn order(samples: usize, shuffle: bool, seed: u64, epoch: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..samples).collect();
    if shuffle {
        let mut stream = Stream::new(seed, Purpose::Shuffle, epoch, 0);
        for last in (1..samples).rev() {
            let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
            order.swap(last, stream.below(bound) as usize);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn is_a_permutation_that_changes_with_the_epoch() {
        let mut first = order(1000, true, 0, 0);
        assert_ne!(first, order(1000, true, 0, 1));
        assert_eq!(first, order(1000, true, 0, 0));
        first.sort_unstable();
        assert_eq!(first, order(1000, false, 0, 0));
    }

    #[test]
    fn every_sample_comes_first_equally_often() {
        let mut first = [0; 4];
        for epoch in 0..4000 {
            first[order(4, true, 0, epoch)[0]] += 1;
        }
        assert!(first.iter().all(|times| (900..1100).contains(times)), "{first:?}");
    }
}
