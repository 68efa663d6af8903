//! Dropout: in training units are switched off; see [`nn_core::layer::Dropout`].

use nn_core::layer::DropoutRate;
use nn_core::train::Occasion;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, occasion_of};
use crate::gemm::Engine;

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

/// The words that were drawn for a batch: to keep them for the way back takes less time than to draw them again.
///
/// # Shapes
/// - `[SAMPLES][room]`
#[derive(Debug)]
pub(crate) struct DropoutTape {
    words: Vec<u32>,
    /// Words of a sample: one a unit, and what else is drawn with them.
    room: usize,
}

impl DropoutTape {
    fn new(units: usize, samples: usize) -> Self {
        let room = units.next_multiple_of(WORDS);
        Self { words: vec![0; samples * room], room }
    }

    /// Draws for each sample of a batch; `first` is the occasion of the first.
    fn draw(&mut self, first: Occasion) {
        for (sample, words) in self.words.chunks_exact_mut(self.room.max(1)).enumerate() {
            let mut stream = occasion_of(first, sample).dropout_stream();
            // All of them, even if the units need fewer: that takes less time than some of them one by one.
            words.as_chunks_mut::<WORDS>().0.iter_mut().for_each(|words| stream.fill_words(words));
        }
    }

    /// What [`DropoutRate::apply`] does, with the words that were drawn.
    fn switch_off(&self, rate: DropoutRate, values: &mut Batch) {
        let words = |sample: usize| self.words.get(sample * self.room..).unwrap_or_default();
        each_numbered_sample(values, |sample, values| rate.apply_words(words(sample), values));
    }
}

impl BatchLayer for DropoutLayer {
    type Tape = DropoutTape;

    fn tape(&self, samples: usize) -> DropoutTape {
        DropoutTape::new(self.units, samples)
    }

    fn outputs(&self) -> usize {
        self.units
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
    }

    fn forward_taped(&self, turn: Turn, _engine: &mut Engine, x: &Batch, tape: &mut DropoutTape, a: &mut Batch) {
        tape.draw(turn.occasion);
        a.copy_from(x);
        tape.switch_off(self.rate, a);
    }

    fn backward(&self, mut pass: Pass<'_>, tape: &mut DropoutTape) {
        if let Some(dx) = pass.dx.take() {
            dx.copy_from(pass.d);
            tape.switch_off(self.rate, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use nn_core::layer::DropoutRate;
    use nn_core::train::Occasion;

    use super::super::batch::{Batch, each_numbered_sample, occasion_of};
    use super::{DropoutTape, WORDS};

    #[test]
    fn the_same_units_are_switched_off_as_one_by_one() {
        let rate = DropoutRate::new(0.3).unwrap();
        for units in [1, WORDS - 1, WORDS, 3 * WORDS + 5] {
            let mut tape = DropoutTape::new(units, 2);
            tape.draw(Occasion::FIRST);
            let (mut at_once, mut one_by_one) = (Batch::repeat(units, 2, 1.5), Batch::repeat(units, 2, 1.5));
            tape.switch_off(rate, &mut at_once);
            each_numbered_sample(&mut one_by_one, |sample, x| rate.apply(occasion_of(Occasion::FIRST, sample), x));
            assert_eq!(at_once, one_by_one);
        }
    }
}
