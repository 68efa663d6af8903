//! Optimizers that remember a byte a number: codes that a row's scale gives their size, rounded at random so that no small
//! change is lost on average.

mod float;
mod linear;
mod pack;

pub use float::FloatScale;
pub use linear::LinearScale;
pub use pack::{MomentCodes, MomentScales, Pack};

use core::slice::{from_mut, from_ref};

use super::{Adam, AdamW, InPlace, Lion, MemoryMut, Momentum, Nadam, Optimizer, Row, Rule};
use crate::Zero;
use crate::random::{Purpose, Stream};

/// The rule `R` with packed memory: 2 bytes a weight for [`Adam`], 1 for [`Momentum`], and as many a row for its scales.
///
/// At each step a row's memory is unpacked, changed by the rule's own formula and packed again with the scales that its
/// new numbers need. The rounding depends on seed, step and row alone, so it is the same everywhere.
///
/// ```
/// # use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, optimizer::Adam};
/// use nn_core::optimizer::EightBit;
/// use nn_core::train::{BatchTrainer, Training};
/// type Memory<O> = Training<Dense<99, 30, Identity>, O>; // 99 rows of weights, one of biases
/// assert_eq!(size_of::<Memory<Adam>>() - size_of::<Memory<EightBit<Adam>>>(), (8 * 30 - (2 * 30 + 2)) * 100);
///
/// let network = Dense::new([[0.0]], [0.0], Identity);
/// let trainer = BatchTrainer::new(network, MeanSquaredError, EightBit::of(Adam::default()));
/// ```
///
/// A rule whose formula would not survive it, such as one that divides by a sum which only grows, is not [`Packable`]:
///
/// ```compile_fail,E0277
/// # use nn_core::optimizer::{Adagrad, EightBit};
/// let optimizer = EightBit::of(Adagrad::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EightBit<R> {
    rule: R,
    seed: u64,
}

impl<R: Packable> EightBit<R> {
    /// The rule with packed memory, whose rounding has seed 0.
    pub const fn of(rule: R) -> Self {
        Self { rule, seed: 0 }
    }

    /// The same with another seed of the rounding.
    #[must_use]
    pub const fn seeded(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// A rule that can do with what is left of its memory in a byte a number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot keep its memory in 8 bits",
    label = "its formula needs more digits, or it remembers nothing"
)]
pub trait Packable: Rule<Slot: Pack> {}

impl Packable for Adam {}
impl Packable for AdamW {}
impl Packable for Nadam {}
impl Packable for Momentum {}
impl Packable for Lion {}

/// What one step shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct EightBitStep<S> {
    rule: S,
    seed: u64,
    t: u32,
}

/// What a rule remembers for a row of weights, packed.
type Scale<R> = <<R as Rule>::Slot as Pack>::Scale;

impl<R: Packable> Optimizer for EightBit<R> {
    type Slot = <R::Slot as Pack>::Code;
    type Block = Scale<R>;
    type Step = EightBitStep<R::Step>;

    const ZERO_GRADIENT_IS_IDLE: bool = false;
    const IS_PLAIN: bool = false;

    #[inline]
    fn rate(&self, t: u32) -> f32 {
        Rule::rate(&self.rule, t)
    }

    #[inline]
    fn begin_step(&self, t: u32) -> Self::Step {
        EightBitStep { rule: self.rule.step(t), seed: self.seed, t }
    }

    #[inline]
    fn error_factor(&self, t: u32) -> Option<f32> {
        Rule::error_factor(&self.rule, t)
    }

    /// The scales must be known before anything is packed, so what the row will remember is computed twice.
    fn update_row(step: &Self::Step, scale: f32, row: Row<'_, Self>) {
        let MemoryMut { slots: codes, block } = row.memory;
        let next = |code, g: &f32, w: &mut f32| {
            let mut slot = R::Slot::unpack(code, block);
            R::update(step.rule, scale, from_ref(g), from_mut(&mut slot), from_mut(w));
            slot
        };
        let mut scales = Scale::<R>::ZERO;
        for ((&w, g), &code) in row.w.iter().zip(&*row.g).zip(&*codes) {
            next(code, g, &mut { w }).cover(&mut scales);
        }
        let mut stream = Stream::new(step.seed, Purpose::Rounding, step.t, row.number);
        for ((w, g), code) in row.w.iter_mut().zip(&*row.g).zip(codes) {
            *code = next(*code, g, w).pack(&scales, stream.word());
        }
        *block = scales;
    }
}

