//! What the assembly is told: where rows and values are, how columns are split into blocks.

use core::ptr;

use super::list::List;

/// Rows that go through a block together.
pub(super) const EIGHT: usize = 8;

/// Columns in blocks that fit the registers, all of one width, or of two widths that differ by one.
///
/// Of two widths the first is that of fewer blocks, so that each of these can be followed by one of the other width.
pub(super) struct Blocks {
    columns: usize,
    /// Columns of a block of the first width.
    pub(super) first: usize,
    /// Blocks of the first width.
    pub(super) firsts: usize,
    /// Columns of a block of the second width; 0 if there is none.
    pub(super) second: usize,
    /// Blocks of the second width.
    pub(super) seconds: usize,
}

impl Blocks {
    /// As few blocks of at most `most` columns as will do, as even as can be.
    pub(super) const fn new(columns: usize, most: usize) -> Self {
        if columns <= most {
            return Self { columns, first: columns, firsts: 1, second: 0, seconds: 0 };
        }
        let blocks = columns.div_ceil(most);
        let (narrow, wides) = (columns / blocks, columns % blocks);
        let (wide, narrows) = (narrow + 1, blocks - wides);
        if wides == 0 {
            Self { columns, first: narrow, firsts: narrows, second: 0, seconds: 0 }
        } else if wides <= narrows {
            Self { columns, first: wide, firsts: wides, second: narrow, seconds: narrows }
        } else {
            Self { columns, first: narrow, firsts: narrows, second: wide, seconds: wides }
        }
    }

    /// Whether one block has all columns.
    pub(super) const fn are_one(&self) -> bool {
        self.first == self.columns
    }

    /// Whether no block is wider than this.
    pub(super) const fn are_within(&self, columns: usize) -> bool {
        self.first <= columns && self.second <= columns
    }

    /// Whether there are as many blocks of each width, which then take turns.
    pub(super) const fn take_turns(&self) -> bool {
        self.firsts == self.seconds
    }
}

const _: () = {
    let Blocks { first, firsts, second, seconds, .. } = Blocks::new(100, 15);
    assert!(first == 15 && firsts == 2 && second == 14 && seconds == 5, "100 are 2 of 15 and 5 of 14");
    let Blocks { first, firsts, second, seconds, .. } = Blocks::new(64, 13);
    assert!(first == 12 && firsts == 1 && second == 13 && seconds == 4, "64 are 1 of 12 and 4 of 13");
    let Blocks { first, firsts, second, seconds, .. } = Blocks::new(30, 15);
    assert!(first == 15 && firsts == 2 && second == 0 && seconds == 0, "30 are 2 of 15");
    assert!(Blocks::new(100, 13).take_turns() && !Blocks::new(30, 15).take_turns(), "100 are 4 of 13 and 4 of 12");
    assert!(Blocks::new(15, 15).are_one() && !Blocks::new(16, 15).are_one(), "up to 15 are one");
};

/// A kernel in assembly.
pub(super) type Kernel = unsafe extern "C" fn(&Sweep);

/// The kernel of a matrix without columns.
pub(super) unsafe extern "C" fn nothing(_: &Sweep) {}

/// A way through a matrix, in the order in which the assembly loads it.
#[repr(C)]
pub(super) struct Sweep {
    /// The first row, or a list of rows, which knows their values and ends.
    rows: *const (),
    /// Bytes from one row to the next.
    stride: usize,
    /// The end of those values whose rows come in eights.
    eights_end: *const f32,
    values_end: *const f32,
    /// A value for each row.
    values: *const f32,
    /// A value for each column.
    columns: *const f32,
    firsts_end: *const f32,
    columns_end: *const f32,
}

impl Sweep {
    /// Through all rows, one behind the other.
    ///
    /// There must be as many `values` as rows, and as many `columns` as `blocks` says.
    #[inline]
    pub(super) const fn of_all(rows: *const f32, values: *const [f32], columns: *const f32, blocks: &Blocks) -> Self {
        let (values, count) = (values.cast::<f32>(), values.len());
        Self {
            rows: rows.cast(),
            stride: blocks.columns * size_of::<f32>(),
            eights_end: values.wrapping_add(count - count % EIGHT),
            values_end: values.wrapping_add(count),
            values,
            columns,
            firsts_end: columns.wrapping_add(blocks.first * blocks.firsts),
            columns_end: columns.wrapping_add(blocks.columns),
        }
    }

    /// Through the rows that the list lists.
    ///
    /// There must be as many `columns` as `blocks` says, and as in the rows of the list.
    #[inline]
    pub(super) const fn of_list(list: *mut List, columns: *const f32, blocks: &Blocks) -> Self {
        let values = ptr::slice_from_raw_parts(ptr::null(), 0);
        Self { rows: list.cast_const().cast(), ..Self::of_all(ptr::null(), values, columns, blocks) }
    }
}
