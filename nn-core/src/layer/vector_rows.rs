//! Parameters that are a few vectors as long as the layer is wide: how such rows learn.

use crate::optimizer::{InPlace, Memory, Optimizer, Row, Tensor, Weights};

/// Adds one sample's gradients to the sums.
pub(super) fn accumulate<const N: usize, const ROWS: usize>(g: &[[f32; N]; ROWS], sums: &mut [[f32; N]; ROWS]) {
    let values = sums.as_flattened_mut().iter_mut().zip(g.as_flattened());
    values.for_each(|(sum, &g)| *sum += g);
}

/// Moves the rows along one sample's gradients, with the bits of summing them up from zero first.
pub(super) fn descend<O: InPlace, const N: usize, const ROWS: usize>(
    mut g: [[f32; N]; ROWS],
    first_row: u32,
    w: &mut [[f32; N]; ROWS],
    memory: &mut [Memory<O, N>; ROWS],
    step: &O::Step,
) {
    g.as_flattened_mut().iter_mut().for_each(|g| *g += 0.0); // −0 becomes +0, as in a sum
    each_row(first_row, w, &mut g, memory, |row| O::update_row(step, 1.0, row));
}

/// The vectors with their gradients: each is a tensor of its own.
pub(super) fn each_tensor<const N: usize, const ROWS: usize>(
    w: &mut [[f32; N]; ROWS],
    g: &mut [[f32; N]; ROWS],
    work: &mut impl FnMut(Weights<'_>),
) {
    for (w, g) in w.iter_mut().zip(g) {
        work(Weights { tensor: Tensor::Other, row_length: N, w, g });
    }
}

/// The rows with their gradients and memory, in order; their numbers start at `first_row`.
pub(super) fn each_row<O: Optimizer, const N: usize, const ROWS: usize>(
    first_row: u32,
    w: &mut [[f32; N]; ROWS],
    g: &mut [[f32; N]; ROWS],
    memory: &mut [Memory<O, N>; ROWS],
    mut work: impl FnMut(Row<'_, O>),
) {
    for (number, ((w, g), memory)) in (first_row..).zip(w.iter_mut().zip(g).zip(memory)) {
        work(Row { tensor: Tensor::Other, number, w, g, memory: memory.as_mut() });
    }
}
