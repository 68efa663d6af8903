//! The numbers of TensorFlow Lite's schema, version 3: fields of tables, operators, types of values.
//!
//! Source: `tensorflow/compiler/mlir/lite/schema/schema.fbs`.

/// What a file begins with, behind the place of its first table.
pub(crate) const IDENTIFIER: [u8; 4] = *b"TFL3";

/// The version of the schema.
pub(crate) const VERSION: u32 = 3;

/// Fields by their numbers.
pub(crate) mod field {
    pub(crate) mod model {
        pub(crate) const OPERATOR_CODES: usize = 1;
        pub(crate) const SUBGRAPHS: usize = 2;
        pub(crate) const BUFFERS: usize = 4;
    }

    pub(crate) mod operator_code {
        pub(crate) const OLD_CODE: usize = 0;
        pub(crate) const VERSION: usize = 2;
        pub(crate) const CODE: usize = 3;
    }

    pub(crate) mod graph {
        pub(crate) const TENSORS: usize = 0;
        pub(crate) const INPUTS: usize = 1;
        pub(crate) const OUTPUTS: usize = 2;
        pub(crate) const OPERATORS: usize = 3;
    }

    pub(crate) mod operator {
        pub(crate) const CODE_INDEX: usize = 0;
        pub(crate) const INPUTS: usize = 1;
        pub(crate) const OUTPUTS: usize = 2;
        pub(crate) const OPTIONS: usize = 4;
    }

    pub(crate) mod tensor {
        pub(crate) const SHAPE: usize = 0;
        pub(crate) const TYPE: usize = 1;
        pub(crate) const BUFFER: usize = 2;
        pub(crate) const QUANTIZATION: usize = 4;
        pub(crate) const SPARSITY: usize = 6;
    }

    pub(crate) mod buffer {
        pub(crate) const DATA: usize = 0;
    }

    pub(crate) mod quantization {
        pub(crate) const SCALE: usize = 2;
        pub(crate) const ZERO_POINT: usize = 3;
        pub(crate) const DIMENSION: usize = 6;
    }

    pub(crate) mod fully_connected {
        pub(crate) const ACTIVATION: usize = 0;
        pub(crate) const WEIGHTS_FORMAT: usize = 1;
    }

    /// Of options that hold one thing: β of softmax, α of leaky ReLU, whether GELU is approximate, the activation of
    /// sums and products.
    pub(crate) const ONLY: usize = 0;
}

/// The kinds of options, of those operators that have some.
pub(crate) mod options {
    pub(crate) const FULLY_CONNECTED: i8 = 8;
    pub(crate) const SOFTMAX: i8 = 9;
    pub(crate) const MUL: i8 = 21;
    pub(crate) const SUB: i8 = 28;
    pub(crate) const LEAKY_RELU: i8 = 75;
}

/// Operators by their codes.
pub(crate) mod code {
    pub(crate) const ADD: i32 = 0;
    pub(crate) const DEQUANTIZE: i32 = 6;
    pub(crate) const FULLY_CONNECTED: i32 = 9;
    pub(crate) const LOGISTIC: i32 = 14;
    pub(crate) const MUL: i32 = 18;
    pub(crate) const RELU: i32 = 19;
    pub(crate) const RELU_N1_TO_1: i32 = 20;
    pub(crate) const RELU6: i32 = 21;
    pub(crate) const RESHAPE: i32 = 22;
    pub(crate) const SOFTMAX: i32 = 25;
    pub(crate) const TANH: i32 = 28;
    pub(crate) const SUB: i32 = 41;
    pub(crate) const SQUEEZE: i32 = 43;
    pub(crate) const STRIDED_SLICE: i32 = 45;
    pub(crate) const LOG_SOFTMAX: i32 = 50;
    pub(crate) const EXPAND_DIMS: i32 = 70;
    pub(crate) const SHAPE: i32 = 77;
    pub(crate) const PACK: i32 = 83;
    pub(crate) const LEAKY_RELU: i32 = 98;
    pub(crate) const ELU: i32 = 111;
    pub(crate) const QUANTIZE: i32 = 114;
    pub(crate) const HARD_SWISH: i32 = 117;
    pub(crate) const GELU: i32 = 150;
}

