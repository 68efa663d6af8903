//! What stops an import is named: graphs with one thing in them that there is no layer for.

use super::error::{OperatorFault, TfliteError};
use super::flatbuffer::{Value, write};
use super::import::import;
use super::schema::{IDENTIFIER, code};
use crate::exchange::ImportOptions;
use crate::model::Model;

const FLOAT32: i8 = 0;
const INT32: i8 = 2;
const UINT8: i8 = 3;
const INT8: i8 = 9;
const INT4: i8 = 17;

/// A tensor: its type, its sizes, its bytes if it is constant, its scales and zero points.
#[derive(Clone, Default)]
struct Tensor {
    kind: i8,
    shape: Vec<i32>,
    data: Vec<u8>,
    scales: Vec<f32>,
    zero_points: Vec<i64>,
}

/// An operator: its code, its version, its inputs, its output, the first fields of its options.
type Operator = (i32, i32, Vec<i32>, i32, Vec<Value>);

fn flow(kind: i8, units: i32) -> Tensor {
    let quantization = if kind == FLOAT32 { (vec![], vec![]) } else { (vec![0.5], vec![0]) };
    Tensor { kind, shape: vec![1, units], data: vec![], scales: quantization.0, zero_points: quantization.1 }
}

fn weights(kind: i8, shape: [i32; 2], bytes: usize) -> Tensor {
    Tensor { kind, shape: shape.to_vec(), data: vec![0; bytes], scales: vec![0.25], zero_points: vec![0] }
}

fn file(tensors: &[Tensor], operators: &[Operator], output: i32) -> Vec<u8> {
    let tensor = |(number, tensor): (u32, &Tensor)| {
        let quantization = vec![
            Value::Absent,
            Value::Absent,
            Value::F32s(tensor.scales.clone()),
            Value::I64s(tensor.zero_points.clone()),
        ];
        let shape = Value::I32s(tensor.shape.clone());
        vec![shape, Value::I8(tensor.kind), Value::U32(number), Value::Absent, Value::Table(quantization)]
    };
    let buffers = tensors.iter().map(|tensor| vec![Value::Bytes(tensor.data.clone())]).collect();
    let codes = operators
        .iter()
        .map(|operator| vec![Value::Absent, Value::Absent, Value::I32(operator.1), Value::I32(operator.0)]);
    let operator = |(number, (_, _, inputs, output, options)): (u32, &Operator)| {
        let options = if options.is_empty() { Value::Absent } else { Value::Table(options.clone()) };
        let (inputs, outputs) = (Value::I32s(inputs.clone()), Value::I32s(vec![*output]));
        vec![Value::U32(number), inputs, outputs, Value::Absent, options]
    };
    let graph = vec![
        Value::Tables((0..).zip(tensors).map(tensor).collect()),
        Value::I32s(vec![0]),
        Value::I32s(vec![output]),
        Value::Tables((0..).zip(operators).map(operator).collect()),
    ];
    let codes = Value::Tables(codes.collect());
    write(&[Value::U32(3), codes, Value::Tables(vec![graph]), Value::Absent, Value::Tables(buffers)], IDENTIFIER)
}

fn imported(tensors: &[Tensor], operators: &[Operator]) -> Result<Model, TfliteError> {
    let output = operators.last().map_or(0, |operator| operator.3);
    import(&file(tensors, operators, output), &ImportOptions::default())
}

/// A dense layer from tensor 0, with the weights 1, to tensor 2.
fn dense() -> Operator {
    (code::FULLY_CONNECTED, 4, vec![0, 1, -1], 2, vec![])
}

/// A good layer of 4 inputs and 3 outputs.
fn of_bytes() -> [Tensor; 3] {
    [flow(INT8, 4), weights(INT8, [3, 4], 12), flow(INT8, 3)]
}

fn message(tensors: &[Tensor], operators: &[Operator]) -> String {
    imported(tensors, operators).unwrap_err().to_string()
}

#[test]
fn a_good_layer_has_conversions_at_its_ends() {
    let model = imported(&of_bytes(), &[dense()]).unwrap();
    let kinds: Vec<_> = model.layers().iter().map(crate::layer::ModelLayer::description).collect();
    assert_eq!(kinds, ["Quantize", "Int8 dense linear, per tensor", "Dequantize"]);
}

#[test]
fn unsigned_bytes_at_the_ends_mean_the_same() {
    let [_, w, _] = of_bytes();
    let mut ends = [flow(UINT8, 4), flow(UINT8, 3)];
    ends.iter_mut().for_each(|end| end.zero_points = vec![128]);
    let [first, last] = ends;
    let tensors = [first, w, flow(INT8, 3), flow(INT8, 4), last];
    let operators = [
        (code::QUANTIZE, 1, vec![0], 3, vec![]),
        (code::FULLY_CONNECTED, 4, vec![3, 1, -1], 2, vec![]),
        (code::QUANTIZE, 1, vec![2], 4, vec![]),
    ];
    let model = imported(&tensors, &operators).unwrap();
    assert_eq!(model.layers(), imported(&of_bytes(), &[dense()]).unwrap().layers());
}

#[test]
fn operators_that_are_no_layers_are_named_with_what_is_supported() {
    let tensors = [flow(INT8, 4), weights(INT8, [3, 4], 12), flow(INT8, 3), flow(INT8, 3)];
    let error = message(&tensors, &[dense(), (3, 1, vec![2], 3, vec![])]);
    assert!(
        error.starts_with("operator 1 is CONV_2D; only dense graphs can be imported: FULLY_CONNECTED, RELU, "),
        "{error}"
    );
    let shapes = message(&tensors, &[dense(), (code::SHAPE, 1, vec![2], 3, vec![])]);
    assert_eq!(shapes, "operator 1 (SHAPE): it computes no layer; it may compute shapes");
}

