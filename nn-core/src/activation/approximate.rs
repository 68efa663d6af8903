//! Activations whose values are approximated at inference; feature `micromath`.
//!
//! They are for chips without a floating point unit, where each operation on floats is a call. Executed instructions for one
//! number, in QEMU:
//!
//! | | Cortex-M3 | approximated | Cortex-M4F | approximated |
//! |---|---|---|---|---|
//! | exponential, softmax | 1,620 | 1,150 | 38 | 91 |
//! | sigmoid | 1,800 | 1,320 | 41 | 94 |
//! | silu | 1,850 | 1,370 | 42 | 95 |
//! | tanh | 2,720 | 1,470 | 47 | 96 |
//! | softplus | 3,360 | 2,170 | 87 | 130 |
//! | mish | 6,060 | 1,540 | 118 | 101 |
//! | gelu | 4,300 | 1,670 | 154 | 102 |
//! | elu, half of the numbers negative | 870 | 650 | 23 | 50 |

use super::{
    Activation, AnyActivation, Elu, Exponential, Gelu, Kind, Mish, Selu, Sigmoid, Silu, Softmax, Softplus, Tanh, selu,
};
use crate::math::approximate;

/// An activation with an approximation that is faster on chips without a floating point unit.
#[diagnostic::on_unimplemented(message = "`{Self}` has no approximation: it is as fast as it can be")]
pub trait Approximable: Kind {
    /// The largest distance of an approximated value from the activation's own: for [`Exponential`] in parts of the value, for
    /// the others as it is.
    const LARGEST_ERROR: f32;

    /// About a = f(z), in place.
    ///
    /// # Shapes
    /// - `z`: `[OUT]`, one sample
    fn approximate(&self, z: &mut [f32]);
}

/// The activation `A`, approximated: for inference alone, from files whose layers have `A`.
///
/// ```
/// use nn_core::activation::{Approximable, Approximate, Sigmoid};
/// use nn_core::layer::{Borrowed, Dense, Layer};
///
/// let (kernel, bias) = ([[1.0]], [-2.0]); // in flash, or read from a file by `load`
/// let exact: Dense<1, 1, Sigmoid, Borrowed<'_>> = Dense::borrowed(&kernel, &bias, Sigmoid);
/// let fast: Dense<1, 1, Approximate<Sigmoid>, Borrowed<'_>> = Dense::borrowed(&kernel, &bias, Approximate(Sigmoid));
/// let [[exact], [fast]] = [exact.predict(&[3.0]), fast.predict(&[3.0])];
/// assert!((exact - fast).abs() < Sigmoid::LARGEST_ERROR);
/// ```
///
/// Training through it does not compile, because a chip that approximates would learn something else than the desktop:
///
/// ```compile_fail,E0277
/// use nn_core::activation::{Approximate, Differentiable, Sigmoid};
/// fn trains(_: impl Differentiable) {}
/// trains(Approximate(Sigmoid));
/// ```
///
/// ```
/// use nn_core::activation::{Differentiable, Sigmoid};
/// fn trains(_: impl Differentiable) {}
/// trains(Sigmoid);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Approximate<A>(pub A);

impl<A: Approximable> Activation for Approximate<A> {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        self.0.approximate(z);
    }

    /// That of the activation itself; nothing trains with it.
    #[inline]
    fn backward(&self, z: &[f32], a: &[f32], d: &mut [f32]) {
        self.0.backward(z, a, d);
    }
}

impl<A: Approximable> Kind for Approximate<A> {
    const DEFAULT: Self = Self(A::DEFAULT);

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl<A: Approximable> From<Approximate<A>> for AnyActivation {
    fn from(Approximate(kind): Approximate<A>) -> Self {
        kind.into()
    }
}

impl<A: Approximable> TryFrom<AnyActivation> for Approximate<A> {
    /// That of `A`: the kind that it is instead.
    type Error = <A as TryFrom<AnyActivation>>::Error;

