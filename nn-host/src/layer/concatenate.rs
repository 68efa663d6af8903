//! Two branches side by side, a = [f(x), g(x)].

use nn_core::layer::Signal;

use super::batch::{Batch, BatchLayer, Pass, Turn};
use super::tensor::{Tensor, TensorsMut};
use super::{Stack, StackTape};
use crate::gemm::Engine;

/// Two branches with the same input, whose outputs follow one another.
#[derive(Clone, Debug, PartialEq)]
pub struct ConcatenateLayer {
    /// The layers f.
    pub(crate) first: Stack,
    /// The layers g.
    pub(crate) second: Stack,
}

/// What a concatenation keeps between forward and backward.
#[derive(Debug)]
pub(crate) struct ConcatenateTape {
    pub(super) first: StackTape,
    pub(super) second: StackTape,
    /// The gradient by the input that comes from the second branch.
    dx: Batch,
}

impl ConcatenateLayer {
    /// The two branches.
    #[must_use]
    pub const fn branches(&self) -> [&Stack; 2] {
        [&self.first, &self.second]
    }

    /// Writes both branches' outputs.
    fn join(&self, first: &Batch, second: &Batch, a: &mut Batch) {
        let rows = self.first.outputs();
        a.rows_mut(0, rows).copy_from(first);
        a.rows_mut(rows, self.second.outputs()).copy_from(second);
    }
}

impl BatchLayer for ConcatenateLayer {
    type Tape = ConcatenateTape;

    fn tape(&self, samples: usize) -> ConcatenateTape {
        let dx = Batch::zeros(self.first.inputs(), samples);
        ConcatenateTape { first: self.first.tape(samples), second: self.second.tape(samples), dx }
    }

    fn outputs(&self) -> usize {
        self.first.outputs() + self.second.outputs()
    }

    fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        self.join(&self.first.forward(engine, x), &self.second.forward(engine, x), a);
    }

    fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut ConcatenateTape, a: &mut Batch) {
        let turn = turn.after(1);
        self.first.forward_taped(turn, engine, x, &mut tape.first);
        self.second.forward_taped(turn.after(self.first.count()), engine, x, &mut tape.second);
        self.join(tape.first.outputs(), tape.second.outputs(), a);
    }

    fn follow(&mut self, tape: &ConcatenateTape) {
        self.first.follow(&tape.first);
        self.second.follow(&tape.second);
    }

    /// The gradient by the input is the sum of both branches' gradients.
    fn backward(&self, pass: Pass<'_>, tape: &mut ConcatenateTape) {
        let Pass { turn, engine, x, d, mut dx, factor, .. } = pass;
        let rows = self.first.outputs();
        tape.first.signal_mut().copy_from(&d.rows(0, rows));
        tape.second.signal_mut().copy_from(&d.rows(rows, self.second.outputs()));
        let signal = (Signal::Activation, factor);
        let turn = turn.after(1);
        self.first.backward((turn, engine), x, signal, &mut tape.first, dx.as_deref_mut());
        let turn = turn.after(self.first.count());
        let more = dx.is_some().then_some(&mut tape.dx);
        self.second.backward((turn, engine), x, signal, &mut tape.second, more);
        if let Some(dx) = dx {
            *dx += &tape.dx;
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        self.branches().into_iter().flat_map(Stack::tensors).collect()
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        self.first.tensors_mut().into_iter().chain(self.second.tensors_mut()).collect()
    }
}
