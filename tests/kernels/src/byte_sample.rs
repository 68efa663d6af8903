//! Layers of bytes to try: inputs that are zero, alone and many in a row, sums as large as can be, each kind of output.
#![expect(clippy::indexing_slicing, reason = "a program that cannot go on has failed")]

use nn_core::int8::{Clamp, DenseOutput, Multiplier, Quantization, Rounding, int4, packed};
use nn_core::random::{Purpose, Stream};

use crate::bytes::{Given, LARGEST, LONGEST, WIDEST, prepare};

/// Inputs with the same share of zeros, one behind the other.
const STRETCH: usize = 20;

/// How large weights and inputs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    /// A few steps, so that many sums are in the middle of two bytes.
    Small,
    Any,
    /// At the ends of their ranges.
    Extreme,
}

/// What numbers are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    size: Size,
    /// A multiplier for each output, else one for all.
    per_channel: bool,
    /// Multipliers up to 2³⁰, else below ½.
    are_large: bool,
    rounding: Rounding,
}

impl Pattern {
    /// Every pattern.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let sizes = [Size::Small, Size::Any, Size::Extreme].into_iter();
        sizes.flat_map(|size| (0..8_u8).map(move |bits| Self::of(size, bits)))
    }

    fn of(size: Size, bits: u8) -> Self {
        Self {
            size,
            per_channel: bits & 1 != 0,
            are_large: bits & 2 != 0,
            rounding: if bits & 4 == 0 { Rounding::Tflm } else { Rounding::Litert },
        }
    }
}

/// Room for a layer and its input.
pub(crate) struct Numbers {
    x: [i8; LONGEST],
    w: [i8; LARGEST],
    packed: [u32; LARGEST / 2],
    halves: [u8; LARGEST / 2],
    b: [i32; WIDEST],
    folded: [i32; WIDEST],
    multipliers: [Multiplier; WIDEST],
    layers: u32,
}

impl Numbers {
    pub(crate) const EMPTY: Self = Self {
        x: [0; LONGEST],
        w: [0; LARGEST],
        packed: [0; LARGEST / 2],
        halves: [0; LARGEST / 2],
        b: [0; WIDEST],
        folded: [0; WIDEST],
        multipliers: [match Multiplier::from_parts(0, 0) {
            Some(zero) => zero,
            None => panic!("0 is a multiplier"),
        }; WIDEST],
        layers: 0,
    };

    /// Another layer of this shape and its input.
    pub(crate) fn fill(&mut self, pattern: Pattern, inputs: usize, outputs: usize) -> Option<Given<'_>> {
        self.layers += 1;
        let stream = &mut Stream::new(u64::from(self.layers), Purpose::Shuffle, 0, 0);
        let Self { x, w, packed, halves, b, folded, multipliers, .. } = self;
        let (x, w) = (&mut x[..inputs], &mut w[..inputs * outputs]);
        let (packed, b) = (&mut packed[..packed::words(inputs, outputs)], &mut b[..outputs]);
        let (folded, multipliers) =
            (&mut folded[..outputs], &mut multipliers[..if pattern.per_channel { outputs } else { 1 }]);
        let zero_point =
            if pattern.size == Size::Extreme { [i8::MIN, i8::MAX][below(stream, 2)] } else { byte(stream) };
        fill_inputs(stream, pattern.size, zero_point, x);
        fill_weights(stream, pattern.size, inputs, w);
        b.iter_mut().for_each(|b| *b = bias(stream, pattern.size));
        folded.copy_from_slice(b);
        prepare(zero_point, inputs, w, packed, folded)?;
        let halves = &mut halves[..int4::size(inputs, outputs)];
        pack_halves(w, halves);
        for multiplier in &mut *multipliers {
            *multiplier = self::multiplier(stream, pattern)?;
        }
        let output =
            DenseOutput { multipliers, zero_point: byte(stream), clamp: clamp(stream)?, rounding: pattern.rounding };
        Some(Given { x, zero_point, w, packed, halves, b, folded, output })
    }
}

/// Weights in 4 bits: their upper halves, or they themselves if they are small.
fn pack_halves(w: &[i8], halves: &mut [u8]) {
    let are_small = w.iter().all(|w| (-8..8).contains(w));
    let half = |w: &i8| (if are_small { *w } else { *w >> 4 }).cast_unsigned() & 0xf;
    for (byte, pair) in halves.iter_mut().zip(w.chunks(2)) {
        *byte = pair.iter().rev().fold(0, |byte, w| byte << 4 | half(w));
    }
}

/// So many of four are the zero point, in each stretch; extreme inputs are as far from it as can be.
fn fill_inputs(stream: &mut Stream, size: Size, zero_point: i8, x: &mut [i8]) {
    for stretch in x.chunks_mut(STRETCH) {
        let zeros_of_four = if size == Size::Extreme { 0 } else { below(stream, 5) };
        for x in stretch {
            let other = match size {
                Size::Small => zero_point.saturating_add(byte(stream) >> 5),
                Size::Any => byte(stream),
                Size::Extreme if zero_point < 0 => i8::MAX,
                Size::Extreme => i8::MIN,
            };
            *x = if below(stream, 4) < zeros_of_four { zero_point } else { other };
        }
    }
}

/// Extreme weights have one sign in a row.
fn fill_weights(stream: &mut Stream, size: Size, inputs: usize, w: &mut [i8]) {
    for row in w.chunks_mut(inputs) {
        let sign = if below(stream, 2) == 0 { 1 } else { -1 };
        row.iter_mut().for_each(|w| {
            *w = match size {
                Size::Small => byte(stream) >> 6,
                Size::Any => byte(stream).max(-127),
                Size::Extreme => 127 * sign,
            }
        });
    }
}

fn bias(stream: &mut Stream, size: Size) -> i32 {
    match (size, below(stream, 8)) {
        (Size::Extreme, 0) => i32::MAX,
        (Size::Extreme, 1) => i32::MIN,
        (Size::Extreme, 2) => stream.word().cast_signed(),
        (Size::Small, _) => i32::from(byte(stream)) >> 3,
        _ => i32::from(byte(stream)) * 64,
    }
}

/// Any, or one that takes common sums to bytes.
fn multiplier(stream: &mut Stream, pattern: Pattern) -> Option<Multiplier> {
    let mantissa = (stream.word() >> 1).cast_signed();
    let mantissa = if below(stream, 3) == 0 { 1 << 30 } else { mantissa };
    let any = below(stream, if pattern.are_large { 62 } else { 31 });
    let common = match pattern.size {
        Size::Small => 28 + below(stream, 3),
        _ => 18 + below(stream, 8),
    };
    let exponent = if below(stream, 4) == 0 { any } else { common };
    Multiplier::from_parts(mantissa, i8::try_from(exponent).ok()? - 31)
}

fn clamp(stream: &mut Stream) -> Option<Clamp> {
    let output = Quantization::new(0.1, byte(stream)).ok()?;
    Some([Clamp::NONE, Clamp::relu(output), Clamp::relu6(output)][below(stream, 3)])
}

fn byte(stream: &mut Stream) -> i8 {
    let [byte, ..] = stream.word().to_le_bytes();
    byte.cast_signed()
}

fn below(stream: &mut Stream, limit: u8) -> usize {
    usize::from(limit) * usize::from(byte(stream).cast_unsigned()) / 256
}
