//! How each library computes a product, into memory that is there.

use core::cell::RefCell;

use gemm::Parallelism;
use nalgebra::DMatrix;
use nn_host::gemm::{Engine, Errors, Samples};

use super::product::{Kind, Product};

/// A library's name, and its product.
type Library = (&'static str, fn(&Product, &mut DMatrix<f32>));

pub(crate) const LIBRARIES: [Library; 4] =
    [("nn", nn), ("gemm", by_gemm), ("matrixmultiply", by_matrixmultiply), ("nalgebra", by_nalgebra)];

/// Ours add a weight gradient to what is there.
fn nn(product: &Product, c: &mut DMatrix<f32>) {
    thread_local! {
        static ENGINE: RefCell<Engine> = RefCell::default();
    }
    let Product { w, b, x, dz, .. } = product;
    let (inputs, outputs) = (x.nrows(), w.nrows());
    let [w, b, x, dz] = [w.as_slice(), b.as_slice(), x.as_slice(), dz.as_slice()];
    ENGINE.with_borrow_mut(|engine| match product.kind {
        Kind::Affine => engine.affine(Samples::Dense(x), w, b, c.as_mut_slice()),
        Kind::InputGradient => {
            c.fill(0.0);
            engine.add_input_gradient(w, dz, outputs, c.as_mut_slice());
        }
        Kind::WeightGradient => {
            engine.add_weight_gradient((Samples::Dense(x), inputs), 0, Errors::new(dz, outputs), c.as_mut_slice());
        }
    });
}

/// nalgebra has no product with a transposed second factor.
fn by_nalgebra(product: &Product, c: &mut DMatrix<f32>) {
    let Product { w, x, dz, .. } = product;
    match product.kind {
        Kind::Affine => c.gemm(1.0, w, x, 0.0),
        Kind::InputGradient => c.gemm_tr(1.0, w, dz, 0.0),
        Kind::WeightGradient => c.gemm(1.0, dz, &x.transpose(), 0.0),
    }
}

#[rustfmt::skip]
#[expect(unsafe_code, reason = "the crate has no safe interface")]
fn by_gemm(product: &Product, c: &mut DMatrix<f32>) {
    let ([a, b], (m, k, n)) = (factors(product), product.lengths());
    let (of_rows, of_columns) = (1, m.cast_signed());
    // SAFETY: `a` is m×k, `b` k×n and `c` m×n, with these steps, which `Factor` and `Product::empty` see to.
    unsafe {
        gemm::gemm(
            m, n, k,
            c.as_mut_ptr(), of_columns, of_rows, false,
            a.values.as_ptr(), a.of_columns, a.of_rows,
            b.values.as_ptr(), b.of_columns, b.of_rows,
            0.0, 1.0, false, false, false, Parallelism::None,
        );
    }
}

#[rustfmt::skip]
#[expect(unsafe_code, reason = "the crate has no safe interface")]
fn by_matrixmultiply(product: &Product, c: &mut DMatrix<f32>) {
    let ([a, b], (m, k, n)) = (factors(product), product.lengths());
    let (of_rows, of_columns) = (1, m.cast_signed());
    // SAFETY: `a` is m×k, `b` k×n and `c` m×n, with these steps, which `Factor` and `Product::empty` see to.
    unsafe {
        matrixmultiply::sgemm(
            m, k, n, 1.0,
            a.values.as_ptr(), a.of_rows, a.of_columns,
            b.values.as_ptr(), b.of_rows, b.of_columns,
            0.0, c.as_mut_ptr(), of_rows, of_columns,
        );
    }
}

/// A factor as these crates take it: values, and the steps in memory from a row and from a column to the next.
struct Factor<'f> {
    values: &'f DMatrix<f32>,
    of_rows: isize,
    of_columns: isize,
}

/// A factor as it is in memory, column after column.
fn plain(values: &DMatrix<f32>) -> Factor<'_> {
    Factor { values, of_rows: 1, of_columns: values.nrows().cast_signed() }
}

fn transposed(values: &DMatrix<f32>) -> Factor<'_> {
    Factor { values, of_rows: values.nrows().cast_signed(), of_columns: 1 }
}

fn factors(product: &Product) -> [Factor<'_>; 2] {
    match product.kind {
        Kind::Affine => [plain(&product.w), plain(&product.x)],
        Kind::InputGradient => [transposed(&product.w), plain(&product.dz)],
        Kind::WeightGradient => [plain(&product.dz), transposed(&product.x)],
    }
}
