//! Carrying: changes of another device, handed over by file or sent back to a restored store.

use super::rows;
use crate::grants;
use crate::limits::MAX_PLACEHOLDERS;
use crate::store::known::Owner;
use crate::store::{DocPush, StoreError};
use porchlight_model::admit::LogState;
use porchlight_model::grant::Act;
use porchlight_model::id::DeviceId;
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::wire::Access;
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// The devices whose changes a push may bring.
pub(super) struct Owners {
    /// With their keys; the device that pushes among them.
    keys: BTreeMap<DeviceId, i64>,
    /// Those that the store does not know: each becomes a placeholder once a change of it is taken.
    unknown: BTreeSet<DeviceId>,
}

impl Owners {
    /// The devices other than the one that pushes.
    pub(super) fn carried_for(&self, device: DeviceId) -> BTreeSet<DeviceId> {
        self.keys.keys().chain(&self.unknown).copied().filter(|owner| *owner != device).collect()
    }

    /// The key of a device of which a change is taken; one that is not known becomes a placeholder.
    pub(super) fn key(&mut self, conn: &Connection, campaign: i64, owner: DeviceId) -> Result<i64, StoreError> {
        if let Some(key) = self.keys.get(&owner) {
            return Ok(*key);
        }
        let key = add_placeholder(conn, campaign, owner)?;
        self.keys.insert(owner, key);
        Ok(key)
    }
}

/// The devices for which `device` may carry the changes of this push: those of its campaign that were ever given the document and whose
/// members may do no more than the carrier, and while the store recovers from a restore all others, known or not. A revoked one counts: the
/// carrier vouches for what it wrote.
pub(super) fn owners(
    conn: &Connection,
    device: &rows::Enrolled,
    doc: &rows::DocRow,
    push: &DocPush,
    known: &LogState,
    now: At,
) -> Result<Owners, StoreError> {
    let mut owners = Owners { keys: BTreeMap::from([(device.device, device.key)]), unknown: BTreeSet::new() };
    if !push.carries {
        return Ok(owners);
    }
    let is_recovering = is_recovering(conn, now)?;
    if !(device.role.may(Act::Carry) || is_recovering) {
        return Ok(owners);
    }
    let changes = push.changes.iter().flatten();
    let named =
        changes.filter_map(|change| known.chains.get(&change.actor).map(|chain| chain.device).or(change.author));
    for id in named.filter(|owner| *owner != device.device).collect::<BTreeSet<_>>() {
        match owner(conn, doc, id)? {
            Some(owner) if owner.is_carried_by(device, doc.kind, is_recovering) => {
                owners.keys.insert(id, owner.key);
            }
            None if is_recovering && has_room(conn, device.campaign_key, owners.unknown.len())? => {
                owners.unknown.insert(id);
            }
            Some(_) | None => {}
        }
    }
    Ok(owners)
}

/// A device that a change names, as far as it is known.
fn owner(conn: &Connection, doc: &rows::DocRow, owner: DeviceId) -> Result<Option<Owner>, StoreError> {
    let row = conn
        .prepare_cached(include_str!("../sql/owner.sql"))?
        .query_row(named_params! { ":device": owner.to_bytes(), ":doc": doc.key }, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?, row.get::<_, Option<String>>(4)?))
        })
        .optional()?;
    let Some((key, campaign_key, is_placeholder, role, handed_out)) = row else { return Ok(None) };
    let role = Role::parse(&role);
    let access = grants::access(role, doc.kind, handed_out.as_deref().map(Access::parse));
    Ok(Some(Owner { key, campaign_key, is_placeholder, role, access }))
}

/// Whether a campaign may have another placeholder beside those that a push is about to make.
fn has_room(conn: &Connection, campaign: i64, n_wanted: usize) -> Result<bool, StoreError> {
    let n_there: i64 = conn
        .prepare_cached("SELECT count(*) FROM device WHERE campaign = :campaign AND is_placeholder = 1")?
        .query_row(named_params! { ":campaign": campaign }, |row| row.get(0))?;
    Ok(n_there.saturating_add(i64::try_from(n_wanted).unwrap_or(i64::MAX)) < MAX_PLACEHOLDERS)
}

/// Makes a device of which nothing is known but its id: nobody has its token, it is handed nothing, and it stands in no roster.
fn add_placeholder(conn: &Connection, campaign: i64, device: DeviceId) -> Result<i64, StoreError> {
    conn.prepare_cached(include_str!("../sql/add_nobody.sql"))?.execute(named_params! { ":campaign": campaign })?;
    conn.prepare_cached(include_str!("../sql/add_placeholder.sql"))?.execute(named_params! {
        ":id": device.to_bytes(), ":campaign": campaign, ":member": conn.last_insert_rowid()
    })?;
    Ok(conn.last_insert_rowid())
}

/// Whether the store is still recovering from a restore.
pub(super) fn is_recovering(conn: &Connection, now: At) -> Result<bool, StoreError> {
    let until: i64 =
        conn.prepare_cached("SELECT recovering_until FROM relay WHERE key = 1")?.query_row([], |row| row.get(0))?;
    Ok(now < At(until))
}
