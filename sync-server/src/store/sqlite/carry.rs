//! Carrying: changes that another device wrote, handed over by file or brought back to a store that was put back from a copy.

use super::rows;
use crate::grants;
use crate::store::{DocPush, StoreError};
use porchlight_model::admit::Known;
use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// The devices, with their keys, for which `device` may carry the changes of this push: those of its campaign that were ever given the
/// document. A revoked one counts: what it wrote is vouched for by whoever carries it.
pub(super) fn owners(
    conn: &Connection,
    device: &rows::Enrolled,
    doc: &rows::DocRow,
    push: &DocPush,
    known: &Known,
    now: At,
) -> Result<BTreeMap<DeviceId, i64>, StoreError> {
    let mut owners = BTreeMap::new();
    if !push.carries || !(device.role.sees_all_turf() || is_recovering(conn, now)?) {
        return Ok(owners);
    }
    let changes = push.changes.iter().flatten();
    let named =
        changes.filter_map(|change| known.chains.get(&change.actor).map(|chain| chain.device).or(change.author));
    for owner in named.filter(|owner| *owner != device.device).collect::<BTreeSet<_>>() {
        if let Some(key) = owner_key(conn, device.campaign_key, doc, owner)? {
            owners.insert(owner, key);
        }
    }
    Ok(owners)
}

/// The key of a device of the campaign that may write the document, or might before it was taken back.
fn owner_key(conn: &Connection, campaign: i64, doc: &rows::DocRow, owner: DeviceId) -> Result<Option<i64>, StoreError> {
    let row = conn
        .prepare_cached(include_str!("../sql/owner.sql"))?
        .query_row(named_params! { ":device": owner.to_bytes(), ":campaign": campaign, ":doc": doc.key }, |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((key, role, handed_out)) = row else { return Ok(None) };
    let access = grants::access(rows::role(&role)?, doc.kind, rows::access(handed_out)?);
    Ok(grants::ever_wrote(access).then_some(key))
}

/// Whether the store was put back from a copy not long ago.
fn is_recovering(conn: &Connection, now: At) -> Result<bool, StoreError> {
    let until: i64 =
        conn.prepare_cached("SELECT recovering_until FROM relay WHERE key = 1")?.query_row([], |row| row.get(0))?;
    Ok(now < At(until))
}
