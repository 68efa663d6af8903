//! What both solvers reach, refuse, and have in common with every other training.

use core::ops::ControlFlow;

use nalgebra::DMatrix;
use nn_core::constraint::NonNegative;
use nn_core::optimizer::Penalty;

use super::{LbfgsOptions, LevenbergMarquardtOptions, SecondOrderError};
use crate::callback::{Callback, EarlyStopping, Monitor, Progress};
use crate::data::{Dataset, Features, Targets};
use crate::layer::{self, LayerPlan};
use crate::model::Model;
use crate::prelude::{
    Adam, FitOptions, Huber, Identity, MeanSquaredError, R2Score, Sequential, Softmax, Tanh, Validation,
};
use crate::train::{Ending, FitError, History};

/// A wave and a half, by so many samples.
#[expect(clippy::cast_precision_loss, reason = "few samples")]
pub(super) fn sine(samples: usize) -> Dataset {
    let x = DMatrix::from_fn(1, samples, |_, sample| 2.0 * sample as f32 / (samples - 1) as f32 - 1.0);
    let y = x.map(|x| nn_core::math::cos(5.0 * x - 1.0));
    Dataset::new(Features::Floats(x), Targets::Values(y)).unwrap()
}

/// A model of one input and output with these hidden layers.
fn model(plans: impl IntoIterator<Item = LayerPlan>) -> Model {
    let layers = plans.into_iter().fold(Sequential::new(1).seed(3), Sequential::layer);
    layers.dense(1, Identity).compile(MeanSquaredError, Adam::new(0.01).unwrap(), [R2Score]).unwrap()
}

fn last(history: &History, name: &str) -> f32 {
    *history.get(name).last().unwrap()
}

fn lbfgs(epochs: u32) -> LbfgsOptions<'static> {
    LbfgsOptions { epochs, ..Default::default() }
}

fn marquardt(epochs: u32) -> LevenbergMarquardtOptions<'static> {
    LevenbergMarquardtOptions { epochs, ..Default::default() }
}

/// Five inputs of very different sizes, and two values that are linear in them.
fn linear() -> (Model, Dataset) {
    let size = |row: usize| [1.0, 3.0, 0.25, 8.0, 0.5][row];
    let x =
        DMatrix::from_fn(5, 60, |row, sample| size(row) * (((sample * (2 * row + 3) + row) % 23) as f32 / 11.0 - 1.0));
    let y = DMatrix::from_fn(2, 60, |row, sample| {
        let x = x.column(sample);
        x[0] - 0.5 * x[1] + 2.0 * x[2] + 0.125 * x[3] - x[4] * row as f32 + 0.75
    });
    let layers = Sequential::new(5).dense(2, Identity);
    let model = layers.compile(MeanSquaredError, Adam::default(), [R2Score]).unwrap();
    (model, Dataset::new(Features::Floats(x), Targets::Values(y)).unwrap())
}

#[test]
fn a_long_narrow_bowl_is_solved_to_the_last_digits() {
    let (mut model, data) = linear();
    let history = model.fit_lbfgs(&data, lbfgs(100)).unwrap();
    assert!(last(&history, "loss") < 1e-12 && history.epochs.len() <= 60, "{history:?}");
    assert_eq!(history.ending, Ending::Converged);
    let (mut model, data) = linear();
    let history = model.fit_levenberg_marquardt(&data, marquardt(100)).unwrap();
    assert!(last(&history, "loss") < 1e-12 && history.epochs.len() <= 8, "{history:?}");
    assert_eq!(history.ending, Ending::Converged);
    assert!(last(&history, "r2_score") > 0.999_999);
}

#[test]
fn the_loss_never_rises() {
    let data = sine(40);
    let histories = [
        model([layer::dense(8, Tanh)]).fit_lbfgs(&data, lbfgs(60)).unwrap(),
        model([layer::dense(8, Tanh)]).fit_levenberg_marquardt(&data, marquardt(60)).unwrap(),
    ];
    for history in histories {
        let losses = history.get("loss");
        assert!(losses.len() > 20 && losses.windows(2).all(|pair| pair[1] <= pair[0]), "{losses:?}");
        assert!(history.epochs.iter().zip(0..).all(|(record, epoch)| record.epoch == epoch));
    }
}

#[test]
fn both_are_better_than_adam_by_far_with_as_many_passes() {
    const PASSES: u32 = 300;
    let data = sine(40);
    let mut ratios = Vec::new();
    for seed in 0..5 {
        let model = || {
            let layers = Sequential::new(1).dense(8, Tanh).dense(1, Identity).seed(seed);
            layers.compile(MeanSquaredError, Adam::new(0.01).unwrap(), []).unwrap()
        };
        let by_adam = FitOptions { epochs: PASSES, batch_size: 40, ..Default::default() };
        let by_adam = last(&model().fit(&data, by_adam).unwrap(), "loss");
        // An iteration takes a backward pass, and at most two forward passes more than those that reject steps.
        let by_marquardt = last(&model().fit_levenberg_marquardt(&data, marquardt(PASSES / 4)).unwrap(), "loss");
        let by_lbfgs = last(&model().fit_lbfgs(&data, lbfgs(PASSES * 3 / 4)).unwrap(), "loss");
        ratios.push((by_adam / by_marquardt, by_adam / by_lbfgs));
    }
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert!(ratios[0].0 > 100.0, "{ratios:?}");
    ratios.sort_by(|one, other| one.1.total_cmp(&other.1));
    assert!(ratios[2].1 > 100.0 && ratios[0].1 > 5.0, "{ratios:?}");
}

