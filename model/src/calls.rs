//! The interface's calls to the engine: one struct for each query or command, a file and an enum for each capability.
//!
//! Each names its reply, what it does (see [`crate::grant`]), and the topics it reads; both shells dispatch the one [`AnyCall`].
//! The wire between interface and shell is JSON.

/// Declares the calls of one capability: an enum of them, and for each its reply, its act and the topics that it reads.
macro_rules! calls {
    (Call of $variant:ident: $group:ident; $($name:ident -> $reply:ty, act $act:ident, reads [$($topic:ident),*];)*) => {
        #[doc = concat!("The calls of [`AnyCall::", stringify!($variant), "`](crate::calls::AnyCall::", stringify!($variant), ").")]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $group {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        impl $group {
            /// Every call by name, with its act.
            pub const ALL: &[(&str, $crate::grant::Act)] = &[$((stringify!($name), $crate::grant::Act::$act),)*];

            /// The call's name for logs and timings.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// Its act in the table of roles.
            #[must_use]
            pub const fn act(&self) -> $crate::grant::Act {
                match self { $(Self::$name(_) => $crate::grant::Act::$act,)* }
            }
        }

        $(
            impl From<$name> for $crate::calls::AnyCall {
                fn from(call: $name) -> Self { Self::$variant($group::$name(call)) }
            }
            impl $crate::calls::Call for $name {
                type Reply = $reply;
                const ACT: $crate::grant::Act = $crate::grant::Act::$act;
                const READS: &'static [$crate::calls::Topic] = &[$($crate::calls::Topic::$topic),*];
            }
        )*
    };
}

pub mod archive;
pub mod cut;
pub mod door;
pub mod draft;
pub mod export;
pub mod files;
pub mod handover;
pub mod hub;
pub mod import;
pub mod invite;
pub mod join;
pub mod office;
pub mod plan;
pub mod script;
pub mod settle;
pub mod sync;
pub mod universe;
pub mod visit;
pub mod walk;
pub mod wave;

use crate::grant::Act;
use crate::id::JobId;
use crate::message::{ApiError, Message};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A query or command of the interface.
pub trait Call: Into<AnyCall> {
    /// The type of its reply.
    type Reply: Serialize + DeserializeOwned;
    /// Its act, for the table of roles.
    const ACT: Act;
    /// The topics that this call reads: when one of them changes, its reply may have, too. Empty for commands.
    const READS: &'static [Topic];
}

/// A kind of data on which replies depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Who this device is.
    Session,
    /// How far sync has come.
    Sync,
    /// Visits, answers, notes, flags, people.
    Visits,
    /// Which turf exists and what is in it.
    Turf,
    /// The script.
    Script,
    /// Imported voters, doors and map.
    Import,
    /// Who holds what.
    Roster,
    /// Which links let people in.
    Invites,
    /// Drafts: input that is not recorded yet.
    Drafts,
    /// Goals and saved lists.
    Plans,
}

/// An event from the shell to the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// These topics changed.
    Changed {
        /// Which.
        topics: Vec<Topic>,
    },
    /// The progress of a job.
    Progress {
        /// The work.
        job: JobId,
        /// Units done.
        done: u64,
        /// Units in all; 0 when not known.
        total: u64,
        /// What is being done.
        what: Message,
    },
    /// The shell had to restart the engine, or cannot start it.
    Fault {
        /// What to tell.
        error: ApiError,
    },
    /// Another tab of the same browser has taken over; this one only says so.
    TakenOver,
}

macro_rules! groups {
    ($($(#[$what:meta])* $variant:ident($group:ty),)*) => {
        /// Every call as it is sent from interface to engine, in the group of the capability that answers it.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AnyCall {
            $($(#[$what])* $variant($group),)*
        }

        impl AnyCall {
            /// The calls of each group: by name, with the act of each.
            pub const GROUPS: &[&[(&str, Act)]] = &[$(<$group>::ALL,)*];

            /// The call's name for logs and timings.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(call) => call.name(),)* }
            }

            /// Its act in the table of roles.
            #[must_use]
            pub const fn act(&self) -> Act {
                match self { $(Self::$variant(call) => call.act(),)* }
            }
        }
    };
}

groups! {
    /// Who this device is; joining and leaving.
    Join(join::JoinCall),
    /// The status of sync.
    Sync(sync::SyncCall),
    /// Walking a turf.
    Walk(walk::WalkCall),
    /// One door, or one building.
    Door(door::DoorCall),
    /// Recording at a door.
    Visit(visit::VisitCall),
    /// Drafts: input that is not recorded yet.
    Draft(draft::DraftCall),
    /// Results by file.
    Handover(handover::HandoverCall),
    /// Hubs.
    Hub(hub::HubCall),
    /// The campaign as the office sees it.
    Office(office::OfficeCall),
    /// Goals, and saved lists.
    Plan(plan::PlanCall),
    /// Universes.
    Universe(universe::UniverseCall),
    /// Cutting turf.
    Cut(cut::CutCall),
    /// Links, who holds what, and shutting out.
    Invite(invite::InviteCall),
    /// Waves.
    Wave(wave::WaveCall),
    /// The script.
    Script(script::ScriptCall),
    /// Conflicts.
    Settle(settle::SettleCall),
    /// Importing files.
    Import(import::ImportCall),
    /// Exporting tables.
    Export(export::ExportCall),
    /// Archives of waves.
    Archive(archive::ArchiveCall),
}