/// What dense graphs are made of.
pub(crate) const SUPPORTED: [i32; 20] = [
    code::FULLY_CONNECTED,
    code::RELU,
    code::RELU6,
    code::RELU_N1_TO_1,
    code::LEAKY_RELU,
    code::TANH,
    code::LOGISTIC,
    code::ELU,
    code::HARD_SWISH,
    code::GELU,
    code::SOFTMAX,
    code::LOG_SOFTMAX,
    code::QUANTIZE,
    code::DEQUANTIZE,
    code::RESHAPE,
    code::SQUEEZE,
    code::EXPAND_DIMS,
    code::ADD,
    code::SUB,
    code::MUL,
];

/// What computes the shape that a RESHAPE is told, and no value.
pub(crate) const OF_SHAPES: [i32; 3] = [code::SHAPE, code::STRIDED_SLICE, code::PACK];

/// Types of values by their numbers.
pub(crate) mod kind {
    pub(crate) const FLOAT32: i8 = 0;
    pub(crate) const INT32: i8 = 2;
    pub(crate) const UINT8: i8 = 3;
    pub(crate) const INT8: i8 = 9;
}

/// The name of a type of values.
pub(crate) fn kind_name(kind: i8) -> String {
    const NAMES: &str = "FLOAT32 FLOAT16 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT64 COMPLEX128 UINT64 \
        RESOURCE VARIANT UINT32 UINT16 INT4 BFLOAT16 INT2 UINT4";
    named(NAMES, kind.into())
}

/// Activations that are part of another operator, by their numbers.
pub(crate) mod fused {
    pub(crate) const NONE: i8 = 0;
    pub(crate) const RELU: i8 = 1;
    pub(crate) const RELU_N1_TO_1: i8 = 2;
    pub(crate) const RELU6: i8 = 3;
}

/// The name of an activation that is part of another operator.
pub(crate) fn fused_name(activation: i8) -> String {
    named("NONE RELU RELU_N1_TO_1 RELU6 TANH SIGN_BIT", activation.into())
}

/// The name of an operator.
pub(crate) fn operator_name(code: i32) -> String {
    named(OPERATORS, code)
}

fn named(names: &str, number: i32) -> String {
    let name = usize::try_from(number).ok().and_then(|number| names.split_whitespace().nth(number));
    name.map_or_else(|| format!("number {number}"), str::to_owned)
}

/// The names of all operators, in the order of their codes.
const OPERATORS: &str = "\
    ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR \
    FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC \
    LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX \
    SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD \
    UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE \
    UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE \
    BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL \
    LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT \
    RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT \
    UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR \
    LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK \
    ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 \
    NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL \
    PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS \
    HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE \
    READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL \
    GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2 \
    UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD STABLEHLO_DIVIDE \
    STABLEHLO_MULTIPLY STABLEHLO_MAXIMUM STABLEHLO_RESHAPE STABLEHLO_CLAMP STABLEHLO_CONCATENATE \
    STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION STABLEHLO_SLICE STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE \
    STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE STABLEHLO_EXPONENTIAL STABLEHLO_FLOOR STABLEHLO_LOG \
    STABLEHLO_MINIMUM STABLEHLO_NEGATE STABLEHLO_OR STABLEHLO_POWER STABLEHLO_REMAINDER STABLEHLO_RSQRT \
    STABLEHLO_SELECT STABLEHLO_SUBTRACT STABLEHLO_TANH STABLEHLO_SCATTER STABLEHLO_COMPARE STABLEHLO_CONVERT \
    STABLEHLO_DYNAMIC_SLICE STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA STABLEHLO_DOT_GENERAL \
    STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT STABLEHLO_WHILE STABLEHLO_GATHER STABLEHLO_TRANSPOSE DILATE \
    STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW STABLEHLO_COMPOSITE STABLEHLO_SHIFT_LEFT STABLEHLO_CBRT \
    STABLEHLO_CASE";

#[cfg(test)]
mod tests {
    use super::{code, kind, kind_name, operator_name};

    #[test]
    fn names_are_those_of_the_numbers() {
        let codes = [code::ADD, code::FULLY_CONNECTED, code::PACK, code::QUANTIZE, code::GELU, 209];
        let names = ["ADD", "FULLY_CONNECTED", "PACK", "QUANTIZE", "GELU", "STABLEHLO_CASE"];
        assert_eq!(codes.map(operator_name), names);
        assert_eq!([kind::FLOAT32, kind::INT8, 17].map(kind_name), ["FLOAT32", "INT8", "INT4"]);
        assert_eq!((operator_name(-1), operator_name(210)), ("number -1".to_owned(), "number 210".to_owned()));
    }
}
