//! The weights that learn in quantization-aware training, beside those rounded to their grid that the network computes
//! with.
//!
//! A step is too small to move a weight from one place of the grid to the next, so it moves a master, which the rounded
//! weight follows. Masters are a part of the training, as the optimizer's memory is: the model has the rounded weights at
//! any time, whoever looks at it.

use nn_core::int8::Quantization;

use super::descent::Descent;
use super::step::Step;
use crate::callback::{State, StateError};
use crate::layer::{Rounding, Stack};
use crate::optimizer::ColumnSplit;
use crate::quantize::WeightWidth;

/// The layers with the weights that learn.
#[derive(Debug)]
pub(super) struct Masters {
    layers: Stack,
    rounding: Rounding,
}

impl Masters {
    /// Those of layers as they are, which then are rounded.
    pub(super) fn of(layers: &mut Stack, width: WeightWidth) -> Self {
        let mut masters = Self { layers: layers.clone(), rounding: Rounding::new(width) };
        masters.round_into(layers);
        masters
    }

    /// Takes over a batch; with the last one of a step, masters move and rounded layers follow.
    pub(super) fn add(&mut self, descent: &mut Descent, layers: &mut Stack, (step, is_last): (&Step, bool)) {
        descent.add(&mut self.layers, step, is_last);
        if is_last {
            self.round_into(layers);
        }
    }

    /// Ends the training: if there are averages, the masters become them.
    pub(super) fn end(&mut self, descent: &Descent, layers: &mut Stack) {
        if descent.has_averages() {
            descent.end(&mut self.layers);
            self.round_into(layers);
        }
    }

    /// Lets rounded layers follow.
    fn round_into(&mut self, layers: &mut Stack) {
        layers.round_from(&self.layers, &mut self.rounding);
    }

    /// Splits the columns of the first kernel, here and in the rounded layers.
    pub(super) fn split(&mut self, descent: &mut Descent, layers: &mut Stack, columns: ColumnSplit) {
        descent.split(&mut self.layers, columns);
        columns.split(layers.first_kernel_mut());
        self.rounding.columns = Some(columns);
    }

    /// Joins them again.
    pub(super) fn join(&mut self, descent: &mut Descent, layers: &mut Stack) {
        if let Some(columns) = self.rounding.columns.take() {
            descent.join(&mut self.layers);
            columns.join(layers.first_kernel_mut());
        }
    }

    /// Puts all values into the state of a training.
    pub(super) fn save(&self, state: &mut State) {
        for tensor in self.layers.tensors() {
            state.put(format!("masters/{}", tensor.name), tensor.values);
        }
        for (place, start) in self.layers.ranges() {
            state.put(format!("ranges/{place}"), &[start.scale(), start.zero_point().into()]);
        }
    }

    /// Takes them from there, for the rounded layers too.
    pub(super) fn restore(&mut self, state: &State, layers: &mut Stack) -> Result<(), StateError> {
        let names: Vec<String> = self.layers.tensors().into_iter().map(|tensor| tensor.name).collect();
        for (name, values) in names.iter().zip(self.layers.tensors_mut()) {
            state.copy_to(&format!("masters/{name}"), values)?;
        }
        let places: Vec<usize> = self.layers.ranges().map(|(place, _)| place).collect();
        for place in places {
            let start = range(state, &format!("ranges/{place}"))?;
            [&mut self.layers, &mut *layers].into_iter().for_each(|layers| layers.set_range(place, start));
        }
        self.round_into(layers);
        Ok(())
    }
}

/// A range that fake quantization started from: what it learns is relative to that.
fn range(state: &State, name: &str) -> Result<Quantization, StateError> {
    let mut parts = [0.0; 2];
    state.copy_to(name, &mut parts)?;
    let [scale, zero_point] = parts;
    #[expect(clippy::cast_possible_truncation, reason = "a byte that stands as a number; others become the nearest")]
    let start = Quantization::new(scale, zero_point as i8);
    start.map_err(|_| StateError { name: name.to_owned(), expected: parts.len() })
}
