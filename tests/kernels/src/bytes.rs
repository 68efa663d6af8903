//! The comparison of layers of bytes, assembly on some chips, with plain Rust, over many shapes.
#![expect(clippy::indexing_slicing, reason = "a program that cannot go on has failed")]

use nn_core::Zero;
use nn_core::int8::{self, DenseOutput, Rounding, fold_zero_point, int4, packed};
use nn_core::layer::Layer;
use nn_core::layer::int8::{Dense, Int4Dense, PackedDense};

use crate::byte_sample::{Numbers, Pattern};

/// A kernel of 784×30 is the largest.
pub(crate) const LARGEST: usize = 784 * 30;

/// Outputs of the widest layer, and inputs of the longest.
pub(crate) const WIDEST: usize = 128;
pub(crate) const LONGEST: usize = 784;

/// Bytes before and behind a result, which must stay as they are.
const MARGIN: usize = 16;

/// A layer and its input.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g> {
    pub(crate) x: &'g [i8],
    pub(crate) zero_point: i8,
    pub(crate) w: &'g [i8],
    pub(crate) packed: &'g [u32],
    /// Weights of 4 bits: the upper halves of the others.
    pub(crate) halves: &'g [u8],
    pub(crate) b: &'g [i32],
    /// The bias with the zero point in it.
    pub(crate) folded: &'g [i32],
    pub(crate) output: DenseOutput<'g>,
}

/// Layers of shapes that the compiler knows; one without a mistake is nn-core's.
pub(crate) trait Layers {
    /// The output at the start of `z`, or nothing if these parts do not make a layer.
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()>;

    /// What plain Rust gives.
    fn expected(given: Given<'_>, z: &mut [i8]) {
        int8::dense(given.x, given.w, given.folded, &given.output, z);
    }
}

/// Layers whose kernels are plain.
pub(crate) struct Plain;

impl Layers for Plain {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        let kernel = given.w.as_chunks().0.first_chunk()?;
        let layer = Dense::<IN, OUT>::new(kernel, given.folded.first_chunk()?, given.output).ok()?;
        let mut hidden = Zero::ZERO;
        layer.forward::<false>(given.x.first_chunk()?, &mut hidden, z.first_chunk_mut()?);
        Some(())
    }
}

/// Layers whose kernels have two rows in a word.
pub(crate) struct Packed<const SKIP_ZEROS: bool>;

impl<const SKIP_ZEROS: bool> Layers for Packed<SKIP_ZEROS> {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        let b = given.b.first_chunk()?;
        let layer = PackedDense::<IN, OUT>::new(given.packed, b, given.zero_point, given.output).ok()?;
        let mut hidden = Zero::ZERO;
        layer.forward::<SKIP_ZEROS>(given.x.first_chunk()?, &mut hidden, z.first_chunk_mut()?);
        Some(())
    }
}

/// Layers whose weights have 4 bits.
pub(crate) struct Halves;

impl Layers for Halves {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        let layer = Int4Dense::<IN, OUT>::new(given.halves, given.b.first_chunk()?, given.output).ok()?;
        let mut hidden = Zero::ZERO;
        layer.forward::<false>(given.x.first_chunk()?, &mut hidden, z.first_chunk_mut()?);
        Some(())
    }

    fn expected(given: Given<'_>, z: &mut [i8]) {
        int4::dense(given.x, given.halves, given.b, &given.output, z);
    }
}

/// A mistake: the last input is left out.
pub(crate) struct InputLeftOut;

impl Layers for InputLeftOut {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        let mut x = [0; IN];
        x.copy_from_slice(given.x);
        x[IN - 1] = given.zero_point;
        Packed::<false>::run::<IN, OUT>(Given { x: &x, ..given }, z)
    }
}

/// A mistake: sums are rounded once where they should be twice.
pub(crate) struct RoundedOnce;

impl Layers for RoundedOnce {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        let output = DenseOutput { rounding: Rounding::Litert, ..given.output };
        Plain::run::<IN, OUT>(Given { output, ..given }, z)
    }
}

