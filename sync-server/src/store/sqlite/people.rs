//! Devices: authentication by token, the roster, revoking a turf, revoking a device.

use super::rows;
use crate::grants;
use crate::secret::SecretHash;
use crate::store::known::{check_shuts_out, last_coordinator, no_such_device};
use crate::store::{Caller, Hint, Leaving, Placeholder, StoreError, Whose, words};
use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, RosterDevice, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::Access;
use rusqlite::{Connection, OptionalExtension, named_params};

/// Finds the device that a token authenticates.
pub(super) fn caller(conn: &Connection, token: SecretHash) -> Result<Option<Caller>, StoreError> {
    let row = conn
        .prepare_cached(include_str!("../sql/caller.sql"))?
        .query_row(named_params! { ":token": token.0 }, |row| {
            let device = DeviceId::from_bytes(row.get(0)?);
            let campaign = CampaignId::from_bytes(row.get(1)?);
            Ok((device, campaign, row.get::<_, String>(2)?, At(row.get(3)?), row.get(4)?))
        })
        .optional()?;
    let Some((device, campaign, role, lease_until, is_revoked)) = row else { return Ok(None) };
    Ok(Some(Caller { device, campaign, role: Role::parse(&role), lease_until, is_revoked }))
}

/// All campaigns, the oldest first.
pub(super) fn campaigns(conn: &Connection) -> Result<Vec<CampaignId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT id FROM campaign ORDER BY key")?;
    let ids = statement.query_map([], |row| Ok(CampaignId::from_bytes(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// All devices of a campaign with what they hold.
pub(super) fn roster(conn: &Connection, campaign: CampaignId) -> Result<Vec<RosterDevice>, StoreError> {
    let mut statement = conn.prepare_cached(include_str!("../sql/roster.sql"))?;
    let mut handed = conn.prepare_cached(include_str!("../sql/handed_docs.sql"))?;
    let mut devices = statement.query(named_params! { ":campaign": campaign.to_bytes() })?;
    let mut roster = Vec::new();
    while let Some(row) = devices.next()? {
        let (mut docs, mut hand_in) = (Vec::new(), Vec::new());
        let mut rows = handed.query(named_params! { ":device": row.get::<_, i64>(0)? })?;
        while let Some(handed) = rows.next()? {
            let doc = DocId::from_bytes(handed.get(0)?);
            match handed.get::<_, Option<String>>(1)?.as_deref().map(Access::parse) {
                Some(Access::Write) => docs.push(doc),
                Some(Access::HandIn) => hand_in.push(doc),
                Some(Access::Read | Access::Unknown(_)) | None => {}
            }
        }
        roster.push(RosterDevice {
            device: DeviceId::from_bytes(row.get(1)?),
            member: MemberId::from_bytes(row.get(2)?),
            name: row.get(3)?,
            role: Role::parse(&row.get::<_, String>(4)?),
            last_heard: row.get::<_, Option<i64>>(5)?.map(At),
            is_revoked: row.get(6)?,
            revocation: words::revocation(row.get(9)?, row.get(10)?, row.get(11)?),
            docs,
            hand_in,
            lease_until: At(row.get(7)?),
            hub_key: Some(SecretHash(row.get(8)?).hub_key()),
        });
    }
    Ok(roster)
}

/// The placeholder devices of a campaign, known only by the changes that they wrote, in the order of their first appearance.
pub(super) fn placeholders(conn: &Connection, campaign: CampaignId) -> Result<Vec<Placeholder>, StoreError> {
    let mut statement = conn.prepare_cached(include_str!("../sql/placeholders.sql"))?;
    let found = statement.query_map(named_params! { ":campaign": campaign.to_bytes() }, |row| {
        Ok(Placeholder { device: DeviceId::from_bytes(row.get(0)?), is_revoked: row.get(1)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The turf documents that a device holds.
pub(super) fn held_docs(conn: &Connection, device: i64) -> Result<Vec<DocId>, StoreError> {
    let mut held = conn.prepare_cached(include_str!("../sql/held_docs.sql"))?;
    let docs = held.query_map(named_params! { ":device": device }, |row| Ok(DocId::from_bytes(row.get(0)?)))?;
    Ok(docs.collect::<Result<_, _>>()?)
}

/// Takes a turf back from a device; idempotent.
pub(super) fn take_back(conn: &Connection, by: Caller, doc: DocId, device: DeviceId) -> Result<Hint, StoreError> {
    let caller = rows::enrolled(conn, by.device)?;
    if !caller.role.sees_all_turf() {
        return Err(StoreError::Refused("only captains and coordinators take turf back", RefusalCode::NotAllowed));
    }
    let n_changed = conn.prepare_cached(include_str!("../sql/take_back.sql"))?.execute(named_params! {
        ":device": device.to_bytes(),
        ":doc": doc.to_bytes(),
        ":campaign": caller.campaign_key,
    })?;
    if n_changed == 0 {
        return Err(StoreError::Refused("that device was handed no such turf", RefusalCode::NotFound));
    }
    let grants = rows::raise_grants(conn, caller.campaign_key)?;
    Ok(Hint::of_grants(caller.campaign, grants, by.device, Whose::Device(device)))
}

/// Revokes a device: with another one, with itself, or as whoever runs the relay.
pub(super) fn revoke(conn: &Connection, device: DeviceId, by: Option<DeviceId>, now: At) -> Result<Hint, StoreError> {
    let revocation = named_params! { ":device": device.to_bytes(), ":by": by.map(|by| by.to_bytes()), ":now": now.0 };
    let key: Option<i64> =
        conn.prepare_cached(include_str!("../sql/revoke.sql"))?.query_row(revocation, |row| row.get(0)).optional()?;
    let key = key.ok_or_else(no_such_device)?;
    let grants = rows::raise_grants(conn, key)?;
    let campaign = conn
        .prepare_cached("SELECT id FROM campaign WHERE key = :campaign")?
        .query_row(named_params! { ":campaign": key }, |row| Ok(CampaignId::from_bytes(row.get(0)?)))?;
    Ok(Hint::of_grants(campaign, grants, device, Whose::Device(device)))
}

/// Revokes a device, where the caller's role may shut it out.
pub(super) fn shut_out(
    conn: &Connection,
    by: Caller,
    device: DeviceId,
    now: At,
) -> Result<(ShutOutDone, Option<Hint>), StoreError> {
    let caller = rows::enrolled(conn, by.device)?;
    let ids = named_params! { ":device": device.to_bytes(), ":campaign": caller.campaign_key, ":now": now.0 };
    let found = conn
        .prepare_cached(include_str!("../sql/to_shut_out.sql"))?
        .query_row(ids, |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (role, is_out, n_invites) = found.ok_or_else(no_such_device)?;
    check_shuts_out(&caller, device, Role::parse(&role))?;
    if is_out {
        return Ok((ShutOutDone { is_news: false, n_invites: 0 }, None));
    }
    let hint = Hint { by: by.device, ..revoke(conn, device, Some(by.device), now)? };
    Ok((ShutOutDone { is_news: true, n_invites }, Some(hint)))
}

/// Revokes a device that leaves by itself.
pub(super) fn leave(conn: &Connection, leaving: Leaving) -> Result<Hint, StoreError> {
    let hint = revoke(conn, leaving.device, Some(leaving.device), leaving.now)?;
    let others = named_params! { ":device": leaving.device.to_bytes(), ":now": leaving.now.0 };
    let is_last = !conn.prepare_cached(include_str!("../sql/other_coordinators.sql"))?.exists(others)?;
    if leaving.counts_on_others && is_last { Err(last_coordinator()) } else { Ok(hint) }
}

/// What the device may do with a document of its campaign; `None` for any other.
pub(super) fn access(
    conn: &Connection,
    device: &rows::Enrolled,
    doc: &rows::DocRow,
) -> Result<Option<Access>, StoreError> {
    if doc.campaign_key != device.campaign_key {
        return Ok(None);
    }
    Ok(grants::access(device.role, doc.kind, rows::handed_out(conn, device.key, doc.key)?))
}
