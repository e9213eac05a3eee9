//! Receipts of coordinators, and the times of last contact.

use super::database::{Tx, all, run};
use super::rows;
use crate::store::{Caller, StoreError};
use porchlight_model::grant::Act;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::time::At;
use std::collections::BTreeMap;

/// Notes up to which number a coordinator's device has stored documents; those that rose draw one number of the campaign's feed.
pub(super) async fn seen(tx: &Tx<'_>, by: Caller, docs: &[(DocId, u64)]) -> Result<(), StoreError> {
    let device = rows::enrolled(tx, by.device).await?;
    if !device.role.may(Act::KeepRecord) {
        return Ok(());
    }
    let mut asked: BTreeMap<DocId, i64> = BTreeMap::new();
    for (doc, n) in docs {
        let n = i64::try_from(*n).unwrap_or(i64::MAX);
        asked.entry(*doc).and_modify(|known| *known = n.max(*known)).or_insert(n);
    }
    let ids: Vec<_> = asked.keys().map(|doc| doc.to_bytes().to_vec()).collect();
    let locked = all(tx, include_str!("sql/lock_seen.sql"), &[&ids, &device.campaign_key]).await?;
    let (mut keys, mut numbers) = (Vec::new(), Vec::new());
    for row in &locked {
        let (last, seen): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        let n = asked.get(&rows::doc_id(row, 1)?).copied().unwrap_or_default();
        // A number beyond the log is of another log.
        if n > seen && n <= last {
            keys.push(row.try_get::<_, i64>(0)?);
            numbers.push(n);
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    let drawn = rows::draw(tx, device.campaign_key, 1, 0).await?;
    run(tx, include_str!("sql/raise_seen.sql"), &[&keys, &numbers, &drawn.feed]).await?;
    Ok(())
}

/// Notes when devices were heard from.
pub(super) async fn heard(tx: &Tx<'_>, devices: &[(DeviceId, At)]) -> Result<(), StoreError> {
    let ids: Vec<_> = devices.iter().map(|(device, _)| device.to_bytes().to_vec()).collect();
    let times: Vec<_> = devices.iter().map(|(_, at)| at.0).collect();
    all(tx, "SELECT key FROM device WHERE id = ANY ($1) ORDER BY key FOR NO KEY UPDATE", &[&ids]).await?;
    run(tx, include_str!("sql/note_heard.sql"), &[&ids, &times]).await?;
    Ok(())
}
