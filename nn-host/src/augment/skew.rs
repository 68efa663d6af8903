//! Skew of an image, which slants upright strokes: (x, y) comes from (x + k·y, y), k uniform in [−skew, skew].

use nn_core::random::Stream;

use super::affine::{Affine, Map};
use super::draw;

distortion! {
    /// Slants an image to the left or to the right, as handwriting is slanted.
    pub struct Skew {
        /// the largest distance that a row moves across, in parts of its distance from the middle row
        skew: 0.0, 10.0 = 0.2,
    }
}

impl Map for Skew {
    fn draw(&self, stream: &mut Stream) -> Affine {
        slanted(self.skew * draw::symmetric(stream))
    }
}

/// A slant to the right, if `k` is above 0.
fn slanted(k: f32) -> Affine {
    Affine { xy: k, ..Affine::IDENTITY }
}

#[cfg(test)]
mod tests {
    use super::slanted;
    use crate::augment::image::tests::moved;

    #[test]
    fn an_upright_stroke_becomes_a_diagonal() {
        let upright = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
        let diagonal = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0];
        assert_eq!(moved(3, 3, &slanted(1.0), &upright), diagonal);
    }
}
