//! The graph of a `.tflite` file as it stands there: operators, tensors, constants; nothing is read before it is used.

use nn_core::int8::Quantization;

use super::error::{OperatorFault, TfliteError};
use super::flatbuffer::{Table, Tables};
use super::schema::{IDENTIFIER, OF_SHAPES, SUPPORTED, field, kind};

/// The most operators, as there are layers at most.
const MOST_OPERATORS: usize = 65_535;

/// The most sizes of a shape.
const MOST_DIMENSIONS: usize = 8;

/// The most tensors that an operator, of those that can be imported, takes or gives.
const MOST_ENDS: usize = 16;

/// The most outputs of a layer, as in the model file.
const MOST_UNITS: usize = nn_core::format::MOST_UNITS as usize;

/// The constants that operators take may have so many times the bytes of the file, for layers with the same constant share it.
const MOST_SHARING: usize = 16;

/// A file's first graph.
#[derive(Clone, Debug)]
pub(super) struct Graph<'b> {
    tensors: Tables<'b>,
    buffers: Tables<'b>,
    /// In the order in which they run.
    pub(super) operators: Vec<Operator<'b>>,
    /// The tensor that is the input.
    pub(super) input: usize,
    /// The tensor that is the output.
    pub(super) output: usize,
    /// Bytes of constants that may still be taken.
    budget: usize,
    /// No sample has more values than the file has bytes: a dense layer has a weight for each of them.
    most_units: usize,
}

/// An operator.
#[derive(Clone, Debug)]
pub(super) struct Operator<'b> {
    pub(super) code: i32,
    pub(super) version: i32,
    /// The tensors that it takes, −1 for one that is left out.
    pub(super) inputs: Vec<i32>,
    pub(super) outputs: Vec<i32>,
    pub(super) options: Option<Table<'b>>,
}

impl Operator<'_> {
    /// The tensor that is its input of this number, if it is there.
    pub(super) fn input(&self, number: usize) -> Option<usize> {
        usize::try_from(*self.inputs.get(number)?).ok()
    }

    /// Its only output.
    pub(super) fn output(&self) -> Result<usize, OperatorFault> {
        match self.outputs.as_slice() {
            [output] => usize::try_from(*output).map_err(|_| OperatorFault::Outputs { found: 0 }),
            outputs => Err(OperatorFault::Outputs { found: outputs.len() }),
        }
    }
}

/// A tensor: what flows between operators, or a constant.
#[derive(Clone, Debug)]
pub(super) struct Tensor<'b> {
    /// Which number values have.
    pub(super) kind: i8,
    /// The sizes, of which the first is that of the batch where there are more than one.
    shape: Vec<i32>,
    /// The bytes of a constant; empty for what flows.
    pub(super) data: &'b [u8],
    quantization: Option<Table<'b>>,
    most_units: usize,
}

impl<'b> Graph<'b> {
    /// The graph in the bytes of a file.
    pub(super) fn parse(bytes: &'b [u8]) -> Result<Self, TfliteError> {
        let model = Table::root(bytes, IDENTIFIER)?;
        let graph = model.tables(field::model::SUBGRAPHS)?.get(0)?;
        let codes = model.tables(field::model::OPERATOR_CODES)?;
        let operators = graph.tables(field::graph::OPERATORS)?;
        if operators.len() > MOST_OPERATORS {
            return Err(TfliteError::Operators { found: operators.len(), most: MOST_OPERATORS });
        }
        let operators = (0..operators.len()).map(|index| operator(index, &operators.get(index)?, &codes));
        Ok(Self {
            tensors: graph.tables(field::graph::TENSORS)?,
            buffers: model.tables(field::model::BUFFERS)?,
            operators: operators.collect::<Result<_, TfliteError>>()?,
            input: only("inputs", &graph.i32s(field::graph::INPUTS, MOST_ENDS)?)?,
            output: only("outputs", &graph.i32s(field::graph::OUTPUTS, MOST_ENDS)?)?,
            budget: bytes.len().saturating_mul(MOST_SHARING),
            most_units: bytes.len().min(MOST_UNITS),
        })
    }

    pub(super) fn tensor(&self, index: usize) -> Result<Tensor<'b>, OperatorFault> {
        let tensor = self.tensors.get(index)?;
        if tensor.table(field::tensor::SPARSITY)?.is_some() {
            return Err(OperatorFault::Sparse);
        }
        let buffer = self.buffers.get(tensor.u32(field::tensor::BUFFER, 0)? as usize)?;
        Ok(Tensor {
            kind: tensor.i8(field::tensor::TYPE, kind::FLOAT32)?,
            shape: tensor.i32s(field::tensor::SHAPE, MOST_DIMENSIONS)?,
            data: buffer.bytes(field::buffer::DATA)?.unwrap_or_default(),
            quantization: tensor.table(field::tensor::QUANTIZATION)?,
            most_units: self.most_units,
        })
    }

    /// Takes a constant's bytes from those that may be taken, so that a small file does not become a large model.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), OperatorFault> {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.ok_or(OperatorFault::Shared { times: MOST_SHARING })?;
        Ok(())
    }
}

