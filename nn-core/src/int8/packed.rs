//! Weights of two rows in one word, 256 · A + B a halfword: what chips with SMLAD multiply without taking bytes apart.
//!
//! A chip that multiplies two pairs of 16-bit numbers at once (Cortex-M4, M7, M33) adds products with such words, and
//! products with the B in them, which one instruction extracts. The difference of the two sums is 256 · Σ A · x. That is
//! three instructions for four products, where taking bytes apart needs four. On other machines the packed form costs a
//! little; what comes out is the same everywhere, and the same as from plain weights.
//!
//! The zero point is subtracted from each input, not folded into the bias, so that inputs that stand for 0 can be skipped.

use super::DenseOutput;

/// Rows of a block: two pairs, whose words take turns.
const FOUR: usize = 4;

/// Inputs come in so many; where there are fewer, weights of 0 fill up.
const EIGHT: usize = 8;

/// Words of a pair of rows, two inputs each.
const fn words_of_rows(inputs: usize) -> usize {
    inputs.div_ceil(EIGHT) * (EIGHT / 2)
}

/// The same of a model file's numbers, which do not overflow.
pub(crate) const fn words_of_pair(inputs: u32) -> u32 {
    inputs.div_ceil(8) * 4
}

/// The number of words of a packed kernel.
///
/// ```
/// use nn_core::int8::packed::words;
/// assert_eq!(words(784, 30), 784 * 30 / 4);
/// assert_eq!(words(30, 9), 32 * 10 / 4); // inputs fill up to 8, outputs to 2
/// ```
#[must_use]
pub const fn words(inputs: usize, outputs: usize) -> usize {
    words_of_rows(inputs) * outputs.div_ceil(2)
}

/// Packs a kernel for [`dense`].
///
/// A word has two inputs of two rows, the first input in its lower half. Rows come in fours, of which the words of the
/// first and of the second pair take turns; what is left over comes in twos, one pair of rows behind the other.
///
/// # Shapes
/// - `w`: `[OUT][IN]`, `packed`: `[words(IN, OUT)]`; slices of unequal length are cut to the shortest
///
/// # Errors
/// [`PackError`] where a weight is −128 and that below it negative, which two bytes cannot hold.
///
/// ```
/// let mut packed = [0; 4];
/// nn_core::int8::packed::pack(&[1, 2, 3, 4, 5, 6], 3, &mut packed)?; // two rows of three
/// assert_eq!(packed, [0x0205_0104, 0x0000_0306, 0, 0]);
/// # Ok::<(), nn_core::int8::packed::PackError>(())
/// ```
pub fn pack(w: &[i8], inputs: usize, packed: &mut [u32]) -> Result<(), PackError> {
    let length = words_of_rows(inputs);
    let fours = chunks(w, FOUR * inputs).zip(packed.chunks_mut((2 * length).max(1)));
    for (first_row, (rows, packed)) in (0..).step_by(FOUR).zip(fours) {
        let is_four = rows.len() == FOUR * inputs;
        for (pair, rows) in chunks(rows, 2 * inputs).enumerate() {
            let (a, b) = rows.split_at_checked(inputs).unwrap_or_default();
            let (first, step) = place(is_four, pair, length);
            for (number, word) in packed.iter_mut().skip(first).step_by(step).take(length).enumerate() {
                let error = |input| PackError { row: first_row + 2 * pair, input };
                let half = |input| half(weight(a, input), weight(b, input)).ok_or(error(input));
                *word = u32::from(half(2 * number)?) | u32::from(half(2 * number + 1)?) << 16;
            }
        }
    }
    Ok(())
}

/// Takes apart what [`pack`] has packed.
///
/// # Shapes
/// - `packed`: `[words(IN, OUT)]`, `w`: `[OUT][IN]`; slices of unequal length are cut to the shortest
///
/// ```
/// let mut w = [0; 6];
/// nn_core::int8::packed::unpack(&[0x0205_0104, 0x0000_0306, 0, 0], 3, &mut w);
/// assert_eq!(w, [1, 2, 3, 4, 5, 6]);
/// ```
pub fn unpack(packed: &[u32], inputs: usize, w: &mut [i8]) {
    let length = words_of_rows(inputs);
    let fours = w.chunks_mut((FOUR * inputs).max(1)).zip(chunks(packed, 2 * length));
    for (rows, packed) in fours {
        let is_four = rows.len() == FOUR * inputs;
        for (row, w) in rows.chunks_mut(inputs.max(1)).enumerate() {
            for (w, weights) in w.chunks_mut(2).zip(weights_of(packed, row, is_four, length)) {
                w.iter_mut().zip(weights).for_each(|(w, weight)| *w = i8::try_from(weight).unwrap_or(i8::MAX));
            }
        }
    }
}

