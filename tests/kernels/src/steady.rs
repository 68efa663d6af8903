//! A training step whose number of instructions depends on no input, put together from kernels by hand.

use nn_core::activation::{Activation, Softmax};
use nn_core::init::{GlorotUniform, Initializer};
use nn_core::kernel::fixed;
use nn_core::loss::{CategoricalCrossentropy, Loss};
use nn_core::random::Stream;

/// A network with one hidden layer and ten classes, with what a step needs besides.
pub(crate) struct Classifier<const IN: usize, const HIDDEN: usize, A> {
    hidden: Dense<IN, HIDDEN>,
    output: Dense<HIDDEN, 10>,
    activation: A,
}

/// Weights and bias, activations and errors of a layer.
struct Dense<const IN: usize, const OUT: usize> {
    w: [[f32; OUT]; IN],
    b: [[f32; OUT]; 1],
    a: [f32; OUT],
    d: [f32; OUT],
}

impl<const IN: usize, const HIDDEN: usize, A: Activation> Classifier<IN, HIDDEN, A> {
    pub(crate) const fn untrained(activation: A) -> Self {
        Self { hidden: Dense::UNTRAINED, output: Dense::UNTRAINED, activation }
    }

    pub(crate) fn initialize(&mut self, stream: &mut Stream) {
        GlorotUniform.fill(IN, HIDDEN, stream, self.hidden.w.as_flattened_mut());
        GlorotUniform.fill(HIDDEN, 10, stream, self.output.w.as_flattened_mut());
    }

    /// One step of gradient descent in place, for one sample; returns its loss from before.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: one of ten classes
    pub(crate) fn learn(&mut self, learning_rate: f32, x: &[f32; IN], y: &[f32; 10]) -> f32 {
        let Self { hidden, output, activation } = self;
        hidden.affine(x);
        activation.forward(&mut hidden.a);
        output.affine(&hidden.a);
        Softmax.forward(&mut output.a);
        CategoricalCrossentropy::default().output_error(Softmax.into(), &[], &output.a, y, &mut output.d);
        let loss = CategoricalCrossentropy::default().value(&output.a, y);
        fixed::input_gradient(&output.w, &output.d, &mut hidden.d);
        activation.backward(&[], &hidden.a, &mut hidden.d);
        hidden.descend(learning_rate, x);
        output.descend(learning_rate, &hidden.a);
        loss
    }
}

impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
    const UNTRAINED: Self = Self { w: [[0.0; OUT]; IN], b: [[0.0; OUT]], a: [0.0; OUT], d: [0.0; OUT] };

    fn affine(&mut self, x: &[f32; IN]) {
        fixed::affine::<false, OUT>(x, &self.w, &self.b, &mut self.a);
    }

    fn descend(&mut self, learning_rate: f32, x: &[f32; IN]) {
        self.d.iter_mut().for_each(|d| *d *= learning_rate);
        fixed::subtract_outer_product::<false, OUT>(x, &self.d, &mut self.w);
        fixed::subtract_outer_product::<false, OUT>(&[1.0], &self.d, &mut self.b);
    }
}
