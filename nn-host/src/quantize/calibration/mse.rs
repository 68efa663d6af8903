//! The range with the least mean square error, E (x̂ − x)², of rounding within it and clipping beyond it.

use super::{Histogram, Range, narrowed};

/// The best range for these values.
pub(super) fn range(histogram: &Histogram) -> Range {
    narrowed(histogram.range(), |range| square_error(histogram, range))
}

/// The sum of the squared errors; that of rounding is its mean over a step, scale² / 12.
fn square_error(histogram: &Histogram, range: Range) -> f64 {
    let (low, high) = (f64::from(range.low), f64::from(range.high));
    let scale = (high - low) / 255.0;
    let of_rounding = scale * scale / 12.0;
    let error = |x: f64| {
        let beyond = x - x.clamp(low, high);
        // What is clipped is not rounded.
        if beyond.abs() > scale / 2.0 { beyond * beyond } else { of_rounding }
    };
    histogram.bins().map(|(x, count)| count * error(x)).sum()
}

#[cfg(test)]
mod tests {
    use super::{Histogram, Range, range};

    #[test]
    fn a_far_value_is_clipped_and_even_ones_are_not() {
        let widest = Range { low: 0.0, high: 100.0 };
        let even: Vec<f32> = (0..=1000).map(|k| 0.1 * k as f32).collect();
        let mut histogram = Histogram::new(widest);
        histogram.add(&even);
        assert_eq!(range(&histogram), widest);
        let mut far = Histogram::new(widest);
        let small: Vec<f32> = (0..1_000_000).map(|k| 30.0 * k as f32 / 1e6).collect();
        far.add(&small);
        far.add(&[100.0]);
        assert!(range(&far).high < 100.0);
    }
}
