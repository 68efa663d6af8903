//! Scaled exponential linear unit (Klambauer et al., 2017), a = λz for z > 0, λα(eᶻ − 1) elsewhere.

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = λz for z > 0, λα(eᶻ − 1) elsewhere, with λ = 1.0507 and α = 1.6733, which keep mean 0 and variance 1.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Selu};
    /// let mut z = [0.0];
    /// Selu.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Selu;
    value(z) = if z > 0.0 { SCALE * z } else { SCALE * ALPHA * (math::exp(z) - 1.0) };
    slope(output a) = if a > 0.0 { SCALE } else { a + SCALE * ALPHA };
}

/// −λα, the value that comes nearest for z far below 0.
pub(crate) const FLOOR: f32 = -SCALE * ALPHA;

/// λ of the paper.
pub(super) const SCALE: f32 = 1.050_701;

/// α of the paper.
pub(super) const ALPHA: f32 = 1.673_263_2;
