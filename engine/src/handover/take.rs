//! Applies a file of results on a captain's or coordinator's device, whole or not at all.

use super::{FORMAT, HandoverFile};
use crate::doc::{kind, weigh::Meter};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::handle::Files;
use crate::hub::known::{known, not_carried_by, pushed};
use crate::import::place;
use crate::store::{changes, docs, waves};
use automerge::Change;
use porchlight_model::admit::PushedChange;
use porchlight_model::budget::Budget;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::handover::{MAX_HANDOVER_BYTES, TakeOver, TakenOver};
use porchlight_model::chunk::touches_root;
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use std::collections::{BTreeMap, BTreeSet};

/// A parsed file of results.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The campaign.
    pub campaign: CampaignId,
    /// The name of the person whose device wrote it.
    pub from: String,
    /// Changes by document, dependencies before dependants.
    pub docs: Vec<(DocId, Vec<Change>)>,
}

/// Applies a file.
///
/// # Errors
/// When it is not such a file, is damaged or of another campaign, contains only changes of the campaign document, depends on results that are not
/// here, or belongs wholly to waves that have ended; then nothing of it is kept.
pub(crate) fn take_over(engine: &mut Engine, files: &dyn Files, call: &TakeOver) -> Result<TakenOver, EngineError> {
    let campaign = engine.member()?.identity.campaign;
    let handed = parse(&call.file, read(files, &call.file)?)?;
    if handed.campaign != campaign {
        return Err(EngineError::bad_input(Message::new("handover-other-campaign")));
    }
    engine.write("take over a file of results", |tx| {
        let mut taken = TakenOver { from: handed.from, n_results: 0, n_new: 0, n_ended: 0 };
        let mut has_more = false;
        for (doc, incoming) in handed.docs {
            // The campaign document comes from its relay alone, because the author of a change in a file cannot be verified.
            if docs::get(tx.conn(), doc)?.is_some_and(|row| kind::of(row.kind).is_of_relay_alone) {
                has_more = true;
                continue;
            }
            if waves::has_ended(tx.conn(), doc)? {
                taken.n_ended += u32::try_from(incoming.len()).unwrap_or(u32::MAX);
            } else {
                take_doc(tx, &call.file.name, doc, incoming, &mut taken)?;
            }
        }
        if taken.n_results == 0 && taken.n_ended == 0 && has_more {
            return Err(EngineError::bad_input(Message::new("handover-campaign")));
        }
        if taken.n_results == 0 && taken.n_ended > 0 {
            return Err(EngineError::bad_input(Message::new("handover-wave-ended")));
        }
        Ok(taken)
    })
}

fn read(files: &dyn Files, file: &ChosenFile) -> Result<Vec<u8>, EngineError> {
    let unreadable = |error: std::io::Error| {
        EngineError::bad_input(Message::new("handover-unreadable").with("file", &file.name).with("detail", error))
    };
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    // A shell may report a wrong file size: the bytes that were read count.
    while file.bytes.max(bytes.len() as u64) <= MAX_HANDOVER_BYTES {
        let n_read = files.read_at(&file.key, bytes.len() as u64, &mut part).map_err(unreadable)?;
        if n_read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&part[..n_read]);
    }
    let megabytes = MAX_HANDOVER_BYTES / 1024 / 1024;
    Err(EngineError::bad_input(Message::new("handover-too-large").with("max", megabytes)))
}

/// Parses a file.
///
/// # Errors
/// When it is not such a file, is of another version, or contains anything but uncompressed changes within the size limit.
pub fn parse(file: &ChosenFile, bytes: Vec<u8>) -> Result<Handed, EngineError> {
    let not_one = |line, column| {
        let message = Message::new("handover-not-one").with("file", &file.name);
        let at = Some(Box::new(place(file, line, column, "")));
        EngineError::Told(ApiError { at, ..ApiError::new(ErrorCode::BadInput, message) })
    };
    let text = String::from_utf8(bytes).map_err(|_| not_one(1, 1))?;
    let content: HandoverFile =
        serde_json::from_str(&text).map_err(|error| not_one(error.line() as u64, error.column() as u64))?;
    if content.porchlight_handover != FORMAT {
        return Err(EngineError::bad_input(Message::new("handover-other-version").with("file", &file.name)));
    }
    let damaged = || EngineError::bad_input(Message::new("handover-damaged").with("file", &file.name));
    // One for the whole file: it holds no more than one document may.
    let mut meter = Meter::of(&Budget::UNKNOWN);
    let mut change = |text: &String| match meter.read(hex::decode(text).map_err(|_| damaged())?) {
        Err(EngineError::TooCostly) => Err(EngineError::TooCostly),
        read => read.map_err(|_| damaged()),
    };
    let docs = content.docs.iter().map(|handed| {
        let changes = handed.changes.iter().map(&mut change).collect::<Result<_, _>>()?;
        Ok::<_, EngineError>((handed.doc, changes))
    });
    Ok(Handed { campaign: content.campaign, docs: docs.collect::<Result<_, _>>()?, from: content.from })
}

fn take_doc(
    tx: &mut Tx<'_>,
    file: &str,
    doc: DocId,
    incoming: Vec<Change>,
    taken: &mut TakenOver,
) -> Result<(), EngineError> {
    let sync_first = || EngineError::bad_input(Message::new("handover-sync-first"));
    if docs::get(tx.conn(), doc)?.is_none() {
        return Err(sync_first());
    }
    check_carries(tx, doc, &incoming)?;
    let mut known: BTreeSet<Sha256> = changes::hashes(tx.conn(), doc)?;
    let n_before = known.len();
    for change in &incoming {
        let is_new = !known.contains(&Sha256(change.hash().0));
        if is_new && touches_root(change.raw_bytes()) {
            // No program of ours writes such a change, and no relay accepts it.
            return Err(EngineError::bad_input(Message::new("handover-damaged").with("file", file)));
        }
        if !change.deps().iter().all(|dep| known.contains(&Sha256(dep.0))) {
            return Err(sync_first());
        }
        known.insert(Sha256(change.hash().0));
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    taken.n_results += count(incoming.len());
    taken.n_new += count(known.len() - n_before);
    tx.take_over(doc, incoming).map(drop)
}

/// Refuses what this device's person may not bring to the relay: a captain's does not bring what a coordinator wrote.
fn check_carries(tx: &mut Tx<'_>, doc: DocId, incoming: &[Change]) -> Result<(), EngineError> {
    let own = tx.member()?.identity.role;
    let not_carried = not_carried_by(tx.conn(), own)?;
    if not_carried.is_empty() {
        return Ok(());
    }
    let push: Vec<_> = incoming.iter().map(|change| Ok(pushed(change.raw_bytes().to_vec(), change))).collect();
    let known = known(tx, doc, BTreeSet::new(), &push)?;
    let mut writers: BTreeMap<Vec<u8>, DeviceId> =
        known.chains.into_iter().map(|(actor, chain)| (actor, chain.device)).collect();
    for change in push.iter().flatten().filter(|change: &&PushedChange| !known.stored.contains(&change.hash)) {
        if let Some(author) = change.author {
            writers.entry(change.actor.clone()).or_insert(author);
        }
        if writers.get(&change.actor).is_some_and(|writer| not_carried.contains(writer)) {
            return Err(EngineError::bad_input(Message::new("handover-of-coordinator")));
        }
    }
    Ok(())
}
