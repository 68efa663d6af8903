//! Activation functions, one file each, value beside derivative; the table below is the list of them.
//!
//! NaN gives NaN, but for the perceptron, whose answer is 0. What else gives NaN stands at each kind; how far each is from the
//! true value, in `docs/MATHS.md`.

mod scalar;

#[cfg(feature = "micromath")]
mod approximate;

mod identity;
mod perceptron;
mod sigmoid;
mod softmax;
mod tanh;

mod elu;
mod leaky_relu;
mod relu;
mod relu6;
mod selu;

mod gelu;
mod mish;
mod silu;

mod exponential;
mod log_softmax;
mod softplus;
mod softsign;

mod hard_sigmoid;
mod hard_silu;
mod hard_tanh;

#[cfg(feature = "micromath")]
pub use approximate::{Approximable, Approximate};

pub use elu::Elu;
pub use exponential::Exponential;
pub use gelu::Gelu;
pub use hard_sigmoid::HardSigmoid;
pub use hard_silu::HardSilu;
pub use hard_tanh::HardTanh;
pub use identity::Identity;
pub use leaky_relu::LeakyRelu;
pub use log_softmax::LogSoftmax;
pub(crate) use log_softmax::LogSumExp;
pub use mish::Mish;
pub use perceptron::Perceptron;
pub use relu::Relu;
pub use relu6::Relu6;
pub(crate) use selu::FLOOR as SELU_FLOOR;
pub use selu::Selu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use softsign::Softsign;
pub use tanh::Tanh;

use crate::Vector;
use crate::setting::Settings;
use crate::table::table;

/// What a layer does to its pre-activations z to get its activations a.
pub trait Activation {
    /// a = f(z), in place.
    ///
    /// # Shapes
    /// - `z`: `[OUT]`, one sample
    fn forward(&self, z: &mut [f32]);

    /// dz = (∂a/∂z)ᵀ · da, in place. Most kinds need the activations alone; see [`Kind::PreActivation`].
    ///
    /// # Shapes
    /// - `z`, `a`, `d`: `[OUT]`, one sample; `d` holds da before and dz after; `z` is empty where it is not needed
    fn backward(&self, z: &[f32], a: &[f32], d: &mut [f32]);
}

/// An activation that a typed layer can carry.
pub trait Kind: Activation + Copy + Into<AnyActivation> + TryFrom<AnyActivation> {
    /// The activation with its default settings.
    const DEFAULT: Self;

    /// What training keeps of the pre-activations: `[f32; OUT]` where the derivative needs them, else nothing.
    type PreActivation<const OUT: usize>: Vector;
}

/// An activation that a layer can be trained through.
///
/// ```
/// use nn_core::activation::{Differentiable, Relu};
/// fn trains(_: impl Differentiable) {}
/// trains(Relu);
/// ```
///
/// The perceptron's step has no gradient, so training through it does not compile:
///
/// ```compile_fail,E0277
/// use nn_core::activation::{Differentiable, Perceptron};
/// fn trains(_: impl Differentiable) {}
/// trains(Perceptron);
/// ```
#[diagnostic::on_unimplemented(message = "a layer cannot be trained through `{Self}`: it has no gradient")]
pub trait Differentiable: Kind {}

table! {
    /// An activation function chosen at run time.
    ///
    /// ```
    /// use nn_core::activation::{AnyActivation, Relu};
    /// assert_eq!(AnyActivation::from_name("relu"), Some(Relu.into()));
    /// ```
    AnyActivation as dyn Activation {
        0 => Identity, "linear";
        1 => Relu, "relu";
        2 => Sigmoid, "sigmoid";
        3 => Softmax, "softmax";
        4 => Tanh, "tanh";
        5 => LeakyRelu, "leaky_relu";
        6 => Perceptron, "perceptron";
        7 => LogSoftmax, "log_softmax";
        8 => Relu6, "relu6";
        9 => Elu, "elu";
        10 => Selu, "selu";
        11 => Gelu, "gelu";
        12 => Silu, "silu";
        13 => Mish, "mish";
        14 => Softplus, "softplus";
        15 => Softsign, "softsign";
        16 => Exponential, "exponential";
        17 => HardSigmoid, "hard_sigmoid";
        18 => HardSilu, "hard_silu";
        19 => HardTanh, "hard_tanh";
    }
}

impl Activation for AnyActivation {
    fn forward(&self, z: &mut [f32]) {
        self.kind().forward(z);
    }

    fn backward(&self, z: &[f32], a: &[f32], d: &mut [f32]) {
        self.kind().backward(z, a, d);
    }
}

impl AnyActivation {
    /// Whether a layer can be trained through this kind.
    #[must_use]
    pub const fn is_differentiable(&self) -> bool {
        !matches!(self, Self::Perceptron(_))
    }

    /// Whether the derivative needs the pre-activations; for the others the activations are enough.
    #[must_use]
    pub const fn needs_pre_activation(&self) -> bool {
        matches!(self, Self::Gelu(_) | Self::Silu(_) | Self::Mish(_) | Self::Softplus(_) | Self::HardSilu(_))
    }

