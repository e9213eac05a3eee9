//! Carrying: changes that another device wrote, handed over by file or brought back to a store that was put back from a copy.

use super::super::database::{Tx, first, one};
use super::super::rows::{self, Enrolled};
use super::find::Granted;
use super::log::DocLog;
use crate::grants;
use crate::store::{DocPush, StoreError};
use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use std::collections::{BTreeMap, BTreeSet};

/// The devices, with their keys, for which `device` may carry the changes of this push: those of its campaign that were ever given the
/// document. A revoked one counts: what it wrote is vouched for by whoever carries it.
pub(super) async fn owners(
    tx: &Tx<'_>,
    device: &Enrolled,
    doc: &Granted,
    push: &DocPush,
    log: Option<&DocLog<'_>>,
    now: At,
) -> Result<BTreeMap<DeviceId, i64>, StoreError> {
    let mut owners = BTreeMap::new();
    if !push.carries || !(device.role.sees_all_turf() || is_recovering(tx, now).await?) {
        return Ok(owners);
    }
    let writer = |actor: &[u8]| log.and_then(|log| log.writer(actor));
    let named = push.changes.iter().flatten().filter_map(|change| writer(&change.actor).or(change.author));
    for owner in named.filter(|owner| *owner != device.device).collect::<BTreeSet<_>>() {
        if let Some(key) = owner_key(tx, device.campaign_key, doc, owner).await? {
            owners.insert(owner, key);
        }
    }
    Ok(owners)
}

/// The key of a device of the campaign that may write the document, or might before it was taken back.
async fn owner_key(tx: &Tx<'_>, campaign: i64, doc: &Granted, owner: DeviceId) -> Result<Option<i64>, StoreError> {
    let id = owner.to_bytes();
    let row = first(tx, include_str!("../sql/owner.sql"), &[&id.as_slice(), &campaign, &doc.key]).await?;
    let Some(row) = row else { return Ok(None) };
    let role = rows::role(row.try_get(1)?)?;
    let access = grants::access(role, doc.kind, rows::access(row.try_get(2)?)?);
    Ok(if grants::ever_wrote(access) { Some(row.try_get(0)?) } else { None })
}

/// Whether the store was put back from a copy not long ago.
async fn is_recovering(tx: &Tx<'_>, now: At) -> Result<bool, StoreError> {
    let row = one(tx, "SELECT recovering_until FROM relay WHERE key = 1", &[]).await?;
    Ok(now < At(row.try_get(0)?))
}
