//! Values from Keras, PyTorch, scikit-learn and TensorFlow Lite, made by the scripts in `golden/`.

/// Activations and their gradients.
mod activations;
/// Clipping, weight decay, penalties.
mod adjusted;
/// Fake quantization and its gradients, by PyTorch and TensorFlow.
mod fake_quantize;
/// Distributions of initial weights.
mod initializers;
/// Inference in bytes, by both interpreters of TensorFlow Lite.
mod int8;
/// Normalizations and parametric ReLU.
mod layers;
/// Losses and their gradients.
mod losses;
/// Metrics and curves.
mod metrics;
/// Ten steps of every optimizer rule.
mod optimizers;
/// Learning rates.
mod schedules;
/// Files of TensorFlow Lite's converter.
mod tflite;
/// Whole trainings by nn-host, after 1, 10 and 100 steps.
mod training;
/// The training of a typed network.
mod typed_training;

use serde_json::Value;

/// The values from Keras.
fn keras() -> Value {
    serde_json::from_str(include_str!("../golden/reference.json")).unwrap()
}

/// The values from PyTorch.
fn torch() -> Value {
    serde_json::from_str(include_str!("../golden/reference_torch.json")).unwrap()
}

/// Whole trainings by Keras.
fn keras_training() -> Value {
    serde_json::from_str(include_str!("../golden/training.json")).unwrap()
}

/// Whole trainings by PyTorch.
fn torch_training() -> Value {
    serde_json::from_str(include_str!("../golden/training_torch.json")).unwrap()
}

/// The cases of a section, each an object.
fn cases<'v>(reference: &'v Value, section: &str) -> &'v [Value] {
    let cases = reference[section].as_array().unwrap();
    assert!(!cases.is_empty(), "{section}");
    cases
}

/// The numbers of a list, or of a list of lists.
fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        #[expect(clippy::cast_possible_truncation, reason = "the file holds f32 values")]
        value => vec![value.as_f64().unwrap() as f32],
    }
}

/// The kind that a case names, with the case's settings.
fn kind<K, E: core::fmt::Debug>(
    case: &Value,
    from_name: impl Fn(&str) -> Option<K>,
    with: impl Fn(K, &str, f32) -> Result<K, E>,
) -> K {
    let kind = from_name(case["name"].as_str().unwrap()).unwrap();
    let settings = case["settings"].as_object().unwrap();
    settings.iter().fold(kind, |kind, (name, value)| with(kind, name, numbers(value)[0]).unwrap())
}

/// The size of a kernel, from a case.
fn shape(case: &Value) -> (usize, usize) {
    let size = |index: usize| usize::try_from(case["shape"][index].as_u64().unwrap()).unwrap();
    (size(0), size(1))
}

#[track_caller]
fn assert_near(found: &[f32], expected: &[f32], relative: f32, absolute: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs();
        assert!(error <= relative * expected.abs() + absolute, "{what}: {found} against {expected}");
    }
}
