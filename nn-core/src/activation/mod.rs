//! Activation functions, one file each, value beside derivative; the table below is the list of them.

mod identity;
mod relu;
mod sigmoid;
mod softmax;

pub use identity::Identity;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use softmax::Softmax;

use crate::table::table;

/// What a layer does to its pre-activations z to get its activations a.
pub trait Activation {
    /// a = f(z), in place.
    ///
    /// # Shapes
    /// - `z`: `[OUT]`, one sample
    fn forward(&self, z: &mut [f32]);

    /// dz = (∂a/∂z)ᵀ · da, in place, from the activations alone.
    ///
    /// # Shapes
    /// - `a`, `d`: `[OUT]`, one sample; `d` holds da before and dz after
    fn backward(&self, a: &[f32], d: &mut [f32]);
}

/// An activation that a typed layer can carry.
pub trait Kind: Activation + Copy + Into<AnyActivation> + TryFrom<AnyActivation> {}

impl<A: Activation + Copy + Into<AnyActivation> + TryFrom<AnyActivation>> Kind for A {}

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
    }
}

impl Activation for AnyActivation {
    fn forward(&self, z: &mut [f32]) {
        self.kind().forward(z);
    }

    fn backward(&self, a: &[f32], d: &mut [f32]) {
        self.kind().backward(a, d);
    }
}

#[cfg(test)]
mod tests {
    use super::{Activation, AnyActivation};

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
        for kind in AnyActivation::ALL {
            let weighted = |k: usize, step: f32| {
                let mut a = z;
                a[k] += step;
                kind.forward(&mut a);
                a.iter().zip(da).map(|(a, da)| a * da).sum::<f32>()
            };
            let mut a = z;
            kind.forward(&mut a);
            let mut dz = da;
            kind.backward(&a, &mut dz);
            for (k, dz) in dz.into_iter().enumerate() {
                let difference = (weighted(k, STEP) - weighted(k, -STEP)) / (2.0 * STEP);
                assert!((dz - difference).abs() < 1e-3, "{kind} at {k}: {dz} against {difference}");
            }
        }
    }

    #[test]
    fn no_activation_of_nothing_fails() {
        for kind in AnyActivation::ALL {
            kind.forward(&mut []);
            kind.backward(&[], &mut []);
        }
    }
}
