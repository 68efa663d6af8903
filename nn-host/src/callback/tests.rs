//! Callbacks against epochs made by hand, as Keras' callbacks answer them.

use core::ops::ControlFlow;

use nalgebra::DMatrix;
use nn_core::SettingError;

use super::{Callback, CsvLogger, EarlyStopping, EpochEnd, Mode, Monitor, ReduceLrOnPlateau, State};
use crate::data::{Dataset, Features, Targets};
use crate::metric::Scores;
use crate::model::Model;
use crate::prelude::{Identity, MeanSquaredError, Sequential, Sgd};
use crate::schedule::{PiecewiseConstant, Schedule};
use crate::train::{EpochRecord, FitOptions, History};

/// A model of one kernel and one bias.
fn model() -> Model {
    Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1).unwrap(), []).unwrap()
}

/// An epoch with a loss to validate with, and an accuracy as high.
fn record(epoch: u32, loss: f32) -> EpochRecord {
    let scores = Scores { loss, metrics: vec![("accuracy".into(), loss)] };
    EpochRecord { epoch, train: scores.clone(), validation: Some(scores), learning_rate: 0.1 }
}

/// Tells a callback of epochs with these losses, in which the weights become 0, 1, 2 …; the number of epochs until it ends
/// the training, if it does.
fn tell(callback: &mut impl Callback, model: &mut Model, learning_rate: &mut f32, losses: &[f32]) -> Option<usize> {
    for (epoch, (&loss, weight)) in (0..).zip(losses.iter().zip([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])) {
        model.restore_weights(&[vec![weight], vec![weight]]);
        let record = record(epoch, loss);
        let end = &mut EpochEnd { record: &record, history: &History::default(), model, learning_rate };
        if callback.epoch(end).is_break() {
            return Some(epoch as usize + 1);
        }
    }
    None
}

/// The number of epochs until it ends.
fn stops(mut stopping: EarlyStopping, losses: &[f32]) -> Option<usize> {
    tell(&mut stopping, &mut model(), &mut 0.1, losses)
}

/// The learning rate after each epoch, from 1.
fn rates(mut reducing: ReduceLrOnPlateau, losses: &[f32]) -> Vec<f32> {
    let (mut model, mut rate) = (model(), 1.0);
    let mut after = |loss| {
        tell(&mut reducing, &mut model, &mut rate, &[loss]);
        rate
    };
    losses.iter().map(|&loss| after(loss)).collect()
}

fn half() -> ReduceLrOnPlateau {
    ReduceLrOnPlateau::default().factor(0.5).unwrap()
}

#[test]
fn stopping_waits_for_its_patience_since_the_best_epoch() {
    let losses = [3.0, 2.0, 2.5, 1.0, 1.5, 1.0, 1.2, 0.5];
    let patience = |epochs| stops(EarlyStopping::default().patience(epochs), &losses);
    assert_eq!([0, 1, 2, 3, 4].map(patience), [Some(3), Some(3), Some(6), Some(7), None]);
}

#[test]
fn a_difference_below_the_least_is_no_improvement() {
    let of = |min_delta| EarlyStopping::of(Monitor { min_delta, ..Monitor::default() }).patience(2);
    let losses = [3.0, 2.75, 2.5, 2.25, 2.0];
    assert_eq!([0.0, 0.25, 0.5].map(|min_delta| stops(of(min_delta), &losses)), [None, None, Some(3)]);
    // What has become better in two epochs together is so by more than the least difference.
    assert_eq!(stops(of(0.4).patience(3), &losses), None);
}

#[test]
fn the_mode_says_which_way_is_better() {
    let up = [1.0, 2.0, 3.0];
    let of = |name: &str, mode| stops(EarlyStopping::of(Monitor { mode, ..Monitor::of(name) }), &up);
    assert_eq!((of("val_loss", Mode::Auto), of("val_accuracy", Mode::Auto)), (Some(2), None));
    assert_eq!((of("val_loss", Mode::Max), of("val_accuracy", Mode::Min)), (None, Some(2)));
}

