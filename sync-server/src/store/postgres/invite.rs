//! Invites: kept by the hash of their secret, looked at before use.

use super::database::{Params, Tx, first, one, run};
use super::rows;
use crate::secret::SecretHash;
use crate::store::known::KeptInvite;
use crate::store::{NewInvite, StoreError};
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::relay::{InviteLook, RefusalCode};
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
        role: rows::role(row.try_get(2)?)?,
        label: row.try_get(3)?,
        uses: row.try_get(4)?,
        expires_at: At(row.try_get(5)?),
        campaign_name: row.try_get(6)?,
        n_used: row.try_get(7)?,
    })
}

/// Locks an invite: of those who use it at once, each sees the uses of those before it.
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
    let kept: Params<'_> = &[&id, &secret, &campaign_key, &role, &invite.label, &uses, &invite.expires_at.0];
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

async fn campaign_key(tx: &Tx<'_>, campaign: CampaignId) -> Result<i64, StoreError> {
    let row = first(tx, "SELECT key FROM campaign WHERE id = $1", &[&campaign.to_bytes().as_slice()]).await?;
    let row = row.ok_or(StoreError::Refused("no such campaign", RefusalCode::NotFound))?;
    Ok(row.try_get(0)?)
}
