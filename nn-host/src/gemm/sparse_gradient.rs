//! The gradient by a kernel, dw += Σ x ⊗ dz over the samples in order, where x is given by what of it is not zero:
//! row after row, from lists that are turned around.

use pulp::{Simd, WithSimd};

use super::line::Lines;
use super::panel::{Columns, Plain, Right, packed};
use super::tile::{add_scaled, load, store};
use super::turned_lists::TurnedLists;

/// Rows of a gradient to be summed up.
///
/// # Shapes
/// - `x`: lists of samples, `dz`: SAMPLES×COLUMNS, `dw`: `[ROWS][COLUMNS]`, those of the inputs from `first_row` on
pub(super) struct SparseGradient<'m> {
    pub(super) x: &'m TurnedLists,
    pub(super) first_row: usize,
    pub(super) dz: Plain<'m>,
    pub(super) dw: &'m mut [f32],
    pub(super) memory: &'m mut Lines,
}

impl WithSimd for SparseGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut first, width) = (0, self.dz.width());
        while first < width {
            // As few panels as there can be: each reads all lists, and waits at the end of each.
            first += match (width - first).div_ceil(S::F32_LANES) {
                8.. => self.panel::<S, 4>(simd, first),
                7 => self.panel::<S, 7>(simd, first),
                6 => self.panel::<S, 6>(simd, first),
                5 => self.panel::<S, 5>(simd, first),
                4 => self.panel::<S, 4>(simd, first),
                3 => self.panel::<S, 3>(simd, first),
                2 => self.panel::<S, 2>(simd, first),
                _ => self.panel::<S, 1>(simd, first),
            };
        }
    }
}

impl SparseGradient<'_> {
    /// Some columns of all rows, of each while it is in registers; says how many columns.
    #[inline(always)]
    fn panel<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.dz.width());
        let dz = packed::<S, _, VECTORS>(simd, self.dz, columns, self.memory);
        for (list, row) in self.x.lists(self.first_row).zip(self.dw.chunks_exact_mut(self.dz.width())) {
            if !list.is_empty() {
                let row = columns.of_mut(row);
                let mut sums = load::<S, VECTORS>(simd, row);
                for entry in list {
                    add_scaled(simd, entry.value, &dz[entry.sample as usize], &mut sums);
                }
                store(simd, sums, row);
            }
        }
        columns.count
    }
}
