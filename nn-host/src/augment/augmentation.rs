//! The table of distortions: what can be chosen by name, and what each one is.

use core::fmt;

use super::affine::Map;
use super::distortion::Values;
use nn_core::SettingError;

use super::{Elastic, Mixup, Noise, Rotation, Scale, Shift, Skew, TimeWarp, Translation, Zoom};

/// What a distortion does.
pub(super) enum Role<'a> {
    /// It moves an image by a map of the plane.
    Map(&'a dyn Map),
    /// It moves each pixel of an image.
    Field(Elastic),
    /// It changes values, whatever they mean.
    Values(&'a dyn Values),
    /// It mixes samples.
    Mix(Mixup),
}

macro_rules! table {
    ($($kind:ident => |$this:ident| $role:expr;)+) => {
        /// A distortion chosen at run time.
        ///
        /// ```
        /// use nn_host::augment::{Augmentation, Rotation};
        ///
        /// let rotation = Augmentation::from_name("rotation").unwrap().with("rotation", 15.0)?;
        /// assert_eq!(rotation, Rotation::new(15.0)?.into());
        /// assert_eq!(rotation.to_string(), "rotation=15");
        /// # Ok::<(), nn_core::SettingError>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Augmentation {
            $(#[doc = concat!("[`", stringify!($kind), "`]")] $kind($kind),)+
        }

        impl Augmentation {
            /// Every distortion with its default settings.
            fn all() -> Vec<Self> {
                vec![$(Self::$kind($kind::default())),+]
            }

            /// The names of its settings; the first is its own.
            #[must_use]
            pub const fn settings(&self) -> &'static [&'static str] {
                match self {
                    $(Self::$kind(_) => $kind::SETTINGS,)+
                }
            }

            /// The values of its settings, in the order of their names.
            #[must_use]
            pub fn values(&self) -> Vec<f32> {
                match self {
                    $(Self::$kind(kind) => kind.values(),)+
                }
            }

            /// This distortion with another value of a setting.
            ///
            /// # Errors
            /// [`SettingError`] if there is no such setting, or the value is out of its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, SettingError> {
                match self {
                    $(Self::$kind(kind) => kind.with(name, value).map(Self::$kind),)+
                }
            }

            pub(super) fn role(&self) -> Role<'_> {
                match self {
                    $(Self::$kind($this) => $role,)+
                }
            }
        }

        $(impl From<$kind> for Augmentation {
            fn from(kind: $kind) -> Self {
                Self::$kind(kind)
            }
        })+
    };
}

table! {
    Rotation => |kind| Role::Map(kind);
    Translation => |kind| Role::Map(kind);
    Skew => |kind| Role::Map(kind);
    Zoom => |kind| Role::Map(kind);
    Elastic => |kind| Role::Field(*kind);
    Noise => |kind| Role::Values(kind);
    Scale => |kind| Role::Values(kind);
    Shift => |kind| Role::Values(kind);
    TimeWarp => |kind| Role::Values(kind);
    Mixup => |kind| Role::Mix(*kind);
}

impl Augmentation {
    /// The names of all distortions.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        Self::all().iter().map(Self::name).collect()
    }

    /// The distortion with this name and its default settings.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|kind| kind.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.settings().first().copied().unwrap_or_default()
    }
}

/// `name=value`, and its further settings after commas.
impl fmt::Display for Augmentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.settings().iter().zip(self.values()).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Augmentation, SettingError};

    #[test]
    fn every_distortion_has_a_name_of_its_own_and_settings_in_range() {
        let mut settings: Vec<_> = Augmentation::all().iter().flat_map(|kind| kind.settings()).collect();
        for kind in Augmentation::all() {
            assert_eq!(Augmentation::from_name(kind.name()), Some(kind));
            for (name, value) in kind.settings().iter().zip(kind.values()) {
                assert_eq!(kind.with(name, value), Ok(kind));
                assert!(kind.with(name, -1.0).is_err() && kind.with(name, f32::NAN).is_err(), "{name}");
            }
        }
        settings.sort_unstable();
        let count = settings.len();
        settings.dedup();
        assert_eq!((settings.len(), count), (11, 11), "a setting belongs to one distortion");
    }

    #[test]
    fn wrong_settings_are_named() {
        let elastic = Augmentation::from_name("elastic").unwrap();
        let error = |name, value| elastic.with(name, value).unwrap_err();
        assert_eq!(error("sigma", 0.0).to_string(), "sigma is 0, it must be from 0.1 to 64.0");
        assert_eq!(error("alpha", 1.0).to_string(), "unknown setting; elastic has elastic, sigma");
        assert!(matches!(error("alpha", 1.0), SettingError::Unknown { kind: "elastic", .. }));
    }
}
