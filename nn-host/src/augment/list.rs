//! A list of distortions and the shape of the images that they are for: `rotation=10,elastic=34,sigma=4`.

use core::fmt;
use core::str::FromStr;

use nalgebra::DMatrix;
use nn_core::SettingError;
use nn_core::train::Occasion;

use super::distortion::Distortion;
use super::image::ImageShape;
use super::{Augmentation, Elastic, Rotation, ShapeError, Skew, Translation, Zoom};

/// How samples are distorted.
///
/// As text it is its distortions with their settings, commas between; what is left out has its default. `image=HEIGHTxWIDTH` is
/// needed where images are not square. Places in the list matter for what moves images by one map, and for what changes
/// values; images are moved first.
///
/// ```
/// use nn_host::augment::{Augment, Elastic, Rotation};
///
/// let augment = Augment::new([Rotation::new(15.0)?.into(), Elastic::new(34.0, 5.0)?.into()])?.image(20, 30);
/// assert_eq!("image=20x30,rotation=15,elastic,sigma=5".parse(), Ok(augment.clone()));
/// assert_eq!(augment.to_string(), "image=20x30,rotation=15,elastic=34,sigma=5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Augment {
    pub(super) list: Vec<Augmentation>,
    pub(super) image: Option<ImageShape>,
}

/// Distortions that are no list.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AugmentError {
    /// Neither a distortion nor a setting of the one before.
    #[error("unknown distortion {name:?}; there is {}", Augmentation::names().join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// A distortion or a setting for the second time.
    #[error("{name} stands there twice")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A value that is no number.
    #[error("{word:?}: the value is no number")]
    NotNumber {
        /// What was found.
        word: String,
    },
    /// A shape that is none.
    #[error("{word:?}: an image is image=HEIGHTxWIDTH, such as image=28x28")]
    Image {
        /// What was found.
        word: String,
    },
    /// A setting that is refused.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

impl Augment {
    /// What makes digits of MNIST into others that look as if somebody had written them.
    ///
    /// Chosen by eye: with the paper's σ of 4 pixels some strokes break when they are turned and slanted besides.
    ///
    /// ```
    /// use nn_host::augment::Augment;
    /// let list = "rotation=10,translation=1,skew=0.2,zoom=0.1,elastic=36,sigma=5";
    /// assert_eq!(list.parse(), Ok(Augment::digits()));
    /// ```
    #[must_use]
    pub fn digits() -> Self {
        let list: [Augmentation; 5] = [
            Rotation { rotation: 10.0 }.into(),
            Translation { translation: 1.0 }.into(),
            Skew { skew: 0.2 }.into(),
            Zoom { zoom: 0.1 }.into(),
            Elastic { elastic: 36.0, sigma: 5.0 }.into(),
        ];
        Self { list: list.to_vec(), image: None }
    }

    /// What changes digits of MNIST so little that a network answers to them as before, for a poll: with
    /// [`digits`](Self::digits) the mean of the answers is worse than the answer to the digit itself.
    ///
    /// ```
    /// use nn_host::augment::Augment;
    /// assert_eq!("rotation=5,translation=1".parse(), Ok(Augment::slight()));
    /// ```
    #[must_use]
    pub fn slight() -> Self {
        let list: [Augmentation; 2] = [Rotation { rotation: 5.0 }.into(), Translation { translation: 1.0 }.into()];
        Self { list: list.to_vec(), image: None }
    }

    /// Distortions in their order.
    ///
    /// # Errors
    /// [`AugmentError::Twice`] if one stands there twice.
    pub fn new(augmentations: impl IntoIterator<Item = Augmentation>) -> Result<Self, AugmentError> {
        let mut augment = Self { list: Vec::new(), image: None };
        augmentations.into_iter().try_for_each(|augmentation| augment.push(augmentation))?;
        Ok(augment)
    }

    /// Says how many rows and columns of pixels the images have; nobody needs it for squares.
    #[must_use]
    pub const fn image(mut self, height: usize, width: usize) -> Self {
        self.image = Some(ImageShape { height, width });
        self
    }

