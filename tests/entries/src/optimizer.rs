//! Optimizer rules: each row of the table, chosen at run time.

use nn_core::Zero;
use nn_core::optimizer::{
    self, Adam, Adjust, Adjusted, AmsGradSlot, AnyAdjustment, AnyOptimizer, ClipNorm, ClipValue, Describe, EightBit,
    FloatScale, GlobalClipNorm, HyperparameterError, Known, LinearScale, Memory, MemoryMut, Optimizer, Pack, Penalty,
    Row, Rule, RuleVisitor, Scope, Sgd, Slot, Tensor, WeightDecay, Weights,
};

/// A step of whichever rule.
struct Step<'w> {
    t: u32,
    scale: f32,
    g: &'w [f32],
    w: &'w mut [f32],
}

impl RuleVisitor for Step<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let mut slots = [R::Slot::ZERO; 4];
        R::update(rule.step(self.t), self.scale, self.g, &mut slots, self.w);
    }
}

/// A rule with its memory in a byte a number.
type Packed = EightBit<Adam>;

/// An optimizer that needs both kinds of norms.
type Clipped = Adjusted<ClipNorm, Adjusted<GlobalClipNorm, Adjusted<Penalty, Sgd>>>;

/// Keeps what comes last.
struct Last<'l>(&'l mut Option<AnyAdjustment>);

impl Extend<AnyAdjustment> for Last<'_> {
    fn extend<I: IntoIterator<Item = AnyAdjustment>>(&mut self, adjustments: I) {
        *self.0 = adjustments.into_iter().last();
    }
}

entries! {
    fn update(rule: AnyOptimizer, t: u32, scale: f32, g: &[f32], w: &mut [f32]) {
        rule.visit(Step { t, scale, g, w })
    }
    fn error_factor(rule: &Sgd, t: u32) -> Option<f32> { Rule::error_factor(rule, t) }
    fn begin_step(rule: &Adam, t: u32) -> <Adam as Optimizer>::Step { rule.begin_step(t) }
    fn update_row(step: &<Adam as Optimizer>::Step, scale: f32, row: &mut Row<'_, Adam>) {
        Adam::update_row(step, scale, row.reborrow())
    }
    fn as_mut(memory: &'static mut Memory<Adam, 4>) -> MemoryMut<'static, Adam> { memory.as_mut() }
    fn weights(row: &'static mut Row<'static, Adam>) -> Weights<'static> { row.weights() }
    fn rate(rule: &Sgd, packed: &Packed, t: u32) -> (f32, f32) { (Rule::rate(rule, t), Optimizer::rate(packed, t)) }

    fn of(rule: Adam, seed: u64) -> Packed { EightBit::of(rule).seeded(seed) }
    fn update_packed_row(step: &<Packed as Optimizer>::Step, scale: f32, row: Row<'_, Packed>) {
        Packed::update_row(step, scale, row)
    }
    fn covering(number: f32) -> (FloatScale, LinearScale) { (FloatScale::covering(number), LinearScale::covering(number)) }
    fn cover(number: &f32, scale: &mut LinearScale) { number.cover(scale) }
    fn pack(float: FloatScale, linear: LinearScale, number: f32, random: u16) -> (u8, i8) {
        (float.pack(number, random), linear.pack(number, random))
    }
    fn unpack(float: FloatScale, linear: LinearScale, codes: (u8, i8)) -> (f32, f32) {
        (float.unpack(codes.0), linear.unpack(codes.1))
    }

    fn clipped_by_value(rule: Sgd, limit: f32) -> Result<Adjusted<ClipValue, Sgd>, HyperparameterError> {
        rule.clipped_by_value(limit)
    }
    fn clipped_by_norm(rule: Adam, limit: f32) -> Result<Adjusted<ClipNorm, Adam>, HyperparameterError> {
        rule.clipped_by_norm(limit)
    }
    fn clipped_by_global_norm(rule: Adam, limit: f32) -> Result<Adjusted<GlobalClipNorm, Adam>, HyperparameterError> {
        rule.clipped_by_global_norm(limit)
    }
    fn with_weight_decay(rule: Adam, strength: f32) -> Result<Adjusted<WeightDecay, Adam>, HyperparameterError> {
        rule.with_weight_decay(strength)
    }
    fn with_l1(rule: Adam, l1: f32) -> Result<Adjusted<Penalty, Adam>, HyperparameterError> { rule.with_l1(l1) }
    fn with_l2(rule: Adam, l2: f32) -> Result<Adjusted<Penalty, Adam>, HyperparameterError> { rule.with_l2(l2) }
    fn with_penalty(rule: Adam, penalty: Penalty) -> Adjusted<Penalty, Adam> {
        rule.with_penalty(penalty.on_biases())
    }
    fn l1_l2(l1: f32, l2: f32) -> Result<Penalty, HyperparameterError> {
        Penalty::l1(l1)?;
        Penalty::l2(l2)?;
        Penalty::l1_l2(l1, l2).map(Penalty::on_kernels_and_biases)
    }
    fn value(penalty: &Penalty, tensor: Tensor, w: &[f32]) -> f32 { penalty.value(tensor, w) }
    fn adjustment(adjusted: &'static Adjusted<Penalty, Adam>) -> (&'static Penalty, &'static Adam) {
        (adjusted.adjustment(), adjusted.optimizer())
    }
    fn named(name: &str, value: f32) -> Option<Result<AnyAdjustment, HyperparameterError>> {
        AnyAdjustment::named(name, value)
    }
    fn scope(adjustment: &AnyAdjustment) -> (Scope, bool) { (adjustment.scope(), adjustment.is_of_gradients()) }
    fn adjust(adjustment: &AnyAdjustment, known: &Known, weights: Weights<'_>) { adjustment.adjust(known, weights) }
    fn describe(adjusted: &Adjusted<Penalty, Adam>, last: &mut Option<AnyAdjustment>) -> AnyOptimizer {
        adjusted.describe(&mut Last(last))
    }
    fn sum_of_squares(row_length: usize, g: &[f32]) -> f32 { optimizer::sum_of_squares(row_length, g) }
    fn prepare(step: &mut <Clipped as Optimizer>::Step, pass: u32, scale: f32, weights: Weights<'_>) {
        Clipped::prepare(step, pass, scale, weights)
    }
    fn update_clipped_row(step: &<Clipped as Optimizer>::Step, scale: f32, row: Row<'_, Clipped>) {
        Clipped::update_row(step, scale, row)
    }

    fn new(learning_rate: f32) -> Result<Adam, HyperparameterError> { Adam::new(learning_rate) }
    fn with(rule: AnyOptimizer, name: &str, value: f32) -> Result<AnyOptimizer, HyperparameterError> {
        rule.with(name, value)
    }
    fn at_rate(rule: AnyOptimizer, rate: f32) -> Result<AnyOptimizer, HyperparameterError> { rule.at_rate(rate) }
    fn numbers(slot: AmsGradSlot) -> [f32; 3] { slot.numbers() }
    fn slot_of(numbers: [f32; 3]) -> AmsGradSlot { Slot::of(numbers) }
    fn learning_rate(rule: &AnyOptimizer) -> f32 { rule.learning_rate() }
    fn from_name(name: &str) -> Option<AnyOptimizer> { AnyOptimizer::from_name(name) }
}
