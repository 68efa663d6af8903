//! Decoupled weight decay (Loshchilov and Hutter, 2019), w ← w − η · λ · w before the step.

use super::{Adjustment, Known, RowWise, Scope};
use crate::optimizer::hyperparameters::not_negative;
use crate::optimizer::{HyperparameterError, Weights};

/// All weights decay by η · λ of themselves, whatever their gradient; Keras' `weight_decay` of every optimizer.
///
/// With Adam that is [`AdamW`](crate::optimizer::AdamW), to the bit.
///
/// ```
/// use nn_core::optimizer::{Adjust, Adjusted, Momentum, WeightDecay};
/// let optimizer: Adjusted<WeightDecay, Momentum> = Momentum::default().with_weight_decay(0.004)?;
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightDecay(f32);

impl WeightDecay {
    /// Decay with λ = `weight_decay`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `weight_decay` is at least 0 and finite.
    pub fn new(weight_decay: f32) -> Result<Self, HyperparameterError> {
        not_negative("weight_decay", weight_decay).map(Self)
    }
}

impl Adjustment for WeightDecay {
    const SCOPE: Scope = Scope::Row;
    const IS_OF_GRADIENTS: bool = false;
    const KEEPS_ZEROS: bool = false;

    #[inline]
    fn adjust(&self, known: &Known, weights: Weights<'_>) {
        let decay = known.learning_rate * self.0;
        weights.w.iter_mut().for_each(|w| *w -= decay * *w);
    }
}

impl RowWise for WeightDecay {}

#[cfg(test)]
mod tests {
    use crate::Zero;
    use crate::optimizer::{Adam, AdamW, Adjust, Memory, Optimizer, Row, Sgd, Tensor};

    /// The weights after three steps.
    fn three_steps<O: Optimizer>(optimizer: O) -> [f32; 3] {
        let (mut w, mut memory) = ([1.0, -0.3, 0.0], Memory::<O, 3>::ZERO);
        for t in 1..=3 {
            let mut g = [0.5, -2.0, 0.0].map(|g| g * optimizer.error_factor(t).unwrap_or(1.0));
            let row = Row { tensor: Tensor::Bias, number: 0, w: &mut w, g: &mut g, memory: memory.as_mut() };
            O::update_row(&optimizer.begin_step(t), 0.7, row);
        }
        w
    }

    #[test]
    fn adam_with_weight_decay_is_adamw_to_the_bit() {
        let adam = Adam::new(0.1).unwrap().with_weight_decay(0.25).unwrap();
        let adamw = AdamW::new(0.1).unwrap().with("weight_decay", 0.25).unwrap();
        assert_eq!(three_steps(adam).map(f32::to_bits), three_steps(adamw).map(f32::to_bits));
    }

    #[test]
    fn weights_decay_with_the_learning_rate_of_the_step() {
        let sgd = Sgd::new(0.5).unwrap().with("decay", 1.0).unwrap();
        let [w, ..] = three_steps(sgd.with_weight_decay(0.5).unwrap());
        let expected = [0.5, 0.25, 0.5 / 3.0].iter().fold(1.0, |w, rate| w - rate * 0.5 * w - rate * 0.5 * 0.7);
        assert!((w - expected).abs() < 1e-6, "{w} {expected}");
        assert_ne!(three_steps(sgd), three_steps(sgd.with_weight_decay(0.5).unwrap()));
        assert_eq!(three_steps(sgd), three_steps(sgd.with_weight_decay(0.0).unwrap()));
    }
}
