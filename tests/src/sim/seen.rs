//! The data that a story reads from a device's database, independently of the engine.

use super::ledger::Hash;
use anyhow::Result;
use automerge::Change;
use porchlight_model::id::{DocId, TurfId};
use rusqlite::{Connection, Row};
use std::rc::Rc;

/// A stored change: its document, its hash, and whether the device believes it safe.
pub type Stored = (DocId, Hash, bool);

/// A parcel: the hash of a change that a device holds for others, and the hashes of its dependencies.
pub type Parcel = (Hash, Vec<Hash>);

/// A document, its turf, and whether its wave has ended.
pub type Round = (DocId, TurfId, bool);

/// The data read from a device's database.
#[derive(Debug)]
pub struct StoredState {
    /// Every stored change.
    pub stored: Rc<Vec<Stored>>,
    /// Own changes that the device believes a coordinator's device to have stored.
    pub shown: Rc<Vec<Hash>>,
    /// Parcels that the device holds as a hub.
    pub parcels: Rc<Vec<Parcel>>,
    /// The documents of all waves.
    pub rounds: Rc<Vec<Round>>,
}

impl StoredState {
    /// Reads it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(conn: &Connection) -> Result<Self> {
        // Read from indexes where possible, because a row's hash and its state are separated by the bytes of the change.
        let mut select = conn.prepare_cached(
            "WITH held (doc, hash) AS MATERIALIZED (
                 SELECT doc, hash FROM change INDEXED BY change_held WHERE acked_at = 0
             )
             SELECT doc, hash, (doc, hash) NOT IN held FROM change INDEXED BY change_by_hash
             UNION ALL SELECT doc, hash, 0 FROM parcel",
        )?;
        let read = |row: &Row<'_>| Ok((DocId::from_bytes(row.get(0)?), row.get(1)?, row.get(2)?));
        let stored = select.query_map([], read)?.collect::<Result<_, _>>()?;
        let mut select = conn.prepare_cached(
            "SELECT c.hash FROM change c JOIN doc d ON d.id = c.doc WHERE c.is_own AND c.n BETWEEN 1 AND d.seen",
        )?;
        let shown = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut select = conn.prepare_cached(
            "SELECT r.turf_doc, r.turf, w.ended_at IS NOT NULL
             FROM round r LEFT JOIN wave w ON w.doc = r.doc AND w.id = r.wave ORDER BY r.wave, r.turf",
        )?;
        let read = |row: &Row<'_>| Ok((DocId::from_bytes(row.get(0)?), TurfId::from_bytes(row.get(1)?), row.get(2)?));
        let rounds = select.query_map([], read)?.collect::<Result<_, _>>()?;
        let mut select = conn.prepare_cached("SELECT hash, bytes FROM parcel")?;
        let mut parcels = Vec::new();
        for row in select.query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))? {
            let (hash, bytes) = row?;
            let change = Change::try_from(bytes.as_slice())?;
            parcels.push((hash, change.deps().iter().map(|dep| dep.0).collect()));
        }
        Ok(Self { stored: Rc::new(stored), shown: Rc::new(shown), parcels: Rc::new(parcels), rounds: Rc::new(rounds) })
    }
}
