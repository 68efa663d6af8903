//! How the values of several classes become one, as scikit-learn's `average` has it.

use core::fmt;
use core::str::FromStr;

/// Which class, or which mean over the classes, a metric of single classes reports.
///
/// ```
/// use nn_host::metric::{Average, Batch};
/// use nn_host::prelude::*;
/// // Three samples of class 0, one of class 1, which alone is missed.
/// let a = [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1];
/// let y = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];
/// let recall = |average| Recall.averaged(average).measure(Batch::new(2, &a, &y));
/// assert_eq!([Average::Macro, Average::Micro, Average::Class(0)].map(recall), [0.5, 0.75, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Average {
    /// A single output: the class whose probability it is. Several: as `Macro`.
    #[default]
    Auto,
    /// The mean over the classes that occur, each counting alike.
    Macro,
    /// The value for all decisions together.
    Micro,
    /// The mean over the classes, each counting by the weight of its samples.
    Weighted,
    /// This class alone, from 0.
    Class(usize),
}

impl fmt::Display for Average {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Macro => "macro",
            Self::Micro => "micro",
            Self::Weighted => "weighted",
            Self::Class(class) => return write!(f, "class {class}"),
        })
    }
}

/// A word that is no [`Average`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is auto, macro, micro, weighted")]
pub struct AverageError;

impl FromStr for Average {
    type Err = AverageError;

    fn from_str(text: &str) -> Result<Self, AverageError> {
        let all = [Self::Auto, Self::Macro, Self::Micro, Self::Weighted];
        all.into_iter().find(|average| average.to_string() == text).ok_or(AverageError)
    }
}