#[test]
fn weights_are_symmetric_and_of_the_inputs_type() {
    let with = |change: &dyn Fn(&mut Tensor)| {
        let [x, mut w, a] = of_bytes();
        change(&mut w);
        message(&[x, w, a], &[dense()])
    };
    let asymmetric = with(&|w| w.zero_points = vec![3]);
    assert!(
        asymmetric.ends_with("has a zero point, expected symmetric weights, whose zero point is 0"),
        "{asymmetric}"
    );
    assert!(with(&|w| w.kind = INT4).ends_with("is of INT4, expected INT8 as its input"));
    assert!(with(&|w| w.data.truncate(11)).ends_with("has 11 bytes, its shape needs 12"));
    assert!(with(&|w| w.scales = vec![0.5, 0.5]).ends_with("has 2 scales, expected 3"));
    assert!(with(&|w| w.scales = vec![0.0]).ends_with("scale is 0, it must be finite and above 0"));
    assert!(with(&|w| w.shape = vec![3, 4, 1]).contains("has the shape [3, 4, 1], expected [outputs, inputs]"));
    let hybrid = message(&[flow(FLOAT32, 4), weights(INT8, [3, 4], 12), flow(FLOAT32, 3)], &[dense()]);
    assert!(hybrid.ends_with("for weights of bytes convert with a representative dataset"), "{hybrid}");
}

#[test]
fn layers_take_whole_samples() {
    let [mut x, w, a] = of_bytes();
    x.shape = vec![1, 2, 4];
    let rows = message(&[x, w, a], &[dense()]);
    assert!(rows.contains("its input has 8 values a sample, expected 4"), "{rows}");
    let mut image = flow(FLOAT32, 4);
    image.shape = vec![1, 2, 2];
    let part = message(&[image, flow(FLOAT32, 4)], &[(code::SOFTMAX, 1, vec![0], 1, vec![Value::F32(1.0)])]);
    assert!(part.contains("has the shape [1, 2, 2]"), "{part}");
}

#[test]
fn ways_that_are_no_chain_are_refused() {
    let tensors = [flow(FLOAT32, 4), flow(FLOAT32, 4), flow(FLOAT32, 4)];
    let relu = |input, output| (code::RELU, 1, vec![input], output, vec![]);
    let branch = imported(&tensors, &[relu(0, 1), (code::ADD, 1, vec![0, 1], 2, vec![])]);
    let fault = OperatorFault::Branch;
    assert_eq!(branch, Err(TfliteError::Operator { index: 1, code: code::ADD, fault }));
    assert_eq!(imported(&tensors, &[relu(1, 2), relu(2, 1)]), Err(TfliteError::Circle));
    assert_eq!(imported(&tensors, &[relu(1, 2)]), Err(TfliteError::Unconnected { tensor: 1 }));
}

#[test]
fn versions_and_activations_that_are_not_known_are_refused() {
    let version = message(&of_bytes(), &[(code::FULLY_CONNECTED, 13, vec![0, 1, -1], 2, vec![])]);
    assert_eq!(version, "operator 0 (FULLY_CONNECTED): it is of version 13, versions 1 to 12 can be imported");
    let tanh = message(&of_bytes(), &[(code::FULLY_CONNECTED, 4, vec![0, 1, -1], 2, vec![Value::I8(4)])]);
    assert!(tanh.ends_with("its activation is TANH, expected NONE, RELU, RELU6 or RELU_N1_TO_1"), "{tanh}");
    let swish = message(&[flow(INT8, 4), flow(INT8, 4)], &[(code::HARD_SWISH, 1, vec![0], 1, vec![])]);
    assert!(swish.ends_with("it can be imported in floats, and other activations in bytes"), "{swish}");
}

#[test]
fn constants_that_are_shared_have_an_end() {
    let units = 128;
    let mut tensors = vec![flow(INT8, units), weights(INT8, [units, units], 16_384)];
    let mut operators = Vec::new();
    for layer in 0..80 {
        let (from, to) = (if layer == 0 { 0 } else { layer + 1 }, layer + 2);
        tensors.push(flow(INT8, units));
        operators.push((code::FULLY_CONNECTED, 4, vec![from, 1, -1], to, vec![]));
    }
    let error = imported(&tensors, &operators).map(drop).unwrap_err();
    assert!(error.to_string().ends_with("are used, because operators share them"), "{error}");
    let few = file(&tensors, &operators, 4);
    assert_eq!(import(&few, &ImportOptions::default()).unwrap().layers().len(), 2 + 3);
}

#[test]
fn a_small_file_cannot_claim_a_large_model() {
    let error = message(&[flow(FLOAT32, 1 << 24), flow(FLOAT32, 1 << 24)], &[(code::RELU, 1, vec![0], 1, vec![])]);
    assert!(error.ends_with("expected 1 to 16,777,216 values, for which the file is large enough"), "{error}");
}

#[test]
fn a_bias_of_another_type_or_size_is_refused() {
    let [x, w, a] = of_bytes();
    let with = |kind, bytes| {
        let bias = Tensor { kind, shape: vec![3], data: vec![0; bytes], ..Default::default() };
        message(&[x.clone(), w.clone(), a.clone(), bias], &[(code::FULLY_CONNECTED, 4, vec![0, 1, 3], 2, vec![])])
    };
    assert!(with(INT32, 8).ends_with("its bias has 8 bytes, its shape needs 12"));
    assert!(with(FLOAT32, 12).ends_with("its bias is of FLOAT32, expected INT32"));
}
