//! The training step on the device: forward, loss, backward, update, for one sample or over a batch.

mod batch;
mod occasion;
mod online;

pub use batch::BatchTrainer;
pub use occasion::Occasion;
pub use online::OnlineTrainer;

use crate::layer::Trainable;
use crate::loss::Loss;

/// Forward and loss: leaves the output layer's error dz on the tape (in the chapter: BP1) and returns the loss.
fn forward_and_error<N: Trainable>(
    network: &N,
    loss: &impl Loss,
    x: &N::Input,
    y: &N::Output,
    occasion: Occasion,
    tape: &mut N::Tape,
) -> f32 {
    network.forward_taped(x, occasion, tape);
    network.output_error(loss, y, tape);
    let (a, _) = N::signals(tape);
    loss.value(a.as_ref(), y.as_ref())
}

#[cfg(test)]
mod tests {
    use super::{BatchTrainer, Occasion, OnlineTrainer};
    use crate::Zero;
    use crate::activation::{Relu, Sigmoid, Softmax};
    use crate::init::GlorotUniform;
    use crate::layer::{Chain, Dense, Dropout, DropoutRate, Layer, Trainable};
    use crate::loss::{CategoricalCrossentropy, Loss};
    use crate::optimizer::{Adam, Rule, Sgd};
    use crate::random::{Purpose, Stream};

    type Network = Chain<Chain<Chain<Dense<4, 5, Relu>, Dropout<5>>, Dense<5, 4, Sigmoid>>, Dense<4, 3, Softmax>>;

    fn network() -> Network {
        let stream = |layer| Stream::new(3, Purpose::Initialize { layer }, 0, 0);
        Dense::initialized(&GlorotUniform, &mut stream(0), Relu)
            .then(Dropout::new(DropoutRate::new(0.4).unwrap()))
            .then(Dense::initialized(&GlorotUniform, &mut stream(2), Sigmoid))
            .then(Dense::initialized(&GlorotUniform, &mut stream(3), Softmax))
    }

    const X: [[f32; 4]; 3] = [[0.3, 0.0, -1.2, 0.8], [0.0, 0.5, 0.5, -0.1], [1.5, -0.4, 0.0, 0.2]];
    const Y: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]];

    fn weights(network: &Network) -> std::vec::Vec<u32> {
        let [hidden, middle, output] = [
            network.first().first().first().kernel().as_flattened(),
            network.first().second().kernel().as_flattened(),
            network.second().kernel().as_flattened(),
        ];
        [hidden, middle, output].concat().iter().map(|w| w.to_bits()).collect()
    }

    fn online_equals_batch_of_one<R: Rule>(rule: R) {
        let mut online = OnlineTrainer::new(network(), CategoricalCrossentropy, rule);
        let mut batch = BatchTrainer::new(network(), CategoricalCrossentropy, rule);
        for sample in 0..30 {
            let occasion = Occasion { sample, ..Occasion::FIRST };
            let (x, y) = (&X[sample as usize % 3], &Y[sample as usize % 3]);
            let loss = online.learn(x, y, occasion);
            assert_eq!(loss.to_bits(), batch.accumulate(x, y, occasion).to_bits());
            batch.apply();
        }
        assert_eq!(weights(online.network()), weights(batch.network()));
        assert_ne!(weights(online.network()), weights(&network()));
    }

    #[test]
    fn a_step_in_place_has_the_bits_of_a_batch_of_one() {
        online_equals_batch_of_one(Sgd::new(0.5).unwrap());
        online_equals_batch_of_one(Adam::new(0.01).unwrap());
    }

    #[test]
    fn learns_three_samples_by_heart() {
        let mut trainer = BatchTrainer::new(network(), CategoricalCrossentropy, Adam::new(0.05).unwrap());
        for epoch in 0..200 {
            for (sample, (x, y)) in (0..).zip(X.iter().zip(&Y)) {
                trainer.accumulate(x, y, Occasion { epoch, sample, ..Occasion::FIRST });
            }
            trainer.apply();
        }
        for (x, y) in X.iter().zip(&Y) {
            let loss = CategoricalCrossentropy.value(&trainer.network().predict(x), y);
            assert!(loss < 0.2, "{loss}");
        }
    }

    #[test]
    fn the_gradient_by_the_input_is_the_limit_of_differences_through_every_layer() {
        const STEP: f32 = 1e-2;
        let network = network();
        let occasion = Occasion::FIRST;
        let mut tape = <Network as Trainable>::Tape::ZERO;
        let mut dx = [0.0; 4];
        let mut gradients = <Network as Trainable>::Gradients::ZERO;
        super::forward_and_error(&network, &CategoricalCrossentropy, &X[0], &Y[0], occasion, &mut tape);
        network.backward(&X[0], &mut tape, Some(&mut dx), &mut gradients);
        for k in 0..4 {
            let mut loss = |step: f32| {
                let mut x = X[0];
                x[k] += step;
                super::forward_and_error(&network, &CategoricalCrossentropy, &x, &Y[0], occasion, &mut tape)
            };
            let difference = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
            assert!((dx[k] - difference).abs() < 1e-3, "{} against {difference}", dx[k]);
        }
    }
}
