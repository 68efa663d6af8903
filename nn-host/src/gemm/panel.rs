//! Panels of the right factor B: some vectors of columns, row after row without gaps.

use pulp::Simd;

use super::Errors;
use super::line::Lines;
use super::tile::load;

/// Rows of the left factor with which packing the right one is worth it.
pub(super) const ROWS_WORTH_PACKING: usize = 4;

/// Columns that a panel holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Columns {
    /// Those of a panel of `VECTORS` vectors from `first` on, where B has `width` columns.
    pub(super) fn of_panel<S: Simd, const VECTORS: usize>(first: usize, width: usize) -> Self {
        Self { first, count: (VECTORS * S::F32_LANES).min(width - first) }
    }

    /// These columns of a row.
    #[inline(always)]
    pub(super) fn of(self, row: &[f32]) -> &[f32] {
        &row[self.first..][..self.count]
    }

    /// These columns of a row, to be changed.
    #[inline(always)]
    pub(super) fn of_mut(self, row: &mut [f32]) -> &mut [f32] {
        &mut row[self.first..][..self.count]
    }
}

/// The right factor, from which panels are packed.
pub(super) trait Right: Copy {
    /// Its rows.
    fn depth(&self) -> usize;

    /// Its columns.
    fn width(&self) -> usize;

    /// Packs some columns; what is beyond the last may be anything.
    ///
    /// # Shapes
    /// - `panel`: `[DEPTH][VECTORS]`
    fn pack<S: Simd, const VECTORS: usize>(&self, simd: S, columns: Columns, panel: &mut [[S::f32s; VECTORS]]);

    /// Some columns of a row as they are, where packing is not worth it; what is beyond the last may be anything.
    fn row<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS];
}

/// The panel of some columns.
#[inline(always)]
pub(super) fn packed<S: Simd, R: Right, const VECTORS: usize>(
    simd: S,
    right: R,
    columns: Columns,
    memory: &mut Lines,
) -> &[[S::f32s; VECTORS]] {
    let panel = memory.numbers(right.depth() * VECTORS * S::F32_LANES);
    let panel = S::as_mut_simd_f32s(panel).0.as_chunks_mut::<VECTORS>().0;
    right.pack(simd, columns, panel);
    panel
}

/// Row after row, of which some columns count.
///
/// # Shapes
/// - `values`: `[DEPTH][stride]`, from the first column that counts on
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain<'a> {
    values: &'a [f32],
    stride: usize,
    width: usize,
}

impl<'a> Plain<'a> {
    /// All columns.
    ///
    /// # Shapes
    /// - `values`: `[DEPTH][width]`
    pub(super) const fn new(values: &'a [f32], width: usize) -> Self {
        Self { values, stride: width, width }
    }
}

impl<'a> From<Errors<'a>> for Plain<'a> {
    fn from(Errors { values, outputs, columns }: Errors<'a>) -> Self {
        Self { values: values.get(columns.start..).unwrap_or_default(), stride: outputs, width: columns.len() }
    }
}

impl Right for Plain<'_> {
    fn depth(&self) -> usize {
        self.values.len().div_ceil(self.stride.max(1))
    }

    fn width(&self) -> usize {
        self.width
    }

    #[inline(always)]
    fn pack<S: Simd, const VECTORS: usize>(&self, simd: S, columns: Columns, panel: &mut [[S::f32s; VECTORS]]) {
        // Loops, not closures, which would be compiled without the instruction set.
        for (row, to) in panel.iter_mut().enumerate() {
            *to = self.row(simd, row, columns);
        }
    }

    #[inline(always)]
    fn row<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS] {
        // What follows the columns is of no account, so whole vectors are loaded wherever there are as many numbers.
        let from = &self.values[row * self.stride + columns.first..];
        match S::as_simd_f32s(from).0.first_chunk() {
            Some(vectors) => *vectors,
            None => load(simd, from.get(..columns.count).unwrap_or(from)),
        }
    }
}

/// Column after column.
///
/// # Shapes
/// - `values`: `[WIDTH][depth]`
#[derive(Clone, Copy, Debug)]
pub(super) struct Turned<'a> {
    pub(super) values: &'a [f32],
    pub(super) depth: usize,
}

impl Right for Turned<'_> {
    fn depth(&self) -> usize {
        self.depth
    }

    fn width(&self) -> usize {
        self.values.len() / self.depth.max(1)
    }

    #[inline(always)]
    fn pack<S: Simd, const VECTORS: usize>(&self, _simd: S, columns: Columns, panel: &mut [[S::f32s; VECTORS]]) {
        let padded = VECTORS * S::F32_LANES;
        let numbers: &mut [f32] = bytemuck::cast_slice_mut(panel.as_flattened_mut());
        let values = self.values.chunks_exact(self.depth).skip(columns.first).take(columns.count);
        for (packed, column) in values.enumerate() {
            for (&value, to) in column.iter().zip(numbers.chunks_exact_mut(padded)) {
                to[packed] = value;
            }
        }
    }

    #[inline(always)]
    fn row<S: Simd, const VECTORS: usize>(&self, simd: S, row: usize, columns: Columns) -> [S::f32s; VECTORS] {
        let mut vectors = [simd.splat_f32s(0.0); VECTORS];
        let values = self.values[columns.first * self.depth + row..].iter().step_by(self.depth);
        let numbers: &mut [f32] = bytemuck::cast_slice_mut(&mut vectors);
        numbers[..columns.count].iter_mut().zip(values).for_each(|(number, &value)| *number = value);
        vectors
    }
}
