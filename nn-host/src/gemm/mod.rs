//! Products of matrices that keep nn-core's order of summation.
//!
//! Threads split outputs, never a sum, so the bits are those of nn-core's kernels for one sample, whatever the
//! number of threads. Kernels are OUT×IN matrices, so their memory is `[IN][OUT]`.

use nalgebra::{DMatrix, DVector};
use nn_core::kernel;
use rayon::prelude::*;

/// Columns that a task takes at least: less is not worth the way to another thread.
const SAMPLES_PER_TASK: usize = 8;

/// Rows of a weight gradient that a task sums up: so many stay in the fast cache.
const ROWS_PER_TASK: usize = 16;

/// Pre-activations of a dense layer, z = b + x · W for each column.
///
/// # Shapes
/// - `w`: OUT×IN, `b`: OUT, `x`: IN×N, `z`: OUT×N
pub fn affine(w: &DMatrix<f32>, b: &DVector<f32>, x: &DMatrix<f32>, z: &mut DMatrix<f32>) {
    let (inputs, outputs) = (w.ncols().max(1), w.nrows().max(1));
    let columns = z.as_mut_slice().par_chunks_exact_mut(outputs).zip(x.as_slice().par_chunks_exact(inputs));
    columns.with_min_len(SAMPLES_PER_TASK).for_each(|(z, x)| kernel::affine::<true>(x, w.as_slice(), b.as_slice(), z));
}

/// Adds a product to what is there, z = z + x · W for each column.
///
/// # Shapes
/// - `w`: OUT×IN, `x`: IN×N, `z`: OUT×N
pub fn add_product(w: &DMatrix<f32>, x: &DMatrix<f32>, z: &mut DMatrix<f32>) {
    let (inputs, outputs) = (w.ncols().max(1), w.nrows().max(1));
    let columns = z.as_mut_slice().par_chunks_exact_mut(outputs).zip(x.as_slice().par_chunks_exact(inputs));
    columns.with_min_len(SAMPLES_PER_TASK).for_each(|(z, x)| kernel::add_product::<true>(x, w.as_slice(), z));
}

/// Gradient by the input of a dense layer, dx = W · dz for each column.
///
/// Its sums run over outputs; with the kernel transposed they become the outer-product form, which is as fast as
/// [`affine`].
///
/// # Shapes
/// - `w`: OUT×IN, `dz`: OUT×N, `dx`: IN×N
pub fn input_gradient(w: &DMatrix<f32>, dz: &DMatrix<f32>, dx: &mut DMatrix<f32>) {
    dx.fill(0.0);
    add_input_gradient(w, dz, dx);
}

/// Adds the gradient by the input of a dense layer, dx = dx + W · dz for each column.
///
/// # Shapes
/// - `w`: OUT×IN, `dz`: OUT×N, `dx`: IN×N
pub fn add_input_gradient(w: &DMatrix<f32>, dz: &DMatrix<f32>, dx: &mut DMatrix<f32>) {
    add_product(&w.transpose(), dz, dx);
}

/// Adds the gradient by the kernel of a dense layer, dw = dw + Σ x ⊗ dz over the columns in order.
///
/// # Shapes
/// - `x`: IN×N, `dz`: OUT×N, `dw`: `[IN][OUT]`
pub fn add_weight_gradient(x: &DMatrix<f32>, dz: &DMatrix<f32>, dw: &mut [f32]) {
    let (inputs, outputs) = (x.nrows().max(1), dz.nrows().max(1));
    dw.par_chunks_mut(ROWS_PER_TASK * outputs).enumerate().for_each(|(task, dw)| {
        let first = task * ROWS_PER_TASK;
        for (x, dz) in x.as_slice().chunks_exact(inputs).zip(dz.as_slice().chunks_exact(outputs)) {
            kernel::accumulate_outer_product(x.get(first..).unwrap_or_default(), dz, dw);
        }
    });
}

/// Adds the gradient by the bias of a dense layer, db = db + Σ dz over the columns in order.
///
/// # Shapes
/// - `dz`: OUT×N, `db`: `[OUT]`
pub fn add_bias_gradient(dz: &DMatrix<f32>, db: &mut [f32]) {
    for dz in dz.as_slice().chunks_exact(dz.nrows().max(1)) {
        kernel::accumulate_outer_product(&[1.0], dz, db);
    }
}

#[cfg(test)]
mod tests {
    use super::{add_bias_gradient, add_weight_gradient, affine, input_gradient};
    use nalgebra::{DMatrix, DVector};
    use nn_core::kernel;
    use nn_core::random::{Purpose, Stream};

    /// Numbers of either sign, a third of them zero.
    fn random(rows: usize, columns: usize, stream: &mut Stream) -> DMatrix<f32> {
        DMatrix::from_fn(rows, columns, |_, _| if stream.below(3) == 0 { 0.0 } else { stream.uniform() - 0.5 })
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn every_product_has_the_bits_of_nn_core_one_sample_at_a_time() {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        for (inputs, outputs, samples) in [(1, 1, 1), (3, 2, 5), (17, 33, 9), (70, 10, 31), (50, 1, 8), (1, 40, 3)] {
            let (w, x) = (random(outputs, inputs, &mut stream), random(inputs, samples, &mut stream));
            let (b, dz) = (random(outputs, 1, &mut stream), random(outputs, samples, &mut stream));
            let b = DVector::from_column_slice(b.as_slice());

            let mut z = DMatrix::zeros(outputs, samples);
            affine(&w, &b, &x, &mut z);
            let mut dx = DMatrix::zeros(inputs, samples);
            input_gradient(&w, &dz, &mut dx);
            let mut dw = vec![0.0; inputs * outputs];
            add_weight_gradient(&x, &dz, &mut dw);
            let mut db = vec![0.0; outputs];
            add_bias_gradient(&dz, &mut db);

            let mut sum_w = vec![0.0; inputs * outputs];
            let mut sum_b = vec![0.0; outputs];
            for sample in 0..samples {
                let (x, dz) = (x.column(sample), dz.column(sample));
                let mut one = vec![0.0; outputs];
                kernel::affine::<true>(x.as_slice(), w.as_slice(), b.as_slice(), &mut one);
                assert_eq!(bits(&one), bits(z.column(sample).as_slice()));
                let mut one = vec![0.0; inputs];
                kernel::input_gradient(w.as_slice(), dz.as_slice(), &mut one);
                assert_eq!(bits(&one), bits(dx.column(sample).as_slice()));
                kernel::accumulate_outer_product(x.as_slice(), dz.as_slice(), &mut sum_w);
                kernel::accumulate_outer_product(&[1.0], dz.as_slice(), &mut sum_b);
            }
            assert_eq!((bits(&sum_w), bits(&sum_b)), (bits(&dw), bits(&db)));
        }
    }
}
