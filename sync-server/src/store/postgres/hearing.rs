//! The documents that devices may read, for the listeners of hints.

use super::database::{Tx, all, first};
use super::rows;
use crate::store::{Hearing, StoreError};
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use porchlight_model::member::Role;
use tokio_postgres::Row;

/// Reads the access of one device of a campaign, or of every one.
pub(super) async fn hearing(tx: &Tx<'_>, of: CampaignId, device: Option<DeviceId>) -> Result<Hearing, StoreError> {
    let campaign = of.to_bytes();
    let number = first(tx, "SELECT grants FROM campaign WHERE id = $1", &[&campaign.as_slice()]).await?;
    let grants = number.as_ref().map(|row| rows::count(row, 0)).transpose()?.unwrap_or_default();
    let found = match device.map(DeviceId::to_bytes) {
        Some(device) => {
            let sql = concat!(include_str!("sql/hearing.sql"), " AND device.id = $2");
            all(tx, sql, &[&campaign.as_slice(), &device.as_slice()]).await?
        }
        None => all(tx, include_str!("sql/hearing.sql"), &[&campaign.as_slice()]).await?,
    };
    let mut hearing = Hearing { grants, ..Hearing::default() };
    for row in &found {
        let device = DeviceId::from_bytes(rows::bytes(row, 0)?);
        let sees_all = Role::parse(row.try_get(1)?).sees_all_turf();
        for doc in [doc(row, 2)?, doc(row, 3)?] {
            hearing.add(device, sees_all, doc);
        }
    }
    Ok(hearing)
}

fn doc(row: &Row, at: usize) -> Result<Option<DocId>, StoreError> {
    let is_there = row.try_get::<_, Option<&[u8]>>(at)?.is_some();
    is_there.then(|| rows::doc_id(row, at)).transpose()
}
