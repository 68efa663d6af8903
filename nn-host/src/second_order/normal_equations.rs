//! The equations of a Levenberg–Marquardt step, (JᵀJ + λ · D) · δ = −Jᵀr, where D is diagonal.

use nalgebra::{Cholesky, DMatrix, DVector};
use rayon::prelude::*;

use super::objective::largest;

/// JᵀJ and Jᵀr of the rows so far.
#[derive(Clone, Debug)]
pub(super) struct NormalEquations {
    /// JᵀJ, of which the lower triangle counts.
    matrix: DMatrix<f64>,
    /// Jᵀr
    gradient: DVector<f64>,
}

/// What a weight's scale counts as at least, as a share of the largest: one that changes no output stays where it is.
const LEAST_SCALE: f64 = 1e-12;

impl NormalEquations {
    /// No rows, for so many weights.
    pub(super) fn new(weights: usize) -> Self {
        Self { matrix: DMatrix::zeros(weights, weights), gradient: DVector::zeros(weights) }
    }

    /// The diagonal of JᵀJ.
    pub(super) fn diagonal(&self) -> Vec<f64> {
        self.matrix.diagonal().as_slice().to_vec()
    }

    /// Jᵀr, half the gradient of Σ r².
    pub(super) fn gradient(&self) -> &[f64] {
        self.gradient.as_slice()
    }

    /// Adds rows in their order, each as much as it counts; threads take columns of JᵀJ.
    ///
    /// # Shapes
    /// - `jacobian`: `[ROWS][WEIGHTS]`, `residuals`: `[ROWS]` of residual and how much it counts
    pub(super) fn add(&mut self, jacobian: &[f64], residuals: &[(f64, f64)]) {
        let weights = self.gradient.len().max(1);
        let rows = || jacobian.chunks_exact(weights).zip(residuals);
        let columns = self.matrix.as_mut_slice().par_chunks_exact_mut(weights).zip(self.gradient.as_mut_slice());
        columns.enumerate().for_each(|(number, (column, gradient))| {
            for (row, &(residual, weight)) in rows() {
                let (_, row) = row.split_at(number);
                let (_, column) = column.split_at_mut(number);
                let factor = row.first().copied().unwrap_or_default() * weight;
                column.iter_mut().zip(row).for_each(|(sum, j)| *sum += factor * j);
                *gradient += factor * residual;
            }
        });
    }

    /// δ; none if the matrix is not positive definite, as far as rounding lets one see.
    ///
    /// # Shapes
    /// - `scales`: `[WEIGHTS]`, D
    pub(super) fn solve(&self, damping: f64, scales: &[f64]) -> Option<Vec<f64>> {
        let mut matrix = self.matrix.clone();
        let least = LEAST_SCALE * largest(scales);
        for (at, scale) in scales.iter().enumerate() {
            if let Some(value) = matrix.get_mut((at, at)) {
                *value += damping * scale.max(least);
            }
        }
        let mut step = -&self.gradient;
        Cholesky::new(matrix)?.solve_mut(&mut step);
        step.iter().all(|value| value.is_finite()).then(|| step.as_slice().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cholesky, DMatrix, NormalEquations};

    /// The line through (0, 1), (1, 3), (2, 5) with residuals of the line 0.
    fn line() -> NormalEquations {
        let mut equations = NormalEquations::new(2);
        equations.add(&[1.0, 0.0, 1.0, 1.0], &[(-1.0, 1.0), (-3.0, 1.0)]);
        equations.add(&[1.0, 2.0], &[(-5.0, 1.0)]);
        equations
    }

    /// A step, with the diagonal for D.
    fn solve(equations: &NormalEquations, damping: f64) -> Option<Vec<f64>> {
        equations.solve(damping, &equations.diagonal())
    }

    #[test]
    fn without_damping_a_step_solves_a_linear_problem() {
        let step = solve(&line(), 0.0).unwrap();
        assert!((step[0] - 1.0).abs() < 1e-12 && (step[1] - 2.0).abs() < 1e-12, "{step:?}");
        assert_eq!(line().gradient(), [-9.0, -13.0]);
    }

    #[test]
    fn damping_adds_its_share_of_the_diagonal() {
        // ((3 · 1.5, 3), (3, 5 · 1.5)) · δ = (9, 13)
        let step = solve(&line(), 0.5).unwrap();
        let determinant = 4.5 * 7.5 - 9.0;
        let expected = [(9.0 * 7.5 - 3.0 * 13.0) / determinant, (4.5 * 13.0 - 3.0 * 9.0) / determinant];
        assert!(step.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{step:?}");
    }

    #[test]
    fn a_row_counts_as_often_as_its_weight_says() {
        let (mut twice, mut weighted) = (line(), line());
        (0..2).for_each(|_| twice.add(&[1.0, 4.0], &[(2.0, 1.0)]));
        weighted.add(&[1.0, 4.0], &[(2.0, 2.0)]);
        assert_eq!(solve(&twice, 0.1), solve(&weighted, 0.1));
    }

    /// The decomposition column by column, each operation rounded by itself.
    fn plain_cholesky(mut l: DMatrix<f64>) -> DMatrix<f64> {
        let size = l.nrows();
        for column in 0..size {
            for before in 0..column {
                let factor = l[(column, before)];
                (column..size).for_each(|row| l[(row, column)] -= factor * l[(row, before)]);
            }
            let root = l[(column, column)].sqrt();
            l[(column, column)] = root;
            (column + 1..size).for_each(|row| l[(row, column)] /= root);
        }
        l.lower_triangle()
    }

    #[test]
    fn the_decomposition_has_the_bits_of_plain_loops() {
        let size = 67;
        let x = |row: usize, column: usize| ((row * 31 + column * 17) % 101) as f64 / 37.0 - 1.0;
        let mut equations = NormalEquations::new(size);
        for row in 0..2 * size {
            let rows: Vec<f64> = (0..size).map(|column| x(row * row, column * column)).collect();
            equations.add(&rows, &[(x(row, 3), 1.0)]);
        }
        (0..size).for_each(|at| equations.matrix[(at, at)] += 10.0);
        let found = Cholesky::new(equations.matrix.clone()).unwrap().l();
        let bits = |matrix: &DMatrix<f64>| matrix.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&found), bits(&plain_cholesky(equations.matrix)));
    }

    #[test]
    fn a_weight_without_effect_stays_where_damping_lets_it_and_is_refused_otherwise() {
        let mut equations = NormalEquations::new(2);
        equations.add(&[2.0, 0.0], &[(4.0, 1.0)]);
        assert_eq!(solve(&equations, 0.0), None);
        let step = solve(&equations, 1e-3).unwrap();
        assert!((step[0] + 2.0 / 1.001).abs() < 1e-9 && step[1] == 0.0, "{step:?}");
    }
}
