//! Layers: inference and the passes of training, through one network of every kind.

use nn_core::activation::{Gelu, Identity, Relu, Sigmoid, Softmax, Tanh};
use nn_core::init::AnyInitializer;
use nn_core::int8::{DenseOutput, Quantization, Requantization, table::Table};
use nn_core::layer::{
    Activate, AlphaDropout, BatchNorm, BatchStatistics, Borrowed, Chain, Concatenate, Dense, Dropout, DropoutRate,
    FeatureScale, Fold, GaussianNoise, Gradients, Inference, Layer, LayerNorm, Learn, Owned, Pass, Prelu, Presence,
    Present, RateError, Residual, SampleStatistics, Scale, Shortcut, Signal, Skip, Slopes, State, Stddev, StddevError,
    Storage, Trainable, Turn, Untrained,
    int8::{self, Map},
};
use nn_core::loss::{AnyLoss, Class, SparseCategoricalCrossentropy};
use nn_core::optimizer::{Adam, Optimizer, Sgd};
use nn_core::random::Stream;
use nn_core::train::{Occasion, OnlineTrainer, Training};

/// A layer whose tape keeps the pre-activations, in RAM or in flash.
pub(crate) type Hidden<S> = Dense<4, 6, Gelu, S>;

/// A layer in flash.
pub(crate) type Frozen<'m> = Dense<5, 3, Softmax, Borrowed<'m>>;

type Random = Chain<Chain<Dropout<6>, AlphaDropout<6>>, GaussianNoise<6>>;
type Front<S> = Chain<Chain<Chain<Scale<4, S>, Hidden<S>>, BatchNorm<6, S>>, Random>;
type Block<S> = Residual<Chain<Chain<Dense<6, 3, Tanh, S>, Activate<3, Gelu>>, Dense<3, 6, Relu, S>>, Skip<6>>;
type Projected<S> = Residual<Chain<LayerNorm<6, S>, Dense<6, 2, Sigmoid, S>>, Dense<6, 2, Identity, S, 0>>;
type Fork<S> = Concatenate<Projected<S>, Prelu<6, S>, 8>;

/// A network of every kind of layer.
pub(crate) type Every<S> = Chain<Chain<Chain<Front<S>, Block<S>>, Fork<S>>, Dense<8, 3, Softmax, S>>;

/// The same, with its first layers in flash.
pub(crate) type Network =
    Chain<Chain<Chain<Front<Borrowed<'static>>, Block<Owned>>, Fork<Owned>>, Dense<8, 3, Softmax>>;

/// A network of every kind of layer of bytes, and as the base of one that learns.
type Bytes<'m> = Chain<
    Chain<Chain<Chain<int8::Quantize<4>, int8::Dense<'m, 4, 6>>, int8::Mapped<6, &'m Table>>, Exchanged>,
    int8::Dequantize<6>,
>;
type Exchanged = Chain<int8::Mapped<6, Requantization>, int8::Mapped<6, nn_core::int8::Softmax>>;
type OnBytes = Chain<nn_core::layer::Frozen<Bytes<'static>>, Dense<6, 3, Softmax>>;

type Branch = Dense<6, 2, Sigmoid>;
type Projection = Dense<6, 2, Identity, Owned, 0>;

type Tape = <Network as Trainable>::Tape<Present>;
type Step = <Adam as Optimizer>::Step;

/// The backward pass on the output's signal.
struct Back<'p> {
    x: &'p [f32; 4],
    a: &'p [f32; 3],
    d: &'p mut [f32; 3],
    dx: &'p mut [f32; 4],
}

