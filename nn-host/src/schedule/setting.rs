//! What a schedule can be told: named numbers with a range and a default each, checked once, and how long its parts last.

use nn_core::SettingError;

/// What a number can be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Range {
    /// Finite and above zero.
    Positive,
    /// Finite and not below zero.
    NotNegative,
    /// Finite and not below one.
    AtLeastOne,
    /// In [0, 1].
    Share,
    /// 0 or 1, which are no and yes.
    Switch,
}

impl Range {
    /// The value of the setting of this name, if it is in the range.
    pub(super) fn check(self, name: &'static str, value: f32) -> Result<f32, SettingError> {
        let (is_inside, range) = match self {
            Self::Positive => (value > 0.0 && value.is_finite(), "above 0 and finite"),
            Self::NotNegative => (value >= 0.0 && value.is_finite(), "at least 0 and finite"),
            Self::AtLeastOne => (value >= 1.0 && value.is_finite(), "at least 1 and finite"),
            Self::Share => ((0.0..=1.0).contains(&value), "from 0 to 1"),
            Self::Switch => (value == 0.0 || value.to_bits() == 1_f32.to_bits(), "0 or 1"),
        };
        if is_inside { Ok(value) } else { Err(SettingError::OutOfRange { name, value, range }) }
    }
}

/// Makes a schedule from its settings, a row each: `name: range = default` for a number, and
/// `name, "its name in steps", "its name in epochs" = default` for how long a part lasts.
macro_rules! settings {
    (
        $(#[$attribute:meta])*
        pub struct $schedule:ident {
            $(
                #[doc = $about:literal]
                $name:ident: $range:ident = $default:literal,
            )*
            spans:
            $(
                #[doc = $about_span:literal]
                $span:ident, $steps:literal, $epochs:literal = $default_span:expr,
            )*
        }
    ) => {
        $(#[$attribute])*
        ///
        /// # Settings
        $(#[doc = concat!("- `", stringify!($name), "` (", stringify!($default), "):", $about)])*
        $(#[doc = concat!("- `", $steps, "` or `", $epochs, "`:", $about_span)])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $schedule {
            $($name: f32,)*
            $($span: super::Span,)*
        }

        impl $schedule {
            /// The names of all settings.
            pub const SETTINGS: &'static [&'static str] = &[$(stringify!($name),)* $($steps, $epochs,)*];

            /// This schedule with another value of one setting; 0 and 1 are no and yes. Of steps and epochs the last
            /// that is given counts.
            ///
            /// # Errors
            /// [`SettingError`](nn_core::SettingError) if it has none of that name, or the value is outside its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, nn_core::SettingError> {
                match name {
                    $(stringify!($name) => {
                        let $name = super::setting::Range::$range.check(stringify!($name), value)?;
                        Ok(Self { $name, ..self })
                    })*
                    $($steps => Ok(Self { $span: super::Span::of_steps($steps, value)?, ..self }),)*
                    $($epochs => Ok(Self { $span: super::Span::of_epochs($epochs, value)?, ..self }),)*
                    _ => Err(nn_core::SettingError::Unknown { kind: stringify!($schedule), known: Self::SETTINGS }),
                }
            }
        }

        impl Default for $schedule {
            fn default() -> Self {
                Self { $($name: $default,)* $($span: $default_span,)* }
            }
        }
    };
}

pub(super) use settings;

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_have_their_ends() {
        let values = [f32::NEG_INFINITY, -1.0, 0.0, 0.5, 1.0, 2.0, f32::INFINITY, f32::NAN];
        let within = |range: Range| values.map(|value| u8::from(range.check("name", value).is_ok()));
        assert_eq!(within(Range::Positive), [0, 0, 0, 1, 1, 1, 0, 0]);
        assert_eq!(within(Range::NotNegative), [0, 0, 1, 1, 1, 1, 0, 0]);
        assert_eq!(within(Range::AtLeastOne), [0, 0, 0, 0, 1, 1, 0, 0]);
        assert_eq!(within(Range::Share), [0, 0, 1, 1, 1, 0, 0, 0]);
        assert_eq!(within(Range::Switch), [0, 0, 1, 0, 1, 0, 0, 0]);
    }
}
