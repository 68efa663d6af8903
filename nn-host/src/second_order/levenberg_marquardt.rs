//! Levenberg–Marquardt, w ← w + δ with (JᵀJ + λ · D) · δ = −Jᵀr, where r = a − y: between Gauss and Newton's step (λ = 0) and a short
//! one down the gradient. Marquardt, An algorithm for least-squares estimation of nonlinear parameters, 1963, where D is the
//! diagonal of JᵀJ. Here it is the largest that each of its values has been: Moré, The Levenberg–Marquardt algorithm:
//! implementation and theory, 1978. Otherwise units that saturate, whose weights change next to nothing, run away.

use core::fmt;

use nn_core::loss::AnyLoss;
use rayon::prelude::*;

use super::SecondOrderError;
use super::iterations::{Iteration, Iterations, Solver};
use super::jacobian::Differentiator;
use super::normal_equations::NormalEquations;
use super::objective::{Objective, largest, moved, point, set_point};
use super::suitability::{check_layers, check_residuals, check_setting};
use crate::callback::Callback;
use crate::data::{Dataset, Targets};
use crate::layer::Stack;
use crate::model::{Model, configuration};
use crate::train::{ClassWeight, FitOptions, History, Validation, weights};

/// The solver's name.
const NAME: &str = "levenberg_marquardt";

/// The most weights that learn: JᵀJ takes 32 MB then, and solving the equations 3 · 10⁹ multiplications.
const MOST_WEIGHTS: usize = 2000;

/// Samples whose rows of the Jacobian are in memory at a time.
const SAMPLES_AT_A_TIME: usize = 64;

/// The damping with which a step down the gradient is too short to change an f32.
const MOST_DAMPING: f64 = 1e10;

/// The damping below which a step is Gauss and Newton's, as far as rounding lets one see.
const LEAST_DAMPING: f64 = 1e-12;

/// How to fit a model by Levenberg–Marquardt.
///
/// ```
/// use nn_host::second_order::LevenbergMarquardtOptions;
/// let careful = LevenbergMarquardtOptions { damping: 1.0, damping_decrease: 0.5, ..Default::default() };
/// assert_eq!((careful.epochs, careful.damping_increase), (100, 3.0));
/// ```
pub struct LevenbergMarquardtOptions<'a> {
    /// Iterations at most (100).
    pub epochs: u32,
    /// λ of the first iteration (0.001).
    pub damping: f32,
    /// What λ is multiplied by after a step that would make the loss larger, and is not made (3).
    pub damping_increase: f32,
    /// What λ is multiplied by after a step that has made the loss smaller (0.3).
    pub damping_decrease: f32,
    /// The training ends when no value of the gradient is larger (1e-7).
    pub tolerance_gradient: f32,
    /// The training ends when the loss falls by no larger share of itself in an iteration (1e-9).
    pub tolerance_change: f32,
    /// What to validate with after each iteration (nothing).
    pub validation: Validation<'a>,
    /// How much each sample counts (all the same).
    pub sample_weight: Option<&'a [f32]>,
    /// What happens between iterations (nothing).
    pub callbacks: Vec<Box<dyn Callback + 'a>>,
}

impl Default for LevenbergMarquardtOptions<'_> {
    fn default() -> Self {
        Self {
            epochs: 100,
            damping: 1e-3,
            damping_increase: 3.0,
            damping_decrease: 0.3,
            tolerance_gradient: 1e-7,
            tolerance_change: 1e-9,
            validation: Validation::None,
            sample_weight: None,
            callbacks: Vec::new(),
        }
    }
}

impl fmt::Debug for LevenbergMarquardtOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LevenbergMarquardtOptions")
            .field("epochs", &self.epochs)
            .field("damping", &self.damping)
            .field("damping_increase", &self.damping_increase)
            .field("damping_decrease", &self.damping_decrease)
            .field("tolerance_gradient", &self.tolerance_gradient)
            .field("tolerance_change", &self.tolerance_change)
            .finish_non_exhaustive()
    }
}

