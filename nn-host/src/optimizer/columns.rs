//! A kernel whose columns are shared out among threads, for the time of some steps.

use core::ops::Range;

/// Into how many parts the columns of a kernel are split: part after part stands in memory, each `[IN][columns]`, so that
/// one thread computes with it, moves it, and never waits for what another thread has read or written.
///
/// ```text
/// whole, 2 rows of 3:   a b c | d e f
/// split into 2 parts:   a | d      b c | e f
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnSplit {
    /// Values of a row of the kernel, one a column.
    pub(crate) row_length: usize,
    /// The number of parts.
    pub(crate) parts: usize,
}

impl ColumnSplit {
    /// The columns of a part.
    pub(crate) const fn columns(self, part: usize) -> Range<usize> {
        self.first_column(part)..self.first_column(part + 1)
    }

    /// The number of columns of some parts.
    pub(crate) const fn width(self, parts: Range<usize>) -> usize {
        self.first_column(parts.end) - self.first_column(parts.start)
    }

    /// Where a part stands among all values of the kernel.
    pub(crate) const fn range(self, part: usize, values: usize) -> Range<usize> {
        let (Range { start, end }, rows) = (self.columns(part), values / self.row_length);
        start * rows..end * rows
    }

    const fn first_column(self, part: usize) -> usize {
        self.row_length * part / self.parts
    }

    /// Puts the values of a whole kernel part after part.
    pub(crate) fn split<T: Copy>(self, values: &mut [T]) {
        let whole = values.to_vec();
        let mut places = values.iter_mut();
        for part in 0..self.parts {
            let rows = whole.chunks_exact(self.row_length);
            let of_part = rows.flat_map(|row| row.get(self.columns(part)).unwrap_or_default());
            // In this order: the shorter one is asked first, and takes no place for what it does not have.
            of_part.zip(&mut places).for_each(|(&value, place)| *place = value);
        }
    }

    /// Puts the values row after row again.
    pub(crate) fn join<T: Copy>(self, values: &mut [T]) {
        let split = values.to_vec();
        for part in 0..self.parts {
            let columns = self.columns(part);
            let rows = split.get(self.range(part, split.len())).unwrap_or_default().chunks_exact(columns.len().max(1));
            for (whole, row) in values.chunks_exact_mut(self.row_length).zip(rows) {
                whole.get_mut(columns.clone()).into_iter().for_each(|places| places.copy_from_slice(row));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnSplit;

    #[test]
    fn columns_stand_together_and_come_back() {
        let split = ColumnSplit { row_length: 3, parts: 2 };
        let mut values = [1, 2, 3, 4, 5, 6];
        split.split(&mut values);
        assert_eq!(values, [1, 4, 2, 3, 5, 6]);
        assert_eq!((split.range(0, 6), split.range(1, 6)), (0..2, 2..6));
        split.join(&mut values);
        assert_eq!(values, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn every_column_has_one_part() {
        for (row_length, parts) in [(1, 1), (7, 1), (7, 7), (100, 3), (512, 16), (2, 3)] {
            let split = ColumnSplit { row_length, parts };
            let mut values: Vec<_> = (0..5 * row_length).collect();
            let columns: Vec<_> = (0..parts).flat_map(|part| split.columns(part)).collect();
            assert_eq!(columns, (0..row_length).collect::<Vec<_>>());
            let whole = values.clone();
            split.split(&mut values);
            let ranges: Vec<_> = (0..parts).flat_map(|part| split.range(part, values.len())).collect();
            assert_eq!(ranges, (0..values.len()).collect::<Vec<_>>());
            split.join(&mut values);
            assert_eq!(values, whole);
        }
    }
}
