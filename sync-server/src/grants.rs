//! Access to documents: one rule, evaluated on every request with the store's current state.

use porchlight_model::member::Role;
use porchlight_model::wire::{Access, DocKind};

/// What a device whose member has `role` may do with a document of its own campaign, given what was handed to that device.
///
/// A coordinator writes every document, a captain every turf; both have access to all. Only a coordinator writes what the campaign is, which
/// turf there is and which waves have ended: captains and canvassers read it. A canvasser has the access to each turf that was granted.
/// A role, kind or access that only a newer relay over the same store knows gives no access here.
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

/// Whether documents of this kind are granted to single devices of this role: a restored store may have forgotten
/// such a grant.
#[must_use]
pub const fn may_have_had(role: Role, kind: DocKind) -> bool {
    access(role, kind, None).is_none() && access(role, kind, Some(Access::HandIn)).is_some()
}

/// Whether a device with this access may read the document: its changes, its packs, hints about it.
#[must_use]
pub const fn hears(access: Option<Access>) -> bool {
    matches!(access, Some(Access::Read | Access::Write))
}