fn operator<'b>(index: usize, table: &Table<'b>, codes: &Tables<'b>) -> Result<Operator<'b>, TfliteError> {
    let code = codes.get(table.u32(field::operator::CODE_INDEX, 0)? as usize)?;
    // Codes above 127 are in the newer field alone, older files have the older one alone.
    let old = i32::from(code.i8(field::operator_code::OLD_CODE, 0)?);
    let version = code.i32(field::operator_code::VERSION, 1)?;
    let code = old.max(code.i32(field::operator_code::CODE, 0)?);
    if !SUPPORTED.contains(&code) && !OF_SHAPES.contains(&code) {
        return Err(TfliteError::Unsupported { index, code });
    }
    Ok(Operator {
        code,
        version,
        inputs: table.i32s(field::operator::INPUTS, MOST_ENDS)?,
        outputs: table.i32s(field::operator::OUTPUTS, MOST_ENDS)?,
        options: table.table(field::operator::OPTIONS)?,
    })
}

fn only(what: &'static str, tensors: &[i32]) -> Result<usize, TfliteError> {
    let error = TfliteError::Ends { what, found: tensors.len() };
    match tensors {
        [tensor] => usize::try_from(*tensor).map_err(|_| error),
        _ => Err(error),
    }
}

impl Tensor<'_> {
    /// Values of a sample: all but the batch.
    pub(super) fn units(&self) -> Result<usize, OperatorFault> {
        let of_sample = if self.shape.len() > 1 { self.shape.get(1..) } else { Some(&*self.shape) };
        let mut sizes = of_sample.unwrap_or_default().iter().map(|size| usize::try_from(*size).ok());
        let units = sizes.try_fold(1, |units: usize, size| units.checked_mul(size?));
        let is_possible = |units: &usize| (1..=self.most_units).contains(units);
        let expected = "1 to 16,777,216 values, for which the file is large enough";
        units.filter(is_possible).ok_or_else(|| self.shape_fault("a tensor", expected))
    }

    /// The innermost size, along which softmax runs.
    pub(super) fn innermost(&self) -> Option<usize> {
        usize::try_from(*self.shape.last()?).ok()
    }

    /// Rows and columns.
    pub(super) fn matrix(&self, what: &'static str) -> Result<[usize; 2], OperatorFault> {
        let fault = || self.shape_fault(what, "[outputs, inputs], each 1 to 16,777,216");
        let &[rows, columns] = self.shape.as_slice() else { return Err(fault()) };
        let size = |size| usize::try_from(size).ok().filter(|size| (1..=MOST_UNITS).contains(size)).ok_or_else(fault);
        Ok([size(rows)?, size(columns)?])
    }

    pub(super) fn shape_fault(&self, what: &'static str, expected: &'static str) -> OperatorFault {
        OperatorFault::Shape { what, found: self.shape.clone(), expected }
    }

    /// The constant's values, of which there must be so many.
    pub(super) fn values<const N: usize, T>(
        &self,
        what: &'static str,
        expected: usize,
        decode: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, OperatorFault> {
        let (values, rest) = self.data.as_chunks();
        if values.len() != expected || !rest.is_empty() {
            let found = self.data.len();
            return Err(OperatorFault::Length { what, found, expected: expected.saturating_mul(N) });
        }
        Ok(values.iter().copied().map(decode).collect())
    }

    /// What bytes of what flows stand for. Unsigned ones are taken for signed ones of the same meaning, 128 below.
    pub(super) fn quantization(&self) -> Result<Quantization, OperatorFault> {
        let (scales, zero_point) = (self.scales(1)?, self.zero_points(1)?.first().copied().unwrap_or_default());
        let &[scale] = scales.as_slice() else {
            return Err(OperatorFault::Scales { what: "a tensor of bytes", found: 0, expected: 1 });
        };
        let below = if self.kind == kind::UINT8 { 128 } else { 0 };
        let zero_point = zero_point.checked_sub(below).and_then(|point| i8::try_from(point).ok());
        let zero_point =
            zero_point.ok_or(OperatorFault::ZeroPoint { what: "a tensor of bytes", expected: "one of its bytes" })?;
        Ok(Quantization::new(scale, zero_point)?)
    }

    pub(super) fn scales(&self, most: usize) -> Result<Vec<f32>, OperatorFault> {
        let scales = self.quantization.map(|quantization| quantization.f32s(field::quantization::SCALE, most));
        Ok(scales.transpose()?.unwrap_or_default())
    }

    pub(super) fn zero_points(&self, most: usize) -> Result<Vec<i64>, OperatorFault> {
        let points = self.quantization.map(|quantization| quantization.i64s(field::quantization::ZERO_POINT, most));
        Ok(points.transpose()?.unwrap_or_default())
    }

    /// The dimension along which there is a scale each.
    pub(super) fn scaled_dimension(&self) -> Result<i32, OperatorFault> {
        let dimension = self.quantization.map(|quantization| quantization.i32(field::quantization::DIMENSION, 0));
        Ok(dimension.transpose()?.unwrap_or_default())
    }
}