    fn try_from(any: AnyActivation) -> Result<Self, Self::Error> {
        A::try_from(any).map(Self)
    }
}

/// A row an activation of one number: its largest error, and its approximation.
macro_rules! approximations {
    ($($kind:ident, $error:literal: $z:ident => $value:expr;)+) => {
        $(
            impl Approximable for $kind {
                const LARGEST_ERROR: f32 = $error;

                #[inline]
                fn approximate(&self, z: &mut [f32]) {
                    for a in z {
                        let $z = *a;
                        *a = $value;
                    }
                }
            }
        )+
    };
}

approximations! {
    Sigmoid, 5.4e-4: z => approximate::sigmoid(z);
    Tanh, 1.1e-3: z => approximate::tanh(z);
    Softplus, 8e-4: z => approximate::softplus(z);
    Exponential, 2.4e-3: z => approximate::exp(z);
    Silu, 5.4e-4: z => z * approximate::sigmoid(z);
    Gelu, 5.2e-4: z => gelu(z);
    Mish, 6.4e-4: z => mish(z);
    Elu, 1.2e-3: z => if z > 0.0 { z } else { approximate::exp(z) - 1.0 };
    Selu, 2.2e-3: z => if z > 0.0 { selu::SCALE * z } else { selu::SCALE * selu::ALPHA * (approximate::exp(z) - 1.0) };
}

impl Approximable for Softmax {
    /// a · (1 − a) times the error of the exponential, for any number of outputs.
    const LARGEST_ERROR: f32 = 6e-4;