/// Whether a word is one that [`pack`] makes of some weights: the A of no half is 128.
pub(crate) fn is_word(word: u32) -> bool {
    a_of(word).into_iter().all(|a| i8::try_from(a).is_ok())
}

/// The weights of a row among the words of its four, in pairs.
fn weights_of(packed: &[u32], row: usize, is_four: bool, length: usize) -> impl Iterator<Item = [i32; 2]> {
    let (first, step) = place(is_four, row / 2, length);
    let words = packed.iter().skip(first).step_by(step).take(length);
    words.map(move |&word| if row.is_multiple_of(2) { a_of(word) } else { b_of(word) })
}

/// Chunks of so many values, of one where that is none.
fn chunks<T>(values: &[T], count: usize) -> core::slice::Chunks<'_, T> {
    values.chunks(count.max(1))
}

/// The first word of a pair of rows among those of its four, and the step to the next one.
const fn place(is_four: bool, pair: usize, length: usize) -> (usize, usize) {
    if is_four { (pair, 2) } else { (pair * length, 1) }
}

/// The weight of an input, or 0 beyond the last.
fn weight(row: &[i8], input: usize) -> i8 {
    row.get(input).copied().unwrap_or_default()
}

/// 256 · a + b, if that is a number of 16 bits.
fn half(a: i8, b: i8) -> Option<u16> {
    i16::try_from(256 * i32::from(a) + i32::from(b)).ok().map(i16::cast_unsigned)
}

/// The output of a dense layer with a packed kernel, the same bytes as from [`dense`](super::dense()).
///
/// The bias does not have the input's zero point in it. Slices of unequal length are cut to the shortest.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[words(IN, OUT)]`, `b`: `[OUT]`, `z`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, packed};
/// let mut w = [0; packed::words(3, 2)];
/// packed::pack(&[1, 2, 3, 40, 50, 60], 3, &mut w)?;
/// let multipliers = [Multiplier::new(0.5)?, Multiplier::new(0.1)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let mut z = [0; 2];
/// packed::dense(&[11, 12, 13], 10, &w, &[6, -20], &output, &mut z); // x − 10 is 1, 2, 3
/// assert_eq!(z, [11, 31]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn dense(x: &[i8], zero_point: i8, w: &[u32], b: &[i32], output: &DenseOutput<'_>, z: &mut [i8]) {
    let length = words_of_rows(x.len());
    let outputs = z.len().min(b.len());
    let z = z.get_mut(..outputs).unwrap_or_default();
    let mut multipliers = output.multipliers.iter().cycle();
    for ((z, b), w) in z.chunks_mut(FOUR).zip(b.chunks(FOUR)).zip(chunks(w, 2 * length)) {
        let is_four = z.len() == FOUR;
        for (row, ((z, &b), &multiplier)) in z.iter_mut().zip(b).zip(&mut multipliers).enumerate() {
            let sum = add_product(b, x, zero_point, weights_of(w, row, is_four, length));
            *z = output.byte(multiplier, sum);
        }
    }
}

/// b + Σₖ (x[k] − zero point) · w[k], where weights come in pairs.
fn add_product(b: i32, x: &[i8], zero_point: i8, weights: impl Iterator<Item = [i32; 2]>) -> i32 {
    let steps = |x: &i8| i32::from(*x) - i32::from(zero_point);
    x.chunks(2)
        .zip(weights)
        .fold(b, |sum, (x, w)| x.iter().zip(w).fold(sum, |sum, (x, w)| sum.wrapping_add(steps(x) * w)))
}

/// Both A of a word, (half − B) / 256.
fn a_of(word: u32) -> [i32; 2] {
    let [low, high] = halves(word);
    let [b_low, b_high] = b_of(word);
    [(low - b_low) >> 8, (high - b_high) >> 8]
}

/// Both B of a word.
fn b_of(word: u32) -> [i32; 2] {
    let [low, _, high, _] = word.to_le_bytes();
    [low, high].map(|byte| i32::from(byte.cast_signed()))
}

fn halves(word: u32) -> [i32; 2] {
    let [a, b, c, d] = word.to_le_bytes();
    [[a, b], [c, d]].map(|half| i32::from(i16::from_le_bytes(half)))
}

