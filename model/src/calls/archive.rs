//! Calls about archives: everything that is known of a wave in one file.

use crate::calls::files::{ChosenFile, ExportFile};
use crate::id::WaveId;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Archive: ArchiveCall;
    ArchiveWave -> ArchiveMade, act Export, reads [];
    KeepArchive -> (), act Export, reads [];
    RecordWithoutWaves -> Option<String>, act Export, reads [Session, Turf, Script, Roster];
    OpenArchive -> ArchivePage, act Export, reads [];
}

/// The largest archive that is opened, in bytes.
pub const MAX_ARCHIVE_BYTES: u64 = 256 * 1024 * 1024;

/// Rows of one page.
pub const ARCHIVE_PAGE: usize = 100;

/// Makes the archive of a wave: every table and every entry of its documents that is here. Where no wave is here, before the first cut or once all
/// are erased, one of what was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveWave {
    /// The wave: one that is not erased; [`WaveId::FIRST`] where no wave is here.
    pub wave: WaveId,
}

/// Asks for the digest of what was set up, as in [`ArchiveMade::record`]: only where no wave is here, whose archives have it as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordWithoutWaves {}

/// An archive to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveMade {
    /// The file.
    pub file: ExportFile,
    /// The digest of its records: it is complete as long as [`crate::calls::wave::WaveView::record`] is the same.
    pub record: String,
}

/// Notes that the archive of a wave was saved, as the shell or the person tells; until something is recorded after it, that wave counts as
/// taken out (see [`crate::calls::join::Goes`]). Opening the saved file notes the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepArchive {
    /// The wave.
    pub wave: WaveId,
    /// The digest of its records: [`ArchiveMade::record`].
    pub record: String,
}

/// Looks into an archive, a page of [`ARCHIVE_PAGE`] rows of one table; changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenArchive {
    /// The file.
    pub file: ChosenFile,
    /// The index of the table.
    pub table: u32,
    /// The index of the first row.
    pub from: u64,
}

/// One page of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivePage {
    /// The campaign's name.
    pub campaign: String,
    /// The wave's name; empty for the first.
    pub wave: String,
    /// When it was made.
    pub made_at: At,
    /// By whom.
    pub made_by: String,
    /// Its tables.
    pub tables: Vec<ArchiveTable>,
    /// The header of the table that was asked for.
    pub header: Vec<String>,
    /// Its rows on this page.
    pub rows: Vec<Vec<String>>,
}

/// A table of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveTable {
    /// Its name: one of [`crate::calls::export::ExportKind::as_str`], or one of a newer version.
    pub name: String,
    /// How many rows it has.
    pub n_rows: u64,
}
