//! Training steps on the device.

use nn_core::loss::AnyLoss;
use nn_core::optimizer::Adam;
use nn_core::random::Stream;
use nn_core::train::{BatchTrainer, Occasion, OnlineTrainer};

use crate::layer::Network;

type Online = OnlineTrainer<Network, AnyLoss, Adam>;
type Batch = BatchTrainer<Network, AnyLoss, Adam>;

entries! {
    fn online(network: Network, loss: AnyLoss, rule: Adam) -> Online { Online::new(network, loss, rule) }
    fn batch(network: Network, loss: AnyLoss, rule: Adam) -> Batch { Batch::new(network, loss, rule) }
    fn learn(trainer: &mut Online, x: &[f32; 4], y: &[f32; 3], occasion: Occasion) -> f32 {
        trainer.learn(x, y, occasion)
    }
    fn accumulate(trainer: &mut Batch, x: &[f32; 4], y: &[f32; 3], occasion: Occasion) -> f32 {
        trainer.accumulate(x, y, occasion)
    }
    fn apply(trainer: &mut Batch) { trainer.apply() }
    fn network(online: &'static Online, batch: &'static Batch) -> [&'static Network; 2] {
        [online.network(), batch.network()]
    }
    fn into_network(online: Online, batch: Batch) -> [Network; 2] { [online.into_network(), batch.into_network()] }
    fn dropout_stream(occasion: &Occasion) -> Stream { occasion.after(1).dropout_stream() }
}
