//! Vectors of 64-bit Arm: 4 numbers.

use pulp::aarch64::Neon;
use pulp::{Simd, WithSimd};

/// A set that the machine was asked for and has.
#[derive(Clone, Copy)]
pub(super) struct Vectors(Neon);

impl Vectors {
    pub(super) const fn name(self) -> &'static str {
        "neon"
    }

    #[inline]
    pub(super) fn run<W: WithSimd>(self, work: W) -> W::Output {
        Simd::vectorize(self.0, work)
    }
}

/// All that the machine has.
pub(super) fn all() -> Vec<Vectors> {
    best().into_iter().collect()
}

/// The best that the machine has.
pub(super) fn best() -> Option<Vectors> {
    Neon::try_new().map(Vectors)
}
