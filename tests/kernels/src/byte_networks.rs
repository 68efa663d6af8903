//! The networks that are measured, in bytes: the shapes of [`networks`](crate::networks), with kernels of either form.

use nn_core::int8::table::Table;
use nn_core::int8::{Clamp, DenseOutput, Exponentials, Multiplier, Quantization, Rounding, Softmax, int4, packed};
use nn_core::layer::Layer;
use nn_core::layer::int8::{Dense, Int4Dense, Mapped, PackedDense};
use nn_core::random::Stream;

use crate::bytes::prepare;

/// The zero point of the networks' inputs: a black pixel.
pub(crate) const BLACK: i8 = i8::MIN;

/// Weights of a layer in both forms, of so many words when packed.
pub(crate) struct Weights<const IN: usize, const OUT: usize, const WORDS: usize> {
    kernel: [[i8; IN]; OUT],
    packed: [u32; WORDS],
    /// Weights of 4 bits in the first half.
    halves: [[u8; IN]; OUT],
    bias: [i32; OUT],
    folded: [i32; OUT],
    multipliers: [Multiplier; OUT],
    zero_point: i8,
}

impl<const IN: usize, const OUT: usize, const WORDS: usize> Weights<IN, OUT, WORDS> {
    const EMPTY: Self = {
        let Some(zero) = Multiplier::from_parts(0, -1) else { panic!("0 is a multiplier") };
        Self {
            kernel: [[0; IN]; OUT],
            packed: [0; WORDS],
            halves: [[0; IN]; OUT],
            bias: [0; OUT],
            folded: [0; OUT],
            multipliers: [zero; OUT],
            zero_point: BLACK,
        }
    };

    /// Random weights, most of them small, and multipliers that take common sums to bytes.
    fn initialize(&mut self, stream: &mut Stream) -> Option<()> {
        let Self { kernel, packed, halves, bias, folded, multipliers, zero_point } = self;
        for w in kernel.as_flattened_mut() {
            *w = byte(stream) >> (stream.below(3));
        }
        kernel.as_flattened_mut().iter_mut().for_each(|w| *w = (*w).max(-127));
        for (byte, w) in halves.as_flattened_mut().iter_mut().zip(kernel.as_flattened()) {
            *byte = w.cast_unsigned();
        }
        bias.iter_mut().for_each(|b| *b = 10 * i32::from(byte(stream)));
        folded.copy_from_slice(bias);
        for multiplier in multipliers {
            *multiplier = Multiplier::from_parts((stream.word() >> 2).cast_signed() + (1 << 30), -9)?;
        }
        prepare(*zero_point, IN, kernel.as_flattened(), packed, folded)
    }

    fn output(&self, clamp: Clamp) -> DenseOutput<'_> {
        DenseOutput { multipliers: &self.multipliers, zero_point: BLACK, clamp, rounding: Rounding::Tflm }
    }
}

/// The form of weights.
pub(crate) trait Form {
    /// A layer with weights of this form.
    type Layer<'m, const IN: usize, const OUT: usize>: Layer<Input = [i8; IN], Output = [i8; OUT]>;

    /// The layer.
    fn layer<const IN: usize, const OUT: usize, const WORDS: usize>(
        weights: &Weights<IN, OUT, WORDS>,
        clamp: Clamp,
    ) -> Option<Self::Layer<'_, IN, OUT>>;
}

/// Plain weights.
pub(crate) enum Plain {}

impl Form for Plain {
    type Layer<'m, const IN: usize, const OUT: usize> = Dense<'m, IN, OUT>;

    fn layer<const IN: usize, const OUT: usize, const WORDS: usize>(
        weights: &Weights<IN, OUT, WORDS>,
        clamp: Clamp,
    ) -> Option<Dense<'_, IN, OUT>> {
        Dense::new(&weights.kernel, &weights.folded, weights.output(clamp)).ok()
    }
}

/// Weights of two rows in a word.
pub(crate) enum Packed {}

impl Form for Packed {
    type Layer<'m, const IN: usize, const OUT: usize> = PackedDense<'m, IN, OUT>;

    fn layer<const IN: usize, const OUT: usize, const WORDS: usize>(
        weights: &Weights<IN, OUT, WORDS>,
        clamp: Clamp,
    ) -> Option<PackedDense<'_, IN, OUT>> {
        PackedDense::new(&weights.packed, &weights.bias, weights.zero_point, weights.output(clamp)).ok()
    }
}

/// Weights of 4 bits.
pub(crate) enum Halves {}

