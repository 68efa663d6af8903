//! What a distortion can be told: numbers with a name, a default and a range each, checked once.

use core::ops::RangeInclusive;

use nn_core::SettingError;

/// The value, if it is in its range, which `words` say.
pub(super) fn checked(
    name: &'static str,
    value: f32,
    range: RangeInclusive<f32>,
    words: &'static str,
) -> Result<f32, SettingError> {
    if range.contains(&value) { Ok(value) } else { Err(SettingError::OutOfRange { name, value, range: words }) }
}

/// Makes a distortion from its name and its settings, a row each: what it is, then `name: lowest, highest = default`. The first
/// setting has the name of the distortion.
macro_rules! distortion {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident {
            $(
                #[doc = $about:literal]
                $name:ident: $lowest:literal, $highest:literal = $default:literal,
            )+
        }
    ) => {
        $(#[$attribute])*
        ///
        /// # Settings
        $(#[doc = concat!("- `", stringify!($name), "` (", stringify!($default), "):", $about, ", from ",
            stringify!($lowest), " to ", stringify!($highest))])+
        ///
        /// ```
        #[doc = concat!("use nn_host::augment::", stringify!($kind), ";")]
        #[doc = concat!("assert_eq!(", stringify!($kind), "::new(", stringify!($($default),+), ")?, ",
            stringify!($kind), "::default());")]
        /// # Ok::<(), nn_core::SettingError>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $kind {
            $(pub(super) $name: f32,)+
        }

        impl $kind {
            /// The names of the settings; the first is that of the distortion.
            pub(super) const SETTINGS: &'static [&'static str] = &[$(stringify!($name)),+];

            /// The distortion with these settings.
            ///
            /// # Errors
            /// [`SettingError`](nn_core::SettingError) if one is out of its range.
            pub fn new($($name: f32),+) -> Result<Self, nn_core::SettingError> {
                $(let $name = {
                    let words = concat!("from ", stringify!($lowest), " to ", stringify!($highest));
                    $crate::augment::setting::checked(stringify!($name), $name, $lowest..=$highest, words)?
                };)+
                Ok(Self { $($name),+ })
            }

            /// This distortion with another value of the setting with this name.
            pub(super) fn with(self, name: &str, value: f32) -> Result<Self, nn_core::SettingError> {
                $(let $name = if name == stringify!($name) { value } else { self.$name };)+
                if Self::SETTINGS.contains(&name) {
                    return Self::new($($name),+);
                }
                let kind = Self::SETTINGS.first().copied().unwrap_or_default();
                Err(nn_core::SettingError::Unknown { kind, known: Self::SETTINGS })
            }

            /// The values of the settings, in the order of their names.
            pub(super) fn values(&self) -> Vec<f32> {
                vec![$(self.$name),+]
            }
        }

        impl Default for $kind {
            fn default() -> Self {
                Self { $($name: $default),+ }
            }
        }
    };
}
