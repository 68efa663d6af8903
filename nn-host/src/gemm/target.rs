//! Where the sums of a product start, and where they go.

use pulp::Simd;

use super::panel::Columns;
use super::tile::{load, store};

/// The product C, of which a tile takes some columns of a row.
pub(super) trait Target {
    /// What the sums start from.
    fn start<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS];

    /// Takes over the sums.
    fn end<S: Simd, const VECTORS: usize>(&mut self, simd: S, row: usize, columns: Columns, sums: [S::f32s; VECTORS]);
}

/// Sums that are added to what is there.
///
/// # Shapes
/// - `values`: `[ROWS][width]`
#[derive(Debug)]
pub(super) struct Added<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) width: usize,
}

impl Target for Added<'_> {
    #[inline(always)]
    fn start<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS] {
        load(simd, columns.of(&self.values[row * self.width..]))
    }

    #[inline(always)]
    fn end<S: Simd, const VECTORS: usize>(&mut self, simd: S, row: usize, columns: Columns, sums: [S::f32s; VECTORS]) {
        store(simd, sums, columns.of_mut(&mut self.values[row * self.width..]));
    }
}

/// Sums that are added to what is there, turned: a row of the product is a column of the values.
///
/// # Shapes
/// - `values`: `[WIDTH][rows]`
#[derive(Debug)]
pub(super) struct AddedTurned<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) rows: usize,
}

impl Target for AddedTurned<'_> {
    #[inline(always)]
    fn start<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS] {
        let mut sums = [simd.splat_f32s(0.0); VECTORS];
        let values = self.values[columns.first * self.rows + row..].iter().step_by(self.rows);
        let numbers: &mut [f32] = bytemuck::cast_slice_mut(&mut sums);
        numbers[..columns.count].iter_mut().zip(values).for_each(|(sum, &value)| *sum = value);
        sums
    }

    #[inline(always)]
    fn end<S: Simd, const VECTORS: usize>(&mut self, _simd: S, row: usize, columns: Columns, sums: [S::f32s; VECTORS]) {
        let values = self.values[columns.first * self.rows + row..].iter_mut().step_by(self.rows);
        let numbers: &[f32] = bytemuck::cast_slice(&sums);
        values.zip(&numbers[..columns.count]).for_each(|(value, &sum)| *value = sum);
    }
}