#[test]
fn patience_counts_on_until_the_baseline_is_beaten() {
    let of = |baseline| EarlyStopping::default().patience(3).baseline(baseline);
    // Better and better, but never below 1: patience ends with the first epoch that is not better.
    assert_eq!(stops(of(1.0), &[5.0, 4.0, 3.0, 2.0, 2.5]), Some(5));
    assert_eq!(stops(of(1.0), &[5.0, 6.0, 7.0]), Some(3));
    // Below it the counting begins anew.
    assert_eq!(stops(of(1.0), &[5.0, 4.0, 0.5, 2.0, 2.5]), None);
}

#[test]
fn epochs_before_the_start_are_not_looked_at() {
    let losses = [0.5, 3.0, 4.0, 5.0];
    let of = |epochs| stops(EarlyStopping::default().start_from_epoch(epochs), &losses);
    assert_eq!([0, 1, 2, 3].map(of), [Some(2), Some(3), Some(4), None]);
}

#[test]
fn values_that_are_missing_or_no_numbers_are_never_better() {
    assert_eq!(stops(EarlyStopping::of(Monitor::of("val_f1")), &[3.0, 4.0, 5.0]), None);
    assert_eq!(stops(EarlyStopping::default().patience(2), &[f32::NAN, f32::NAN, 1.0]), Some(2));
}

#[test]
fn the_weights_of_the_best_epoch_come_back() {
    let losses = [3.0, 1.0, 2.0, 4.0];
    let weight_after = |mut stopping: EarlyStopping| {
        let mut model = model();
        tell(&mut stopping, &mut model, &mut 0.1, &losses);
        stopping.end(&mut model);
        model.weights().iter().map(|tensor| tensor.values[0]).collect::<Vec<_>>()
    };
    assert_eq!(weight_after(EarlyStopping::default().patience(2).restoring_best_weights()), [1.0, 1.0]);
    assert_eq!(weight_after(EarlyStopping::default().patience(2)), [3.0, 3.0]);
    // Without a training there is nothing to give back.
    let (mut untouched, mut none) = (model(), EarlyStopping::default().restoring_best_weights());
    none.end(&mut untouched);
    assert_eq!(untouched, model());
}

