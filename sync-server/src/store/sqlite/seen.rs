//! Receipts of coordinators, and the times of the roster: what was seen, and who made contact.

use super::rows;
use crate::store::{Caller, StoreError};
use porchlight_model::grant::Act;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::time::At;
use rusqlite::{Connection, named_params};

/// Records up to which number a coordinator's device has stored documents; those that rose draw one number of the campaign's feed.
pub(super) fn seen(conn: &Connection, by: Caller, docs: &[(DocId, u64)]) -> Result<(), StoreError> {
    let device = rows::enrolled(conn, by.device)?;
    if !device.role.may(Act::KeepRecord) {
        return Ok(());
    }
    let mut feed = None;
    let mut raise = conn.prepare_cached("UPDATE doc SET seen = :n, feed = :feed WHERE key = :doc")?;
    for (doc, n) in docs {
        let Some(doc) = rows::doc(conn, *doc)?.filter(|doc| doc.campaign_key == device.campaign_key) else { continue };
        let n = i64::try_from(*n).unwrap_or(i64::MAX);
        // A number beyond the end of the log belongs to another log.
        if n <= doc.seen || n > doc.last {
            continue;
        }
        let number = match feed {
            Some(number) => number,
            None => rows::next_feed(conn, device.campaign_key)?,
        };
        feed = Some(number);
        raise.execute(named_params! { ":n": n, ":feed": number, ":doc": doc.key })?;
    }
    Ok(())
}

/// Records when devices last made contact.
pub(super) fn heard(conn: &Connection, devices: &[(DeviceId, At)]) -> Result<(), StoreError> {
    let mut note =
        conn.prepare_cached("UPDATE device SET last_heard = :at WHERE id = :device AND coalesce(last_heard, 0) < :at")?;
    for (device, at) in devices {
        note.execute(named_params! { ":at": at.0, ":device": device.to_bytes() })?;
    }
    Ok(())
}
