//! Invites: kept by the hash of their secret, looked at before use, listed while they are open, withdrawn.

use super::database::{Params, Tx, all, first, one, run};
use super::rows;
use crate::secret::SecretHash;
use crate::store::known::{self, KeptInvite};
use crate::store::{NewInvite, StoreError, Withdrawal};
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId};
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteLook, MAX_OPEN_INVITES, OpenInvite, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use tokio_postgres::Row;

/// Finds an invite by its secret.
pub(super) async fn by_secret(tx: &Tx<'_>, secret: SecretHash) -> Result<KeptInvite, StoreError> {
    let row = first(tx, include_str!("sql/invite_by_secret.sql"), &[&secret.0.as_slice()]).await?;
    KeptInvite::known(row.as_ref().map(read).transpose()?)
}

fn read(row: &Row) -> Result<KeptInvite, StoreError> {
    Ok(KeptInvite {
        key: row.try_get(0)?,
        campaign_key: row.try_get(1)?,
        role: Role::parse(row.try_get(2)?),
        label: row.try_get(3)?,
        uses: row.try_get(4)?,
        expires_at: At(row.try_get(5)?),
        campaign_name: row.try_get(6)?,
        n_used: row.try_get(7)?,
    })
}

/// Locks an invite: each of several concurrent uses sees the uses before it.
pub(super) async fn lock(tx: &Tx<'_>, secret: SecretHash) -> Result<(), StoreError> {
    let sql = "SELECT key FROM invite WHERE secret_hash = $1 FOR NO KEY UPDATE";
    first(tx, sql, &[&secret.0.as_slice()]).await?;
    Ok(())
}

/// What an invite offers, while it is open.
pub(super) async fn look(tx: &Tx<'_>, secret: SecretHash, now: At) -> Result<InviteLook, StoreError> {
    by_secret(tx, secret).await?.look(now)
}

/// Keeps an invite; every document it hands out must be a turf of its campaign.
pub(super) async fn keep(tx: &Tx<'_>, invite: &NewInvite) -> Result<(), StoreError> {
    let campaign_key = match invite.campaign {
        Some(campaign) => Some(campaign_key(tx, campaign).await?),
        None => None,
    };
    let (id, secret, role) = (invite.id.to_bytes(), invite.secret.0, invite.role.as_str());
    let (id, secret, uses) = (id.as_slice(), secret.as_slice(), i64::from(invite.uses));
    let (expires_at, made_at) = (invite.expires_at.0, invite.made_at.0);
    let made_by = invite.made_by.map(DeviceId::to_bytes);
    let made_by = made_by.as_ref().map(<[u8; 16]>::as_slice);
    let kept: Params<'_> = &[&id, &secret, &campaign_key, &role, &invite.label, &uses, &expires_at, &made_at, &made_by];
    let key = one(tx, include_str!("sql/keep_invite.sql"), kept).await?.try_get(0)?;
    for doc in &invite.docs {
        hand_out_later(tx, key, campaign_key, *doc).await?;
    }
    Ok(())
}

async fn hand_out_later(tx: &Tx<'_>, invite: i64, campaign: Option<i64>, doc: DocId) -> Result<(), StoreError> {
    let turf = rows::doc(tx, doc).await?.filter(|row| row.kind == DocKind::Turf && Some(row.campaign_key) == campaign);
    let Some(turf) = turf else {
        return Err(StoreError::Refused("the campaign has no such turf", RefusalCode::NotFound));
    };
    let sql = "INSERT INTO invite_doc (invite, doc) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    run(tx, sql, &[&invite, &turf.key]).await?;
    Ok(())
}

/// The invites of a campaign that still let someone in, the newest first.
pub(super) async fn open(tx: &Tx<'_>, campaign: CampaignId, now: At) -> Result<Vec<OpenInvite>, StoreError> {
    let limit = i64::try_from(MAX_OPEN_INVITES).unwrap_or(i64::MAX);
    let rows =
        all(tx, include_str!("sql/open_invites.sql"), &[&campaign.to_bytes().as_slice(), &now.0, &limit]).await?;
    rows.iter().map(open_one).collect()
}

fn open_one(row: &Row) -> Result<OpenInvite, StoreError> {
    let made_by = row.try_get::<_, Option<&[u8]>>(6)?;
    Ok(OpenInvite {
        id: InviteId::from_bytes(rows::bytes(row, 0)?),
        role: Role::parse(row.try_get(1)?),
        label: row.try_get(2)?,
        uses: u32::try_from(row.try_get::<_, i64>(3)?).unwrap_or(u32::MAX),
        expires_at: At(row.try_get(4)?),
        made_at: known::made_at(row.try_get(5)?),
        made_by: made_by.map(|_| rows::bytes(row, 6).map(DeviceId::from_bytes)).transpose()?,
        by_name: row.try_get(7)?,
        docs: rows::docs(row, 8)?,
        used_by: row.try_get(9)?,
    })
}

/// Until when a campaign can be founded by an invite that nobody has used.
pub(super) async fn founding_until(tx: &Tx<'_>, now: At) -> Result<Option<At>, StoreError> {
    let row = one(tx, include_str!("sql/founding_until.sql"), &[&now.0]).await?;
    Ok(row.try_get::<_, Option<i64>>(0)?.map(At))
}

/// Revokes an invite.
pub(super) async fn withdraw(tx: &Tx<'_>, of: Withdrawal) -> Result<(), StoreError> {
    let (campaign, invite) = (of.campaign.to_bytes(), of.invite.to_bytes());
    let found = first(tx, include_str!("sql/invite_of.sql"), &[&campaign.as_slice(), &invite.as_slice()]).await?;
    let row = found.ok_or_else(known::no_such_invite)?;
    if let Some(by) = of.by {
        known::check_withdraws(rows::enrolled(tx, by).await?.role, Role::parse(row.try_get(1)?))?;
    }
    let key: i64 = row.try_get(0)?;
    run(tx, "UPDATE invite SET expires_at = least(expires_at, $1) WHERE key = $2", &[&of.now.0, &key]).await?;
    Ok(())
}

/// Ends all invites; how many of them still let someone in.
pub(super) async fn end_all(tx: &Tx<'_>, now: At) -> Result<u64, StoreError> {
    run(tx, include_str!("sql/end_invites.sql"), &[&now.0]).await
}

async fn campaign_key(tx: &Tx<'_>, campaign: CampaignId) -> Result<i64, StoreError> {
    let row = first(tx, "SELECT key FROM campaign WHERE id = $1", &[&campaign.to_bytes().as_slice()]).await?;
    let row = row.ok_or(StoreError::Refused("no such campaign", RefusalCode::NotFound))?;
    Ok(row.try_get(0)?)
}
