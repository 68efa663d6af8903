//! Which samples are held back: a part to validate with, or folds that take turns.

use nn_core::random::{Purpose, Stream};

use super::Targets;
use super::shuffle::shuffled;

/// Which samples a validation holds back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HoldOut {
    /// Random ones, of each class about the same share. A class keeps at least one sample to train with.
    #[default]
    Stratified,
    /// The last ones, as Keras does.
    Last,
}

/// A partition of samples, each part ascending.
///
/// ```
/// use nn_host::data::{HoldOut, Partition, Targets};
///
/// let names = vec!["a".to_string(), "b".to_string()];
/// let targets = Targets::Classes { classes: vec![0, 0, 0, 0, 1, 1, 1, 1], names };
/// let Partition { training, validation } = Partition::hold_out(&targets, 0.25, HoldOut::Stratified, 42)?;
/// assert_eq!((training.len(), validation.len()), (6, 2));
/// assert!(validation[0] < 4 && validation[1] >= 4); // one of each class
/// # Ok::<(), nn_host::data::SplitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Samples to train with.
    pub training: Vec<usize>,
    /// Samples to validate with.
    pub validation: Vec<usize>,
}

/// Samples that cannot be split so.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// A share that is none.
    #[error("the share to validate with is {found}, it must be above 0 and below 1")]
    Fraction {
        /// The share.
        found: f64,
    },
    /// A part without samples.
    #[error("a share of {fraction} of {samples} samples leaves nothing to {what} with")]
    Empty {
        /// The share.
        fraction: f64,
        /// Number of samples.
        samples: usize,
        /// Train or validate.
        what: &'static str,
    },
    /// Folds that would be empty.
    #[error("{samples} samples cannot be split into {folds} folds; there must be 2 at least, and a sample in each")]
    Folds {
        /// Folds.
        folds: usize,
        /// Number of samples.
        samples: usize,
    },
}

impl Partition {
    /// Holds back a share of the samples: as many as Keras does, n − ⌊n · (1 − fraction)⌋.
    ///
    /// The share is an f64, as in Keras: in f32, 1 − 0.2 is above 0.8 and other samples would be counted.
    ///
    /// # Errors
    /// [`SplitError`] if the share is not between 0 and 1, or a part would be empty.
    pub fn hold_out(targets: &Targets, fraction: f64, mode: HoldOut, seed: u64) -> Result<Self, SplitError> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(SplitError::Fraction { found: fraction });
        }
        let samples = targets.len();
        let kept = share(samples, 1.0 - fraction);
        let empty = |what| SplitError::Empty { fraction, samples, what };
        match (kept, samples - kept) {
            (0, _) => Err(empty("train")),
            (_, 0) => Err(empty("validate")),
            (_, held) if mode == HoldOut::Stratified => Ok(Self::stratified(targets, held, seed)),
            _ => Ok(Self { training: (0..kept).collect(), validation: (kept..samples).collect() }),
        }
    }

    /// Folds that take turns at validation: each sample is in one of them, each class about equally in all.
    ///
    /// # Errors
    /// [`SplitError::Folds`] if there are fewer than two, or more than samples.
    pub fn folds(targets: &Targets, folds: usize, seed: u64) -> Result<Vec<Self>, SplitError> {
        let samples = targets.len();
        if !(2..=samples).contains(&folds) {
            return Err(SplitError::Folds { folds, samples });
        }
        let mut fold_of = vec![0; samples];
        // Dealt like cards, class after class, so that sizes differ by one at most.
        for (card, sample) in strata(targets, seed).into_iter().flatten().enumerate() {
            if let Some(fold) = fold_of.get_mut(sample) {
                *fold = card % folds;
            }
        }
        let part = |fold| {
            let (validation, training) = (0..samples).partition(|&sample| fold_of.get(sample) == Some(&fold));
            Self { training, validation }
        };
        Ok((0..folds).map(part).collect())
    }

    /// Holds back so many samples, of each class its share.
    fn stratified(targets: &Targets, held: usize, seed: u64) -> Self {
        let strata = strata(targets, seed);
        let shares = shares(&strata.iter().map(Vec::len).collect::<Vec<_>>(), held);
        let (mut training, mut validation) = (Vec::new(), Vec::new());
        for (stratum, share) in strata.iter().zip(shares) {
            let (held, kept) = stratum.split_at(share.min(stratum.len()));
            validation.extend(held);
            training.extend(kept);
        }
        training.sort_unstable();
        validation.sort_unstable();
        Self { training, validation }
    }
}

/// ⌊n · fraction⌋
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of samples, and a part of it"
)]
fn share(samples: usize, fraction: f64) -> usize {
    (samples as f64 * fraction) as usize
}

/// The samples of each class, or all, in a random order: class c by the stream (seed, `Split`, 0, c).
fn strata(targets: &Targets, seed: u64) -> Vec<Vec<usize>> {
    let strata = match targets {
        Targets::Classes { classes, names } => {
            let mut strata = vec![Vec::new(); names.len()];
            for (sample, &class) in classes.iter().enumerate() {
                strata.get_mut(class as usize).into_iter().for_each(|stratum: &mut Vec<usize>| stratum.push(sample));
            }
            strata
        }
        Targets::Values(_) => vec![(0..targets.len()).collect()],
    };
    let shuffle = |(stratum, class)| shuffled(stratum, &mut Stream::new(seed, Purpose::Split, 0, class));
    strata.into_iter().zip(0..).map(shuffle).collect()
}

