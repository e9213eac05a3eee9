//! Packs: content-addressed blobs, each linked to the documents whose readers may have it.

use super::database::{Tx, all, first, run};
use super::rows;
use crate::grants;
use crate::store::known::no_access;
use crate::store::{Caller, PackPart, StoreError};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{Access, DocKind};
use std::ops::Range;

/// A pack to store.
pub(super) struct NewPack {
    pub(super) by: Caller,
    pub(super) doc: DocId,
    pub(super) hash: Sha256,
    pub(super) bytes: Vec<u8>,
}

/// Stores a pack, or only its link where the bytes are stored already.
pub(super) async fn put(tx: &Tx<'_>, pack: &NewPack) -> Result<(), StoreError> {
    let device = rows::enrolled(tx, pack.by.device).await?;
    if !device.role.sees_all_turf() {
        return Err(StoreError::Refused("only captains and coordinators send packs", RefusalCode::NotAllowed));
    }
    let not_found = StoreError::Refused("the campaign has no such document", RefusalCode::NotFound);
    // Locked, so that the document is not deleted before its pack refers to it.
    let Some(doc) = rows::held_doc(tx, pack.doc).await? else { return Err(not_found) };
    let access = rows::access_of(tx, &device, &doc).await?;
    if access != Some(Access::Write) {
        return Err(no_access(access, not_found));
    }
    let (hash, n_bytes) = (pack.hash.0.as_slice(), i64::try_from(pack.bytes.len()).unwrap_or(i64::MAX));
    let sql = "INSERT INTO pack (hash, n_bytes, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    run(tx, sql, &[&hash, &n_bytes, &pack.bytes]).await?;
    let sql = "INSERT INTO pack_doc (hash, doc) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    run(tx, sql, &[&hash, &doc.key]).await?;
    Ok(())
}

/// Reads a range of a pack that belongs to a document to which the device has access.
pub(super) async fn part(tx: &Tx<'_>, by: Caller, hash: Sha256, range: &Range<u64>) -> Result<PackPart, StoreError> {
    let device = rows::enrolled(tx, by.device).await?;
    let hash = hash.0.as_slice();
    let docs = all(tx, include_str!("sql/pack_docs.sql"), &[&hash, &device.key, &device.campaign_key]).await?;
    let mut accesses = Vec::new();
    for row in &docs {
        let kind = DocKind::parse(row.try_get(0)?);
        let handed_out = row.try_get::<_, Option<&str>>(1)?.map(Access::parse);
        accesses.push(grants::access(device.role, kind, handed_out));
    }
    let not_found = StoreError::Refused("there is no such pack for this device", RefusalCode::NotFound);
    if !accesses.iter().any(|access| grants::hears(*access)) {
        return Err(accesses.into_iter().fold(not_found, |why, access| no_access(access, why)));
    }
    // Packs are far smaller than the range of a PostgreSQL `integer`.
    let int = |n: u64| i32::try_from(n).unwrap_or(i32::MAX - 1).min(i32::MAX - 1);
    let (start, len) = (int(range.start), int(range.end.saturating_sub(range.start)));
    let sql = "SELECT n_bytes, substring(bytes FROM $2::integer + 1 FOR $3::integer) FROM pack WHERE hash = $1";
    let row = first(tx, sql, &[&hash, &start, &len]).await?.ok_or(not_found)?;
    Ok(PackPart { n_bytes: rows::count(&row, 0)?, bytes: row.try_get(1)? })
}
