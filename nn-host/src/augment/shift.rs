//! Shift of values: x' = x + b, one b for the whole sample, uniform in [−shift, shift].

use nn_core::random::Stream;

use super::distortion::Values;
use super::draw;

distortion! {
    /// Adds one number to all values of a sample, such as another sensor's offset.
    pub struct Shift {
        /// the largest number that is added or taken off
        shift: 0.0, 1000000.0 = 0.1,
    }
}

impl Values for Shift {
    fn distort(&self, stream: &mut Stream, x: &mut [f32], _before: &mut Vec<f32>) {
        let offset = self.shift * draw::symmetric(stream);
        x.iter_mut().for_each(|x| *x += offset);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
mod tests {
    use super::{Shift, Stream, Values};
    use nn_core::random::Purpose;

    #[test]
    fn all_values_have_one_offset() {
        let mut x = [0.0, 0.0, 0.0];
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, 0);
        Shift::new(0.5).unwrap().distort(&mut stream, &mut x, &mut Vec::new());
        assert!((-0.5..=0.5).contains(&x[0]) && x[0] != 0.0);
        assert_eq!(x, [x[0]; 3]);
    }
}
