//! Access to documents: one rule, evaluated on every request with the store's current state.

use porchlight_model::member::Role;
use porchlight_model::wire::{Access, DocKind};

/// What a device whose member has `role` may do with a document of its own campaign, given what was handed to that device.
///
/// A coordinator writes every document, a captain every turf; both hear of all. What the campaign is, which turf there is and which waves have
/// ended are a coordinator's to say: captains and canvassers read it. A canvasser has of each turf what was handed out.
/// What only a newer relay over the same store knows, a role, a kind or an access, gives nobody anything here.
#[must_use]
pub const fn access(role: Role, kind: DocKind, handed_out: Option<Access>) -> Option<Access> {
    match (role, kind) {
        (Role::Coordinator, DocKind::Campaign | DocKind::Turf) | (Role::Captain, DocKind::Turf) => Some(Access::Write),
        (Role::Captain | Role::Canvasser, DocKind::Campaign) => Some(Access::Read),
        (Role::Canvasser, DocKind::Turf) => match handed_out {
            Some(Access::Unknown(_)) => None,
            handed_out => handed_out,
        },
        (Role::Unknown(_), _) | (_, DocKind::Unknown(_)) => None,
    }
}

/// Whether a device with this access may write the document, or could before it was taken back.
#[must_use]
pub const fn ever_wrote(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Write | Access::HandIn))
}

/// Whether a document of this kind is one that is handed out to devices of this role: a store which was put back from a copy may have forgotten
/// that it was.
#[must_use]
pub const fn may_have_had(role: Role, kind: DocKind) -> bool {
    access(role, kind, None).is_none() && access(role, kind, Some(Access::HandIn)).is_some()
}

/// Whether a device with this access may read the document: its changes, its packs, hints about it.
#[must_use]
pub const fn hears(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Read | Access::Write))
}
