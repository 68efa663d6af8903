//! What computes products: an instruction set with memory for panels.

use core::ops::Range;

use super::left::{ByColumns, ByRows};
use super::line::Lines;
use super::outer_product::Outer;
use super::panel::{Plain, Turned};
use super::product::Product;
use super::scattered_gradient::ScatteredGradient;
use super::sparse_gradient::SparseGradient;
use super::sparse_product::SparseProduct;
use super::target::{Added, AddedTurned};
use super::turned_lists::TurnedLists;
use super::{InstructionSet, Nonzeros, SomeByteLists};

/// Numbers of the longest vector.
const LONGEST_VECTOR: usize = 16;

/// Computes products on one thread, in memory that it keeps from one to the next.
///
/// Sizes must go together as the shapes say.
///
/// ```
/// use nn_host::gemm::{Engine, Samples};
///
/// let x = [1.0, 2.0, 0.0, 3.0]; // two samples of two inputs
/// let w = [1.0, 2.0, 3.0, 4.0]; // a kernel [IN][OUT]
/// let mut z = [0.0; 4];
/// Engine::default().affine(Samples::Dense(&x), &w, &[0.5, 0.5], &mut z);
/// assert_eq!(z, [7.5, 10.5, 9.5, 12.5]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Engine {
    instructions: InstructionSet,
    memory: Lines,
}

/// The errors of some samples at some outputs of a layer.
///
/// # Shapes
/// - `values`: `[SAMPLES][outputs]`
#[derive(Clone, Debug)]
pub struct Errors<'d> {
    /// The errors at all outputs.
    pub values: &'d [f32],
    /// The outputs of the layer.
    pub outputs: usize,
    /// Those that count.
    pub columns: Range<usize>,
}

impl<'d> Errors<'d> {
    /// Those at all outputs.
    #[must_use]
    pub const fn new(values: &'d [f32], outputs: usize) -> Self {
        Self { values, outputs, columns: 0..outputs }
    }

    /// Those of each sample that count.
    pub(super) fn samples(self) -> impl Iterator<Item = &'d [f32]> {
        let Self { values, outputs, columns } = self;
        values.chunks_exact(outputs.max(1)).map(move |sample| sample.get(columns.clone()).unwrap_or_default())
    }
}

/// The inputs of some samples.
#[derive(Clone, Copy, Debug)]
pub enum Samples<'x> {
    /// All numbers, sample after sample, `[SAMPLES][IN]`.
    Dense(&'x [f32]),
    /// What of them is not zero.
    Sparse(&'x Nonzeros),
    /// What of them is not zero, as bytes.
    Bytes(SomeByteLists<'x>),
}

impl Engine {
    /// One with this instruction set.
    #[must_use]
    pub const fn new(instructions: InstructionSet) -> Self {
        Self { instructions, memory: Lines::new() }
    }

    /// The instruction set.
    #[must_use]
    pub const fn instructions(&self) -> InstructionSet {
        self.instructions
    }

    /// Pre-activations of a dense layer, z = b + x · W.
    ///
    /// # Shapes
    /// - `x`: SAMPLES×IN, `w`: `[IN][OUT]`, `b`: `[OUT]`, `z`: `[SAMPLES][OUT]`
    pub fn affine(&mut self, x: Samples<'_>, w: &[f32], b: &[f32], z: &mut [f32]) {
        for z in z.chunks_exact_mut(b.len().max(1)) {
            z.iter_mut().zip(b).for_each(|(z, &b)| *z = 0.0 + b);
        }
        self.add_product(x, w, b.len(), z);
    }

    /// Adds a product to what is there, z = z + x · W, with so many outputs.
    ///
    /// # Shapes
    /// - `x`: SAMPLES×IN, `w`: `[IN][outputs]`, `z`: `[SAMPLES][outputs]`
    pub fn add_product(&mut self, x: Samples<'_>, w: &[f32], outputs: usize, z: &mut [f32]) {
        let (right, rows) = (Plain::new(w, outputs), rows_of(z, outputs));
        let (target, memory) = (Added { values: z, width: outputs }, &mut self.memory);
        match x {
            Samples::Sparse(left) => self.instructions.run(SparseProduct { left, right, target, memory }),
            Samples::Bytes(left) => self.instructions.run(SparseProduct { left, right, target, memory }),
            Samples::Dense(values) => {
                let left = ByRows { values, length: rows_of(w, outputs) };
                self.instructions.run(Product { rows, left, right, target, memory });
            }
        }
    }

    /// Adds the gradient by the input of a dense layer with so many outputs, dx = dx + W · dz.
    ///
    /// # Shapes
    /// - `w`: `[IN][outputs]`, `dz`: `[SAMPLES][outputs]`, `dx`: `[SAMPLES][IN]`
    pub fn add_input_gradient(&mut self, w: &[f32], dz: &[f32], outputs: usize, dx: &mut [f32]) {
        let inputs = rows_of(w, outputs);
        self.instructions.run(Product {
            rows: inputs,
            left: ByRows { values: w, length: outputs },
            right: Turned { values: dz, depth: outputs },
            target: AddedTurned { values: dx, rows: inputs },
            memory: &mut self.memory,
        });
    }

    /// Adds the gradient by rows of a kernel, dw = dw + Σ x ⊗ dz over the samples in order; the rows are those of the
    /// inputs from `first_row` on, of `inputs` altogether, the columns those of the errors.
    ///
    /// # Shapes
    /// - `x`: SAMPLES×inputs, `dw`: `[ROWS][COLUMNS]`
    pub fn add_weight_gradient(
        &mut self,
        (x, inputs): (Samples<'_>, usize),
        first_row: usize,
        dz: Errors<'_>,
        dw: &mut [f32],
    ) {
        let memory = &mut self.memory;
        match x {
            Samples::Sparse(x) => self.instructions.run(ScatteredGradient { x, first_row, dz, dw, memory }),
            Samples::Bytes(x) => self.instructions.run(ScatteredGradient { x, first_row, dz, dw, memory }),
            Samples::Dense(x) => {
                let width = dz.columns.len();
                self.instructions.run(Product {
                    rows: rows_of(dw, width),
                    left: ByColumns { values: x.get(first_row..).unwrap_or_default(), length: inputs },
                    right: Plain::from(dz),
                    target: Added { values: dw, width },
                    memory,
                });
            }
        }
    }

    /// The same, from lists that are turned around: faster where rows are long enough to be worth that.
    ///
    /// # Shapes
    /// - `x`: lists of samples, `dw`: `[ROWS][COLUMNS]`
    pub fn add_turned_gradient(&mut self, x: &TurnedLists, first_row: usize, dz: Errors<'_>, dw: &mut [f32]) {
        self.instructions.run(SparseGradient { x, first_row, dz: Plain::from(dz), dw, memory: &mut self.memory });
    }

    /// The gradient of one sample by some rows of a kernel, x ⊗ dz, at the front of `product`, which grows where it is too
    /// short.
    ///
    /// # Shapes
    /// - `x`: `[ROWS]`, `dz`: `[OUT]`, `product`: `[ROWS][OUT]`
    pub fn outer_product(&mut self, x: &[f32], dz: &[f32], product: &mut Vec<f32>) {
        let room = x.len() * dz.len() + LONGEST_VECTOR;
        if product.len() < room {
            product.resize(room, 0.0);
        }
        self.instructions.run(Outer { x, dz, product, memory: &mut self.memory });
    }
}

fn rows_of(values: &[f32], width: usize) -> usize {
    values.len().checked_div(width).unwrap_or_default()
}
