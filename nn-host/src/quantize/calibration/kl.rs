//! The range whose bytes have a distribution nearest to that of the values: least Σ p · ln(p / q), as in NVIDIA's 8-bit
//! inference (Migacz, 2017).
//!
//! p are the values with those beyond the range at its ends; q is what is left of them when all within a byte look alike.

use nn_core::math;

use super::{Histogram, Range, narrowed};

/// The best range for these values.
pub(super) fn range(histogram: &Histogram) -> Range {
    narrowed(histogram.range(), |range| divergence(histogram, range))
}

/// Σ p · ln(p / q) over the bins within a range.
fn divergence(histogram: &Histogram, range: Range) -> f64 {
    let (low, high) = (f64::from(range.low), f64::from(range.high));
    let (mut p, mut kept) = (Vec::new(), Vec::new());
    let (mut below, mut above) = (0.0, 0.0);
    for (x, count) in histogram.bins() {
        if x < low {
            below += count;
        } else if x > high {
            above += count;
        } else {
            p.push(count);
            kept.push((byte(x, low, high), count));
        }
    }
    p.first_mut().into_iter().for_each(|first| *first += below);
    p.last_mut().into_iter().for_each(|last| *last += above);
    relative_entropy(&p, &evened(&kept))
}

/// The byte of a number, from 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the quotient is in 0 … 255")]
fn byte(x: f64, low: f64, high: f64) -> u8 {
    ((x - low) / (high - low) * 255.0 + 0.5) as u8
}

/// The counts with those of each byte spread evenly over its bins that were seen.
fn evened(bins: &[(u8, f64)]) -> Vec<f64> {
    let mut evened = Vec::with_capacity(bins.len());
    for of_byte in bins.chunk_by(|a, b| a.0 == b.0) {
        let (sum, seen) = of_byte
            .iter()
            .filter(|(_, count)| *count > 0.0)
            .fold((0.0, 0.0), |(sum, seen), (_, count)| (sum + count, seen + 1.0));
        evened.extend(of_byte.iter().map(|(_, count)| if *count > 0.0 { sum / seen } else { 0.0 }));
    }
    evened
}

/// Σ p · ln(p / q) of two lists of counts; where only q has nothing, a millionth of all stands for it.
fn relative_entropy(p: &[f64], q: &[f64]) -> f64 {
    let (of_p, of_q) = (p.iter().sum::<f64>(), q.iter().sum::<f64>());
    if of_p == 0.0 || of_q == 0.0 {
        return f64::INFINITY;
    }
    let seen = p.iter().zip(q).filter(|(p, _)| **p > 0.0);
    seen.map(|(p, q)| {
        let (p, q) = (p / of_p, (q / of_q).max(1e-6));
        p * logarithm(p / q)
    })
    .sum()
}

/// In the digits of an f32, which are enough to compare ranges.
#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
fn logarithm(x: f64) -> f64 {
    math::ln(x as f32).into()
}

#[cfg(test)]
mod tests {
    use super::{Histogram, Range, range};

    #[test]
    fn few_far_values_are_clipped_and_even_ones_are_not() {
        let widest = Range { low: 0.0, high: 1.0 };
        let even: Vec<f32> = (0..20_480).map(|k| k as f32 / 20_480.0).collect();
        let mut histogram = Histogram::new(widest);
        histogram.add(&even);
        assert!(range(&histogram).high > 0.95);
        let mut far = Histogram::new(widest);
        for k in 0..100_000 {
            let x = k as f32 / 100_000.0;
            far.add(&[0.4 * x * x]);
        }
        far.add(&[1.0]);
        assert!(range(&far).high < 0.8, "{:?}", range(&far));
    }
}
