//! Finds the documents of a group of pushes, and the access of each device to them.

use super::super::database::{Tx, all};
use super::super::rows::{self, Enrolled};
use super::{Pair, asked};
use crate::grants;
use crate::store::{Push, StoreError};
use porchlight_model::id::DocId;
use porchlight_model::wire::{Access, DocKind};
use std::collections::BTreeMap;

/// A document that exists, with the access of one device.
pub(super) struct Granted {
    pub(super) key: i64,
    pub(super) kind: DocKind,
    /// `None` also where the document belongs to another campaign.
    pub(super) access: Option<Access>,
}

/// The documents that exist, for each device that asked.
pub(super) type Found = BTreeMap<Pair, Granted>;

/// Finds the documents.
pub(super) async fn find(tx: &Tx<'_>, pushes: &[(&Push, &Enrolled)]) -> Result<Found, StoreError> {
    let pairs: BTreeMap<(i64, DocId), &Enrolled> =
        asked(pushes).map(|(_, device, doc)| ((device.key, doc.doc), device)).collect();
    let keys: Vec<_> = pairs.keys().map(|(device, _)| *device).collect();
    let ids: Vec<_> = pairs.keys().map(|(_, doc)| doc.to_bytes().to_vec()).collect();
    let mut found = Found::new();
    if pairs.is_empty() {
        return Ok(found);
    }
    for row in &all(tx, include_str!("../sql/find.sql"), &[&keys, &ids]).await? {
        let doc = rows::doc_id(row, 2)?;
        let Some(device) = pairs.get(&(row.try_get(0)?, doc)) else { continue };
        let kind = DocKind::parse(row.try_get(4)?);
        let is_own = row.try_get::<_, i64>(3)? == device.campaign_key;
        let handed_out = row.try_get::<_, Option<&str>>(5)?.map(Access::parse);
        let access = if is_own { grants::access(device.role, kind, handed_out) } else { None };
        found.insert((device.device, doc), Granted { key: row.try_get(1)?, kind, access });
    }
    Ok(found)
}
