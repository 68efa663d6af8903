//! Weights of 4 bits, two in a byte: a dense layer of bytes whose kernel takes half the flash.
//!
//! A kernel is packed as TensorFlow Lite packs one of type `INT4`: its weights, `[OUT][IN]`, stand one behind the other in
//! halves of bytes, the lower half first, so that with an odd number of inputs every other row starts in the middle of a
//! byte. They are symmetric, −7 … 7; a half can also hold −8. All else is as with weights of 8 bits: the arithmetic is that
//! of TensorFlow Lite's `FULLY_CONNECTED`, version 10, which unpacks the weights and goes on as in version 4.

use super::DenseOutput;

/// The least and the greatest weight.
const RANGE: core::ops::RangeInclusive<i8> = -8..=7;

/// The bytes of a packed kernel.
///
/// ```
/// use nn_core::int8::int4::size;
/// assert_eq!((size(784, 30), size(3, 3)), (11_760, 5));
/// ```
#[must_use]
pub const fn size(inputs: usize, outputs: usize) -> usize {
    inputs.saturating_mul(outputs).div_ceil(2)
}

/// Packs weights, the first of two in the lower half of a byte; half a byte that is left over is 0.
///
/// # Shapes
/// - `w`: `[N]`, `packed`: `[N / 2]`, rounded up; slices of unequal length are cut to the shortest
///
/// # Errors
/// [`RangeError`] where a weight is not in −8 … 7.
///
/// ```
/// let mut packed = [0; 2];
/// nn_core::int8::int4::pack(&[1, -1, 7], &mut packed)?;
/// assert_eq!(packed, [0xf1, 0x07]);
/// # Ok::<(), nn_core::int8::int4::RangeError>(())
/// ```
pub fn pack(w: &[i8], packed: &mut [u8]) -> Result<(), RangeError> {
    if let Some((index, &weight)) = w.iter().enumerate().find(|(_, weight)| !RANGE.contains(weight)) {
        return Err(RangeError { index, weight });
    }
    for (byte, pair) in packed.iter_mut().zip(w.chunks(2)) {
        let mut halves = pair.iter().map(|weight| weight.cast_unsigned() & 0xf);
        *byte = halves.next().unwrap_or_default() | halves.next().unwrap_or_default() << 4;
    }
    Ok(())
}

/// The weights of packed bytes in their order; of an odd number of weights the last half is to be left out.
///
/// ```
/// let weights = nn_core::int8::int4::unpack(&[0xf1, 0x07]).take(3);
/// assert!(weights.eq([1, -1, 7]));
/// ```
pub fn unpack(packed: &[u8]) -> impl Iterator<Item = i8> {
    packed.iter().flat_map(|&byte| [lower(byte), upper(byte)])
}

/// The output of a dense layer with a packed kernel, the same bytes as from [`dense`](super::dense()) with the weights
/// unpacked.
///
/// The bias has the input's zero point in it. Slices of unequal length are cut to the shortest.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[size(IN, OUT)]`, `b`: `[OUT]`, `z`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, int4};
/// let mut w = [0; int4::size(3, 2)];
/// int4::pack(&[1, 2, 3, -5, -6, -7], &mut w)?;
/// let multipliers = [Multiplier::new(0.5)?, Multiplier::new(0.25)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let mut z = [0; 2];
/// int4::dense(&[1, 2, 3], &w, &[6, -2], &output, &mut z);
/// assert_eq!(z, [11, -9]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[inline]
pub fn dense(x: &[i8], w: &[u8], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
    let rows = w.len().saturating_mul(2).checked_div(x.len()).unwrap_or_default();
    let multipliers = output.multipliers.iter().cycle();
    for (row, ((z, &b), &multiplier)) in z.iter_mut().zip(b).zip(multipliers).take(rows).enumerate() {
        *z = output.byte(multiplier, add_product(b, x, w, row * x.len()));
    }
}

/// b + Σₖ x[k] · w[first + k].
#[inline]
pub(crate) fn add_product(b: i32, x: &[i8], w: &[u8], first: usize) -> i32 {
    let w = w.get(first / 2..).unwrap_or_default();
    if first.is_multiple_of(2) {
        return add_whole(b, x, w);
    }
    match (x, w) {
        ([x, others @ ..], [byte, w @ ..]) => add_whole(add(b, *x, upper(*byte)), others, w),
        _ => b,
    }
}

