//! Losses: each row of the table, chosen at run time.

use nn_core::activation::AnyActivation;
use nn_core::loss::{
    AnyLoss, BinaryCrossentropy, CategoricalCrossentropy, Class, ClassError, Loss, SparseCategoricalCrossentropy,
    Weighted,
};

entries! {
    fn value(loss: &AnyLoss, a: &[f32], y: &[f32]) -> f32 { loss.value(a, y) }
    fn gradient(loss: &AnyLoss, a: &[f32], y: &[f32], da: &mut [f32]) { loss.gradient(a, y, da) }
    fn fused_gradient(loss: &AnyLoss, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        loss.fused_gradient(activation, a, y, dz)
    }
    fn output_error(loss: &AnyLoss, activation: AnyActivation, z: &[f32], a: &[f32], y: &[f32], dz: &mut [f32]) {
        loss.output_error(activation, z, a, y, dz)
    }
    fn class(number: usize) -> Result<Class<[f32; 3]>, ClassError> { Class::new(number) }
    fn weighted(loss: &'static AnyLoss, weight: f32) -> Weighted<&'static AnyLoss> { Weighted::new(loss, weight) }
    fn from_logits() -> [AnyLoss; 3] {
        [
            BinaryCrossentropy::from_logits().into(),
            CategoricalCrossentropy::from_logits().into(),
            SparseCategoricalCrossentropy::from_logits().into(),
        ]
    }
    fn is_from_logits(loss: &AnyLoss) -> bool { loss.is_from_logits() }
    fn from_tag(tag: u8) -> Option<AnyLoss> { AnyLoss::from_tag(tag) }
    fn from_name(name: &str) -> Option<AnyLoss> { AnyLoss::from_name(name) }
}
