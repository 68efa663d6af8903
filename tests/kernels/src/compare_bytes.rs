//! All comparisons of layers of bytes, of what must be equal and of mistakes that must be found.

use core::fmt;
use core::fmt::Arguments;

use crate::bytes::{self, ByteTooMany, Difference, Halves, InputLeftOut, Packed, Plain, RoundedOnce};

/// The numbers of the comparisons; a hundred kilobytes of zeros, for a static.
pub struct Bytes(bytes::Bytes);

impl Bytes {
    /// Before the comparisons.
    pub const EMPTY: Self = Self(bytes::Bytes::EMPTY);

    /// Compares, and reports what was found, a line each: `equal` or `differs`, then of what.
    ///
    /// ```no_run
    /// let mut bytes = Box::new(nn_kernels::Bytes::EMPTY);
    /// bytes.compare(|line| println!("{line}"));
    /// ```
    pub fn compare(&mut self, mut report: impl FnMut(Arguments<'_>)) {
        let Self(bytes) = self;
        line("plain weights", bytes.compare_all::<Plain>(), &mut report);
        line("packed weights", bytes.compare_all::<Packed<false>>(), &mut report);
        line("packed weights, zeros skipped", bytes.compare_all::<Packed<true>>(), &mut report);
        line("weights of 4 bits", bytes.compare_all::<Halves>(), &mut report);
        line("planted: the last input left out", bytes.compare_some::<InputLeftOut>(), &mut report);
        line("planted: sums rounded once", bytes.compare_some::<RoundedOnce>(), &mut report);
        line("planted: a byte too many", bytes.compare_some::<ByteTooMany>(), &mut report);
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bytes")
    }
}

fn line(what: &str, found: Result<usize, Difference>, report: &mut impl FnMut(Arguments<'_>)) {
    match found {
        Ok(shapes) => report(format_args!("equal: {what}, {shapes} shapes")),
        Err((inputs, outputs, pattern)) => report(format_args!("differs: {what}, at {inputs}x{outputs}, {pattern:?}")),
    }
}
