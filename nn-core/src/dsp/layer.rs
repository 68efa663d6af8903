//! What the assembly is told of a layer, and layers of given shapes in the assembly.

use core::mem::offset_of;
use core::ptr;

use super::workspace::{Span, Workspace};
use super::{packed, plain, sparse};
use crate::int8::{self, DenseOutput, Multiplier};

/// The mantissa of a multiplier is a word, the exponent the first byte of the next one.
const _: () = assert!(Multiplier::EXPONENT == 4 && size_of::<Multiplier>() == 8, "the assembly reads both");

/// A layer, in the order in which the assembly loads it.
#[repr(C)]
pub(super) struct Layer {
    /// The code of the first turn; it comes first, because an instruction jumps to what stands where a register leads.
    entry: usize,
    /// The weights of the next rows, and where inputs start.
    w: *const (),
    x: *const u32,
    x_end: *const u32,
    part_end: *const u32,
    /// Bytes of a pair of rows of packed weights, or of a plain row.
    pair: usize,
    rest: Rest,
    /// The end of outputs in fours.
    fours_end: *mut (),
    z_end: *mut (),
}

/// What takes sums to bytes.
#[repr(C)]
pub(super) struct Rest {
    b: *const i32,
    multipliers: *const Multiplier,
    /// Bytes from one multiplier to the next.
    stride: usize,
    zero_point: i32,
    /// The activation's range, each byte four times.
    least: [i8; 4],
    greatest: [i8; 4],
    z: *mut (),
}

impl Layer {
    pub(super) const W: usize = offset_of!(Self, w);
    pub(super) const X: usize = offset_of!(Self, x);
    pub(super) const X_END: usize = offset_of!(Self, x_end);
    pub(super) const PART_END: usize = offset_of!(Self, part_end);
    pub(super) const ENTRY: usize = offset_of!(Self, entry);
    pub(super) const PAIR: usize = offset_of!(Self, pair);
    pub(super) const REST: usize = offset_of!(Self, rest);
    pub(super) const Z: usize = offset_of!(Self, rest.z);
    pub(super) const FOURS_END: usize = offset_of!(Self, fours_end);
    pub(super) const Z_END: usize = offset_of!(Self, z_end);

    /// A layer that gives bytes, or sums where a result is an i32.
    fn new<T, const OUT: usize>(
        (w, pair): (*const (), usize),
        [x, x_end]: Span,
        b: &[i32; OUT],
        output: &DenseOutput<'_>,
        z: &mut [T; OUT],
    ) -> Self {
        let stride = if output.multipliers.len() == 1 { 0 } else { size_of::<Multiplier>() };
        let [least, greatest] = output.clamp.limits().map(|limit| [limit; 4]);
        let start = z.as_mut_ptr();
        let rest = Rest {
            b: b.as_ptr(),
            multipliers: output.multipliers.as_ptr(),
            stride,
            zero_point: i32::from(output.zero_point),
            least,
            greatest,
            z: start.cast(),
        };
        let [fours_end, z_end] = [OUT / 4 * 4, OUT].map(|outputs| start.wrapping_add(outputs).cast());
        Self { w, x, x_end, part_end: x_end, entry: 0, pair, rest, fours_end, z_end }
    }
}

/// With fewer outputs it takes longer to list inputs than to multiply them, unless most are zero.
const WORTH_A_LIST: usize = 16;

/// A kernel in assembly: one that gives bytes, and one that gives sums.
pub(super) type Kernels = [unsafe extern "C" fn(&mut Layer); 2];

/// Sums with their bias as bytes, by plain Rust.
#[inline(never)]
fn finish(sums: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
    for ((z, &sum), &multiplier) in z.iter_mut().zip(sums).zip(output.multipliers.iter().cycle()) {
        *z = output.byte(multiplier, sum);
    }
}

