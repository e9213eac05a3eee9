//! Row types that several operations share.

pub(super) use crate::store::known::Enrolled;
use crate::store::step::step;
use crate::store::{StoreError, words};
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocKind};
use rusqlite::{Connection, OptionalExtension, named_params};
use std::ops::Range;

/// Finds a device that is enrolled and not revoked.
pub(super) fn enrolled(conn: &Connection, device: DeviceId) -> Result<Enrolled, StoreError> {
    let row = conn
        .prepare_cached(include_str!("../sql/enrolled.sql"))?
        .query_row(named_params! { ":device": device.to_bytes() }, |row| {
            Ok(Enrolled {
                key: row.get(0)?,
                device,
                campaign_key: row.get(1)?,
                campaign: CampaignId::from_bytes(row.get(5)?),
                role: Role::parse(row.get_ref(4)?.as_str()?),
                lease_until: At(row.get(2)?),
                grants: row.get::<_, i64>(6)?.cast_unsigned(),
                feed: row.get(7)?,
                is_revoked: row.get(3)?,
            })
        })
        .optional()?;
    Enrolled::served(row)
}

/// A document's row.
pub(super) struct DocRow {
    pub(super) key: i64,
    pub(super) campaign_key: i64,
    pub(super) kind: DocKind,
    pub(super) last: i64,
    pub(super) seen: i64,
    /// The hashes of its heads, sorted.
    pub(super) heads: Vec<Sha256>,
    /// The last change in the index of hashes.
    pub(super) indexed: i64,
    /// What it has cost so far, in operations.
    pub(super) n_ops: i64,
}

/// Finds a document of any campaign.
pub(super) fn doc(conn: &Connection, doc: DocId) -> Result<Option<DocRow>, StoreError> {
    let row = conn
        .prepare_cached("SELECT key, campaign, kind, last, seen, heads, indexed, n_ops FROM doc WHERE id = :doc")?
        .query_row(named_params! { ":doc": doc.to_bytes() }, |row| {
            let heads = words::heads(row.get_ref(5)?.as_blob()?);
            let kind = DocKind::parse(row.get_ref(2)?.as_str()?);
            Ok((row.get(0)?, row.get(1)?, kind, row.get(3)?, row.get(4)?, heads, row.get(6)?, row.get(7)?))
        })
        .optional()?;
    let Some((key, campaign_key, kind, last, seen, heads, indexed, n_ops)) = row else { return Ok(None) };
    Ok(Some(DocRow { key, campaign_key, kind, last, seen, heads: heads?, indexed, n_ops }))
}

/// The access to a document that was granted to a device.
pub(super) fn handed_out(conn: &Connection, device: i64, doc: i64) -> Result<Option<Access>, StoreError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT access FROM handed_out WHERE device = :device AND doc = :doc")?
        .query_row(named_params! { ":device": device, ":doc": doc }, |row| row.get(0))
        .optional()?;
    Ok(text.as_deref().map(Access::parse))
}

/// Raises the number of a campaign's grants, so that devices read their lists again: from which to which.
pub(super) fn raise_grants(conn: &Connection, campaign: i64) -> Result<Range<u64>, StoreError> {
    let step = step()?;
    let number: i64 = conn
        .prepare_cached("UPDATE campaign SET grants = grants + :step WHERE key = :campaign RETURNING grants")?
        .query_row(named_params! { ":step": step, ":campaign": campaign }, |row| row.get(0))?;
    Ok((number - step).cast_unsigned()..number.cast_unsigned())
}

/// Draws the next number of a campaign's feed.
pub(super) fn next_feed(conn: &Connection, campaign: i64) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached("UPDATE campaign SET feed = feed + 1 WHERE key = :campaign RETURNING feed")?
        .query_row(named_params! { ":campaign": campaign }, |row| row.get(0))?)
}
