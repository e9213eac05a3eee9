//! What the interface may ask of the engine: one struct for each question or command.
//!
//! Each names its reply and the topics it reads; both shells dispatch the one [`AnyCall`].
//! The wire between interface and shell is JSON.

pub mod field;
pub mod files;
pub mod handover;
pub mod hub;
pub mod office;
pub mod session;
pub mod wave;

use crate::id::JobId;
use crate::message::{ApiError, Message};
use field::{
    AddNote, AddPerson, MyTurf, OpenBuilding, OpenDoor, OwnActs, RecordVisit, Redo, SetFlag, ShiftReport, TurfMap,
    Undo, Walk,
};
use files::{CancelJob, CheckFile, ExportResults, ImportFile, ImportOverview, ListProblems};
use handover::{HandOver, TakeOver};
use hub::{HostHub, HostedHub, HubInUse, LeaveHub, LookAtHub, UseHub};
use office::{
    Conflicts, CutTurf, Dashboard, GetScript, HandOut, Invite, OfficeMap, OpenTurf, Precincts, PreviewCut, Roster,
    SaveScript, Search, Settle, TakeBack, VoterHistory,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use session::{CleanUp, Join, LookAtInvite, Session, SyncNow, SyncStatus};
use wave::{EndWave, EraseWave, RemoveEnded, ReopenWave, StartWave, Waves};

/// A question or command of the interface.
pub trait Call: Into<AnyCall> {
    /// What comes back.
    type Reply: Serialize + DeserializeOwned;
    /// The topics that this call reads: when one of them changes, its reply may have, too. Empty for commands.
    const READS: &'static [Topic];
}

/// What a reply may depend on.
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
}

/// What a shell tells the interface without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// These topics changed.
    Changed {
        /// Which.
        topics: Vec<Topic>,
    },
    /// Long work has come this far.
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
    ($($name:ident -> $reply:ty, reads [$($topic:ident),*];)*) => {
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
        }

        $(
            impl From<$name> for AnyCall {
                fn from(call: $name) -> Self { Self::$name(call) }
            }
            impl Call for $name {
                type Reply = $reply;
                const READS: &'static [Topic] = &[$(Topic::$topic),*];
            }
        )*
    };
}

calls! {
    Session -> session::SessionView, reads [Session];
    LookAtInvite -> crate::relay::InviteLook, reads [];
    Join -> session::SessionView, reads [];
    SyncStatus -> session::SyncView, reads [Sync, Visits];
    SyncNow -> session::SyncView, reads [];
    CleanUp -> (), reads [];
    HandOver -> files::ExportFile, reads [];
    TakeOver -> handover::TakenOver, reads [];
    LookAtHub -> hub::HubLook, reads [];
    UseHub -> hub::HubView, reads [];
    LeaveHub -> (), reads [];
    HubInUse -> Option<hub::HubView>, reads [Sync, Visits];
    HostHub -> hub::HostView, reads [];
    HostedHub -> Option<hub::HostView>, reads [Sync, Visits, Roster];

    MyTurf -> Vec<field::TurfCard>, reads [Turf, Visits];
    Walk -> field::WalkView, reads [Turf, Visits];
    OpenDoor -> field::DoorView, reads [Turf, Visits, Script, Sync];
    OpenBuilding -> field::BuildingView, reads [Turf, Visits];
    TurfMap -> field::TurfMapView, reads [Turf, Visits];
    RecordVisit -> field::Receipt, reads [];
    Undo -> (), reads [];
    Redo -> field::Receipt, reads [];
    OwnActs -> field::OwnActsView, reads [Turf, Visits];
    AddNote -> (), reads [];
    SetFlag -> (), reads [];
    AddPerson -> field::PersonAdded, reads [];
    ShiftReport -> field::ShiftView, reads [Turf, Visits, Sync];

    CheckFile -> files::FileReport, reads [];
    ImportFile -> files::FileReport, reads [];
    ImportOverview -> files::Overview, reads [Import];
    ListProblems -> files::ProblemPage, reads [Import];
    CancelJob -> (), reads [];
    ExportResults -> files::ExportFile, reads [];

    Dashboard -> office::DashboardView, reads [Turf, Visits, Roster, Sync];
    OpenTurf -> office::TurfView, reads [Turf, Visits, Roster];
    OfficeMap -> office::OfficeMapView, reads [Import, Turf, Visits];
    Precincts -> Vec<office::PrecinctRow>, reads [Import, Turf];
    PreviewCut -> office::CutPreview, reads [];
    CutTurf -> office::CutDone, reads [];
    HandOut -> office::InviteLink, reads [];
    Invite -> office::InviteLink, reads [];
    TakeBack -> (), reads [];
    Roster -> office::RosterView, reads [Roster, Turf];
    Waves -> Vec<wave::WaveView>, reads [Turf, Visits, Roster];
    StartWave -> (), reads [];
    EndWave -> (), reads [];
    EraseWave -> (), reads [];
    ReopenWave -> (), reads [];
    RemoveEnded -> (), reads [];
    GetScript -> Option<crate::script::Script>, reads [Script];
    SaveScript -> (), reads [];
    Search -> Vec<office::Hit>, reads [Import, Turf];
    VoterHistory -> office::HistoryView, reads [Visits, Turf];
    Conflicts -> Vec<office::ConflictView>, reads [Visits, Turf];
    Settle -> (), reads [];
}
