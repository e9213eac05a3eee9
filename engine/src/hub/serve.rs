//! What a hub serves to phones and admits from them: the captain's own documents, under the relay's rules and its last known grants.

use crate::doc::kind;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::hub::known::known;
use crate::hub::parcels;
use crate::store::{docs, docs::DocRow, hosted, packs, settings, stored};
use crate::sync::absorb::read_change;
use porchlight_model::admit::{LogState, NoChange, PushedChange, Verdict, admit};
use porchlight_model::calls::Topic;
use porchlight_model::grant::Act;
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::relay::RosterDevice;
use porchlight_model::time::At;
use porchlight_model::wire::{DocKind, HeadsDigest, RejectReason};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of changes in one answer; more follow in the next.
const CHANGES_AT_ONCE: usize = 2_000;

/// The devices that may connect to this hub, as the relay last reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guests {
    /// The campaign.
    pub campaign: CampaignId,
    /// When the relay reported it.
    pub as_of: Option<At>,
    /// All devices of the campaign.
    pub devices: Vec<RosterDevice>,
}

/// When the relay last reported who may connect. This is cheap.
///
/// # Errors
/// When this device may not be a hub: it is not a captain's or coordinator's, or its lease has expired.
pub fn as_of(engine: &Engine) -> Result<Option<At>, EngineError> {
    let identity = &engine.member()?.identity;
    if !identity.role.may(Act::Carry) || identity.lease_until <= engine.now() {
        return Err(EngineError::not_allowed(Act::Carry));
    }
    settings::get(engine.conn(), "roster_as_of")
}

/// The devices that may connect to this hub.
///
/// # Errors
/// As [`as_of`].
pub fn guests(engine: &Engine) -> Result<Guests, EngineError> {
    let as_of = as_of(engine)?;
    let devices = settings::get(engine.conn(), "roster")?.unwrap_or_default();
    Ok(Guests { campaign: engine.member()?.identity.campaign, as_of, devices })
}

/// A document that this hub serves; `None` for one whose sync is in trouble.
///
/// # Errors
/// When the database fails.
pub fn document(engine: &Engine, doc: DocId) -> Result<Option<DocRow>, EngineError> {
    Ok(docs::get(engine.conn(), doc)?.filter(|row| !row.trouble.is_quarantine()))
}

/// Whether documents of this kind are exchanged with the campaign's relay alone, which can attribute their changes.
#[must_use]
pub const fn is_of_relay_alone(kind: DocKind) -> bool {
    kind::of(kind).is_of_relay_alone
}

/// The result of a phone's push to one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PushOutcome {
    /// Changes that are on this hub's disk, with their sequence numbers in its log; 0 for one that waits for its dependencies.
    pub stored: Vec<(Sha256, u64)>,
    /// Changes that are not stored, with the reason.
    pub rejected: Vec<(Sha256, RejectReason)>,
    /// How many of the stored changes are new.
    pub n_new: u32,
}

/// Admits a phone's push: changes by `device`, or by those for which it may deliver. All of them are on this hub's disk when this returns.
///
/// # Errors
/// When the database fails; then nothing was admitted.
pub fn take_in(
    engine: &mut Engine,
    doc: DocId,
    device: DeviceId,
    carried_for: BTreeSet<DeviceId>,
    push: &[Result<PushedChange, NoChange>],
) -> Result<PushOutcome, EngineError> {
    let whole = engine.write("hub: results of a phone", |tx| {
        let known = known(tx, doc, carried_for.clone(), push)?;
        let taken = take(tx, doc, device, known, push)?;
        tx.touch(Topic::Roster);
        Ok(taken)
    });
    match whole {
        Ok(taken) => {
            parcels::open(engine, doc)?;
            Ok(taken)
        }
        // A change contradicts the document, and nothing of this transaction was kept.
        Err(error @ (EngineError::BadReply(_) | EngineError::BrokenDocument { .. } | EngineError::TooCostly)) => {
            tracing::warn!(%doc, %error, "a hub takes nothing of a push");
            let reject = |change: &Result<PushedChange, NoChange>| (hash_of(change), RejectReason::Malformed);
            Ok(PushOutcome { rejected: push.iter().map(reject).collect(), ..PushOutcome::default() })
        }
        Err(error) => Err(error),
    }
}

