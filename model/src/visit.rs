//! Visits: what happened at a door, and the state of a door that follows.

mod state;
#[cfg(test)]
mod tests;

pub use state::{Concerns, DoorState, Gone, Outcome, PersonState, Resident};

/// The mark of a door in lists, in buildings and on maps: one shape for each state, with a word beside it. A building's is
/// [`DoorState::Part`] while some of its doors are done and some to do.
pub type Mark = DoorState;

use crate::id::{DeviceId, DoorId, MemberId, NoteId, QuestionId, ScriptId, VisitId, VoterId};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters a note may have.
pub const MAX_NOTE_CHARS: usize = 2000;

/// The most characters a person's name may have.
pub const MAX_NAME_CHARS: usize = 100;

open_names! {
    /// The result of an attempt; `assets/result-codes.json` maps each to the party's ids.
    pub enum ResultCode {
        /// Nobody came to the door.
        NotHome = "not_home",
        /// A conversation took place.
        Canvassed = "canvassed",
        /// The voter refused to talk.
        Refused = "refused",
        /// The voter asked the canvasser to come back later.
        ComeBack = "come_back",
        /// The voter has moved away.
        Moved = "moved",
        /// The voter has died.
        Deceased = "deceased",
        /// The door cannot be reached.
        Inaccessible = "inaccessible",
        /// Nobody shared a language.
        LanguageBarrier = "language_barrier",
        /// A flyer was left.
        FlyerLeft = "flyer_left",
    }
}

impl ResultCode {
    /// Whether it counts as a contact: someone was spoken to.
    #[must_use]
    pub const fn is_contact(self) -> bool {
        match self {
            Self::Canvassed | Self::Refused | Self::ComeBack | Self::LanguageBarrier => true,
            Self::NotHome | Self::Moved | Self::Deceased | Self::Inaccessible | Self::FlyerLeft | Self::Unknown(_) => {
                false
            }
        }
    }
}

open_names! {
    /// How a voter was reached.
    #[derive(Default)]
    pub enum How {
        /// At the door.
        #[default]
        Door = "door",
        /// By telephone.
        Phone = "phone",
        /// From a paper sheet.
        Paper = "paper",
    }
}

open_names! {
    /// A lasting mark on a door or voter.
    pub enum Flag {
        /// Never contact again.
        DoNotContact = "do_not_contact",
        /// A danger at the door; a note describes it.
        Danger = "danger",
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
