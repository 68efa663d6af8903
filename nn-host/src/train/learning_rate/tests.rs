//! A search on data whose best rates are known.

use nalgebra::DMatrix;

use super::{LearningRateError, LearningRateOptions, find_learning_rate};
use crate::data::{Features, Targets};
use crate::prelude::{Dataset, Identity, MeanSquaredError, Sequential, Sgd};
use crate::train::FitError;

/// One input that is always 1, and a target of 1.
fn ones() -> Dataset {
    let ones = DMatrix::from_element(1, 64, 1.0);
    Dataset::new(Features::Floats(ones.clone()), Targets::Values(ones)).unwrap()
}

/// A neuron, whose error changes by the factor 1 − 4 · η in a step: kernel and bias move by 2 · η of it each.
fn neuron() -> crate::model::Model {
    Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1).unwrap(), []).unwrap()
}

#[test]
fn the_ladder_ends_above_the_rate_at_which_the_error_grows() {
    let rates = find_learning_rate(&neuron(), &ones(), &LearningRateOptions::default()).unwrap();
    // The error grows from η = 0.5 on; half of 0.2 is what is left below it. Costs at 0 fall no more.
    let last = rates.trials.last().unwrap();
    assert!(!last.falls() && last.learning_rate <= 0.5, "{last:?}");
    assert!(rates.halved.is_some_and(|rate| (0.0005..=0.1).contains(&rate)), "{:?}", rates.halved);
}

#[test]
fn a_sweep_grows_exponentially_and_ends_where_the_loss_diverges() {
    let (model, data) = (neuron(), ones());
    let rates = find_learning_rate(&model, &data, &LearningRateOptions::default()).unwrap();
    let points = &rates.points;
    assert_eq!(points[0].learning_rate.to_bits(), 1e-7_f32.to_bits());
    let growth = points.windows(2).map(|pair| pair[1].learning_rate / pair[0].learning_rate);
    let expected = nn_core::math::pow(1e8, 1.0 / 99.0);
    assert!(growth.into_iter().all(|growth| (growth - expected).abs() < 1e-4));
    let best = points.iter().map(|point| point.smoothed).fold(f32::INFINITY, f32::min);
    let (last, rest) = points.split_last().unwrap();
    assert!(points.len() < 100 && rest.iter().all(|point| point.smoothed <= 4.0 * best), "{}", points.len());
    assert!(last.learning_rate > 0.5, "{last:?}");
    assert!(rates.valley.is_some_and(|rate| (1e-3..0.5).contains(&rate)), "{:?}", rates.valley);
    assert!(rates.steep.is_some_and(|rate| (1e-3..0.6).contains(&rate)), "{:?}", rates.steep);
    assert_eq!(find_learning_rate(&model, &data, &LearningRateOptions::default()).unwrap(), rates);
}

#[test]
fn the_model_stays_as_it_is() {
    let model = neuron();
    let before = model.clone();
    find_learning_rate(&model, &ones(), &LearningRateOptions::default()).unwrap();
    assert_eq!(model, before);
}

#[test]
fn parts_can_be_left_out() {
    let options = LearningRateOptions { sweep_steps: 0, ..Default::default() };
    let ladder = find_learning_rate(&neuron(), &ones(), &options).unwrap();
    assert!(ladder.points.is_empty() && ladder.valley.is_none() && ladder.halved.is_some());
    let options = LearningRateOptions { trial_epochs: 0, ..Default::default() };
    let sweep = find_learning_rate(&neuron(), &ones(), &options).unwrap();
    assert!(sweep.trials.is_empty() && sweep.halved.is_none() && sweep.valley.is_some());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let error = |options| find_learning_rate(&neuron(), &ones(), &options).unwrap_err();
    for (from, to) in [(0.0, 1.0), (1.0, 1.0), (1.0, f32::INFINITY), (f32::NAN, 1.0)] {
        let found = error(LearningRateOptions { from, to, ..Default::default() });
        assert!(matches!(found, LearningRateError::Rates { .. }), "{found}");
    }
    for (batch_size, trial_steps) in [(0, 1), (1, 0)] {
        let found = error(LearningRateOptions { batch_size, trial_steps, ..Default::default() });
        assert!(matches!(found, LearningRateError::Fit(FitError::Zero { .. })), "{found}");
    }
}
