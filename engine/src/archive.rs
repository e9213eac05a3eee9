//! Archives: everything that is known of a wave in one file, written before the wave ends and looked at again afterwards. See `docs/export.md`.

mod read;
mod write;
mod zip;

pub(crate) use read::open;
pub(crate) use write::{keep, write};

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::archive::ArchiveCall;
use porchlight_model::id::{CampaignId, WaveId};
use porchlight_model::time::At;
use serde::{Deserialize, Serialize};

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: ArchiveCall) -> Answer {
    match call {
        ArchiveCall::ArchiveWave(call) => local(handle, &call, write),
        ArchiveCall::KeepArchive(call) => local(handle, &call, keep),
        ArchiveCall::OpenArchive(call) => {
            let files = handle.shell.files.clone();
            local(handle, &call, |engine, call| open(engine, &*files, call))
        }
    }
}

/// The format that this program writes and reads.
const FORMAT: u16 = 1;
/// The entry that tells what the others are.
const ABOUT: &str = "about.json";
/// The entry with everything, for programs.
const RECORD: &str = "record.json";

/// What [`ABOUT`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    /// [`FORMAT`].
    porchlight_archive: u16,
    campaign: CampaignId,
    campaign_name: String,
    wave: WaveId,
    /// The wave's name; empty for the first.
    wave_name: String,
    made_at: At,
    made_by: String,
    /// What is in it; empty in files of before this was told.
    #[serde(default)]
    record: String,
    tables: Vec<TableEntry>,
}

/// One table: the entry `{name}.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TableEntry {
    name: String,
    n_rows: u64,
}

/// The entry of a table.
fn csv_of(name: &str) -> String {
    format!("{name}.csv")
}
