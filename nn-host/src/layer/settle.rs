//! What layers take for their own: batch normalizations the statistics of one batch, where a training sees all samples at
//! once and there is nothing to follow; fake quantization the scale that it has learned, at the end of a training.

use super::batch::Batch;
use super::kind::KindTape;
use super::{LayerKind, LayerTape, ModelLayer, Stack, StackTape};

impl Stack {
    /// Lets fake quantization begin anew from what it has learned, as it does when it is read from a file.
    pub(crate) fn settle_scales(&mut self) {
        for layer in self.layers_mut() {
            if let LayerKind::FakeQuantize(layer) = layer.parts_mut().0 {
                layer.settle();
            }
        }
    }

    /// Sets the statistics of all batch normalizations that learn to those of the batch whose forward pass is on the tape.
    ///
    /// # Shapes
    /// - `x`: IN×N
    pub(crate) fn settle_statistics(&mut self, x: &Batch, tape: &StackTape) {
        let mut x = x;
        for (layer, tape) in self.layers_mut().iter_mut().zip(tape.layers()) {
            layer.settle_statistics(x, tape);
            x = &tape.a;
        }
    }
}

impl ModelLayer {
    fn settle_statistics(&mut self, x: &Batch, tape: &LayerTape) {
        let (kind, policy) = self.parts_mut();
        match (kind, &tape.kind) {
            _ if !policy.trainable => (),
            (LayerKind::BatchNormalization(layer), _) => layer.settle(x),
            (LayerKind::Residual(block), KindTape::Residual(tape)) => block.branch.settle_statistics(x, &tape.branch),
            (LayerKind::Concatenate(block), KindTape::Concatenate(tape)) => {
                block.first.settle_statistics(x, &tape.first);
                block.second.settle_statistics(x, &tape.second);
            }
            _ => (),
        }
    }
}
