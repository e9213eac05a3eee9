//! Enrolment: a device enrols by invite, or founds a campaign; a retry with the same token gets the same answer.

use super::invite;
use super::people;
use super::rows;
use crate::store::known::{KeptInvite, check_tells, raised};
use crate::store::{Enrolling, Hint, StoreError, Whose};
use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, Founding, LEASE_MS, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use rusqlite::{Connection, OptionalExtension, named_params};

/// A device that was enrolled before.
struct KnownDevice {
    key: i64,
    campaign_key: i64,
    member_key: i64,
    is_revoked: bool,
}

/// Enrols a device.
pub(super) fn enrol(conn: &Connection, ask: &Enrolling) -> Result<(EnrolReply, Hint), StoreError> {
    let invite = invite::by_secret(conn, ask.secret)?;
    let known = known_device(conn, ask)?;
    if let Some(device) = &known
        && is_used_by(conn, invite.key, device.key)?
    {
        return answer(conn, device.key, None, ask);
    }
    invite.check_open(ask.now)?;
    let campaign_key = match (invite.campaign_key, &ask.founding) {
        (Some(key), None) => key,
        (None, Some(_)) if known.is_some() => {
            return Err(StoreError::Refused("this device belongs to another campaign", RefusalCode::NotAllowed));
        }
        (None, Some(founding)) => found(conn, founding, ask.now)?,
        (Some(_), Some(_)) => {
            return Err(StoreError::Refused("this invite founds no campaign", RefusalCode::Malformed));
        }
        (None, None) => {
            return Err(StoreError::Refused("this invite founds a campaign: name it", RefusalCode::Malformed));
        }
    };
    // A new device holds no list that could be out of date.
    let mut since = None;
    let device_key = match known {
        Some(device) if device.campaign_key != campaign_key => {
            return Err(StoreError::Refused("this device belongs to another campaign", RefusalCode::NotAllowed));
        }
        Some(device) => {
            since = Some(rows::raise_grants(conn, campaign_key)?.start);
            enrol_anew(conn, &invite, &device, ask.now)?
        }
        None => add_device(conn, &invite, campaign_key, ask)?,
    };
    conn.prepare_cached("INSERT INTO invite_use (invite, device) VALUES (:invite, :device)")?
        .execute(named_params! { ":invite": invite.key, ":device": device_key })?;
    conn.prepare_cached(include_str!("../sql/hand_out.sql"))?
        .execute(named_params! { ":device": device_key, ":invite": invite.key })?;
    answer(conn, device_key, since, ask)
}

/// Finds the device; a known device with another token is somebody else's.
fn known_device(conn: &Connection, ask: &Enrolling) -> Result<Option<KnownDevice>, StoreError> {
    let row = conn
        .prepare_cached("SELECT key, campaign, member, is_revoked, token_hash FROM device WHERE id = :device")?
        .query_row(named_params! { ":device": ask.device.to_bytes() }, |row| {
            let (key, campaign_key) = (row.get(0)?, row.get(1)?);
            let device = KnownDevice { key, campaign_key, member_key: row.get(2)?, is_revoked: row.get(3)? };
            Ok((device, row.get::<_, [u8; 32]>(4)?))
        })
        .optional()?;
    match row {
        None => Ok(None),
        Some((_, token)) if token != ask.token.0 => {
            Err(StoreError::Refused("this device is enrolled with another token", RefusalCode::TokenUnknown))
        }
        Some((device, _)) if device.is_revoked => {
            Err(StoreError::Refused("the device was revoked", RefusalCode::Revoked))
        }
        Some((device, _)) => Ok(Some(device)),
    }
}

fn is_used_by(conn: &Connection, invite: i64, device: i64) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM invite_use WHERE invite = :invite AND device = :device")?;
    Ok(statement.exists(named_params! { ":invite": invite, ":device": device })?)
}

fn found(conn: &Connection, founding: &Founding, now: At) -> Result<i64, StoreError> {
    let is_taken = conn
        .prepare_cached("SELECT 1 FROM campaign WHERE id = :campaign UNION ALL SELECT 1 FROM doc WHERE id = :doc")?
        .exists(named_params! { ":campaign": founding.campaign.to_bytes(), ":doc": founding.doc.to_bytes() })?;
    if is_taken {
        return Err(StoreError::Refused("that campaign or document exists", RefusalCode::NotAllowed));
    }
    conn.prepare_cached("INSERT INTO campaign (id, name, made_at) VALUES (:id, :name, :now)")?
        .execute(named_params! { ":id": founding.campaign.to_bytes(), ":name": founding.name, ":now": now.0 })?;
    let campaign_key = conn.last_insert_rowid();
    add_doc(conn, founding.doc, campaign_key, DocKind::Campaign, now)?;
    Ok(campaign_key)
}

