//! Training steps on the device.

use core::ops::ControlFlow;

use nn_core::init::AnyInitializer;
use nn_core::layer::Present;
use nn_core::loss::{AnyLoss, Class, ClassError, SparseCategoricalCrossentropy};
use nn_core::optimizer::{Adam, Sgd};
use nn_core::random::Stream;
use nn_core::train::{BatchTrainer, Explanation, Occasion, OnlineTrainer, StepInParts, Training, TrainingMemory};

use crate::layer::Network;

type Online = OnlineTrainer<Training<Network, Adam>, AnyLoss>;
type Batch = BatchTrainer<Training<Network, Adam, Present>, AnyLoss>;
type Sparse<'t> = OnlineTrainer<&'t mut Training<Network, Sgd>, SparseCategoricalCrossentropy>;

entries! {
    fn online(network: Network, loss: AnyLoss, rule: Adam) -> Online { Online::new(network, loss, rule) }
    fn batch(network: Network, loss: AnyLoss, rule: Adam) -> Batch { Batch::new(network, loss, rule) }
    fn initialize(memory: &mut Training<Network, Adam>, initializer: &AnyInitializer, seed: u64) {
        memory.initialize(initializer, seed)
    }
    fn learn(trainer: &mut Online, x: &[f32; 4], y: &[f32; 3], occasion: Occasion) -> f32 {
        trainer.learn(x, y, occasion)
    }
    fn learn_class(trainer: &mut Sparse<'_>, x: &[f32; 4], y: usize, occasion: Occasion) -> Result<f32, ClassError> {
        Ok(trainer.learn(x, &Class::new(y)?, occasion))
    }
    fn step(step: &mut StepInParts<'_, Training<Network, Adam>, AnyLoss>) -> ControlFlow<f32> { step.step() }
    fn accumulate(trainer: &mut Batch, x: &[f32; 4], y: &[f32; 3], occasion: Occasion) -> f32 {
        trainer.accumulate(x, y, occasion)
    }
    fn apply(trainer: &mut Batch) { trainer.apply() }
    fn explain(explanation: &'static mut Explanation<Network>, network: &Network, x: &[f32; 4], class: usize)
        -> &'static [f32; 4] { explanation.of(network, x, class) }
    fn within(memory: &'static mut Training<Network, Sgd>, rule: Sgd) -> Sparse<'static> {
        Sparse::within(memory, SparseCategoricalCrossentropy, rule)
    }
    fn learn_in_parts(trainer: &'static mut Online, x: &'static [f32; 4], y: &'static [f32; 3], occasion: Occasion)
        -> StepInParts<'static, Training<Network, Adam>, AnyLoss> { trainer.learn_in_parts(x, y, occasion) }
    fn get(memory: &'static Training<Network, Adam>) -> &'static Network { TrainingMemory::get(memory).network() }
    fn get_mut(memory: &'static mut Training<Network, Adam>) -> &'static Network {
        TrainingMemory::get_mut(memory).network()
    }
    fn network(online: &'static Online, batch: &'static Batch) -> [&'static Network; 2] {
        [online.network(), batch.network()]
    }
    fn into_network(online: Online, batch: Batch) -> [Network; 2] { [online.into_network(), batch.into_network()] }
    fn noise_stream(occasion: &Occasion) -> Stream { occasion.noise_stream() }
    fn dropout_stream(occasion: &Occasion) -> Stream { occasion.after(1).dropout_stream() }
}
