//! Visits: what happened at a door, and the state of a door that follows.

mod state;
#[cfg(test)]
mod tests;

pub use state::{Concerns, DoorState, Gone, Outcome, PersonState, Resident};

/// The mark of a door in lists, in buildings and on maps: one shape for each state, and a word beside it. A building's is
/// [`DoorState::Part`] while some of its doors are done and some to do.
pub type Mark = DoorState;

use crate::id::{DeviceId, DoorId, MemberId, NoteId, QuestionId, ScriptId, VisitId, VoterId};
use crate::time::At;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters a note may have.
pub const MAX_NOTE_CHARS: usize = 2000;

/// The most characters a person's name may have.
pub const MAX_NAME_CHARS: usize = 100;

/// What came of an attempt; `assets/result-codes.json` maps each to the party's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultCode {
    /// Nobody came to the door.
    NotHome,
    /// A conversation took place.
    Canvassed,
    /// The voter would not talk.
    Refused,
    /// The voter asked to come back later.
    ComeBack,
    /// The voter has moved away.
    Moved,
    /// The voter has died.
    Deceased,
    /// The door cannot be reached.
    Inaccessible,
    /// Nobody shared a language.
    LanguageBarrier,
    /// A flyer was left.
    FlyerLeft,
}

impl ResultCode {
    /// Every code.
    pub const ALL: [Self; 9] = [
        Self::NotHome,
        Self::Canvassed,
        Self::Refused,
        Self::ComeBack,
        Self::Moved,
        Self::Deceased,
        Self::Inaccessible,
        Self::LanguageBarrier,
        Self::FlyerLeft,
    ];

    /// The code as stored and exported: `not_home`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotHome => "not_home",
            Self::Canvassed => "canvassed",
            Self::Refused => "refused",
            Self::ComeBack => "come_back",
            Self::Moved => "moved",
            Self::Deceased => "deceased",
            Self::Inaccessible => "inaccessible",
            Self::LanguageBarrier => "language_barrier",
            Self::FlyerLeft => "flyer_left",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// Whether someone was spoken to: counts as a contact.
    #[must_use]
    pub const fn is_contact(self) -> bool {
        match self {
            Self::Canvassed | Self::Refused | Self::ComeBack | Self::LanguageBarrier => true,
            Self::NotHome | Self::Moved | Self::Deceased | Self::Inaccessible | Self::FlyerLeft => false,
        }
    }
}

/// How a voter was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// At the door.
    #[default]
    Door,
    /// By telephone.
    Phone,
    /// From a paper sheet.
    Paper,
}

impl How {
    /// The name as stored: `door`, `phone`, `paper`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Phone => "phone",
            Self::Paper => "paper",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Door, Self::Phone, Self::Paper].into_iter().find(|how| how.as_str() == text)
    }
}

/// A lasting mark on a door or voter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Never contact again.
    DoNotContact,
    /// A danger at the door: the note says which.
    Danger,
}

impl Flag {
    /// The name as stored: `do_not_contact`, `danger`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DoNotContact => "do_not_contact",
            Self::Danger => "danger",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::DoNotContact, Self::Danger].into_iter().find(|flag| flag.as_str() == text)
    }
}

/// One attempt at one door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The door.
    pub door: DoorId,
    /// The voter, when the attempt was at one person.
    pub voter: Option<VoterId>,
    /// When.
    pub at: At,
    /// By whom.
    pub by: MemberId,
    /// On which device.
    pub device: DeviceId,
    /// How.
    pub how: How,
    /// What came of it.
    pub result: ResultCode,
    /// The script used, when questions were asked.
    pub script: Option<ScriptId>,
    /// What was said at this visit, by question.
    pub answers: BTreeMap<QuestionId, String>,
}

/// One note about a door or a voter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// What it is about.
    pub about: About,
    /// The text, at most [`MAX_NOTE_CHARS`] characters.
    pub text: String,
    /// When.
    pub at: At,
    /// By whom.
    pub by: MemberId,
}

/// What a note or a flag is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum About {
    /// A door.
    Door(DoorId),
    /// A voter.
    Voter(VoterId),
}
