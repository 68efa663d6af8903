//! The comparison of kernels for sizes that the compiler knows with plain Rust, over many shapes.
#![expect(clippy::indexing_slicing, reason = "a program that cannot go on has failed")]

use core::fmt;

use nn_core::kernel;

use crate::kernels::{Kernels, OfSlices};
use crate::sample;

/// All numbers of inputs up to here go with all numbers of outputs from 1 up to here.
const SMALL: usize = 70;

/// Numbers before and behind a result, which must stay as they are.
const MARGIN: usize = 16;

/// The largest matrix, 128×640.
const LARGEST: usize = 128 * 640;

/// So many places are there to take the numbers of a shape from; each shape has another.
const PLACES: usize = 1009;

/// Kernels have other bits than plain Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The name of the kernel.
    pub(crate) kernel: &'static str,
    /// Rows of the matrix.
    pub(crate) inputs: usize,
    /// Columns of the matrix.
    pub(crate) outputs: usize,
}

/// Numbers to compute with, and room for results; more than a megabyte.
pub struct Matrices {
    values: [f32; LARGEST + PLACES],
    weights: [f32; LARGEST + PLACES],
    results: Results,
    shapes: usize,
}

/// A result of plain Rust and one of a kernel, each with a margin around it.
struct Results {
    expected: [f32; LARGEST + 2 * MARGIN],
    found: [f32; LARGEST + 2 * MARGIN],
}

impl Matrices {
    /// With numbers of every kind.
    #[must_use]
    pub fn new() -> Self {
        let mut new = Self {
            values: [0.0; LARGEST + PLACES],
            weights: [0.0; LARGEST + PLACES],
            results: Results { expected: [0.0; LARGEST + 2 * MARGIN], found: [0.0; LARGEST + 2 * MARGIN] },
            shapes: 0,
        };
        sample::fill(&mut new.values, 1);
        sample::fill_weights(&mut new.weights, 2);
        new
    }

    /// Compares kernels for all small shapes and for those of the networks that are measured; returns how many.
    ///
    /// # Errors
    /// The first [`Difference`].
    pub(crate) fn compare_all<K: Kernels>(&mut self) -> Result<usize, Difference> {
        macro_rules! small {
            ($($outputs:literal)*) => {
                [$(OfSlices::new::<K, $outputs>()),*]
            };
        }
        let small: [OfSlices; SMALL] = small!(
            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
            36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70
        );
        let large: [(&[usize], OfSlices); 6] = [
            (&[128], OfSlices::new::<K, 8>()),
            (&[100, 784], OfSlices::new::<K, 10>()),
            (&[784], OfSlices::new::<K, 30>()),
            (&[784], OfSlices::new::<K, 100>()),
            (&[8, 128, 640], OfSlices::new::<K, 128>()),
            (&[128], OfSlices::new::<K, 640>()),
        ];
        self.shapes = 0;
        for kernels in small {
            (0..=SMALL).try_for_each(|inputs| self.compare(kernels, inputs))?;
        }
        for (inputs, kernels) in large {
            inputs.iter().try_for_each(|&inputs| self.compare(kernels, inputs))?;
        }
        Ok(self.shapes)
    }

    /// Compares kernels for a few shapes, which is enough to find a mistake; returns how many.
    ///
    /// # Errors
    /// The first [`Difference`].
    pub(crate) fn compare_some<K: Kernels>(&mut self) -> Result<usize, Difference> {
        self.shapes = 0;
        for kernels in [OfSlices::new::<K, 3>(), OfSlices::new::<K, 30>()] {
            (0..=SMALL).try_for_each(|inputs| self.compare(kernels, inputs))?;
        }
        Ok(self.shapes)
    }

    /// Compares kernels for one shape; every third has no bias.
    fn compare(&mut self, kernels: OfSlices, inputs: usize) -> Result<(), Difference> {
        self.shapes += 1;
        let place = self.shapes * 7 % PLACES;
        let Self { values, weights, results, shapes } = self;
        let outputs = kernels.outputs;
        let (values, weights) = (&values[place..], &weights[PLACES - place..]);
        let (x, dz) = (&values[..inputs], &values[inputs..][..outputs]);
        let (w, b) = (&weights[..inputs * outputs], &weights[..if shapes.is_multiple_of(3) { 0 } else { outputs }]);
        let difference = |kernel| Difference { kernel, inputs, outputs };

        let [expected, found] = results.of(outputs, weights);
        kernel::affine::<true>(x, w, b, expected);
        (kernels.affine)(x, w, b, found);
        results.are_equal(outputs).ok_or(difference("affine"))?;

        let [expected, found] = results.of(w.len(), weights);
        kernel::accumulate_outer_product(x, dz, expected);
        (kernels.accumulate)(x, dz, found);
        results.are_equal(w.len()).ok_or(difference("accumulate_outer_product"))?;

        let [expected, found] = results.of(w.len(), weights);
        kernel::subtract_outer_product(x, dz, expected);
        (kernels.subtract)(x, dz, found);
        results.are_equal(w.len()).ok_or(difference("subtract_outer_product"))?;

        let [expected, found] = results.of(inputs, weights);
        kernel::add_input_gradient(w, dz, expected);
        (kernels.add_input_gradient)(w, dz, found);
        results.are_equal(inputs).ok_or(difference("add_input_gradient"))
    }
}

impl Default for Matrices {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Matrices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} shapes", self.shapes)
    }
}

impl Results {
    /// Room for both results, in which and around which the same numbers stand.
    fn of(&mut self, length: usize, numbers: &[f32]) -> [&mut [f32]; 2] {
        let Self { expected, found } = self;
        for ((expected, found), &number) in
            expected.iter_mut().zip(&mut *found).zip(numbers.iter().cycle()).take(length + 2 * MARGIN)
        {
            (*expected, *found) = (number, number);
        }
        [&mut expected[MARGIN..][..length], &mut found[MARGIN..][..length]]
    }

    /// Something if both results have the same bits, and what is around them.
    fn are_equal(&self, length: usize) -> Option<()> {
        let mut pairs = self.expected.iter().zip(&self.found).take(length + 2 * MARGIN);
        pairs.all(|(expected, found)| expected.to_bits() == found.to_bits()).then_some(())
    }
}
