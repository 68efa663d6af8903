//! Distortions ready for samples of one size, done to batches: threads take samples, each with a stream of its own.

use nalgebra::DMatrix;
use nn_core::random::{Purpose, Stream};
use nn_core::train::Occasion;
use rayon::prelude::*;

use super::affine::{Affine, Map};
use super::augmentation::Role;
use super::elastic::{Displacement, Muscles};
use super::image::{Canvas, ImageShape, Offsets};
use super::mixup::mix;
use super::{Augment, Mixup, ShapeError};

/// Samples that a task takes at least, which share its memory.
const SAMPLES_PER_TASK: usize = 8;

/// A distortion that changes values, whatever they mean.
pub(super) trait Values: Sync {
    /// Changes the values of one sample; `before` is memory for what they were.
    fn distort(&self, stream: &mut Stream, x: &mut [f32], before: &mut Vec<f32>);
}

/// What is done to a sample: an image is moved by all maps at once and by a field, then values are changed in the order of
/// the list; then the batch is mixed.
pub(crate) struct Distortion<'a> {
    image: Option<ImageShape>,
    maps: Vec<&'a dyn Map>,
    muscles: Option<Muscles>,
    values: Vec<&'a dyn Values>,
    mixup: Option<Mixup>,
}

/// Memory of a task.
struct Scratch {
    canvas: Option<Canvas>,
    displacement: Option<Displacement>,
    before: Vec<f32>,
}

impl<'a> Distortion<'a> {
    /// What a list does to samples of so many values.
    pub(super) fn new(augment: &'a Augment, inputs: usize) -> Result<Self, ShapeError> {
        let mut this = Self { image: None, maps: Vec::new(), muscles: None, values: Vec::new(), mixup: None };
        for augmentation in &augment.list {
            match augmentation.role() {
                Role::Map(map) => this.maps.push(map),
                Role::Field(elastic) => this.muscles = Some(Muscles::new(elastic)),
                Role::Values(values) => this.values.push(values),
                Role::Mix(mixup) => this.mixup = Some(mixup),
            }
        }
        let shape = augment.image.map(|shape| shape.checked(inputs)).transpose()?;
        if !this.maps.is_empty() || this.muscles.is_some() {
            this.image = Some(shape.map_or_else(|| ImageShape::square(inputs), Ok)?);
        }
        Ok(this)
    }

    /// Distorts a batch of training samples and mixes it; `occasion` is that of the first sample.
    ///
    /// # Shapes
    /// - `x`, `y`: one sample a column
    pub(crate) fn apply(&self, occasion: Occasion, x: &mut DMatrix<f32>, y: &mut DMatrix<f32>) {
        self.distort(Purpose::Augmentation, occasion, x);
        self.mix(occasion, x, y);
    }

    /// Distorts each sample by itself; `occasion` is that of the first.
    ///
    /// # Shapes
    /// - `x`: one sample a column
    pub(super) fn distort(&self, purpose: Purpose, occasion: Occasion, x: &mut DMatrix<f32>) {
        let (rows, samples) = (x.nrows().max(1), x.ncols());
        let columns = x.as_mut_slice().par_chunks_exact_mut(rows).with_min_len(SAMPLES_PER_TASK).enumerate();
        columns.for_each_init(
            || self.scratch(),
            |scratch, (sample, x)| {
                let mut stream = stream(purpose, occasion, sample);
                // How it is mixed comes first, so that it can be drawn again without what follows.
                self.mixup.map(|mixup| mixup.draw(&mut stream, samples));
                self.distort_sample(&mut stream, scratch, x);
            },
        );
    }

    /// Mixes distorted samples and their targets; `occasion` is that of the first.
    fn mix(&self, occasion: Occasion, x: &mut DMatrix<f32>, y: &mut DMatrix<f32>) {
        let Some(mixup) = self.mixup else { return };
        let samples = x.ncols();
        let mixture = |sample| mixup.draw(&mut stream(Purpose::Augmentation, occasion, sample), samples);
        mix(x, mixture);
        mix(y, mixture);
    }

    fn scratch(&self) -> Scratch {
        Scratch {
            canvas: self.image.map(Canvas::new),
            displacement: self
                .muscles
                .as_ref()
                .and(self.image)
                .map(|shape| Displacement::new(shape.height, shape.width)),
            before: Vec::new(),
        }
    }

    fn distort_sample(&self, stream: &mut Stream, scratch: &mut Scratch, x: &mut [f32]) {
        if let Some(canvas) = &mut scratch.canvas {
            let map = self.maps.iter().fold(Affine::IDENTITY, |map, next| map.then(&next.draw(stream)));
            match (&self.muscles, &mut scratch.displacement) {
                (Some(muscles), Some(displacement)) => {
                    muscles.draw(stream, displacement);
                    canvas.resample(&map, |row, first| displacement.at(row, first), x);
                }
                _ => canvas.resample(&map, |_, _| Offsets::NONE, x),
            }
        }
        for values in &self.values {
            values.distort(stream, x, &mut scratch.before);
        }
    }
}

