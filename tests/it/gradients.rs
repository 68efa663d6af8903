//! Gradients of whole networks against central differences: every activation with every loss, every kind of layer.

use nn_core::Zero;
use nn_core::activation::{
    Differentiable, Elu, Exponential, Gelu, HardSigmoid, HardSilu, HardTanh, Identity, LeakyRelu, LogSoftmax, Mish,
    Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softsign, Tanh,
};
use nn_core::init::GlorotUniform;
use nn_core::layer::{
    Activate, AlphaDropout, BatchNorm, Concatenate, Dense, Dropout, DropoutRate, GaussianNoise, Gradients, Layer,
    LayerNorm, Learn, Pass, Prelu, Present, Residual, Scale, Skip, State, Stddev, Trainable, Turn,
};
use nn_core::loss::{AnyLoss, BinaryCrossentropy, CategoricalCrossentropy, Loss, MeanSquaredError};
use nn_core::optimizer::Sgd;
use nn_core::random::{Purpose, Stream};
use nn_core::train::Occasion;

const X: [f32; 3] = [0.6, 0.0, -0.9];
const Y: [f32; 3] = [0.1, 0.7, 0.2];
const STEP: f32 = 1e-2;
const TURN: Turn = Turn::of_all(Occasion { seed: 3, epoch: 1, sample: 5, layer: 0 });

/// Calls `work` with the weights and gradients of each row that learns.
fn each_row<N: Trainable>(network: &mut N, gradients: &mut Gradients<N>, mut work: impl FnMut(&mut [f32], &[f32])) {
    let mut state = State::<N, Sgd>::ZERO;
    network.each_row::<Sgd>(0, gradients, &mut state, &mut |row| work(row.w, row.g));
}

fn loss_of<N: Trainable<Input = [f32; 3]>>(network: &N, loss: AnyLoss, x: &[f32; 3]) -> f32 {
    let (mut tape, mut a) = (Zero::ZERO, N::Output::ZERO);
    network.forward_taped::<Present>(TURN, x, &mut tape, &mut a);
    loss.value(a.as_ref(), &Y)
}

/// The gradients by the weights, one after the other, and by the input.
fn gradients<N: Trainable<Input = [f32; 3]> + Clone>(network: &N, loss: AnyLoss) -> (Vec<f32>, [f32; 3]) {
    let mut network = network.clone();
    let (mut tape, mut a, mut d, mut dx) = (Zero::ZERO, N::Output::ZERO, N::Output::ZERO, [0.0; 3]);
    network.forward_taped::<Present>(TURN, &X, &mut tape, &mut a);
    let signal = network.output_signal(&loss, &Y, &a, &mut d);
    network.backward::<Present>(Pass { turn: TURN, x: &X, a: &a, d: &mut d, signal, dx: &mut dx }, &mut tape);
    let (mut sums, mut all) = (Gradients::<N>::ZERO, Vec::new());
    let learn = Learn { turn: TURN, x: &X, d: &mut d, factor: None, first_row: 0 };
    network.accumulate::<Present>(learn, &mut tape, &mut sums);
    each_row(&mut network, &mut sums, |_, g| all.extend_from_slice(g));
    let mut by_tensor = Vec::new();
    network.each_tensor(&mut sums, &mut |weights| {
        assert_eq!(weights.w.len(), weights.g.len());
        by_tensor.extend_from_slice(weights.g);
    });
    assert_eq!(by_tensor, all, "tensors hold the rows in their order");
    (all, dx)
}

/// The network with `step` added to one weight; weights count through all rows.
fn moved<N: Trainable + Clone>(network: &N, at: usize, step: f32) -> N {
    let (mut network, mut gradients, mut before) = (network.clone(), Zero::ZERO, 0);
    each_row(&mut network, &mut gradients, |w, _| {
        if let Some(w) = at.checked_sub(before).and_then(|at| w.get_mut(at)) {
            *w += step;
        }
        before += w.len();
    });
    network
}

