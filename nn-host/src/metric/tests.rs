//! Questions asked of every metric of the table, and of single ones at their limits.

#![expect(clippy::float_cmp, reason = "the expected values are exact")]

use super::{AnyMetric, Average, Batch, MetricKind, NameError};
use crate::prelude::*;

fn metric(text: &str) -> AnyMetric {
    text.parse().unwrap()
}

/// Values of four samples of three classes, and the weights of the samples.
const A: [f32; 12] = [0.7, 0.2, 0.1, 0.1, 0.5, 0.4, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6];
const Y: [f32; 12] = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
const WEIGHTS: [f32; 4] = [1.0, 2.0, 0.5, 3.0];

fn every() -> impl Iterator<Item = AnyMetric> {
    MetricKind::ALL.iter().map(|kind| kind.metric().unwrap())
}

#[test]
fn the_name_of_a_metric_is_what_one_types() {
    let told = ["fbeta_score,beta=0.5", "precision,average=micro", "recall,class=2,threshold=0.25", "auc,class=1"];
    let others = ["top_k_categorical_accuracy,k=3", "expected_calibration_error,bins=4", "huber,delta=2", "f1_score"];
    // F-beta without β is F1.
    let names = AnyMetric::names().filter(|name| *name != "fbeta_score");
    for text in told.into_iter().chain(others).chain(names) {
        assert_eq!(metric(text).name(), text);
    }
    assert_eq!((metric("f_beta,beta=1"), metric("mae")), (FBeta::F1.into(), MeanAbsoluteError.into()));
    assert_ne!(metric("auc"), metric("average_precision"));
    assert_ne!(metric("auc"), metric("auc,class=1"));
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = MetricKind::ALL.iter().flat_map(|kind| kind.aliases).copied().collect();
    names.extend(AnyMetric::names());
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let error = |text: &str| text.parse::<AnyMetric>().unwrap_err().to_string();
    assert_eq!(error("top_k_categorical_accuracy,k=0"), "top_k_categorical_accuracy: k is 0, it must be at least 1");
    assert_eq!(error("f_beta,beta=-1"), "fbeta_score: beta is -1, it must be at least 0 and finite");
    assert_eq!(error("recall,threshold=inf"), "recall: threshold is inf, it must be finite");
    assert!(error("ece,bins=0").ends_with("bins is 0, it must be from 1 to 1,048,576"));
    assert!(error("auc,average=mean").ends_with("the value must be auto, macro, micro or weighted"));
    assert!(matches!("".parse::<AnyMetric>(), Err(NameError::Unknown { .. })));
}

#[test]
fn neither_the_size_of_batches_nor_a_clone_changes_a_bit() {
    let whole = Batch::new(3, &A, &Y).weighted(&WEIGHTS);
    for metric in every() {
        let mut tally = metric.tally();
        for ((a, y), weight) in A.chunks(3).zip(Y.chunks(3)).zip(&WEIGHTS) {
            tally = tally.clone();
            tally.add(Batch::new(3, a, y).weighted(core::slice::from_ref(weight)));
        }
        assert_eq!(tally.value().to_bits(), metric.measure(whole).to_bits(), "{metric}");
    }
}

#[test]
fn a_weight_of_two_is_a_sample_twice() {
    let doubled = |values: &[f32]| [&values[..6], &values[3..]].concat();
    let (a, y) = (doubled(&A), doubled(&Y));
    for metric in every() {
        let weighted = metric.measure(Batch::new(3, &A, &Y).weighted(&[1.0, 2.0]));
        let twice = metric.measure(Batch::new(3, &a, &y));
        assert!((weighted - twice).abs() < 1e-12, "{metric}: {weighted} {twice}");
    }
}

#[test]
fn a_weight_of_zero_is_no_sample() {
    for metric in every() {
        let without = metric.measure(Batch::new(3, &A[..9], &Y[..9]));
        let weighted = metric.measure(Batch::new(3, &A, &Y).weighted(&[1.0, 1.0, 1.0, 0.0]));
        assert!((weighted - without).abs() < 1e-12, "{metric}: {weighted} {without}");
    }
}

#[test]
fn of_no_samples_every_metric_is_undefined() {
    let defined = every().filter(|metric| !metric.measure(Batch::new(3, &[], &[])).is_nan());
    // Correlation of no answers is none, by definition.
    assert_eq!(defined.map(|metric| metric.name()).collect::<Vec<_>>(), ["matthews_corrcoef"]);
}

#[test]
fn outputs_that_are_no_numbers_are_never_praised() {
    let nan = [f32::NAN; 12];
    for metric in every() {
        let value = metric.measure(Batch::new(3, &nan, &Y));
        let allowed = if metric.name() == "specificity" { value <= 1.0 } else { value <= 0.0 };
        assert!(value.is_nan() || allowed, "{metric}: {value}");
    }
}

#[test]
fn what_is_perfect_is_best() {
    for metric in every() {
        let value = metric.measure(Batch::new(3, &Y, &Y));
        let least = [
            "log_loss",
            "brier_score_loss",
            "expected_calibration_error",
            "root_mean_squared_error",
            "mean_absolute_percentage_error",
        ];
        let best = if least.contains(&metric.name().as_str()) { 0.0 } else { 1.0 };
        assert!((value - best).abs() < 1e-6, "{metric}: {value}");
    }
}

#[test]
fn a_class_that_no_sample_is_of_does_not_count_in_areas() {
    let (a, y) = ([0.2, 0.8, 0.1, 0.9, 0.3, 0.4], [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    let batch = Batch::new(3, &a, &y);
    let of = |class| Auc.averaged(Average::Class(class)).measure(batch);
    assert_eq!(Auc.measure(batch), (of(0) + of(1)) / 2.0);
    assert!(of(2).is_nan() && of(3).is_nan());
}

#[test]
fn the_concordance_index_of_two_classes_is_the_area_under_the_roc_curve() {
    let a = [0.5, 0.25, 0.5, 0.75, -0.0, 0.0, 0.5];
    let y = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let batch = Batch::new(1, &a, &y).weighted(&[1.0, 2.0, 0.5]);
    assert!((ConcordanceIndex.measure(batch) - Auc.measure(batch)).abs() < 1e-15);
}

#[test]
fn a_constant_far_from_zero_has_no_variance() {
    let (a, y) = ([1e6_f32, 1e6 + 1.0, 1e6 + 2.0], [3e6_f32; 3]);
    let batch = Batch::new(1, &a, &y);
    assert_eq!(R2Score.measure(batch), 0.0);
    assert!(PearsonCorrelation.measure(batch).is_nan());
    let line = a.map(|a| 2.0 * a);
    assert_eq!(PearsonCorrelation.measure(Batch::new(1, &a, &line)), 1.0);
}

#[test]
fn calibration_bins_have_their_upper_end() {
    let diagram = super::Reliability::of(Batch::new(1, &[0.0, 0.5, 0.51, 1.0, 7.0, -1.0], &[1.0; 6]), 2);
    assert_eq!(diagram.bins.iter().map(super::ReliabilityBin::weight).collect::<Vec<_>>(), [3.0, 3.0]);
}
