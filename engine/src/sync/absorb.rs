//! What a relay's answer means for this device, written through the funnel, document by document.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{changes, docs, docs::DocRow, packs, settings};
use crate::sync::session::Rest;
use automerge::Change;
use porchlight_model::calls::Topic;
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocAsk, DocReply, DocStatus, GrantList, RejectReason, SyncAsk, SyncReply};
use std::collections::BTreeSet;

/// The mark of a document whose every change is being exchanged anew, because this device and the relay differ.
pub(crate) const RESYNC: &str = "resync";

/// Takes in an answer; says what is left to do.
///
/// # Errors
/// When the database fails. A single document that fails is put in quarantine instead.
pub(crate) fn absorb(engine: &mut Engine, ask: &SyncAsk, reply: SyncReply) -> Result<Rest, EngineError> {
    let device_now = engine.device_now();
    engine.write("sync: what the relay says of this device", |tx| absorb_device(tx, &reply, device_now))?;
    let mut is_more = false;
    for (asked, answer) in ask.docs.iter().zip(reply.docs) {
        if asked.doc != answer.doc {
            return Err(EngineError::BadReply("documents are answered out of order".to_owned()));
        }
        let doc = asked.doc;
        let epoch = reply.epoch;
        match engine.write("sync: one document", |tx| absorb_doc(tx, asked, answer, epoch)) {
            Ok(more) => is_more |= more,
            Err(error @ (EngineError::StorageFull | EngineError::StorageRefuses(_) | EngineError::Store(_))) => {
                return Err(error);
            }
            Err(error) => {
                tracing::error!(%doc, error = %error, "a document is put in quarantine");
                engine.write("sync: quarantine", |tx| quarantine(tx, doc, &error.to_string()))?;
            }
        }
    }
    let conn = engine.conn();
    let has_unasked_news = docs::all(conn)?.iter().any(|row| {
        !ask.docs.iter().any(|asked| asked.doc == row.id)
            && (row.cursor < row.relay_last || row.is_born || row.epoch == 0)
            && row.trouble.is_empty()
    });
    Ok(if is_more || has_unasked_news { Rest::More } else { Rest::Nothing })
}

fn absorb_device(tx: &mut Tx<'_>, reply: &SyncReply, device_now: At) -> Result<(), EngineError> {
    tx.set_skew_ms(reply.now.since_ms(device_now))?;
    let mut membership = tx.member()?.clone();
    if membership.identity.lease_until != reply.lease_until {
        membership.identity.lease_until = reply.lease_until;
        tx.set_membership(Some(membership))?;
    }
    settings::put(tx.conn(), "feed", &reply.feed)?;
    settings::put(tx.conn(), "last_ok", &reply.now)?;
    for (doc, last) in &reply.news {
        if let Some(mut row) = docs::get(tx.conn(), *doc)? {
            row.relay_last = row.relay_last.max(*last);
            docs::put(tx.conn(), &row)?;
        }
    }
    if let Some(grants) = &reply.grants {
        absorb_grants(tx, grants)?;
    }
    tx.tell_sync();
    Ok(())
}

fn absorb_grants(tx: &mut Tx<'_>, list: &GrantList) -> Result<(), EngineError> {
    for grant in &list.grants {
        match docs::get(tx.conn(), grant.doc)? {
            Some(row) if row.access == grant.access => {}
            Some(mut row) => {
                row.access = grant.access;
                docs::put(tx.conn(), &row)?;
                tx.touch(Topic::Turf);
            }
            // A turf that was taken back before it came here has nothing to hand in.
            None if grant.access == Access::HandIn => {}
            None => tx.add_doc(grant.doc, grant.kind, grant.access, false)?,
        }
    }
    let granted: BTreeSet<DocId> = list.grants.iter().map(|grant| grant.doc).collect();
    for row in docs::all(tx.conn())? {
        if !granted.contains(&row.id) && !row.is_born {
            let_go(tx, &row)?;
        }
    }
    settings::put(tx.conn(), "grants_seen", &list.number)
}

