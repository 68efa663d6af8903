//! Adjustments as methods of every optimizer.

use super::{Adjusted, ClipNorm, ClipValue, GlobalClipNorm, Penalty, WeightDecay};
use crate::optimizer::{HyperparameterError, Optimizer};

/// Puts adjustments before an optimizer's step; what is put last is made first.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust};
/// let optimizer = Adam::new(0.01)?.with_weight_decay(0.004)?.clipped_by_norm(1.0)?.with_l2(1e-4)?;
/// // A step: add the L2 term to the gradient, clip it, decay the weights, then Adam. Keras has this order.
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
pub trait Adjust: Optimizer {
    /// Clips each gradient to [−`limit`, `limit`]; Keras' `clipvalue`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    fn clipped_by_value(self, limit: f32) -> Result<Adjusted<ClipValue, Self>, HyperparameterError> {
        Ok(Adjusted::new(ClipValue::new(limit)?, self))
    }

    /// Shortens each tensor's gradient to the norm `limit`; Keras' `clipnorm`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    fn clipped_by_norm(self, limit: f32) -> Result<Adjusted<ClipNorm, Self>, HyperparameterError> {
        Ok(Adjusted::new(ClipNorm::new(limit)?, self))
    }

    /// Shortens the whole network's gradient to the norm `limit`; Keras' `global_clipnorm`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    fn clipped_by_global_norm(self, limit: f32) -> Result<Adjusted<GlobalClipNorm, Self>, HyperparameterError> {
        Ok(Adjusted::new(GlobalClipNorm::new(limit)?, self))
    }

    /// Lets all weights decay by η · `weight_decay` of themselves at each step; Keras' `weight_decay`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `weight_decay` is at least 0 and finite.
    fn with_weight_decay(self, weight_decay: f32) -> Result<Adjusted<WeightDecay, Self>, HyperparameterError> {
        Ok(Adjusted::new(WeightDecay::new(weight_decay)?, self))
    }

    /// Adds the gradient of `l1` · Σ|w| over all kernels.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `l1` is at least 0 and finite.
    fn with_l1(self, l1: f32) -> Result<Adjusted<Penalty, Self>, HyperparameterError> {
        Penalty::l1(l1).map(|penalty| self.with_penalty(penalty))
    }

    /// Adds the gradient of `l2` · Σw² over all kernels.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `l2` is at least 0 and finite.
    fn with_l2(self, l2: f32) -> Result<Adjusted<Penalty, Self>, HyperparameterError> {
        Penalty::l2(l2).map(|penalty| self.with_penalty(penalty))
    }

    /// Adds the gradient of a penalty.
    fn with_penalty(self, penalty: Penalty) -> Adjusted<Penalty, Self> {
        Adjusted::new(penalty, self)
    }
}

impl<O: Optimizer> Adjust for O {}
