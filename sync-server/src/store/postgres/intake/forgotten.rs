//! Grants that a restored store has lost: while it recovers, a device that names a stored change of a turf in its push has held that turf,
//! and may push its results.

use super::super::database::{Tx, all};
use super::super::rows::Enrolled;
use super::find::Found;
use super::{Pair, asked, carry};
use crate::grants;
use crate::store::step::step;
use crate::store::{Push, StoreError};
use porchlight_model::wire::Access;
use std::collections::{BTreeMap, BTreeSet};

/// While the store recovers, gives *hand in* access to devices that push to a turf which the store does not know to be theirs. A push must name
/// a stored change of the turf: its hash reaches only those who held the turf. Returns the number of new grants by the campaign's key.
pub(super) async fn let_hand_in(
    tx: &Tx<'_>,
    pushes: &[(&Push, &Enrolled)],
    found: &mut Found,
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut wanted: BTreeMap<(i64, i64), (Pair, &Enrolled)> = BTreeMap::new();
    let mut shown = BTreeSet::new();
    let mut is_recovering = None;
    for (push, device, doc) in asked(pushes) {
        let pair = (push.device, doc.doc);
        let Some(granted) = found.get(&pair) else { continue };
        if doc.changes.is_empty() || granted.access.is_some() || !grants::may_have_had(device.role, granted.kind) {
            continue;
        }
        let is_open = match is_recovering {
            Some(known) => known,
            None => *is_recovering.insert(carry::is_recovering(tx, push.now).await?),
        };
        if is_open {
            let of = (device.key, granted.key);
            wanted.insert(of, (pair, device));
            let named = doc.changes.iter().flatten().flat_map(|change| change.deps.iter().chain([&change.hash]));
            shown.extend(named.map(|hash| (of, hash.0)));
        }
    }
    let mut n_grants = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(n_grants);
    }
    let (of, hashes): (Vec<_>, Vec<_>) = shown.into_iter().map(|(of, hash)| (of, hash.to_vec())).unzip();
    let (devices, docs): (Vec<i64>, Vec<i64>) = of.into_iter().unzip();
    for row in &all(tx, include_str!("../sql/let_hand_in.sql"), &[&devices, &docs, &hashes]).await? {
        let Some((pair, device)) = wanted.get(&(row.try_get(0)?, row.try_get(1)?)) else { continue };
        if let Some(granted) = found.get_mut(pair) {
            granted.access = Some(Access::HandIn);
        }
        *n_grants.entry(device.campaign_key).or_default() += step()?;
    }
    Ok(n_grants)
}
