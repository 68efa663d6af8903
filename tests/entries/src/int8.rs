//! Inference in bytes, on slices whose lengths may not go together.

use nn_core::activation::{AnyActivation, LeakyRelu};
use nn_core::int8::{
    self, Clamp, DenseOutput, Exponentials, FakeQuantization, Multiplier, MultiplierError, Quantization,
    QuantizationError, Requantization, Rounding, Softmax, int4, packed, table, target,
};

entries! {
    fn quantization(scale: f32, zero_point: i8) -> Result<Quantization, QuantizationError> {
        Quantization::new(scale, zero_point)
    }
    fn quantize(quantization: Quantization, x: f32) -> i8 { quantization.quantize(x) }
    fn dequantize(quantization: Quantization, q: i8) -> f32 { quantization.dequantize(q) }
    fn scale(quantization: Quantization) -> f32 { quantization.scale() }
    fn zero_point(quantization: Quantization) -> i8 { quantization.zero_point() }

    fn fake_quantization(quantization: Quantization) -> FakeQuantization { FakeQuantization::of(quantization) }
    fn fake_round(fake: FakeQuantization, x: f32) -> f32 { fake.round(x) }
    fn fake_forward(fake: FakeQuantization, x: &mut [f32]) { fake.forward(x) }
    fn fake_backward(fake: FakeQuantization, x: &[f32], d: &mut [f32]) { fake.backward(x, d) }
    fn log_scale_gradient(fake: FakeQuantization, x: &[f32], d: &[f32]) -> f32 { fake.log_scale_gradient(x, d) }
    fn round_weights(w: &[f32], most: u8, scales: &mut [f32], rounded: &mut [f32]) {
        int8::round_weights(w, most, scales, rounded);
    }

    fn multiplier(real: f64) -> Result<Multiplier, MultiplierError> { Multiplier::new(real) }
    fn multiplier_of_dense(
        input: Quantization,
        weight_scale: f32,
        output: Quantization,
    ) -> Result<Multiplier, MultiplierError> {
        Multiplier::dense(input, weight_scale, output)
    }
    fn from_parts(mantissa: i32, exponent: i8) -> Option<Multiplier> { Multiplier::from_parts(mantissa, exponent) }
    fn mantissa(multiplier: Multiplier) -> i32 { multiplier.mantissa() }
    fn exponent(multiplier: Multiplier) -> i8 { multiplier.exponent() }
    fn apply(multiplier: Multiplier, rounding: Rounding, accumulator: i32) -> i32 {
        multiplier.apply(rounding, accumulator)
    }

    fn clamp_of(least: i8, greatest: i8) -> Option<Clamp> { Clamp::new(least, greatest) }
    fn least(clamp: Clamp) -> i8 { clamp.least() }
    fn greatest(clamp: Clamp) -> i8 { clamp.greatest() }
    fn relu(output: Quantization) -> Clamp { Clamp::relu(output) }
    fn relu6(output: Quantization) -> Clamp { Clamp::relu6(output) }
    fn clamp(clamp: Clamp, value: i32) -> i8 { clamp.apply(value) }

    fn dense(x: &[i8], w: &[i8], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) { int8::dense(x, w, b, output, z) }
    fn fold_zero_point(zero_point: i8, w: &[i8], b: &mut [i32]) { int8::fold_zero_point(zero_point, w, b) }
    fn unfold_zero_point(zero_point: i8, w: &[i8], b: &mut [i32]) { int8::unfold_zero_point(zero_point, w, b) }
    fn has_dsp(target: &str) -> bool { target::has_dsp(target) }

    fn packed_words(inputs: usize, outputs: usize) -> usize { packed::words(inputs, outputs) }
    fn packed_pack(w: &[i8], inputs: usize, packed: &mut [u32]) -> Result<(), packed::PackError> {
        packed::pack(w, inputs, packed)
    }
    fn packed_unpack(packed: &[u32], inputs: usize, w: &mut [i8]) { packed::unpack(packed, inputs, w) }
    fn packed_dense(x: &[i8], w: &[u32], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
        packed::dense(x, 7, w, b, output, z)
    }

    fn int4_size(inputs: usize, outputs: usize) -> usize { int4::size(inputs, outputs) }
    fn int4_pack(w: &[i8], packed: &mut [u8]) -> Result<(), int4::RangeError> { int4::pack(w, packed) }
    fn int4_unpack(packed: &[u8], place: usize) -> Option<i8> { int4::unpack(packed).nth(place) }
    fn int4_dense(x: &[i8], w: &[u8], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
        int4::dense(x, w, b, output, z)
    }

    fn requantization(from: Quantization, to: Quantization) -> Result<Requantization, MultiplierError> {
        Requantization::new(from, to)
    }
    fn requantization_with_multiplier(multiplier: Multiplier, from: Quantization, to: Quantization) -> Requantization {
        Requantization::with_multiplier(multiplier, from, to)
    }
    fn requantization_multiplier(change: &Requantization) -> Multiplier { change.multiplier() }
    fn requantize(change: &Requantization, values: &mut [i8]) { change.apply(values) }

    fn softmax(input: Quantization, beta: f32) -> Result<Softmax, MultiplierError> { Softmax::new(input, beta) }
    fn with_multiplier(multiplier: Multiplier) -> Softmax { Softmax::with_multiplier(multiplier) }
    fn softmax_multiplier(softmax: &Softmax) -> Multiplier { softmax.multiplier() }
    fn softmax_forward(softmax: &Softmax, z: &mut [i8]) { softmax.forward(z) }
    fn exponentials(softmax: &Softmax) -> Exponentials { softmax.exponentials() }
    fn softmax_by_table(exponentials: &Exponentials, z: &mut [i8]) { int8::softmax(exponentials, z) }

    fn table_apply(table: &table::Table, values: &mut [i8]) { table::apply(table, values) }
    fn table_of(activation: AnyActivation, input: Quantization, output: Quantization) -> Option<table::Table> {
        table::of(activation, input, output)
    }
    fn tflm_sigmoid(input: Quantization) -> table::Table { table::tflm_sigmoid(input) }
    fn tflm_tanh(input: Quantization) -> table::Table { table::tflm_tanh(input) }
    fn leaky_relu(
        kind: LeakyRelu,
        input: Quantization,
        output: Quantization,
    ) -> Result<table::Table, MultiplierError> {
        table::leaky_relu(kind, input, output)
    }
    fn table_of_requantization(change: &Requantization) -> table::Table { table::requantization(change) }
}
