//! Row types that several operations share, and a campaign's sequence numbers.

use super::database::{Tx, first, one};
use super::fault::unavailable;
pub(super) use crate::store::known::Enrolled;
use crate::store::step::step;
use crate::store::{StoreError, words};
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocKind};
use std::ops::Range;
use tokio_postgres::Row;

/// Bytes of a fixed length.
pub(super) fn bytes<const N: usize>(row: &Row, at: usize) -> Result<[u8; N], StoreError> {
    let bytes: &[u8] = row.try_get(at)?;
    bytes.try_into().map_err(|_| unavailable("the store holds an id or a hash of another length"))
}

/// Bytes of a fixed length, where there are any.
pub(super) fn optional_bytes<const N: usize>(row: &Row, at: usize) -> Result<Option<[u8; N]>, StoreError> {
    match row.try_get::<_, Option<&[u8]>>(at)? {
        None => Ok(None),
        Some(_) => bytes(row, at).map(Some),
    }
}

/// A hash.
pub(super) fn hash(row: &Row, at: usize) -> Result<Sha256, StoreError> {
    Ok(Sha256(bytes(row, at)?))
}

/// A document's id.
pub(super) fn doc_id(row: &Row, at: usize) -> Result<DocId, StoreError> {
    Ok(DocId::from_bytes(bytes(row, at)?))
}

/// Several documents' ids.
pub(super) fn docs(row: &Row, at: usize) -> Result<Vec<DocId>, StoreError> {
    let ids: Vec<&[u8]> = row.try_get(at)?;
    Ok(ids.into_iter().filter_map(|id| Some(DocId::from_bytes(id.try_into().ok()?))).collect())
}

/// A number that is never negative.
pub(super) fn count(row: &Row, at: usize) -> Result<u64, StoreError> {
    Ok(row.try_get::<_, i64>(at)?.cast_unsigned())
}

/// Heads as the document's row keeps them.
pub(super) fn heads(row: &Row, at: usize) -> Result<Vec<Sha256>, StoreError> {
    words::heads(row.try_get(at)?)
}

/// Reads the columns of `enrolled.sql`.
pub(super) fn read_enrolled(row: &Row) -> Result<Enrolled, StoreError> {
    Ok(Enrolled {
        key: row.try_get(0)?,
        device: DeviceId::from_bytes(bytes(row, 1)?),
        campaign_key: row.try_get(2)?,
        lease_until: At(row.try_get(3)?),
        is_revoked: row.try_get(4)?,
        role: Role::parse(row.try_get(5)?),
        campaign: CampaignId::from_bytes(bytes(row, 6)?),
        grants: count(row, 7)?,
        feed: row.try_get(8)?,
    })
}

/// Finds a device that is enrolled and not revoked.
pub(super) async fn enrolled(tx: &Tx<'_>, device: DeviceId) -> Result<Enrolled, StoreError> {
    let row = first(tx, include_str!("sql/enrolled.sql"), &[&vec![device.to_bytes().to_vec()]]).await?;
    Enrolled::served(row.as_ref().map(read_enrolled).transpose()?)
}

/// A document's row.
pub(super) struct DocRow {
    pub(super) key: i64,
    pub(super) campaign_key: i64,
    pub(super) kind: DocKind,
}

/// Finds a document of any campaign.
pub(super) async fn doc(tx: &Tx<'_>, doc: DocId) -> Result<Option<DocRow>, StoreError> {
    read_doc(tx, "SELECT key, campaign, kind FROM doc WHERE id = $1", doc).await
}

/// Finds a document of any campaign and locks it against deletion until the commit.
pub(super) async fn held_doc(tx: &Tx<'_>, doc: DocId) -> Result<Option<DocRow>, StoreError> {
    read_doc(tx, "SELECT key, campaign, kind FROM doc WHERE id = $1 FOR KEY SHARE", doc).await
}

async fn read_doc(tx: &Tx<'_>, sql: &str, doc: DocId) -> Result<Option<DocRow>, StoreError> {
    let Some(row) = first(tx, sql, &[&doc.to_bytes().as_slice()]).await? else { return Ok(None) };
    let (key, campaign_key) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Some(DocRow { key, campaign_key, kind: DocKind::parse(row.try_get(2)?) }))
}

/// What the device may do with a document of its campaign; `None` for any other.
pub(super) async fn access_of(tx: &Tx<'_>, device: &Enrolled, doc: &DocRow) -> Result<Option<Access>, StoreError> {
    if doc.campaign_key != device.campaign_key {
        return Ok(None);
    }
    let sql = "SELECT access FROM handed_out WHERE device = $1 AND doc = $2";
    let row = first(tx, sql, &[&device.key, &doc.key]).await?;
    let handed_out = row.as_ref().map(|row| row.try_get(0)).transpose()?.map(Access::parse);
    Ok(crate::grants::access(device.role, doc.kind, handed_out))
}

/// A campaign's sequence numbers after some were drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    pub(super) feed: i64,
    pub(super) grants: u64,
}

/// Raises the number of a campaign's grants, so that devices read their lists again: from which to which. Locks as [`draw`] does.
pub(super) async fn raise_grants(tx: &Tx<'_>, campaign: i64) -> Result<Range<u64>, StoreError> {
    let step = step()?;
    let drawn = draw(tx, campaign, 0, step).await?;
    Ok(drawn.grants - step.cast_unsigned()..drawn.grants)
}

/// Draws numbers of a campaign's feed and of its grants, which rise by a [`step`] or not at all. The campaign's row is locked until the
/// commit; the caller must have taken all other locks before.
pub(super) async fn draw(tx: &Tx<'_>, campaign: i64, n_feed: i64, n_grants: i64) -> Result<Drawn, StoreError> {
    let sql = "UPDATE campaign SET feed = feed + $2, grants = grants + $3 WHERE key = $1 RETURNING feed, grants";
    let row = one(tx, sql, &[&campaign, &n_feed, &n_grants]).await?;
    Ok(Drawn { feed: row.try_get(0)?, grants: count(&row, 1)? })
}
