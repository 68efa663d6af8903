//! A product of a training step: its shape, and factors without zeros, which ours would skip.

use nalgebra::{DMatrix, DVector};
use nn_core::random::{Purpose, Stream};

/// Which product of a dense layer.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// z = W · x for each sample.
    Affine,
    /// dx = Wᵀ · dz for each sample.
    InputGradient,
    /// dw = Σ dz · xᵀ over the samples.
    WeightGradient,
}

/// A product, and what one of any kind needs; one sample a column.
pub(crate) struct Product {
    pub(crate) kind: Kind,
    /// OUT×IN
    pub(crate) w: DMatrix<f32>,
    /// OUT, zeros: the others know no bias.
    pub(crate) b: DVector<f32>,
    /// IN×N
    pub(crate) x: DMatrix<f32>,
    /// OUT×N
    pub(crate) dz: DMatrix<f32>,
}

impl Product {
    pub(crate) fn new(kind: Kind, (inputs, outputs): (usize, usize), samples: usize) -> Self {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        let mut random = |rows, columns| DMatrix::from_fn(rows, columns, |_, _| stream.uniform() - 0.5);
        let (w, x, dz) = (random(outputs, inputs), random(inputs, samples), random(outputs, samples));
        Self { kind, w, b: DVector::zeros(outputs), x, dz }
    }

    /// Rows of the result, terms of its sums, columns.
    pub(crate) fn lengths(&self) -> (usize, usize, usize) {
        let (inputs, outputs, samples) = (self.w.ncols(), self.w.nrows(), self.x.ncols());
        match self.kind {
            Kind::Affine => (outputs, inputs, samples),
            Kind::InputGradient => (inputs, outputs, samples),
            Kind::WeightGradient => (outputs, samples, inputs),
        }
    }

    /// Zeros of the shape of the result.
    pub(crate) fn empty(&self) -> DMatrix<f32> {
        let (rows, _, columns) = self.lengths();
        DMatrix::zeros(rows, columns)
    }

    /// The result by nalgebra's operators.
    pub(crate) fn expected(&self) -> DMatrix<f32> {
        match self.kind {
            Kind::Affine => &self.w * &self.x,
            Kind::InputGradient => self.w.transpose() * &self.dz,
            Kind::WeightGradient => &self.dz * self.x.transpose(),
        }
    }

    /// Multiplications and additions.
    pub(crate) fn operations(&self) -> u64 {
        let (m, k, n) = self.lengths();
        2 * (m * k * n) as u64
    }

    pub(crate) fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Affine => "affine",
            Kind::InputGradient => "input gradient",
            Kind::WeightGradient => "weight gradient",
        };
        format!("{kind} {}x{}, batch {}", self.w.ncols(), self.w.nrows(), self.x.ncols())
    }
}
