//! What second-order solvers refuse: layers whose loss is not a smooth function of free weights alone.

use super::SecondOrderError;
use crate::layer::{LayerKind, ModelLayer, Policy, Stack};

/// Refuses layers that are random in training, and weights that may not go where the solver sends them.
pub(super) fn check_layers(solver: &'static str, stack: &Stack) -> Result<(), SecondOrderError> {
    each_layer(stack, true, &mut |layer, learns| {
        let name = || layer.name().to_owned();
        if is_random(layer.kind()) {
            return Err(SecondOrderError::Random { solver, layer: name() });
        }
        match unfit(layer.policy()).filter(|_| learns) {
            Some(what) => Err(SecondOrderError::Policy { solver, layer: name(), what }),
            None => Ok(()),
        }
    })
}

/// Refuses layers through which the answer to a sample depends on others, and penalties, which are no squares of errors.
pub(super) fn check_residuals(solver: &'static str, stack: &Stack) -> Result<(), SecondOrderError> {
    each_layer(stack, true, &mut |layer, learns| {
        let name = || layer.name().to_owned();
        if learns && matches!(layer.kind(), LayerKind::BatchNormalization(_)) {
            return Err(SecondOrderError::Statistics { layer: name() });
        }
        let Policy { kernel_regularizer, bias_regularizer, activity_regularizer, .. } = layer.policy();
        let of_weights = (kernel_regularizer.is_some() || bias_regularizer.is_some()) && learns;
        if of_weights || activity_regularizer.is_some() {
            return Err(SecondOrderError::Policy { solver, layer: name(), what: "regularizer" });
        }
        Ok(())
    })
}

/// Shows every layer, those inside of blocks too, and whether its weights learn.
fn each_layer<F>(stack: &Stack, learns: bool, visit: &mut F) -> Result<(), SecondOrderError>
where
    F: FnMut(&ModelLayer, bool) -> Result<(), SecondOrderError>,
{
    stack.layers().iter().try_for_each(|layer| {
        let learns = learns && layer.policy().trainable;
        visit(layer, learns)?;
        layer.stacks().try_for_each(|stack| each_layer(stack, learns, visit))
    })
}

const fn is_random(kind: &LayerKind) -> bool {
    matches!(kind, LayerKind::Dropout(_) | LayerKind::AlphaDropout(_) | LayerKind::GaussianNoise(_))
}

/// What of a policy no second-order solver can do.
fn unfit(policy: &Policy) -> Option<&'static str> {
    let is_constrained = policy.kernel_constraint.is_some() || policy.bias_constraint.is_some();
    let has_rate = policy.learning_rate.to_bits() != 1_f32.to_bits();
    if is_constrained { Some("constraint") } else { has_rate.then_some("learning rate of its own") }
}

/// Refuses a setting outside its range.
pub(super) fn check_setting(
    (name, value): (&'static str, f64),
    is_in_range: bool,
    range: &'static str,
) -> Result<(), SecondOrderError> {
    if is_in_range { Ok(()) } else { Err(SecondOrderError::Setting { name, value, range }) }
}
