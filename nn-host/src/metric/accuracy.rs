//! Accuracy: the share of samples whose largest output is that of their class.

/// The place of the largest value, the first of equals; 0 for none. NaN is never the largest.
///
/// ```
/// assert_eq!(nn_host::metric::argmax(&[0.1, 0.7, 0.7]), 1);
/// ```
#[must_use]
pub fn argmax(values: &[f32]) -> usize {
    let start = (0, f32::NEG_INFINITY);
    let largest = |best: (usize, f32), (place, &value)| if value > best.1 { (place, value) } else { best };
    values.iter().enumerate().fold(start, largest).0
}

/// Whether the largest output is that of the class. A single output is a probability, of which a half decides. Outputs
/// that are not numbers are never right.
///
/// # Shapes
/// - `a`, `y`: `[OUT]`
///
/// ```
/// assert!(nn_host::metric::is_correct(&[0.2, 0.8], &[0.0, 1.0]));
/// assert!(nn_host::metric::is_correct(&[0.2], &[0.0]));
/// ```
#[must_use]
pub fn is_correct(a: &[f32], y: &[f32]) -> bool {
    match (a, y) {
        _ if a.iter().any(|a| a.is_nan()) => false,
        ([a], [y]) => (*a > 0.5) == (*y > 0.5),
        _ => argmax(a) == argmax(y),
    }
}