fn take(
    tx: &mut Tx<'_>,
    doc: DocId,
    device: DeviceId,
    known: LogState,
    push: &[Result<PushedChange, NoChange>],
) -> Result<PushOutcome, EngineError> {
    let (mut taken, mut fresh) = (PushOutcome::default(), Vec::new());
    for (change, verdict) in push.iter().zip(admit(push, known, device)) {
        let hash = hash_of(change);
        match (verdict, change) {
            (Verdict::New { .. }, Ok(change)) => {
                fresh.push(read_change(change.bytes.clone())?);
                taken.stored.push((hash, 0));
                taken.n_new += 1;
            }
            (Verdict::Stored, _) => taken.stored.push((hash, 0)),
            (Verdict::Rejected(RejectReason::MissingDeps), Ok(change)) => {
                hosted::keep(tx.conn(), doc, hash, device, &change.bytes)?;
                tx.tell_sync();
                taken.stored.push((hash, 0));
                taken.n_new += 1;
            }
            (Verdict::Rejected(why), _) => taken.rejected.push((hash, why)),
            (Verdict::Later, _) => {}
            (Verdict::New { .. }, Err(NoChange { .. })) => taken.rejected.push((hash, RejectReason::Malformed)),
        }
    }
    if !fresh.is_empty() {
        tx.take_over(doc, fresh)?;
    }
    let numbers: BTreeMap<_, _> =
        stored::all(tx.conn(), doc)?.into_iter().map(|stored| (stored.hash, stored.position)).collect();
    for (hash, n) in &mut taken.stored {
        *n = numbers.get(hash).copied().unwrap_or_default();
    }
    Ok(taken)
}

/// A phone's request for one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// The phone's cursor in this hub's log.
    pub cursor: u64,
    /// A digest of its heads, if it sent one.
    pub heads: Option<HeadsDigest>,
    /// Changes that it has just pushed, which are left out.
    pub without: BTreeSet<Sha256>,
}

/// The answer to a phone about one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullAnswer {
    /// Changes in the order of this hub's log.
    pub changes: Vec<Vec<u8>>,
    /// The cursor after these changes.
    pub cursor: u64,
    /// Whether more follow.
    pub is_more: bool,
    /// Whether the phone has all of it.
    pub is_same: bool,
}

/// Returns the changes after a phone's cursor, in at most `budget` bytes, from which they are deducted; at least one change.
///
/// # Errors
/// When the database fails.
pub fn tell(
    engine: &Engine,
    row: &DocRow,
    wanted: &PullRequest,
    budget: &mut usize,
) -> Result<PullAnswer, EngineError> {
    let conn = engine.conn();
    let last = hosted::log_last(conn, row.id)?;
    if wanted.cursor == last && wanted.without.is_empty() {
        return Ok(PullAnswer { cursor: last, is_same: true, ..PullAnswer::default() });
    }
    if wanted.heads == Some(row.heads) {
        return Ok(PullAnswer { cursor: last, ..PullAnswer::default() });
    }
    // A cursor beyond the end of the log belongs to another epoch: begin from the start.
    let after = if wanted.cursor > last { 0 } else { wanted.cursor };
    let mut told = PullAnswer { cursor: after, ..PullAnswer::default() };
    for (n, hash, bytes) in hosted::log_after(conn, row.id, after, CHANGES_AT_ONCE)? {
        if !wanted.without.contains(&hash) {
            if !told.changes.is_empty() && *budget < bytes.len() {
                break;
            }
            *budget = budget.saturating_sub(bytes.len());
            told.changes.push(bytes);
        }
        told.cursor = n;
    }
    told.is_more = told.cursor < last;
    Ok(told)
}

/// A stored pack, with its document.
///
/// # Errors
/// When the database fails.
pub fn pack(engine: &Engine, hash: Sha256) -> Result<Option<(DocId, Vec<u8>)>, EngineError> {
    let named = packs::named(engine.conn())?;
    let Some((doc, _)) = named.into_iter().find(|(_, named)| *named == hash) else { return Ok(None) };
    Ok(packs::get(engine.conn(), hash)?.map(|bytes| (doc, bytes)))
}

/// Checks that the database answers.
///
/// # Errors
/// When it does not.
pub fn check(handle: &EngineHandle) -> Result<(), EngineError> {
    handle.with(|engine| docs::all(engine.conn()).map(drop))
}

fn hash_of(change: &Result<PushedChange, NoChange>) -> Sha256 {
    match change {
        Ok(change) => change.hash,
        Err(no_change) => no_change.hash,
    }
}
