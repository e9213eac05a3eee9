//! Records which waves were saved as a complete archive, and when. Any later record of a wave, from this device or another, makes its archive
//! incomplete. Where no wave is here, before the first cut or once all are erased, an archive has what was set up: script, people, list of turf.

use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::{docs, settings, waves};
use porchlight_model::calls::Topic;
use porchlight_model::id::WaveId;
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// The setting that holds the list.
const ARCHIVED: &str = "archived_waves";

#[derive(Serialize, Deserialize)]
struct Archived {
    wave: WaveId,
    at: At,
    /// The digest of the archived records, from [`record_of`].
    record: String,
}

/// How much of this device's data is in archives.
pub(crate) struct TakenOut {
    /// The number of waves that are not completely archived.
    pub(crate) n_lacking: u32,
    /// Whether no wave is here, and what was set up is in no archive.
    pub(crate) lacks_campaign: bool,
    /// When the last archive was saved, if all of it is in archives.
    pub(crate) at: Option<At>,
}

/// The digest of what the archive of a wave has; where no wave is here, that of the campaign document.
pub(crate) fn record_of(conn: &Connection, wave: WaveId) -> Result<String, EngineError> {
    Ok(match record_without_waves(conn)? {
        Some(record) => record,
        None => waves::record(conn, wave)?,
    })
}

/// The digest of what was set up, if no wave is here: then an archive has that alone, under the id of the first wave.
pub(crate) fn record_without_waves(conn: &Connection) -> Result<Option<String>, EngineError> {
    if !here(conn)?.is_empty() {
        return Ok(None);
    }
    let campaign = docs::all(conn)?.into_iter().find(|row| row.kind == DocKind::Campaign);
    Ok(Some(format!("campaign-{:x}", campaign.map_or(0, |row| row.heads.0))))
}

/// The waves of which records are here.
fn here(conn: &Connection) -> Result<Vec<WaveId>, EngineError> {
    let mut here = Vec::new();
    for wave in waves::all(conn)? {
        if waves::is_here(conn, wave.id)? && waves::is_shown(conn, &wave)? {
            here.push(wave.id);
        }
    }
    Ok(here)
}

/// Records that the archive of a wave is saved, with the digest of its records.
pub(crate) fn note(tx: &mut Tx<'_>, wave: WaveId, record: &str) -> Result<(), EngineError> {
    let mut all = all(tx.conn())?;
    all.retain(|archived| archived.wave != wave);
    all.push(Archived { wave, at: tx.now(), record: record.to_owned() });
    settings::put(tx.conn(), ARCHIVED, &all)?;
    tx.touch(Topic::Turf);
    Ok(())
}

/// As [`note`], if the archive has the present records and is not recorded yet.
pub(crate) fn note_if_new(tx: &mut Tx<'_>, wave: WaveId, record: &str) -> Result<(), EngineError> {
    let is_known = all(tx.conn())?.iter().any(|archived| archived.wave == wave && archived.record == record);
    if is_known || record_of(tx.conn(), wave)? != record { Ok(()) } else { note(tx, wave, record) }
}

/// How much of this device's data is in archives.
pub(crate) fn of_here(conn: &Connection) -> Result<TakenOut, EngineError> {
    let archived = all(conn)?;
    if let Some(record) = record_without_waves(conn)? {
        let at = archived.iter().filter(|one| one.record == record).map(|one| one.at).max();
        return Ok(TakenOut { n_lacking: 0, lacks_campaign: at.is_none(), at });
    }
    let mut taken = TakenOut { n_lacking: 0, lacks_campaign: false, at: None };
    for wave in here(conn)? {
        let record = waves::record(conn, wave)?;
        match archived.iter().find(|one| one.wave == wave && one.record == record) {
            Some(one) => taken.at = taken.at.max(Some(one.at)),
            None => taken.n_lacking += 1,
        }
    }
    if taken.n_lacking > 0 {
        taken.at = None;
    }
    Ok(taken)
}

fn all(conn: &Connection) -> Result<Vec<Archived>, EngineError> {
    Ok(settings::get(conn, ARCHIVED)?.unwrap_or_default())
}
