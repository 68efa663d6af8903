//! Products of matrices that keep nn-core's order of summation, at the speed of the machine.
//!
//! Every output's sum runs in index order with each product and each sum rounded by itself. Vector lanes, register tiles
//! and threads split outputs, never a sum, so the bits are those of nn-core's kernels for one sample, whatever the
//! instruction set, the number of threads and the shape.
//!
//! All products have one form, C += A · B, with the lanes over the columns of C:
//!
//! | product | A | B | C |
//! |---|---|---|---|
//! | z = b + x · W | x, a sample a row | W | z, a sample a row |
//! | dW = Σ x ⊗ dz | x, turned | dz, a sample a row | dW |
//! | dx = W · dz | W | dz, turned | dx, turned |
//!
//! B is packed into panels that a register tile reads from front to back (`panel.rs`); a tile of C stays in registers while
//! A and the panel pass by (`tile.rs`). Where most of A is zero, lists of what is not take its place ([`Nonzeros`]): terms
//! that are zero change no bit, because a sum that starts at +0 never becomes −0.

#![expect(clippy::indexing_slicing, reason = "loops over tiles, whose bounds are those of the shapes; tests try all")]

mod byte_lists;
mod engine;
mod instruction_set;
mod left;
mod line;
mod lists;
mod nonzeros;
mod outer_product;
mod panel;
mod product;
mod scattered_gradient;
mod sparse_gradient;
mod sparse_product;
mod target;
mod tile;
mod turned_lists;

pub use byte_lists::{ByteLists, SomeByteLists};
pub use engine::{Engine, Errors, Samples};
pub use instruction_set::InstructionSet;
pub use nonzeros::Nonzeros;
pub use turned_lists::TurnedLists;

#[cfg(test)]
mod tests;
