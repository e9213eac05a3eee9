//! Archives: everything that is known of a wave in one file, written before the wave ends and looked at again afterwards. See `docs/export.md`.

mod read;
mod write;
mod zip;

pub(crate) use read::open;
pub(crate) use write::{keep, write};

use porchlight_model::id::{CampaignId, WaveId};
use porchlight_model::time::At;
use serde::{Deserialize, Serialize};

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