/// The stream of a sample of a batch.
fn stream(purpose: Purpose, first: Occasion, sample: usize) -> Stream {
    let sample = first.sample.saturating_add(u32::try_from(sample).unwrap_or(u32::MAX));
    Stream::new(first.seed, purpose, first.epoch, sample)
}

#[cfg(test)]
mod tests {
    use super::{Augment, DMatrix, Occasion};
    use crate::augment::{Augmentation, ShapeError};
    use crate::data;

    const EVERYTHING: &str = "rotation,translation,skew,zoom,elastic,noise,scale,shift,time_warp";

    /// The first digits of the test set as a network sees them, with their targets.
    fn digits(count: usize) -> (DMatrix<f32>, DMatrix<f32>) {
        let test = data::mnist().unwrap().test;
        let order: Vec<usize> = (0..count).collect();
        let (mut x, mut y) = (DMatrix::zeros(784, count), DMatrix::zeros(10, count));
        test.gather_inputs(&order, test.scaling(), &mut x);
        test.gather_targets(&order, &mut y);
        (x, y)
    }

    /// The digits after a list of distortions.
    fn distorted(list: &str, count: usize, seed: u64) -> (DMatrix<f32>, DMatrix<f32>) {
        let (mut x, mut y) = digits(count);
        let augment: Augment = list.parse().unwrap();
        augment.apply(Occasion { seed, ..Occasion::FIRST }, &mut x, &mut y).unwrap();
        (x, y)
    }

    fn bits(values: &DMatrix<f32>) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn a_distorted_sample_depends_on_seed_epoch_and_position_alone() {
        let (together, _) = distorted(EVERYTHING, 50, 1);
        let (x, y) = digits(50);
        let augment: Augment = EVERYTHING.parse().unwrap();
        for first in [0, 7, 49] {
            let (mut x, mut y) = (x.columns(first, 1).into_owned(), y.columns(first, 1).into_owned());
            let sample = u32::try_from(first).unwrap();
            let occasion = Occasion { seed: 1, sample, ..Occasion::FIRST };
            let mut other = x.clone();
            augment.apply(occasion, &mut x, &mut y).unwrap();
            assert_eq!(bits(&x), bits(&together.columns(first, 1).into_owned()));
            augment.apply(Occasion { epoch: 1, ..occasion }, &mut other, &mut y).unwrap();
            assert_ne!(x, other, "another epoch, another distortion");
        }
        assert_ne!(together, distorted(EVERYTHING, 50, 2).0);
    }

    #[test]
    fn threads_change_no_bit() {
        let list = format!("{EVERYTHING},mixup");
        let results = [1, 2, 5].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (x, y) = pool.install(|| distorted(&list, 100, 3));
            (bits(&x), bits(&y))
        });
        assert!(results.iter().all(|result| *result == results[0]));
    }

    #[test]
    fn settings_of_zero_keep_every_bit() {
        let list = "rotation=0,translation=0,skew=0,zoom=0,elastic=0,noise=0,scale=0,shift=0,time_warp=0,mixup=0";
        let ((x, y), (same_x, same_y)) = (digits(20), distorted(list, 20, 0));
        assert_eq!((bits(&x), bits(&y)), (bits(&same_x), bits(&same_y)));
    }

    #[test]
    fn every_distortion_changes_samples_and_only_mixup_changes_targets() {
        let (x, y) = digits(20);
        for name in Augmentation::names() {
            let (other_x, other_y) = distorted(name, 20, 0);
            assert_ne!(x, other_x, "{name}");
            assert_eq!(y != other_y, name == "mixup", "{name}");
        }
    }

    #[test]
    fn moved_images_and_mixtures_keep_the_range_of_intensities() {
        let list = "rotation=30,translation=5,skew=0.5,zoom=0.5,elastic=60,mixup=1";
        let (x, y) = distorted(list, 200, 0);
        assert!(x.iter().all(|x| (0.0..=1.0).contains(x)));
        assert!(y.column_iter().all(|y| (y.sum() - 1.0).abs() < 1e-6));
        let ink = |x: &DMatrix<f32>| x.iter().map(|&x| f64::from(x)).sum::<f64>();
        let (before, after) = (ink(&digits(200).0), ink(&x));
        assert!((0.8..1.2).contains(&(after / before)), "neither white nor black: {before} {after}");
    }

    #[test]
    fn samples_that_are_no_such_images_are_refused() {
        let refused = |list: &str, inputs: usize| list.parse::<Augment>().unwrap().bind(inputs).err();
        assert_eq!(refused("rotation", 15), Some(ShapeError::NotSquare { inputs: 15 }));
        assert_eq!(refused("noise", 15), None);
        assert_eq!(refused("elastic,image=3x5", 15), None);
        let mismatch = ShapeError::Mismatch { height: 3, width: 5, inputs: 16 };
        assert_eq!(refused("noise,image=3x5", 16), Some(mismatch));
    }
}
