//! Enrolment: a device enrols by invite, or founds a campaign; a retry with the same token gets the same answer.

use super::database::{Params, Tx, all, first, one, run};
use super::invite;
use super::rows;
use crate::store::known::{KeptInvite, check_tells, raised};
use crate::store::{Enrolling, Hint, StoreError, Whose};
use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, Founding, LEASE_MS, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;

/// A device that was enrolled before.
struct KnownDevice {
    key: i64,
    campaign_key: i64,
    member_key: i64,
}

/// Enrols a device.
pub(super) async fn enrol(tx: &Tx<'_>, ask: &Enrolling) -> Result<(EnrolReply, Hint), StoreError> {
    invite::lock(tx, ask.secret).await?;
    let invite = invite::by_secret(tx, ask.secret).await?;
    let known = known_device(tx, ask).await?;
    if let Some(device) = &known
        && is_used_by(tx, invite.key, device.key).await?
    {
        return answer(tx, device.key, None, ask).await;
    }
    invite.check_open(ask.now)?;
    let campaign_key = match (invite.campaign_key, &ask.founding) {
        (Some(key), None) => key,
        (None, Some(_)) if known.is_some() => {
            return Err(StoreError::Refused("this device belongs to another campaign", RefusalCode::NotAllowed));
        }
        (None, Some(founding)) => found(tx, founding, ask.now).await?,
        (Some(_), Some(_)) => {
            return Err(StoreError::Refused("this invite founds no campaign", RefusalCode::Malformed));
        }
        (None, None) => {
            return Err(StoreError::Refused("this invite founds a campaign: name it", RefusalCode::Malformed));
        }
    };
    let is_known = known.is_some();
    let device_key = match known {
        Some(device) if device.campaign_key != campaign_key => {
            return Err(StoreError::Refused("this device belongs to another campaign", RefusalCode::NotAllowed));
        }
        Some(device) => enrol_anew(tx, &invite, &device, ask.now).await?,
        None => add_device(tx, &invite, campaign_key, ask).await?,
    };
    run(tx, "INSERT INTO invite_use (invite, device) VALUES ($1, $2)", &[&invite.key, &device_key]).await?;
    all(tx, include_str!("sql/hold_invite_docs.sql"), &[&invite.key]).await?;
    run(tx, include_str!("sql/hand_out.sql"), &[&device_key, &invite.key]).await?;
    let since = match is_known {
        // Last, as everywhere: the campaign's row.
        true => Some(rows::raise_grants(tx, campaign_key).await?.start),
        // A new device holds no list that could be out of date.
        false => None,
    };
    answer(tx, device_key, since, ask).await
}

/// Finds the device; a known device with another token is somebody else's.
async fn known_device(tx: &Tx<'_>, ask: &Enrolling) -> Result<Option<KnownDevice>, StoreError> {
    let sql = "SELECT key, campaign, member, is_revoked, token_hash FROM device WHERE id = $1 FOR NO KEY UPDATE";
    let Some(row) = first(tx, sql, &[&ask.device.to_bytes().as_slice()]).await? else { return Ok(None) };
    if row.try_get::<_, &[u8]>(4)? != ask.token.0 {
        return Err(StoreError::Refused("this device is enrolled with another token", RefusalCode::TokenUnknown));
    }
    if row.try_get(3)? {
        return Err(StoreError::Refused("the device was revoked", RefusalCode::Revoked));
    }
    Ok(Some(KnownDevice { key: row.try_get(0)?, campaign_key: row.try_get(1)?, member_key: row.try_get(2)? }))
}

async fn is_used_by(tx: &Tx<'_>, invite: i64, device: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM invite_use WHERE invite = $1 AND device = $2";
    Ok(first(tx, sql, &[&invite, &device]).await?.is_some())
}