/// Goes through all rows: to bytes where the rounding is the usual, else to sums.
///
/// # Safety
/// The weights must be those of `OUT` rows, as long as the inputs, for these kernels.
pub(super) unsafe fn run<const OUT: usize>(
    [to_bytes, to_sums]: Kernels,
    weights: (*const (), usize),
    (x, part): (Span, usize),
    b: &[i32; OUT],
    (output, is_usual): (&DenseOutput<'_>, bool),
    z: &mut [i8; OUT],
) {
    let part_end = x[0].wrapping_byte_add(part).min(x[1]);
    if is_usual {
        let mut layer = Layer { part_end, ..Layer::new(weights, x, b, output, z) };
        // SAFETY: what the layer leads to is as long as it says.
        return unsafe { to_bytes(&mut layer) };
    }
    let mut sums = [0_i32; OUT];
    let mut layer = Layer { part_end, ..Layer::new(weights, x, b, output, &mut sums) };
    // SAFETY: as above; there is an i32 for each output.
    unsafe { to_sums(&mut layer) };
    finish(&sums, output, z);
}

/// The output of a dense layer with a packed kernel: [`int8::packed::dense`].
///
/// There must be one multiplier, or one for each output; `is_usual` says [`DenseOutput::is_usual`].
///
/// # Shapes
/// - `w`: `[words(IN, OUT)]`
pub(crate) fn packed_dense<const SKIP_ZEROS: bool, const IN: usize, const OUT: usize>(
    (x, zero_point): (&[i8; IN], i8),
    w: &[u32],
    b: &[i32; OUT],
    (output, is_usual): (&DenseOutput<'_>, bool),
    workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    let is_whole = w.len() >= const { int8::packed::words(IN, OUT) } && !output.multipliers.is_empty();
    if IN == 0 || !is_whole {
        return int8::packed::dense(x, zero_point, w, b, output, z);
    }
    let weights = (w.as_ptr().cast(), const { 4 * int8::packed::words(IN, 1) });
    let (kernels, x): (Kernels, _) = if SKIP_ZEROS && OUT >= WORTH_A_LIST {
        ([sparse::rows::<false>, sparse::rows::<true>], (workspace.list(x, zero_point), sparse::PART))
    } else {
        let part = const { packed::first_part(2 * IN.next_multiple_of(8)) };
        ([packed::rows::<false>, packed::rows::<true>], (workspace.widen(x, zero_point), part))
    };
    // SAFETY: the kernel has so many words.
    unsafe { run(kernels, weights, x, b, (output, is_usual), z) }
}

/// The output of a dense layer: [`int8::dense`].
///
/// There must be one multiplier, or one for each output; `is_usual` says [`DenseOutput::is_usual`].
pub(crate) fn dense<const IN: usize, const OUT: usize>(
    x: &[i8; IN],
    w: &[[i8; IN]; OUT],
    b: &[i32; OUT],
    (output, is_usual): (&DenseOutput<'_>, bool),
    workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    if IN < 4 || output.multipliers.is_empty() {
        return int8::dense(x, w.as_flattened(), b, output, z);
    }
    let mut with_rest = [0; OUT];
    let b = if IN.is_multiple_of(4) { b } else { add_rest(x, w, b, &mut with_rest) };
    let x = (workspace.widen_fours(x), 0);
    let kernels: Kernels = [plain::rows::<false>, plain::rows::<true>];
    // SAFETY: the kernel has OUT rows of IN bytes.
    unsafe { run(kernels, (ptr::from_ref(w).cast(), IN), x, b, (output, is_usual), z) }
}

/// Takes the products of the inputs behind the last whole four into the bias.
#[inline(never)]
fn add_rest<'s, const IN: usize, const OUT: usize>(
    x: &[i8; IN],
    w: &[[i8; IN]; OUT],
    b: &[i32; OUT],
    sums: &'s mut [i32; OUT],
) -> &'s [i32; OUT] {
    let x = x.as_chunks::<4>().1;
    for ((sum, row), &b) in sums.iter_mut().zip(w).zip(b) {
        *sum = int8::add_product(b, x, row.as_chunks::<4>().1);
    }
    sums
}
