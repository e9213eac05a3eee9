//! Writes the archive of a wave: every table as CSV, and the content of the documents as JSON.

use super::{ABOUT, About, FORMAT, RECORD, TableEntry, csv_of, zip};
use crate::doc::read::MapReader;
use crate::doc::{tell, turf_map};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::export::{Exporting, file_name, settled};
use crate::join::taken_out;
use crate::store::field::{doors, scripts};
use crate::store::waves::{self, WaveRow};
use crate::store::{archive as rows, settings, turfs};
use porchlight_model::calls::archive::{ArchiveMade, ArchiveWave, KeepArchive};
use porchlight_model::calls::export::ExportKind;
use porchlight_model::calls::files::ExportFile;
use porchlight_model::id::{DocId, TurfId, WaveId};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Writes everything that this device knows of a wave to a file; where no wave is here, what was set up.
///
/// # Errors
/// When the wave does not exist or is erased while others are here, or a document cannot be read.
pub(crate) fn write(engine: &mut Engine, call: &ArchiveWave) -> Result<ArchiveMade, EngineError> {
    let identity = engine.member()?.identity.clone();
    let (wave, record) = match taken_out::record_without_waves(engine.conn())? {
        Some(record) => (None, record),
        None => (Some(kept(engine.conn(), call.wave)?), waves::record(engine.conn(), call.wave)?),
    };
    let title = wave.as_ref().map_or("", WaveRow::title).to_owned();
    let mut about = About {
        porchlight_archive: FORMAT,
        campaign: identity.campaign,
        campaign_name: settings::get(engine.conn(), "campaign_name")?.unwrap_or_default(),
        wave: wave.as_ref().map_or(WaveId::FIRST, |wave| wave.id),
        wave_name: wave.as_ref().map(|wave| wave.name.clone()).unwrap_or_default(),
        made_at: engine.now(),
        made_by: identity.name,
        record: record.clone(),
        tables: Vec::new(),
    };
    let failed = |error: std::io::Error| EngineError::Corrupt { what: error.to_string() };
    let mut file = zip::Writer::default();
    let mut n_rows = 0;
    let exporting = Exporting::begin(engine, Some(about.wave))?;
    for what in ExportKind::ALL {
        let table = exporting.table(what)?;
        about.tables.push(TableEntry { name: what.as_str().to_owned(), n_rows: table.rows.len() as u64 });
        n_rows += table.rows.len() as u64;
        file.add(&csv_of(what.as_str()), table.to_csv()?.as_bytes()).map_err(failed)?;
    }
    file.add(RECORD, &self::record(engine, &about)?).map_err(failed)?;
    file.add(ABOUT, &serde_json::to_vec_pretty(&about)?).map_err(failed)?;
    let bytes = file.finish().map_err(failed)?;
    let name = file_name(engine.now(), &["archive", &about.campaign_name, &title], "zip");
    Ok(ArchiveMade { file: ExportFile::binary(name, "application/zip", &bytes, n_rows), record })
}

/// A wave of which records are here: one that has ended is stored until it is erased, and may still receive late results.
fn kept(conn: &Connection, wave: WaveId) -> Result<WaveRow, EngineError> {
    let found = waves::all(conn)?.into_iter().find(|row| row.id == wave);
    let is_erased = |row: &WaveRow| Ok::<_, EngineError>(row.ended_at.is_some() && !waves::is_here(conn, row.id)?);
    match found {
        Some(row) if !is_erased(&row)? => Ok(row),
        Some(_) | None => Err(EngineError::not_found("error-wave-gone")),
    }
}

/// Records that the archive of a wave is saved.
///
/// # Errors
/// When the database fails.
pub(crate) fn keep(engine: &mut Engine, call: &KeepArchive) -> Result<(), EngineError> {
    engine.write("an archive is saved", |tx| taken_out::note(tx, call.wave, &call.record))
}

/// The JSON for programs: the documents entry by entry, the script's versions, and the doors and voters to which records refer.
fn record(engine: &mut Engine, about: &About) -> Result<Vec<u8>, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let mut turf = Vec::new();
    let listed = match taken_out::record_without_waves(engine.conn())? {
        Some(_) => waves::turf_of_docs(engine.conn())?.into_iter().map(|(doc, turf)| (turf, doc)).collect(),
        None => waves::docs(engine.conn(), about.wave)?,
    };
    let mut settled: BTreeMap<DocId, Map<String, Value>> = BTreeMap::new();
    for (asked, kept) in settled::all(engine, Some(about.wave))? {
        let key = format!("{}/{}", asked.voter, asked.question);
        let told = json!({ "value": kept.value, "by": kept.by, "at": kept.at });
        settled.entry(asked.doc).or_default().insert(key, told);
    }
    for (id, doc) in listed {
        let settled = settled.remove(&doc).unwrap_or_default();
        turf.push(document(engine, id, doc, settled)?);
    }
    let conn = engine.conn();
    let mut versions = Vec::new();
    for id in scripts::versions(conn, campaign)? {
        versions.extend(scripts::version(conn, campaign, id)?);
    }
    let mut places = Vec::new();
    for door in rows::doors(conn, about.wave)? {
        places.extend(doors::get(conn, door)?);
    }
    let record = json!({
        "about": about,
        "scripts": versions,
        "members": rows::members(conn, campaign)?,
        "turf": turf,
        "doors": places,
        "voters": rows::voters(conn, about.wave)?,
    });
    Ok(serde_json::to_vec(&record)?)
}

fn document(engine: &mut Engine, turf: TurfId, doc: DocId, settled: Map<String, Value>) -> Result<Value, EngineError> {
    let entry = turfs::as_listed(engine.conn(), turf)?;
    let mut maps = Map::new();
    if crate::store::docs::get(engine.conn(), doc)?.is_some() {
        let document = engine.rooted(doc)?;
        for map in turf_map::ALL {
            if let Some(reader) = MapReader::open(document, map) {
                maps.insert(map.to_owned(), tell::tell(&reader));
            }
        }
    }
    Ok(serde_json::to_value(Document { turf, doc, name: entry.map(|entry| entry.name), maps, settled })?)
}

#[derive(Serialize)]
struct Document {
    turf: TurfId,
    doc: DocId,
    name: Option<String>,
    maps: Map<String, Value>,
    /// Answers that a coordinator chose to keep: by answer, which, who, when.
    settled: Map<String, Value>,
}