impl<R: Packable> InPlace for EightBit<R> {}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{EightBit, Packable};
    use crate::Zero;
    use crate::activation::{Identity, Relu, Softmax};
    use crate::init::GlorotUniform;
    use crate::layer::{Chain, Dense, Layer, State};
    use crate::loss::{Loss, MeanSquaredError};
    use crate::optimizer::{Adam, AdamW, Lion, Memory, Momentum, Nadam, Optimizer, Row, Tensor};
    use crate::random::{Purpose, Stream};
    use crate::train::{BatchTrainer, Occasion};

    /// A row of eight weights on its way through training.
    #[derive(Clone, Copy, Debug)]
    struct Eight<O: Optimizer> {
        w: [f32; 8],
        memory: Memory<O, 8>,
    }

    impl<O: Optimizer> Eight<O> {
        const NEW: Self = Self { w: [0.0; 8], memory: Zero::ZERO };

        fn step(&mut self, optimizer: O, t: u32, mut g: [f32; 8]) {
            let memory = self.memory.as_mut();
            let row = Row { tensor: Tensor::Kernel, number: 3, w: &mut self.w, g: &mut g, memory };
            O::update_row(&optimizer.begin_step(t), 1.0, row);
        }
    }

    /// Calls a generic function with every rule that can be packed.
    macro_rules! for_every_rule {
        ($function:ident) => {
            $function(Adam::new(0.05).unwrap());
            $function(AdamW::new(0.05).unwrap().with("weight_decay", 0.0).unwrap());
            $function(Nadam::new(0.05).unwrap());
            $function(Momentum::new(0.01).unwrap());
            $function(Lion::new(0.01).unwrap());
        };
    }

    #[test]
    fn memory_takes_two_bytes_or_one_a_weight_and_as_many_a_row() {
        type Network = Chain<Dense<784, 30, Relu>, Dense<30, 10, Softmax>>;
        const WEIGHTS: usize = 785 * 30 + 31 * 10;
        const ROWS: usize = 785 + 31;
        assert_eq!(size_of::<State<Network, Adam>>(), 8 * WEIGHTS);
        assert_eq!(size_of::<State<Network, EightBit<Adam>>>(), 2 * (WEIGHTS + ROWS));
        assert_eq!(size_of::<State<Network, EightBit<Momentum>>>(), WEIGHTS + ROWS);
    }

    #[test]
    fn every_rule_finds_the_bottom_of_parabolas() {
        fn descends(rule: impl Packable) {
            let (target, mut row) = ([1.0, -2.0, 0.5, 0.01, -0.3, 0.0, 2.5, -1.0], Eight::NEW);
            for t in 1..=2000 {
                let g = core::array::from_fn(|at| 2.0 * (row.w[at] - target[at]));
                row.step(EightBit::of(rule), t, g);
            }
            let error = row.w.iter().zip(target).map(|(w, target)| (w - target).abs()).fold(0.0, f32::max);
            assert!(error < 0.03, "{rule:?} is {error} away");
        }
        for_every_rule!(descends);
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
        fn repeats(rule: impl Packable) {
            let trained = |seed| {
                let mut row = Eight::NEW;
                for t in 1..=50 {
                    row.step(
                        EightBit::of(rule).seeded(seed),
                        t,
                        core::array::from_fn(|at| 0.3 + row.w[at] - at as f32),
                    );
                }
                std::format!("{row:?}")
            };
            assert_eq!(trained(1), trained(1), "{rule:?}");
            assert_ne!(trained(1), trained(2), "{rule:?}");
        }
        for_every_rule!(repeats);
    }

    #[test]
    fn a_row_without_gradient_stays() {
        fn stays(rule: impl Packable) {
            let mut row = Eight { w: [0.5; 8], ..Eight::NEW };
            (1..=3).for_each(|t| row.step(EightBit::of(rule), t, [0.0; 8]));
            assert_eq!(row.w, [0.5; 8], "{rule:?}");
        }
        for_every_rule!(stays);
    }

    #[test]
    fn a_weight_without_gradient_beside_others_stays() {
        fn stays(rule: impl Packable) {
            let mut row = Eight { w: [0.5; 8], ..Eight::NEW };
            (1..=9).for_each(|t| row.step(EightBit::of(rule), t, [5.0, 0.0, 1e-3, -2.0, 0.0, 1e4, 0.0, -1.0]));
            assert_eq!([row.w[1], row.w[4], row.w[6]], [0.5; 3], "{rule:?}");
        }
        for_every_rule!(stays);
    }

    #[test]
    fn numbers_that_are_not_finite_are_not_hidden() {
        fn shows(rule: impl Packable) {
            for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut row = Eight::NEW;
                (1..=3).for_each(|t| row.step(EightBit::of(rule), t, [wrong, 1.0, 0.0, -1.0, wrong, 1e-30, 1e30, 0.5]));
                let is_sign_alone = std::format!("{rule:?}").starts_with("Lion");
                assert!(is_sign_alone || !row.w[0].is_finite(), "{rule:?} {wrong}: {:?}", row.w);
            }
        }
        for_every_rule!(shows);
    }

    #[test]
    fn rounding_loses_nothing_on_average() {
        // What Momentum remembers after a step is −η·g, which the second step adds to the weight; without a gradient
        // there, it adds 0.9 of what was remembered.
        let momentum = Momentum::new(1.0).unwrap();
        let g = [1.0, 0.003, -0.003, 0.5, -0.77, 0.0001, 0.0, -1e-6];
        let mut sums = [0.0; 8];
        for seed in 0..40_000 {
            let mut row = Eight::NEW;
            row.step(EightBit::of(momentum).seeded(seed), 1, g);
            row.w = [0.0; 8];
            row.step(EightBit::of(momentum).seeded(seed), 2, [0.0; 8]);
            sums.iter_mut().zip(row.w).for_each(|(sum, w)| *sum += f64::from(w));
        }
        // A rounding is at most a step of 1/64 off, in the mean of 40,000 at most 1/64 / 2 / 200 (one deviation).
        for (sum, g) in sums.into_iter().zip(g) {
            let mean = sum / 40_000.0;
            assert!((mean + 0.9 * f64::from(g)).abs() < 4.0 * 0.9 / 64.0 / 2.0 / 200.0, "{g} {mean}");
        }
    }

    /// The loss after fitting 40 samples of a random linear function, whose inputs differ in size.
    fn loss_after_training<O: Optimizer>(optimizer: O) -> f32 {
        let mut stream = Stream::new(5, Purpose::Shuffle, 0, 0);
        let truth: [f32; 6] = core::array::from_fn(|_| stream.uniform() - 0.5);
        let samples: Vec<([f32; 6], [f32; 1])> = (0..40)
            .map(|_| {
                let x = core::array::from_fn(|at| (stream.uniform() - 0.5) * [1.0, 0.1, 2.0, 0.5, 1.0, 0.3][at]);
                (x, [x.iter().zip(truth).map(|(x, w)| x * w).sum()])
            })
            .collect();
        let hidden = Dense::initialized(&GlorotUniform, &mut stream, Relu);
        let network: Chain<Dense<6, 12, Relu>, _> =
            hidden.then(Dense::<12, 1, _>::initialized(&GlorotUniform, &mut stream, Identity));
        let mut trainer = BatchTrainer::new(network, MeanSquaredError, optimizer);
        for _ in 0..100 {
            for batch in samples.chunks(8) {
                for (x, y) in batch {
                    trainer.accumulate(x, y, Occasion::FIRST);
                }
                trainer.apply();
            }
        }
        let losses = samples.iter().map(|(x, y)| MeanSquaredError.value(&trainer.network().predict(x), y));
        losses.sum::<f32>() / 40.0
    }

    #[test]
    fn a_small_network_learns_nearly_as_with_f32() {
        fn compare(rule: impl Packable) {
            let (exact, packed) = (loss_after_training(rule), loss_after_training(EightBit::of(rule)));
            assert!(exact < 0.086 / 50.0 && packed < 2.0 * exact, "{rule:?}: {exact} {packed}");
        }
        // From 0.086 Adam and AdamW come to 3.8e-6 with f32 and 3.3e-6 packed, Nadam to 1.6e-4 and 2.5e-4,
        // Momentum to 1.53e-3 and 1.52e-3, Lion to 3.9e-4 and 2.6e-4.
        for_every_rule!(compare);
    }
}
