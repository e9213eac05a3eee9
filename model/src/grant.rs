//! The table of permissions: acts, and the roles that may do them. The engine checks it before it answers a call, the interface before it offers one.

use crate::calls::Call;
use crate::member::Role;

/// A class of actions that roles permit or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Looking who this device is, and joining a campaign: also before it belongs to one.
    Join,
    /// Syncing, using a hub, handing over results as a file, leaving the device clean.
    Sync,
    /// Walking turf that this device holds: its list, map, doors, and everything recorded there.
    Walk,
    /// Seeing the whole campaign: how it stands, all turf, every voter's record, the waves, the script.
    Oversee,
    /// Bringing results of canvassers and captains to the relay: from a file, or as a hub.
    Carry,
    /// Bringing results of coordinators, whose word counts for more.
    CarryOffice,
    /// Handing out turf, taking it back, and seeing who is enrolled and which links are open.
    HandOut,
    /// Inviting captains and coordinators.
    InviteOffice,
    /// Shutting out a canvasser's device: it is served nothing any more.
    ShutOut,
    /// Shutting out a captain's or coordinator's device.
    ShutOutOffice,
    /// Loading voters, addresses and streets.
    Import,
    /// Cutting turf.
    Cut,
    /// Writing the script.
    WriteScript,
    /// Setting goals, and keeping saved lists.
    Plan,
    /// Starting and ending waves.
    RunWaves,
    /// Keeping all turf and the whole record on the device: what such a device has stored counts as seen by the office, and it is not cleared
    /// where nobody else keeps it.
    KeepRecord,
    /// Settling answers that contradict each other.
    Settle,
    /// Taking back what others recorded.
    TakeBackOthers,
    /// Deciding what the campaign document says.
    Decide,
    /// Taking the campaign's results out as files.
    Export,
}

const EVERYONE: &[Role] = &[Role::Canvasser, Role::Captain, Role::Coordinator];
const OFFICE: &[Role] = &[Role::Captain, Role::Coordinator];
const COORDINATORS: &[Role] = &[Role::Coordinator];

impl Act {
    /// All acts.
    pub const ALL: [Self; 20] = [
        Self::Join,
        Self::Sync,
        Self::Walk,
        Self::Oversee,
        Self::Carry,
        Self::CarryOffice,
        Self::HandOut,
        Self::InviteOffice,
        Self::ShutOut,
        Self::ShutOutOffice,
        Self::Import,
        Self::Cut,
        Self::WriteScript,
        Self::Plan,
        Self::RunWaves,
        Self::KeepRecord,
        Self::Settle,
        Self::TakeBackOthers,
        Self::Decide,
        Self::Export,
    ];

    /// Those that count in a document only by the role of whoever wrote the entry: the laws of documents.
    pub const BY_LAW: [Self; 4] = [Self::RunWaves, Self::Settle, Self::TakeBackOthers, Self::Decide];

    /// The table: the roles that may do this. `docs/data.md` has it in words.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Join | Self::Sync | Self::Walk => EVERYONE,
            Self::Oversee | Self::Carry | Self::HandOut | Self::ShutOut => OFFICE,
            Self::CarryOffice
            | Self::InviteOffice
            | Self::ShutOutOffice
            | Self::Import
            | Self::Cut
            | Self::WriteScript
            | Self::Plan
            | Self::RunWaves
            | Self::KeepRecord
            | Self::Settle
            | Self::TakeBackOthers
            | Self::Decide
            | Self::Export => COORDINATORS,
        }
    }

    /// Whether a device may do this that belongs to no campaign yet.
    #[must_use]
    pub const fn is_before_joining(self) -> bool {
        matches!(self, Self::Join)
    }

    /// The message id of the refusal for roles that may not do this.
    #[must_use]
    pub fn refusal(self) -> &'static str {
        if self.roles().contains(&Role::Captain) { "error-only-office" } else { "error-only-coordinator" }
    }
}

impl Role {
    /// Whether this role may do it. Of one that this program does not know only that is known which everyone may before they walk: a device
    /// that was enrolled by a newer program still brings its results.
    #[must_use]
    pub fn may(self, act: Act) -> bool {
        match self {
            Self::Canvasser | Self::Captain | Self::Coordinator => act.roles().contains(&self),
            Self::Unknown(_) => matches!(act, Act::Join | Act::Sync),
        }
    }

    /// Whether this role may ask for it.
    #[must_use]
    pub fn may_ask<C: Call>(self) -> bool {
        self.may(C::ACT)
    }

    /// Whether this role sees all turf of the campaign without being handed each one.
    #[must_use]
    pub fn sees_all_turf(self) -> bool {
        self.may(Act::Oversee)
    }

    /// Whether turf is handed to people of this role, one by one: they walk, and see no other.
    #[must_use]
    pub fn is_handed_turf(self) -> bool {
        self.may(Act::Walk) && !self.sees_all_turf()
    }

    /// Whether this role may invite someone to `other`: captains invite canvassers, coordinators everyone.
    #[must_use]
    pub fn may_invite(self, other: Self) -> bool {
        match other {
            Self::Canvasser => self.may(Act::HandOut),
            Self::Captain | Self::Coordinator => self.may(Act::InviteOffice),
            Self::Unknown(_) => false,
        }
    }

    /// Whether this role may bring to the relay what someone of role `other` wrote: captains what canvassers and captains did, coordinators
    /// everything. Whoever carries could have written it, and nobody writes in the name of those who may do more.
    #[must_use]
    pub fn may_carry_for(self, other: Self) -> bool {
        self.may(match other {
            Self::Canvasser | Self::Captain => Act::Carry,
            Self::Coordinator | Self::Unknown(_) => Act::CarryOffice,
        })
    }

    /// Whether this role may shut out a device of someone of role `other`: captains canvassers', coordinators everyone's, also where only a
    /// newer program knows what they do.
    #[must_use]
    pub fn may_shut_out(self, other: Self) -> bool {
        self.may(match other {
            Self::Canvasser => Act::ShutOut,
            Self::Captain | Self::Coordinator | Self::Unknown(_) => Act::ShutOutOffice,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_roles_is_as_the_docs_tell_it() {
        let told = include_str!("../../docs/data.md");
        for act in Act::ALL {
            let may = |role: Role| if role.may(act) { "yes" } else { "no" };
            let [canvasser, captain, coordinator] = [Role::Canvasser, Role::Captain, Role::Coordinator].map(may);
            let row = format!("| `{act:?}` | {canvasser} | {captain} | {coordinator} |");
            assert!(told.contains(&row), "docs/data.md lacks: {row}");
        }
    }

    #[test]
    fn whoever_may_do_more_may_do_all_that_the_others_may() {
        for act in Act::ALL {
            assert!(act.roles().is_sorted(), "{act:?}");
            assert!(Role::Coordinator.may(act), "{act:?}");
            assert!(!Role::Canvasser.may(act) || Role::Captain.may(act), "{act:?}");
        }
    }
}
