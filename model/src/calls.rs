//! The interface's calls to the engine: one struct for each query or command.
//!
//! Each names its reply, what it does (see [`crate::grant`]), and the topics it reads; both shells dispatch the one [`AnyCall`].
//! The wire between interface and shell is JSON.

pub mod archive;
pub mod draft;
pub mod field;
pub mod files;
pub mod handover;
pub mod hub;
pub mod invites;
pub mod office;
pub mod session;
pub mod shift;
pub mod team;
pub mod wave;

use crate::grant::Act;
use crate::id::JobId;
use crate::message::{ApiError, Message};
use archive::{ArchiveWave, KeepArchive, OpenArchive};
use draft::{DiscardDraft, FinishDraft, GetDraft, ListDrafts, PutDraft};
use field::{
    AddNote, AddPerson, EditNote, MyTurf, OpenBuilding, OpenDoor, OwnActs, RecordVisit, Redo, ReportDanger, SetFlag,
    TakeBackPerson, TurfMap, Undo, Walk,
};
use files::{CancelJob, CheckFile, ExportResults, ImportFile, ImportOverview, ListProblems};
use handover::{HandOver, TakeOver};
use hub::{HostHub, HostedHub, HubInUse, LeaveHub, LookAtHub, UseHub};
use invites::{OpenLinks, ShowLink, WithdrawLink};
use office::{
    Conflicts, CutTurf, Dashboard, GetScript, HandOut, Invite, OfficeMap, OpenTurf, Precincts, PreviewCut, Roster,
    SaveScript, Search, Settle, TakeBack, VoterHistory,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use session::{CleanUp, Join, LookAtInvite, Session, SyncNow, SyncStatus, WhatGoes};
use shift::ShiftReport;
use team::ShutOut;
use wave::{EndWave, EraseWave, ExportWave, RemoveEnded, ReopenWave, StartWave, UndoStart, WaveBoard, Waves};

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
    /// What was typed or chosen and is not recorded yet.
    Drafts,
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

macro_rules! calls {
    ($($name:ident -> $reply:ty, act $act:ident, reads [$($topic:ident),*];)*) => {
        /// Every call, as it crosses from interface to engine.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AnyCall {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        impl AnyCall {
            /// The call's name for logs and timings.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// What it does, for the table of roles.
            #[must_use]
            pub const fn act(&self) -> Act {
                match self { $(Self::$name(_) => Act::$act,)* }
            }

            /// Every call by name, with what it does.
            pub const ALL: &[(&str, Act)] = &[$((stringify!($name), Act::$act),)*];
        }

        $(
            impl From<$name> for AnyCall {
                fn from(call: $name) -> Self { Self::$name(call) }
            }
            impl Call for $name {
                type Reply = $reply;
                const ACT: Act = Act::$act;
                const READS: &'static [Topic] = &[$(Topic::$topic),*];
            }
        )*
    };
}

