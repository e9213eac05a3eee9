//! Invites: kept by the hash of their secret, looked at before use, listed while they are open, withdrawn.

use super::rows;
use crate::secret::SecretHash;
use crate::store::known::{self, KeptInvite};
use crate::store::{NewInvite, StoreError, Withdrawal};
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId};
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteLook, MAX_OPEN_INVITES, OpenInvite, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use rusqlite::{Connection, OptionalExtension, named_params};

/// Finds an invite by its secret.
pub(super) fn by_secret(conn: &Connection, secret: SecretHash) -> Result<KeptInvite, StoreError> {
    let row = conn
        .prepare_cached(include_str!("../sql/invite_by_secret.sql"))?
        .query_row(named_params! { ":secret": secret.0 }, |row| {
            let role: String = row.get(2)?;
            let invite = KeptInvite {
                key: row.get(0)?,
                campaign_key: row.get(1)?,
                role: Role::Canvasser,
                label: row.get(3)?,
                campaign_name: row.get(6)?,
                uses: row.get(4)?,
                n_used: row.get(7)?,
                expires_at: At(row.get(5)?),
            };
            Ok((invite, role))
        })
        .optional()?;
    let invite = row.map(|(invite, role)| Ok::<_, StoreError>(KeptInvite { role: Role::parse(&role), ..invite }));
    KeptInvite::known(invite.transpose()?)
}

/// What an invite offers, while it is open.
pub(super) fn look(conn: &Connection, secret: SecretHash, now: At) -> Result<InviteLook, StoreError> {
    by_secret(conn, secret)?.look(now)
}

/// Keeps an invite; every document it hands out must be a turf of its campaign.
pub(super) fn keep(conn: &Connection, invite: &NewInvite) -> Result<(), StoreError> {
    let campaign_key = invite.campaign.map(|campaign| campaign_key(conn, campaign)).transpose()?;
    conn.prepare_cached(include_str!("../sql/keep_invite.sql"))?.execute(named_params! {
        ":id": invite.id.to_bytes(),
        ":secret": invite.secret.0,
        ":campaign": campaign_key,
        ":role": invite.role.as_str(),
        ":label": invite.label,
        ":uses": invite.uses,
        ":expires_at": invite.expires_at.0,
        ":made_at": invite.made_at.0,
        ":made_by": invite.made_by.map(DeviceId::to_bytes),
    })?;
    let key = conn.last_insert_rowid();
    for doc in &invite.docs {
        hand_out_later(conn, key, campaign_key, *doc)?;
    }
    Ok(())
}

fn hand_out_later(conn: &Connection, invite: i64, campaign: Option<i64>, doc: DocId) -> Result<(), StoreError> {
    let turf = rows::doc(conn, doc)?.filter(|row| row.kind == DocKind::Turf && Some(row.campaign_key) == campaign);
    let Some(turf) = turf else {
        return Err(StoreError::Refused("the campaign has no such turf", RefusalCode::NotFound));
    };
    conn.prepare_cached("INSERT OR IGNORE INTO invite_doc (invite, doc) VALUES (:invite, :doc)")?
        .execute(named_params! { ":invite": invite, ":doc": turf.key })?;
    Ok(())
}

/// The invites of a campaign that still let someone in, the newest first.
pub(super) fn open(conn: &Connection, campaign: CampaignId, now: At) -> Result<Vec<OpenInvite>, StoreError> {
    let mut invites = conn.prepare_cached(include_str!("../sql/open_invites.sql"))?;
    let mut docs = conn.prepare_cached(include_str!("../sql/invite_docs.sql"))?;
    let mut users = conn.prepare_cached(include_str!("../sql/invite_users.sql"))?;
    let limit = i64::try_from(MAX_OPEN_INVITES).unwrap_or(i64::MAX);
    let mut rows = invites.query(named_params! { ":campaign": campaign.to_bytes(), ":now": now.0, ":limit": limit })?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        let docs = docs.query_map(named_params! { ":invite": key }, |row| Ok(DocId::from_bytes(row.get(0)?)))?;
        let users = users.query_map(named_params! { ":invite": key }, |row| row.get(0))?;
        open.push(OpenInvite {
            id: InviteId::from_bytes(row.get(1)?),
            role: Role::parse(&row.get::<_, String>(2)?),
            docs: docs.collect::<Result<_, _>>()?,
            label: row.get(3)?,
            uses: row.get(4)?,
            used_by: users.collect::<Result<_, _>>()?,
            expires_at: At(row.get(5)?),
            made_at: known::made_at(row.get(6)?),
            made_by: row.get::<_, Option<_>>(7)?.map(DeviceId::from_bytes),
            by_name: row.get(8)?,
        });
    }
    Ok(open)
}

/// Until when a campaign can be founded by an invite that nobody has used.
pub(super) fn founding_until(conn: &Connection, now: At) -> Result<Option<At>, StoreError> {
    let until: Option<i64> = conn
        .prepare_cached(include_str!("../sql/founding_until.sql"))?
        .query_row(named_params! { ":now": now.0 }, |row| row.get(0))?;
    Ok(until.map(At))
}

/// Revokes an invite.
pub(super) fn withdraw(conn: &Connection, of: Withdrawal) -> Result<(), StoreError> {
    let found = conn
        .prepare_cached(include_str!("../sql/invite_of.sql"))?
        .query_row(named_params! { ":campaign": of.campaign.to_bytes(), ":invite": of.invite.to_bytes() }, |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    let (key, role) = found.ok_or_else(known::no_such_invite)?;
    if let Some(by) = of.by {
        known::check_withdraws(rows::enrolled(conn, by)?.role, Role::parse(&role))?;
    }
    conn.prepare_cached("UPDATE invite SET expires_at = min(expires_at, :now) WHERE key = :key")?
        .execute(named_params! { ":now": of.now.0, ":key": key })?;
    Ok(())
}

/// Ends all invites; how many of them still let someone in.
pub(super) fn end_all(conn: &Connection, now: At) -> Result<u64, StoreError> {
    let n_ended =
        conn.prepare_cached(include_str!("../sql/end_invites.sql"))?.execute(named_params! { ":now": now.0 })?;
    Ok(n_ended as u64)
}

fn campaign_key(conn: &Connection, campaign: CampaignId) -> Result<i64, StoreError> {
    conn.prepare_cached("SELECT key FROM campaign WHERE id = :campaign")?
        .query_row(named_params! { ":campaign": campaign.to_bytes() }, |row| row.get(0))
        .optional()?
        .ok_or(StoreError::Refused("no such campaign", RefusalCode::NotFound))
}
