//! Devices: authentication by token, the roster, revoking a turf, revoking a device.

use super::database::{Tx, all, first, one, run};
use super::rows;
use crate::secret::SecretHash;
use crate::store::known::{check_shuts_out, last_coordinator, no_such_device};
use crate::store::{Caller, Hint, Leaving, Placeholder, StoreError, Whose, words};
use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, RosterDevice, ShutOutDone};
use porchlight_model::time::At;

/// Finds the device that a token authenticates.
pub(super) async fn caller(
    client: &deadpool_postgres::Client,
    token: SecretHash,
) -> Result<Option<Caller>, StoreError> {
    let statement = client.prepare_cached(include_str!("sql/caller.sql")).await?;
    let Some(row) = client.query_opt(&statement, &[&token.0.as_slice()]).await? else { return Ok(None) };
    Ok(Some(Caller {
        device: DeviceId::from_bytes(rows::bytes(&row, 0)?),
        campaign: CampaignId::from_bytes(rows::bytes(&row, 1)?),
        role: Role::parse(row.try_get(2)?),
        lease_until: At(row.try_get(3)?),
        is_revoked: row.try_get(4)?,
    }))
}

/// All campaigns, the oldest first.
pub(super) async fn campaigns(tx: &Tx<'_>) -> Result<Vec<CampaignId>, StoreError> {
    let campaigns = all(tx, "SELECT id FROM campaign ORDER BY key", &[]).await?;
    campaigns.iter().map(|row| Ok(CampaignId::from_bytes(rows::bytes(row, 0)?))).collect()
}

/// All devices of a campaign with what they hold.
pub(super) async fn roster(tx: &Tx<'_>, campaign: CampaignId) -> Result<Vec<RosterDevice>, StoreError> {
    let devices = all(tx, include_str!("sql/roster.sql"), &[&campaign.to_bytes().as_slice()]).await?;
    let mut roster = Vec::new();
    for row in &devices {
        roster.push(RosterDevice {
            device: DeviceId::from_bytes(rows::bytes(row, 0)?),
            member: MemberId::from_bytes(rows::bytes(row, 1)?),
            name: row.try_get(2)?,
            role: Role::parse(row.try_get(3)?),
            last_heard: row.try_get::<_, Option<i64>>(4)?.map(At),
            is_revoked: row.try_get(5)?,
            revocation: words::revocation(row.try_get(10)?, rows::optional_bytes(row, 11)?, row.try_get(12)?),
            docs: rows::docs(row, 6)?,
            hand_in: rows::docs(row, 7)?,
            lease_until: At(row.try_get(8)?),
            hub_key: Some(SecretHash(rows::bytes(row, 9)?).hub_key()),
        });
    }
    Ok(roster)
}

/// The placeholder devices of a campaign, known only by the changes that they wrote, in the order of their first appearance.
pub(super) async fn placeholders(tx: &Tx<'_>, campaign: CampaignId) -> Result<Vec<Placeholder>, StoreError> {
    let sql = "SELECT device.id, device.is_revoked FROM device JOIN campaign ON campaign.key = device.campaign
               WHERE campaign.id = $1 AND device.is_placeholder ORDER BY device.key";
    let devices = all(tx, sql, &[&campaign.to_bytes().as_slice()]).await?;
    let read =
        |row| Ok(Placeholder { device: DeviceId::from_bytes(rows::bytes(row, 0)?), is_revoked: row.try_get(1)? });
    devices.iter().map(read).collect()
}

/// Takes a turf back from a device; idempotent.
pub(super) async fn take_back(tx: &Tx<'_>, by: Caller, doc: DocId, device: DeviceId) -> Result<Hint, StoreError> {
    let caller = rows::enrolled(tx, by.device).await?;
    if !caller.role.sees_all_turf() {
        return Err(StoreError::Refused("only captains and coordinators take turf back", RefusalCode::NotAllowed));
    }
    let (doc, id, device) = (doc.to_bytes(), device, device.to_bytes());
    let sql = include_str!("sql/take_back.sql");
    if run(tx, sql, &[&device.as_slice(), &doc.as_slice(), &caller.campaign_key]).await? == 0 {
        return Err(StoreError::Refused("that device was handed no such turf", RefusalCode::NotFound));
    }
    let grants = rows::raise_grants(tx, caller.campaign_key).await?;
    Ok(Hint::of_grants(caller.campaign, grants, by.device, Whose::Device(id)))
}

/// Revokes a device: with another one, with itself, or as whoever runs the relay.
pub(super) async fn revoke(tx: &Tx<'_>, device: DeviceId, by: Option<DeviceId>, now: At) -> Result<Hint, StoreError> {
    let (id, by) = (device.to_bytes(), by.map(|by| by.to_bytes()));
    let by = by.as_ref().map(<[u8; 16]>::as_slice);
    let Some(row) = first(tx, include_str!("sql/revoke.sql"), &[&id.as_slice(), &now.0, &by]).await? else {
        return Err(no_such_device());
    };
    let key: i64 = row.try_get(0)?;
    let grants = rows::raise_grants(tx, key).await?;
    let row = one(tx, "SELECT id FROM campaign WHERE key = $1", &[&key]).await?;
    let campaign = CampaignId::from_bytes(rows::bytes(&row, 0)?);
    Ok(Hint::of_grants(campaign, grants, device, Whose::Device(device)))
}

/// Revokes a device, where the caller's role may shut it out. Both rows are locked before either is read: of two who shut each other out
/// at once, the second is shut out when its turn comes.
pub(super) async fn shut_out(
    tx: &Tx<'_>,
    by: Caller,
    device: DeviceId,
    now: At,
) -> Result<(ShutOutDone, Option<Hint>), StoreError> {
    let both = [by.device, device].map(|id| id.to_bytes().to_vec()).to_vec();
    all(tx, include_str!("sql/lock_two_devices.sql"), &[&both]).await?;
    let caller = rows::enrolled(tx, by.device).await?;
    let id = device.to_bytes();
    let found = first(tx, include_str!("sql/to_shut_out.sql"), &[&id.as_slice(), &caller.campaign_key, &now.0]).await?;
    let found = found.ok_or_else(no_such_device)?;
    check_shuts_out(&caller, device, Role::parse(found.try_get(0)?))?;
    if found.try_get(1)? {
        return Ok((ShutOutDone { is_news: false, n_invites: 0 }, None));
    }
    let n_invites = u32::try_from(rows::count(&found, 2)?).unwrap_or(u32::MAX);
    let hint = Hint { by: by.device, ..revoke(tx, device, Some(by.device), now).await? };
    Ok((ShutOutDone { is_news: true, n_invites }, Some(hint)))
}

/// Revokes a device that leaves by itself. Revoking it locks the campaign's row: of two that leave at once, the second sees the first gone.
pub(super) async fn leave(tx: &Tx<'_>, leaving: Leaving) -> Result<Hint, StoreError> {
    let hint = revoke(tx, leaving.device, Some(leaving.device), leaving.now).await?;
    let device = leaving.device.to_bytes();
    let sql = include_str!("sql/other_coordinators.sql");
    let is_last = first(tx, sql, &[&device.as_slice(), &leaving.now.0]).await?.is_none();
    if leaving.counts_on_others && is_last { Err(last_coordinator()) } else { Ok(hint) }
}
