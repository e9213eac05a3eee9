//! Carrying: changes of another device, handed over by file or sent back to a restored store.

use super::super::database::{Tx, all, first, one};
use super::super::rows::{self, Enrolled};
use super::find::Granted;
use super::log::Log;
use crate::grants;
use crate::limits::MAX_PLACEHOLDERS;
use crate::store::known::Owner;
use crate::store::{DocPush, StoreError};
use porchlight_model::grant::Act;
use porchlight_model::id::DeviceId;
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::wire::Access;
use std::collections::{BTreeMap, BTreeSet};

/// Devices that the store does not know, met by one group of pushes, with their campaigns' keys. Until one of their changes is taken, a
/// negative number stands for the key.
#[derive(Default)]
pub(super) struct Strangers(BTreeMap<DeviceId, (i64, i64)>);

impl Strangers {
    /// What stands for the key of an unknown device; `None` where the campaign has no room for one more, or another campaign's push named it.
    async fn meet(&mut self, tx: &Tx<'_>, campaign: i64, device: DeviceId) -> Result<Option<i64>, StoreError> {
        if let Some((of, stand_in)) = self.0.get(&device) {
            return Ok((*of == campaign).then_some(*stand_in));
        }
        let sql = "SELECT count(*) FROM device WHERE campaign = $1 AND is_placeholder";
        let n_there: i64 = one(tx, sql, &[&campaign]).await?.try_get(0)?;
        let n_met = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
        if n_there.saturating_add(n_met) >= MAX_PLACEHOLDERS {
            return Ok(None);
        }
        self.0.insert(device, (campaign, -1 - n_met));
        Ok(Some(-1 - n_met))
    }

    /// Makes placeholders of those that stand in `used`: nobody has their tokens, they are handed nothing, and they stand in no roster.
    /// The new key for each number. Another node that makes the same one at the same time fails one of the two, which is done again.
    pub(super) async fn make(&self, tx: &Tx<'_>, used: &BTreeSet<i64>) -> Result<BTreeMap<i64, i64>, StoreError> {
        let made: Vec<_> = self.0.iter().filter(|(_, (_, stand_in))| used.contains(stand_in)).collect();
        if made.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<_> = made.iter().map(|(device, _)| device.to_bytes().to_vec()).collect();
        let campaigns: Vec<_> = made.iter().map(|(_, (campaign, _))| *campaign).collect();
        let mut keys = BTreeMap::new();
        for row in &all(tx, include_str!("../sql/add_placeholders.sql"), &[&ids, &campaigns]).await? {
            if let Some((_, stand_in)) = self.0.get(&DeviceId::from_bytes(rows::bytes(row, 0)?)) {
                keys.insert(*stand_in, row.try_get(1)?);
            }
        }
        Ok(keys)
    }
}

/// The devices, with their keys, for which `device` may carry the changes of this push: those of its campaign that were ever given the
/// document and whose members may do no more than the carrier, and while the store recovers from a restore all others, known or not. A
/// revoked one counts: the carrier vouches for what it wrote.
pub(super) async fn owners(
    tx: &Tx<'_>,
    device: &Enrolled,
    doc: &Granted,
    push: &DocPush,
    log: &mut Log<'_>,
    now: At,
) -> Result<BTreeMap<DeviceId, i64>, StoreError> {
    let mut owners = BTreeMap::new();
    if !push.carries {
        return Ok(owners);
    }
    let is_recovering = is_recovering(tx, now).await?;
    if !(device.role.may(Act::Carry) || is_recovering) {
        return Ok(owners);
    }
    let writer = |actor: &[u8]| log.doc(doc.key).and_then(|log| log.writer(actor));
    let named = push.changes.iter().flatten().filter_map(|change| writer(&change.actor).or(change.author));
    let named: BTreeSet<_> = named.filter(|owner| *owner != device.device).collect();
    for id in named {
        let key = match owner(tx, doc, id).await? {
            Some(owner) => owner.is_carried_by(device, doc.kind, is_recovering).then_some(owner.key),
            None if is_recovering => log.strangers.meet(tx, device.campaign_key, id).await?,
            None => None,
        };
        owners.extend(key.map(|key| (id, key)));
    }
    Ok(owners)
}

/// A device that a change names, as far as it is known.
async fn owner(tx: &Tx<'_>, doc: &Granted, owner: DeviceId) -> Result<Option<Owner>, StoreError> {
    let id = owner.to_bytes();
    let row = first(tx, include_str!("../sql/owner.sql"), &[&id.as_slice(), &doc.key]).await?;
    let Some(row) = row else { return Ok(None) };
    let role = Role::parse(row.try_get(3)?);
    let access = grants::access(role, doc.kind, row.try_get::<_, Option<&str>>(4)?.map(Access::parse));
    let (key, campaign_key, is_placeholder) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Some(Owner { key, campaign_key, is_placeholder, role, access }))
}

/// Whether the store is still recovering from a restore.
pub(super) async fn is_recovering(tx: &Tx<'_>, now: At) -> Result<bool, StoreError> {
    let row = one(tx, "SELECT recovering_until FROM relay WHERE key = 1", &[]).await?;
    Ok(now < At(row.try_get(0)?))
}
