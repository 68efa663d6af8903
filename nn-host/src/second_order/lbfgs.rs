//! L-BFGS, w ← w + α · d with d = −H · g: H is the inverse Hessian that the last steps let one guess, α comes from a line
//! search for the strong Wolfe conditions. Liu and Nocedal, On the limited memory BFGS method, 1989.

use core::fmt;

use super::SecondOrderError;
use super::iterations::{Iteration, Iterations, Solver};
use super::line_search::{LineSearch, Place};
use super::objective::{Objective, dot, largest, moved, point, set_point};
use super::pairs::Pairs;
use super::suitability::{check_layers, check_setting};
use crate::callback::Callback;
use crate::data::Dataset;
use crate::layer::Stack;
use crate::model::{Model, configuration};
use crate::train::{ClassWeight, FitOptions, History, Validation, weights};

/// How to fit a model by L-BFGS.
///
/// ```
/// use nn_host::second_order::LbfgsOptions;
/// let patient = LbfgsOptions { epochs: 1000, history: 20, tolerance_change: 0.0, ..Default::default() };
/// assert_eq!(patient.tolerance_gradient, 1e-7);
/// ```
pub struct LbfgsOptions<'a> {
    /// Iterations at most (100); each takes one or a few passes over all samples.
    pub epochs: u32,
    /// Steps that the curvature is guessed from (10).
    pub history: usize,
    /// The training ends when no value of the gradient is larger (1e-7).
    pub tolerance_gradient: f32,
    /// The training ends when the loss falls by no larger share of itself in an iteration (1e-9).
    pub tolerance_change: f32,
    /// What to validate with after each iteration (nothing).
    pub validation: Validation<'a>,
    /// How much the samples of each class count (all the same).
    pub class_weight: ClassWeight,
    /// How much each sample counts (all the same).
    pub sample_weight: Option<&'a [f32]>,
    /// What happens between iterations (nothing).
    pub callbacks: Vec<Box<dyn Callback + 'a>>,
}

impl Default for LbfgsOptions<'_> {
    fn default() -> Self {
        Self {
            epochs: 100,
            history: 10,
            tolerance_gradient: 1e-7,
            tolerance_change: 1e-9,
            validation: Validation::None,
            class_weight: ClassWeight::None,
            sample_weight: None,
            callbacks: Vec::new(),
        }
    }
}

impl fmt::Debug for LbfgsOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epochs, history, tolerance_gradient, tolerance_change, class_weight, .. } = self;
        write!(
            f,
            "LbfgsOptions {{ epochs: {epochs}, history: {history}, tolerance_gradient: {tolerance_gradient:?}, "
        )?;
        write!(f, "tolerance_change: {tolerance_change:?}, class_weight: {class_weight:?}, .. }}")
    }
}

impl LbfgsOptions<'_> {
    fn check(&self) -> Result<(), SecondOrderError> {
        let tolerance = |name, value: f32| {
            check_setting((name, value.into()), value.is_finite() && value >= 0.0, "at least 0 and finite")
        };
        check_setting(("history", 0.0), self.history > 0, "at least 1")?;
        tolerance("tolerance_gradient", self.tolerance_gradient)?;
        tolerance("tolerance_change", self.tolerance_change)
    }
}

