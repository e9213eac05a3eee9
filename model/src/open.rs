//! Open enums, to which newer versions may add names. An unknown name is kept unchanged and passed on, never mistaken
//! for another, and never a decoding error.
//!
//! An enum that crosses a wire between programs, or is stored where another version may read it, is written as a name alone; what belongs to
//! it stands in fields beside it. [`open_names`] makes such an enum. Its `match`es have to say what an unknown name means.

use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// The longest name in bytes. No program gives a longer one; what follows in one that does is left out.
pub const MAX_NAME_BYTES: usize = 31;

/// A name that this program does not know, as it was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownName {
    bytes: [u8; MAX_NAME_BYTES],
    len: u8,
}

impl UnknownName {
    /// Keeps a name. Only what [`open_names`] makes does so, having looked among the names it knows.
    pub(crate) fn keep(text: &str) -> Self {
        let text = text.get(..text.floor_char_boundary(MAX_NAME_BYTES)).unwrap_or_default();
        let mut bytes = [0; MAX_NAME_BYTES];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Self { bytes, len: u8::try_from(text.len()).unwrap_or_default() }
    }

    /// The name.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let Some((name, _)) = self.bytes.split_at_checked(self.len as usize) else { return "" };
        match std::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => "",
        }
    }
}

impl fmt::Debug for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a name of any enum; compiled once for each format and not for each enum.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnknownName, D::Error> {
    struct Name;
    impl Visitor<'_> for Name {
        type Value = UnknownName;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<UnknownName, E> {
            Ok(UnknownName::keep(text))
        }
    }
    deserializer.deserialize_str(Name)
}

/// Makes an open enum from its variants and their names. It is `Copy`, is written as the name, and reads any name.
macro_rules! open_names {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// One that this program does not know: a newer one wrote it.
            Unknown($crate::open::UnknownName),
        }

        impl $name {
            /// All that this program knows.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The name as stored and sent.
            #[must_use]
            pub const fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(name) => name.as_str(),
                }
            }

            /// Reads any name.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown($crate::open::UnknownName::keep(text)))
            }

            /// Reads a name that this program knows.
            #[must_use]
            pub fn known(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.as_str() == text)
            }

            /// Whether this program does not know it.
            #[must_use]
            pub const fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::open::read(deserializer).map(|name| Self::parse(name.as_str()))
            }
        }
    };
}

pub(crate) use open_names;

#[cfg(test)]
mod tests;
