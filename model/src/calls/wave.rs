//! Calls about waves: a wave is one round of walking all turf. Each has its own document for every turf, deleted everywhere when
//! the wave has ended.

use crate::id::WaveId;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Wave: WaveCall;
    Waves -> Vec<WaveView>, act Oversee, reads [Turf, Visits, Roster];
    StartWave -> (), act RunWaves, reads [];
    UndoStart -> (), act RunWaves, reads [];
    EndWave -> (), act RunWaves, reads [];
    EraseWave -> (), act RunWaves, reads [];
    ReopenWave -> (), act RunWaves, reads [];
    RemoveEnded -> (), act Walk, reads [];
}

/// The most characters of a wave's name.
pub const MAX_WAVE_NAME_CHARS: usize = 60;

/// The grace period in which the end of a wave can be taken back, in milliseconds.
pub const GRACE_MS: i64 = 24 * 60 * 60 * 1000;

/// Asks for all waves, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {}

/// One wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveView {
    /// The wave.
    pub wave: WaveId,
    /// Its name; empty for the first, which begins with the first cut.
    pub name: String,
    /// When it began; `None` for the first.
    pub at: Option<At>,
    /// When it ended.
    pub ended_at: Option<At>,
    /// When its start was undone.
    pub undone_at: Option<At>,
    /// Whether its start can be undone: nothing is recorded in it, and another goes on with all its turf.
    pub may_undo: bool,
    /// Whether its records can be looked at on this device: it is not erased, and its start was not undone before anything was recorded in it.
    pub is_shown: bool,
    /// Whether results are recorded in it: it is the newest that goes on.
    pub is_current: bool,
    /// How many turf have a document in it.
    pub n_turf: u32,
    /// Doors with a visit that was not retracted.
    pub n_doors: u32,
    /// Visits that were not retracted.
    pub n_visits: u32,
    /// A short digest of its records on this device, which changes with every record.
    pub record: String,
    /// Who holds turf of it, by name.
    pub holders: Vec<WaveHolder>,
    /// Where it was ended: by whom, and what comes of it.
    pub end: Option<WaveEnd>,
}

/// The end of a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveEnd {
    /// The person whose device wrote it; empty where that is not known.
    pub by: String,
    /// Whether that is a coordinator's device: no other end counts.
    pub counts: bool,
    /// When the wave is erased everywhere; `None` where the end does not count.
    pub erased_at: Option<At>,
    /// Whether something of the wave is on this device still, so that it can be had back.
    pub is_here: bool,
}

/// A canvasser's device that holds turf of a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveHolder {
    /// The person's name.
    pub name: String,
    /// How many turf of the wave the device holds.
    pub n_turf: u32,
    /// When the relay last heard from it.
    pub last_heard: Option<At>,
}

/// Starts a wave: every turf gets a new document, and results go there from then on. Coordinators only; works without signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartWave {
    /// Its name: 1 to [`MAX_WAVE_NAME_CHARS`] characters.
    pub name: String,
}

/// Undoes the start of a wave, as long as nothing is known to be recorded in it: results go on in the wave before. Its documents stay, so that
/// what was recorded meanwhile on a phone out of reach is not lost: once that comes in, the wave goes on after all. Coordinators only; works
/// without signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoStart {
    /// The wave.
    pub wave: WaveId,
}

/// Ends a wave: nothing is recorded in it any more, and after [`GRACE_MS`] its documents are dropped, here and everywhere else. Coordinators
/// only; works without signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndWave {
    /// The wave.
    pub wave: WaveId,
}

/// Erases a wave that a coordinator ended at the next sync, without waiting for the rest of its grace. Coordinators only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseWave {
    /// The wave.
    pub wave: WaveId,
}

/// Takes the end of a wave back, as long as it is not erased. Coordinators only; works without signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenWave {
    /// The wave.
    pub wave: WaveId,
}

/// Removes results of waves that have ended from this device although no relay has them. They are lost unless a file was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveEnded {}
