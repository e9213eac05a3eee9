//! Parcels: changes that wait in a hub for their dependencies, which a phone had received from the relay and the hub has not.
//!
//! They are not merged before, because the hub cannot know who wrote what it lacks. Once that arrives, from the relay or from the phone
//! that wrote it, they are admitted by the same rules as any push.

use super::known::{known, pushed};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{hosted, hub};
use crate::sync::absorb::read_change;
use porchlight_model::admit::{NoChange, PushedChange, Verdict, admit};
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::wire::RejectReason;
use std::collections::{BTreeMap, BTreeSet};

type Push = Vec<Result<PushedChange, NoChange>>;

/// Admits the parcels whose dependencies have arrived; returns whether there were any. Changes that break a rule are quarantined.
///
/// # Errors
/// When the database fails.
pub(crate) fn open(engine: &mut Engine, doc: DocId) -> Result<bool, EngineError> {
    if !hub::has_parcels(engine.conn(), doc)? {
        return Ok(false);
    }
    let mut by_device: BTreeMap<DeviceId, Push> = BTreeMap::new();
    for (device, bytes) in hosted::parcels(engine.conn(), doc)? {
        let change = read_change(bytes.clone())?;
        by_device.entry(device).or_default().push(Ok(pushed(bytes, &change)));
    }
    // One parcel may contain the dependencies of another: repeat as long as something is admitted.
    let (mut has_opened, mut is_news) = (false, true);
    while std::mem::take(&mut is_news) {
        for (device, push) in &by_device {
            is_news |= open_of(engine, doc, *device, push)?;
        }
        has_opened |= is_news;
    }
    Ok(has_opened)
}

/// Admits the changes that came from one device; returns whether there were any.
fn open_of(engine: &mut Engine, doc: DocId, device: DeviceId, push: &Push) -> Result<bool, EngineError> {
    let taken = engine.write("hub: what waited", |tx| take(tx, doc, device, push));
    match taken {
        Err(error @ (EngineError::BadReply(_) | EngineError::BrokenDocument { .. } | EngineError::TooCostly)) => {
            tracing::warn!(%doc, %error, "what waited contradicts its document");
            engine.write("hub: what waited is refused", |tx| {
                push.iter().flatten().try_for_each(|change| hosted::refused(tx.conn(), doc, change.hash))
            })?;
            Ok(false)
        }
        other => other,
    }
}

fn take(tx: &mut Tx<'_>, doc: DocId, device: DeviceId, push: &Push) -> Result<bool, EngineError> {
    let mut fresh = Vec::new();
    let known = known(tx, doc, BTreeSet::new(), push)?;
    for (change, verdict) in push.iter().zip(admit(push, known, device)) {
        let Ok(change) = change else { continue };
        match verdict {
            Verdict::New { .. } => {
                fresh.push(read_change(change.bytes.clone())?);
                hosted::taken(tx.conn(), doc, change.hash)?;
            }
            Verdict::Stored => hosted::taken(tx.conn(), doc, change.hash)?,
            Verdict::Rejected(RejectReason::MissingDeps | RejectReason::TooManyHeads) | Verdict::Later => {}
            Verdict::Rejected(_) => hosted::refused(tx.conn(), doc, change.hash)?,
        }
    }
    let is_news = !fresh.is_empty();
    if is_news {
        tx.take_over(doc, fresh)?;
    }
    tx.tell_sync();
    Ok(is_news)
}
