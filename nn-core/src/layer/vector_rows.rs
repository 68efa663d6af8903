//! Parameters that are a few vectors as long as the layer is wide: how such rows learn.

use crate::optimizer::{InPlace, Memory, Optimizer, Row, Tensor, Weights};

/// The methods of [`Trainable`](super::Trainable) by which such rows learn, from the field that holds them and what
/// adds one sample's gradients to sums.
macro_rules! learns {
    ($parameters:ident, |$layer:ident, $x:ident, $d:ident, $sums:pat_param| $add:expr) => {
        fn accumulate<U: Presence>(
            &mut self,
            mut learn: $crate::layer::Learn<'_, Self>,
            _tape: &mut (),
            gradients: &mut $crate::layer::Gradients<Self>,
        ) {
            let Some($sums) = S::Learning::get_mut(gradients) else { return };
            learn.scale_error();
            let ($layer, $x, $d) = (self, learn.x, &*learn.d);
            $add;
        }

        fn descend<U: Presence, O: $crate::optimizer::InPlace>(
            &mut self,
            mut learn: $crate::layer::Learn<'_, Self>,
            _tape: &mut (),
            step: &O::Step,
            state: &mut $crate::layer::State<Self, O>,
        ) {
            let Some(memory) = S::Learning::get_mut(state) else { return };
            learn.scale_error();
            let ($layer, $x, $d) = (&mut *self, learn.x, &*learn.d);
            let mut g = [[0.0; UNITS]; _];
            let $sums = &mut g;
            $add;
            let Some(w) = S::get_mut(&mut self.$parameters) else { return };
            vector_rows::descend::<O, _, _>(g, learn.first_row, w, memory, step);
        }

        fn each_tensor(
            &mut self,
            gradients: &mut $crate::layer::Gradients<Self>,
            work: &mut impl FnMut($crate::optimizer::Weights<'_>),
        ) {
            if let (Some(w), Some(g)) = (S::get_mut(&mut self.$parameters), S::Learning::get_mut(gradients)) {
                vector_rows::each_tensor(w, g, work);
            }
        }

        fn each_row<O: $crate::optimizer::Optimizer>(
            &mut self,
            first_row: u32,
            gradients: &mut $crate::layer::Gradients<Self>,
            state: &mut $crate::layer::State<Self, O>,
            work: &mut impl FnMut($crate::optimizer::Row<'_, O>),
        ) {
            let (Some(g), Some(memory)) = (S::Learning::get_mut(gradients), S::Learning::get_mut(state)) else {
                return;
            };
            let Some(w) = S::get_mut(&mut self.$parameters) else { return };
            vector_rows::each_row(first_row, w, g, memory, work);
        }
    };
}

pub(super) use learns;

/// Moves the rows along one sample's gradients, which are sums from zero as those of a batch are.
pub(super) fn descend<O: InPlace, const N: usize, const ROWS: usize>(
    mut g: [[f32; N]; ROWS],
    first_row: u32,
    w: &mut [[f32; N]; ROWS],
    memory: &mut [Memory<O, N>; ROWS],
    step: &O::Step,
) {
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
