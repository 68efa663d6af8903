//! What the categorical losses share: the outputs are one distribution, or its logits; the loops are written once.
//!
//! A loss gives the cost c(p) of a class whose target is 1, L = Σ y·c(p), and its relative slope r(p) = p·∂c/∂p. The gradients
//! follow: by the probabilities da = y·r/a; by the logits, through softmax, dz = y·r − a·Σ y·r.

use super::mean::count;
use super::probability::at_least_epsilon;
use crate::activation::{Activation, LogSumExp, Softmax};
use crate::math;

/// The probability p of a class.
#[derive(Clone, Copy)]
pub(super) enum Share {
    /// p alone.
    Probability(f32),
    /// ln p alone.
    Logarithm(f32),
    /// p and ln p.
    Both(f32, f32),
}

impl Share {
    /// p
    #[inline]
    pub(super) fn probability(self) -> f32 {
        match self {
            Self::Probability(p) | Self::Both(p, _) => p,
            Self::Logarithm(ln_p) => math::exp(ln_p),
        }
    }

    /// ln p
    #[inline]
    pub(super) fn ln(self) -> f32 {
        match self {
            Self::Probability(p) => math::ln(at_least_epsilon(p)),
            Self::Logarithm(ln_p) | Self::Both(_, ln_p) => ln_p,
        }
    }
}

/// The targets of a sample, one a class; they are gone through more than once.
pub(super) trait Targets: Iterator<Item = f32> + Clone {}

impl<Y: Iterator<Item = f32> + Clone> Targets for Y {}

/// A loss of outputs that are one distribution.
pub(super) trait Categorical {
    /// Whether the outputs are logits instead.
    fn is_from_logits(&self) -> bool;

    /// The share s of every target that is spread over all classes.
    fn label_smoothing(&self) -> f32;

    /// c(p), what a class costs whose target is 1.
    fn cost(&self, share: Share) -> f32;

    /// r(p) = p · ∂c/∂p
    fn relative_slope(&self, share: Share) -> f32;
}

/// The smoothed targets of `n` classes, y(1 − s) + s/n.
#[inline]
fn smoothed<L: Categorical, Y: Targets>(loss: &L, n: usize, y: Y) -> impl Targets + use<L, Y> {
    let (kept, spread) = (1.0 - loss.label_smoothing(), loss.label_smoothing() / count(n));
    y.map(move |y| y * kept + spread)
}

/// L = Σ y·c(p); classes whose target is 0 cost nothing, whatever p.
#[inline]
pub(super) fn value(loss: &impl Categorical, a: &[f32], y: impl Targets) -> f32 {
    let targets = a.iter().zip(smoothed(loss, a.len(), y)).filter(|&(_, y)| y != 0.0);
    if loss.is_from_logits() {
        let all = LogSumExp::of(a);
        return targets.fold(0.0, |sum, (&z, y)| sum + y * loss.cost(Share::Logarithm(all.log_probability(z))));
    }
    targets.fold(0.0, |sum, (&a, y)| sum + y * loss.cost(Share::Probability(at_least_epsilon(a))))
}

/// The gradient by the outputs.
#[inline]
pub(super) fn gradient(loss: &impl Categorical, a: &[f32], y: impl Targets, da: &mut [f32]) {
    let y = smoothed(loss, a.len(), y);
    if loss.is_from_logits() {
        return gradient_by_logits(loss, a, y, da);
    }
    for ((da, &a), y) in da.iter_mut().zip(a).zip(y) {
        let a = at_least_epsilon(a);
        *da = y * loss.relative_slope(Share::Probability(a)) / a;
    }
}

/// dz = y·r − p·Σ y·r with p = softmax z, which stands in dz until it is used up.
#[inline]
fn gradient_by_logits(loss: &impl Categorical, z: &[f32], y: impl Targets, dz: &mut [f32]) {
    let all = LogSumExp::of(z);
    for (dz, &z) in dz.iter_mut().zip(z) {
        *dz = z;
    }
    Softmax.forward(dz);
    let slope = |p: f32, z: f32| loss.relative_slope(Share::Both(p, all.log_probability(z)));
    let sum = dz.iter().zip(z).zip(y.clone()).fold(0.0, |sum, ((&p, &z), y)| sum + y * slope(p, z));
    for ((dz, &z), y) in dz.iter_mut().zip(z).zip(y) {
        *dz = y * slope(*dz, z) - *dz * sum;
    }
}

/// dz = y·r − a·Σ y·r, of probabilities that a softmax has given.
#[inline]
pub(super) fn gradient_after_softmax(loss: &impl Categorical, a: &[f32], y: impl Targets, dz: &mut [f32]) {
    let y = smoothed(loss, a.len(), y);
    let slope = |a: f32| loss.relative_slope(Share::Probability(a));
    let sum = a.iter().zip(y.clone()).fold(0.0, |sum, (&a, y)| sum + y * slope(a));
    for ((dz, &a), y) in dz.iter_mut().zip(a).zip(y) {
        *dz = y * slope(a) - a * sum;
    }
}

/// Makes a [`Loss`](super::Loss) of a [`Categorical`] one with the settings `from_logits` and `label_smoothing`.
macro_rules! categorical_loss {
    ($kind:ident) => {
        impl $kind {
            /// This loss of logits instead of probabilities: the softmax is part of it.
            #[must_use]
            pub const fn from_logits() -> Self {
                Self { from_logits: 1.0, ..Self::DEFAULT }
            }
        }

        impl $crate::loss::Loss for $kind {
            type Target<V: $crate::Vector> = V;

            #[inline]
            fn value(&self, a: &[f32], y: &[f32]) -> f32 {
                $crate::loss::categorical::value(self, a, y.iter().copied())
            }

            #[inline]
            fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
                $crate::loss::categorical::gradient(self, a, y.iter().copied(), da);
            }

            /// After softmax, whose Jacobian has a simple product with the gradient.
            #[inline]
            fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
                let is_pair = matches!(activation, AnyActivation::Softmax(_)) && !self.is_from_logits();
                if is_pair {
                    $crate::loss::categorical::gradient_after_softmax(self, a, y.iter().copied(), dz);
                }
                is_pair
            }
        }
    };
}

pub(super) use categorical_loss;