async fn found(tx: &Tx<'_>, founding: &Founding, now: At) -> Result<i64, StoreError> {
    let (campaign, doc) = (founding.campaign.to_bytes(), founding.doc.to_bytes());
    let sql = "SELECT EXISTS (SELECT FROM campaign WHERE id = $1) OR EXISTS (SELECT FROM doc WHERE id = $2)";
    if one(tx, sql, &[&campaign.as_slice(), &doc.as_slice()]).await?.try_get(0)? {
        return Err(StoreError::Refused("that campaign or document exists", RefusalCode::NotAllowed));
    }
    let sql = "INSERT INTO campaign (id, name, made_at) VALUES ($1, $2, $3) RETURNING key";
    let key: i64 = one(tx, sql, &[&campaign.as_slice(), &founding.name, &now.0]).await?.try_get(0)?;
    let sql = "INSERT INTO doc (id, campaign, kind, made_at) VALUES ($1, $2, $3, $4)";
    run(tx, sql, &[&doc.as_slice(), &key, &DocKind::Campaign.as_str(), &now.0]).await?;
    Ok(key)
}

/// Takes in a device that is not known; its member is a new person, never one who is there already.
async fn add_device(tx: &Tx<'_>, invite: &KeptInvite, campaign: i64, ask: &Enrolling) -> Result<i64, StoreError> {
    let token = ask.token.0.as_slice();
    if first(tx, "SELECT 1 FROM device WHERE token_hash = $1", &[&token]).await?.is_some() {
        return Err(StoreError::Refused("that token is in use", RefusalCode::NotAllowed));
    }
    let is_member_taken =
        first(tx, "SELECT 1 FROM member WHERE id = $1", &[&ask.member.to_bytes().as_slice()]).await?.is_some();
    let member = if is_member_taken { ask.other_member } else { ask.member };
    let sql = "INSERT INTO member (id, campaign, name, role) VALUES ($1, $2, $3, $4) RETURNING key";
    let (member, role) = (member.to_bytes(), invite.role.as_str());
    let member_id = member.as_slice();
    let params: Params<'_> = &[&member_id, &campaign, &ask.name, &role];
    let member: i64 = one(tx, sql, params).await?.try_get(0)?;
    let device = ask.device.to_bytes();
    let lease_until = ask.now.plus_ms(LEASE_MS).0;
    let sql = include_str!("sql/add_device.sql");
    let row = one(tx, sql, &[&device.as_slice(), &campaign, &member, &token, &lease_until]).await?;
    Ok(row.try_get(0)?)
}

/// Renews a known device by another invite: its lease starts again, its role can only rise.
async fn enrol_anew(tx: &Tx<'_>, invite: &KeptInvite, device: &KnownDevice, now: At) -> Result<i64, StoreError> {
    let until = now.plus_ms(LEASE_MS).0;
    run(tx, "UPDATE device SET lease_until = $1 WHERE key = $2", &[&until, &device.key]).await?;
    let sql = "SELECT role FROM member WHERE key = $1 FOR NO KEY UPDATE";
    let row = one(tx, sql, &[&device.member_key]).await?;
    let role = raised(Role::parse(row.try_get(0)?), invite.role)?;
    run(tx, "UPDATE member SET role = $1 WHERE key = $2", &[&role.as_str(), &device.member_key]).await?;
    Ok(device.key)
}

/// The answer to a device, and the hint that its grants changed since a number; `None` where they did not.
async fn answer(
    tx: &Tx<'_>,
    device: i64,
    since: Option<u64>,
    ask: &Enrolling,
) -> Result<(EnrolReply, Hint), StoreError> {
    let row = one(tx, include_str!("sql/enrol_answer.sql"), &[&device]).await?;
    let campaign = CampaignId::from_bytes(rows::bytes(&row, 0)?);
    let reply = EnrolReply {
        campaign,
        campaign_doc: DocId::from_bytes(rows::bytes(&row, 1)?),
        campaign_name: row.try_get(2)?,
        member: MemberId::from_bytes(rows::bytes(&row, 3)?),
        role: Role::parse(row.try_get(4)?),
        lease_until: At(row.try_get(5)?),
        now: ask.now,
        docs: rows::docs(&row, 8)?,
        relays: Vec::new(),
    };
    // Refused, nothing was done: the invite is not used.
    check_tells(reply.role, ask.version)?;
    let by = DeviceId::from_bytes(rows::bytes(&row, 7)?);
    let grants = rows::count(&row, 6)?;
    let since = since.unwrap_or(grants);
    Ok((reply, Hint { campaign, grants, since, by, doc: None, whose: Whose::Device(by) }))
}
