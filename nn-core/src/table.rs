//! One table a concept: the rows make the run-time enum, its tags, its names and its dispatch.

/// Makes the run-time choice among the kinds of one concept.
///
/// A row is `tag => Type, "name"`. The tag goes into model files and is never renumbered; the name is Keras'.
/// `as dyn Trait` lets the choice be used as that trait, and gives it the settings of its kinds; `visited by Visitor`
/// hands the kind inside to a generic function, for traits that have associated types.
macro_rules! table {
    (
        $(#[$attribute:meta])*
        $any:ident as dyn $concept:ident {
            $($tag:literal => $kind:ident, $name:literal;)+
        }
    ) => {
        $crate::table::table! { @choice $(#[$attribute])* $any { $($tag => $kind, $name;)+ } }

        impl $any {
            /// The kind inside.
            fn kind(&self) -> &dyn $concept {
                match self {
                    $(Self::$kind(kind) => kind,)+
                }
            }
        }

        $crate::table::table! { @settings $any { $($kind,)+ } }
    };
    (
        $(#[$attribute:meta])*
        $any:ident visited by $visitor:ident {
            $($tag:literal => $kind:ident, $name:literal;)+
        }
    ) => {
        $crate::table::table! { @choice $(#[$attribute])* $any { $($tag => $kind, $name;)+ } }

        impl $any {
            /// Calls the visitor with the kind inside.
            pub fn visit<V: $visitor>(self, visitor: V) -> V::Output {
                match self {
                    $(Self::$kind(kind) => visitor.visit(kind),)+
                }
            }
        }

        impl core::fmt::Display for $any {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
    (
        @settings $any:ident { $($kind:ident,)+ }
    ) => {
        impl $any {
            /// This kind with another value of one setting, by its name in Keras; 0 and 1 are no and yes.
            ///
            /// # Errors
            /// [`SettingError`](crate::SettingError) if it has none of that name, or the value is outside its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, $crate::SettingError> {
                $crate::setting::Settings::with_named_setting(self, name, value)
            }

            /// The value of the setting of this name.
            #[must_use]
            pub fn setting(&self, name: &str) -> Option<f32> {
                $crate::setting::Settings::named_setting(*self, name)
            }

            /// The names of all settings, in the order in which their values stand in model files.
            #[must_use]
            pub fn setting_names(&self) -> &'static [&'static str] {
                $crate::setting::Settings::names(self)
            }
        }

        impl $crate::setting::Settings for $any {
            fn kind_name(&self) -> &'static str {
                self.type_name()
            }

            fn names(&self) -> &'static [&'static str] {
                match self {
                    $(Self::$kind(kind) => $crate::setting::Settings::names(kind),)+
                }
            }

            fn ranges(&self) -> &'static [$crate::setting::Range] {
                match self {
                    $(Self::$kind(kind) => $crate::setting::Settings::ranges(kind),)+
                }
            }

            fn place(&mut self, index: usize) -> Option<&mut f32> {
                match self {
                    $(Self::$kind(kind) => $crate::setting::Settings::place(kind, index),)+
                }
            }
        }

        /// The name, and the settings that are not the defaults: `name,setting=value`.
        impl core::fmt::Display for $any {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())?;
                let default = Self::from_tag(self.tag()).unwrap_or(*self);
                let other = |name: &&&str| self.setting(name) != default.setting(name);
                let mut others = self.setting_names().iter().filter(other);
                others.try_for_each(|name| write!(f, ",{name}={}", self.setting(name).unwrap_or_default()))
            }
        }
    };
    (
        @choice $(#[$attribute:meta])*
        $any:ident {
            $($tag:literal => $kind:ident, $name:literal;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum $any {
            $(
                #[doc = concat!("`", $name, "`, tag ", stringify!($tag), " in model files.")]
                $kind($kind),
            )+
        }

        impl $any {
            /// Every kind once, with its default settings, in the order of the tags.
            pub const ALL: &'static [Self] = &[$(Self::$kind($kind::DEFAULT),)+];

            /// The names of all kinds, in the order of the tags.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// The number that stands for this kind in model files.
            #[must_use]
            pub const fn tag(&self) -> u8 {
                match self {
                    $(Self::$kind(_) => $tag,)+
                }
            }

            /// The name of this kind, as Keras has it.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => $name,)+
                }
            }

            /// The name of the Rust type of this kind.
            #[must_use]
            pub const fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => stringify!($kind),)+
                }
            }

            /// The kind with this tag, with its default settings.
            #[must_use]
            pub const fn from_tag(tag: u8) -> Option<Self> {
                match tag {
                    $($tag => Some(Self::$kind($kind::DEFAULT)),)+
                    _ => None,
                }
            }

            /// The kind with this name, with its default settings.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$kind($kind::DEFAULT)),)+
                    _ => None,
                }
            }
        }

        $(
            impl From<$kind> for $any {
                fn from(kind: $kind) -> Self {
                    Self::$kind(kind)
                }
            }

            impl TryFrom<$any> for $kind {
                /// The kind that it is instead.
                type Error = $any;

                fn try_from(any: $any) -> Result<Self, $any> {
                    match any {
                        $any::$kind(kind) => Ok(kind),
                        #[allow(unreachable_patterns, reason = "a table may have a single row")]
                        other => Err(other),
                    }
                }
            }
        )+
    };
}

pub(crate) use table;
