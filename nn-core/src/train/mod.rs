//! The training step on the device: forward, loss, backward, update, for one sample or over a batch.

mod batch;
mod explanation;
mod memory;
mod occasion;
mod online;
mod parts;

pub use batch::BatchTrainer;
pub use explanation::Explanation;
pub use memory::{Training, TrainingMemory};
pub use occasion::Occasion;
pub use online::OnlineTrainer;
pub use parts::StepInParts;

#[cfg(test)]
mod tests {
    use core::ops::ControlFlow;

    use super::{BatchTrainer, Occasion, OnlineTrainer, Training};
    use crate::activation::{Relu, Sigmoid, Softmax};
    use crate::init::GlorotUniform;
    use crate::layer::{Borrowed, Chain, Dense, Dropout, DropoutRate, Layer};
    use crate::loss::{CategoricalCrossentropy, Loss};
    use crate::optimizer::{Adam, Adjust, EightBit, InPlace, Sgd};
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

    fn online_equals_batch_of_one(rule: impl InPlace) {
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
        online_equals_batch_of_one(EightBit::of(Adam::new(0.01).unwrap()));
        let sgd = Sgd::new(0.5).unwrap().with_weight_decay(0.1).unwrap();
        online_equals_batch_of_one(sgd);
        online_equals_batch_of_one(sgd.clipped_by_value(0.1).unwrap().with_l2(0.01).unwrap());
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
    fn a_step_in_parts_has_the_bits_of_a_step() {
        let mut whole = OnlineTrainer::new(network(), CategoricalCrossentropy, Adam::new(0.01).unwrap());
        let mut parts = OnlineTrainer::new(network(), CategoricalCrossentropy, Adam::new(0.01).unwrap());
        for sample in 0..9 {
            let occasion = Occasion { sample, ..Occasion::FIRST };
            let (x, y) = (&X[sample as usize % 3], &Y[sample as usize % 3]);
            let mut step = parts.learn_in_parts(x, y, occasion);
            let mut count = 1;
            let loss = loop {
                match step.step() {
                    ControlFlow::Continue(()) => count += 1,
                    ControlFlow::Break(loss) => break loss,
                }
            };
            assert_eq!(step.step(), ControlFlow::Break(loss), "a step that is done does nothing more");
            assert_eq!(count, 3 * 4, "three passes through four layers");
            assert_eq!(loss.to_bits(), whole.learn(x, y, occasion).to_bits());
        }
        assert_eq!(weights(parts.network()), weights(whole.network()));
    }

    #[test]
    fn a_frozen_base_owns_no_byte_of_training_and_its_head_learns_the_same_bits() {
        type Head = Dense<5, 3, Softmax>;
        type Owned = Chain<Dense<4, 5, Relu>, Head>;
        type Mixed<'m> = Chain<Dense<4, 5, Relu, Borrowed<'m>>, Head>;
        let head = || Head::initialized(&GlorotUniform, &mut Stream::new(1, Purpose::Shuffle, 0, 0), Softmax);
        let base = Dense::<4, 5, _>::initialized(&GlorotUniform, &mut Stream::new(2, Purpose::Shuffle, 0, 0), Relu);

        let mut mixed = OnlineTrainer::new(
            Dense::borrowed(base.kernel(), base.bias(), Relu).then(head()),
            CategoricalCrossentropy,
            Adam::default(),
        );
        let mut alone = OnlineTrainer::new(head(), CategoricalCrossentropy, Adam::default());
        for (x, y) in X.iter().zip(&Y) {
            let loss = mixed.learn(x, y, Occasion::FIRST);
            assert_eq!(loss.to_bits(), alone.learn(&base.predict(x), y, Occasion::FIRST).to_bits());
        }
        assert_eq!(mixed.network().second().kernel(), alone.network().kernel());
        assert_ne!(mixed.network().second().kernel(), head().kernel());

        // Beside the head: two references, and the activations that are its input. No signal, no gradient, no state.
        let [mixed, alone] = [size_of::<Training<Mixed<'_>, Adam>>(), size_of::<Training<Head, Adam>>()];
        let expected = 2 * size_of::<usize>() + 5 * size_of::<f32>();
        assert!((mixed - alone).abs_diff(expected) < align_of::<usize>(), "{mixed} {alone}");
        assert!(size_of::<Training<Owned, Adam>>() - alone > 3 * 4 * 25);
    }

    #[test]
    fn a_frozen_layer_passes_the_signal_to_a_layer_before_it() {
        let middle =
            Dense::<5, 4, _>::initialized(&GlorotUniform, &mut Stream::new(2, Purpose::Shuffle, 0, 0), Sigmoid);
        let stream = |layer| Stream::new(3, Purpose::Initialize { layer }, 0, 0);
        let first = || Dense::<4, 5, _>::initialized(&GlorotUniform, &mut stream(0), Relu);
        let last = || Dense::<4, 3, _>::initialized(&GlorotUniform, &mut stream(1), Softmax);
        let sgd = Sgd::new(0.5).unwrap();
        let frozen = Dense::<5, 4, _, _>::borrowed(middle.kernel(), middle.bias(), Sigmoid);
        let mut mixed = OnlineTrainer::new(first().then(frozen).then(last()), CategoricalCrossentropy, sgd);
        let mut owned = OnlineTrainer::new(first().then(middle.clone()).then(last()), CategoricalCrossentropy, sgd);
        let [one, other] = [mixed.learn(&X[0], &Y[0], Occasion::FIRST), owned.learn(&X[0], &Y[0], Occasion::FIRST)];
        assert_eq!(one.to_bits(), other.to_bits());
        assert_eq!(mixed.network().first().first().kernel(), owned.network().first().first().kernel());
        assert_eq!(mixed.network().second().kernel(), owned.network().second().kernel());
        assert_ne!(mixed.network().first().first().kernel(), first().kernel());
    }
}
