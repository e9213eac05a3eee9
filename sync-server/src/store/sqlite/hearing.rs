//! The documents that devices may read, for the listeners of hints.

use crate::store::{Hearing, StoreError};
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use porchlight_model::member::Role;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, named_params, params_from_iter};

/// Reads the access of one device of a campaign, or of every one.
pub(super) fn hearing(conn: &Connection, of: CampaignId, device: Option<DeviceId>) -> Result<Hearing, StoreError> {
    let grants: Option<i64> = conn
        .prepare_cached("SELECT grants FROM campaign WHERE id = :campaign")?
        .query_row(named_params! { ":campaign": of.to_bytes() }, |row| row.get(0))
        .optional()?;
    let mut hearing = Hearing { grants: grants.unwrap_or_default().cast_unsigned(), ..Hearing::default() };
    let mut statement = conn.prepare_cached(match device {
        Some(_) => concat!(include_str!("../sql/hearing.sql"), " AND device.id = :device"),
        None => include_str!("../sql/hearing.sql"),
    })?;
    let ids = [Some(of.to_bytes()), device.map(DeviceId::to_bytes)];
    let mut rows = statement.query(params_from_iter(ids.into_iter().flatten().map(|id| Value::Blob(id.to_vec()))))?;
    while let Some(row) = rows.next()? {
        let device = DeviceId::from_bytes(row.get(0)?);
        let sees_all = Role::parse(&row.get::<_, String>(1)?).sees_all_turf();
        for doc in [row.get::<_, Option<_>>(2)?, row.get::<_, Option<_>>(3)?] {
            hearing.add(device, sees_all, doc.map(DocId::from_bytes));
        }
    }
    Ok(hearing)
}
