//! Changes that wait in a hub for those they stand on: a phone had heard of those from the relay, and the hub has not.
//!
//! They are not merged before, for the hub cannot know who wrote what it lacks; they are taken in by the same rules as any push once it
//! came, from the relay or from the phone that wrote it.

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

/// Takes in those that need not wait any more; says whether there were any. What may not be taken in is kept apart.
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
    // What one brings may be what another stands on: as long as something is taken in, all are looked at again.
    let (mut has_opened, mut is_news) = (false, true);
    while std::mem::take(&mut is_news) {
        for (device, push) in &by_device {
            is_news |= open_of(engine, doc, *device, push)?;
        }
        has_opened |= is_news;
    }
    Ok(has_opened)
}

/// Takes in what came from one device; says whether anything was.
fn open_of(engine: &mut Engine, doc: DocId, device: DeviceId, push: &Push) -> Result<bool, EngineError> {
    let taken = engine.write("hub: what waited", |tx| take(tx, doc, device, push));
    match taken {
        Err(error @ (EngineError::BadReply(_) | EngineError::BrokenDocument { .. })) => {
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
    let known = known(tx, doc, BTreeSet::new(), push.len())?;
    for (change, verdict) in push.iter().zip(admit(push, known, device)) {
        let Ok(change) = change else { continue };
        match verdict {
            Verdict::New { .. } => {
                fresh.push(read_change(change.bytes.clone())?);
                hosted::taken(tx.conn(), doc, change.hash)?;
            }
            Verdict::Stored => hosted::taken(tx.conn(), doc, change.hash)?,
            Verdict::Rejected(RejectReason::MissingDeps | RejectReason::TooManyHeads) => {}
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
