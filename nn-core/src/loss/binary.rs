//! What the binary losses share: each output is a probability by itself, or its logit; the loops are written once.
//!
//! A loss gives its value for one output and its error, the slope by the logit z = ln(p / (1 − p)). The slope by the
//! probability follows from it: ∂p/∂z = p(1 − p).

use super::mean::count;
use super::probability::open;
use crate::math;

/// The probability p that an output means yes.
#[derive(Clone, Copy)]
pub(super) enum Chance {
    /// p itself.
    Probability(f32),
    /// Its logit z, p = σ(z).
    Logit(f32),
}

impl Chance {
    /// p
    #[inline]
    pub(super) fn yes(self) -> f32 {
        match self {
            Self::Probability(p) => p,
            Self::Logit(z) => math::sigmoid(z),
        }
    }

    /// 1 − p; from a logit without the difference, which would lose what is near 0.
    #[inline]
    pub(super) fn no(self) -> f32 {
        match self {
            Self::Probability(p) => 1.0 - p,
            Self::Logit(z) => math::sigmoid(-z),
        }
    }

    /// The cross-entropy with the target, H = −y·ln p − (1 − y)·ln(1 − p); from a logit y·ln(1 + e⁻ᶻ) + (1 − y)·ln(1 + eᶻ).
    #[inline]
    pub(super) fn entropy(self, y: f32) -> f32 {
        match self {
            Self::Probability(p) => {
                let p = open(p);
                -(y * math::ln(p) + (1.0 - y) * math::ln(1.0 - p))
            }
            Self::Logit(z) => y * math::softplus(-z) + (1.0 - y) * math::softplus(z),
        }
    }
}

/// A loss of outputs that are each a probability by itself.
pub(super) trait Binary {
    /// Whether the outputs are logits instead.
    fn is_from_logits(&self) -> bool;

    /// The share s of every target that is spread over yes and no.
    fn label_smoothing(&self) -> f32;

    /// The loss of one output.
    fn cost(&self, chance: Chance, y: f32) -> f32;

    /// The slope of [`cost`](Self::cost) by the logit.
    fn error(&self, chance: Chance, y: f32) -> f32;

    /// A smoothed target, y(1 − s) + s/2.
    #[inline]
    fn smoothed(&self, y: f32) -> f32 {
        y * (1.0 - self.label_smoothing()) + 0.5 * self.label_smoothing()
    }
}

/// L = 1/n · Σ cost
#[inline]
pub(super) fn value(loss: &impl Binary, a: &[f32], y: &[f32]) -> f32 {
    let chance = if loss.is_from_logits() { Chance::Logit } else { Chance::Probability };
    let sum = a.iter().zip(y).fold(0.0, |sum, (&a, &y)| sum + loss.cost(chance(a), loss.smoothed(y)));
    sum / count(a.len())
}

/// The gradient by the outputs: error/n of logits, error / (a(1 − a)) / n of probabilities.
#[inline]
pub(super) fn gradient(loss: &impl Binary, a: &[f32], y: &[f32], da: &mut [f32]) {
    if loss.is_from_logits() {
        return errors(loss, Chance::Logit, a, y, da);
    }
    let factor = 1.0 / count(a.len());
    for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
        let a = open(a);
        *da = factor * (loss.error(Chance::Probability(a), loss.smoothed(y)) / (a * (1.0 - a)));
    }
}

/// The gradient by the logits, error/n.
#[inline]
pub(super) fn errors(loss: &impl Binary, chance: fn(f32) -> Chance, a: &[f32], y: &[f32], dz: &mut [f32]) {
    let factor = 1.0 / count(a.len());
    for ((dz, &a), &y) in dz.iter_mut().zip(a).zip(y) {
        *dz = factor * loss.error(chance(a), loss.smoothed(y));
    }
}

/// Makes a [`Loss`](super::Loss) of a [`Binary`] one with the settings `from_logits` and `label_smoothing`.
macro_rules! binary_loss {
    ($kind:ident) => {
        impl $kind {
            /// This loss of logits instead of probabilities: the sigmoid is part of it.
            #[must_use]
            pub const fn from_logits() -> Self {
                Self { from_logits: 1.0, ..Self::DEFAULT }
            }
        }

        impl $crate::loss::Loss for $kind {
            type Target<V: $crate::Vector> = V;

            #[inline]
            fn value(&self, a: &[f32], y: &[f32]) -> f32 {
                $crate::loss::binary::value(self, a, y)
            }

            #[inline]
            fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
                $crate::loss::binary::gradient(self, a, y, da);
            }

            /// After sigmoid, whose slope a(1 − a) cancels the one that the gradient divides by.
            #[inline]
            fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
                let is_pair = matches!(activation, AnyActivation::Sigmoid(_)) && !self.is_from_logits();
                if is_pair {
                    $crate::loss::binary::errors(self, Chance::Probability, a, y, dz);
                }
                is_pair
            }
        }
    };
}

pub(super) use binary_loss;
