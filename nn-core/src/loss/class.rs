//! The number of a class as a target.

use core::fmt;
use core::marker::PhantomData;

use super::mean::count;
use crate::Vector;

/// The number of a sample's class, below the number of outputs: the target of
/// [`SparseCategoricalCrossentropy`](struct@super::SparseCategoricalCrossentropy).
///
/// As a slice it has one value, so its memory does not grow with the outputs `V`.
///
/// ```
/// use nn_core::loss::{Class, Loss, SparseCategoricalCrossentropy};
/// let class: Class<[f32; 3]> = Class::new(2)?;
/// assert_eq!(SparseCategoricalCrossentropy.value(&[0.25, 0.25, 0.5], class.as_ref()), core::f32::consts::LN_2);
/// # Ok::<(), nn_core::loss::ClassError>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Class<V> {
    number: [f32; 1],
    outputs: PhantomData<V>,
}

/// A number that is no class.
///
/// ```
/// use nn_core::loss::Class;
/// let error = Class::<[f32; 10]>::new(10).unwrap_err();
/// assert_eq!(error.to_string(), "class 10 is none of the 10 classes, which count from 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("class {number} is none of the {classes} classes, which count from 0")]
pub struct ClassError {
    /// The number.
    pub number: usize,
    /// How many classes there are.
    pub classes: usize,
}

impl<V: Vector> Class<V> {
    /// The class of this number, from 0.
    ///
    /// # Errors
    /// [`ClassError`] if there are no more than `number` outputs.
    pub fn new(number: usize) -> Result<Self, ClassError> {
        if number >= V::SIZE {
            return Err(ClassError { number, classes: V::SIZE });
        }
        Ok(Self { number: [index(number)], outputs: PhantomData })
    }
}

impl<V> AsRef<[f32]> for Class<V> {
    fn as_ref(&self) -> &[f32] {
        &self.number
    }
}

impl<V> fmt::Debug for Class<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [number] = self.number;
        write!(f, "Class({number})")
    }
}

/// The number of a class as a float; it is exact, because layers have fewer than 2²⁴ outputs.
fn index(class: usize) -> f32 {
    if class == 0 { 0.0 } else { count(class) }
}

/// The class that a target names, which is one whole number below `classes`; `None` if it is none.
pub(super) fn class(y: &[f32], classes: usize) -> Option<usize> {
    let &[number] = y else { return None };
    (0..classes).find(|&class| index(class).to_bits() == (number + 0.0).to_bits())
}

#[cfg(test)]
mod tests {
    use super::{Class, ClassError, class};

    #[test]
    fn a_class_is_below_the_number_of_outputs() {
        type Outputs = [f32; 3];
        assert_eq!(Class::<Outputs>::new(2).unwrap().as_ref(), [2.0]);
        assert_eq!(Class::<Outputs>::new(3), Err(ClassError { number: 3, classes: 3 }));
        assert!(Class::<[f32; 0]>::new(0).is_err());
        assert_eq!(std::format!("{:?}", Class::<Outputs>::new(1).unwrap()), "Class(1)");
    }

    #[test]
    fn what_is_no_class_is_found() {
        assert_eq!([0.0, -0.0, 1.0, 2.0].map(|number| class(&[number], 3)), [Some(0), Some(0), Some(1), Some(2)]);
        for number in [-1.0, 0.5, 3.0, 1e9, f32::NAN, f32::INFINITY] {
            assert_eq!(class(&[number], 3), None, "{number}");
        }
        assert_eq!((class(&[], 3), class(&[1.0, 0.0], 3), class(&[0.0], 0)), (None, None, None));
    }
}
