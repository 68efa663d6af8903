//! Gradients of whole networks against central differences: every activation with every loss, through dropout.

use nn_core::Zero;
use nn_core::activation::{
    AnyActivation, Differentiable, Elu, Exponential, Gelu, HardSigmoid, HardSilu, HardTanh, Identity, LeakyRelu,
    LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
use nn_core::init::GlorotUniform;
use nn_core::layer::{Chain, Dense, Dropout, DropoutRate, Layer, Trainable};
use nn_core::loss::{AnyLoss, BinaryCrossentropy, CategoricalCrossentropy, Loss, MeanSquaredError};
use nn_core::random::{Purpose, Stream};
use nn_core::train::Occasion;

const X: [f32; 3] = [0.6, 0.0, -0.9];
const Y: [f32; 3] = [0.1, 0.7, 0.2];
const STEP: f32 = 1e-2;
const OCCASION: Occasion = Occasion { seed: 3, epoch: 1, sample: 5, layer: 0 };

type Network<A, B> = Chain<Chain<Dense<3, 4, A>, Dropout<4>>, Dense<4, 3, B>>;

fn network<A: Differentiable, B: Differentiable>(hidden: A, output: B) -> Network<A, B> {
    let stream = |layer| Stream::new(3, Purpose::Initialize { layer }, 0, 0);
    Dense::initialized(&GlorotUniform, &mut stream(0), hidden)
        .then(Dropout::new(DropoutRate::new(0.25).unwrap()))
        .then(Dense::initialized(&GlorotUniform, &mut stream(2), output))
}

fn loss_of<A: Differentiable, B: Differentiable>(network: &Network<A, B>, loss: AnyLoss) -> f32 {
    let mut tape = Zero::ZERO;
    network.forward_taped(&X, OCCASION, &mut tape);
    loss.value(Network::<A, B>::signals(&mut tape).0, &Y)
}

/// The network with `step` added to one weight of a layer; the weights count on through kernel and bias.
fn moved<A: Differentiable, B: Differentiable>(
    network: &Network<A, B>,
    hidden: A,
    output: B,
    at: usize,
    step: f32,
) -> Network<A, B> {
    let (first, second) = (network.first().first(), network.second());
    let mut tensors = (*first.kernel(), *first.bias(), *second.kernel(), *second.bias());
    let weights = tensors.0.as_flattened_mut().iter_mut().chain(&mut tensors.1);
    let mut weights = weights.chain(tensors.2.as_flattened_mut()).chain(&mut tensors.3);
    *weights.nth(at).unwrap() += step;
    Dense::new(tensors.0, tensors.1, hidden)
        .then(*network.first().second())
        .then(Dense::new(tensors.2, tensors.3, output))
}

fn check<A: Differentiable, B: Differentiable>(hidden: A, output: B, loss: AnyLoss) {
    let network = network(hidden, output);
    let mut tape = Zero::ZERO;
    network.forward_taped(&X, OCCASION, &mut tape);
    network.output_error(&loss, &Y, &mut tape);
    let mut gradients = <Network<A, B> as Trainable>::Gradients::ZERO;
    network.backward(&X, &mut tape, None, &mut gradients);
    let ((((dw_0, db_0), ()), (dw_1, db_1)), mut largest) = (gradients, 0.0_f32);
    let gradients = [dw_0.as_flattened(), &db_0, dw_1.as_flattened(), &db_1].concat();
    for (at, gradient) in gradients.into_iter().enumerate() {
        let loss_at = |step| loss_of(&moved(&network, hidden, output, at, step), loss);
        let difference = (loss_at(STEP) - loss_at(-STEP)) / (2.0 * STEP);
        let (hidden, output): (AnyActivation, AnyActivation) = (hidden.into(), output.into());
        let error = (gradient - difference).abs();
        assert!(error < 3e-3, "{hidden}, {output}, {loss}, weight {at}: {gradient} against {difference}");
        largest = largest.max(gradient.abs());
    }
    assert!(largest > 0.02, "gradients that are all small check nothing");
}

#[test]
fn every_layer_and_loss_has_the_gradient_of_its_differences() {
    fn with_each_output<A: Differentiable>(hidden: A) {
        check(hidden, Identity, MeanSquaredError.into());
        check(hidden, Sigmoid, MeanSquaredError.into());
        check(hidden, Softmax, MeanSquaredError.into());
        check(hidden, Sigmoid, CategoricalCrossentropy.into());
        check(hidden, Softmax, CategoricalCrossentropy.into());
        check(hidden, Identity, CategoricalCrossentropy::from_logits().into());
        check(hidden, Sigmoid, BinaryCrossentropy.with("label_smoothing", 0.2).unwrap().into());
    }
    with_each_output(Identity);
    with_each_output(Relu);
    with_each_output(Sigmoid);
    with_each_output(Softmax);
    with_each_output(Tanh);
    with_each_output(LeakyRelu::default());
    with_each_output(LogSoftmax);
    with_each_output(Relu6);
    with_each_output(Elu);
    with_each_output(Elu.with("alpha", 0.5).unwrap());
    with_each_output(Selu);
    with_each_output(Gelu);
    with_each_output(Silu);
    with_each_output(Mish);
    with_each_output(Softplus);
    with_each_output(Softsign);
    with_each_output(Exponential);
    with_each_output(HardSigmoid);
    with_each_output(HardSilu);
    with_each_output(HardTanh);
}
