//! Metrics and curves of scikit-learn, made by `golden/metrics.py`.

use nn_host::metric::{AnyMetric, Batch, MetricKind, PrecisionRecallCurve, RocCurve};
use serde_json::Value;

use super::{cases, numbers};

/// Losses of nn-core are computed in f32; a value near 0 is a difference of sums.
const RELATIVE: f64 = 1e-7;
const ABSOLUTE: f64 = 1e-8;

fn reference() -> Value {
    serde_json::from_str(include_str!("../../golden/metrics.json")).unwrap()
}

/// Outputs, targets and weights of a case.
struct Samples {
    outputs: usize,
    a: Vec<f32>,
    y: Vec<f32>,
    weights: Vec<f32>,
}

impl Samples {
    fn of(case: &Value) -> Self {
        let outputs = usize::try_from(case["outputs"].as_u64().unwrap()).unwrap();
        Self { outputs, a: numbers(&case["a"]), y: numbers(&case["y"]), weights: numbers(&case["weights"]) }
    }

    fn batch(&self) -> Batch<'_> {
        Batch::new(self.outputs, &self.a, &self.y).weighted(&self.weights)
    }
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= RELATIVE * expected.abs() + ABSOLUTE
}

#[track_caller]
fn assert_near(found: f64, expected: f64, what: &str) {
    assert!(is_near(found, expected), "{what}: {found} against {expected}");
}

#[test]
fn every_value_is_that_of_scikit_learn() {
    for case in cases(&reference(), "cases") {
        let (name, samples) = (case["name"].as_str().unwrap(), Samples::of(case));
        for (metric, expected) in case["expected"].as_object().unwrap() {
            let found = metric.parse::<AnyMetric>().unwrap().measure(samples.batch());
            assert_near(found, expected.as_f64().unwrap(), &format!("{metric} of {name}"));
        }
    }
}

#[test]
fn weights_that_are_ignored_are_found() {
    let reference = reference();
    let weighted = cases(&reference, "cases").iter().filter(|case| case["weights"][0] != 1.0);
    let mut count = 0;
    for case in weighted {
        let samples = Samples::of(case);
        let ignoring = Batch::new(samples.outputs, &samples.a, &samples.y);
        let expected = case["expected"].as_object().unwrap();
        let is_wrong = |(metric, expected): &(&String, &Value)| {
            !is_near(metric.parse::<AnyMetric>().unwrap().measure(ignoring), expected.as_f64().unwrap())
        };
        let wrong = expected.iter().filter(is_wrong).count();
        assert!(2 * wrong > expected.len(), "{}: {wrong} of {}", case["name"], expected.len());
        count += 1;
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn every_metric_has_two_values_in_the_file() {
    let reference = reference();
    for kind in MetricKind::ALL {
        let is_of_kind = |name: &&String| name.split(',').next() == Some(kind.name);
        let values = |case: &Value| case["expected"].as_object().unwrap().keys().filter(is_of_kind).count();
        let count: usize = cases(&reference, "cases").iter().map(values).sum();
        assert!(count >= 2, "{}: {count}", kind.name);
    }
}

#[test]
fn every_point_of_both_curves_is_that_of_scikit_learn() {
    let reference = reference();
    let expected = &reference["curves"];
    let samples = Samples::of(expected);
    let check = |found: &[f64], name: &str| {
        let expected = expected[name].as_array().unwrap();
        assert_eq!(found.len(), expected.len(), "{name}");
        found.iter().zip(expected).for_each(|(&found, expected)| assert_near(found, expected.as_f64().unwrap(), name));
    };
    let roc = RocCurve::of(samples.batch(), 0).unwrap().points;
    check(&roc.iter().skip(1).map(|point| point.threshold.into()).collect::<Vec<_>>(), "thresholds");
    check(&roc.iter().map(|point| point.false_positive_rate).collect::<Vec<_>>(), "false_positive_rate");
    check(&roc.iter().map(|point| point.true_positive_rate).collect::<Vec<_>>(), "true_positive_rate");
    let curve = PrecisionRecallCurve::of(samples.batch(), 0).unwrap().points;
    check(&curve.iter().skip(1).map(|point| point.threshold.into()).collect::<Vec<_>>(), "precision_thresholds");
    check(&curve.iter().map(|point| point.precision).collect::<Vec<_>>(), "precision");
    check(&curve.iter().map(|point| point.recall).collect::<Vec<_>>(), "recall");
}
