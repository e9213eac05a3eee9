//! Packs: content-addressed blobs, each linked to the documents whose readers may have it.

use super::{people, rows};
use crate::grants;
use crate::store::known::no_access;
use crate::store::{Caller, PackPart, StoreError};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{Access, DocKind};
use rusqlite::{Connection, OptionalExtension, named_params};
use std::ops::Range;

/// Stores a pack, or only its link where the bytes are stored already.
pub(super) fn put(conn: &Connection, by: Caller, doc: DocId, hash: Sha256, bytes: &[u8]) -> Result<(), StoreError> {
    let device = rows::enrolled(conn, by.device)?;
    if !device.role.sees_all_turf() {
        return Err(StoreError::Refused("only captains and coordinators send packs", RefusalCode::NotAllowed));
    }
    let not_found = StoreError::Refused("the campaign has no such document", RefusalCode::NotFound);
    let Some(doc) = rows::doc(conn, doc)? else { return Err(not_found) };
    let access = people::access(conn, &device, &doc)?;
    if access != Some(Access::Write) {
        return Err(no_access(access, not_found));
    }
    conn.prepare_cached("INSERT OR IGNORE INTO pack (hash, n_bytes, bytes) VALUES (:hash, length(:bytes), :bytes)")?
        .execute(named_params! { ":hash": hash.0, ":bytes": bytes })?;
    conn.prepare_cached("INSERT OR IGNORE INTO pack_doc (hash, doc) VALUES (:hash, :doc)")?
        .execute(named_params! { ":hash": hash.0, ":doc": doc.key })?;
    Ok(())
}

/// Reads a range of a pack that belongs to a document to which the device has access.
pub(super) fn part(conn: &Connection, by: Caller, hash: Sha256, range: &Range<u64>) -> Result<PackPart, StoreError> {
    let device = rows::enrolled(conn, by.device)?;
    let mut statement = conn.prepare_cached(include_str!("../sql/pack_docs.sql"))?;
    let mut docs =
        statement.query(named_params! { ":hash": hash.0, ":device": device.key, ":campaign": device.campaign_key })?;
    let mut accesses = Vec::new();
    while let Some(row) = docs.next()? {
        let kind = DocKind::parse(&row.get::<_, String>(0)?);
        let handed_out = row.get::<_, Option<String>>(1)?.as_deref().map(Access::parse);
        accesses.push(grants::access(device.role, kind, handed_out));
    }
    let not_found = StoreError::Refused("there is no such pack for this device", RefusalCode::NotFound);
    if !accesses.iter().any(|access| grants::hears(*access)) {
        return Err(accesses.into_iter().fold(not_found, |why, access| no_access(access, why)));
    }
    let start = i64::try_from(range.start).unwrap_or(i64::MAX - 1).min(i64::MAX - 1);
    let len = i64::try_from(range.end.saturating_sub(range.start)).unwrap_or(i64::MAX);
    conn.prepare_cached(include_str!("../sql/pack_part.sql"))?
        .query_row(named_params! { ":hash": hash.0, ":start": start, ":len": len }, |row| {
            Ok(PackPart { n_bytes: row.get::<_, i64>(0)?.cast_unsigned(), bytes: row.get(1)? })
        })
        .optional()?
        .ok_or(not_found)
}
