//! Tensors, buffers and operators as they are collected, and the table of the file that they become.

use nn_core::int8::Quantization;

use super::super::flatbuffer::Value;
use super::super::schema::{VERSION, kind};

/// What the file says of its maker.
const DESCRIPTION: &str = concat!("nn ", env!("CARGO_PKG_VERSION"));

/// What a tensor that flows holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Floats,
    Bytes(Quantization),
}

/// A constant with its shape.
#[derive(Clone, Debug)]
pub(super) struct Constant<'c> {
    pub(super) shape: Vec<usize>,
    pub(super) kind: i8,
    pub(super) bytes: &'c [u8],
    /// One a row, one for all, or none.
    pub(super) scales: Vec<f32>,
}

/// An operator beside what flows through it.
#[derive(Clone, Debug, Default)]
pub(super) struct Operator {
    pub(super) code: i32,
    pub(super) version: i32,
    /// The tensors that it takes besides.
    pub(super) constants: Vec<usize>,
    /// The kind of its options, and their fields.
    pub(super) options: Option<(i8, Vec<Value>)>,
}

/// The parts of a file.
#[derive(Debug)]
pub(super) struct Writer {
    codes: Vec<(i32, i32)>,
    tensors: Vec<Vec<Value>>,
    buffers: Vec<Vec<Value>>,
    operators: Vec<Vec<Value>>,
}

impl Default for Writer {
    /// Nothing but the empty buffer, which is that of all tensors that flow.
    fn default() -> Self {
        Self { codes: Vec::new(), tensors: Vec::new(), buffers: vec![Vec::new()], operators: Vec::new() }
    }
}

impl Writer {
    /// A tensor that flows, of batches of any size; its number.
    pub(super) fn flow(&mut self, name: &str, units: usize, side: Side) -> usize {
        let (kind, quantization) = match side {
            Side::Floats => (kind::FLOAT32, Value::Absent),
            Side::Bytes(q) => (kind::INT8, quantization(vec![q.scale()], q.zero_point().into())),
        };
        self.tensor(vec![
            Value::I32s(vec![1, int(units)]),
            Value::I8(kind),
            Value::U32(0),
            Value::Text(name.to_owned()),
            quantization,
            Value::Absent,
            Value::Absent,
            Value::I32s(vec![-1, int(units)]),
        ])
    }

    /// A tensor that is constant; its number.
    pub(super) fn constant(&mut self, name: &str, constant: Constant<'_>) -> usize {
        let buffer = self.buffers.len();
        self.buffers.push(vec![Value::Bytes(constant.bytes.to_vec())]);
        let has_scales = !constant.scales.is_empty();
        self.tensor(vec![
            Value::I32s(constant.shape.iter().map(|size| int(*size)).collect()),
            Value::I8(constant.kind),
            Value::U32(unsigned(buffer)),
            Value::Text(name.to_owned()),
            if has_scales { quantization(constant.scales, 0) } else { Value::Absent },
        ])
    }

    fn tensor(&mut self, fields: Vec<Value>) -> usize {
        self.tensors.push(fields);
        self.tensors.len() - 1
    }

    /// An operator between two tensors that flow.
    pub(super) fn operator(&mut self, operator: Operator, input: usize, output: usize) {
        let Operator { code, version, constants, options } = operator;
        let known = self.codes.iter().position(|known| *known == (code, version));
        let index = known.unwrap_or_else(|| {
            self.codes.push((code, version));
            self.codes.len() - 1
        });
        let inputs = [input].into_iter().chain(constants).map(int).collect();
        let [kind, fields] = match options {
            Some((kind, fields)) => [Value::I8(kind), Value::Table(fields)],
            None => [Value::Absent, Value::Absent],
        };
        let (inputs, outputs) = (Value::I32s(inputs), Value::I32s(vec![int(output)]));
        self.operators.push(vec![Value::U32(unsigned(index)), inputs, outputs, kind, fields]);
    }

    /// The table of the file, whose graph goes from the first tensor to this one.
    pub(super) fn finish(self, output: usize) -> Vec<Value> {
        let graph = vec![
            Value::Tables(self.tensors),
            Value::I32s(vec![0]),
            Value::I32s(vec![int(output)]),
            Value::Tables(self.operators),
            Value::Text("main".to_owned()),
        ];
        vec![
            Value::U32(VERSION),
            Value::Tables(self.codes.into_iter().map(operator_code).collect()),
            Value::Tables(vec![graph]),
            Value::Text(DESCRIPTION.to_owned()),
            Value::Tables(self.buffers),
        ]
    }
}

/// Older readers know the first field alone, in which codes above 127 stand as 127.
fn operator_code((code, version): (i32, i32)) -> Vec<Value> {
    let old = i8::try_from(code).unwrap_or(i8::MAX);
    vec![Value::I8(old), Value::Absent, Value::I32(version), Value::I32(code)]
}

/// Scales with the same zero point each, along the outermost dimension.
fn quantization(scales: Vec<f32>, zero_point: i64) -> Value {
    let points = vec![zero_point; scales.len()];
    Value::Table(vec![Value::Absent, Value::Absent, Value::F32s(scales), Value::I64s(points)])
}

/// A size or number; one that is too large is in a file that is refused as too large.
fn int(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn unsigned(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