/// A mistake: a byte is written behind the last one.
pub(crate) struct ByteTooMany;

impl Layers for ByteTooMany {
    fn run<const IN: usize, const OUT: usize>(given: Given<'_>, z: &mut [i8]) -> Option<()> {
        Packed::<true>::run::<IN, OUT>(given, z)?;
        *z.get_mut(OUT)? = 0;
        Some(())
    }
}

/// A layer of one shape as a function of slices.
#[derive(Clone, Copy)]
struct Shape {
    inputs: usize,
    outputs: usize,
    run: fn(Given<'_>, &mut [i8]) -> Option<()>,
    expected: fn(Given<'_>, &mut [i8]),
}

impl Shape {
    fn new<L: Layers, const IN: usize, const OUT: usize>() -> Self {
        Self { inputs: IN, outputs: OUT, run: L::run::<IN, OUT>, expected: L::expected }
    }
}

/// Layers differ from plain Rust: inputs, outputs, and what was given.
pub(crate) type Difference = (usize, usize, Pattern);

/// Numbers to compute with, and room for results.
pub(crate) struct Bytes {
    numbers: Numbers,
    expected: [i8; WIDEST + 2 * MARGIN],
    found: [i8; WIDEST + 2 * MARGIN],
}

impl Bytes {
    pub(crate) const EMPTY: Self =
        Self { numbers: Numbers::EMPTY, expected: [0; WIDEST + 2 * MARGIN], found: [0; WIDEST + 2 * MARGIN] };

    /// Compares layers of all numbers of inputs and of outputs up to 70, and some larger ones; returns how many shapes.
    pub(crate) fn compare_all<L: Layers>(&mut self) -> Result<usize, Difference> {
        macro_rules! shapes {
            ($($n:literal)*) => {
                [$([
                    Shape::new::<L, $n, { 71 - $n }>(),
                    Shape::new::<L, $n, { $n % 9 + 1 }>(),
                    Shape::new::<L, { $n % 5 + 1 }, $n>(),
                ]),*]
            };
        }
        let small = shapes!(
            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
            36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70
        );
        let large = [
            Shape::new::<L, 784, 30>(),
            Shape::new::<L, 783, 7>(),
            Shape::new::<L, 640, 4>(),
            Shape::new::<L, 513, 6>(),
            Shape::new::<L, 257, 5>(),
            Shape::new::<L, 128, 128>(),
            Shape::new::<L, 100, 10>(),
        ];
        let shapes = small.as_flattened().iter().chain(&large);
        shapes.clone().try_for_each(|&shape| self.compare(shape))?;
        Ok(shapes.count())
    }

    /// Compares layers of a few shapes, which is enough to find a mistake; returns how many.
    pub(crate) fn compare_some<L: Layers>(&mut self) -> Result<usize, Difference> {
        let shapes = [Shape::new::<L, 9, 8>(), Shape::new::<L, 30, 11>()];
        shapes.iter().try_for_each(|&shape| self.compare(shape))?;
        Ok(shapes.len())
    }

    /// Compares layers of one shape on numbers of every pattern.
    fn compare(&mut self, Shape { inputs, outputs, run, expected: compute }: Shape) -> Result<(), Difference> {
        let Self { numbers, expected, found } = self;
        for pattern in Pattern::all() {
            let given = numbers.fill(pattern, inputs, outputs).ok_or((inputs, outputs, pattern))?;
            for result in [&mut *expected, &mut *found] {
                result.fill(i8::MIN / 3);
            }
            compute(given, &mut expected[MARGIN..][..outputs]);
            let is_run = run(given, &mut found[MARGIN..]).is_some();
            if !is_run || expected != found {
                return Err((inputs, outputs, pattern));
            }
        }
        Ok(())
    }
}

/// Packs weights and folds the zero point, as is done on the host.
pub(crate) fn prepare(zero_point: i8, inputs: usize, w: &[i8], packed: &mut [u32], folded: &mut [i32]) -> Option<()> {
    packed::pack(w, inputs, packed).ok()?;
    fold_zero_point(zero_point, w, folded);
    Some(())
}
