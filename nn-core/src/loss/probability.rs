//! Probabilities as losses take them: never 0, so that a certain mistake costs 16.1 and not infinity.

/// Probabilities below this count as this, as in Keras.
pub(super) const EPSILON: f32 = 1e-7;

/// NaN stays NaN, so that a broken network shows.
pub(super) fn at_least_epsilon(a: f32) -> f32 {
    if a < EPSILON { EPSILON } else { a }
}

/// A probability that is neither 0 nor 1; NaN stays NaN.
pub(super) fn open(a: f32) -> f32 {
    let most = 1.0 - EPSILON;
    if a > most { most } else { at_least_epsilon(a) }
}