/// Checks all gradients of a network and says how many there are by weights.
fn check<N: Trainable<Input = [f32; 3]> + Clone + core::fmt::Debug>(network: &N, loss: AnyLoss) -> usize {
    let (by_weights, by_input) = gradients(network, loss);
    let near = |gradient: f32, plus: f32, minus: f32, what: &str| {
        let difference = (plus - minus) / (2.0 * STEP);
        assert!((gradient - difference).abs() < 4e-3, "{network:?}, {loss}, {what}: {gradient} against {difference}");
    };
    for (at, &gradient) in by_weights.iter().enumerate() {
        let loss_at = |step| loss_of(&moved(network, at, step), loss, &X);
        near(gradient, loss_at(STEP), loss_at(-STEP), &format!("weight {at}"));
    }
    for (at, gradient) in by_input.into_iter().enumerate() {
        let loss_at = |step: f32| {
            let mut x = X;
            x[at] += step;
            loss_of(network, loss, &x)
        };
        near(gradient, loss_at(STEP), loss_at(-STEP), &format!("input {at}"));
    }
    let largest = by_weights.iter().chain(&by_input).fold(0.0_f32, |most, g| most.max(g.abs()));
    assert!(largest > 0.02, "gradients that are all small check nothing");
    by_weights.len()
}

fn dense<const IN: usize, const OUT: usize, A>(layer: u16, activation: A) -> Dense<IN, OUT, A> {
    Dense::initialized(&GlorotUniform, &mut Stream::new(3, Purpose::Initialize { layer }, 0, 0), activation)
}

fn with_activations<A: Differentiable, B: Differentiable>(hidden: A, output: B, loss: AnyLoss) {
    let dropout = Dropout::<4>::new(DropoutRate::new(0.25).unwrap());
    let network = dense::<3, 4, _>(0, hidden).then(dropout).then(dense::<4, 3, _>(2, output));
    assert_eq!(check(&network, loss), 16 + 15);
}

