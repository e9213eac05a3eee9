//! Ids: one type per kind of thing, 16 bytes, sortable by when the thing was made.

use crate::time::At;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Text that is not an id: neither a UUID with hyphens nor 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id")]
pub struct BadId {
    /// What was given.
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a fresh id (UUIDv7) from the time, in milliseconds since 1970, and ten random bytes.
            #[must_use]
            pub fn new(at_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(at_ms, &random).into_uuid())
            }

            /// Derives the id (UUIDv5) of a thing that a file names, so that a re-import meets the same thing.
            #[must_use]
            pub fn derive(campaign: CampaignId, source: &str, source_id: &str) -> Self {
                let name = format!("{}/{source}/{source_id}", stringify!($name));
                Self(Uuid::new_v5(&Uuid::from_bytes(campaign.to_bytes()), name.as_bytes()))
            }

            /// Reads the 16 bytes that [`Self::to_bytes`] gave.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, as they are stored and sent.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::parse_str(text).map(Self).map_err(|_| BadId { text: text.to_owned() })
            }
        }
    };
}

id!(
    /// One campaign: its own voters, turf, members and relay log.
    CampaignId
);
id!(
    /// One Automerge document.
    DocId
);

impl DocId {
    /// When the document was made, by its maker's clock: its id tells. `None` for an id that was not made by the time.
    #[must_use]
    pub fn made_at(self) -> Option<At> {
        let bytes = self.to_bytes();
        let ms = bytes.iter().take(6).fold(0, |ms, byte| ms << 8 | i64::from(*byte));
        (bytes[6] >> 4 == 7).then_some(At(ms))
    }
}
id!(
    /// One person on the file, or added at a door.
    VoterId
);
id!(
    /// One dwelling that can be knocked on.
    DoorId
);
id!(
    /// Doors that share an entrance.
    BuildingId
);
id!(
    /// Doors given out together for about one shift.
    TurfId
);
id!(
    /// One round of walking all turf.
    WaveId
);

impl WaveId {
    /// The first wave of a campaign: it begins with the first cut, without being started.
    pub const FIRST: Self = Self::from_bytes([0; 16]);

    /// When the wave was started: its id tells. `None` for the first.
    #[must_use]
    pub fn started_at(self) -> Option<At> {
        let ms = self.to_bytes().iter().take(6).fold(0, |ms, byte| ms << 8 | i64::from(*byte));
        (self != Self::FIRST).then_some(At(ms))
    }
}

id!(
    /// One attempt at one door.
    VisitId
);
id!(
    /// One note.
    NoteId
);
id!(
    /// One question of a script.
    QuestionId
);
id!(
    /// One goal.
    GoalId
);
id!(
    /// One saved list of people.
    ListId
);
id!(
    /// The people of a saved list at one time, kept as they were.
    FrozenId
);
id!(
    /// One saved version of the script.
    ScriptId
);
id!(
    /// One person of the campaign.
    MemberId
);
id!(
    /// One enrolled phone, tablet or computer.
    DeviceId
);
id!(
    /// One invite, without its secret.
    InviteId
);
id!(
    /// One piece of long work whose progress can be watched and that can be cancelled.
    JobId
);

/// The SHA-256 of some bytes: names a pack by its content and a change by its hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha256(#[serde(with = "hex_or_bytes")] pub [u8; 32]);

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl FromStr for Sha256 {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadId { text: text.to_owned() })?;
        Ok(Self(bytes))
    }
}

/// Hexadecimal where people read (JSON), raw bytes where machines do (CBOR).
mod hex_or_bytes {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.serialize_str(&hex::encode(bytes)) } else { to.serialize_bytes(bytes) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        if from.is_human_readable() {
            let text = String::deserialize(from)?;
            let mut bytes = [0; 32];
            hex::decode_to_slice(&text, &mut bytes).map_err(D::Error::custom)?;
            Ok(bytes)
        } else {
            let bytes = serde_bytes::ByteBuf::deserialize(from)?;
            bytes.as_slice().try_into().map_err(|_| D::Error::invalid_length(bytes.len(), &"32 bytes"))
        }
    }
}
