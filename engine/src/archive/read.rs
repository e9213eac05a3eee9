//! Reads an archive: its tables, a page at a time. Nothing of it is imported into the campaign;
//! only the fact that the file exists is recorded.

use super::{ABOUT, About, FORMAT, csv_of, zip};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::export::unguarded;
use crate::handle::Files;
use crate::join::taken_out;
use porchlight_model::calls::archive::{ARCHIVE_PAGE, ArchivePage, ArchiveTable, MAX_ARCHIVE_BYTES, OpenArchive};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::message::Message;

/// The maximum size of a decompressed entry in bytes.
const MAX_ENTRY_BYTES: u64 = 512 * 1024 * 1024;

/// Reads one page of one table of an archive.
///
/// # Errors
/// When the file is not an archive, is damaged or too large, or comes from a newer version.
pub(crate) fn open(engine: &mut Engine, files: &dyn Files, call: &OpenArchive) -> Result<ArchivePage, EngineError> {
    let campaign = engine.member()?.identity.campaign;
    let not_one = || EngineError::bad_input(Message::new("archive-not-one").with("file", &call.file.name));
    let bytes = bytes(files, &call.file)?;
    let entry = |name: &str| zip::read(&bytes, name, MAX_ENTRY_BYTES).ok().flatten().ok_or_else(not_one);
    let about: About = serde_json::from_slice(&entry(ABOUT)?).map_err(|_| not_one())?;
    if about.porchlight_archive != FORMAT {
        return Err(EngineError::bad_input(Message::new("archive-other-version").with("file", &call.file.name)));
    }
    let table = about.tables.get(call.table as usize).ok_or_else(not_one)?;
    let content = entry(&csv_of(&table.name))?;
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(content.as_slice());
    let plain = |record: &csv::StringRecord| record.iter().map(|cell| unguarded(cell).to_owned()).collect::<Vec<_>>();
    let header = plain(csv.headers().map_err(|_| not_one())?);
    let from = usize::try_from(call.from).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for record in csv.records().skip(from).take(ARCHIVE_PAGE) {
        rows.push(plain(&record.map_err(|_| not_one())?));
    }
    if about.campaign == campaign && !about.record.is_empty() {
        // The person has the file, because they opened it.
        engine.write("an archive is saved", |tx| taken_out::note_if_new(tx, about.wave, &about.record))?;
    }
    let tables = about.tables.iter().map(|table| ArchiveTable { name: table.name.clone(), n_rows: table.n_rows });
    Ok(ArchivePage {
        campaign: about.campaign_name,
        wave: about.wave_name,
        made_at: about.made_at,
        made_by: about.made_by,
        tables: tables.collect(),
        header,
        rows,
    })
}

fn bytes(files: &dyn Files, file: &ChosenFile) -> Result<Vec<u8>, EngineError> {
    let unreadable = |error: std::io::Error| {
        EngineError::bad_input(Message::new("handover-unreadable").with("file", &file.name).with("detail", error))
    };
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    // A shell may report a wrong file size: the bytes that were read count.
    while file.bytes.max(bytes.len() as u64) <= MAX_ARCHIVE_BYTES {
        let n_read = files.read_at(&file.key, bytes.len() as u64, &mut part).map_err(unreadable)?;
        if n_read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&part[..n_read]);
    }
    let megabytes = MAX_ARCHIVE_BYTES / 1024 / 1024;
    Err(EngineError::bad_input(Message::new("archive-too-large").with("file", &file.name).with("max", megabytes)))
}
