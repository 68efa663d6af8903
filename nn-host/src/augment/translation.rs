//! Translation of an image: p comes from p − t, both components of t uniform in [−translation, translation].

use nn_core::random::Stream;

use super::affine::{Affine, Map};
use super::draw;

distortion! {
    /// Moves an image, across and down by a number of pixels each, which need not be whole.
    pub struct Translation {
        /// the largest distance across and down in pixels
        translation: 0.0, 16777216.0 = 2.0,
    }
}

impl Map for Translation {
    fn draw(&self, stream: &mut Stream) -> Affine {
        let [right, down] = [(); 2].map(|()| self.translation * draw::symmetric(stream));
        moved_by(right, down)
    }
}

/// A translation by so many pixels to the right and down.
fn moved_by(right: f32, down: f32) -> Affine {
    Affine { dx: -right, dy: -down, ..Affine::IDENTITY }
}

#[cfg(test)]
mod tests {
    use super::moved_by;
    use crate::augment::image::tests::moved;

    #[test]
    fn a_point_lands_whole_pixels_away() {
        let mut point = [0.0; 20];
        point[5 + 1] = 1.0; // row 1, column 1 of 4×5
        let mut expected = [0.0; 20];
        expected[5 * 3 + 4] = 1.0;
        assert_eq!(moved(4, 5, &moved_by(3.0, 2.0), &point), expected);
        assert_eq!(moved(4, 5, &moved_by(-2.0, 0.0), &point), [0.0; 20], "out of the image");
    }

    #[test]
    fn half_a_pixel_is_a_half_of_each_neighbor() {
        assert_eq!(moved(1, 4, &moved_by(0.5, 0.0), &[0.0, 1.0, 0.0, 0.5]), [0.0, 0.5, 0.5, 0.25]);
    }
}
