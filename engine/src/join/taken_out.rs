//! Records which waves were saved as a complete archive, and when. Any later record of a wave, from this device or another, makes its archive
//! incomplete.

use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::{settings, waves};
use porchlight_model::calls::Topic;
use porchlight_model::id::WaveId;
use porchlight_model::time::At;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// The setting that holds the list.
const ARCHIVED: &str = "archived_waves";

#[derive(Serialize, Deserialize)]
struct Archived {
    wave: WaveId,
    at: At,
    /// The digest of the archived records, from [`waves::record`].
    record: String,
}

/// How much of this device's data is in archives.
pub(crate) struct TakenOut {
    /// The number of waves that are not completely archived.
    pub(crate) n_lacking: u32,
    /// When the last archive was saved, if there are waves and all of them are completely archived.
    pub(crate) at: Option<At>,
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
    if is_known || waves::record(tx.conn(), wave)? != record { Ok(()) } else { note(tx, wave, record) }
}

/// How much of this device's data is in archives.
pub(crate) fn of_here(conn: &Connection) -> Result<TakenOut, EngineError> {
    let archived = all(conn)?;
    let mut taken = TakenOut { n_lacking: 0, at: None };
    for wave in waves::all(conn)? {
        if !waves::is_here(conn, wave.id)? {
            continue;
        }
        let record = waves::record(conn, wave.id)?;
        match archived.iter().find(|one| one.wave == wave.id && one.record == record) {
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
