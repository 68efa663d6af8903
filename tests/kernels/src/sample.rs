//! Numbers to try: ordinary, large and subnormal ones, zeros of both signs, alone and many in a row.

use nn_core::random::{Purpose, Stream};

/// The largest magnitude: sums of a thousand products of two stay finite.
const LARGE: f32 = 1e17;

/// Numbers with the same share of zeros, one behind the other.
const STRETCH: usize = 20;

/// Numbers of every kind, from a stream of this seed.
pub(crate) fn fill(numbers: &mut [f32], seed: u64) {
    let mut stream = Stream::new(seed, Purpose::Shuffle, 0, 0);
    for stretch in numbers.chunks_mut(STRETCH) {
        let zeros_of_four = stream.below(5);
        for x in stretch {
            let sign = if stream.below(2) == 0 { 1.0 } else { -1.0 };
            let is_zero = stream.below(4) < zeros_of_four;
            *x = sign * if is_zero { 0.0 } else { not_zero(&mut stream) };
        }
    }
}

/// The same without negative zeros, as weights are.
pub(crate) fn fill_weights(numbers: &mut [f32], seed: u64) {
    fill(numbers, seed);
    numbers.iter_mut().for_each(|w| *w += 0.0);
}

fn not_zero(stream: &mut Stream) -> f32 {
    match stream.below(6) {
        0 => f32::MIN_POSITIVE * stream.uniform(),
        1 => LARGE * stream.uniform(),
        _ => stream.uniform(),
    }
}
