//! Calls that carry results by file when no relay takes them: from the phone that holds them to a captain's device.

use super::files::ChosenFile;
use serde::{Deserialize, Serialize};

calls! {
    Call of Handover: HandoverCall;
    HandOver -> super::files::ExportFile, act Sync, reads [];
    TakeOver -> TakenOver, act Carry, reads [];
}

/// The most bytes of a file of results handed over.
pub const MAX_HANDOVER_BYTES: u64 = 16 * 1024 * 1024;

/// Asks for everything that only this device is known to hold, as a file; the reply is a [`super::files::ExportFile`]. Nothing is
/// taken off this device: what the file brought to a relay is known as safe here after the next sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {}

/// Loads such a file; captains and coordinators only. The next sync sends it to the relay under its author's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    /// The file.
    pub file: ChosenFile,
}

/// The result of loading a hand-over file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// Who handed it over.
    pub from: String,
    /// Results in the file, one for each act.
    pub n_results: u32,
    /// Those that were not here yet.
    pub n_new: u32,
    /// Those that were left out because their wave has ended.
    pub n_ended: u32,
}