impl LevenbergMarquardtOptions<'_> {
    fn check(&self) -> Result<(), SecondOrderError> {
        let finite = |name, value: f32, is_in_range, range| {
            check_setting((name, value.into()), value.is_finite() && is_in_range, range)
        };
        let (up, down) = (self.damping_increase, self.damping_decrease);
        finite("damping", self.damping, self.damping > 0.0, "above 0 and finite")?;
        finite("damping_increase", up, up > 1.0, "above 1 and finite")?;
        finite("damping_decrease", down, down > 0.0 && down < 1.0, "above 0 and below 1")?;
        for (name, tolerance) in
            [("tolerance_gradient", self.tolerance_gradient), ("tolerance_change", self.tolerance_change)]
        {
            finite(name, tolerance, tolerance >= 0.0, "at least 0 and finite")?;
        }
        Ok(())
    }
}

impl Model {
    /// Fits the model to data by Levenberg–Marquardt, on all samples at once: for small networks whose outputs are values, the
    /// training that takes the fewest passes. An iteration takes a backward pass for every output of every sample.
    ///
    /// ```
    /// use nn_host::{prelude::*, second_order::LevenbergMarquardtOptions};
    /// # use nalgebra::DMatrix;
    /// # use nn_host::data::{Features, Targets};
    /// # let x = DMatrix::from_fn(1, 21, |_, sample| sample as f32 / 10.0 - 1.0);
    /// # let y = x.map(|x| x * x * x - x);
    /// # let data = Dataset::new(Features::Floats(x), Targets::Values(y))?;
    /// let layers = Sequential::new(1).dense(6, Tanh).dense(1, Identity);
    /// let mut model = layers.compile(MeanSquaredError, Adam::default(), [])?;
    /// let history = model.fit_levenberg_marquardt(&data, LevenbergMarquardtOptions { epochs: 50, ..Default::default() })?;
    /// assert!(history.get("loss").last() < Some(&1e-3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The optimizer that the model was compiled with is not used. A record of the history is that of an iteration, with loss
    /// and metrics after it; its learning rate is 1, and what a callback makes of it has no effect.
    ///
    /// # Errors
    /// [`SecondOrderError`] if the data does not fit the model, its targets are classes, the loss is no mean squared error, there are
    /// more than 2,000 weights that learn, or a layer is random in training, normalizes by the statistics of a batch, or has a
    /// regularizer, a constraint or a learning rate of its own.
    pub fn fit_levenberg_marquardt(
        &mut self,
        data: &Dataset,
        options: LevenbergMarquardtOptions<'_>,
    ) -> Result<History, SecondOrderError> {
        options.check()?;
        self.check_least_squares(data)?;
        self.check_training(data, options.validation)?;
        let weights = weights(data, &ClassWeight::None, options.sample_weight)?;
        self.remember(data, data.sha256());
        self.identify(&format!("{}\nsolver {options:?}", configuration(self, &FitOptions::default())));
        let mut solver = LevenbergMarquardt {
            objective: Objective::new(self, data, weights.as_deref()),
            gradient_scale: gradient_scale(self, data),
            damping: options.damping.into(),
            scales: Vec::new(),
            factors: (options.damping_increase.into(), options.damping_decrease.into()),
            tolerance_gradient: options.tolerance_gradient.into(),
            tolerance_change: options.tolerance_change.into(),
        };
        let LevenbergMarquardtOptions { epochs, validation, callbacks, .. } = options;
        Ok(Iterations { epochs, validation, callbacks }.run(self, &mut solver)?)
    }

    fn check_least_squares(&mut self, data: &Dataset) -> Result<(), SecondOrderError> {
        if !matches!(self.loss, AnyLoss::MeanSquaredError(_) | AnyLoss::Quadratic(_)) {
            return Err(SecondOrderError::Loss { loss: self.loss });
        }
        if matches!(data.targets(), Targets::Classes { .. }) {
            return Err(SecondOrderError::Classes);
        }
        check_layers(NAME, &self.layers)?;
        check_residuals(NAME, &self.layers)?;
        let found = self.layers.learning_mut().iter().map(|of| of.w.len()).sum();
        if found > MOST_WEIGHTS {
            return Err(SecondOrderError::Weights { most: MOST_WEIGHTS, found });
        }
        Ok(())
    }
}

