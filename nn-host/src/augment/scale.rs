//! Scaling of values: x' = (1 + s) · x, one s for the whole sample, uniform in [−scale, scale].

use nn_core::random::Stream;

use super::distortion::Values;
use super::draw;

distortion! {
    /// Multiplies all values of a sample by one factor, such as another sensor's gain.
    pub struct Scale {
        /// the largest difference of the factor from 1
        scale: 0.0, 1.0 = 0.1,
    }
}

impl Values for Scale {
    fn distort(&self, stream: &mut Stream, x: &mut [f32], _before: &mut Vec<f32>) {
        let factor = 1.0 + self.scale * draw::symmetric(stream);
        x.iter_mut().for_each(|x| *x *= factor);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
mod tests {
    use super::{Scale, Stream, Values};
    use nn_core::random::Purpose;

    #[test]
    fn all_values_have_one_factor() {
        let mut x = [1.0, 2.0, -4.0];
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, 0);
        Scale::new(0.5).unwrap().distort(&mut stream, &mut x, &mut Vec::new());
        assert!((0.5..=1.5).contains(&x[0]) && x[0] != 1.0);
        assert_eq!([x[1], x[2]], [2.0 * x[0], -4.0 * x[0]]);
    }
}
