//! What activations, losses, initializers and constraints can be told: named values with a default and a range each, checked once.

use core::fmt;

/// A kind that can be told values by name.
pub(crate) trait Settings: Copy {
    /// The name of its type.
    fn kind_name(&self) -> &'static str;

    /// The names, in the order in which the values stand in files.
    fn names(&self) -> &'static [&'static str];

    /// What each value can be, in the order of the names.
    fn ranges(&self) -> &'static [Range];

    /// The value of the name at `index`.
    fn place(&mut self, index: usize) -> Option<&mut f32>;

    /// The value of the name at `index`.
    fn nth_setting(mut self, index: usize) -> Option<f32> {
        self.place(index).copied()
    }

    /// Gives the name at `index` another value. A device that reads a file does this, so it knows no names.
    fn set(&mut self, index: usize, value: f32) -> Result<(), Refused> {
        let range = self.ranges().get(index).ok_or(Refused::NoSuchSetting)?;
        let place = self.place(index).ok_or(Refused::NoSuchSetting)?;
        if !range.contains(value) {
            return Err(Refused::OutOf(*range));
        }
        *place = value;
        Ok(())
    }

    /// The value of this name.
    fn named_setting(self, name: &str) -> Option<f32> {
        self.nth_setting(self.names().iter().position(|known| *known == name)?)
    }

    /// This kind with another value of this name.
    fn with_named_setting(mut self, name: &str, value: f32) -> Result<Self, SettingError> {
        let unknown = SettingError::Unknown { kind: self.kind_name(), known: self.names() };
        let found = self.names().iter().enumerate().find(|(_, known)| **known == name);
        let (index, name) = found.ok_or(unknown)?;
        match self.set(index, value) {
            Ok(()) => Ok(self),
            Err(Refused::OutOf(range)) => Err(SettingError::OutOfRange { name, value, range: range.words() }),
            Err(Refused::NoSuchSetting) => Err(unknown),
        }
    }
}

/// Why a value is not set.
#[derive(Clone, Copy)]
pub(crate) enum Refused {
    /// There are fewer settings.
    NoSuchSetting,
    /// The value is not in this range.
    OutOf(Range),
}

/// What a value can be.
#[derive(Clone, Copy)]
pub(crate) enum Range {
    /// Any finite number.
    Finite,
    /// Finite and above zero.
    Positive,
    /// Finite and not below zero.
    NotNegative,
    /// In [0, 1].
    Share,
    /// 0 or 1, which are no and yes.
    Switch,
}

impl Range {
    fn contains(self, value: f32) -> bool {
        match self {
            Self::Finite => value.is_finite(),
            Self::Positive => value > 0.0 && value.is_finite(),
            Self::NotNegative => value >= 0.0 && value.is_finite(),
            Self::Share => (0.0..=1.0).contains(&value),
            Self::Switch => value == 0.0 || value.to_bits() == 1_f32.to_bits(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Finite => "finite",
            Self::Positive => "above 0 and finite",
            Self::NotNegative => "at least 0 and finite",
            Self::Share => "from 0 to 1",
            Self::Switch => "0 or 1",
        }
    }
}

/// Makes a kind from its settings, a row each: what it is, then `name: range = default`. The name of a kind alone is that
/// kind with its defaults, whether it has settings or not.
macro_rules! settings {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $kind;

        impl $kind {
            pub(super) const DEFAULT: Self = Self;
        }

        impl $crate::setting::Settings for $kind {
            fn kind_name(&self) -> &'static str {
                stringify!($kind)
            }

            fn names(&self) -> &'static [&'static str] {
                &[]
            }

            fn ranges(&self) -> &'static [$crate::setting::Range] {
                &[]
            }

            fn place(&mut self, _index: usize) -> Option<&mut f32> {
                None
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident {
            $(
                #[doc = $about:literal]
                $name:ident: $range:ident = $default:literal,
            )+
        }
    ) => {
        $(#[$attribute])*
        ///
        /// # Settings
        $(#[doc = concat!("- `", stringify!($name), "` (", stringify!($default), "):", $about)])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $kind {
            $($name: f32,)+
        }

        #[doc = concat!("[`", stringify!($kind), "`](struct@", stringify!($kind), ") with its default settings.")]
        #[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults, with settings or without")]
        pub const $kind: $kind = $kind::DEFAULT;

        impl $kind {
            pub(super) const DEFAULT: Self = Self { $($name: $default,)+ };

            /// This kind with another value of one setting, by its name in Keras; 0 and 1 are no and yes.
            ///
            /// # Errors
            /// [`SettingError`](crate::SettingError) if it has none of that name, or the value is outside its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, $crate::setting::SettingError> {
                $crate::setting::Settings::with_named_setting(self, name, value)
            }
        }

        impl $crate::setting::Settings for $kind {
            fn kind_name(&self) -> &'static str {
                stringify!($kind)
            }

            fn names(&self) -> &'static [&'static str] {
                &[$(stringify!($name)),+]
            }

            fn ranges(&self) -> &'static [$crate::setting::Range] {
                &[$($crate::setting::Range::$range),+]
            }

            fn place(&mut self, index: usize) -> Option<&mut f32> {
                [$(&mut self.$name),+].into_iter().nth(index)
            }
        }

        impl Default for $kind {
            fn default() -> Self {
                Self::DEFAULT
            }
        }
    };
}

