//! Exports everything that people recorded as CSV tables (RFC 4180, UTF-8); `docs/export.md` describes the columns.

mod columns;
mod records;
mod results;
pub(crate) mod settled;
mod written;

pub(crate) use written::unguarded;

use crate::answer::{Answer, local};
use crate::doc::judge::Judge;
use crate::doc::read::MapReader;
use crate::doc::turf_map;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::script::words::Versions;
use crate::store::export::{self as rows, Of};
use crate::store::laws::Asked;
use crate::store::projections::turf::Mark;
use crate::store::waves;
use porchlight_model::calls::export::ExportCall;
use porchlight_model::calls::export::ExportWave;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::files::ExportFile;
use porchlight_model::id::{DocId, MemberId, VisitId, WaveId};
use porchlight_model::time::At;
use rusqlite::Connection;
use settled::Settled;
use std::collections::BTreeMap;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: ExportCall) -> Answer {
    match call {
        ExportCall::ExportResults(call) => local(handle, &call, export),
        ExportCall::ExportWave(call) => local(handle, &call, export_wave),
    }
}

/// A table, in which every row has as many cells as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// The table as CSV; see [`written`].
    pub(crate) fn to_csv(&self) -> Result<String, EngineError> {
        written::write(self)
    }
}

/// The data that all tables need.
pub(crate) struct Exporting<'a> {
    conn: &'a Connection,
    of: Of,
    versions: Versions,
    visits: Vec<rows::Visit>,
    /// When each retracted visit was taken back, and by whom.
    retracted: BTreeMap<VisitId, (At, String)>,
    /// The answers that coordinators settled.
    settled: BTreeMap<Asked, Settled>,
}

/// Exports all results as a file.
pub(crate) fn export(engine: &mut Engine, call: &ExportResults) -> Result<ExportFile, EngineError> {
    let table = Exporting::begin(engine, None)?.table(call.what)?;
    csv_file(engine, &[call.what.as_str()], &table)
}

/// Exports the results of one wave as a file.
pub(crate) fn export_wave(engine: &mut Engine, call: &ExportWave) -> Result<ExportFile, EngineError> {
    let wave = waves::all(engine.conn())?.into_iter().find(|wave| wave.id == call.wave);
    let wave = wave.ok_or_else(|| EngineError::not_found("error-wave-gone"))?;
    let table = Exporting::begin(engine, Some(wave.id))?.table(call.what)?;
    csv_file(engine, &[call.what.as_str(), wave.title()], &table)
}

/// A table as a file for a person, named by `parts`.
pub(crate) fn csv_file(engine: &Engine, parts: &[&str], table: &Table) -> Result<ExportFile, EngineError> {
    Ok(ExportFile {
        name: file_name(engine.now(), parts, "csv"),
        media_type: "text/csv;charset=utf-8".to_owned(),
        n_rows: table.rows.len() as u64,
        text: table.to_csv()?,
        is_binary: false,
    })
}

/// `porchlight-visits-second-look-2026-11-28.csv`: a name that is valid on every file system.
pub(crate) fn file_name(now: At, parts: &[&str], end: &str) -> String {
    let plain = |part: &&str| {
        let plain: String = part.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    };
    let mut name = vec!["porchlight".to_owned()];
    name.extend(parts.iter().map(plain).filter(|part| !part.is_empty()));
    name.push(now.to_iso().get(..10).unwrap_or_default().to_owned());
    format!("{}.{end}", name.join("-"))
}

impl<'a> Exporting<'a> {
    /// Reads the data that all tables need, of one wave or of all.
    pub(crate) fn begin(engine: &'a mut Engine, wave: Option<WaveId>) -> Result<Self, EngineError> {
        let of = Of { campaign: engine.member()?.campaign_doc, wave };
        let visits = rows::visits(engine.conn(), of)?;
        let mut retracted = BTreeMap::new();
        let mut by_doc: BTreeMap<DocId, Vec<&rows::Visit>> = BTreeMap::new();
        for visit in visits.iter().filter(|visit| visit.is_retracted) {
            by_doc.entry(visit.signed.doc).or_default().push(visit);
        }
        for (doc, visits) in by_doc {
            for (visit, at, by) in takings_back(engine, doc, &visits)? {
                let name = rows::member_name(engine.conn(), of.campaign, doc, by)?;
                retracted.insert(visit, (at, name));
            }
        }
        let settled = settled::all(engine, wave)?;
        let conn = engine.conn();
        Ok(Self { conn, of, versions: Versions::all(conn, of.campaign)?, visits, retracted, settled })
    }

    /// Builds one table.
    pub(crate) fn table(&self, what: ExportKind) -> Result<Table, EngineError> {
        match what {
            ExportKind::Visits => self.visits(),
            ExportKind::Answers => self.answers(),
            ExportKind::Said => self.said(),
            ExportKind::Notes => self.notes(),
            ExportKind::Flags => self.flags(),
            ExportKind::People => self.people(),
            ExportKind::TakenBack => self.taken_back(),
            ExportKind::Walkers => self.walkers(),
            ExportKind::Scripts => Ok(self.scripts()),
        }
    }
}

/// Reads from a document when its visits were taken back and by whom: the retraction that counts. The rows only say that there is one.
fn takings_back(
    engine: &mut Engine,
    doc: DocId,
    visits: &[&rows::Visit],
) -> Result<Vec<(VisitId, At, MemberId)>, EngineError> {
    let (document, conn) = engine.rooted_with(doc)?;
    let Some(map) = MapReader::open(document, turf_map::RETRACTED) else { return Ok(Vec::new()) };
    let judge = Judge::new(conn, doc, document)?;
    let mut told = Vec::new();
    for visit in visits {
        let by = visit.signed.by.to_bytes();
        let target = Mark { door: None, voter: None, at: visit.signed.at.0, by, change: [0; 32] };
        let counting = judge.retractions(&map, &visit.visit.to_string(), &target)?.counting;
        told.extend(counting.map(|counting| (visit.visit, At(counting.at), MemberId::from_bytes(counting.by))));
    }
    Ok(told)
}

/// Cells of these texts.
pub(crate) fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
