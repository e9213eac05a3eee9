//! Access to documents: one rule, evaluated on every request with the store's current state.

use porchlight_model::born::is_id_of;
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::member::Role;
use porchlight_model::wire::{Access, DocKind, Grant, GrantList};

/// What a device whose member has `role` may do with a document of its own campaign, given what was handed to that device.
///
/// A coordinator writes every document, a captain every turf; both hear of all. What the campaign is, which turf there is and which waves have
/// ended are a coordinator's to say: captains and canvassers read it. A canvasser has of each turf what was handed out. The office document is the
/// office's: coordinators write it, captains read the goals they work for, and a phone never receives it.
/// What only a newer relay over the same store knows is not guessed: a role gives nothing here, and is refused before it comes to that; of a kind or
/// an access the answer is the name that is not known, which lets nobody do anything and is nobody's to drop.
#[must_use]
pub const fn access(role: Role, kind: DocKind, handed_out: Option<Access>) -> Option<Access> {
    match (role, kind) {
        (Role::Coordinator, DocKind::Campaign | DocKind::Turf | DocKind::Office) | (Role::Captain, DocKind::Turf) => {
            Some(Access::Write)
        }
        (Role::Captain | Role::Canvasser, DocKind::Campaign) | (Role::Captain, DocKind::Office) => Some(Access::Read),
        (Role::Canvasser, DocKind::Turf) => handed_out,
        (Role::Canvasser, DocKind::Office) => None,
        (Role::Unknown(_), _) => None,
        (Role::Canvasser | Role::Captain | Role::Coordinator, DocKind::Unknown(kind)) => Some(Access::Unknown(kind)),
    }
}

/// Whether a device of this role may create a document of this kind, under this id, in its campaign. A campaign document comes with its campaign.
#[must_use]
pub fn may_bear(role: Role, kind: DocKind, campaign: CampaignId, doc: DocId) -> bool {
    let may = match kind {
        DocKind::Turf => role.sees_all_turf(),
        DocKind::Office => matches!(access(role, kind, None), Some(Access::Write)),
        DocKind::Campaign | DocKind::Unknown(_) => false,
    };
    may && is_id_of(kind, campaign, doc)
}

/// Adds what a device may do with a document to its list. Whether it may do anything with one of a kind that only a newer relay knows, and
/// what, cannot be said here: it is left out, and the list says that it lacks something.
pub(crate) fn list(list: &mut GrantList, doc: DocId, kind: DocKind, access: Option<Access>) {
    match (access, kind) {
        (None, _) => {}
        (Some(_), DocKind::Unknown(_)) => list.is_partial = true,
        (Some(access), DocKind::Campaign | DocKind::Turf | DocKind::Office) => {
            list.grants.push(Grant { doc, kind, access });
        }
    }
}

/// Whether a device with this access may write the document, or could before it was taken back.
#[must_use]
pub const fn ever_wrote(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Write | Access::HandIn))
}

/// Whether documents of this kind are granted to single devices of this role: a restored store may have forgotten
/// such a grant.
#[must_use]
pub const fn may_have_had(role: Role, kind: DocKind) -> bool {
    access(role, kind, None).is_none() && access(role, kind, Some(Access::HandIn)).is_some()
}

/// Whether a device with this access is told that the document changed: also where only a newer relay knows whether it hears of it, which it asks
/// then.
#[must_use]
pub const fn may_hear(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Read | Access::Write | Access::Unknown(_)))
}

/// Whether a device with this access hears of the document: its changes, its packs, hints about it.
#[must_use]
pub const fn hears(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Read | Access::Write))
}
