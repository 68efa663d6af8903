//! Values that have a constant zero, so that tapes, gradients and optimizer state can start in place.

/// A value with a constant zero.
///
/// ```
/// use nn_core::Zero;
/// assert_eq!(<[f32; 3]>::ZERO, [0.0; 3]);
/// ```
pub trait Zero: Sized + core::fmt::Debug {
    /// The zero of this type.
    const ZERO: Self;
}

impl Zero for () {
    const ZERO: Self = ();
}

impl Zero for f32 {
    const ZERO: Self = 0.0;
}

impl Zero for i8 {
    const ZERO: Self = 0;
}

impl<T: Zero, const N: usize> Zero for [T; N] {
    const ZERO: Self = [const { T::ZERO }; N];
}

impl<A: Zero, B: Zero> Zero for (A, B) {
    const ZERO: Self = (A::ZERO, B::ZERO);
}

impl<A: Zero, B: Zero, C: Zero> Zero for (A, B, C) {
    const ZERO: Self = (A::ZERO, B::ZERO, C::ZERO);
}
