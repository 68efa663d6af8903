//! Activations: each row of the table, chosen at run time.

use nn_core::SettingError;
use nn_core::activation::{Activation, AnyActivation, LeakyRelu};

entries! {
    fn forward(activation: &AnyActivation, z: &mut [f32]) { activation.forward(z) }
    fn backward(activation: &AnyActivation, z: &[f32], a: &[f32], d: &mut [f32]) { activation.backward(z, a, d) }
    fn parameter(activation: &AnyActivation) -> f32 { activation.parameter() }
    fn with_parameter(activation: AnyActivation, parameter: f32) -> Option<AnyActivation> {
        activation.with_parameter(parameter)
    }
    fn is_differentiable(activation: &AnyActivation) -> bool { activation.is_differentiable() }
    fn needs_pre_activation(activation: &AnyActivation) -> bool { activation.needs_pre_activation() }
    fn tag(activation: &AnyActivation) -> u8 { activation.tag() }
    fn from_tag(tag: u8) -> Option<AnyActivation> { AnyActivation::from_tag(tag) }
    fn name(activation: &AnyActivation) -> &'static str { activation.name() }
    fn type_name(activation: &AnyActivation) -> &'static str { activation.type_name() }
    fn from_name(name: &str) -> Option<AnyActivation> { AnyActivation::from_name(name) }
    fn new(negative_slope: f32) -> Result<LeakyRelu, SettingError> { LeakyRelu::new(negative_slope) }
    fn negative_slope(leaky_relu: &LeakyRelu) -> f32 { leaky_relu.negative_slope() }
}
