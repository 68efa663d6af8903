//! The first layer of a network with its units shared out among threads.
//!
//! Nobody wants the gradient by its input, so a thread can have some columns of the kernel to itself, forward and back.
//! Where threads share rows instead, each reads in the forward pass what all others have written, and waits for each line
//! of its cache that another has read before it can write there again: in a step of Adam that takes longer than the rule.

use rayon::prelude::*;

use super::machine::Machine;
use crate::gemm::{Engine, Samples, SomeByteLists};
use crate::layer::{Stack, StackTape};
use crate::optimizer::ColumnSplit;

/// Units that a thread has at least: with fewer, more time goes into reading inputs than into computing with them.
const UNITS_PER_THREAD: usize = 8;

/// Products of numbers that are worth the way to another thread.
const WORK_PER_THREAD: usize = 1 << 17;

/// The first layer, split by its units.
#[derive(Debug)]
pub(super) struct FirstLayer {
    split: ColumnSplit,
    parts: Vec<Part>,
}

/// A thread's units.
#[derive(Debug)]
struct Part {
    number: usize,
    engine: Engine,
    /// The pre-activations of a batch.
    ///
    /// # Shapes
    /// - `[SAMPLES][units of the part]`
    z: Vec<f32>,
}

impl FirstLayer {
    /// How the first layer is to be split for batches of so many samples, if that is worth it.
    pub(super) fn of(machine: Machine, layers: &Stack, batch_size: usize) -> Option<Self> {
        let dense = layers.first_dense().filter(|_| batch_size > 1)?;
        let units = dense.kernel.nrows();
        let worth = (units / UNITS_PER_THREAD).min(dense.kernel.len() * batch_size / WORK_PER_THREAD);
        let split = ColumnSplit { row_length: units, parts: machine.threads.min(worth) };
        let part = |number| Part { number, engine: machine.engine(), z: Vec::new() };
        (split.parts > 1).then(|| Self { split, parts: (0..split.parts).map(part).collect() })
    }

    /// How it is split.
    pub(super) const fn split(&self) -> ColumnSplit {
        self.split
    }

    /// The pre-activations of a batch, by a kernel whose columns are split.
    pub(super) fn forward(&mut self, layers: &Stack, batch: SomeByteLists<'_>) {
        let Some(dense) = layers.first_dense() else { return };
        let (split, w) = (self.split, dense.kernel.as_slice());
        self.parts.par_iter_mut().with_max_len(1).for_each(|part| {
            // From another sample on than the other threads: what one has waited for, the others find near.
            let (behind, own) = batch.samples.split_at(batch.samples.len() * part.number / split.parts);
            [own, behind].iter().for_each(|samples| batch.lists.fetch(samples));
            let columns = split.columns(part.number);
            let w = w.get(split.range(part.number, w.len())).unwrap_or_default();
            part.z.clear();
            part.z.resize(batch.samples.len() * columns.len(), 0.0);
            match dense.bias.as_ref().and_then(|bias| bias.as_slice().get(columns.clone())) {
                Some(bias) => part.engine.affine(Samples::Bytes(batch), w, bias, &mut part.z),
                None => part.engine.add_product(Samples::Bytes(batch), w, columns.len(), &mut part.z),
            }
        });
    }

    /// Hands the pre-activations of some samples over, from the first of them on.
    pub(super) fn hand_over(&self, first: usize, tape: &mut StackTape) {
        let Some(z) = tape.pre_activations_mut() else { return };
        let row_length = self.split.row_length;
        for part in &self.parts {
            let columns = self.split.columns(part.number);
            let samples = part.z.chunks_exact(columns.len().max(1)).skip(first);
            for (z, of_part) in z.as_mut_slice().chunks_exact_mut(row_length).zip(samples) {
                z.get_mut(columns.clone()).into_iter().for_each(|z| z.copy_from_slice(of_part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FirstLayer;
    use crate::gemm::InstructionSet;
    use crate::layer::{LayerPlan, dense, prelu};
    use crate::prelude::{MeanSquaredError, Penalty, Relu, Sequential, Sgd};
    use crate::train::machine::Machine;

    /// Into how many parts the first layer of a network with 784 inputs is split.
    fn parts(threads: usize, batch_size: usize, first: LayerPlan) -> usize {
        let layers = Sequential::new(784).layer(first).dense(1, Relu);
        let model = layers.compile(MeanSquaredError, Sgd::new(0.1).unwrap(), []).unwrap();
        let machine = Machine { threads, instructions: InstructionSet::best() };
        FirstLayer::of(machine, &model.layers, batch_size).map_or(1, |first| first.split().parts)
    }

    #[test]
    fn threads_share_the_units_of_a_large_dense_layer() {
        assert_eq!(parts(2, 100, dense(100, Relu)), 2);
        assert_eq!(parts(64, 100, dense(100, Relu)), 12); // 8 units each
        assert_eq!(parts(64, 4, dense(100, Relu)), 2); // work for two
        assert_eq!(parts(1, 100, dense(100, Relu)), 1);
        assert_eq!(parts(2, 1, dense(1000, Relu)), 1);
        assert_eq!(parts(2, 100, dense(10, Relu)), 1);
    }

    #[test]
    fn layers_that_are_not_dense_or_do_not_learn_freely_stay_whole() {
        assert_eq!(parts(2, 1000, prelu()), 1);
        assert_eq!(parts(2, 100, dense(100, Relu).frozen()), 1);
        assert_eq!(parts(2, 100, dense(100, Relu).kernel_regularizer(Penalty::l2(0.1).unwrap())), 1);
    }
}
