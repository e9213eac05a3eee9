//! Invites: kept by the hash of their secret, looked at before use.

use super::rows;
use crate::secret::SecretHash;
use crate::store::known::KeptInvite;
use crate::store::{NewInvite, StoreError};
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteLook, RefusalCode};
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
    let invite = row.map(|(invite, role)| Ok::<_, StoreError>(KeptInvite { role: rows::role(&role)?, ..invite }));
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

fn campaign_key(conn: &Connection, campaign: CampaignId) -> Result<i64, StoreError> {
    conn.prepare_cached("SELECT key FROM campaign WHERE id = :campaign")?
        .query_row(named_params! { ":campaign": campaign.to_bytes() }, |row| row.get(0))
        .optional()?
        .ok_or(StoreError::Refused("no such campaign", RefusalCode::NotFound))
}
