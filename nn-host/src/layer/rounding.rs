//! Weights rounded to the grid of their width, from masters that learn: what a network computes with in
//! quantization-aware training.

use nn_core::int8::{self, Quantization};

use super::{LayerKind, ModelLayer, Stack};
use crate::optimizer::ColumnSplit;
use crate::quantize::WeightWidth;

/// How weights are rounded.
#[derive(Clone, Debug)]
pub(crate) struct Rounding {
    width: WeightWidth,
    /// How the columns of the first kernel are split, as long as they are.
    pub(crate) columns: Option<ColumnSplit>,
    /// The scales of the layer that was rounded last, so that a step needs no memory.
    scales: Vec<f32>,
}

impl Rounding {
    /// To this width, by a scale an output.
    pub(crate) const fn new(width: WeightWidth) -> Self {
        Self { width, columns: None, scales: Vec::new() }
    }

    /// The rounded weights of a kernel whose rows have so many values.
    ///
    /// # Shapes
    /// - `w`, `rounded`: `[IN][OUT]`
    fn kernel(&mut self, w: &[f32], outputs: usize, rounded: &mut [f32]) {
        self.scales.clear();
        self.scales.resize(outputs, 0.0);
        int8::round_weights(w, self.width.most(), &mut self.scales, rounded);
    }

    /// The same of the first kernel, whose columns may be split.
    fn first_kernel(&mut self, w: &[f32], outputs: usize, rounded: &mut [f32]) {
        let Some(split) = self.columns else { return self.kernel(w, outputs, rounded) };
        for part in 0..split.parts {
            let range = split.range(part, w.len());
            if let (Some(w), Some(rounded)) = (w.get(range.clone()), rounded.get_mut(range)) {
                self.kernel(w, split.columns(part).len(), rounded);
            }
        }
    }
}

impl Stack {
    /// The ranges that fake quantization started from, each with the place of its layer.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (usize, Quantization)> {
        self.layers().iter().enumerate().filter_map(|(place, layer)| match layer.kind() {
            LayerKind::FakeQuantize(layer) => Some((place, layer.start())),
            _ => None,
        })
    }

    /// Lets fake quantization start from another range.
    pub(crate) fn set_range(&mut self, place: usize, start: Quantization) {
        if let Some(LayerKind::FakeQuantize(layer)) = self.layers_mut().get_mut(place).map(|layer| layer.parts_mut().0)
        {
            layer.restart(start);
        }
    }

    /// Takes over what learns from masters of the same layers, kernels rounded; statistics stay as they are.
    pub(crate) fn round_from(&mut self, masters: &Self, rounding: &mut Rounding) {
        for (place, (layer, master)) in self.layers_mut().iter_mut().zip(masters.layers()).enumerate() {
            layer.round_from(master, place == 0, rounding);
        }
    }

    /// The narrowest width whose grid all kernels of dense layers are on; `None` if they are on none.
    pub(crate) fn width_of_weights(&self) -> Option<WeightWidth> {
        let has_weights = |layer: &ModelLayer| match layer.kind() {
            LayerKind::Dense(layer) => layer.kernel.iter().any(|w| *w != 0.0),
            _ => false,
        };
        if !self.layers().iter().any(has_weights) {
            return None;
        }
        let is_on_grid = |width: &WeightWidth| {
            let mut rounded = self.clone();
            rounded.round_from(self, &mut Rounding::new(*width));
            rounded == *self
        };
        [WeightWidth::Int4, WeightWidth::Int8].into_iter().find(is_on_grid)
    }
}

impl ModelLayer {
    fn round_from(&mut self, master: &Self, is_first: bool, rounding: &mut Rounding) {
        let (kind, _) = self.parts_mut();
        match (kind, master.kind()) {
            (LayerKind::Dense(layer), LayerKind::Dense(master)) => {
                let (w, outputs, rounded) = (&master.kernel, master.kernel.nrows(), &mut layer.kernel);
                match is_first {
                    true => rounding.first_kernel(w.as_slice(), outputs, rounded.as_mut_slice()),
                    false => rounding.kernel(w.as_slice(), outputs, rounded.as_mut_slice()),
                }
                layer.bias.iter_mut().zip(&master.bias).for_each(|(b, master)| b.copy_from(master));
            }
            (LayerKind::BatchNormalization(layer), LayerKind::BatchNormalization(master)) => {
                layer.parameters.copy_from(&master.parameters);
            }
            (LayerKind::FakeQuantize(layer), LayerKind::FakeQuantize(master)) => {
                layer.take_over(master);
            }
            _ => {} // nothing else learns in a network that bytes can stand for
        }
    }
}