    /// Distorts a batch of training samples.
    ///
    /// `occasion` is that of the first: the seed and the epoch, and its position in the epoch.
    ///
    /// # Shapes
    /// - `x`: as a network sees them, one sample a column; `y`: targets, which mix-up mixes too
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use nn_core::train::Occasion;
    /// use nn_host::augment::Augment;
    ///
    /// let (mut x, mut y) = (DMatrix::from_element(4, 2, 1.0), DMatrix::zeros(1, 2));
    /// let augment: Augment = "scale=0.1".parse()?;
    /// augment.apply(Occasion { seed: 42, ..Occasion::FIRST }, &mut x, &mut y)?;
    /// assert!(x.iter().all(|x| (0.9..=1.1).contains(x)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ShapeError`] if images are to be distorted, and the samples are no such images.
    pub fn apply(&self, occasion: Occasion, x: &mut DMatrix<f32>, y: &mut DMatrix<f32>) -> Result<(), ShapeError> {
        self.bind(x.nrows())?.apply(occasion, x, y);
        Ok(())
    }

    /// The distortions, ready for samples of so many values.
    pub(crate) fn bind(&self, inputs: usize) -> Result<Distortion<'_>, ShapeError> {
        Distortion::new(self, inputs)
    }

    fn push(&mut self, augmentation: Augmentation) -> Result<(), AugmentError> {
        let name = augmentation.name();
        if self.list.iter().any(|other| other.name() == name) {
            return Err(AugmentError::Twice { name: name.to_owned() });
        }
        self.list.push(augmentation);
        Ok(())
    }

    /// Adds what one word says: a distortion, a setting of the last one, or the shape of images.
    fn hear(&mut self, word: &str) -> Result<(), AugmentError> {
        let (name, value) = match word.split_once('=') {
            None => (word, None),
            Some((name, value)) => (name, Some(value)),
        };
        if name == "image" {
            let shape = value.unwrap_or_default().parse();
            self.image = Some(shape.map_err(|()| AugmentError::Image { word: word.to_owned() })?);
            return Ok(());
        }
        let value = value.map(|value| value.parse().map_err(|_| AugmentError::NotNumber { word: word.to_owned() }));
        let value: Option<f32> = value.transpose()?;
        if let Some(kind) = Augmentation::from_name(name) {
            return self.push(value.map_or(Ok(kind), |value| kind.with(name, value))?);
        }
        let last = self.list.last_mut().filter(|last| last.settings().contains(&name));
        let (Some(last), Some(value)) = (last, value) else {
            return Err(AugmentError::Unknown { name: name.to_owned() });
        };
        *last = last.with(name, value)?;
        Ok(())
    }
}

impl FromStr for Augment {
    type Err = AugmentError;

    fn from_str(text: &str) -> Result<Self, AugmentError> {
        let mut augment = Self { list: Vec::new(), image: None };
        text.split(',').try_for_each(|word| augment.hear(word.trim()))?;
        Ok(augment)
    }
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = self.image.map(|shape| format!("image={shape}"));
        let words: Vec<String> = shape.into_iter().chain(self.list.iter().map(Augmentation::to_string)).collect();
        f.write_str(&words.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::{Augment, Augmentation};
    use crate::augment::{Elastic, Mixup, Rotation};

    #[test]
    fn lists_are_read_in_order_with_defaults_for_what_is_not_said() {
        let augment: Augment = "rotation=15, elastic=20,sigma=6,mixup".parse().unwrap();
        let list: [Augmentation; 3] =
            [Rotation::new(15.0).unwrap().into(), Elastic::new(20.0, 6.0).unwrap().into(), Mixup::default().into()];
        assert_eq!(augment, Augment::new(list).unwrap());
        assert_eq!(augment.to_string().parse(), Ok(augment));
    }

    #[test]
    fn what_is_wrong_in_a_list_is_named() {
        let error = |text: &str| text.parse::<Augment>().unwrap_err().to_string();
        assert!(error("rotatoin=3").starts_with(r#"unknown distortion "rotatoin"; there is rotation, translation,"#));
        assert!(error("").starts_with(r#"unknown distortion """#));
        assert!(error("sigma=4,elastic").starts_with(r#"unknown distortion "sigma""#));
        assert!(error("elastic,rotation,sigma=4").starts_with(r#"unknown distortion "sigma""#));
        assert!(error("elastic,sigma").starts_with(r#"unknown distortion "sigma""#));
        assert_eq!(error("zoom,zoom=0.1"), "zoom stands there twice");
        assert_eq!(error("zoom=big"), r#""zoom=big": the value is no number"#);
        assert_eq!(error("zoom=2"), "zoom is 2, it must be from 0.0 to 0.9");
        assert_eq!(error("image=28"), r#""image=28": an image is image=HEIGHTxWIDTH, such as image=28x28"#);
    }
}