pub(crate) use settings;

/// A setting that a kind does not have, or a value that it cannot have.
///
/// ```
/// use nn_core::loss::Huber;
/// let error = Huber.with("delta", -1.0).unwrap_err();
/// assert_eq!(error.to_string(), "delta is -1, it must be above 0 and finite");
/// let error = Huber.with("width", 1.0).unwrap_err();
/// assert_eq!(error.to_string(), "unknown setting; Huber has delta");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SettingError {
    /// There is none of that name.
    #[error("unknown setting; {kind} has {}", Names(known))]
    Unknown {
        /// The name of the kind's type.
        kind: &'static str,
        /// The names that it has.
        known: &'static [&'static str],
    },
    /// The value is not in the range.
    #[error("{name} is {value}, it must be {range}")]
    OutOfRange {
        /// The setting's name.
        name: &'static str,
        /// The value given.
        value: f32,
        /// The range, in words.
        range: &'static str,
    },
}

/// Names with commas between.
struct Names(&'static [&'static str]);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.0.split_first() else { return f.write_str("none") };
        f.write_str(first)?;
        others.iter().try_for_each(|name| write!(f, ", {name}"))
    }
}

/// Whether a switch is on.
pub(crate) fn is_on(switch: f32) -> bool {
    switch != 0.0
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro makes public kinds, which nobody outside of a test can reach")]
mod tests {
    use super::{Range, SettingError, Settings};

    settings! {
        /// A kind with two settings.
        pub struct Two {
            /// the first.
            first: Share = 0.5,
            /// the second.
            second: Switch = 0.0,
        }
    }

    settings! {
        /// A kind without settings.
        pub struct Plain;
    }

    #[test]
    fn a_setting_changes_and_the_others_stay() {
        assert_eq!(Two.with("second", 1.0).unwrap().with("first", 0.0), Ok(Two { first: 0.0, second: 1.0 }));
        assert_eq!((Two.named_setting("first"), Two.named_setting("third")), (Some(0.5), None));
        assert_eq!((Two.nth_setting(1), Two.nth_setting(2)), (Some(0.0), None));
        assert_eq!((Plain::DEFAULT, Two::default()), (Plain, Two));
    }

    #[test]
    fn values_outside_their_range_are_refused_by_name() {
        for (name, value) in [("first", -0.1), ("first", 1.1), ("first", f32::NAN), ("second", 0.5)] {
            assert!(
                matches!(Two.with(name, value), Err(SettingError::OutOfRange { name: found, .. }) if found == name)
            );
        }
    }

    #[test]
    fn ranges_have_their_ends() {
        let values = [f32::NEG_INFINITY, -1.0, 0.0, 0.5, 1.0, 2.0, f32::INFINITY, f32::NAN];
        let within = |range: Range| values.map(|value| u8::from(range.contains(value)));
        assert_eq!(within(Range::Finite), [0, 1, 1, 1, 1, 1, 0, 0]);
        assert_eq!(within(Range::NotNegative), [0, 0, 1, 1, 1, 1, 0, 0]);
        assert_eq!(within(Range::Positive), [0, 0, 0, 1, 1, 1, 0, 0]);
        assert_eq!(within(Range::Share), [0, 0, 1, 1, 1, 0, 0, 0]);
        assert_eq!(within(Range::Switch), [0, 0, 1, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn names_that_do_not_exist_are_answered_with_those_that_do() {
        let text = |error: SettingError| std::format!("{error}");
        assert_eq!(text(Two.with("third", 0.0).unwrap_err()), "unknown setting; Two has first, second");
        assert_eq!(text(Plain.with_named_setting("first", 0.0).unwrap_err()), "unknown setting; Plain has none");
        assert_eq!(Plain.named_setting("first"), None);
    }
}