/// The same for weights that start with a whole byte.
#[inline]
fn add_whole(b: i32, x: &[i8], w: &[u8]) -> i32 {
    let (pairs, last) = x.as_chunks::<2>();
    let of_pairs = pairs
        .iter()
        .zip(w)
        .fold(b, |sum, (&[first, second], &byte)| add(add(sum, first, lower(byte)), second, upper(byte)));
    last.iter().zip(w.iter().skip(pairs.len())).fold(of_pairs, |sum, (&x, &byte)| add(sum, x, lower(byte)))
}

#[inline]
fn add(sum: i32, x: i8, w: i8) -> i32 {
    sum.wrapping_add(i32::from(x) * i32::from(w))
}

/// The first weight of a byte, its sign in the highest bit.
#[inline]
const fn lower(byte: u8) -> i8 {
    (byte << 4).cast_signed() >> 4
}

/// The second weight of a byte.
#[inline]
const fn upper(byte: u8) -> i8 {
    byte.cast_signed() >> 4
}

/// A weight that four bits do not hold.
///
/// ```
/// let error = nn_core::int8::int4::pack(&[7, 8], &mut [0]).unwrap_err();
/// assert_eq!(error.to_string(), "weight 1 is 8, one of 4 bits is in -8 to 7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("weight {index} is {weight}, one of 4 bits is in -8 to 7")]
pub struct RangeError {
    /// Its place among all weights.
    pub index: usize,
    /// The weight.
    pub weight: i8,
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::super::{Clamp, Multiplier, Rounding};
    use super::{DenseOutput, RangeError, dense, pack, size, unpack};
    use crate::random::{Purpose, Stream};

    fn bytes(stream: &mut Stream, count: usize) -> Vec<i8> {
        (0..count).map(|_| stream.word().to_le_bytes()[0].cast_signed()).collect()
    }

    #[test]
    fn every_weight_is_unpacked_as_it_was_packed() {
        let weights: Vec<i8> = (-8..=7).collect();
        for length in 0..=weights.len() {
            let mut packed = vec![0; size(length, 1)];
            pack(&weights[..length], &mut packed).unwrap();
            assert!(unpack(&packed).take(length).eq(weights[..length].iter().copied()));
        }
        assert_eq!(pack(&[0, -9], &mut [0]), Err(RangeError { index: 1, weight: -9 }));
    }

    #[test]
    fn sums_are_those_of_unpacked_weights_in_rows_of_any_length() {
        let stream = &mut Stream::new(1, Purpose::Shuffle, 0, 0);
        let multipliers = [1, 2, 3, 4, 5].map(|channel| Multiplier::new(f64::from(channel) * 0.01).unwrap());
        let output =
            DenseOutput { multipliers: &multipliers, zero_point: -3, clamp: Clamp::NONE, rounding: Rounding::Tflm };
        for inputs in 1..40 {
            let x = bytes(stream, inputs);
            let w: Vec<i8> = bytes(stream, 5 * inputs).into_iter().map(|w| w >> 4).collect();
            let mut packed = vec![0; size(inputs, 5)];
            pack(&w, &mut packed).unwrap();
            let (mut expected, mut found) = ([0; 5], [0; 5]);
            let b = [100, -200, 300, 0, 1];
            super::super::dense(&x, &w, &b, &output, &mut expected);
            dense(&x, &packed, &b, &output, &mut found);
            assert_eq!(found, expected, "{inputs} inputs");
        }
    }

    #[test]
    fn nothing_fails_on_slices_that_do_not_go_together() {
        let multipliers = [Multiplier::new(1.0).unwrap()];
        let output =
            DenseOutput { multipliers: &multipliers, zero_point: 0, clamp: Clamp::NONE, rounding: Rounding::Tflm };
        let mut z = [9; 3];
        dense(&[], &[0x11], &[], &output, &mut z);
        dense(&[1, 1, 1], &[0x11], &[0; 3], &output, &mut z);
        assert_eq!(z, [9; 3]);
        dense(&[1, 1, 1], &[0x11, 0x11], &[0; 3], &output, &mut z);
        assert_eq!(z, [3, 9, 9]);
        dense(&[1], &[0x21], &[0; 2], &output, &mut z);
        assert_eq!(z, [1, 2, 9]);
    }
}
