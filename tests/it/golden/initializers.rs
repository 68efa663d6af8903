//! Distributions of initial weights, as in Keras and PyTorch. Streams differ, so what is compared is what Keras asks of its
//! generator, and the statistics of what PyTorch gives.

use nn_core::init::{AnyInitializer, Initializer, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal};
use nn_core::random::{Purpose, Stream};
use serde_json::Value;

use super::{assert_near, cases, keras, kind, numbers, shape, torch};

fn initializer(case: &Value) -> AnyInitializer {
    kind(case, AnyInitializer::from_name, AnyInitializer::with)
}

fn filled(initializer: &impl Initializer, (fan_in, fan_out): (usize, usize)) -> Vec<f32> {
    let mut w = vec![f32::NAN; fan_in * fan_out];
    initializer.fill(fan_in, fan_out, &mut Stream::new(3, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
    w
}

/// The weights that our stream gives for what Keras asks of its own: shift and scale of a standard distribution.
fn expected(case: &Value) -> Vec<f32> {
    let argument = |name: &str| numbers(&case[name])[0];
    let spread = |standard: AnyInitializer, mean: f32, deviation: f32| {
        let numbers = filled(&standard, shape(case));
        numbers.into_iter().map(|number| mean + deviation * number).collect()
    };
    let settled = |result: Result<AnyInitializer, nn_core::SettingError>| result.unwrap();
    match case["distribution"].as_str() {
        Some("uniform") => {
            let standard = settled(AnyInitializer::from(RandomUniform).with("minval", 0.0));
            let (least, most) = (argument("minval"), argument("maxval"));
            spread(settled(standard.with("maxval", 1.0)), least, most - least)
        }
        Some("normal") => {
            let standard = AnyInitializer::from(RandomNormal).with("stddev", 1.0);
            spread(settled(standard), argument("mean"), argument("stddev"))
        }
        Some("truncated_normal") => {
            let standard = AnyInitializer::from(TruncatedNormal).with("stddev", 1.0);
            spread(settled(standard), argument("mean"), argument("stddev"))
        }
        _ => numbers(&case["w"]),
    }
}

#[test]
fn every_initializer_asks_for_the_distribution_that_keras_asks_for() {
    let keras = keras();
    let cases = cases(&keras, "initializers");
    for case in cases {
        let (found, expected) = (filled(&initializer(case), shape(case)), expected(case));
        let largest = expected.iter().fold(0.0_f32, |largest, w| largest.max(w.abs()));
        // Each weight is two or three roundings away, of numbers as large as the largest.
        assert_near(&found, &expected, 0.0, 3e-7 * largest, &case.to_string());
    }
    for kind in AnyInitializer::ALL.iter().filter(|kind| kind.name() != "orthogonal") {
        assert!(cases.iter().any(|case| case["name"] == kind.name()), "{kind} is not in the file");
    }
}

#[test]
fn another_distribution_is_found() {
    let keras = keras();
    let mut case = cases(&keras, "initializers")[0].clone();
    case["maxval"] = (numbers(&case["maxval"])[0] * 1.001).into();
    assert!(filled(&initializer(&case), shape(&case)).iter().zip(expected(&case)).any(|(w, e)| (w - e).abs() > 1e-4));
}

/// The products of the rows with each other, or of the columns if those are fewer.
fn products(w: &[f32], (rows, columns): (usize, usize)) -> Vec<f32> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let at = |vector: usize, k: usize| if rows <= columns { w[vector * columns + k] } else { w[k * columns + vector] };
    let product = |one, other| (0..length).map(|k| at(one, k) * at(other, k)).sum();
    (0..count).flat_map(|one| (0..count).map(move |other| product(one, other))).collect()
}

#[test]
fn orthogonal_kernels_have_the_products_of_keras() {
    for case in cases(&keras(), "orthogonal") {
        let settings = case["settings"].as_object().unwrap();
        let set = |kind: Orthogonal, (name, value): (&String, &Value)| kind.with(name, numbers(value)[0]).unwrap();
        let w = filled(&settings.iter().fold(Orthogonal, set), shape(case));
        assert_near(&products(&w, shape(case)), &numbers(&case["products"]), 0.0, 1e-5, &case.to_string());
    }
}

/// Mean and standard deviation.
fn statistics(w: &[f32]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "60,000 weights")]
    let count = w.len() as f64;
    let mean = w.iter().map(|&w| f64::from(w)).sum::<f64>() / count;
    let variance = w.iter().map(|&w| (f64::from(w) - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

#[test]
fn every_initializer_has_the_statistics_of_that_of_pytorch() {
    for case in cases(&torch(), "initializers") {
        let w = filled(&initializer(case), shape(case));
        let (mean, deviation) = statistics(&w);
        let expected = |name: &str| case[name].as_f64().unwrap();
        // Of 60,000 numbers the mean is known to 0.4 % of the deviation and the deviation to 0.3 %: five times that, twice.
        assert!((mean - expected("mean")).abs() <= 0.03 * expected("stddev") + 1e-6, "{case}: mean {mean}");
        assert!((deviation - expected("stddev")).abs() <= 0.02 * expected("stddev") + 1e-6, "{case}: {deviation}");
        if case["least"].is_number() {
            let least = w.iter().copied().fold(f32::INFINITY, f32::min);
            let most = w.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let tolerance = 0.01 * expected("stddev") + 1e-6;
            let is_near = |found: f32, name: &str| (f64::from(found) - expected(name)).abs() <= tolerance;
            assert!(is_near(least, "least") && is_near(most, "most"), "{case}: {least} to {most}");
        }
    }
}
