//! What the assembly is told: where rows and values are, how columns are split into blocks.

use core::ptr;

use super::list::List;

/// Rows that go through a block together.
pub(super) const EIGHT: usize = 8;

/// Columns in blocks that fit the registers, of which the last may be narrower by one.
pub(super) struct Blocks {
    columns: usize,
    /// Columns of a wide block.
    pub(super) wide: usize,
    /// Wide blocks.
    pub(super) wides: usize,
    /// Columns of a narrow block; 0 if there is none.
    pub(super) narrow: usize,
    /// Narrow blocks.
    pub(super) narrows: usize,
}

impl Blocks {
    /// As few blocks of at most `most` columns as will do, as even as can be.
    pub(super) const fn new(columns: usize, most: usize) -> Self {
        if columns <= most {
            return Self { columns, wide: columns, wides: 1, narrow: 0, narrows: 0 };
        }
        let blocks = columns.div_ceil(most);
        match columns % blocks {
            0 => Self { columns, wide: columns / blocks, wides: blocks, narrow: 0, narrows: 0 },
            wides => {
                let narrow = columns / blocks;
                Self { columns, wide: narrow + 1, wides, narrow, narrows: blocks - wides }
            }
        }
    }

    /// Whether one block has all columns.
    pub(super) const fn are_one(&self) -> bool {
        self.wide == self.columns
    }
}

const _: () = {
    let Blocks { wide, wides, narrow, narrows, .. } = Blocks::new(100, 15);
    assert!(wide == 15 && wides == 2 && narrow == 14 && narrows == 5, "100 are 2 of 15 and 5 of 14");
    let Blocks { wide, wides, narrow, narrows, .. } = Blocks::new(30, 15);
    assert!(wide == 15 && wides == 2 && narrow == 0 && narrows == 0, "30 are 2 of 15");
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
    wide_end: *const f32,
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
            wide_end: columns.wrapping_add(blocks.wide * blocks.wides),
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
