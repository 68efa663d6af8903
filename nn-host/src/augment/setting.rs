//! What a distortion can be told: numbers with a name, a default and a range each, checked once.

/// A setting that is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// No setting of this name.
    #[error("{kind} has no setting {name:?}, it has {}", known.join(", "))]
    Unknown {
        /// The name of the distortion.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
        /// The names of its settings.
        known: &'static [&'static str],
    },
    /// A value that is out of its range or not a number.
    #[error("{name} is {value}, it must be from {lowest} to {highest}")]
    OutOfRange {
        /// The name of the setting.
        name: &'static str,
        /// Its value.
        value: f32,
        /// The lowest that is possible.
        lowest: f32,
        /// The highest that is possible.
        highest: f32,
    },
}

/// The value, if it is in its range.
pub(super) fn checked(name: &'static str, value: f32, [lowest, highest]: [f32; 2]) -> Result<f32, SettingError> {
    if (lowest..=highest).contains(&value) {
        return Ok(value);
    }
    Err(SettingError::OutOfRange { name, value, lowest, highest })
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
        /// # Ok::<(), nn_host::augment::SettingError>(())
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
            /// [`SettingError`](crate::augment::SettingError) if one is out of its range.
            pub fn new($($name: f32),+) -> Result<Self, $crate::augment::SettingError> {
                $(let $name = $crate::augment::setting::checked(stringify!($name), $name, [$lowest, $highest])?;)+
                Ok(Self { $($name),+ })
            }

            /// This distortion with another value of the setting with this name.
            pub(super) fn with(self, name: &str, value: f32) -> Result<Self, $crate::augment::SettingError> {
                $(let $name = if name == stringify!($name) { value } else { self.$name };)+
                if Self::SETTINGS.contains(&name) {
                    return Self::new($($name),+);
                }
                let kind = Self::SETTINGS.first().copied().unwrap_or_default();
                Err($crate::augment::SettingError::Unknown { kind, name: name.to_owned(), known: Self::SETTINGS })
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
