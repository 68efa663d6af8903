//! Losses: each row of the table, chosen at run time.

use nn_core::activation::AnyActivation;
use nn_core::loss::{AnyLoss, Loss};

entries! {
    fn value(loss: &AnyLoss, a: &[f32], y: &[f32]) -> f32 { loss.value(a, y) }
    fn gradient(loss: &AnyLoss, a: &[f32], y: &[f32], da: &mut [f32]) { loss.gradient(a, y, da) }
    fn fused_gradient(loss: &AnyLoss, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        loss.fused_gradient(activation, a, y, dz)
    }
    fn output_error(loss: &AnyLoss, activation: AnyActivation, z: &[f32], a: &[f32], y: &[f32], dz: &mut [f32]) {
        loss.output_error(activation, z, a, y, dz)
    }
    fn from_tag(tag: u8) -> Option<AnyLoss> { AnyLoss::from_tag(tag) }
    fn from_name(name: &str) -> Option<AnyLoss> { AnyLoss::from_name(name) }
}
