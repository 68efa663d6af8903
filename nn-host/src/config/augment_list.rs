//! Distortions as one types them: `rotation=10,elastic=34,sigma=4`.

use core::str::FromStr;

use super::words::WordError;
use crate::augment::{Augment, AugmentError, Augmentation};

/// Distortions with commas between: `NAME[=X][,key=value…][,NAME…]`.
///
/// ```
/// use nn_host::config::AugmentList;
/// let error = "rotatoin=3".parse::<AugmentList>().unwrap_err();
/// assert_eq!(error.to_string(), r#"unknown distortion "rotatoin"; did you mean rotation?"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AugmentList(pub Augment);

impl FromStr for AugmentList {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        text.parse().map(Self).map_err(|error| match error {
            AugmentError::Unknown { name } => WordError::unknown("distortion", &name, &Augmentation::names()),
            error => WordError::new(error.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::AugmentList;

    #[test]
    fn distortions_are_read_and_the_nearest_is_named() {
        let list: AugmentList = "rotation=15,elastic=20,sigma=6".parse().unwrap();
        assert_eq!(list.0.to_string(), "rotation=15,elastic=20,sigma=6");
        let error = |text: &str| text.parse::<AugmentList>().unwrap_err().to_string();
        assert!(error("qqq").contains("there is rotation, translation"));
        assert_eq!(error("zoom=2"), "zoom is 2, it must be from 0.0 to 0.9");
    }
}
