//! The median rule (Golovin et al. 2017): a trial ends whose best value so far is worse than the median of the others'.

use super::{Trial, TrialState};
use crate::callback::Monitor;

/// When a trial ends early.
///
/// ```
/// use nn_host::tune::Pruning;
/// assert_eq!(Pruning::default(), Pruning { warmup_epochs: 0, startup_trials: 5 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruning {
    /// Epochs of a fold in which no trial ends (0).
    pub warmup_epochs: u32,
    /// Complete trials that there must be (5).
    pub startup_trials: u32,
}

impl Default for Pruning {
    fn default() -> Self {
        Self { warmup_epochs: 0, startup_trials: 5 }
    }
}

impl Pruning {
    /// Whether a trial ends after the last epoch of this curve of its fold.
    pub(super) fn ends(self, monitor: &Monitor, trials: &[Trial], fold: usize, curve: &[f32]) -> bool {
        if curve.len() <= self.warmup_epochs as usize {
            return false;
        }
        let complete = trials.iter().filter(|trial| trial.state == TrialState::Complete);
        let others = complete.filter_map(|trial| trial.curves.get(fold)?.get(..curve.len()));
        let mut others: Vec<f32> = others.filter_map(|curve| best(monitor, curve)).collect();
        if others.len() < (self.startup_trials as usize).max(1) {
            return false;
        }
        let median = median(&mut others);
        best(monitor, curve).is_none_or(|own| own.to_bits() != median.to_bits() && monitor.is_better(median, own))
    }
}

/// The best value of a curve.
pub(super) fn best(monitor: &Monitor, curve: &[f32]) -> Option<f32> {
    let numbers = curve.iter().copied().filter(|value| value.is_finite());
    numbers.reduce(|best, value| if monitor.is_better(value, best) { value } else { best })
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &mut [f32]) -> f32 {
    values.sort_by(f32::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f32::NAN);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { at(half) } else { f32::midpoint(at(half.saturating_sub(1)), at(half)) }
}

#[cfg(test)]
mod tests {
    use super::{Monitor, Pruning, Trial, TrialState, best, median};

    fn trial(state: TrialState, curve: &[f32]) -> Trial {
        Trial { number: 0, values: Vec::new(), state, objective: None, curves: vec![curve.to_vec()] }
    }

    #[test]
    fn a_trial_ends_if_it_is_worse_than_the_median() {
        let trials: Vec<_> = [1.0, 2.0, 3.0].map(|value| trial(TrialState::Complete, &[9.0, value])).to_vec();
        let rule = Pruning { warmup_epochs: 1, startup_trials: 3 };
        let ends = |curve: &[f32]| rule.ends(&Monitor::of("loss"), &trials, 0, curve);
        assert!(ends(&[9.0, 2.5]) && !ends(&[9.0, 2.0]) && !ends(&[9.0, 1.5]));
        assert!(!ends(&[1.9, 5.0]), "what counts is its best value");
        assert!(!ends(&[50.0]), "it is warming up");
        assert!(!ends(&[9.0, 9.0, 9.0]), "no other trial was that long");
        assert!(!rule.ends(&Monitor::of("loss"), &trials, 1, &[9.0, 9.0]), "no other trial has had this fold");
        assert!(!rule.ends(&Monitor::of("loss"), &trials[1..], 0, &[9.0, 9.0]), "there are too few others");
        let up = |curve: &[f32]| rule.ends(&Monitor::of("accuracy"), &trials, 0, curve);
        assert!(up(&[1.0, 2.5]) && !up(&[9.5, 0.0]));
    }

    #[test]
    fn only_complete_trials_are_compared_with() {
        let trials = [TrialState::Pruned, TrialState::Diverged].map(|state| trial(state, &[1.0]));
        let rule = Pruning { warmup_epochs: 0, startup_trials: 1 };
        assert!(!rule.ends(&Monitor::of("loss"), &trials, 0, &[9.0]));
    }

    #[test]
    fn medians_and_best_values_are_those_of_the_numbers() {
        assert_eq!((median(&mut [3.0, 1.0, 2.0]), median(&mut [4.0, 1.0, 2.0, 3.0])), (2.0, 2.5));
        assert_eq!(best(&Monitor::of("loss"), &[f32::NAN, 2.0, 1.0, 3.0]), Some(1.0));
        assert_eq!(best(&Monitor::of("auc"), &[f32::NAN]), None);
    }
}
