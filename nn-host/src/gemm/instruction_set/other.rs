//! No vectors: what other machines have is left to the compiler.

use pulp::WithSimd;

/// There is none.
#[derive(Clone, Copy)]
pub(super) enum Vectors {}

impl Vectors {
    pub(super) const fn name(self) -> &'static str {
        match self {}
    }

    pub(super) fn run<W: WithSimd>(self, _work: W) -> W::Output {
        match self {}
    }
}

/// None.
pub(super) const fn all() -> [Vectors; 0] {
    []
}

/// None.
pub(super) const fn best() -> Option<Vectors> {
    None
}