/// What Jᵀr is multiplied by to be the gradient of the mean loss.
#[expect(clippy::cast_precision_loss, reason = "counts of samples and outputs, far below 2⁵²")]
fn gradient_scale(model: &Model, data: &Dataset) -> f64 {
    let of_sample = match model.loss {
        AnyLoss::MeanSquaredError(_) => 2.0 / model.outputs() as f64,
        _ => 1.0,
    };
    of_sample / data.len() as f64
}

/// The solver.
#[derive(Debug)]
struct LevenbergMarquardt {
    objective: Objective,
    gradient_scale: f64,
    /// λ
    damping: f64,
    /// D, nothing before the first iteration.
    scales: Vec<f64>,
    /// What λ is multiplied by after a bad step, and after a good one.
    factors: (f64, f64),
    tolerance_gradient: f64,
    tolerance_change: f64,
}

impl Solver for LevenbergMarquardt {
    fn iterate(&mut self, model: &mut Model) -> Iteration {
        let layers = &mut model.layers;
        let before = self.objective.value(layers);
        let equations = self.equations(layers);
        let is_flat = largest(equations.gradient()) * self.gradient_scale <= self.tolerance_gradient;
        let stays = Iteration { loss: before, rate: 1.0, is_last: true };
        if is_flat || !before.is_finite() {
            return stays;
        }
        self.scale(&equations.diagonal());
        let from = point(layers);
        match self.step(layers, (&from, before), &equations) {
            Some(loss) => Iteration { loss, is_last: before - loss <= self.tolerance_change * before, ..stays },
            None => {
                set_point(layers, &from);
                Iteration { loss: self.objective.value(layers), ..stays }
            }
        }
    }

    fn objective(&self) -> &Objective {
        &self.objective
    }
}

impl LevenbergMarquardt {
    /// Lets the scales be no smaller than the diagonal.
    fn scale(&mut self, diagonal: &[f64]) {
        self.scales.resize(diagonal.len(), 0.0);
        self.scales.iter_mut().zip(diagonal).for_each(|(scale, value)| *scale = scale.max(*value));
    }

    /// Makes the first step that lowers the loss, with more and more damping; returns the loss. None if no step does.
    fn step(&mut self, layers: &mut Stack, from: (&[f64], f64), equations: &NormalEquations) -> Option<f64> {
        let ((from, before), (increase, decrease)) = (from, self.factors);
        while self.damping <= MOST_DAMPING {
            if let Some(step) = equations.solve(self.damping, &self.scales) {
                set_point(layers, &moved(from, 1.0, &step));
                let loss = self.objective.value(layers);
                if loss < before {
                    self.damping = (self.damping * decrease).max(LEAST_DAMPING);
                    return Some(loss);
                }
            }
            self.damping *= increase;
        }
        None
    }

    /// JᵀJ and Jᵀr of all samples; threads take samples, and sums run in their order.
    fn equations(&self, layers: &mut Stack) -> NormalEquations {
        let weights = point(layers).len();
        let mut equations = NormalEquations::new(weights);
        let (x, rows) = (self.objective.x(), layers.outputs());
        let layers = &*layers;
        let mut jacobian = vec![0.0; SAMPLES_AT_A_TIME * rows * weights];
        for (part, x) in x.as_slice().chunks(SAMPLES_AT_A_TIME * x.nrows()).enumerate() {
            let of_samples = jacobian.par_chunks_exact_mut(rows * weights).zip(x.par_chunks_exact(layers.inputs()));
            of_samples.for_each_init(
                || Differentiator::new(layers),
                |differentiator, (rows, x)| differentiator.differentiate(x, rows),
            );
            equations.add(&jacobian, &self.residuals(part * SAMPLES_AT_A_TIME));
        }
        equations
    }

    /// a − y of some samples, output by output, each with how much it counts.
    fn residuals(&self, first: usize) -> Vec<(f64, f64)> {
        let (a, y) = (self.objective.outputs(), self.objective.y());
        let samples = first..a.ncols().min(first + SAMPLES_AT_A_TIME);
        let of_sample = |sample| {
            let weight = self.objective.weight(sample);
            let (a, y) = (a.column(sample), y.column(sample));
            a.iter().zip(&y).map(|(&a, &y)| (f64::from(a) - f64::from(y), weight)).collect::<Vec<_>>()
        };
        samples.flat_map(of_sample).collect()
    }
}
