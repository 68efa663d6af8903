//! The product C += A · B where A is given by what of it is not zero.

use pulp::{Simd, WithSimd};

use super::line::Lines;
use super::lists::{List, Lists, index};
use super::panel::{Columns, Plain, ROWS_WORTH_PACKING, Right, packed};
use super::target::{Added, Target};
use super::tile::add_scaled;

/// A product to be computed.
///
/// # Shapes
/// - `left`: ROWS×DEPTH, `right`: DEPTH×WIDTH, `target`: ROWS×WIDTH
pub(super) struct SparseProduct<'m, L> {
    pub(super) left: L,
    pub(super) right: Plain<'m>,
    pub(super) target: Added<'m>,
    pub(super) memory: &'m mut Lines,
}

impl<'l, L: Lists<'l>> WithSimd for SparseProduct<'_, L> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut first, width) = (0, self.right.width());
        while self.left.samples() < ROWS_WORTH_PACKING && first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                4.. => self.rows::<S, 4>(simd, first),
                2.. => self.rows::<S, 2>(simd, first),
                _ => self.rows::<S, 1>(simd, first),
            };
        }
        while first < width {
            first += match (width - first).div_ceil(S::F32_LANES) {
                8.. => self.panel::<S, 8, 1>(simd, first),
                7 => self.panel::<S, 7, 1>(simd, first),
                6 => self.panel::<S, 6, 1>(simd, first),
                5 => self.panel::<S, 5, 1>(simd, first),
                4 => self.panel::<S, 4, 2>(simd, first),
                3 => self.panel::<S, 3, 2>(simd, first),
                2 => self.panel::<S, 2, 4>(simd, first),
                _ => self.panel::<S, 1, 4>(simd, first),
            };
        }
    }
}

impl<'l, L: Lists<'l>> SparseProduct<'_, L> {
    /// Some columns from this one on, row after row without packing; says how many.
    #[inline(always)]
    fn rows<S: Simd, const VECTORS: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        for row in 0..self.left.samples() {
            let mut sums = self.target.start::<S, VECTORS>(simd, row, columns);
            let (places, values) = self.left.list(row);
            for (&place, &a) in places.iter().zip(values) {
                add_scaled(
                    simd,
                    self.left.number(a),
                    &self.right.row::<S, VECTORS>(simd, index(place), columns),
                    &mut sums,
                );
            }
            self.target.end(simd, row, columns, sums);
        }
        columns.count
    }

    /// One panel from this column on; says how many columns it has. Some rows pass side by side, because each alone waits
    /// for one sum after the other.
    #[inline(always)]
    fn panel<S: Simd, const VECTORS: usize, const LANES: usize>(&mut self, simd: S, first: usize) -> usize {
        let columns = Columns::of_panel::<S, VECTORS>(first, self.right.width());
        let panel = packed::<S, _, VECTORS>(simd, self.right, columns, self.memory);
        let (left, target) = (self.left, &mut self.target);
        const { assert!(LANES <= ROWS_WORTH_PACKING, "there are as many rows wherever panels are packed") };
        let mut lanes = core::array::from_fn(|row| Lane::start(simd, (left, row), target, columns));
        let mut next = LANES;
        while next < left.samples() {
            add_heads::<S, L, LANES, VECTORS>(simd, left, panel, &mut lanes);
            for lane in &mut lanes {
                if lane.places.is_empty() && next < left.samples() {
                    target.end(simd, lane.row, columns, lane.sums);
                    *lane = Lane::start(simd, (left, next), target, columns);
                    next += 1;
                }
            }
        }
        for lane in lanes {
            lane.finish(simd, (left, panel), target, columns);
        }
        columns.count
    }
}

/// A row of the product under way.
#[derive(Clone, Copy)]
struct Lane<'l, S: Simd, L: Lists<'l>, const VECTORS: usize> {
    row: usize,
    /// What is still to be added.
    places: &'l [L::Place],
    values: &'l [L::Value],
    sums: [S::f32s; VECTORS],
}

impl<'l, S: Simd, L: Lists<'l>, const VECTORS: usize> Lane<'l, S, L, VECTORS> {
    #[inline(always)]
    fn start(simd: S, (left, row): (L, usize), target: &Added<'_>, columns: Columns) -> Self {
        let (places, values) = left.list(row);
        Self { row, places, values, sums: target.start(simd, row, columns) }
    }

    /// Adds the rest of the row.
    #[inline(always)]
    fn finish(mut self, simd: S, (left, panel): (L, &[[S::f32s; VECTORS]]), target: &mut Added<'_>, columns: Columns) {
        for (&place, &a) in self.places.iter().zip(self.values) {
            add_scaled(simd, left.number(a), &panel[index(place)], &mut self.sums);
        }
        target.end(simd, self.row, columns, self.sums);
    }
}

/// Adds as much of each row as the shortest has left.
#[inline(always)]
fn add_heads<'l, S: Simd, L: Lists<'l>, const LANES: usize, const VECTORS: usize>(
    simd: S,
    left: L,
    panel: &[[S::f32s; VECTORS]],
    lanes: &mut [Lane<'l, S, L, VECTORS>; LANES],
) {
    let mut count = usize::MAX;
    for lane in &*lanes {
        count = count.min(lane.places.len()).min(lane.values.len());
    }
    let mut heads: [List<'l, L>; LANES] = [(&[], &[]); LANES];
    for (lane, (places, values)) in lanes.iter_mut().zip(&mut heads) {
        (*places, lane.places) = lane.places.split_at(count);
        (*values, lane.values) = lane.values.split_at(count);
    }
    let mut sums = [[simd.splat_f32s(0.0); VECTORS]; LANES];
    for (lane, sums) in lanes.iter().zip(&mut sums) {
        *sums = lane.sums;
    }
    for i in 0..count {
        for ((places, values), sums) in heads.iter().zip(&mut sums) {
            add_scaled(simd, left.number(values[i]), &panel[index(places[i])], sums);
        }
    }
    for (lane, sums) in lanes.iter_mut().zip(sums) {
        lane.sums = sums;
    }
}