impl Form for Halves {
    type Layer<'m, const IN: usize, const OUT: usize> = Int4Dense<'m, IN, OUT>;

    fn layer<const IN: usize, const OUT: usize, const WORDS: usize>(
        weights: &Weights<IN, OUT, WORDS>,
        clamp: Clamp,
    ) -> Option<Int4Dense<'_, IN, OUT>> {
        let kernel = weights.halves.as_flattened().get(..int4::size(IN, OUT))?;
        Int4Dense::new(kernel, &weights.folded, weights.output(clamp)).ok()
    }
}

/// Weights whose number of words follows from the shape.
macro_rules! weights {
    ($inputs:literal, $outputs:literal) => {
        Weights<$inputs, $outputs, { packed::words($inputs, $outputs) }>
    };
}

/// The weights of all networks; half a megabyte of zeros, for a static.
pub(crate) struct Networks {
    m1: (weights!(784, 30), weights!(30, 10)),
    sigmoid: Table,
    exponentials: Exponentials,
    m2: (weights!(784, 100), weights!(100, 10)),
    first: weights!(640, 128),
    /// Three of the encoder, three of the decoder.
    deep: [weights!(128, 128); 6],
    narrow: weights!(128, 8),
    wide: weights!(8, 128),
    last: weights!(128, 640),
}

impl Networks {
    pub(crate) const EMPTY: Self = Self {
        m1: (Weights::EMPTY, Weights::EMPTY),
        sigmoid: [0; 256],
        exponentials: [0; 256],
        m2: (Weights::EMPTY, Weights::EMPTY),
        first: Weights::EMPTY,
        deep: [const { Weights::EMPTY }; 6],
        narrow: Weights::EMPTY,
        wide: Weights::EMPTY,
        last: Weights::EMPTY,
    };

    pub(crate) fn initialize(&mut self, stream: &mut Stream) -> Option<()> {
        self.m1.0.initialize(stream)?;
        self.m1.1.initialize(stream)?;
        self.sigmoid.iter_mut().for_each(|entry| *entry = byte(stream));
        self.exponentials = Softmax::new(Quantization::new(0.05, BLACK).ok()?, 1.0).ok()?.exponentials();
        self.m2.0.initialize(stream)?;
        self.m2.1.initialize(stream)?;
        self.first.initialize(stream)?;
        self.deep.iter_mut().try_for_each(|weights| weights.initialize(stream))?;
        self.narrow.initialize(stream)?;
        self.wide.initialize(stream)?;
        self.last.initialize(stream)
    }

    /// 784-30 sigmoid-10 softmax.
    pub(crate) fn m1<F: Form>(&self) -> Option<impl Layer<Input = [i8; 784], Output = [i8; 10]>> {
        let hidden = F::layer(&self.m1.0, Clamp::NONE)?.then(Mapped::new(&self.sigmoid));
        Some(hidden.then(F::layer(&self.m1.1, Clamp::NONE)?).then(Mapped::new(&self.exponentials)))
    }

    /// 784-100 ReLU-10 softmax.
    pub(crate) fn m2<F: Form>(&self) -> Option<impl Layer<Input = [i8; 784], Output = [i8; 10]>> {
        let hidden = F::layer(&self.m2.0, relu()?)?;
        Some(hidden.then(F::layer(&self.m2.1, Clamp::NONE)?).then(Mapped::new(&self.exponentials)))
    }

    /// 640-128×4-8-128×4-640, ReLU, linear output.
    pub(crate) fn m3<F: Form>(&self) -> Option<impl Layer<Input = [i8; 640], Output = [i8; 640]>> {
        let relu = relu()?;
        let [a, b, c, d, e, f] = &self.deep;
        let encoder = F::layer(&self.first, relu)?.then(F::layer(a, relu)?).then(F::layer(b, relu)?);
        let code = encoder.then(F::layer(c, relu)?).then(F::layer(&self.narrow, relu)?);
        let decoder = F::layer(&self.wide, relu)?.then(F::layer(d, relu)?).then(F::layer(e, relu)?);
        Some(code.then(decoder.then(F::layer(f, relu)?).then(F::layer(&self.last, Clamp::NONE)?)))
    }
}

fn relu() -> Option<Clamp> {
    Quantization::new(0.1, BLACK).ok().map(Clamp::relu)
}

/// A random byte.
pub(crate) fn byte(stream: &mut Stream) -> i8 {
    let [byte, ..] = stream.word().to_le_bytes();
    byte.cast_signed()
}
