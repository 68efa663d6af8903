//! Images: their shape, and one bilinear resampling of each, x'(p) = (1−f)(1−g)·x₀₀ + f(1−g)·x₀₁ + (1−f)g·x₁₀ + fg·x₁₁ of the four
//! pixels about where p comes from; what is outside of the image is 0.

use core::fmt;
use core::str::FromStr;

use super::affine::Affine;
use super::field::LANES;

/// Height and width of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ImageShape {
    pub(super) height: usize,
    pub(super) width: usize,
}

/// Inputs that are no such image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// A shape with another number of pixels.
    #[error("an image of {height}x{width} pixels does not have {inputs} values, as the samples do")]
    Mismatch {
        /// Rows of the image.
        height: usize,
        /// Columns of the image.
        width: usize,
        /// Values of a sample.
        inputs: usize,
    },
    /// No shape, and a number of values that is no square.
    #[error("{inputs} values are no square image; image=HEIGHTxWIDTH says what they are")]
    NotSquare {
        /// Values of a sample.
        inputs: usize,
    },
}

impl ImageShape {
    /// The shape, if samples have as many values.
    pub(super) fn checked(self, inputs: usize) -> Result<Self, ShapeError> {
        let Self { height, width } = self;
        if height.checked_mul(width) == Some(inputs) {
            return Ok(self);
        }
        Err(ShapeError::Mismatch { height, width, inputs })
    }

    /// The square of so many values.
    pub(super) fn square(inputs: usize) -> Result<Self, ShapeError> {
        let side = inputs.isqrt();
        if side * side == inputs {
            Ok(Self { height: side, width: side })
        } else {
            Err(ShapeError::NotSquare { inputs })
        }
    }
}

/// `HEIGHTxWIDTH`.
impl fmt::Display for ImageShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.height, self.width)
    }
}

impl FromStr for ImageShape {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (height, width) = text.split_once('x').ok_or(())?;
        let side = |text: &str| text.parse().ok().filter(|&side| side > 0).ok_or(());
        Ok(Self { height: side(height)?, width: side(width)? })
    }
}

/// How far from some pixels of a row those are that take their places, in pixels to the right and down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offsets {
    pub(super) across: [f32; LANES],
    pub(super) down: [f32; LANES],
}

impl Offsets {
    /// Every pixel takes its own place.
    pub(super) const NONE: Self = Self { across: [0.0; LANES], down: [0.0; LANES] };
}

/// An image with a border of zeros: a pixel before each row and column, two behind, so that every place has four neighbors.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    shape: ImageShape,
    stride: usize,
    pixels: Vec<f32>,
}

impl Canvas {
    /// An image of zeros.
    pub(super) fn new(shape: ImageShape) -> Self {
        let stride = shape.width + 3;
        Self { shape, stride, pixels: vec![0.0; stride * (shape.height + 3)] }
    }

    /// Distorts an image: its pixel at p becomes what is at `map` of p and its offset.
    ///
    /// # Shapes
    /// - `x`: `[HEIGHT][WIDTH]`
    /// - `offsets`: of the pixels from a row and a column on
    pub(super) fn resample(&mut self, map: &Affine, offsets: impl Fn(usize, usize) -> Offsets, x: &mut [f32]) {
        self.load(x);
        let width = self.shape.width.max(1);
        for (row, pixels) in x.chunks_exact_mut(width).enumerate() {
            for (first, pixels) in (0..width).step_by(LANES).zip(pixels.chunks_mut(LANES)) {
                let (xs, ys) = self.origins(map, row, first, offsets(row, first));
                for ((pixel, x), y) in pixels.iter_mut().zip(xs).zip(ys) {
                    *pixel = self.at(x, y);
                }
            }
        }
    }

    /// Where the pixels from a row and a column on come from, in coordinates of the canvas.
    #[inline]
    fn origins(&self, map: &Affine, row: usize, first: usize, offsets: Offsets) -> ([f32; LANES], [f32; LANES]) {
        let ImageShape { height, width } = self.shape;
        let (across, down) = (middle(width), middle(height));
        let (right, bottom) = (number(width + 1), number(height + 1));
        let (column, row) = (number(first) - across, number(row) - down);
        let Offsets { across: mut xs, down: mut ys } = offsets;
        for ((x, y), lane) in xs.iter_mut().zip(&mut ys).zip(0_u8..) {
            let (from_x, from_y) = map.of(column + f32::from(lane) + *x, row + *y);
            (*x, *y) = (clamped(from_x + across, right), clamped(from_y + down, bottom));
        }
        (xs, ys)
    }

