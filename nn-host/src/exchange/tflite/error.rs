//! Why a `.tflite` file cannot be imported: what stops it, where, and what is supported instead.

use nn_core::SettingError;
use nn_core::format::FormatError;
use nn_core::int8::{MultiplierError, QuantizationError};

use super::flatbuffer::FlatBufferError;
use super::schema::{SUPPORTED, fused_name, kind_name, operator_name};

/// Why a file is no model that can be imported.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TfliteError {
    /// It is no `.tflite` file, or a damaged one.
    #[error("the file is no TensorFlow Lite model, or damaged")]
    File(#[from] FlatBufferError),
    /// More operators than layers can be.
    #[error("the graph has {found} operators, at most {most} can be imported")]
    Operators {
        /// In the file.
        found: usize,
        /// A model's layers.
        most: usize,
    },
    /// Not one input, or not one output.
    #[error("the graph has {found} {what}, one can be imported")]
    Ends {
        /// Inputs or outputs.
        what: &'static str,
        /// How many.
        found: usize,
    },
    /// Nothing leads from the input to the output.
    #[error("the output is not computed from the input: no operator gives tensor {tensor}")]
    Unconnected {
        /// Where the way back ends.
        tensor: usize,
    },
    /// An operator that gives what it takes.
    #[error("the operators before the output go in a circle")]
    Circle,
    /// An operator that is no layer here.
    #[error("operator {index} is {}; only dense graphs can be imported: {}", operator_name(*code), supported())]
    Unsupported {
        /// Its position in the graph, from 0.
        index: usize,
        /// Which one.
        code: i32,
    },
    /// An operator that has something that cannot be imported.
    #[error("operator {index} ({}): {fault}", operator_name(*code))]
    Operator {
        /// Its position in the graph, from 0.
        index: usize,
        /// Which one.
        code: i32,
        /// What.
        fault: OperatorFault,
    },
    /// The graph's input or output cannot be imported.
    #[error("the graph's {what}: {fault}")]
    End {
        /// Input or output.
        what: &'static str,
        /// What.
        fault: OperatorFault,
    },
    /// The layers make no model.
    #[error("the graph makes no model")]
    Model(#[from] FormatError),
}

/// What cannot be imported of an operator.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OperatorFault {
    /// The file is damaged there.
    #[error("the file is damaged: {0}")]
    File(#[from] FlatBufferError),
    /// Not one output.
    #[error("it has {found} outputs, expected 1")]
    Outputs {
        /// How many.
        found: usize,
    },
    /// An input that is not there.
    #[error("{what} is missing")]
    Missing {
        /// Which one.
        what: &'static str,
    },
    /// Two inputs that are computed.
    #[error(
        "both inputs are computed, or none; a constant is expected beside what flows, for only chains of layers can be imported"
    )]
    Branch,
    /// Values of a type that there is no layer for.
    #[error("{what} is of {}, expected {expected}", kind_name(*found))]
    Kind {
        /// Which tensor.
        what: &'static str,
        /// The number of the type.
        found: i8,
        /// What can be imported.
        expected: &'static str,
    },
    /// A shape that no layer has.
    #[error("{what} has the shape {found:?}, expected {expected}")]
    Shape {
        /// Which tensor.
        what: &'static str,
        /// Its sizes.
        found: Vec<i32>,
        /// What can be imported.
        expected: &'static str,
    },
    /// Another number of values than flow.
    #[error("{what} has {found} values a sample, expected {expected}: a layer takes all values of a sample at once")]
    Units {
        /// Which tensor.
        what: &'static str,
        /// Its values.
        found: usize,
        /// What flows.
        expected: usize,
    },
    /// A constant of another size.
    #[error("{what} has {found} bytes, its shape needs {expected}")]
    Length {
        /// Which tensor.
        what: &'static str,
        /// Bytes in the file.
        found: usize,
        /// By its shape.
        expected: usize,
    },
    /// Another number of scales.
    #[error("{what} has {found} scales, expected {expected}")]
    Scales {
        /// Which tensor.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many it must have.
        expected: usize,
    },
    /// A zero point that cannot be.
    #[error("{what} has a zero point, expected {expected}")]
    ZeroPoint {
        /// Which tensor.
        what: &'static str,
        /// What can be imported.
        expected: &'static str,
    },
    /// Another quantization than the activation has.
    #[error("{what} has scale {} and zero point {}, expected {expected}", found.scale(), found.zero_point())]
    Quantization {
        /// Which tensor.
        what: &'static str,
        /// What it has.
        found: nn_core::int8::Quantization,
        /// What it must have.
        expected: &'static str,
    },
    /// Weights with most zeros left out.
    #[error("a tensor is sparse; dense ones can be imported")]
    Sparse,
    /// Many layers with the same constant.
    #[error("more than {times} times the constants of the file are used, because operators share them")]
    Shared {
        /// The most.
        times: usize,
    },
    /// A version with a meaning that is not known here.
    #[error("it is of version {found}, versions 1 to {newest} can be imported")]
    Version {
        /// In the file.
        found: i32,
        /// The newest one.
        newest: i32,
    },
    /// An activation that there is no layer for.
    #[error("its activation is {}, expected NONE, RELU, RELU6 or RELU_N1_TO_1", fused_name(*found))]
    Fused {
        /// Its number.
        found: i8,
    },
    /// Something that has no form here.
    #[error("{what}; {nearest}")]
    Form {
        /// What.
        what: &'static str,
        /// What is supported and does nearly the same.
        nearest: &'static str,
    },
    /// A scale that is none.
    #[error(transparent)]
    Scale(#[from] QuantizationError),
    /// Scales that are too far apart.
    #[error(transparent)]
    Multiplier(#[from] MultiplierError),
    /// A setting that the activation cannot have.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

fn supported() -> String {
    SUPPORTED.map(operator_name).join(", ")
}
