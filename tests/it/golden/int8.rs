//! Inference in bytes, as TensorFlow Lite Micro and LiteRT compute it: every byte of every output.

use nn_core::activation::{AnyActivation, LeakyRelu, Sigmoid, Tanh};
use nn_core::int8::{
    Clamp, DenseOutput, Multiplier, Quantization, Requantization, Rounding, Softmax, dense, fold_zero_point, table,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::cases;

mod file;
mod int4;

/// The values of `golden/int8.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../golden/int8.json")).unwrap()
}

/// An interpreter, by its name in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Interpreter {
    Tflm,
    Litert,
}

impl Interpreter {
    pub(super) const ALL: [Self; 2] = [Self::Tflm, Self::Litert];

    pub(super) fn name(self) -> &'static str {
        if self == Self::Tflm { "tflm" } else { "litert" }
    }

    pub(super) fn rounding(self) -> Rounding {
        if self == Self::Tflm { Rounding::Tflm } else { Rounding::Litert }
    }
}

/// The bytes of the generator in `golden/int8_models.py`.
pub(super) fn generated(seed: usize, count: usize) -> Vec<i8> {
    let mut state = u32::try_from(seed).unwrap();
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0].cast_signed()
    };
    (0..count).map(|_| next()).collect()
}

/// A kernel `[OUT][IN]` by the recipe there.
fn kernel(seed: usize, inputs: usize, outputs: usize) -> Vec<i8> {
    let mut kernel = generated(seed, inputs * outputs);
    kernel.iter_mut().for_each(|w| *w = (*w).max(-127));
    kernel.chunks_exact_mut(inputs).for_each(|row| row[0] = 127);
    kernel
}

pub(super) fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[expect(clippy::cast_possible_truncation, reason = "the file holds f32 values")]
fn float(value: &Value) -> f32 {
    value.as_f64().unwrap() as f32
}

fn quantization(value: &Value) -> Quantization {
    let zero_point = i8::try_from(value["zero_point"].as_i64().unwrap()).unwrap();
    Quantization::new(float(&value["scale"]), zero_point).unwrap()
}

fn list<T>(value: &Value, item: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap().iter().map(item).collect()
}

/// An operator that has been made ready, as an interpreter has it.
enum Operator {
    Dense { w: Vec<i8>, b: Vec<i32>, multipliers: Vec<Multiplier>, zero_point: i8, clamp: Clamp, rounding: Rounding },
    Table(AnyActivation, table::Table),
    Requantization(Requantization),
    Softmax(f32, Softmax),
}

impl Operator {
    fn of(layer: &Value, interpreter: Interpreter) -> Self {
        let [input, output] = ["input", "output"].map(|side| quantization(&layer[side]));
        match (layer["operator"].as_str().unwrap(), interpreter) {
            ("dense", _) => Self::dense(layer, input, output, interpreter.rounding()),
            ("sigmoid", Interpreter::Tflm) => Self::Table(Sigmoid.into(), table::tflm_sigmoid(input)),
            ("sigmoid", Interpreter::Litert) => Self::float_table(Sigmoid.into(), input, output),
            ("tanh", Interpreter::Tflm) => Self::Table(Tanh.into(), table::tflm_tanh(input)),
            ("tanh", Interpreter::Litert) => Self::float_table(Tanh.into(), input, output),
            ("leaky_relu", _) => {
                let kind = LeakyRelu::new(float(&layer["slope"])).unwrap();
                Self::Table(kind.into(), table::leaky_relu(kind, input, output).unwrap())
            }
            ("requantize", _) => Self::Requantization(Requantization::new(input, output).unwrap()),
            ("softmax", _) => {
                let beta = layer.get("beta").map_or(1.0, float);
                Self::Softmax(beta, Softmax::new(input, beta).unwrap())
            }
            (name, _) => panic!("no operator {name}"),
        }
    }

    fn float_table(kind: AnyActivation, input: Quantization, output: Quantization) -> Self {
        Self::Table(kind, table::of(kind, input, output).unwrap())
    }

    fn dense(layer: &Value, input: Quantization, output: Quantization, rounding: Rounding) -> Self {
        let w = kernel(size(&layer["weights_seed"]), size(&layer["shape"][0]), size(&layer["shape"][1]));
        let mut b = list(&layer["bias"], |b| i32::try_from(b.as_i64().unwrap()).unwrap());
        fold_zero_point(input.zero_point(), &w, &mut b);
        let multiplier = |scale: &Value| Multiplier::dense(input, float(scale), output).unwrap();
        let clamp = match layer["activation"].as_str().unwrap() {
            "linear" => Clamp::NONE,
            "relu" => Clamp::relu(output),
            "relu6" => Clamp::relu6(output),
            name => panic!("no activation {name}"),
        };
        let multipliers = list(&layer["weight_scales"], multiplier);
        Self::Dense { w, b, multipliers, zero_point: output.zero_point(), clamp, rounding }
    }

    fn run(&self, mut x: Vec<i8>) -> Vec<i8> {
        match self {
            &Self::Dense { ref w, ref b, ref multipliers, zero_point, clamp, rounding } => {
                let mut z = vec![0; b.len()];
                dense(&x, w, b, &DenseOutput { multipliers, zero_point, clamp, rounding }, &mut z);
                return z;
            }
            Self::Table(_, table) => table::apply(table, &mut x),
            Self::Requantization(change) => change.apply(&mut x),
            Self::Softmax(_, softmax) => softmax.forward(&mut x),
        }
        x
    }
}

