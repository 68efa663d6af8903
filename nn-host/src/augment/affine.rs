//! Affine maps of the plane about the center of an image, (x, y) ↦ (xx·x + xy·y + dx, yx·x + yy·y + dy), in pixels, x to
//! the right, y down.

use nn_core::random::Stream;

/// A map that tells for each place of a distorted image where its pixel comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine {
    pub(super) xx: f32,
    pub(super) xy: f32,
    pub(super) yx: f32,
    pub(super) yy: f32,
    pub(super) dx: f32,
    pub(super) dy: f32,
}

/// A distortion that is such a map.
pub(super) trait Map: Sync {
    /// One map, drawn from the stream.
    fn draw(&self, stream: &mut Stream) -> Affine;
}

impl Affine {
    /// Every pixel comes from where it is.
    pub(super) const IDENTITY: Self = Self { xx: 1.0, xy: 0.0, yx: 0.0, yy: 1.0, dx: 0.0, dy: 0.0 };

    /// Where the pixel of this place comes from.
    #[inline]
    pub(super) fn of(&self, x: f32, y: f32) -> (f32, f32) {
        (self.xx * x + self.xy * y + self.dx, self.yx * x + self.yy * y + self.dy)
    }

    /// The map of an image that is distorted by this one, then by the `next`: self ∘ next, for maps lead backward.
    pub(super) fn then(&self, next: &Self) -> Self {
        let (dx, dy) = self.of(next.dx, next.dy);
        Self {
            xx: self.xx * next.xx + self.xy * next.yx,
            xy: self.xx * next.xy + self.xy * next.yy,
            yx: self.yx * next.xx + self.yy * next.yx,
            yy: self.yx * next.xy + self.yy * next.yy,
            dx,
            dy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Affine;

    #[test]
    fn maps_one_after_the_other_are_one_map() {
        let first = Affine { xx: 2.0, xy: 0.5, yx: -1.0, yy: 1.0, dx: 3.0, dy: 0.0 };
        let second = Affine { xx: 0.0, xy: -1.0, yx: 1.0, yy: 0.0, dx: 0.0, dy: 5.0 };
        let (x, y) = second.of(7.0, 11.0);
        assert_eq!(first.then(&second).of(7.0, 11.0), first.of(x, y));
        assert_eq!(first.then(&Affine::IDENTITY), first);
        assert_eq!(Affine::IDENTITY.then(&first), first);
    }
}
