//! Scaling of an image about its center: (x, y) comes from (x / s, y / t), s and t uniform in [1 − zoom, 1 + zoom].

use nn_core::random::Stream;

use super::affine::{Affine, Map};
use super::draw;

distortion! {
    /// Makes an image wider or narrower, and taller or lower, by a factor each.
    pub struct Zoom {
        /// the largest difference of a factor from 1
        zoom: 0.0, 0.9 = 0.1,
    }
}

impl Map for Zoom {
    fn draw(&self, stream: &mut Stream) -> Affine {
        let [across, down] = [(); 2].map(|()| 1.0 + self.zoom * draw::symmetric(stream));
        scaled(across, down)
    }
}

/// A scaling by these factors.
fn scaled(across: f32, down: f32) -> Affine {
    Affine { xx: 1.0 / across, yy: 1.0 / down, ..Affine::IDENTITY }
}

#[cfg(test)]
mod tests {
    use super::scaled;
    use crate::augment::image::tests::moved;

    #[test]
    fn twice_as_wide_spreads_the_middle() {
        // Centers at ±0.5, ±1.5 come from ±0.25, ±0.75.
        assert_eq!(moved(1, 4, &scaled(2.0, 1.0), &[0.0, 1.0, 0.0, 0.0]), [0.75, 0.75, 0.25, 0.0]);
        assert_eq!(moved(4, 1, &scaled(1.0, 0.5), &[1.0, 0.0, 0.0, 1.0]), [0.0, 0.5, 0.5, 0.0]);
    }
}