/// A weight that cannot be packed with the one below it: −128 in an even row, with a negative one in the next.
///
/// TensorFlow Lite has no weights of −128.
///
/// ```
/// use nn_core::int8::packed::pack;
/// let error = pack(&[0, -128, 0, -1], 2, &mut [0; 4]).unwrap_err();
/// assert_eq!(error.to_string(), "weight of row 0, input 1 is -128 over a negative one, it must be at least -127 to be packed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("weight of row {row}, input {input} is -128 over a negative one, it must be at least -127 to be packed")]
pub struct PackError {
    /// The output.
    pub row: usize,
    /// The input.
    pub input: usize,
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::{PackError, dense, is_word, pack, unpack, words};
    use crate::int8::{self, Clamp, DenseOutput, Multiplier, Rounding, fold_zero_point};
    use crate::random::{Purpose, Stream};

    fn bytes(stream: &mut Stream, count: usize, least: i8) -> Vec<i8> {
        (0..count).map(|_| i8::try_from(stream.below(256).cast_signed() - 128).unwrap().max(least)).collect()
    }

    #[test]
    fn packed_weights_give_the_bytes_of_plain_ones() {
        let mut stream = Stream::new(3, Purpose::Shuffle, 0, 0);
        for (inputs, outputs) in (0..20).flat_map(|inputs| (0..14).map(move |outputs| (inputs, outputs))) {
            let (w, x) = (bytes(&mut stream, inputs * outputs, -127), bytes(&mut stream, inputs, -128));
            let mut folded: Vec<i32> =
                bytes(&mut stream, outputs, -128).into_iter().map(|b| 99 * i32::from(b)).collect();
            let b = folded.clone();
            let multipliers: Vec<_> =
                (1..=outputs).map(|o| Multiplier::new(0.0007 * f64::from(u8::try_from(o).unwrap())).unwrap()).collect();
            let multipliers = if inputs % 2 == 0 { &multipliers[..outputs.min(1)] } else { &multipliers };
            for rounding in [Rounding::Tflm, Rounding::Litert] {
                let output = DenseOutput { multipliers, zero_point: -3, clamp: Clamp::NONE, rounding };
                let [mut expected, mut found] = [(); 2].map(|()| vec![99; outputs]);
                folded.clone_from(&b);
                fold_zero_point(-77, &w, &mut folded);
                int8::dense(&x, &w, &folded, &output, &mut expected);
                let mut packed = vec![0; words(inputs, outputs)];
                pack(&w, inputs, &mut packed).unwrap();
                dense(&x, -77, &packed, &b, &output, &mut found);
                assert!(packed.iter().copied().all(is_word));
                let mut unpacked = vec![99; w.len()];
                unpack(&packed, inputs, &mut unpacked);
                assert_eq!(unpacked, w, "{outputs}x{inputs}");
                assert!(found == expected || inputs == 0, "{outputs}x{inputs}: {found:?} {expected:?}");
            }
        }
    }

    #[test]
    fn what_two_bytes_cannot_hold_is_refused_by_its_place() {
        let mut packed = [0; words(2, 6)];
        let mut w = [0; 12];
        (w[9], w[11]) = (-128, 0);
        assert_eq!(pack(&w, 2, &mut packed), Ok(()));
        w[11] = -1;
        assert_eq!(pack(&w, 2, &mut packed), Err(PackError { row: 4, input: 1 }));
        (w[9], w[11]) = (-127, -128);
        assert_eq!(pack(&w, 2, &mut packed), Ok(()));
    }

    #[test]
    fn a_word_of_no_weights_is_known() {
        assert_eq!([0x7f7f_8000, 0x7f80_0000, 0x0000_7fff, 0xffff_807f].map(is_word), [true, false, false, true]);
    }

    #[test]
    fn nothing_fails_on_slices_that_do_not_go_together() {
        let one = [Multiplier::new(1.0).unwrap()];
        let output = DenseOutput { multipliers: &one, zero_point: 0, clamp: Clamp::NONE, rounding: Rounding::Tflm };
        let mut z = [9; 3];
        dense(&[], 0, &[], &[], &output, &mut z);
        dense(&[1], 0, &[], &[1, 2, 3], &output, &mut z);
        dense(&[1], 0, &[1], &[], &output, &mut z);
        assert_eq!(z, [9; 3]);
        unpack(&[1], 0, &mut []);
        unpack(&[], 0, &mut [1]);
        unpack(&[1], 2, &mut [1]);
        unpack(&[0x7fff], 1, &mut [1]);
        assert_eq!(pack(&[], 0, &mut []), Ok(()));
        assert_eq!(pack(&[1], 0, &mut [1]), Ok(()));
        assert_eq!(pack(&[1], 2, &mut []), Ok(()));
    }
}