/// Drops a document that this device may no longer have, unless it still holds something of it.
fn let_go(tx: &mut Tx<'_>, row: &DocRow) -> Result<(), EngineError> {
    if changes::held(tx.conn(), row.id, 1)?.is_empty() {
        drop_turf(tx, row.id)
    } else {
        quarantine(tx, row.id, "no grant")
    }
}

/// Removes a turf with its voters from this device.
pub(crate) fn drop_turf(tx: &mut Tx<'_>, doc: DocId) -> Result<(), EngineError> {
    if let Some(turf) = packs::turf_of(tx.conn(), doc)? {
        crate::store::reference::purge_turf(tx.conn(), turf)?;
    }
    tx.drop_doc(doc)
}

fn absorb_doc(tx: &mut Tx<'_>, asked: &DocAsk, answer: DocReply, epoch: u64) -> Result<bool, EngineError> {
    let doc = asked.doc;
    let Some(mut row) = docs::get(tx.conn(), doc)? else { return Ok(false) };
    let now = tx.now();
    for hash in &answer.acked {
        changes::ack(tx.conn(), doc, *hash, now)?;
    }
    if !answer.acked.is_empty() {
        tx.tell_sync();
        tx.touch(Topic::Visits);
    }
    match answer.status {
        DocStatus::Served => {}
        DocStatus::HandIn => {
            if changes::held(tx.conn(), doc, 1)?.is_empty() {
                drop_turf(tx, doc)?;
            }
            return Ok(false);
        }
        DocStatus::NoGrant => {
            if !row.is_born {
                let_go(tx, &row)?;
            }
            return Ok(false);
        }
    }
    row.is_born = false;
    let is_restored = (row.epoch != 0 && row.epoch != epoch) || answer.cursor < asked.cursor;
    if is_restored {
        changes::hold_all(tx.conn(), doc)?;
    }
    row.epoch = epoch;
    row.cursor = answer.cursor;
    row.relay_last = row.relay_last.max(answer.cursor);
    if is_restored {
        row.relay_last = answer.cursor;
    }
    let incoming = answer
        .changes
        .into_iter()
        .map(|bytes| Change::from_bytes(bytes.into_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| EngineError::BadReply(error.to_string()))?;
    let heads = if incoming.is_empty() { tx.heads(doc)? } else { tx.apply(doc, incoming)? };
    let reason = answer.rejected.first().map(|rejected| rejected.why);
    let holds_more = !changes::held(tx.conn(), doc, 1)?.is_empty();
    let differs = reason.is_some() || (!answer.is_more && !holds_more && heads != answer.heads);
    if differs {
        resolve(tx, &mut row, reason)?;
    } else if !answer.is_more && !holds_more {
        row.trouble.clear();
    }
    let is_quarantined = !row.trouble.is_empty() && row.trouble != RESYNC;
    docs::put(tx.conn(), &row)?;
    Ok(!is_quarantined && (answer.is_more || differs || !changes::held(tx.conn(), doc, 1)?.is_empty()))
}

/// This device and the relay differ. First everything is exchanged anew; if they still differ after that, the document is
/// left alone, kept and reported, never papered over.
fn resolve(tx: &Tx<'_>, row: &mut DocRow, reason: Option<RejectReason>) -> Result<(), EngineError> {
    let helps_to_resend = match reason {
        None | Some(RejectReason::MissingDeps | RejectReason::SeqGap) => true,
        Some(RejectReason::Malformed | RejectReason::ForeignActor | RejectReason::ReadOnly) => false,
    };
    if helps_to_resend && row.trouble.is_empty() {
        changes::hold_all(tx.conn(), row.id)?;
        row.cursor = 0;
        row.trouble = RESYNC.to_owned();
    } else {
        let what = reason.map_or("heads differ".to_owned(), |reason| format!("{reason:?}"));
        tracing::error!(doc = %row.id, what, "a document is put in quarantine");
        row.trouble = what;
    }
    Ok(())
}

fn quarantine(tx: &mut Tx<'_>, doc: DocId, what: &str) -> Result<(), EngineError> {
    if let Some(mut row) = docs::get(tx.conn(), doc)? {
        row.trouble = what.to_owned();
        docs::put(tx.conn(), &row)?;
        tx.tell_sync();
    }
    Ok(())
}
