//! Takes a file of results in on a captain's or coordinator's device, whole or not at all.

use super::{FORMAT, HandedDoc, HandoverFile};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::handle::Files;
use crate::store::{changes, docs};
use automerge::Change;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::handover::{MAX_HANDOVER_BYTES, TakeOver, TakenOver};
use porchlight_model::id::Sha256;
use porchlight_model::message::{ApiError, ErrorCode, FilePlace, Message};
use porchlight_model::wire::MAX_CHANGE_BYTES;
use std::collections::BTreeSet;

/// Takes a file in.
///
/// # Errors
/// When it is no such file, is of another campaign, is damaged, or stands on results that are not here; then nothing of it is kept.
pub(crate) fn take_over(engine: &mut Engine, files: &dyn Files, call: &TakeOver) -> Result<TakenOver, EngineError> {
    let identity = &engine.member()?.identity;
    if !identity.role.sees_all_turf() {
        return Err(EngineError::not_allowed());
    }
    let campaign = identity.campaign;
    let content = read(files, &call.file)?;
    if content.campaign != campaign {
        return Err(EngineError::bad_input(Message::new("handover-other-campaign")));
    }
    engine.write("take over a file of results", |tx| {
        let mut taken = TakenOver { from: content.from, n_results: 0, n_new: 0 };
        for handed in &content.docs {
            take_doc(tx, &call.file.name, handed, &mut taken)?;
        }
        Ok(taken)
    })
}

fn read(files: &dyn Files, file: &ChosenFile) -> Result<HandoverFile, EngineError> {
    if file.bytes > MAX_HANDOVER_BYTES {
        let megabytes = MAX_HANDOVER_BYTES / 1024 / 1024;
        return Err(EngineError::bad_input(Message::new("handover-too-large").with("max", megabytes)));
    }
    let unreadable = |error: std::io::Error| {
        EngineError::bad_input(Message::new("handover-unreadable").with("file", &file.name).with("detail", error))
    };
    let mut text = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        let n_read = files.read_at(&file.key, text.len() as u64, &mut part).map_err(unreadable)?;
        if n_read == 0 {
            break;
        }
        text.extend_from_slice(&part[..n_read]);
        if text.len() as u64 > MAX_HANDOVER_BYTES {
            break;
        }
    }
    let text = String::from_utf8(text).map_err(|_| not_one(file, 1, 1))?;
    let content: HandoverFile =
        serde_json::from_str(&text).map_err(|error| not_one(file, error.line() as u64, error.column() as u64))?;
    if content.porchlight_handover != FORMAT {
        return Err(EngineError::bad_input(Message::new("handover-other-version").with("file", &file.name)));
    }
    Ok(content)
}

fn not_one(file: &ChosenFile, line: u64, column: u64) -> EngineError {
    let at = FilePlace { file: file.name.clone(), line, column, header: String::new() };
    let message = Message::new("handover-not-one").with("file", &file.name);
    EngineError::Told(ApiError { at: Some(Box::new(at)), ..ApiError::new(ErrorCode::BadInput, message) })
}

fn take_doc(tx: &mut Tx<'_>, name: &str, handed: &HandedDoc, taken: &mut TakenOver) -> Result<(), EngineError> {
    let damaged = || EngineError::bad_input(Message::new("handover-damaged").with("file", name));
    if docs::get(tx.conn(), handed.doc)?.is_none() {
        return Err(EngineError::bad_input(Message::new("handover-sync-first")));
    }
    let mut incoming = Vec::new();
    for text in &handed.changes {
        let bytes = hex::decode(text).map_err(|_| damaged())?;
        if bytes.len() > MAX_CHANGE_BYTES {
            return Err(damaged());
        }
        incoming.push(Change::from_bytes(bytes).map_err(|_| damaged())?);
    }
    let mut known: BTreeSet<Sha256> = changes::hashes(tx.conn(), handed.doc)?;
    let n_before = known.len();
    for change in &incoming {
        if !change.deps().iter().all(|dep| known.contains(&Sha256(dep.0))) {
            return Err(EngineError::bad_input(Message::new("handover-sync-first")));
        }
        known.insert(Sha256(change.hash().0));
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    taken.n_results += count(incoming.len());
    taken.n_new += count(known.len() - n_before);
    tx.take_over(handed.doc, incoming).map(drop)
}