entries! {
    fn new(kernel: [[f32; 6]; 4], bias: [f32; 6]) -> Hidden<Owned> { Dense::new(kernel, bias, Gelu) }
    fn initialized(initializer: &AnyInitializer, stream: &mut Stream) -> Hidden<Owned> {
        Dense::initialized(initializer, stream, Gelu)
    }
    fn borrowed(kernel: &'static [[f32; 3]; 5], bias: &'static [f32; 3]) -> Frozen<'static> {
        Dense::borrowed(kernel, bias, Softmax)
    }
    fn without_bias(kernel: [[f32; 6]; 4]) -> Dense<4, 6, Gelu, Owned, 0> { Dense::without_bias(kernel, Gelu) }
    fn borrowed_without_bias(kernel: &'static [[f32; 3]; 5]) -> Dense<5, 3, Softmax, Borrowed<'static>, 0> {
        Dense::borrowed_without_bias(kernel, Softmax)
    }
    fn bias_rows(layer: &'static Hidden<Owned>) -> &'static [[f32; 6]; 1] { layer.bias_rows() }
    fn activation(layer: &Hidden<Owned>) -> Gelu { layer.activation() }
    fn prelu(layer: &'static Prelu<6>) -> &'static [f32; 6] { layer.alpha() }
    fn offset_and_scale(layer: &'static Scale<4>) -> [&'static [f32; 4]; 2] { [layer.offset(), layer.scale()] }
    fn batch_norm(layer: &'static BatchNorm<6>) -> [&'static [[f32; 6]; 2]; 2] {
        [layer.parameters(), layer.statistics()]
    }
    fn gamma_and_beta(layer: &'static LayerNorm<6>) -> [&'static [f32; 6]; 2] { [layer.gamma(), layer.beta()] }
    fn projected(branch: Branch, shortcut: Projection) -> Residual<Branch, Projection> {
        Residual::projected(branch, shortcut)
    }
    fn parts(block: &'static Residual<Branch, Projection>) -> (&'static Branch, &'static Projection) {
        (block.branch(), block.shortcut())
    }
    fn add(shortcut: &Projection, x: &[f32; 6], a: &mut [f32; 2]) { shortcut.add::<true>(x, a) }
    fn add_input_gradient(shortcut: &Projection, d: &[f32; 2], dx: &mut [f32; 6]) { shortcut.add_input_gradient(d, dx) }
    fn get_mut(weights: &'static mut [f32; 4], memory: &'static mut [f32; 4]) -> [Option<&'static mut [f32; 4]>; 2] {
        [Owned::get_mut(weights), Present::get_mut(memory)]
    }
    fn to_owned(layer: &Frozen<'_>) -> Dense<5, 3, Softmax> { layer.to_owned() }
    fn untrained() -> Every<Owned> { Every::UNTRAINED }
    fn dropout(rate: f32) -> Result<Dropout<5>, RateError> { DropoutRate::new(rate).map(Dropout::new) }
    fn get(rate: DropoutRate) -> f32 { rate.get() }
    fn apply(rate: DropoutRate, occasion: Occasion, values: &mut [f32]) { rate.apply(occasion, values) }
    fn apply_words(rate: DropoutRate, words: &[u32], values: &mut [f32]) { rate.apply_words(words, values) }
    fn apply_alpha(rate: DropoutRate, occasion: Occasion, values: &mut [f32]) { rate.apply_alpha(occasion, values) }
    fn apply_alpha_gradient(rate: DropoutRate, occasion: Occasion, d: &mut [f32]) {
        rate.apply_alpha_gradient(occasion, d)
    }
    fn alpha_rate(dropout: AlphaDropout<5>) -> DropoutRate { dropout.rate() }
    fn stddev(stddev: f32) -> Result<(f32, Stddev), StddevError> {
        Stddev::new(stddev).map(|stddev| (stddev.get(), GaussianNoise::<5>::new(stddev).stddev()))
    }
    fn apply_noise(stddev: Stddev, occasion: Occasion, values: &mut [f32]) { stddev.apply(occasion, values) }
    fn activate(activation: Gelu) -> Gelu { Activate::<5, _>::new(activation).activation() }
    fn then(first: Hidden<Owned>, second: Dropout<6>) -> Chain<Hidden<Owned>, Dropout<6>> { first.then(second) }
    fn turn(turn: Turn, layers: u16) -> Option<Turn> { turn.after(layers).inside().filter(|turn| turn.reaches(layers)) }
    fn turns(layer: u16, occasion: Occasion) -> [Turn; 3] {
        [Turn::of_all(occasion), Turn::of_layer(layer, occasion), Turn::at_inference()]
    }
    fn is_training(turn: Turn) -> bool { turn.is_training() }

    fn initialize(network: &mut Network, initializer: &AnyInitializer, seed: u64) {
        network.initialize(initializer, seed, 0)
    }
    fn forward(network: &Network, x: &[f32; 4], hidden: &mut <Network as Layer>::Hidden, a: &mut [f32; 3]) {
        network.forward::<true>(x, hidden, a)
    }
    fn forward_steadily(network: &Network, x: &[f32; 4], hidden: &mut <Network as Layer>::Hidden, a: &mut [f32; 3]) {
        network.forward::<false>(x, hidden, a)
    }
    fn predict(network: &Every<Borrowed<'_>>, x: &[f32; 4]) -> [f32; 3] { network.predict(x) }
    fn input(inference: &'static mut Inference<Network>) -> &'static mut [f32; 4] { inference.input() }
    fn run(inference: &'static mut Inference<Network>) -> &'static [f32; 3] { inference.run() }
    fn run_steadily(inference: &'static mut Inference<Network>) -> &'static [f32; 3] { inference.run_steadily() }

    fn forward_taped(network: &Network, turn: Turn, x: &[f32; 4], tape: &mut Tape, a: &mut [f32; 3]) {
        network.forward_taped::<Present>(turn, x, tape, a)
    }
    fn output_signal(network: &Network, loss: &AnyLoss, y: &[f32], a: &[f32; 3], d: &mut [f32; 3]) -> Signal {
        network.output_signal(loss, y, a, d)
    }
    fn backward(network: &Network, turn: Turn, back: Back<'_>, tape: &mut Tape) {
        let Back { x, a, d, dx } = back;
        network.backward::<Present>(Pass { turn, x, a, d, signal: Signal::Error, dx }, tape)
    }
    fn accumulate(network: &mut Network, learn: Learn<'_, Network>, tape: &mut Tape, sums: &mut Gradients<Network>) {
        network.accumulate::<Present>(learn, tape, sums)
    }
    fn descend(
        network: &mut Network,
        learn: Learn<'_, Network>,
        tape: &mut Tape,
        step: &Step,
        state: &mut State<Network, Adam>,
    ) {
        network.descend::<Present, Adam>(learn, tape, step, state)
    }
    fn descend_plainly(
        network: &mut Network,
        learn: Learn<'_, Network>,
        tape: &mut Tape,
        state: &mut State<Network, Sgd>,
    ) {
        network.descend::<Present, Sgd>(learn, tape, &(), state)
    }
    fn each_tensor(network: &mut Network, sums: &mut Gradients<Network>) {
        network.each_tensor(sums, &mut |weights| weights.g.fill(0.0))
    }
    fn each_row(network: &mut Network, sums: &mut Gradients<Network>, state: &mut State<Network, Adam>, step: &Step) {
        network.each_row(0, sums, state, &mut |row| Adam::update_row(step, 1.0, row))
    }

    fn variance(statistics: &'static BatchStatistics<'static>) -> [&'static [f32]; 2] {
        [statistics.mean(), statistics.variance()]
    }
    fn fold_input_gradient(fold: &Fold<[f32; 6]>, d: &mut [f32]) { fold.input_gradient(d) }
    fn sample(x: &[f32], gamma: &[f32], beta: &[f32], a: &mut [f32]) { SampleStatistics::of(x).forward(x, gamma, beta, a) }
    fn add_parameter_gradients(statistics: SampleStatistics, x: &[f32], d: &[f32], sums: [&mut [f32]; 2]) {
        let [dgamma, dbeta] = sums;
        statistics.add_parameter_gradients(x, d, dgamma, dbeta)
    }
    fn add_gamma_gradient(statistics: SampleStatistics, x: &[f32], d: &[f32], dgamma: &mut [f32]) {
        statistics.add_gamma_gradient(x, d, dgamma)
    }
    fn add_beta_gradient(d: &[f32], dbeta: &mut [f32]) { SampleStatistics::add_beta_gradient(d, dbeta) }
    fn input_gradient(statistics: SampleStatistics, x: &[f32], gamma: &[f32], d: &[f32], dx: &mut [f32]) {
        statistics.input_gradient(x, gamma, d, dx)
    }
    fn slopes(slopes: Slopes<'_>, x: &[f32], a: &mut [f32]) { slopes.forward(x, a) }
    fn add_gradients(x: &[f32], d: &[f32], dalpha: &mut [f32]) { Slopes::add_gradients(x, d, dalpha) }
    fn slopes_input_gradient(slopes: Slopes<'_>, x: &[f32], d: &[f32], dx: &mut [f32]) { slopes.input_gradient(x, d, dx) }
    fn features(scale: FeatureScale<'_>, x: &[f32], a: &mut [f32]) { scale.forward(x, a) }
    fn features_input_gradient(scale: FeatureScale<'_>, d: &[f32], dx: &mut [f32]) { scale.input_gradient(d, dx) }

    fn fold(fold: &'static Fold<[f32; 6]>) -> [&'static [f32]; 2] { [fold.scale(), fold.shift()] }
    fn fold_before(fold: &Fold<[f32; 6]>, w: &mut [f32], b: &mut [f32]) { fold.into_layer_before(w, b) }
    fn fold_after(fold: &Fold<[f32; 6]>, w: &mut [f32], b: &mut [f32]) { fold.into_layer_after(w, b) }
    fn statistics(x: &[f32], mean: &mut [f32], variance: &mut [f32], gamma: &mut [f32], a: &mut [f32]) {
        let statistics = BatchStatistics::of(x, mean, variance);
        statistics.follow(gamma, &mut []);
        let normalizer = statistics.normalizer();
        normalizer.forward(x, gamma, &[], a);
        normalizer.parameter_gradients(x, a, gamma, &mut []);
        normalizer.input_gradient(x, gamma, (&[], &[]), a);
    }

    fn int8_dense(
        kernel: &'static [[i8; 4]; 6],
        bias: &'static [i32; 6],
        output: DenseOutput<'static>,
    ) -> Result<int8::Dense<'static, 4, 6>, int8::ChannelsError> {
        int8::Dense::new(kernel, bias, output)
    }
    fn int8_packed_dense(
        kernel: &'static [u32],
        bias: &'static [i32; 6],
        zero_point: i8,
        output: DenseOutput<'static>,
    ) -> Result<int8::PackedDense<'static, 4, 6>, int8::PackedError> {
        int8::PackedDense::new(kernel, bias, zero_point, output)
    }
    fn int8_packed_forward(
        layer: &int8::PackedDense<'_, 4, 6>,
        x: &[i8; 4],
        hidden: &mut int8::Workspace<4>,
        a: &mut [i8; 6],
    ) {
        layer.forward::<true>(x, hidden, a);
        layer.forward::<false>(x, hidden, a)
    }
    fn int8_int4_dense(
        kernel: &'static [u8],
        bias: &'static [i32; 6],
        output: DenseOutput<'static>,
    ) -> Result<int8::Int4Dense<'static, 12, 6>, int8::Int4Error> {
        int8::Int4Dense::new(kernel, bias, output)
    }
    fn int8_int4_forward(
        layer: &int8::Int4Dense<'_, 12, 6>,
        x: &[i8; 12],
        hidden: &mut int8::Workspace<12>,
        a: &mut [i8; 6],
    ) {
        layer.forward::<false>(x, hidden, a)
    }
    fn int8_new(input: Quantization) -> (int8::Quantize<4>, int8::Dequantize<4>) {
        (int8::Quantize::new(input), int8::Dequantize::new(input))
    }
    fn int8_quantization(from: &int8::Quantize<4>, to: &int8::Dequantize<6>) -> [Quantization; 2] {
        [from.quantization(), to.quantization()]
    }
    fn int8_mapped(table: &'static Table) -> int8::Mapped<6, &'static Table> { int8::Mapped::new(table) }
    fn int8_map(table: &Table, softmax: &nn_core::int8::Softmax, change: &Requantization, values: &mut [i8]) {
        table.map(values);
        softmax.map(values);
        (&softmax.exponentials()).map(values);
        change.map(values);
    }
    fn int8_predict(network: &Bytes<'_>, x: &[f32; 4]) -> [f32; 6] { network.predict(x) }
    fn frozen(network: Bytes<'static>) -> nn_core::layer::Frozen<Bytes<'static>> { nn_core::layer::Frozen::new(network) }
    fn frozen_network(frozen: &'static nn_core::layer::Frozen<Bytes<'static>>) -> &'static Bytes<'static> { frozen.network() }
    fn frozen_learn(
        trainer: &mut OnlineTrainer<Training<OnBytes, Sgd>, SparseCategoricalCrossentropy>,
        x: &[f32; 4],
        y: &Class<[f32; 3]>,
        occasion: Occasion,
    ) -> f32 {
        trainer.learn(x, y, occasion)
    }
}
