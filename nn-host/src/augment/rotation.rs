//! Rotation of an image about its center: p comes from R(−θ)·p, θ uniform in [−rotation, rotation].

use core::f32::consts::FRAC_PI_2;

use nn_core::math;
use nn_core::random::Stream;

use super::affine::{Affine, Map};
use super::draw;

distortion! {
    /// Turns an image about its center, by an angle that is as likely to the left as to the right.
    pub struct Rotation {
        /// the largest angle in degrees
        rotation: 0.0, 180.0 = 10.0,
    }
}

impl Map for Rotation {
    fn draw(&self, stream: &mut Stream) -> Affine {
        turned(self.rotation * draw::symmetric(stream))
    }
}

/// A rotation by so many degrees, counterclockwise as one sees it.
fn turned(degrees: f32) -> Affine {
    let (cos, sin) = cos_sin(degrees);
    Affine { xx: cos, xy: -sin, yx: sin, yy: cos, dx: 0.0, dy: 0.0 }
}

/// Cosine and sine of an angle in degrees; exact at quarter turns.
fn cos_sin(degrees: f32) -> (f32, f32) {
    let quarters = (degrees / 90.0).round();
    let rest = (degrees - quarters * 90.0).to_radians();
    let cos = math::cos(rest);
    // cos(π/2 − x) is the sine but for what the rounded π/2 is too large by, which the second term takes off again.
    let sin = math::cos(FRAC_PI_2 - rest) - math::cos(FRAC_PI_2);
    #[expect(clippy::cast_possible_truncation, reason = "at most two quarters")]
    match (quarters as i32).rem_euclid(4) {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}

#[cfg(test)]
mod tests {
    use super::{cos_sin, turned};
    use crate::augment::image::tests::moved;

    #[test]
    fn a_quarter_turn_is_exact() {
        // 1 2    2 4
        // 3 4    1 3
        assert_eq!(moved(2, 2, &turned(90.0), &[1.0, 2.0, 3.0, 4.0]), [2.0, 4.0, 1.0, 3.0]);
        assert_eq!(moved(2, 2, &turned(-90.0), &[1.0, 2.0, 3.0, 4.0]), [3.0, 1.0, 4.0, 2.0]);
        assert_eq!(moved(2, 2, &turned(180.0), &[1.0, 2.0, 3.0, 4.0]), [4.0, 3.0, 2.0, 1.0]);
    }

    #[test]
    fn sines_and_cosines_are_those_of_f64() {
        for degrees in -180..=180_i16 {
            let (cos, sin) = cos_sin(f32::from(degrees));
            let (true_sin, true_cos) = f64::from(degrees).to_radians().sin_cos();
            let error = (f64::from(cos) - true_cos).abs().max((f64::from(sin) - true_sin).abs());
            assert!(error < 1.5e-7, "{degrees} degrees: {error}");
        }
        assert_eq!(cos_sin(0.0), (1.0, 0.0));
    }
}