#[test]
fn every_activation_and_loss_has_the_gradient_of_its_differences() {
    fn with_each_output<A: Differentiable>(hidden: A) {
        with_activations(hidden, Identity, MeanSquaredError.into());
        with_activations(hidden, Sigmoid, MeanSquaredError.into());
        with_activations(hidden, Softmax, MeanSquaredError.into());
        with_activations(hidden, Sigmoid, CategoricalCrossentropy.into());
        with_activations(hidden, Softmax, CategoricalCrossentropy.into());
        with_activations(hidden, Identity, CategoricalCrossentropy::from_logits().into());
        with_activations(hidden, Sigmoid, BinaryCrossentropy.with("label_smoothing", 0.2).unwrap().into());
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

/// Checks the layer between two dense layers, and says how many weights it has.
fn between<L>(layer: L) -> usize
where
    L: Layer<Input = [f32; 3], Output = [f32; 3]> + Trainable + Clone + core::fmt::Debug,
{
    let network = dense::<3, 3, _>(0, Tanh).then(layer).then(dense::<3, 3, _>(2, Softmax));
    check(&network, CategoricalCrossentropy.into()) - 12 - 12
}

#[test]
fn every_layer_has_the_gradient_of_its_differences() {
    let norm = || BatchNorm::new([[1.5, -0.7, 0.9], [0.1, 0.2, -0.3]], [[0.2, -0.1, 0.3], [0.5, 2.0, 1.0]]);
    assert_eq!(between(dense::<3, 3, _>(7, Gelu)), 12);
    assert_eq!(between(Dense::without_bias([[0.5, -1.0, 0.3], [0.2, 0.8, -0.6], [1.0, 0.4, 0.1]], Tanh)), 9);
    assert_eq!(between(Dropout::new(DropoutRate::new(0.5).unwrap())), 0);
    assert_eq!(between(AlphaDropout::new(DropoutRate::new(0.5).unwrap())), 0);
    assert_eq!(between(GaussianNoise::new(Stddev::new(0.5).unwrap())), 0);
    assert_eq!(between(Activate::new(Gelu)), 0);
    assert_eq!(between(Activate::new(Softmax)), 0);
    assert_eq!(between(Prelu::new([0.3, -0.2, 0.6])), 3);
    assert_eq!(between(Scale::new([0.1, -0.2, 0.3], [2.0, 0.5, -1.5])), 0);
    assert_eq!(between(norm()), 6);
    assert_eq!(between(LayerNorm::new([1.5, -0.7, 0.9], [0.1, 0.2, -0.3])), 6);
    assert_eq!(between(Skip::<3>), 0);
    assert_eq!(between(Residual::new(dense::<3, 3, _>(7, Sigmoid))), 12);
    let projection = Dense::without_bias([[0.5, -1.0, 0.3], [0.2, 0.8, -0.6], [1.0, 0.4, 0.1]], Identity);
    assert_eq!(between(Residual::projected(dense::<3, 2, _>(7, Tanh).then(dense::<2, 3, _>(8, Relu)), projection)), 26);
    let wide = Concatenate::<_, _, 5>::new(dense::<3, 2, _>(7, Sigmoid), norm());
    assert_eq!(between(wide.then(dense::<5, 3, _>(9, Tanh))), 8 + 6 + 18);
    let nested = Residual::new(Residual::new(dense::<3, 3, _>(7, Tanh)).then(norm()));
    assert_eq!(between(nested), 18);
}

#[test]
fn blocks_at_the_end_of_a_network_have_the_gradient_of_their_differences() {
    let block = Residual::new(dense::<3, 3, _>(1, Tanh));
    assert_eq!(check(&dense::<3, 3, _>(0, Sigmoid).then(block), MeanSquaredError.into()), 24);
    let both = Concatenate::<_, _, 3>::new(dense::<3, 1, _>(1, Sigmoid), dense::<3, 2, _>(2, Softmax));
    assert_eq!(check(&both, MeanSquaredError.into()), 12);
    let activated = dense::<3, 3, _>(0, Identity).then(Activate::new(Softmax));
    assert_eq!(check(&activated, CategoricalCrossentropy.into()), 12);
    assert_eq!(check(&activated, MeanSquaredError.into()), 12);
}

#[test]
fn a_frozen_layer_has_the_gradient_by_its_input() {
    let (kernel, bias) = ([[0.5, -1.0, 0.3], [0.2, 0.8, -0.6], [1.0, 0.4, 0.1]], [0.1, 0.2, 0.3]);
    let frozen = Dense::<3, 3, _, _>::borrowed(&kernel, &bias, Silu);
    assert_eq!(check(&frozen.clone().then(Prelu::borrowed(&bias)), MeanSquaredError.into()), 0);
    assert_eq!(check(&frozen.then(dense::<3, 3, _>(1, Softmax)), CategoricalCrossentropy.into()), 12);
}

#[test]
fn a_wrong_gradient_is_found() {
    /// A layer whose gradient is that of another.
    #[derive(Clone, Debug)]
    struct Planted(Dense<3, 3, Tanh>);

    impl Layer for Planted {
        type Input = [f32; 3];
        type Output = [f32; 3];
        type Hidden = ();
        const LAYERS: u16 = 1;
        const FLASH: usize = 0;

        fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; 3], hidden: &mut (), a: &mut [f32; 3]) {
            self.0.forward::<SKIP_ZEROS>(x, hidden, a);
        }
    }

    impl Trainable for Planted {
        type Learning = nn_core::layer::Absent;
        type Tape<U: nn_core::layer::Presence> = ();
        type Memory<M: nn_core::layer::PerRow> = ();
        const ROWS: u32 = 0;

        fn forward_taped<U: nn_core::layer::Presence>(
            &self,
            _turn: Turn,
            x: &[f32; 3],
            _tape: &mut (),
            a: &mut [f32; 3],
        ) {
            self.0.forward::<true>(x, &mut (), a);
        }

        fn backward<U: nn_core::layer::Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
            if let Some(dx) = U::get_mut(pass.dx) {
                *dx = pass.d.map(|d| d * 1.02);
            }
        }
    }

    let caught = std::panic::catch_unwind(|| between(Planted(dense(7, Tanh))));
    assert!(caught.is_err());
}