    /// The setting of this kind as it stands in model files: 0 for those that have none, and for ELU with its default, which
    /// had none at first.
    #[must_use]
    pub const fn parameter(&self) -> f32 {
        match self {
            Self::LeakyRelu(kind) => kind.negative_slope(),
            Self::Elu(kind) if kind.alpha().to_bits() != Elu::DEFAULT.alpha().to_bits() => kind.alpha(),
            _ => 0.0,
        }
    }

    /// This kind with the setting that stands in a model file; `None` if it cannot have it.
    #[must_use]
    pub fn with_parameter(mut self, parameter: f32) -> Option<Self> {
        let is_absent = parameter.to_bits() == 0;
        match self {
            Self::Elu(_) if is_absent => Some(self),
            _ if self.ranges().is_empty() => is_absent.then_some(self),
            _ => self.set(0, parameter).ok().map(|()| self),
        }
    }
}

/// z between `least` and `most`; NaN stays NaN.
fn clip(z: f32, least: f32, most: f32) -> f32 {
    if z <= least {
        least
    } else if z >= most {
        most
    } else {
        z
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::{Activation, AnyActivation};

    /// Every kind with its defaults, and those that have settings with others.
    fn variants() -> Vec<AnyActivation> {
        let settings = |kind: AnyActivation| kind.setting_names().iter().map(move |name| (kind, *name));
        let others = AnyActivation::ALL.iter().copied().flat_map(settings);
        let others = others.flat_map(|(kind, name)| [0.1, 0.6, 1.5].map(|value| kind.with(name, value).unwrap()));
        AnyActivation::ALL.iter().copied().chain(others).collect()
    }

    #[test]
    fn tags_and_names_lead_back_to_the_same_kind() {
        for &kind in AnyActivation::ALL {
            assert_eq!(AnyActivation::from_tag(kind.tag()), Some(kind));
            assert_eq!(AnyActivation::from_name(kind.name()), Some(kind));
        }
        assert_eq!(AnyActivation::from_tag(255), None);
        assert_eq!(AnyActivation::from_name("Relu"), None);
    }

    #[test]
    fn every_derivative_is_the_limit_of_differences() {
        // f32 keeps about seven digits; a central difference at 1e-2 keeps about three of them.
        const STEP: f32 = 1e-2;
        let z = [-1.3, -0.4, 0.3, 0.9, 2.1];
        let da = [0.7, -1.1, 0.4, 0.9, -0.3];
        for kind in variants().iter().filter(|kind| kind.is_differentiable()) {
            let weighted = |k: usize, step: f32| {
                let mut a = z;
                a[k] += step;
                kind.forward(&mut a);
                a.iter().zip(da).map(|(a, da)| a * da).sum::<f32>()
            };
            let mut a = z;
            kind.forward(&mut a);
            let mut dz = da;
            kind.backward(&z, &a, &mut dz);
            for (k, dz) in dz.into_iter().enumerate() {
                let difference = (weighted(k, STEP) - weighted(k, -STEP)) / (2.0 * STEP);
                assert!((dz - difference).abs() < 1e-3, "{kind} at {k}: {dz} against {difference}");
            }
        }
    }

    #[test]
    fn only_kinds_that_say_so_need_the_pre_activations() {
        let mut a = [-1.3, -0.4, 0.3, 0.9, 2.1];
        for kind in AnyActivation::ALL.iter().filter(|kind| kind.is_differentiable()) {
            let z = a;
            kind.forward(&mut a);
            let (mut with, mut without) = ([1.0; 5], [1.0; 5]);
            kind.backward(&z, &a, &mut with);
            kind.backward(&[], &a, &mut without);
            let linear = kind.name() == "linear";
            assert_eq!(with != without, kind.needs_pre_activation(), "{kind}");
            assert!(linear || with != [1.0; 5], "{kind} has a slope");
            a = z;
        }
    }

    #[test]
    fn settings_survive_and_impossible_ones_are_refused() {
        for kind in variants() {
            let default = AnyActivation::from_tag(kind.tag()).unwrap();
            assert_eq!(default.with_parameter(kind.parameter()), Some(kind));
            for parameter in [f32::NAN, -1.0] {
                assert_eq!(kind.with_parameter(parameter), None, "{kind}");
            }
        }
        assert_eq!(AnyActivation::from_name("relu").unwrap().with_parameter(0.5), None);
    }

    #[test]
    fn a_name_is_followed_by_the_settings_that_are_not_the_defaults() {
        let leaky = AnyActivation::from_name("leaky_relu").unwrap();
        assert_eq!(leaky.to_string(), "leaky_relu");
        assert_eq!(leaky.with("negative_slope", 0.5).unwrap().to_string(), "leaky_relu,negative_slope=0.5");
    }

    #[test]
    fn every_kind_but_the_perceptron_keeps_nan() {
        for kind in AnyActivation::ALL.iter().filter(|kind| kind.is_differentiable()) {
            let mut z = [f32::NAN];
            kind.forward(&mut z);
            assert!(z[0].is_nan(), "{kind}");
        }
    }

    #[test]
    fn no_activation_of_nothing_fails() {
        for kind in AnyActivation::ALL {
            kind.forward(&mut []);
            kind.backward(&[], &[], &mut []);
        }
    }
}
