//! Forgetting: deletes documents of ended waves with all dependent rows. Only their ids stay, as tombstones.

use super::rows;
use crate::store::known::{check_is_own_turf, check_may_forget, no_such_turf};
use crate::store::{Caller, Hint, StoreError, Whose};
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use rusqlite::{Connection, named_params};

/// The rows that refer to a document, and last its own row.
const OF_A_DOC: [&str; 8] = [
    "DELETE FROM change WHERE doc = :doc",
    "DELETE FROM change_hash WHERE doc = :doc",
    "DELETE FROM snapshot WHERE doc = :doc",
    "DELETE FROM actor WHERE doc = :doc",
    "DELETE FROM handed_out WHERE doc = :doc",
    "DELETE FROM invite_doc WHERE doc = :doc",
    "DELETE FROM pack_doc WHERE doc = :doc",
    "DELETE FROM doc WHERE key = :doc",
];

/// Forgets documents, all or none.
pub(super) fn forget(conn: &Connection, by: Caller, docs: &[DocId], now: At) -> Result<Option<Hint>, StoreError> {
    let device = rows::enrolled(conn, by.device)?;
    check_may_forget(&device)?;
    let mut is_news = false;
    for id in docs {
        let Some(doc) = rows::doc(conn, *id)? else {
            if is_forgotten_by(conn, *id, device.campaign_key)? {
                continue;
            }
            return Err(no_such_turf());
        };
        check_is_own_turf(&device, doc.campaign_key, doc.kind)?;
        remove(conn, doc.key)?;
        conn.prepare_cached("INSERT INTO forgotten (id, campaign, at) VALUES (:id, :campaign, :now)")?
            .execute(named_params! { ":id": id.to_bytes(), ":campaign": device.campaign_key, ":now": now.0 })?;
        is_news = true;
    }
    if !is_news {
        return Ok(None);
    }
    let grants = rows::raise_grants(conn, device.campaign_key)?;
    Ok(Some(Hint::of_grants(device.campaign, grants, by.device, Whose::All)))
}

/// Deletes a document with all rows that refer to it.
pub(super) fn remove(conn: &Connection, doc: i64) -> Result<(), StoreError> {
    let packs = packs(conn, doc)?;
    for sql in OF_A_DOC {
        conn.prepare_cached(sql)?.execute(named_params! { ":doc": doc })?;
    }
    for hash in packs {
        conn.prepare_cached(include_str!("../sql/forget_pack.sql"))?.execute(named_params! { ":hash": hash })?;
    }
    Ok(())
}

fn packs(conn: &Connection, doc: i64) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT hash FROM pack_doc WHERE doc = :doc")?;
    let hashes = statement.query_map(named_params! { ":doc": doc }, |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(hashes)
}

/// Whether a document of any campaign was forgotten.
pub(super) fn is_forgotten(conn: &Connection, doc: DocId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM forgotten WHERE id = :doc")?;
    Ok(statement.exists(named_params! { ":doc": doc.to_bytes() })?)
}

fn is_forgotten_by(conn: &Connection, doc: DocId, campaign: i64) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM forgotten WHERE id = :doc AND campaign = :campaign")?;
    Ok(statement.exists(named_params! { ":doc": doc.to_bytes(), ":campaign": campaign })?)
}
