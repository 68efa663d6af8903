//! The Jacobian of a network's outputs by its weights that learn, ∂aₒ/∂w: one backward pass an output, from the signal that is 1
//! there and 0 elsewhere.

use nn_core::layer::Signal;
use nn_core::train::Occasion;

use crate::gemm::Engine;
use crate::layer::{Batch, Factor, Kept, Stack, StackTape, Turn};

/// A copy of a network with memory for one sample.
#[derive(Debug)]
pub(super) struct Differentiator {
    layers: Stack,
    x: Batch,
    tape: StackTape,
    gradients: Vec<Vec<f32>>,
    engine: Engine,
}

impl Differentiator {
    /// One for the weights that the layers have now.
    pub(super) fn new(layers: &Stack) -> Self {
        let mut layers = layers.clone();
        let gradients = layers.learning_mut().iter().map(|of| vec![0.0; of.w.len()]).collect();
        Self { x: Batch::zeros(layers.inputs(), 1), tape: layers.tape(1), layers, gradients, engine: Engine::default() }
    }

    /// The rows of one sample.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `rows`: `[OUT][WEIGHTS]`
    pub(super) fn differentiate(&mut self, x: &[f32], rows: &mut [f64]) {
        let turn = Turn { occasion: Occasion::FIRST, learns: true };
        self.x.as_mut_slice().copy_from_slice(x);
        let Self { layers, x, tape, gradients, engine } = self;
        layers.forward_taped(turn, engine, x, tape);
        layers.follow(tape);
        let weights = gradients.iter().map(Vec::len).sum::<usize>().max(1);
        for (output, row) in rows.chunks_exact_mut(weights).enumerate() {
            gradients.iter_mut().for_each(|sums| sums.fill(0.0));
            let signal = tape.signal_mut();
            signal.fill(0.0);
            signal.as_mut_slice().get_mut(output).into_iter().for_each(|d| *d = 1.0);
            let whole = (Signal::Activation, Factor::ONE);
            layers.backward((turn, engine), x, whole, tape, None);
            layers.add_gradients(Kept { x, tape }, engine, gradients);
            row.iter_mut().zip(gradients.iter().flatten()).for_each(|(to, &g)| *to = f64::from(g));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, Differentiator, Engine, Stack};
    use crate::layer::{Builder, batch_normalization, dense, layer_normalization, prelu, residual};
    use crate::prelude::{Identity, Softmax, Tanh};
    use nn_core::init::GlorotUniform;

    /// The largest difference between the Jacobian and differences of the outputs; one value of the former may be spoiled.
    fn worst(mut stack: Stack, spoiled: f64) -> f64 {
        const STEP: f32 = 1.0 / 256.0;
        let x = [0.3, -0.7, 0.9];
        let weights: Vec<usize> = stack.learning_mut().iter().map(|of| of.w.len()).collect();
        let (outputs, count) = (stack.outputs(), weights.iter().sum::<usize>());
        let mut rows = vec![0.0; outputs * count];
        Differentiator::new(&stack).differentiate(&x, &mut rows);
        rows[0] += spoiled;
        let mut worst = 0.0_f64;
        let places = weights.iter().enumerate().flat_map(|(tensor, &len)| (0..len).map(move |at| (tensor, at)));
        for (weight, (tensor, at)) in places.enumerate() {
            let answers = |step: f32| {
                let mut stack = stack.clone();
                stack.learning_mut()[tensor].w[at] += step;
                stack.forward(&mut Engine::default(), &Batch::from_column_slice(3, 1, &x))
            };
            let differences = (answers(STEP) - answers(-STEP)) / (2.0 * STEP);
            for (output, &difference) in differences.iter().enumerate() {
                worst = worst.max((rows[output * count + weight] - f64::from(difference)).abs());
            }
        }
        worst
    }

    #[test]
    fn rows_are_the_limits_of_differences() {
        let networks = [
            vec![dense(4, Tanh), dense(2, Identity)],
            vec![dense(4, Tanh), dense(3, Softmax)],
            vec![batch_normalization().frozen(), dense(3, Identity), layer_normalization(), prelu(), dense(2, Tanh)],
            vec![dense(4, Tanh).frozen(), residual([dense(4, Tanh), dense(4, Identity)]), dense(1, Identity)],
        ];
        for plans in networks {
            let stack = Builder::new(3, GlorotUniform.into()).stack(3, &plans).unwrap();
            let found = worst(stack.clone(), 0.0);
            assert!(found < 1e-3, "{found}: {plans:?}");
            assert!(worst(stack, 3e-3) > 1e-3, "a mistake would pass");
        }
    }
}
