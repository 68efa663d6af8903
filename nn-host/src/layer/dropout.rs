//! Dropout: in training units are switched off; see [`nn_core::layer::Dropout`].

use nn_core::layer::DropoutRate;
use nn_core::train::Occasion;

use super::batch::{Batch, Pass};
use super::in_place::{InPlace, each_occasion};

/// Random words that are drawn at a time.
const WORDS: usize = 64;

/// A dropout layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DropoutLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The probability with which a unit is switched off in training.
    pub rate: DropoutRate,
}

impl InPlace for DropoutLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change_in_training(&self, first: Occasion, x: &mut Batch) {
        each_occasion(first, x, |occasion, x| switch_off(self.rate, occasion, x));
    }

    fn change_signal(&self, pass: &Pass<'_>, d: &mut Batch) {
        each_occasion(pass.turn.occasion, d, |occasion, d| switch_off(self.rate, occasion, d));
    }
}

/// What [`DropoutRate::apply`] does, with many words drawn at a time.
fn switch_off(rate: DropoutRate, occasion: Occasion, values: &mut [f32]) {
    let (mut stream, mut words) = (occasion.dropout_stream(), [0; WORDS]);
    for values in values.chunks_mut(WORDS) {
        // All of them, even if the last chunk needs fewer: that takes less time than some of them one by one.
        stream.fill_words(&mut words);
        rate.apply_words(&words, values);
    }
}

#[cfg(test)]
mod tests {
    use nn_core::layer::DropoutRate;
    use nn_core::train::Occasion;

    use super::{WORDS, switch_off};

    #[test]
    fn the_same_units_are_switched_off_as_one_by_one() {
        let rate = DropoutRate::new(0.3).unwrap();
        for units in [1, WORDS - 1, WORDS, 3 * WORDS + 5] {
            let (mut at_once, mut one_by_one) = (vec![1.5; units], vec![1.5; units]);
            switch_off(rate, Occasion::FIRST, &mut at_once);
            rate.apply(Occasion::FIRST, &mut one_by_one);
            assert_eq!(at_once, one_by_one);
        }
    }
}