/// Makes a document's row.
pub(super) fn add_doc(conn: &Connection, doc: DocId, campaign: i64, kind: DocKind, now: At) -> Result<i64, StoreError> {
    conn.prepare_cached("INSERT INTO doc (id, campaign, kind, made_at) VALUES (:id, :campaign, :kind, :now)")?
        .execute(named_params! {
            ":id": doc.to_bytes(), ":campaign": campaign, ":kind": kind.as_str(), ":now": now.0
        })?;
    Ok(conn.last_insert_rowid())
}

/// Takes in a device that is not known; its member is a new person, never one who is there already.
fn add_device(conn: &Connection, invite: &KeptInvite, campaign: i64, ask: &Enrolling) -> Result<i64, StoreError> {
    let is_token_taken = conn
        .prepare_cached("SELECT 1 FROM device WHERE token_hash = :token")?
        .exists(named_params! { ":token": ask.token.0 })?;
    if is_token_taken {
        return Err(StoreError::Refused("that token is in use", RefusalCode::NotAllowed));
    }
    let is_member_taken = conn
        .prepare_cached("SELECT 1 FROM member WHERE id = :member")?
        .exists(named_params! { ":member": ask.member.to_bytes() })?;
    let member = if is_member_taken { ask.other_member } else { ask.member };
    conn.prepare_cached("INSERT INTO member (id, campaign, name, role) VALUES (:id, :campaign, :name, :role)")?
        .execute(named_params! {
            ":id": member.to_bytes(), ":campaign": campaign, ":name": ask.name, ":role": invite.role.as_str()
        })?;
    conn.prepare_cached(include_str!("../sql/add_device.sql"))?.execute(named_params! {
        ":id": ask.device.to_bytes(),
        ":campaign": campaign,
        ":member": conn.last_insert_rowid(),
        ":token": ask.token.0,
        ":lease_until": ask.now.plus_ms(LEASE_MS).0,
    })?;
    Ok(conn.last_insert_rowid())
}

/// Renews a known device by another invite: its lease starts again, its role can only rise.
fn enrol_anew(conn: &Connection, invite: &KeptInvite, device: &KnownDevice, now: At) -> Result<i64, StoreError> {
    conn.prepare_cached("UPDATE device SET lease_until = :until WHERE key = :device")?
        .execute(named_params! { ":until": now.plus_ms(LEASE_MS).0, ":device": device.key })?;
    let role: String = conn
        .prepare_cached("SELECT role FROM member WHERE key = :member")?
        .query_row(named_params! { ":member": device.member_key }, |row| row.get(0))?;
    let role = raised(Role::parse(&role), invite.role)?;
    conn.prepare_cached("UPDATE member SET role = :role WHERE key = :member")?
        .execute(named_params! { ":role": role.as_str(), ":member": device.member_key })?;
    Ok(device.key)
}

/// The answer to a device, and the hint that its grants changed since a number; `None` where they did not.
fn answer(
    conn: &Connection,
    device: i64,
    since: Option<u64>,
    ask: &Enrolling,
) -> Result<(EnrolReply, Hint), StoreError> {
    let (reply, role, hint) = conn.prepare_cached(include_str!("../sql/enrol_answer.sql"))?.query_row(
        named_params! { ":device": device },
        |row| {
            let campaign = CampaignId::from_bytes(row.get(0)?);
            let reply = EnrolReply {
                campaign,
                campaign_doc: DocId::from_bytes(row.get(1)?),
                campaign_name: row.get(2)?,
                member: MemberId::from_bytes(row.get(3)?),
                role: porchlight_model::member::Role::Canvasser,
                lease_until: At(row.get(5)?),
                now: ask.now,
                docs: Vec::new(),
                relays: Vec::new(),
            };
            let grants = row.get::<_, i64>(6)?.cast_unsigned();
            let (since, by) = (since.unwrap_or(grants), DeviceId::from_bytes(row.get(7)?));
            let hint = Hint { campaign, grants, since, by, doc: None, whose: Whose::Device(by) };
            Ok((reply, row.get::<_, String>(4)?, hint))
        },
    )?;
    let (role, docs) = (Role::parse(&role), people::held_docs(conn, device)?);
    // Refused, nothing was done: the invite is not used.
    check_tells(role, ask.version)?;
    Ok((EnrolReply { role, docs, ..reply }, hint))
}
