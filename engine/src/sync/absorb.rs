//! Applies a relay's answer through the write funnel, document by document.

use crate::doc::{kind, weigh::Meter};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{changes, docs, docs::DocRow, hub, packs, settings, turfs, waves};
use crate::sync::ask::{self, Plan};
use crate::sync::session::Rest;
use crate::sync::trouble::{Trouble, quarantine};
use crate::sync::{batch, kinds, relays, snapshot};
use crate::wave;
use automerge::Change;
use porchlight_model::born::is_id_of;
use porchlight_model::calls::Topic;
use porchlight_model::chunk::is_bounded_change;
use porchlight_model::grant::Act;
use porchlight_model::id::DocId;
use porchlight_model::time::At;
use porchlight_model::wire::{
    Access, DocAsk, DocKind, DocReply, DocStatus, GrantList, HeadsDigest, RejectReason, Rejected, SyncReply,
};
use std::collections::{BTreeMap, BTreeSet};

/// Applies an answer; returns what is left to do.
///
/// # Errors
/// When the database fails. A single document that fails is quarantined instead.
pub(crate) fn absorb(engine: &mut Engine, plan: &Plan, mut reply: SyncReply) -> Result<Rest, EngineError> {
    let reply_grants = reply.grants.take();
    let device_now = engine.device_now();
    engine.write("sync: what the relay says of this device", |tx| absorb_device(tx, &reply, device_now))?;
    if let Some(grants) = &reply_grants {
        kinds::correct(engine, grants)?;
    }
    let mut is_more = false;
    let epoch = reply.epoch;
    let mut answers: BTreeMap<DocId, DocReply> = reply.docs.into_iter().map(|answer| (answer.doc, answer)).collect();
    let told = plan.ask.docs.iter().map(|asked| (asked, answers.remove(&asked.doc))).collect();
    for some in batch::batches(engine, told)? {
        is_more |= batch::take_in(engine, some, epoch)?;
    }
    if let Some(grants) = &reply_grants {
        engine.write("sync: what this device may hold", |tx| absorb_grants(tx, grants, epoch))?;
    }
    let mut rows = docs::all(engine.conn())?;
    let kept = wave::kept(engine.conn(), &rows)?;
    if !kept.is_empty() {
        engine.write("sync: what ended waves left", |tx| let_go_of_ended(tx, &kept))?;
        rows = docs::all(engine.conn())?;
    }
    wave::undo::take_up_recorded(engine)?;
    if let Some(audit) = plan.audit {
        engine.write("sync: an audit", |tx| settings::put(tx.conn(), "audit", &audit))?;
    }
    let asked: BTreeSet<DocId> = plan.ask.docs.iter().map(|asked| asked.doc).collect();
    let version = ask::version(engine.conn())?;
    let has_unasked_news = rows.iter().any(|row| {
        !asked.contains(&row.id)
            && !row.is_too_new_for(version)
            && (row.cursor != row.relay_last || row.is_born || row.epoch != epoch)
            && (row.trouble == Trouble::None || row.trouble.is_patient())
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
    settings::put(tx.conn(), "epoch", &reply.epoch)?;
    settings::put(tx.conn(), "last_ok", &reply.now)?;
    ask::note_version(tx.conn(), reply.proto)?;
    if let Some(told) = &reply.relays {
        relays::take_in(tx, told)?;
    }
    for news in &reply.news {
        if let Some(mut row) = docs::get(tx.conn(), news.doc)? {
            see(tx, &mut row, news.seen)?;
            row.relay_last = news.last;
            docs::put(tx.conn(), &row)?;
        }
    }
    tx.tell_sync();
    Ok(())
}

/// Updates a document's receipt: from the relay, and on a coordinator's device from what it has stored itself.
fn see(tx: &mut Tx<'_>, row: &mut DocRow, told: u64) -> Result<(), EngineError> {
    let keeps_record = tx.member()?.identity.role.may(Act::KeepRecord);
    let seen = if keeps_record { told.max(row.cursor) } else { told };
    if row.seen != seen {
        row.seen = seen;
        tx.touch(Topic::Visits);
    }
    Ok(())
}

/// Grants come last: the campaign document says why something is no longer granted.
fn absorb_grants(tx: &mut Tx<'_>, list: &GrantList, epoch: u64) -> Result<(), EngineError> {
    let campaign = tx.member()?.identity.campaign;
    for grant in &list.grants {
        match docs::get(tx.conn(), grant.doc)? {
            Some(row) if row.access == grant.access && row.trouble != Trouble::NoGrant => {}
            Some(mut row) => {
                row.access = grant.access;
                if row.trouble == Trouble::NoGrant {
                    row.trouble = Trouble::None;
                }
                docs::put(tx.conn(), &row)?;
                tx.touch(Topic::Turf);
            }
            // A turf that was taken back before it arrived has nothing to hand in.
            None if grant.access == Access::HandIn => {}
            None if !is_id_of(grant.kind, campaign, grant.doc) => {}
            None => tx.add_doc(grant.doc, grant.kind, grant.access, false)?,
        }
    }
    if list.is_partial || is_campaign_behind(tx)? {
        return Ok(());
    }
    let granted: BTreeSet<DocId> = list.grants.iter().map(|grant| grant.doc).collect();
    for row in docs::all(tx.conn())? {
        if !granted.contains(&row.id) && !row.is_born {
            let_go(tx, row.id, epoch)?;
        }
    }
    settings::put(tx.conn(), "grants_seen", &list.number)
}

/// Whether the relay has more of the campaign document, in which case this device does not know yet which waves have ended.
fn is_campaign_behind(tx: &Tx<'_>) -> Result<bool, EngineError> {
    let campaign = docs::get(tx.conn(), tx.member()?.campaign_doc)?;
    Ok(campaign.is_some_and(|row| row.cursor != row.relay_last && !row.trouble.is_quarantine()))
}

/// Removes a document that this device may no longer have, unless it still holds something of it.
pub(super) fn let_go(tx: &mut Tx<'_>, doc: DocId, epoch: u64) -> Result<(), EngineError> {
    let Some(mut row) = docs::get(tx.conn(), doc)? else { return Ok(()) };
    let has_ended = waves::has_ended(tx.conn(), doc)?;
    if row.epoch != 0 && row.epoch != epoch && !has_ended && row.trouble != Trouble::NoGrant {
        // A restored relay: it may have forgotten the document, or to whom it was granted. A device that sees all turf creates
        // it again; a phone keeps it until it is granted again, and so does who may only read it.
        changes::hold_all(tx.conn(), doc)?;
        if tx.member()?.identity.role.sees_all_turf() && row.access != Access::Read {
            packs::hold(tx.conn(), doc)?;
            (row.is_born, row.epoch, row.cursor, row.told, row.relay_last) = (true, 0, 0, 0, 0);
            return docs::put(tx.conn(), &row);
        }
        return quarantine(tx, doc, Trouble::NoGrant);
    }
    if !changes::is_needed(tx.conn(), doc)? {
        return drop_turf(tx, doc);
    }
    // Of a wave that has ended, only what people did is worth keeping: not how the document was born, nor what settling left.
    if has_ended && waves::n_held_acts(tx.conn(), doc)? == 0 {
        return discard_turf(tx, doc);
    }
    quarantine(tx, doc, Trouble::NoGrant)
}

/// Documents that were kept before it was known here that their wave has ended, and of which no result is held.
fn let_go_of_ended(tx: &mut Tx<'_>, kept: &[DocId]) -> Result<(), EngineError> {
    for doc in kept {
        if waves::n_held_acts(tx.conn(), *doc)? == 0 {
            discard_turf(tx, *doc)?;
        }
    }
    Ok(())
}

/// Removes a turf's document from this device, and the turf with its voters where no other document is about it.
pub(crate) fn drop_turf(tx: &mut Tx<'_>, doc: DocId) -> Result<(), EngineError> {
    let turf = packs::turf_of(tx.conn(), doc)?;
    tx.drop_doc(doc)?;
    let Some(turf) = turf else { return Ok(()) };
    let is_kept = tx.keeps_listed() && turfs::get(tx.conn(), turf)?.is_some();
    if is_kept || packs::is_any_about(tx.conn(), turf)? {
        return Ok(());
    }
    crate::store::reference::purge_turf(tx.conn(), turf)
}

/// Removes a turf's document, including changes that no relay has.
pub(crate) fn discard_turf(tx: &mut Tx<'_>, doc: DocId) -> Result<(), EngineError> {
    changes::remove(tx.conn(), doc)?;
    // Parcels are still on their phones, which report them.
    hub::drop_parcels(tx.conn(), doc)?;
    drop_turf(tx, doc)
}

/// Handles a document that the answer omits, because relay and device have the same state.
pub(super) fn absorb_same(tx: &mut Tx<'_>, asked: &DocAsk, epoch: u64) -> Result<bool, EngineError> {
    let Some(mut row) = docs::get(tx.conn(), asked.doc)? else { return Ok(false) };
    if !asked.push.is_empty() || asked.epoch != epoch {
        return Err(EngineError::BadReply("what was pushed is not answered".to_owned()));
    }
    if row.cursor == asked.cursor {
        (row.told, row.is_born) = (asked.cursor, false);
        row.relay_last = row.relay_last.max(asked.cursor);
        if row.trouble == Trouble::Resync {
            row.trouble = Trouble::None;
        }
        docs::put(tx.conn(), &row)?;
    }
    Ok(false)
}

pub(super) fn absorb_doc(tx: &mut Tx<'_>, asked: &DocAsk, answer: &DocReply, epoch: u64) -> Result<bool, EngineError> {
    let doc = asked.doc;
    let Some(mut row) = docs::get(tx.conn(), doc)? else { return Ok(false) };
    let now = tx.now();
    for acked in &answer.acked {
        changes::ack(tx.conn(), doc, *acked, now)?;
    }
    if !answer.acked.is_empty() {
        tx.tell_sync();
        tx.touch(Topic::Visits);
    }
    match answer.status {
        DocStatus::Served => {}
        DocStatus::HandIn => {
            if row.epoch != 0 && row.epoch != epoch {
                // The relay was restored from a copy, which may lack what it once acknowledged: push everything again before the turf goes.
                changes::hold_all(tx.conn(), doc)?;
                row.epoch = epoch;
                docs::put(tx.conn(), &row)?;
                return changes::is_needed(tx.conn(), doc);
            }
            if !changes::is_needed(tx.conn(), doc)? {
                drop_turf(tx, doc)?;
            }
            return Ok(false);
        }
        DocStatus::NoGrant => {
            // One that was born here may be on its way still; of a wave that has ended it never arrives.
            if !is_campaign_behind(tx)? && (!row.is_born || waves::has_ended(tx.conn(), doc)?) {
                let_go(tx, row.id, epoch)?;
            }
            return Ok(false);
        }
        // A newer relay over the same store knows more: it is asked for again.
        DocStatus::Unavailable => return Ok(false),
        // What that means is for a newer program to know: everything is kept.
        DocStatus::Unknown(_) => {
            row.trouble = Trouble::Outdated;
            docs::put(tx.conn(), &row)?;
            return Ok(false);
        }
    }
    row.is_born = false;
    let is_restored = (row.epoch != 0 && row.epoch != epoch) || answer.cursor < asked.cursor;
    if is_restored {
        changes::hold_all(tx.conn(), doc)?;
    }
    (row.epoch, row.cursor, row.told) = (epoch, answer.cursor, asked.cursor.min(answer.cursor));
    see(tx, &mut row, answer.seen)?;
    row.relay_last = if answer.is_more { row.relay_last.max(answer.cursor + 1) } else { answer.cursor };
    let incoming = incoming(answer, row.kind)?;
    let heads = if incoming.is_empty() { tx.heads(doc)? } else { tx.apply(doc, incoming, answer.cursor)? };
    row.heads = HeadsDigest::of(&heads);
    let holds_more = !changes::to_push(tx.conn(), doc, 1)?.is_empty();
    // Changes from a hub that the relay does not have yet are not trouble: others will push them.
    let has_other_heads = !answer.heads.is_empty() && answer.heads != heads && !hub::is_ahead(tx.conn(), doc)?;
    if let Some(trouble) = kept_back(tx, doc, &answer.rejected)? {
        row.trouble = trouble;
        docs::put(tx.conn(), &row)?;
        return Ok(answer.is_more);
    }
    let reason = answer.rejected.first().map(|rejected| rejected.why);
    let differs = reason.is_some() || (!answer.is_more && !holds_more && has_other_heads);
    if differs {
        resolve(tx, &mut row, reason)?;
    } else if !answer.is_more && !holds_more {
        row.trouble = Trouble::None;
    }
    let is_quarantined = row.trouble.is_quarantine();
    docs::put(tx.conn(), &row)?;
    Ok(!is_quarantined && (answer.is_more || differs || holds_more))
}

/// The changes of an answer in order: those of the snapshot, then those after it.
fn incoming(answer: &DocReply, kind: DocKind) -> Result<Vec<Change>, EngineError> {
    let mut meter = Meter::of(&kind::of(kind).budget);
    let mut incoming = Vec::new();
    if let Some(snapshot) = &answer.snapshot {
        incoming.extend(snapshot::unfold_within(snapshot, &mut meter)?);
    }
    for bytes in &answer.changes {
        incoming.push(meter.read(bytes.to_vec())?);
    }
    Ok(incoming)
}

/// The trouble of rejected changes that may be accepted later unchanged: once other devices have synced, for changes of other
/// devices that the relay accepts only from them; once another change depends on them, for too many heads; or
/// once this program is updated, for unknown reasons.
fn kept_back(tx: &Tx<'_>, doc: DocId, rejected: &[Rejected]) -> Result<Option<Trouble>, EngineError> {
    let mut waits = false;
    for rejected in rejected {
        match rejected.why {
            RejectReason::Unknown(_) => return Ok(Some(Trouble::Outdated)),
            RejectReason::TooManyHeads => waits = true,
            RejectReason::ForeignActor => {
                waits |= !changes::is_own(tx.conn(), doc, rejected.hash)? || changes::was_other_device(tx.conn())?;
            }
            RejectReason::MissingDeps => waits |= hub::is_ahead(tx.conn(), doc)?,
            RejectReason::Malformed
            | RejectReason::SeqGap
            | RejectReason::ReadOnly
            | RejectReason::TouchesRoot
            | RejectReason::TooCostly
            | RejectReason::AltersEntry => {}
        }
    }
    Ok(waits.then_some(Trouble::Waits))
}

/// Parses a change from a relay. It must be plain and within the relay's own limits, so that nothing is decompressed here.
///
/// # Errors
/// When the bytes are not such a change.
pub fn read_change(bytes: Vec<u8>) -> Result<Change, EngineError> {
    if !is_bounded_change(&bytes) {
        return Err(EngineError::BadReply("a change is not plain or too large".to_owned()));
    }
    Change::from_bytes(bytes).map_err(|error| EngineError::BadReply(error.to_string()))
}

/// Handles a difference between this device and the relay. First everything is exchanged again; if they still differ, the document is
/// quarantined: kept, no longer synced, and reported.
fn resolve(tx: &Tx<'_>, row: &mut DocRow, reason: Option<RejectReason>) -> Result<(), EngineError> {
    let helps_to_resend = match reason {
        None | Some(RejectReason::MissingDeps | RejectReason::SeqGap) => true,
        Some(
            RejectReason::Malformed
            | RejectReason::ForeignActor
            | RejectReason::ReadOnly
            | RejectReason::TooManyHeads
            | RejectReason::TouchesRoot
            | RejectReason::TooCostly
            | RejectReason::AltersEntry
            | RejectReason::Unknown(_),
        ) => false,
    };
    if helps_to_resend && row.trouble == Trouble::None {
        changes::hold_all(tx.conn(), row.id)?;
        (row.cursor, row.told) = (0, 0);
        row.trouble = Trouble::Resync;
    } else {
        let what = reason.map_or("heads differ".to_owned(), |reason| format!("{reason:?}"));
        tracing::error!(doc = %row.id, what, "a document is put in quarantine");
        row.trouble = Trouble::Other(what);
    }
    Ok(())
}
