//! Layers: inference and the passes of training.

use nn_core::activation::{Gelu, Softmax};
use nn_core::init::AnyInitializer;
use nn_core::layer::{Borrowed, Chain, Dense, Dropout, DropoutRate, Layer, Owned, RateError, Trainable};
use nn_core::loss::AnyLoss;
use nn_core::optimizer::{Adam, Rule};
use nn_core::random::Stream;
use nn_core::train::Occasion;

/// A layer whose tape keeps the pre-activations, in RAM or in flash.
pub(crate) type Hidden<S> = Dense<4, 5, Gelu, S>;

/// A layer in flash.
pub(crate) type Frozen<'m> = Dense<5, 3, Softmax, Borrowed<'m>>;

/// One layer of each kind.
pub(crate) type Network = Chain<Chain<Hidden<Owned>, Dropout<5>>, Dense<5, 3, Softmax>>;

type Tape = <Network as Trainable>::Tape;
type Gradients = <Network as Trainable>::Gradients;
type State = <Network as Trainable>::State<Adam>;
type Step = <Adam as Rule>::Step;

entries! {
    fn new(kernel: [[f32; 5]; 4], bias: [f32; 5]) -> Hidden<Owned> { Dense::new(kernel, bias, Gelu) }
    fn initialized(initializer: &AnyInitializer, stream: &mut Stream) -> Hidden<Owned> {
        Dense::initialized(initializer, stream, Gelu)
    }
    fn borrowed(kernel: &'static [[f32; 3]; 5], bias: &'static [f32; 3]) -> Frozen<'static> {
        Dense::borrowed(kernel, bias, Softmax)
    }
    fn to_owned(layer: &Frozen<'_>) -> Dense<5, 3, Softmax> { layer.to_owned() }
    fn dropout(rate: f32) -> Result<Dropout<5>, RateError> { DropoutRate::new(rate).map(Dropout::new) }
    fn get(rate: DropoutRate) -> f32 { rate.get() }
    fn apply(rate: DropoutRate, occasion: Occasion, values: &mut [f32]) { rate.apply(occasion, values) }
    fn then(first: Hidden<Owned>, second: Dropout<5>, third: Dense<5, 3, Softmax>) -> Network {
        first.then(second).then(third)
    }
    fn first(network: &Network) -> &[[f32; 5]; 4] { network.first().first().kernel() }
    fn second(network: &Network) -> &[f32; 3] { network.second().bias() }

    fn forward(network: &Network, x: &[f32; 4], a: &mut [f32; 3]) { network.forward(x, a) }
    fn predict(network: &Frozen<'_>, x: &[f32; 5]) -> [f32; 3] { network.predict(x) }

    fn forward_taped(network: &Network, x: &[f32; 4], occasion: Occasion, tape: &mut Tape) {
        network.forward_taped(x, occasion, tape)
    }
    fn signals(tape: &'static mut Tape) -> (&'static [f32; 3], &'static mut [f32; 3]) { Network::signals(tape) }
    fn output_error(network: &Network, loss: &AnyLoss, y: &[f32; 3], tape: &mut Tape) {
        network.output_error(loss, y, tape)
    }
    fn error(network: &Network, tape: &mut Tape) { network.error(tape) }
    fn backward(network: &Network, x: &[f32; 4], tape: &mut Tape, dx: Option<&mut [f32; 4]>, sums: &mut Gradients) {
        network.backward(x, tape, dx, sums)
    }
    fn update(network: &mut Network, step: Step, scale: f32, sums: &Gradients, state: &mut State) {
        network.update::<Adam>(step, scale, sums, state)
    }
    fn backward_update(network: &mut Network, x: &[f32; 4], tape: &mut Tape, step: Step, state: &mut State) {
        network.backward_update::<Adam>(x, tape, None, step, state)
    }
}
