//! Calls about drafts: what was typed or chosen and is not recorded yet. A draft stays on its device, is never sent, and goes in the same
//! transaction as the act that completes it.

use super::script::SaveScript;
use super::visit::{AddNote, AddPerson, EditNote, PersonAdded, Receipt, RecordVisit, ReportDanger};
use crate::id::{DoorId, NoteId};
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Draft: DraftCall;
    PutDraft -> (), act Walk, reads [];
    GetDraft -> Option<Draft>, act Walk, reads [Drafts];
    ListDrafts -> Vec<Draft>, act Walk, reads [Drafts];
    DiscardDraft -> (), act Walk, reads [];
    FinishDraft -> Finished, act Walk, reads [];
}

/// The most characters of a draft's key.
pub const MAX_DRAFT_KEY_CHARS: usize = 200;

/// The most bytes of a draft's body.
pub const MAX_DRAFT_BYTES: usize = 512 * 1024;

/// The most drafts of one device.
pub const MAX_DRAFTS: usize = 2000;

/// Stores a draft, replacing the one with the same key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutDraft {
    /// What it is a draft of, in a name chosen by the caller: 1 to [`MAX_DRAFT_KEY_CHARS`] characters.
    pub key: String,
    /// The door at which it waits, if it is about one: the draft goes when the door leaves this device.
    pub door: Option<DoorId>,
    /// What was typed or chosen, in whichever form, at most [`MAX_DRAFT_BYTES`].
    pub body: String,
}

/// Asks for one draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetDraft {
    /// Its key.
    pub key: String,
}

/// Asks for drafts, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDrafts {
    /// Those that wait at this door; all of them where there is none.
    pub door: Option<DoorId>,
}

/// Removes a draft, if it exists. To undo this, store it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscardDraft {
    /// Its key.
    pub key: String,
}

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its key.
    pub key: String,
    /// The door at which it waits.
    pub door: Option<DoorId>,
    /// What was typed or chosen.
    pub body: String,
    /// When it was last kept.
    pub at: At,
}

/// Carries out a draft's act and removes the draft, atomically.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinishDraft {
    /// The draft's key; there need be none under it.
    pub key: String,
    /// What it was about.
    pub act: Act,
    /// The id of the note or person that it creates, the same for all retries, so that a retry after a lost reply is idempotent.
    #[serde(default)]
    pub makes: Option<NoteId>,
}

/// What may complete a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A talk, or a result with a word.
    Visit(RecordVisit),
    /// A note.
    Note(AddNote),
    /// Another text for a note.
    Rewrite(EditNote),
    /// A danger with its reason.
    Danger(ReportDanger),
    /// A person.
    Person(AddPerson),
    /// A version of the script.
    Script(SaveScript),
}

/// The result of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finished {
    /// The visits that were recorded.
    Visit(Receipt),
    /// The person who was added.
    Person(PersonAdded),
    /// Nothing that needs a name.
    Done,
}
