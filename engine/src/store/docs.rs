//! The documents on this device, with their sync state at the relay.

use crate::error::EngineError;
use crate::sync::trouble::Trouble;
use porchlight_model::id::DocId;
use porchlight_model::wire::{Access, DocKind, HeadsDigest};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// One document of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocRow {
    /// The document.
    pub id: DocId,
    /// Its kind.
    pub kind: DocKind,
    /// What this device may do with it.
    pub access: Access,
    /// Whether it was made here and no relay has acknowledged it.
    pub is_born: bool,
    /// The relay's epoch that the cursor belongs to; 0 when never synced.
    pub epoch: u64,
    /// This device's cursor in the relay's log.
    pub cursor: u64,
    /// The last change known to be at the relay.
    pub relay_last: u64,
    /// The receipt: the relay's number up to which a coordinator's device has stored it.
    pub seen: u64,
    /// The number up to which the relay knows that this device has stored it.
    pub told: u64,
    /// A digest of the stored heads.
    pub heads: HeadsDigest,
    /// The trouble of its sync, if there is any.
    pub trouble: Trouble,
}

impl DocRow {
    /// A document that was not synced yet.
    #[must_use]
    pub const fn new(id: DocId, kind: DocKind, access: Access, is_born: bool) -> Self {
        let heads = HeadsDigest(0);
        Self {
            id,
            kind,
            access,
            is_born,
            epoch: 0,
            cursor: 0,
            relay_last: 0,
            seen: 0,
            told: 0,
            heads,
            trouble: Trouble::None,
        }
    }

    /// Whether it was made here, and is of a kind of which a relay that speaks this version makes no documents: it waits for a newer one, and
    /// holds up nothing else.
    #[must_use]
    pub const fn is_too_new_for(&self, version: u16) -> bool {
        self.is_born && self.kind.born_since() > version
    }
}

const COLUMNS: &str = "id, kind, access, is_born, epoch, cursor, relay_last, seen, told, heads, trouble";

/// Reads a row of [`COLUMNS`], by their places: each sync reads every row several times.
fn read(row: &Row<'_>) -> rusqlite::Result<DocRow> {
    let text = |at: usize| row.get_ref(at).and_then(|value| Ok(value.as_str()?));
    let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
    Ok(DocRow {
        id: DocId::from_bytes(row.get(0)?),
        kind: DocKind::parse(text(1)?),
        access: Access::parse(text(2)?),
        is_born: row.get(3)?,
        epoch: number(4)?,
        cursor: number(5)?,
        relay_last: number(6)?,
        seen: number(7)?,
        told: number(8)?,
        heads: HeadsDigest(number(9)?),
        trouble: Trouble::parse(row.get(10)?),
    })
}

/// One document, if it is here.
pub(crate) fn get(conn: &Connection, doc: DocId) -> Result<Option<DocRow>, EngineError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM doc WHERE id = ?1"))?
        .query_row(params![doc.to_bytes()], read)
        .optional()?)
}

/// Every document, by id.
pub(crate) fn all(conn: &Connection) -> Result<Vec<DocRow>, EngineError> {
    let mut select = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM doc ORDER BY id"))?;
    let rows = select.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts a document's row.
pub(crate) fn put(conn: &Connection, row: &DocRow) -> Result<(), EngineError> {
    conn.prepare_cached(include_str!("put_doc.sql"))?.execute(params![
        row.id.to_bytes(),
        row.kind.as_str(),
        row.access.as_str(),
        row.is_born,
        row.epoch.cast_signed(),
        row.cursor.cast_signed(),
        row.relay_last.cast_signed(),
        row.seen.cast_signed(),
        row.told.cast_signed(),
        row.heads.0.cast_signed(),
        row.trouble.as_str(),
    ])?;
    Ok(())
}

/// Stores the digest of the heads.
pub(crate) fn set_heads(conn: &Connection, doc: DocId, heads: HeadsDigest) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE doc SET heads = ?2 WHERE id = ?1")?
        .execute(params![doc.to_bytes(), heads.0.cast_signed()])?;
    Ok(())
}

/// Removes a document's row; its changes must be gone.
pub(crate) fn remove(conn: &Connection, doc: DocId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM doc WHERE id = ?1")?.execute(params![doc.to_bytes()])?;
    Ok(())
}
