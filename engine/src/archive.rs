//! Archives: one file with everything that is known of a wave, written before the wave ends and viewed again afterwards. See `docs/export.md`.

mod read;
mod write;
mod zip;

pub(crate) use read::open;
pub(crate) use write::{keep, write};

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use crate::join::taken_out;
use porchlight_model::calls::archive::ArchiveCall;
use porchlight_model::id::{CampaignId, WaveId};
use porchlight_model::time::At;
use serde::{Deserialize, Serialize};

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: ArchiveCall) -> Answer {
    match call {
        ArchiveCall::ArchiveWave(call) => local(handle, &call, write),
        ArchiveCall::KeepArchive(call) => local(handle, &call, keep),
        ArchiveCall::RecordWithoutWaves(call) => {
            local(handle, &call, |engine, _| taken_out::record_without_waves(engine.conn()))
        }
        ArchiveCall::OpenArchive(call) => {
            let files = handle.shell.files.clone();
            local(handle, &call, |engine, call| open(engine, &*files, call))
        }
    }
}

/// The version of the format that this program writes and reads.
const FORMAT: u16 = 1;
/// The entry that describes the others.
const ABOUT: &str = "about.json";
/// The entry with all records as JSON, for programs.
const RECORD: &str = "record.json";

/// The content of [`ABOUT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    /// [`FORMAT`].
    porchlight_archive: u16,
    campaign: CampaignId,
    campaign_name: String,
    wave: WaveId,
    /// The name of the wave; empty for the first.
    wave_name: String,
    made_at: At,
    made_by: String,
    /// The digest of the wave's records; empty in files from earlier versions.
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

/// The entry name of a table.
fn csv_of(name: &str) -> String {
    format!("{name}.csv")
}