#[test]
fn the_rate_is_reduced_after_each_plateau_and_not_below_the_least() {
    let losses = [3.0, 3.0, 3.0, 3.0, 3.0, 3.0];
    assert_eq!(rates(half().patience(2), &losses), [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
    assert_eq!(rates(half().patience(1).min_lr(0.4), &losses), [1.0, 0.5, 0.4, 0.4, 0.4, 0.4]);
    assert_eq!(rates(half().patience(2), &[3.0, 3.0, 2.0, 2.0, 1.0, 1.0]), [1.0; 6]);
}

#[test]
fn a_cooldown_counts_nothing() {
    let losses = [3.0; 8];
    let expected = [1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125];
    assert_eq!(rates(half().patience(1).cooldown(3), &losses), expected);
}

#[test]
fn a_plateau_may_fall_a_little() {
    let falling = [3.0, 2.75, 2.5, 2.25];
    let of = |min_delta| ReduceLrOnPlateau::of(Monitor { min_delta, ..Monitor::default() }).factor(0.5).unwrap();
    assert_eq!(rates(of(0.3).patience(1), &falling), [1.0, 0.5, 0.5, 0.25]);
    assert_eq!(rates(of(0.2).patience(1), &falling), [1.0; 4]);
    let up = ReduceLrOnPlateau::of(Monitor::of("val_accuracy")).factor(0.5).unwrap().patience(1);
    assert_eq!(rates(up, &falling), [1.0, 0.5, 0.25, 0.125]);
}

#[test]
fn a_factor_that_reduces_nothing_is_refused() {
    for factor in [-0.1, 1.0, f32::NAN] {
        let error = ReduceLrOnPlateau::default().factor(factor).unwrap_err();
        assert!(matches!(error, SettingError::OutOfRange { name: "factor", .. }), "{error}");
    }
}

#[test]
fn a_reduced_rate_multiplies_what_a_schedule_gives() {
    let data = || Features::Floats(DMatrix::from_element(1, 8, 1.0));
    let data = Dataset::new(data(), Targets::Values(DMatrix::from_element(1, 8, 1.0))).unwrap();
    let never_better = Monitor { min_delta: 1e9, ..Monitor::of("loss") };
    let reducing = ReduceLrOnPlateau::of(never_better).factor(0.5).unwrap().patience(1);
    let parts = PiecewiseConstant::default().after_epochs(3, 0.04).unwrap();
    let rates = |schedule| {
        let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(reducing.clone())];
        let options = FitOptions { epochs: 5, batch_size: 4, schedule, callbacks, ..FitOptions::default() };
        let history = model().fit(&data, options).unwrap();
        history.epochs.iter().map(|record| record.learning_rate).collect::<Vec<_>>()
    };
    // The rate of an epoch is that of its steps: what a callback changes is for the next one.
    assert_eq!(rates(Schedule::Constant), [0.1, 0.1, 0.05, 0.025, 0.0125]);
    assert_eq!(rates(parts.into()), [0.1, 0.1, 0.05, 0.01, 0.005]);
}

#[test]
fn a_log_that_cannot_be_written_ends_the_training_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str| CsvLogger::new(folder.path().join(name));
    let (mut written, mut failing) = (of("h.csv"), of("missing/h.csv"));
    assert_eq!(tell(&mut written, &mut model(), &mut 0.1, &[3.0, 2.0]), None);
    assert_eq!(written.failure(), None);
    assert_eq!(tell(&mut failing, &mut model(), &mut 0.1, &[3.0, 2.0]), Some(1));
    let failure = failing.failure().unwrap();
    assert!(failure.starts_with("cannot write") && failure.contains("h.csv: "), "{failure}");
}

/// Tells one callback all epochs, and another the first ones, whose state a third takes over for the rest.
fn goes_on_as_if_never_interrupted<C: Callback + Clone + PartialEq + core::fmt::Debug>(fresh: &C, losses: &[f32]) {
    for interruption in 0..=losses.len() {
        let (mut whole, mut first, mut second) = (fresh.clone(), fresh.clone(), fresh.clone());
        let (mut model, mut rates) = (model(), [0.5, 0.5]);
        let mut flow = |callback: &mut C, loss, rate: &mut f32| {
            model.restore_weights(&[vec![loss], vec![loss]]);
            callback.epoch(&mut EpochEnd {
                record: &record(0, loss),
                history: &History::default(),
                model: &mut model,
                learning_rate: rate,
            })
        };
        let (before, after) = losses.split_at(interruption);
        let all: Vec<ControlFlow<()>> = losses.iter().map(|&loss| flow(&mut whole, loss, &mut rates[0])).collect();
        let mut parts: Vec<_> = before.iter().map(|&loss| flow(&mut first, loss, &mut rates[1])).collect();
        let mut state = State::default();
        first.save(&mut state);
        second.restore(&state).unwrap();
        parts.extend(after.iter().map(|&loss| flow(&mut second, loss, &mut rates[1])));
        assert_eq!((parts, &second, rates[1]), (all, &whole, rates[0]), "{interruption}");
    }
    assert!(fresh.clone().restore(&State::default()).is_err());
}

#[test]
fn a_state_is_all_that_a_callback_needs_to_go_on() {
    let losses = [3.0, 2.0, 2.5, 1.0, 1.5, 1.25, 1.2, 0.5];
    let stopping = EarlyStopping::default().patience(3).baseline(1.5).start_from_epoch(1).restoring_best_weights();
    goes_on_as_if_never_interrupted(&stopping, &losses);
    goes_on_as_if_never_interrupted(&half().patience(1).cooldown(1), &losses);
}