#[test]
fn threads_change_nothing() {
    let data = sine(150);
    let fitted = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let networks = || [layer::dense(20, Tanh), layer::dense(20, Tanh)];
            let (mut by_lbfgs, mut by_marquardt) = (model(networks()), model(networks()));
            let histories = (
                by_lbfgs.fit_lbfgs(&data, lbfgs(15)).unwrap(),
                by_marquardt.fit_levenberg_marquardt(&data, marquardt(3)).unwrap(),
            );
            (by_lbfgs.weights_sha256(), by_marquardt.weights_sha256(), histories)
        })
    };
    assert_eq!(fitted(1), fitted(4));
}

#[test]
fn batch_normalizations_end_with_the_statistics_of_all_samples() {
    let data = sine(40);
    let mut model = model([layer::dense(8, Identity), layer::batch_normalization(), layer::activation(Tanh)]);
    let history = model.fit_lbfgs(&data, LbfgsOptions { validation: Validation::Data(&data), ..lbfgs(20) }).unwrap();
    let (loss, validation) = (last(&history, "loss"), last(&history, "val_loss"));
    assert!((loss - validation).abs() < 1e-3 * loss, "{loss} {validation}");
}

#[test]
fn samples_without_weight_do_not_count() {
    let data = sine(40);
    let half = data.select(&(0..20).collect::<Vec<_>>()).unwrap();
    let weights: Vec<f32> = (0..40).map(|sample| if sample < 20 { 1.0 } else { 0.0 }).collect();
    let sample_weight = Some(weights.as_slice());
    let (mut weighted, mut alone) = (model([layer::dense(4, Tanh)]), model([layer::dense(4, Tanh)]));
    weighted.fit_levenberg_marquardt(&data, LevenbergMarquardtOptions { sample_weight, ..marquardt(4) }).unwrap();
    alone.fit_levenberg_marquardt(&half, marquardt(4)).unwrap();
    let (with, without) = (weighted.evaluate(&half).unwrap().loss, alone.evaluate(&half).unwrap().loss);
    assert!((with - without).abs() < 1e-3 * without, "{with} {without}");
    weighted.fit_lbfgs(&data, LbfgsOptions { sample_weight, ..lbfgs(30) }).unwrap();
    let (seen, unseen) = (weighted.evaluate(&half).unwrap().loss, weighted.evaluate(&data).unwrap().loss);
    assert!(seen < 0.01 * unseen, "{seen} {unseen}");
}

/// Ends the training within the iteration of this number.
struct Kill(u32);

impl Callback for Kill {
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        assert_eq!((progress.samples, progress.samples_per_epoch), (40, 40));
        if progress.epoch == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn an_interrupted_training_is_as_after_its_last_whole_iteration() {
    let data = sine(40);
    let (mut killed, mut whole) = (model([layer::dense(8, Tanh)]), model([layer::dense(8, Tanh)]));
    let history = killed.fit_lbfgs(&data, LbfgsOptions { callbacks: vec![Box::new(Kill(5))], ..lbfgs(50) }).unwrap();
    let expected = whole.fit_lbfgs(&data, lbfgs(5)).unwrap();
    assert_eq!((history.ending, history.epochs), (Ending::Interrupted, expected.epochs));
    assert_eq!(killed.weights_sha256(), whole.weights_sha256());
}

#[test]
fn early_stopping_ends_a_training() {
    let data = sine(40);
    let stop = || EarlyStopping::of(Monitor { min_delta: 0.5, ..Monitor::of("val_loss") }).patience(2);
    let validation = Validation::Data(&data);
    let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(stop())];
    let history =
        model([layer::dense(8, Tanh)]).fit_lbfgs(&data, LbfgsOptions { validation, callbacks, ..lbfgs(50) }).unwrap();
    assert_eq!(history.ending, Ending::Stopped);
    assert!(history.epochs.len() < 10, "{history:?}");
    let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(stop())];
    let options = LevenbergMarquardtOptions { validation, callbacks, ..marquardt(50) };
    let history = model([layer::dense(8, Tanh)]).fit_levenberg_marquardt(&data, options).unwrap();
    assert_eq!(history.ending, Ending::Stopped);
}