impl Model {
    /// Fits the model to data by L-BFGS, on all samples at once: for data that is small enough, a training that needs no learning
    /// rate and ends by itself.
    ///
    /// ```
    /// use nn_host::{prelude::*, second_order::LbfgsOptions};
    /// # use nalgebra::DMatrix;
    /// # use nn_host::data::{Features, Targets};
    /// # let x = DMatrix::from_fn(2, 50, |row, sample| (sample * (row + 3) % 17) as f32 / 8.0 - 1.0);
    /// # let y = DMatrix::from_fn(1, 50, |_, sample| 3.0 * x[(0, sample)] - x[(1, sample)] + 0.5);
    /// # let data = Dataset::new(Features::Floats(x), Targets::Values(y))?;
    /// let mut model = Sequential::new(2).dense(1, Identity).compile(MeanSquaredError, Adam::default(), [])?;
    /// let history = model.fit_lbfgs(&data, LbfgsOptions { epochs: 20, ..Default::default() })?;
    /// assert!(history.get("loss").last() < Some(&1e-10));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The optimizer that the model was compiled with is not used. Regularizers are a part of the objective. A record of the
    /// history is that of an iteration, with loss and metrics after it, and the length of its step for a learning rate; what a
    /// callback makes of the learning rate has no effect. Batch normalizations have the statistics of all samples.
    ///
    /// # Errors
    /// [`SecondOrderError`] if the data does not fit the model, a layer is random in training, or has a constraint or a
    /// learning rate of its own.
    pub fn fit_lbfgs(&mut self, data: &Dataset, options: LbfgsOptions<'_>) -> Result<History, SecondOrderError> {
        options.check()?;
        self.check_training(data, options.validation)?;
        check_layers("lbfgs", &self.layers)?;
        let weights = weights(data, &options.class_weight, options.sample_weight)?;
        self.remember(data, data.sha256());
        self.identify(&format!("{}\nsolver {options:?}", configuration(self, &FitOptions::default())));
        let mut solver = Lbfgs {
            objective: Objective::new(self, data, weights.as_deref()),
            pairs: Pairs::new(options.history),
            tolerance_gradient: options.tolerance_gradient.into(),
            tolerance_change: options.tolerance_change.into(),
            last: None,
        };
        let LbfgsOptions { epochs, validation, callbacks, .. } = options;
        Ok(Iterations { epochs, validation, callbacks }.run(self, &mut solver)?)
    }
}

/// The solver.
#[derive(Debug)]
struct Lbfgs {
    objective: Objective,
    pairs: Pairs,
    tolerance_gradient: f64,
    tolerance_change: f64,
    /// Where the last iteration has led to.
    last: Option<State>,
}

/// The objective at some weights.
#[derive(Clone, Debug, PartialEq)]
struct State {
    x: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

impl State {
    /// The objective at the weights that the layers have.
    fn of(objective: &mut Objective, layers: &mut Stack) -> Self {
        let value = objective.value(layers);
        Self { x: point(layers), value, gradient: objective.gradient(layers) }
    }

    /// The place at the end of a step in some direction.
    fn place(&self, step: f64, direction: &[f64]) -> Place {
        Place { step, value: self.value, slope: dot(&self.gradient, direction) }
    }
}

impl Solver for Lbfgs {
    fn iterate(&mut self, model: &mut Model) -> Iteration {
        let layers = &mut model.layers;
        let from = self.state(layers);
        let done = |loss, rate| Iteration { loss, rate, is_last: true };
        if largest(&from.gradient) <= self.tolerance_gradient || !from.value.is_finite() {
            return done(self.objective.value(layers), 0.0);
        }
        let Some((to, rate)) = self.step(layers, &from) else {
            set_point(layers, &from.x);
            return done(self.objective.value(layers), 0.0);
        };
        let is_flat = largest(&to.gradient) <= self.tolerance_gradient;
        let is_last = is_flat || from.value - to.value <= self.tolerance_change * from.value.abs();
        let loss = to.value;
        self.pairs.push(difference(&to.x, &from.x), difference(&to.gradient, &from.gradient));
        self.last = Some(to);
        Iteration { loss, rate, is_last }
    }

    fn objective(&self) -> &Objective {
        &self.objective
    }
}

impl Lbfgs {
    /// Where the weights are; if somebody has moved them since the last iteration, everything starts afresh.
    fn state(&mut self, layers: &mut Stack) -> State {
        match self.last.take() {
            Some(last) if last.x == point(layers) => last,
            _ => {
                self.pairs.clear();
                State::of(&mut self.objective, layers)
            }
        }
    }

    /// A step in the direction of the memory or, where that leads no further, down the gradient, with its length.
    fn step(&mut self, layers: &mut Stack, from: &State) -> Option<(State, f64)> {
        let found = self.search(layers, from);
        if found.is_some() || self.pairs.is_empty() {
            return found;
        }
        self.pairs.clear();
        self.search(layers, from)
    }

