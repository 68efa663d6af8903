//! The gradient by a narrow kernel, dw += Σ x ⊗ dz over the samples in order, where x is given by what of it is not zero:
//! sample after sample, because short rows are not worth turning the lists around for.

use pulp::{Simd, WithSimd};

use super::Errors;
use super::line::Lines;
use super::lists::{List, Lists, index};
use super::panel::{Columns, Plain, Right};
use super::tile::{add_scaled, load, store};

/// Rows of a gradient to be summed up.
///
/// # Shapes
/// - `x`: SAMPLES×IN, `dw`: `[ROWS][COLUMNS]`, those of the inputs from `first_row` on
pub(super) struct ScatteredGradient<'m, L> {
    pub(super) x: L,
    pub(super) first_row: usize,
    pub(super) dz: Errors<'m>,
    pub(super) dw: &'m mut [f32],
    pub(super) memory: &'m mut Lines,
}

impl<'l, L: Lists<'l>> WithSimd for ScatteredGradient<'_, L> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut first, width) = (0, self.dz.columns.len());
        while first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                2.. => self.panel::<S, 2>(simd, first),
                _ => self.panel::<S, 1>(simd, first),
            };
        }
    }
}

impl<'l, L: Lists<'l>> ScatteredGradient<'_, L> {
    /// Some columns of all rows, which stand in the cache without gaps meanwhile; says how many columns.
    #[inline(always)]
    fn panel<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let width = self.dz.columns.len();
        let columns = Columns::of_panel::<S, VECTORS>(first, width);
        let rows = self.dw.len() / width;
        let block = self.memory.numbers(rows * VECTORS * S::F32_LANES);
        let sums = S::as_mut_simd_f32s(block).0.as_chunks_mut::<VECTORS>().0;
        Plain::new(self.dw, width).pack(simd, columns, sums);
        for (sample, dz) in self.dz.clone().samples().enumerate() {
            let dz = load::<S, VECTORS>(simd, columns.of(dz));
            add_sample(simd, (self.x, self.x.list(sample), self.first_row), &dz, sums);
        }
        for (&sums, row) in sums.iter().zip(self.dw.chunks_exact_mut(width)) {
            store(simd, sums, columns.of_mut(row));
        }
        columns.count
    }
}

/// Adds one sample's gradient to rows from the first on.
#[inline(always)]
fn add_sample<'l, S: Simd, L: Lists<'l>, const VECTORS: usize>(
    simd: S,
    (lists, (places, values), first_row): (L, List<'l, L>, usize),
    dz: &[S::f32s; VECTORS],
    sums: &mut [[S::f32s; VECTORS]],
) {
    let from = places.partition_point(|&place| index(place) < first_row);
    for (&place, &x) in places[from..].iter().zip(&values[from..]) {
        let Some(sums) = sums.get_mut(index(place) - first_row) else { return };
        add_scaled(simd, lists.number(x), dz, sums);
    }
}