#[test]
fn layers_that_do_not_go_with_a_solver_are_refused_by_name() {
    let data = sine(10);
    let refused = |plan: LayerPlan| {
        let (plans, mut again) = ([layer::dense(4, Tanh), plan], None);
        let mut model = model(plans);
        let by_lbfgs = model.fit_lbfgs(&data, lbfgs(1)).err().map(|error| error.to_string());
        again
            .insert(model)
            .fit_levenberg_marquardt(&data, marquardt(1))
            .err()
            .map(|error| error.to_string())
            .into_iter()
            .chain(by_lbfgs)
            .collect::<Vec<_>>()
    };
    let random = " needs the same loss for the same weights, and dropout is random in training";
    let names = ["levenberg_marquardt", "lbfgs"];
    assert_eq!(refused(layer::dropout(0.5)), names.map(|name| format!("{name}{random}")));
    assert_eq!(refused(layer::residual([layer::dropout(0.5)])).len(), 2, "inside of a block");
    assert_eq!(refused(layer::alpha_dropout(0.5)).len(), 2);
    assert_eq!(refused(layer::gaussian_noise(0.5)).len(), 2);
    let constraint = " takes no constraint, and dense_1 has one";
    assert_eq!(
        refused(layer::dense(4, Tanh).kernel_constraint(NonNegative)),
        names.map(|name| format!("{name}{constraint}"))
    );
    assert_eq!(refused(layer::dense(4, Tanh).learning_rate(0.5)).len(), 2);
    assert_eq!(refused(layer::dense(4, Tanh).learning_rate(0.5).frozen()), [""; 0], "it has none while it is frozen");
    let penalty = Penalty::l2(0.1).unwrap();
    let error = "levenberg_marquardt takes no regularizer, and dense_1 has one";
    assert_eq!(refused(layer::dense(4, Tanh).kernel_regularizer(penalty)), [error]);
    assert_eq!(refused(layer::dense(4, Tanh).activity_regularizer(penalty).frozen()), [error]);
    let [error] = refused(layer::batch_normalization()).try_into().unwrap();
    assert!(error.contains("the statistics of batch_normalization are those of all; freeze it"), "{error}");
    assert_eq!(refused(layer::batch_normalization().frozen()), [""; 0]);
}

#[test]
fn losses_targets_and_sizes_that_are_no_least_squares_are_refused() {
    let error = |mut model: Model, data: &Dataset| model.fit_levenberg_marquardt(data, marquardt(1)).unwrap_err();
    let compiled = |loss: nn_core::loss::AnyLoss| {
        Sequential::new(1).dense(1, Identity).compile(loss, Adam::default(), []).unwrap()
    };
    let huber = error(compiled(Huber::default().into()), &sine(10)).to_string();
    assert!(
        huber.starts_with("levenberg_marquardt takes mean_squared_error or quadratic, the loss is huber"),
        "{huber}"
    );
    let names = ["a", "b"].map(String::from).to_vec();
    let classes = Targets::Classes { classes: vec![0, 1], names };
    let classes = Dataset::new(Features::Floats(DMatrix::from_row_slice(1, 2, &[0.0, 1.0])), classes).unwrap();
    let squares = Sequential::new(1).dense(2, Softmax).compile(MeanSquaredError, Adam::default(), []).unwrap();
    assert_eq!(error(squares, &classes), SecondOrderError::Classes);
    let large = error(model([layer::dense(700, Tanh)]), &sine(10));
    assert_eq!(large, SecondOrderError::Weights { most: 2000, found: 2101 });
    let frozen = model([layer::dense(700, Tanh).frozen()]).fit_levenberg_marquardt(&sine(10), marquardt(1));
    assert!(frozen.is_ok(), "701 of them learn");
    assert_eq!(
        error(model([]), &linear().1).to_string(),
        "training data: the data has 5 features a sample, the model expects 1"
    );
}

#[test]
fn settings_outside_their_range_are_refused_by_name() {
    let refused = |options: LbfgsOptions<'_>| model([]).fit_lbfgs(&sine(10), options).unwrap_err().to_string();
    assert_eq!(refused(LbfgsOptions { history: 0, ..lbfgs(1) }), "history is 0, it must be at least 1");
    let negative = LbfgsOptions { tolerance_gradient: -1.0, ..lbfgs(1) };
    assert_eq!(refused(negative), "tolerance_gradient is -1, it must be at least 0 and finite");
    let refused = |options| model([]).fit_levenberg_marquardt(&sine(10), options).unwrap_err().to_string();
    let up = LevenbergMarquardtOptions { damping_increase: 1.0, ..marquardt(1) };
    assert_eq!(refused(up), "damping_increase is 1, it must be above 1 and finite");
    let infinite = LevenbergMarquardtOptions { damping: f32::INFINITY, ..marquardt(1) };
    assert_eq!(refused(infinite), "damping is inf, it must be above 0 and finite");
}

#[test]
fn a_loss_that_is_not_finite_from_the_start_is_no_training() {
    let data = sine(10);
    let far = Dataset::new(Features::Floats(DMatrix::from_element(1, 10, 3e38)), data.targets().clone()).unwrap();
    let error = model([]).fit_lbfgs(&far, lbfgs(3)).unwrap_err();
    assert!(matches!(error, SecondOrderError::Fit(FitError::Diverged { epoch: 0, .. })), "{error}");
    assert!(model([]).fit_levenberg_marquardt(&far, marquardt(3)).is_err());
}