    #[inline]
    fn approximate(&self, z: &mut [f32]) {
        let largest = z.iter().fold(f32::NEG_INFINITY, |largest, &z| if z > largest { z } else { largest });
        for z in z.iter_mut() {
            *z = approximate::exp(*z - largest);
        }
        let sum = z.iter().fold(0.0, |sum, &e| sum + e);
        for z in z {
            *z /= sum;
        }
    }
}

/// z · σ(√(8/π) · (z + 0.044715 z³)), the form with tanh of Hendrycks and Gimpel, with tanh x = 2σ(2x) − 1.
fn gelu(z: f32) -> f32 {
    z * approximate::sigmoid(1.595_769 * (z + 0.044_715 * z * z * z))
}

/// z · tanh(ln(1 + e)) with e = eᶻ, which is z · n / (n + 2) with n = e · (e + 2).
fn mish(z: f32) -> f32 {
    // Beyond 20 the fraction is 1, long before n overflows.
    let e = approximate::exp(if z > 20.0 { 20.0 } else { z });
    let n = e * (e + 2.0);
    z * (n / (n + 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance of an approximation from the activation itself, at each of these vectors.
    fn largest_error<A: Approximable, const N: usize>(
        kind: A,
        vectors: impl Iterator<Item = [f32; N]>,
        distance: impl Fn(f32, f32) -> f32,
    ) -> f32 {
        let mut largest = 0.0_f32;
        for z in vectors {
            let (mut exact, mut fast) = (z, z);
            kind.forward(&mut exact);
            Approximate(kind).forward(&mut fast);
            for (exact, fast) in exact.into_iter().zip(fast) {
                assert_eq!(exact.is_nan(), fast.is_nan(), "{} of {z:?}", kind.into());
                if exact.is_finite() || exact != fast {
                    largest = largest.max(distance(exact, fast));
                }
            }
        }
        largest
    }

    /// Numbers of all signs and exponents.
    fn numbers() -> impl Iterator<Item = [f32; 1]> {
        (0..=u32::MAX).step_by(997).map(|bits| [f32::from_bits(bits)])
    }

    fn is_as_documented<A: Approximable>(kind: A) {
        let error = largest_error(kind, numbers(), |exact, fast| (exact - fast).abs());
        assert!(error < A::LARGEST_ERROR && error > 0.9 * A::LARGEST_ERROR, "{}: {error}", kind.into());
    }

    #[test]
    fn the_largest_errors_are_those_documented() {
        is_as_documented(Sigmoid);
        is_as_documented(Tanh);
        is_as_documented(Softplus);
        is_as_documented(Silu);
        is_as_documented(Gelu);
        is_as_documented(Mish);
        is_as_documented(Elu);
        is_as_documented(Selu);
    }

    #[test]
    fn the_exponential_keeps_its_largest_error_in_parts_of_the_value() {
        let numbers = numbers().filter(|[z]| z.abs() < 87.0);
        let error = largest_error(Exponential, numbers, |exact, fast| (exact / fast - 1.0).abs());
        assert!(error < Exponential::LARGEST_ERROR && error > 0.9 * Exponential::LARGEST_ERROR, "{error}");
    }

    #[test]
    fn softmax_keeps_its_largest_error_and_adds_up_to_one() {
        let steps = |n| (0..n).map(move |k| 10.0 / n as f32 * k as f32);
        let pairs = steps(500).flat_map(|a| steps(500).map(move |b| [0.0, -a, -b, -a]));
        let error = largest_error(Softmax, pairs, |exact, fast| (exact - fast).abs());
        assert!(error < Softmax::LARGEST_ERROR && error > 0.9 * Softmax::LARGEST_ERROR, "{error}");
        let mut a = [1000.0, 999.0, 3.0, f32::NEG_INFINITY];
        Approximate(Softmax).forward(&mut a);
        assert!((a.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{a:?}");
    }

    #[test]
    fn beyond_the_limits_exponentials_are_zero_infinite_or_nan() {
        let mut a = [87.5, f32::INFINITY, -87.5, f32::NEG_INFINITY, f32::NAN];
        Approximate(Exponential).forward(&mut a);
        assert_eq!(a[..4], [f32::INFINITY, f32::INFINITY, 0.0, 0.0]);
        assert!(a[4].is_nan());
    }

    #[test]
    fn stands_for_the_activation_in_files() {
        let kind = Approximate(Mish);
        assert_eq!(AnyActivation::from(kind), Mish.into());
        assert_eq!(Approximate::<Mish>::try_from(AnyActivation::from(Mish)), Ok(kind));
        assert_eq!(Approximate::<Mish>::try_from(AnyActivation::from(Silu)), Err(Silu.into()));
    }

    #[test]
    fn is_loaded_from_a_file_whose_layer_has_the_activation() {
        use crate::format::{LoadError, Model, Record, Writer, load};
        use crate::layer::{Borrowed, Dense, Layer};

        #[repr(align(16))]
        struct Aligned([u8; 256]);
        let mut buffer = Aligned([0; 256]);
        let mut writer = Writer::new(&mut buffer.0);
        writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Tanh.into() }).unwrap();
        let mut tensors = writer.tensors().unwrap();
        tensors.tensor(&[2.0]).unwrap();
        tensors.tensor(&[0.5]).unwrap();
        let file = Model::parse(tensors.finish().unwrap()).unwrap();
        let network: Dense<1, 1, Approximate<Tanh>, Borrowed<'_>> = load(&file).unwrap();
        assert_eq!(network.predict(&[0.25]), [approximate::tanh(1.0)]);
        let other = load::<Dense<1, 1, Approximate<Sigmoid>>>(&file).unwrap_err();
        assert_eq!(other, LoadError::Activation { layer: 0, found: Tanh.into() });
    }

    #[test]
    fn has_the_derivative_of_the_activation() {
        let (mut exact, mut fast) = ([1.0, 2.0], [1.0, 2.0]);
        Sigmoid.backward(&[], &[0.25, 0.5], &mut exact);
        Approximate(Sigmoid).backward(&[], &[0.25, 0.5], &mut fast);
        assert_eq!(exact, fast);
    }
}