/// The outputs of layers one after the other, for inputs of the generator, or for every byte.
fn outputs(case: &Value, layers: &[Value], interpreter: Interpreter) -> Vec<i8> {
    let operators: Vec<_> = layers.iter().map(|layer| Operator::of(layer, interpreter)).collect();
    let run = |x: &[i8]| operators.iter().fold(x.to_vec(), |x, operator| operator.run(x));
    let Some(seed) = case.get("inputs_seed") else {
        return run(&(i8::MIN..=i8::MAX).collect::<Vec<_>>());
    };
    let length = size(case.get("length").unwrap_or(&case["layers"][0]["shape"][0]));
    generated(size(seed), size(&case["inputs"]) * length).chunks_exact(length).flat_map(run).collect()
}

/// Compares all outputs with an interpreter's, and says how many bytes there are.
fn check(case: &Value, layers: &[Value], computed: Interpreter, answered: Interpreter) -> usize {
    let found = outputs(case, layers, computed);
    let expected = &case[answered.name()];
    let what = format!("{computed:?} for {}: {}, {}", answered.name(), case["name"], layers[0]);
    let first = list(&expected["first"], |q| i8::try_from(q.as_i64().unwrap()).unwrap());
    assert_eq!(found[..first.len()], first, "{what}");
    let bytes: Vec<u8> = found.iter().map(|q| q.cast_unsigned()).collect();
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(expected["sha256"], hash, "{what}");
    found.len()
}

/// Compares all cases of a section, whose layers are themselves or in a list.
fn check_section(section: &str) -> usize {
    let reference = reference();
    let check_case = |case: &Value| {
        let layers = case.get("layers").map_or(vec![case.clone()], |layers| list(layers, Value::clone));
        Interpreter::ALL.map(|interpreter| check(case, &layers, interpreter, interpreter)).iter().sum::<usize>()
    };
    cases(&reference, section).iter().map(check_case).sum()
}

#[test]
fn every_network_gives_the_bytes_of_both_interpreters() {
    assert_eq!(check_section("networks"), 2 * 1000 * (4 * 10 + 2 * 640 + 2 * 9 + 2 * 3 + 2 * 5 + 1 + 2 * 12));
}

#[test]
fn every_network_gives_the_same_bytes_from_a_model_file() {
    let reference = reference();
    for case in cases(&reference, "networks") {
        let layers = case["layers"].as_array().unwrap();
        for interpreter in Interpreter::ALL {
            assert_eq!(
                file::outputs(case, layers, interpreter),
                outputs(case, layers, interpreter),
                "{}",
                case["name"]
            );
        }
    }
}

#[test]
fn every_table_has_the_bytes_of_both_interpreters() {
    assert_eq!(check_section("tables"), 2 * 256 * (2 * 40 + 60 + 2 * 60));
}

#[test]
fn sigmoid_and_tanh_differ_between_the_interpreters() {
    let reference = reference();
    for name in ["sigmoid", "tanh"] {
        let mut tables = cases(&reference, "tables").iter().filter(|case| case["operator"] == name);
        assert!(tables.any(|case| case["tflm"]["sha256"] != case["litert"]["sha256"]), "{name}");
    }
}

#[test]
fn sums_between_two_bytes_are_rounded_as_in_both_interpreters() {
    assert_eq!(check_section("dense"), 2 * 4 * 200 * 256);
}

#[test]
fn softmax_gives_the_bytes_of_both_interpreters() {
    assert_eq!(check_section("softmax"), 2 * 200 * 10 * (2 + 10 + 37 + 5));
}

/// The autoencoder with a scale for each output.
fn autoencoder(reference: &Value) -> &Value {
    cases(reference, "networks").iter().find(|case| case["name"] == "autoencoder by channel").unwrap()
}

#[test]
#[should_panic(expected = "Litert for tflm")]
fn the_other_rounding_is_found() {
    let reference = reference();
    let case = autoencoder(&reference);
    check(case, case["layers"].as_array().unwrap(), Interpreter::Litert, Interpreter::Tflm);
}

#[test]
fn the_roundings_differ_in_a_tenth_of_the_bytes_of_a_deep_network() {
    let reference = reference();
    let case = autoencoder(&reference);
    let layers = case["layers"].as_array().unwrap();
    let [twice, once] = Interpreter::ALL.map(|interpreter| outputs(case, layers, interpreter));
    let different = twice.iter().zip(&once).filter(|(twice, once)| twice != once).count();
    assert!(different > twice.len() / 10, "{different} of {}", twice.len());
}

#[test]
#[should_panic(expected = "Tflm for tflm")]
fn a_bias_that_is_off_by_one_step_of_the_output_is_found() {
    let mut reference = reference();
    let layers = &mut reference["networks"][0]["layers"];
    let step = 1.0
        / Multiplier::dense(
            quantization(&layers[0]["input"]),
            float(&layers[0]["weight_scales"][0]),
            quantization(&layers[0]["output"]),
        )
        .map(|m| f64::from(m.mantissa()) * 2.0_f64.powi(i32::from(m.exponent()) - 31))
        .unwrap();
    let bias = &mut layers[0]["bias"][0];
    #[expect(clippy::cast_possible_truncation, reason = "a step is some thousands")]
    let moved = bias.as_i64().unwrap() + step as i64;
    *bias = moved.into();
    let case = &reference["networks"][0];
    check(case, case["layers"].as_array().unwrap(), Interpreter::Tflm, Interpreter::Tflm);
}
