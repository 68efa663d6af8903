//! The width of each layer's weights under a budget of flash: 8 bits where they are worth it, 4 elsewhere.
//!
//! Each layer alone is put in 4 bits into the model of floats, which shows what it adds to the loss. Layers are then taken
//! by that loss for each byte saved, the least first, until the file fits; those that turn out not to be needed are given
//! back, the worst first. The same by the loss alone makes a second choice, and of both the one is taken with which the
//! whole model in bytes has the lesser loss.

use super::{Prepared, QuantizeError, QuantizeOptions, Quantized, WeightWidth};
use crate::data::Dataset;
use crate::model::{Model, PredictError};

impl Model {
    /// The model in bytes, in a file of at most so many bytes; as [`quantize`](Self::quantize), but the width of each
    /// layer's weights is chosen, so `options.weights` is not looked at. Losses are those of the calibration data.
    ///
    /// ```
    /// use nn_host::prelude::*;
    /// use nn_host::quantize::{QuantizeError, QuantizeOptions};
    /// # use nn_host::data::{Features, Targets};
    /// # let x = nalgebra::DMatrix::from_fn(20, 9, |row, column| (row + column) as f32);
    /// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(x))?;
    /// let layers = Sequential::new(20).dense(30, Relu).dense(20, Identity);
    /// let model = layers.compile(MeanSquaredError, Adam::default(), [])?; // 1,200 weights
    /// let quantized = model.quantize_within(&data, &QuantizeOptions::default(), 2200)?;
    /// assert!(quantized.model().summary().flash_bytes <= 2200);
    /// let refused = model.quantize_within(&data, &QuantizeOptions::default(), 1000);
    /// assert!(matches!(refused, Err(QuantizeError::Budget { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`QuantizeError::Budget`] says the least size where that is too much; else as `quantize`.
    pub fn quantize_within(
        &self,
        calibration: &Dataset,
        options: &QuantizeOptions,
        flash_bytes: usize,
    ) -> Result<Quantized, QuantizeError> {
        Search::new(Prepared::of(self, calibration, options)?, calibration, flash_bytes).found()
    }
}

/// A layer that can have 4 bits.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    place: usize,
    /// Bytes of the file.
    saved: usize,
    /// What its weights in 4 bits add to the loss.
    loss: f32,
}

impl Candidate {
    /// The loss for each byte; a layer that saves nothing is the last.
    #[expect(clippy::cast_precision_loss, reason = "for an order")]
    fn price(&self) -> f32 {
        if self.saved == 0 { f32::INFINITY } else { self.loss / self.saved as f32 }
    }
}

struct Search<'d> {
    prepared: Prepared,
    data: &'d Dataset,
    budget: usize,
}

impl<'d> Search<'d> {
    const fn new(prepared: Prepared, data: &'d Dataset, budget: usize) -> Self {
        Self { prepared, data, budget }
    }

    fn found(&self) -> Result<Quantized, QuantizeError> {
        let whole = self.prepared.quantized(&self.widths(&[]))?;
        let size = size(&whole);
        if size <= self.budget {
            return Ok(whole);
        }
        let layers = self.prepared.float.layers().len();
        let least = self::size(&self.prepared.quantized(&vec![WeightWidth::Int4; layers])?);
        if least > self.budget {
            return Err(QuantizeError::Budget { budget: self.budget, least });
        }
        self.best(&self.candidates(&whole)?, size - self.budget)
    }

    /// The widths where these layers have 4 bits.
    fn widths(&self, narrow: &[Candidate]) -> Vec<WeightWidth> {
        let is_narrow = |place| narrow.iter().any(|candidate| candidate.place == place);
        let width = |place| if is_narrow(place) { WeightWidth::Int4 } else { WeightWidth::Int8 };
        (0..self.prepared.float.layers().len()).map(width).collect()
    }

    /// What 4 bits save and cost, of each layer with weights.
    fn candidates(&self, whole: &Quantized) -> Result<Vec<Candidate>, QuantizeError> {
        let mut candidates = Vec::new();
        for place in whole.places_of_weights() {
            let widths = self.widths(&[Candidate { place, saved: 0, loss: 0.0 }]);
            let one = self.prepared.quantized(&widths)?;
            let loss = one.loss_alone(place, self.data)? - whole.loss_alone(place, self.data)?;
            candidates.push(Candidate { place, saved: size(whole).saturating_sub(size(&one)), loss });
        }
        Ok(candidates)
    }

    /// Of both choices the one with the lesser loss of the whole model.
    fn best(&self, candidates: &[Candidate], missing: usize) -> Result<Quantized, QuantizeError> {
        let by_price = chosen(candidates, missing, Candidate::price);
        let by_loss = chosen(candidates, missing, |candidate| candidate.loss);
        let [first, second] = [by_price, by_loss].map(|narrow| self.prepared.quantized(&self.widths(&narrow)));
        let (first, second) = (first?, second?);
        let is_second = self.loss(&second)? < self.loss(&first)?;
        Ok(if is_second { second } else { first })
    }

    fn loss(&self, quantized: &Quantized) -> Result<f32, PredictError> {
        super::report::loss(quantized.model(), self.data)
    }
}

/// Layers in the order of what they cost, until so many bytes are saved, without those that are then not needed.
fn chosen(candidates: &[Candidate], missing: usize, cost: impl Fn(&Candidate) -> f32) -> Vec<Candidate> {
    let mut sorted = candidates.to_vec();
    sorted.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
    let mut saved = 0;
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in sorted {
        if saved < missing {
            saved += candidate.saved;
            chosen.push(candidate);
        }
    }
    chosen.sort_by(|a, b| b.loss.total_cmp(&a.loss));
    chosen.retain(|candidate| {
        let is_needed = saved - candidate.saved < missing;
        saved -= if is_needed { 0 } else { candidate.saved };
        is_needed
    });
    chosen
}

/// Bytes of the file.
fn size(quantized: &Quantized) -> usize {
    quantized.model().summary().flash_bytes
}

#[cfg(test)]
mod tests {
    use super::{Candidate, chosen};

    fn places(missing: usize, candidates: &[(usize, f32)], cost: impl Fn(&Candidate) -> f32) -> Vec<usize> {
        let candidates: Vec<_> =
            candidates.iter().enumerate().map(|(place, &(saved, loss))| Candidate { place, saved, loss }).collect();
        let mut places: Vec<_> = chosen(&candidates, missing, cost).iter().map(|candidate| candidate.place).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn the_cheapest_bytes_come_first_and_what_is_not_needed_is_given_back() {
        let layers = [(100, 0.5), (10, 0.01), (1000, 1.5)];
        assert_eq!(places(5, &layers, Candidate::price), [1]);
        assert_eq!(places(50, &layers, Candidate::price), [2]);
        assert_eq!(places(50, &layers, |candidate| candidate.loss), [0]);
        assert_eq!(places(1100, &layers, Candidate::price), [0, 2]);
        assert_eq!(places(1110, &layers, Candidate::price), [0, 1, 2]);
    }

    #[test]
    fn a_layer_that_saves_nothing_is_not_taken() {
        assert_eq!(places(8, &[(0, -1.0), (8, 3.0)], Candidate::price), [1]);
        assert_eq!(places(8, &[(0, -1.0), (8, 3.0)], |candidate| candidate.loss), [1]);
    }
}
