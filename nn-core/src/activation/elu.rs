//! Exponential linear unit (Clevert et al., 2016), a = z for z > 0, α(eᶻ − 1) elsewhere, with slope 1, or a + α.

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = z for z > 0, α(eᶻ − 1) elsewhere.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Elu};
    /// let mut z = [2.0, f32::NEG_INFINITY];
    /// Elu.with("alpha", 0.5)?.forward(&mut z);
    /// assert_eq!(z, [2.0, -0.5]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct Elu {
        /// α, above 0: it comes to −α far below 0.
        alpha: Positive = 1.0,
    }
    value(elu, z) = if z > 0.0 { z } else { elu.alpha * (math::exp(z) - 1.0) };
    slope(elu, output a) = if a > 0.0 { 1.0 } else { a + elu.alpha };
}

impl Elu {
    /// α
    pub(super) const fn alpha(&self) -> f32 {
        self.alpha
    }
}