calls! {
    Session -> session::SessionView, act Join, reads [Session];
    LookAtInvite -> crate::relay::InviteLook, act Join, reads [];
    Join -> session::SessionView, act Join, reads [];
    SyncStatus -> session::SyncView, act Join, reads [Sync, Visits];
    SyncNow -> session::SyncView, act Sync, reads [];
    CleanUp -> (), act Sync, reads [];
    WhatGoes -> session::Goes, act Sync, reads [Sync, Roster, Import, Turf, Visits, Drafts];
    HandOver -> files::ExportFile, act Sync, reads [];
    TakeOver -> handover::TakenOver, act Carry, reads [];
    LookAtHub -> hub::HubLook, act Sync, reads [];
    UseHub -> hub::HubView, act Sync, reads [];
    LeaveHub -> (), act Sync, reads [];
    HubInUse -> Option<hub::HubView>, act Sync, reads [Sync, Visits];
    HostHub -> hub::HostView, act Carry, reads [];
    HostedHub -> Option<hub::HostView>, act Carry, reads [Sync, Visits, Roster];

    MyTurf -> Vec<field::TurfCard>, act Walk, reads [Turf, Visits];
    Walk -> field::WalkView, act Walk, reads [Turf, Visits, Drafts];
    OpenDoor -> field::DoorView, act Walk, reads [Turf, Visits, Script, Sync];
    OpenBuilding -> field::BuildingView, act Walk, reads [Turf, Visits, Drafts];
    TurfMap -> field::TurfMapView, act Walk, reads [Turf, Visits];
    RecordVisit -> field::Receipt, act Walk, reads [];
    Undo -> (), act Walk, reads [];
    Redo -> field::Receipt, act Walk, reads [];
    OwnActs -> field::OwnActsView, act Walk, reads [Turf, Visits];
    AddNote -> (), act Walk, reads [];
    SetFlag -> (), act Walk, reads [];
    AddPerson -> field::PersonAdded, act Walk, reads [];
    TakeBackPerson -> (), act Walk, reads [];
    EditNote -> (), act Walk, reads [];
    ReportDanger -> (), act Walk, reads [];
    PutDraft -> (), act Walk, reads [];
    GetDraft -> Option<draft::Draft>, act Walk, reads [Drafts];
    ListDrafts -> Vec<draft::Draft>, act Walk, reads [Drafts];
    DiscardDraft -> (), act Walk, reads [];
    FinishDraft -> draft::Finished, act Walk, reads [];
    ShiftReport -> shift::ShiftView, act Walk, reads [Turf, Visits, Sync];

    CheckFile -> files::FileReport, act Import, reads [];
    ImportFile -> files::FileReport, act Import, reads [];
    ImportOverview -> files::Overview, act Import, reads [Import];
    ListProblems -> files::ProblemPage, act Import, reads [Import];
    CancelJob -> (), act Sync, reads [];
    ExportResults -> files::ExportFile, act Export, reads [];
    ExportWave -> files::ExportFile, act Export, reads [];
    ArchiveWave -> archive::ArchiveMade, act Export, reads [];
    KeepArchive -> (), act Export, reads [];
    OpenArchive -> archive::ArchivePage, act Export, reads [];

    Dashboard -> office::DashboardView, act Oversee, reads [Turf, Visits, Roster, Sync];
    OpenTurf -> office::TurfView, act Oversee, reads [Turf, Visits, Roster];
    OfficeMap -> office::OfficeMapView, act Oversee, reads [Import, Turf, Visits];
    Precincts -> Vec<office::PrecinctRow>, act Cut, reads [Import, Turf];
    PreviewCut -> office::CutPreview, act Cut, reads [];
    CutTurf -> office::CutDone, act Cut, reads [];
    HandOut -> office::InviteLink, act HandOut, reads [];
    Invite -> office::InviteLink, act HandOut, reads [];
    OpenLinks -> Vec<invites::OpenLink>, act HandOut, reads [Invites];
    ShowLink -> office::InviteLink, act HandOut, reads [];
    WithdrawLink -> (), act HandOut, reads [];
    TakeBack -> (), act HandOut, reads [];
    ShutOut -> crate::relay::ShutOutDone, act ShutOut, reads [];
    Roster -> office::RosterView, act HandOut, reads [Roster, Turf];
    Waves -> Vec<wave::WaveView>, act Oversee, reads [Turf, Visits, Roster];
    StartWave -> (), act RunWaves, reads [];
    UndoStart -> (), act RunWaves, reads [];
    WaveBoard -> office::DashboardView, act Oversee, reads [Turf, Visits, Roster, Sync];
    EndWave -> (), act RunWaves, reads [];
    EraseWave -> (), act RunWaves, reads [];
    ReopenWave -> (), act RunWaves, reads [];
    RemoveEnded -> (), act Walk, reads [];
    GetScript -> Option<crate::script::Script>, act Oversee, reads [Script];
    SaveScript -> (), act WriteScript, reads [];
    Search -> Vec<office::Hit>, act Walk, reads [Import, Turf, Visits];
    VoterHistory -> office::HistoryView, act Oversee, reads [Visits, Turf];
    Conflicts -> Vec<office::ConflictView>, act Settle, reads [Visits, Turf];
    Settle -> (), act Settle, reads [];
}
