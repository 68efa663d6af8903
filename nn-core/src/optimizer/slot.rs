//! What a rule remembers for a weight, and the same as numbers, which a training that is interrupted stores and goes on from.

use crate::{Vector, Zero};

/// What a rule remembers for each weight; it starts as zero and is nothing but numbers.
///
/// ```
/// use nn_core::Zero;
/// use nn_core::optimizer::{Adam, Moments, Rule, Slot};
/// let (mut w, mut slots) = ([1.0], [Moments::ZERO]);
/// Adam::update(Adam::default().step(1), 1.0, &[5.0], &mut slots, &mut w);
/// let stored: [f32; 2] = slots[0].numbers();
/// assert_eq!(Moments::of(stored), slots[0]);
/// ```
pub trait Slot: Zero + Copy + core::fmt::Debug + Send + Sync + 'static {
    /// The numbers, an array of as many as there are.
    type Numbers: Vector;

    /// The numbers, in the order in which files have them.
    fn numbers(self) -> Self::Numbers;

    /// What these numbers are; any will do.
    fn of(numbers: Self::Numbers) -> Self;
}

impl Slot for () {
    type Numbers = [f32; 0];

    fn numbers(self) -> [f32; 0] {
        []
    }

    fn of(_numbers: [f32; 0]) {}
}

impl Slot for f32 {
    type Numbers = [Self; 1];

    fn numbers(self) -> [Self; 1] {
        [self]
    }

    fn of([number]: [Self; 1]) -> Self {
        number
    }
}

/// Makes what a rule remembers for a weight from its numbers, a row each. Files have them in this order: new ones come last.
macro_rules! slot {
    (
        $(#[$attribute:meta])*
        pub struct $slot:ident {
            $($(#[$about:meta])* $visibility:vis $number:ident: f32,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $slot {
            $($(#[$about])* $visibility $number: f32,)+
        }

        impl $crate::Zero for $slot {
            const ZERO: Self = Self { $($number: 0.0,)+ };
        }

        impl $crate::optimizer::Slot for $slot {
            type Numbers = [f32; [$(stringify!($number)),+].len()];

            fn numbers(self) -> Self::Numbers {
                [$(self.$number),+]
            }

            fn of([$($number),+]: Self::Numbers) -> Self {
                Self { $($number),+ }
            }
        }
    };
}

pub(super) use slot;

#[cfg(test)]
mod tests {
    use super::Slot;
    use crate::optimizer::{AnyOptimizer, Rule, RuleVisitor};
    use crate::{Vector, Zero};

    /// Six steps of two weights; after the third, `interrupt` may change the memory's numbers. Without it, the memory never
    /// becomes numbers.
    struct Steps {
        interrupt: Option<fn(&mut [f32])>,
    }

    impl RuleVisitor for Steps {
        type Output = [u32; 2];

        fn visit<R: Rule>(self, rule: R) -> [u32; 2] {
            let (mut w, mut slots) = ([0.5, -0.25], [R::Slot::ZERO; 2]);
            for t in 1..=6 {
                let g = [0.75 * w[0] + 0.1, 2.0 * w[1] - 0.3].map(|g| g * rule.error_factor(t).unwrap_or(1.0));
                R::update(rule.step(t), 1.0, &g, &mut slots, &mut w);
                if let (3, Some(interrupt)) = (t, self.interrupt) {
                    slots = slots.map(|slot| {
                        let mut numbers = slot.numbers();
                        interrupt(numbers.as_mut());
                        R::Slot::of(numbers)
                    });
                }
            }
            w.map(f32::to_bits)
        }
    }

    /// How many numbers a rule remembers for a weight.
    struct Count;

    impl RuleVisitor for Count {
        type Output = usize;

        fn visit<R: Rule>(self, _rule: R) -> usize {
            <R::Slot as Slot>::Numbers::SIZE
        }
    }

    /// Every rule so that all of its memory matters.
    fn rules() -> impl Iterator<Item = AnyOptimizer> {
        AnyOptimizer::ALL.iter().map(|rule| match rule.name() {
            "rmsprop" => rule.with("centered", 1.0).unwrap().with("momentum", 0.9).unwrap(),
            _ => *rule,
        })
    }

    #[test]
    fn a_training_goes_on_from_stored_numbers_with_the_same_bits() {
        for rule in rules() {
            let whole = rule.visit(Steps { interrupt: None });
            assert_eq!(rule.visit(Steps { interrupt: Some(|_| {}) }), whole, "{rule}");
        }
    }

    #[test]
    fn no_stored_number_can_be_lost_unseen() {
        const LOSSES: [fn(&mut [f32]); 3] =
            [|numbers| numbers[0] = 9.0, |numbers| numbers[1] = 9.0, |numbers| numbers[2] = 9.0];
        for rule in rules() {
            let whole = rule.visit(Steps { interrupt: None });
            assert!(rule.visit(Count) <= LOSSES.len(), "{rule}");
            for interrupt in LOSSES.into_iter().take(rule.visit(Count)) {
                assert_ne!(rule.visit(Steps { interrupt: Some(interrupt) }), whole, "{rule}");
            }
        }
    }

    #[test]
    fn every_rule_says_how_much_it_remembers() {
        let counts: std::vec::Vec<_> = AnyOptimizer::ALL.iter().map(|rule| (rule.name(), rule.visit(Count))).collect();
        let expected = [
            ("sgd", 0),
            ("adam", 2),
            ("momentum", 1),
            ("adagrad", 1),
            ("rmsprop", 3),
            ("adadelta", 2),
            ("amsgrad", 3),
            ("adamw", 2),
            ("adamax", 2),
            ("nadam", 2),
            ("lion", 1),
            ("ftrl", 2),
        ];
        assert_eq!(counts, expected);
    }
}