/// How many of each stratum are held back: its exact share rounded down, then one more each by the largest remainder
/// until there are enough; all but one of a stratum at most, as long as others have enough.
fn shares(sizes: &[usize], held: usize) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    let exact = |size: usize| (size as u128 * held as u128, all.max(1) as u128);
    let mut shares: Vec<usize> = sizes.iter().map(|&size| quotient(exact(size))).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let size = |stratum: usize| sizes.get(stratum).copied().unwrap_or_default();
    order.sort_by_key(|&stratum| {
        let (share, all) = exact(size(stratum));
        core::cmp::Reverse(share % all)
    });
    let mut missing = held - shares.iter().sum::<usize>();
    for spare in [1, 0] {
        while missing > 0 {
            let before = missing;
            for &stratum in &order {
                let room = shares.get_mut(stratum).filter(|share| **share + spare < size(stratum));
                if let Some(share) = room.filter(|_| missing > 0) {
                    *share += 1;
                    missing -= 1;
                }
            }
            if missing == before {
                break;
            }
        }
    }
    shares
}

fn quotient((share, all): (u128, u128)) -> usize {
    usize::try_from(share / all).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{HoldOut, Partition, SplitError, shares};
    use crate::data::Targets;
    use nalgebra::DMatrix;

    fn classes(counts: &[usize]) -> Targets {
        let classes = counts.iter().zip(0..).flat_map(|(&count, class)| vec![class; count]).collect();
        Targets::Classes { classes, names: counts.iter().map(usize::to_string).collect() }
    }

    fn values(samples: usize) -> Targets {
        Targets::Values(DMatrix::zeros(1, samples))
    }

    /// Samples of each class in a part.
    fn counts(targets: &Targets, part: &[usize]) -> Vec<usize> {
        let Targets::Classes { classes, names } = targets else { return vec![part.len()] };
        (0..names.len()).map(|class| part.iter().filter(|&&sample| classes[sample] as usize == class).count()).collect()
    }

    #[test]
    fn the_last_samples_are_as_many_as_keras_takes() {
        for (samples, fraction, kept) in [(100, 0.2, 80), (60_000, 0.1, 54_000), (7, 0.5, 3), (10, 0.3, 7)] {
            let parts = Partition::hold_out(&values(samples), fraction, HoldOut::Last, 0).unwrap();
            assert!(parts.training.iter().copied().eq(0..kept) && parts.validation.iter().copied().eq(kept..samples));
        }
    }

    #[test]
    fn each_class_gives_its_share() {
        let targets = classes(&[500, 300, 200]);
        let parts = Partition::hold_out(&targets, 0.1, HoldOut::Stratified, 7).unwrap();
        assert_eq!(counts(&targets, &parts.validation), [50, 30, 20]);
        let mut all = [parts.training.clone(), parts.validation.clone()].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1000));
        assert_eq!(parts, Partition::hold_out(&targets, 0.1, HoldOut::Stratified, 7).unwrap());
        assert_ne!(parts, Partition::hold_out(&targets, 0.1, HoldOut::Stratified, 8).unwrap());
    }

    #[test]
    fn shares_add_up_and_leave_one_to_train_with() {
        assert_eq!(shares(&[1, 9], 5), [0, 5]);
        assert_eq!(shares(&[3, 3, 3], 4), [2, 1, 1]);
        assert_eq!(shares(&[1, 1, 1], 2), [1, 1, 0], "there is no other way");
        assert_eq!(shares(&[0, 10], 3), [0, 3]);
        for held in 1..30 {
            assert_eq!(shares(&[17, 1, 9, 2, 1], held).iter().sum::<usize>(), held);
        }
    }

    #[test]
    fn folds_have_each_sample_once_and_each_class_in_all() {
        let targets = classes(&[52, 31, 20]);
        let folds = Partition::folds(&targets, 5, 3).unwrap();
        let mut seen = vec![0; 103];
        for Partition { training, validation } in &folds {
            assert_eq!(training.len() + validation.len(), 103);
            assert!((20..=21).contains(&validation.len()));
            let counts = counts(&targets, validation);
            assert!((10..=11).contains(&counts[0]) && (6..=7).contains(&counts[1]) && counts[2] == 4, "{counts:?}");
            validation.iter().for_each(|&sample| seen[sample] += 1);
            assert!(training.iter().all(|sample| !validation.contains(sample)));
        }
        assert_eq!(seen, [1; 103]);
        assert_eq!(Partition::folds(&values(3), 3, 0).unwrap().len(), 3);
    }

    #[test]
    fn values_are_split_at_random() {
        let parts = Partition::hold_out(&values(100), 0.2, HoldOut::Stratified, 0).unwrap();
        assert_eq!((parts.training.len(), parts.validation.len()), (80, 20));
        assert!(parts.validation[0] < 50);
    }

    #[test]
    fn what_leaves_a_part_empty_is_refused() {
        for fraction in [0.0, 1.0, -0.1, 1.5, f64::NAN] {
            let error = Partition::hold_out(&values(10), fraction, HoldOut::Last, 0).unwrap_err();
            assert!(matches!(error, SplitError::Fraction { .. }), "{error}");
        }
        let error = Partition::hold_out(&values(1), 0.5, HoldOut::Stratified, 0).unwrap_err();
        assert_eq!(error.to_string(), "a share of 0.5 of 1 samples leaves nothing to train with");
        for (samples, folds) in [(10, 1), (10, 0), (3, 4)] {
            assert_eq!(Partition::folds(&values(samples), folds, 0), Err(SplitError::Folds { folds, samples }));
        }
    }
}
