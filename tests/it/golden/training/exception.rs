//! How far a training may be from the reference's; and trainings in which rounding errors grow, so that two right ones lie
//! farther apart. Those have bounds of their own, and the reference in float64, from which that in float32 is as far.

use serde_json::Value;

use super::difference::Difference;

/// The most that a training may differ from the reference.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// After 1, 10 and 100 steps, relative to the largest value of a tensor.
    after: [f32; 3],
    /// Of losses and accuracies, relative to themselves.
    reports: f32,
}

const USUAL: Bounds = Bounds { after: [1e-5, 1e-5, 1e-4], reports: 1e-5 };

/// Trainings with bounds of their own.
pub(super) struct Exception {
    pub(super) net: &'static str,
    pub(super) optimizer: &'static str,
    bounds: Bounds,
    /// Why rounding errors grow.
    pub(super) reason: &'static str,
}

/// All of them.
pub(super) const EXCEPTIONS: [Exception; 1] = [Exception {
    net: "residual, normalized",
    optimizer: "sgd",
    bounds: Bounds { reports: 1.5e-4, ..USUAL },
    reason: "four normalizations and blocks one after the other at a rate of 0.2: an error of a step is multiplied by the \
        next; Keras' loop and Keras' fit, the same formulas compiled twice, are as far apart",
}];

impl Exception {
    /// Whether a training is one of these.
    pub(super) fn is_of(&self, case: &Value) -> bool {
        case["net"] == self.net && case["optimizer"] == self.optimizer
    }

    /// The exception for a training, if there is one.
    pub(super) fn of(case: &Value) -> Option<&'static Self> {
        EXCEPTIONS.iter().find(|exception| exception.is_of(case))
    }
}

impl Bounds {
    /// Those of a training.
    pub(super) fn of(case: &Value) -> Self {
        Exception::of(case).map_or(USUAL, |exception| exception.bounds)
    }

    /// Whether a training is within the usual ones.
    pub(super) fn are_usual(difference: &Difference) -> bool {
        USUAL.allow(difference)
    }

    /// Whether a training is within these.
    pub(super) fn allow(self, difference: &Difference) -> bool {
        let pairs = difference.after.iter().zip(self.after);
        pairs.into_iter().all(|(after, bound)| after.is_none_or(|after| after <= bound))
            && difference.reports <= self.reports
    }
}