    fn search(&mut self, layers: &mut Stack, from: &State) -> Option<(State, f64)> {
        let direction = self.pairs.direction(&from.gradient);
        let start = from.place(0.0, &direction);
        if start.slope >= 0.0 {
            return None;
        }
        let first = if self.pairs.is_empty() { first_step(&from.gradient) } else { 1.0 };
        let mut last = None;
        let found = LineSearch::QUASI_NEWTON.search(start, first, |step| {
            let state = self.at(layers, moved(&from.x, step, &direction));
            last.insert(state).place(step, &direction)
        })?;
        let x = moved(&from.x, found.step, &direction);
        let state = match last.filter(|last| last.x == x) {
            Some(last) => last,
            None => self.at(layers, x),
        };
        Some((state, found.step))
    }

    /// The objective at these weights, which the layers take over.
    fn at(&mut self, layers: &mut Stack, x: Vec<f64>) -> State {
        set_point(layers, &x);
        State { x, ..State::of(&mut self.objective, layers) }
    }
}

/// The first step down the gradient: it changes no weight by much.
fn first_step(gradient: &[f64]) -> f64 {
    let size = gradient.iter().fold(0.0, |sum, g| sum + g.abs());
    (1.0 / size).min(1.0)
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lbfgs, LineSearch, Objective, Pairs, Solver, State};
    use crate::layer::{self, LayerPlan};
    use crate::model::Model;
    use crate::prelude::{Adam, Identity, MeanSquaredError, Sequential, Tanh};
    use crate::second_order::tests::sine;
    use nn_core::optimizer::Penalty;

    fn model(hidden: LayerPlan) -> Model {
        let layers = Sequential::new(1).layer(hidden).dense(1, Identity).seed(3);
        layers.compile(MeanSquaredError, Adam::default(), []).unwrap()
    }

    fn solver(model: &mut Model) -> Lbfgs {
        let objective = Objective::new(model, &sine(40), None);
        Lbfgs { objective, pairs: Pairs::new(10), tolerance_gradient: 1e-7, tolerance_change: 1e-9, last: None }
    }

    /// The gradient is rounded to f32, and so are the weights that a step leads to.
    const SLACK: f64 = 1e-5;

    #[test]
    fn every_step_meets_both_wolfe_conditions() {
        let l2 = Penalty::l2(1e-4).unwrap();
        for hidden in [layer::dense(8, Tanh), layer::dense(8, Tanh).kernel_regularizer(l2)] {
            let mut model = model(hidden);
            let mut solver = solver(&mut model);
            for iteration in 0..60 {
                let from = State::of(&mut solver.objective, &mut model.layers);
                let made = solver.iterate(&mut model);
                let to = State::of(&mut solver.objective, &mut model.layers);
                assert_eq!(made.loss.to_bits(), to.value.to_bits(), "the objective is at the weights of the model");
                let direction: Vec<f64> = to.x.iter().zip(&from.x).map(|(to, from)| (to - from) / made.rate).collect();
                let (start, place) = (from.place(0.0, &direction), to.place(made.rate, &direction));
                let search = LineSearch {
                    decrease: (1.0 - SLACK) * 1e-4,
                    curvature: 0.9 * (1.0 + SLACK),
                    ..LineSearch::QUASI_NEWTON
                };
                assert!(search.is_lower(&start, &place), "{iteration}: {start:?} {place:?}");
                assert!(search.is_flat(&start, &place), "{iteration}: {start:?} {place:?}");
            }
        }
    }

    #[test]
    fn weights_that_somebody_has_moved_are_where_it_goes_on() {
        let mut model = model(layer::dense(8, Tanh));
        let mut solver = solver(&mut model);
        for _ in 0..5 {
            solver.iterate(&mut model);
        }
        assert!(!solver.pairs.is_empty());
        model.layers.learning_mut()[0].w.fill(0.25);
        let loss = solver.objective.value(&mut model.layers);
        let state = solver.state(&mut model.layers);
        assert!(solver.pairs.is_empty());
        assert_eq!([state.value, state.x[0]].map(f64::to_bits), [loss, 0.25].map(f64::to_bits));
    }
}
