//! What activations, losses and initializers can be told: named values with a default and a range each, checked once.

use core::fmt;

/// A kind that can be told values by name.
pub(crate) trait Settings: Sized {
    /// The names, in the order in which the values stand in files.
    const NAMES: &'static [&'static str];

    /// The value of this name.
    fn setting(&self, name: &str) -> Option<f32>;

    /// This kind with another value of one setting.
    fn with_setting(self, name: &str, value: f32) -> Result<Self, SettingError>;
}

/// Makes a kind from its settings, a row each: what it is, then `name: check = default`. The name of a kind alone is that
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
            const NAMES: &'static [&'static str] = &[];

            fn setting(&self, _name: &str) -> Option<f32> {
                None
            }

            fn with_setting(self, _name: &str, _value: f32) -> Result<Self, $crate::setting::SettingError> {
                Err($crate::setting::SettingError::Unknown { kind: stringify!($kind), known: Self::NAMES })
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident {
            $(
                #[doc = $about:literal]
                $name:ident: $check:ident = $default:literal,
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
                $crate::setting::Settings::with_setting(self, name, value)
            }
        }

        impl $crate::setting::Settings for $kind {
            const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            fn setting(&self, name: &str) -> Option<f32> {
                match name {
                    $(stringify!($name) => Some(self.$name),)+
                    _ => None,
                }
            }

            fn with_setting(mut self, name: &str, value: f32) -> Result<Self, $crate::setting::SettingError> {
                match name {
                    $(stringify!($name) => self.$name = $crate::setting::$check(stringify!($name), value)?,)+
                    _ => return Err($crate::setting::SettingError::Unknown { kind: stringify!($kind), known: Self::NAMES }),
                }
                Ok(self)
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

fn check(name: &'static str, value: f32, is_ok: bool, range: &'static str) -> Result<f32, SettingError> {
    if is_ok { Ok(value) } else { Err(SettingError::OutOfRange { name, value, range }) }
}

/// `value` if it is finite.
pub(crate) fn finite(name: &'static str, value: f32) -> Result<f32, SettingError> {
    check(name, value, value.is_finite(), "finite")
}

/// `value` if it is finite and above zero.
pub(crate) fn positive(name: &'static str, value: f32) -> Result<f32, SettingError> {
    check(name, value, value > 0.0 && value.is_finite(), "above 0 and finite")
}

/// `value` if it is finite and not below zero.
pub(crate) fn not_negative(name: &'static str, value: f32) -> Result<f32, SettingError> {
    check(name, value, value >= 0.0 && value.is_finite(), "at least 0 and finite")
}

/// `value` if it is in [0, 1].
pub(crate) fn share(name: &'static str, value: f32) -> Result<f32, SettingError> {
    check(name, value, (0.0..=1.0).contains(&value), "from 0 to 1")
}

/// `value` if it is 0 or 1.
pub(crate) fn switch(name: &'static str, value: f32) -> Result<f32, SettingError> {
    check(name, value, value == 0.0 || value.to_bits() == 1_f32.to_bits(), "0 or 1")
}

/// Whether a switch is on.
pub(crate) fn is_on(switch: f32) -> bool {
    switch != 0.0
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro makes public kinds, which nobody outside of a test can reach")]
mod tests {
    use super::{SettingError, Settings};

    settings! {
        /// A kind with two settings.
        pub struct Two {
            /// The first.
            first: share = 0.5,
            /// The second.
            second: switch = 0.0,
        }
    }

    settings! {
        /// A kind without settings.
        pub struct Plain;
    }

    #[test]
    fn a_setting_changes_and_the_others_stay() {
        assert_eq!(Two.with("second", 1.0).unwrap().with("first", 0.0), Ok(Two { first: 0.0, second: 1.0 }));
        assert_eq!((Two.setting("first"), Two.setting("third")), (Some(0.5), None));
        assert_eq!((Plain::DEFAULT, Two::default()), (Plain, Two));
    }

    #[test]
    fn values_outside_their_range_are_refused_by_name() {
        for (name, value) in [("first", -0.1), ("first", 1.1), ("first", f32::NAN), ("second", 0.5)] {
            assert!(
                matches!(Two.with(name, value), Err(SettingError::OutOfRange { name: found, .. }) if found == name)
            );
        }
        for check in [super::positive, super::not_negative, super::finite] {
            assert!(check("a", f32::INFINITY).is_err() && check("a", f32::NAN).is_err() && check("a", 2.0).is_ok());
        }
        assert!(super::positive("a", 0.0).is_err() && super::not_negative("a", 0.0).is_ok());
        assert!(super::not_negative("a", -1.0).is_err() && super::finite("a", -1.0).is_ok());
    }

    #[test]
    fn names_that_do_not_exist_are_answered_with_those_that_do() {
        let text = |error: SettingError| std::format!("{error}");
        assert_eq!(text(Two.with("third", 0.0).unwrap_err()), "unknown setting; Two has first, second");
        assert_eq!(text(Plain.with_setting("first", 0.0).unwrap_err()), "unknown setting; Plain has none");
        assert_eq!(Plain.setting("first"), None);
    }
}
