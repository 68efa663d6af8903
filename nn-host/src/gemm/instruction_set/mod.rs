//! The instruction sets that products can be computed with; all give the same bits.

use core::fmt;

use pulp::{Scalar, Simd, WithSimd};

#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), path = "other.rs")]
mod vectors;

use vectors::Vectors;

/// An instruction set that this machine has.
///
/// ```
/// use nn_host::gemm::InstructionSet;
///
/// let sets = InstructionSet::all(); // the last is the best
/// assert_eq!((sets[0].name(), sets.last().copied()), ("scalar", Some(InstructionSet::best())));
/// assert_eq!(InstructionSet::named("scalar"), Some(sets[0]));
/// ```
#[derive(Clone, Copy)]
pub struct InstructionSet(Option<Vectors>);

impl InstructionSet {
    /// All that this machine has, the best last.
    #[must_use]
    pub fn all() -> Vec<Self> {
        core::iter::once(Self(None)).chain(vectors::all().into_iter().map(|vectors| Self(Some(vectors)))).collect()
    }

    /// The best that this machine has.
    #[must_use]
    pub fn best() -> Self {
        Self(vectors::best())
    }

    /// The one with this name, if this machine has it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|set| set.name() == name)
    }

    /// Its name: `scalar`, `sse4.2`, `avx2`, `avx512` or `neon`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.map_or("scalar", Vectors::name)
    }

    /// Does work with it.
    #[inline]
    pub(crate) fn run<W: WithSimd>(self, work: W) -> W::Output {
        match self.0 {
            Some(vectors) => vectors.run(work),
            None => Simd::vectorize(Scalar, work),
        }
    }
}

impl PartialEq for InstructionSet {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for InstructionSet {}

impl Default for InstructionSet {
    fn default() -> Self {
        Self::best()
    }
}

impl fmt::Debug for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