    /// Takes over an image.
    fn load(&mut self, x: &[f32]) {
        let width = self.shape.width.max(1);
        let rows = self.pixels.chunks_exact_mut(self.stride).skip(1);
        for (row, x) in rows.zip(x.chunks_exact(width)) {
            row.iter_mut().skip(1).zip(x).for_each(|(pixel, &x)| *pixel = x);
        }
    }

    /// What is at a place between the pixels, by the four about it.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "coordinates of the canvas are whole numbers below 2²⁴ and a rest"
    )]
    fn at(&self, x: f32, y: f32) -> f32 {
        let (column, row) = (x as i32, y as i32);
        let (f, g) = (x - column as f32, y - row as f32);
        let first = row as usize * self.stride + column as usize;
        let pair = |first: usize| self.pixels.get(first..first + 2);
        let (Some(&[a, b]), Some(&[c, d])) = (pair(first), pair(first + self.stride)) else { return 0.0 };
        let upper = a + f * (b - a);
        let lower = c + f * (d - c);
        upper + g * (lower - upper)
    }
}

/// A coordinate of the image on the canvas, whose border begins at 0 and ends at `last`; what is farther outside is on the
/// border, and NaN is too.
#[inline]
fn clamped(x: f32, last: f32) -> f32 {
    (x + 1.0).max(0.0).min(last)
}

/// The coordinate of the middle of so many pixels.
fn middle(pixels: usize) -> f32 {
    0.5 * number(pixels.saturating_sub(1))
}

/// A coordinate as a float.
#[inline]
#[expect(clippy::cast_precision_loss, reason = "images have fewer than 2²⁴ pixels")]
pub(super) const fn number(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
pub(super) mod tests {
    use super::{Affine, Canvas, ImageShape, LANES, Offsets, ShapeError};

    /// An image after a map alone.
    pub(in crate::augment) fn moved(height: usize, width: usize, map: &Affine, x: &[f32]) -> Vec<f32> {
        let mut x = x.to_vec();
        Canvas::new(ImageShape { height, width }).resample(map, |_, _| Offsets::NONE, &mut x);
        x
    }

    #[test]
    fn the_identity_keeps_every_bit() {
        let image: Vec<f32> = (0..7 * 12).map(|pixel| 1.0 / (1.0 + pixel as f32)).collect();
        let same = moved(7, 12, &Affine::IDENTITY, &image);
        assert!(image.iter().zip(&same).all(|(one, other)| one.to_bits() == other.to_bits()));
    }

    #[test]
    fn what_comes_from_outside_is_zero() {
        for far in [1.0, 1e9, f32::MAX, f32::INFINITY, f32::NAN, -1e9, f32::NEG_INFINITY] {
            let map = Affine { dx: far, dy: far, ..Affine::IDENTITY };
            assert_eq!(moved(1, 1, &map, &[1.0]), [0.0], "{far}");
        }
    }

    #[test]
    fn a_canvas_forgets_the_image_before() {
        let mut canvas = Canvas::new(ImageShape { height: 2, width: 2 });
        let (mut first, mut second) = ([1.0; 4], [0.0; 4]);
        canvas.resample(&Affine::IDENTITY, |_, _| Offsets::NONE, &mut first);
        canvas.resample(&Affine::IDENTITY, |_, _| Offsets { across: [0.25; LANES], down: [0.25; LANES] }, &mut second);
        assert_eq!(second, [0.0; 4]);
    }

    #[test]
    fn shapes_are_read_and_checked() {
        assert_eq!("3x5".parse(), Ok(ImageShape { height: 3, width: 5 }));
        for wrong in ["", "3", "3x", "0x4", "3x-1", "3x5x1"] {
            assert_eq!(wrong.parse::<ImageShape>(), Err(()), "{wrong}");
        }
        assert_eq!(ImageShape::square(784), Ok(ImageShape { height: 28, width: 28 }));
        assert_eq!(ImageShape::square(15), Err(ShapeError::NotSquare { inputs: 15 }));
        let huge = ImageShape { height: usize::MAX, width: 2 };
        assert!(huge.checked(15).is_err());
    }
}
