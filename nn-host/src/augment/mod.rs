//! Expanded training data: every sample is distorted anew each time it is seen, so that no network sees it twice.
//!
//! Images move by one map of the plane and by one field of displacements, and are sampled once, however many distortions
//! there are: each resampling would blur them. Everything is drawn from streams of (seed, epoch, position in the epoch),
//! so a distorted sample depends neither on threads nor on the size of a batch; only [`Mixup`], which looks for another
//! sample of the same batch, depends on its size.

#[macro_use]
mod setting;
mod affine;
mod augmentation;
mod distortion;
mod draw;
mod elastic;
mod field;
mod image;
mod list;
mod mixup;
mod noise;
mod poll;
mod rotation;
mod scale;
mod shift;
mod skew;
mod time_warp;
mod translation;
mod zoom;

pub use augmentation::Augmentation;
pub(crate) use distortion::Distortion;
pub use elastic::Elastic;
pub use image::ShapeError;
pub use list::{Augment, AugmentError};
pub use mixup::Mixup;
pub use noise::Noise;
pub use poll::PollError;
pub use rotation::Rotation;
pub use scale::Scale;
pub use shift::Shift;
pub use skew::Skew;
pub use time_warp::TimeWarp;
pub use translation::Translation;
pub use zoom::Zoom;
