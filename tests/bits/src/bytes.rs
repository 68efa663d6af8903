//! Networks of bytes: each kind of layer, kernels plain and packed, both roundings, over inputs with and without zeros.

use nn_core::int8::table::{self, Table};
use nn_core::int8::{Clamp, DenseOutput, Multiplier, Quantization, Requantization, Rounding, Softmax, packed};
use nn_core::int8::{fold_zero_point, unfold_zero_point};
use nn_core::layer::Layer;
use nn_core::layer::int8::{Dense, Dequantize, Mapped, PackedDense, Quantize};
use nn_core::random::{Purpose, Stream};

use crate::digest::Digest;

const IN: usize = 37;
const UNITS: usize = 11;
const OUT: usize = 6;

/// Samples of each network.
const SAMPLES: u32 = 50;

/// Weights of a dense layer in both forms.
struct Weights<const I: usize, const O: usize, const WORDS: usize> {
    kernel: [[i8; I]; O],
    folded: [i32; O],
    packed: [u32; WORDS],
    bias: [i32; O],
    multipliers: [Multiplier; O],
}

impl<const I: usize, const O: usize, const WORDS: usize> Weights<I, O, WORDS> {
    /// Random weights behind inputs with this zero point.
    fn random(stream: &mut Stream, zero_point: i8) -> Option<Self> {
        let kernel = core::array::from_fn(|_| core::array::from_fn(|_| byte(stream).max(-127)));
        let mut bias: [i32; O] = core::array::from_fn(|_| 30 * i32::from(byte(stream)));
        let mut multipliers = [Multiplier::default(); O];
        for multiplier in &mut multipliers {
            *multiplier = Multiplier::from_parts((stream.word() >> 2).cast_signed() + (1 << 30), -9)?;
        }
        let mut folded = bias;
        fold_zero_point(zero_point, kernel.as_flattened(), &mut folded);
        bias = folded;
        unfold_zero_point(zero_point, kernel.as_flattened(), &mut bias); // as it was
        let mut words = [0; WORDS];
        packed::pack(kernel.as_flattened(), I, &mut words).ok()?;
        Some(Self { kernel, folded, packed: words, bias, multipliers })
    }

    fn output(&self, zero_point: i8, rounding: Rounding) -> DenseOutput<'_> {
        DenseOutput { multipliers: &self.multipliers, zero_point, clamp: Clamp::NONE, rounding }
    }
}

/// Adds the outputs of networks of bytes; `None` if their parts did not go together.
pub(crate) fn infer(digest: &mut Digest) -> Option<()> {
    let stream = &mut Stream::new(4, Purpose::Shuffle, 0, 0);
    let input = Quantization::new(0.01, -20).ok()?;
    let between = Quantization::new(0.05, 3).ok()?;
    let other = Quantization::new(0.04, -7).ok()?;
    let first = Weights::<IN, UNITS, { packed::words(IN, UNITS) }>::random(stream, input.zero_point())?;
    let second = Weights::<UNITS, OUT, { packed::words(UNITS, OUT) }>::random(stream, other.zero_point())?;
    let table: Table = core::array::from_fn(|_| byte(stream));
    let change = Mapped::new(Requantization::new(between, other).ok()?);
    let end = || Some(Mapped::new(Softmax::new(between, 1.0).ok()?).then(Dequantize::new(Quantization::PROBABILITY)));
    for rounding in [Rounding::Tflm, Rounding::Litert] {
        let outputs = (first.output(between.zero_point(), rounding), second.output(between.zero_point(), rounding));
        let plain = Quantize::<IN>::new(input)
            .then(Dense::<IN, UNITS>::new(&first.kernel, &first.folded, outputs.0).ok()?)
            .then(Mapped::new(&table))
            .then(change)
            .then(Dense::<UNITS, OUT>::new(&second.kernel, &second.folded, outputs.1).ok()?)
            .then(end()?);
        let packed = Quantize::<IN>::new(input)
            .then(PackedDense::<IN, UNITS>::new(&first.packed, &first.bias, input.zero_point(), outputs.0).ok()?)
            .then(Mapped::new(&table))
            .then(change)
            .then(PackedDense::<UNITS, OUT>::new(&second.packed, &second.bias, other.zero_point(), outputs.1).ok()?)
            .then(end()?);
        for _ in 0..SAMPLES {
            let x = core::array::from_fn(|_| if stream.below(2) == 0 { 0.0 } else { 2.5 * stream.uniform() - 1.25 });
            digest.add(&packed.predict(&x));
            digest.add(&plain.predict(&x));
        }
    }
    // The exponentials are what a table of them holds.
    let softmax = Softmax::new(between, 1.0).ok()?;
    let mut values = core::array::from_fn::<i8, UNITS, _>(|_| byte(stream));
    let mut by_table = values;
    softmax.forward(&mut values);
    nn_core::int8::softmax(&softmax.exponentials(), &mut by_table);
    table::apply(&table, &mut by_table);
    values.into_iter().chain(by_table).for_each(|byte| digest.add_bytes(&byte.to_le_bytes()));
    Some(())
}

/// A random byte.
fn byte(stream: &mut Stream) -> i8 {
    let [byte, ..] = stream.word().to_le_bytes();
    byte.cast_signed()
}
