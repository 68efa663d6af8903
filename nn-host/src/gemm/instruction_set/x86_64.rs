//! Vectors of x86-64: 4, 8 or 16 numbers.

use pulp::x86::{V2, V3, V4};
use pulp::{Simd, WithSimd};

/// A set that the machine was asked for and has.
#[derive(Clone, Copy)]
pub(super) enum Vectors {
    Sse(V2),
    Avx2(V3),
    Avx512(V4),
}

impl Vectors {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sse(_) => "sse4.2",
            Self::Avx2(_) => "avx2",
            Self::Avx512(_) => "avx512",
        }
    }

    #[inline]
    pub(super) fn run<W: WithSimd>(self, work: W) -> W::Output {
        match self {
            Self::Sse(simd) => Simd::vectorize(simd, work),
            Self::Avx2(simd) => Simd::vectorize(simd, work),
            Self::Avx512(simd) => Simd::vectorize(simd, work),
        }
    }
}

/// All that the machine has, the best last.
pub(super) fn all() -> Vec<Vectors> {
    let sets = [V2::try_new().map(Vectors::Sse), V3::try_new().map(Vectors::Avx2), V4::try_new().map(Vectors::Avx512)];
    sets.into_iter().flatten().collect()
}

/// The best that the machine has.
pub(super) fn best() -> Option<Vectors> {
    let avx = || V3::try_new().map(Vectors::Avx2);
    V4::try_new().map(Vectors::Avx512).or_else(avx).or_else(|| V2::try_new().map(Vectors::Sse))
}
