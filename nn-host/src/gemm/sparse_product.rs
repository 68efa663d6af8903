//! The product C += A · B where A is given by what of it is not zero.

use pulp::{Simd, WithSimd};

use super::Nonzeros;
use super::line::Lines;
use super::panel::{Columns, Plain, ROWS_WORTH_PACKING, Right, packed};
use super::target::{Added, Target};
use super::tile::add_scaled;

/// A product to be computed.
///
/// # Shapes
/// - `left`: ROWS×DEPTH, `right`: DEPTH×WIDTH, `target`: ROWS×WIDTH
pub(super) struct SparseProduct<'m> {
    pub(super) left: &'m Nonzeros,
    pub(super) right: Plain<'m>,
    pub(super) target: Added<'m>,
    pub(super) memory: &'m mut Lines,
}

impl WithSimd for SparseProduct<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut first, width) = (0, self.right.width());
        while self.left.len() < ROWS_WORTH_PACKING && first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                4.. => self.rows::<S, 4>(simd, first),
                2.. => self.rows::<S, 2>(simd, first),
                _ => self.rows::<S, 1>(simd, first),
            };
        }
        while first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                8.. => self.panel::<S, 8>(simd, first),
                4.. => self.panel::<S, 4>(simd, first),
                2.. => self.panel::<S, 2>(simd, first),
                _ => self.panel::<S, 1>(simd, first),
            };
        }
    }
}

impl SparseProduct<'_> {
    /// Some columns from this one on, row after row without packing; says how many.
    #[inline(always)]
    fn rows<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        for row in 0..self.left.len() {
            let mut sums = self.target.start::<S, VECTORS>(simd, row, columns);
            let (places, values) = self.left.sample(row);
            for (&place, &a) in places.iter().zip(values) {
                add_scaled(simd, a, &self.right.row::<S, VECTORS>(simd, place as usize, columns), &mut sums);
            }
            self.target.end(simd, row, columns, sums);
        }
        columns.count
    }

    /// One panel from this column on; says how many columns it has.
    #[inline(always)]
    fn panel<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        let panel = packed::<S, _, VECTORS>(simd, self.right, columns, self.memory);
        for row in 0..self.left.len() {
            let mut sums = self.target.start::<S, VECTORS>(simd, row, columns);
            let (places, values) = self.left.sample(row);
            for (&place, &a) in places.iter().zip(values) {
                add_scaled(simd, a, &panel[place as usize], &mut sums);
            }
            self.target.end(simd, row, columns, sums);
        }
        columns.count
    }
}
