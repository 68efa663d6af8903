//! The left factor A of a product, by rows or by columns.

/// The left factor, of which a tile takes some rows.
pub(super) trait Left: Copy {
    /// Some rows.
    type Rows<'r, const ROWS: usize>: Copy
    where
        Self: 'r;

    /// `ROWS` rows from this one on, of so many columns.
    fn rows<const ROWS: usize>(&self, row: usize, columns: usize) -> Self::Rows<'_, ROWS>;

    /// A column of these rows, one of those that were asked for.
    fn column<const ROWS: usize>(rows: Self::Rows<'_, ROWS>, column: usize) -> [f32; ROWS];
}

/// Row after row.
///
/// # Shapes
/// - `values`: `[ROWS][length]`
#[derive(Clone, Copy, Debug)]
pub(super) struct ByRows<'a> {
    pub(super) values: &'a [f32],
    pub(super) length: usize,
}

impl Left for ByRows<'_> {
    type Rows<'r, const ROWS: usize>
        = [&'r [f32]; ROWS]
    where
        Self: 'r;

    #[inline(always)]
    fn rows<const ROWS: usize>(&self, row: usize, columns: usize) -> [&[f32]; ROWS] {
        core::array::from_fn(|i| &self.values[(row + i) * self.length..][..columns])
    }

    #[inline(always)]
    fn column<const ROWS: usize>(rows: [&[f32]; ROWS], column: usize) -> [f32; ROWS] {
        rows.map(|row| row[column])
    }
}

/// Column after column.
///
/// # Shapes
/// - `values`: `[COLUMNS][length]`, of which the rows from the first of `values` on are the factor
#[derive(Clone, Copy, Debug)]
pub(super) struct ByColumns<'a> {
    pub(super) values: &'a [f32],
    pub(super) length: usize,
}

impl Left for ByColumns<'_> {
    type Rows<'r, const ROWS: usize>
        = (&'r [f32], usize)
    where
        Self: 'r;

    #[inline(always)]
    fn rows<const ROWS: usize>(&self, row: usize, _columns: usize) -> (&[f32], usize) {
        (self.values.get(row..).unwrap_or_default(), self.length)
    }

    #[inline(always)]
    fn column<const ROWS: usize>((values, length): (&[f32], usize), column: usize) -> [f32; ROWS] {
        let values = &values[column * length..][..ROWS];
        core::array::from_fn(|i| values[i])
    }
}
