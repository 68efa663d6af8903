//! The product C += A · B where every number of A counts, panel after panel of B, tile after tile of C.

use pulp::{Simd, WithSimd};

use super::left::Left;
use super::line::Lines;
use super::panel::{Columns, ROWS_WORTH_PACKING, Right, packed};
use super::target::Target;
use super::tile::{add_product, add_scaled};

/// Rows of a tile: with the vectors of a panel they fill the registers, and each has a sum of its own in flight.
const TILE_ROWS: usize = 6;

/// A product to be computed.
///
/// # Shapes
/// - `left`: rows×DEPTH, `right`: DEPTH×WIDTH, `target`: rows×WIDTH
pub(super) struct Product<'m, L, R, T> {
    pub(super) rows: usize,
    pub(super) left: L,
    pub(super) right: R,
    pub(super) target: T,
    pub(super) memory: &'m mut Lines,
}

impl<L: Left, R: Right, T: Target> WithSimd for Product<'_, L, R, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut first, width) = (0, self.right.width());
        while self.rows < ROWS_WORTH_PACKING && first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                4.. => self.rows::<S, 4>(simd, first),
                2.. => self.rows::<S, 2>(simd, first),
                _ => self.rows::<S, 1>(simd, first),
            };
        }
        while first < width {
            let has_many_registers = S::REGISTER_COUNT >= 32;
            first += match (width - first).div_ceil(S::F32_LANES) {
                4.. if has_many_registers => self.panel::<S, 4>(simd, first),
                2.. => self.panel::<S, 2>(simd, first),
                _ => self.panel::<S, 1>(simd, first),
            };
        }
    }
}

impl<L: Left, R: Right, T: Target> Product<'_, L, R, T> {
    /// Some columns from this one on, row after row without packing; says how many.
    #[inline(always)]
    fn rows<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        for row in 0..self.rows {
            let mut sums = self.target.start::<S, VECTORS>(simd, row, columns);
            let left = self.left.rows::<1>(row, self.right.depth());
            for depth in 0..self.right.depth() {
                let [a] = L::column::<1>(left, depth);
                add_scaled(simd, a, &self.right.row::<S, VECTORS>(simd, depth, columns), &mut sums);
            }
            self.target.end(simd, row, columns, sums);
        }
        columns.count
    }

    /// One panel from this column on; says how many columns it has.
    #[inline(always)]
    fn panel<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        let panel = packed::<S, R, VECTORS>(simd, self.right, columns, self.memory);
        let (left, target) = (self.left, &mut self.target);
        let whole = self.rows - self.rows % TILE_ROWS;
        for row in (0..whole).step_by(TILE_ROWS) {
            tile::<S, L, T, TILE_ROWS, VECTORS>(simd, (left, row), panel, (target, columns));
        }
        for row in whole..self.rows {
            tile::<S, L, T, 1, VECTORS>(simd, (left, row), panel, (target, columns));
        }
        columns.count
    }
}

/// One tile, from this row on.
#[inline(always)]
fn tile<S: Simd, L: Left, T: Target, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    (left, row): (L, usize),
    panel: &[[S::f32s; VECTORS]],
    (target, columns): (&mut T, Columns),
) {
    let start = core::array::from_fn(|i| target.start::<S, VECTORS>(simd, row + i, columns));
    let sums = add_product::<S, L, ROWS, VECTORS>(simd, left.rows::<ROWS>(row, panel.len()), panel, start);
    for (i, sums) in sums.into_iter().enumerate() {
        target.end(simd, row + i, columns, sums);
    }
}
