//! The exchange with a hub: what no relay is known to hold goes there, what others brought there comes back. Nothing is safe by it:
//! only a relay makes it so.

use crate::doc::kind;
use crate::engine::{Engine, Membership, Tx};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::hub::in_use::{self, UsedHub};
use crate::hub::{keys, known};
use crate::store::{changes, docs, docs::DocRow, hub, packs};
use crate::sync::absorb::read_change;
use crate::sync::transport::to_hub::{self, Hub};
use crate::sync::trouble::{begin_merges, merged};
use automerge::Change;
use porchlight_model::admit::{PushedChange, Verdict, admit};
use porchlight_model::calls::Topic;
use porchlight_model::hub::Challenge;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::RefusalCode;
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use porchlight_model::wire::{DocAsk, DocReply, MAX_DOCS_PER_REQUEST, MAX_PUSH_PER_DOC, PROTO, SyncAsk, SyncReply};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes of changes pushed in one request.
const PUSH_BYTES: usize = 1024 * 1024;
/// The most bytes of changes wanted in one reply.
const REPLY_BUDGET: u32 = 1024 * 1024;
/// The most requests of one exchange.
const MOST_REQUESTS: usize = 200;
/// After this many attempts in a row without an answer, the phone is assumed to have left the office.
const FEW_MISSES: u32 = 3;
/// How long such a hub is skipped, in milliseconds.
const LEFT_ALONE_MS: i64 = 5 * 60 * 1000;

/// The recent contacts with the hub, in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct HubMet {
    /// The number of consecutive attempts without an answer.
    n_misses: u32,
    /// When the last attempt was made.
    tried_at: At,
    /// Why it did not answer.
    pub(crate) trouble: Option<Message>,
    /// The fingerprint of the hub that has authenticated itself.
    proven: Option<Sha256>,
}

impl HubMet {
    /// Resets the count of attempts, because a person requested a sync.
    pub(crate) fn forgive(&mut self) {
        self.n_misses = 0;
    }

    /// Requires the hub to authenticate itself again, because a link was used.
    pub(crate) fn doubt(&mut self) {
        self.proven = None;
    }

    fn is_due(&self, now: At) -> bool {
        self.n_misses < FEW_MISSES || !(0..LEFT_ALONE_MS).contains(&now.since_ms(self.tried_at))
    }
}

/// Syncs with the hub in use, if it is due; returns whether it answered.
pub(crate) async fn exchange(handle: &EngineHandle) -> Result<bool, EngineError> {
    let is_due = handle.with(|engine| {
        let now = engine.device_now();
        Ok::<_, EngineError>(in_use::kept(engine.conn())?.is_some() && handle.hub_met().is_due(now))
    })?;
    if !is_due {
        return Ok(false);
    }
    match exchange_now(handle).await {
        Ok(()) => Ok(true),
        Err(error @ (EngineError::StorageFull | EngineError::StorageRefuses(_) | EngineError::Store(_))) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "the hub does not serve");
            Ok(false)
        }
    }
}

/// Exchanges at once, with nobody else who does; a relay may be waited for meanwhile.
pub(crate) async fn exchange_now(handle: &EngineHandle) -> Result<(), EngineError> {
    let turn = handle.hub_turn.clone();
    let _alone = turn.lock().await;
    let result = requests(handle).await;
    let trouble = result.as_ref().err().map(|error| ApiError::from(told_of(error)).message);
    handle.with(|engine| {
        let now = engine.device_now();
        let mut met = handle.hub_met();
        met.tried_at = now;
        met.n_misses = if trouble.is_some() { met.n_misses.saturating_add(1) } else { 0 };
        let is_news = met.trouble != trouble;
        met.trouble = trouble;
        drop(met);
        if !is_news {
            return Ok(());
        }
        engine.write("hub: how it goes", |tx| {
            tx.tell_sync();
            Ok(())
        })
    })?;
    result
}

/// Converts an error of a hub to a message for the person.
pub(crate) fn told(error: EngineError) -> EngineError {
    match error {
        EngineError::Offline(_) | EngineError::Refused(_) => told_of(&error),
        other => other,
    }
}

fn told_of(error: &EngineError) -> EngineError {
    let message = match error {
        EngineError::Refused(RefusalCode::TokenUnknown) => "hub-unknown-here",
        EngineError::Refused(RefusalCode::Revoked) => "error-revoked",
        EngineError::Refused(RefusalCode::LeaseEnded) => "error-lease-ended",
        EngineError::Refused(RefusalCode::WrongVersion) => "error-wrong-version",
        EngineError::Refused(_) => "hub-refuses",
        EngineError::Offline(_) => "hub-out-of-reach",
        EngineError::Told(told) => return EngineError::Told(told.clone()),
        other => {
            return EngineError::Told(ApiError::new(
                ErrorCode::Failed,
                Message::new("error-sync").with("detail", other),
            ));
        }
    };
    EngineError::Told(ApiError::new(ErrorCode::Offline, Message::new(message)))
}

async fn requests(handle: &EngineHandle) -> Result<(), EngineError> {
    let (to, kept) = handle.with(|engine| {
        let kept = in_use::kept(engine.conn())?.ok_or_else(|| EngineError::not_found("hub-none"))?;
        Ok::<_, EngineError>((engine.member()?.clone(), kept))
    })?;
    let link = kept.link()?;
    let key = keys::key_of(&to.token)?;
    let door = to_hub::open(handle, &link, keys::token_for(key, link.fingerprint).to_string()).await?;
    if handle.hub_met().proven != Some(link.fingerprint) {
        let nonce = handle.with(|engine| engine.random());
        to_hub::prove(handle, &door, key, &Challenge { device: to.identity.device, nonce }).await?;
        handle.hub_met().proven = Some(link.fingerprint);
    }
    let mut after = None;
    for n in 0..MOST_REQUESTS {
        let (ask, last) = handle.with(|engine| plan(engine, &to, after))?;
        // The first request is sent even without a document to request: it shows whether this device is served here.
        if ask.docs.is_empty() && n > 0 {
            break;
        }
        let reply = to_hub::sync(handle, &door, &ask).await?;
        if handle.with(|engine| absorb(engine, &ask, reply))? == Next::Page {
            after = last;
        }
    }
    fetch_packs(handle, &door).await
}

/// What comes after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The same documents once more: there is more to push or to hear.
    Same,
    /// The documents after them.
    Page,
}

/// The next request: documents after `after`, and the last of them.
fn plan(engine: &Engine, to: &Membership, after: Option<DocId>) -> Result<(SyncAsk, Option<DocId>), EngineError> {
    let conn = engine.conn();
    let (mut left, mut docs) = (PUSH_BYTES, Vec::new());
    let carries_for_others = to.identity.role.sees_all_turf();
    let was_other = changes::was_other_device(conn)?;
    // What the campaign is comes from its relay alone: there it is known who said it.
    let turf =
        docs::all(conn)?.into_iter().filter(|row| !row.kind.is_unknown() && !kind::of(row.kind).is_of_relay_alone);
    for row in turf.filter(|row| after.is_none_or(|after| row.id > after)) {
        if docs.len() == MAX_DOCS_PER_REQUEST {
            break;
        }
        let mut push = Vec::new();
        let mut carries = false;
        for change in hub::held(conn, row.id, MAX_PUSH_PER_DOC)? {
            let Some(rest) = left.checked_sub(change.bytes.len()) else { break };
            if change.is_own || carries_for_others {
                left = rest;
                carries |= was_other || !change.is_own;
                push.push(ByteBuf::from(change.bytes));
            }
        }
        let cursor = hub::cursor(conn, row.id)?;
        docs.push(DocAsk { doc: row.id, epoch: 0, cursor, born: None, heads: Some(row.heads), carries, push });
    }
    let last = docs.last().map(|asked| asked.doc).or(after);
    let (grants_seen, feed) = (u64::MAX, u64::MAX);
    let newest = Some(Versions::OURS.newest);
    let ask = SyncAsk { proto: PROTO, newest, grants_seen, feed, docs, budget: REPLY_BUDGET, relays: None };
    Ok((ask, last))
}

fn absorb(engine: &mut Engine, ask: &SyncAsk, reply: SyncReply) -> Result<Next, EngineError> {
    let now = engine.now();
    let is_same_log = engine.write("hub: it answered", |tx| {
        let Some(kept) = in_use::kept(tx.conn())? else { return Ok(true) };
        let is_same_log = kept.epoch == reply.epoch;
        if !is_same_log {
            hub::forget(tx.conn())?;
        }
        tx.tell_sync();
        in_use::keep(tx.conn(), &UsedHub { epoch: reply.epoch, last_ok: Some(now), ..kept })?;
        Ok(is_same_log)
    })?;
    // Cursors were those of another log: ask again without them.
    let has_cursors = ask.docs.iter().any(|asked| asked.cursor > 0);
    if !is_same_log && has_cursors {
        return Ok(Next::Same);
    }
    let mut next = Next::Page;
    let mut answers: BTreeMap<DocId, DocReply> = reply.docs.into_iter().map(|answer| (answer.doc, answer)).collect();
    for asked in &ask.docs {
        let Some(answer) = answers.remove(&asked.doc) else { continue };
        let Some(row) = docs::get(engine.conn(), asked.doc)? else { continue };
        if absorb_doc(engine, &row, asked, answer)? {
            next = Next::Same;
        }
    }
    Ok(next)
}

/// Takes in what the hub says of one document; whether there is more of it.
fn absorb_doc(engine: &mut Engine, row: &DocRow, asked: &DocAsk, answer: DocReply) -> Result<bool, EngineError> {
    let doc = row.id;
    let lost = answer.cursor < asked.cursor;
    let n_acked = answer.acked.len();
    engine.write("hub: it has results", |tx| {
        if lost {
            hub::forget_doc(tx.conn(), doc)?;
        }
        if n_acked > 0 {
            tx.touch(Topic::Visits);
        }
        answer.acked.iter().try_for_each(|acked| hub::ack(tx.conn(), doc, acked.hash))
    })?;
    let holds_more = n_acked > 0 && !hub::held(engine.conn(), doc, 1)?.is_empty();
    if lost || row.trouble.is_quarantine() || answer.changes.is_empty() {
        if !lost {
            engine.write("hub: nothing new", |tx| hub::set_cursor(tx.conn(), doc, answer.cursor))?;
        }
        return Ok(lost || holds_more);
    }
    let incoming = answer.changes.into_iter().map(|bytes| read_change(bytes.into_vec()));
    let incoming = incoming.collect::<Result<Vec<_>, _>>()?;
    if !begin_merges(engine, &[doc])? {
        return Ok(false);
    }
    let merge = engine.write("hub: results of others", |tx| {
        let incoming = admitted(tx, doc, incoming)?;
        tx.hear(doc, incoming)?;
        hub::set_cursor(tx.conn(), doc, answer.cursor)?;
        merged(tx)
    });
    if merge.is_err() {
        engine.write("hub: that cannot be merged", |tx| merged(tx))?;
    }
    merge?;
    Ok(answer.is_more || holds_more)
}

/// The changes that a relay would accept from their authors. A change that claims to be of this process but was not written here is left out, and
/// those of coordinators as well, whose word counts for more: a hub's captain could have written them, and they come from the relay.
fn admitted(tx: &mut Tx<'_>, doc: DocId, told: Vec<Change>) -> Result<Vec<Change>, EngineError> {
    let (own, actor) = (tx.member()?.identity.device, tx.actor(doc)?);
    let push: Vec<_> = told.iter().map(|change| Ok(known::pushed(change.raw_bytes().to_vec(), change))).collect();
    let mut known = known::known(tx, doc, BTreeSet::new(), &push)?;
    // What came to the hub in several pushes it may tell at once.
    known.budget.ops_per_push = u64::MAX;
    known.is_unborn = known.stored.is_empty();
    known.carried_for = known.chains.values().map(|chain| chain.device).collect();
    known.carried_for.extend(push.iter().flatten().filter_map(|change: &PushedChange| change.author));
    let not_carried = known::not_carried_by(tx.conn(), Role::Captain)?;
    known.carried_for.retain(|device| !not_carried.contains(device));
    let verdicts = admit(&push, known, own);
    let is_new = |verdict: &Verdict| matches!(verdict, Verdict::New { .. });
    let n_refused = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Rejected(_))).count();
    if n_refused > 0 {
        tracing::warn!(%doc, n_refused, "a hub told changes that no relay would take");
    }
    let admitted = told.into_iter().zip(verdicts).filter(|(_, verdict)| is_new(verdict)).map(|(change, _)| change);
    // What would stand on one that is left out is left out as well.
    let mut left_out = BTreeSet::new();
    Ok(admitted
        .filter(|change| {
            let is_ours = change.actor_id().to_bytes() == actor;
            let is_in = !is_ours && change.deps().iter().all(|dep| !left_out.contains(dep));
            if !is_in {
                left_out.insert(change.hash());
            }
            is_in
        })
        .collect())
}

/// Fetches packs that documents name and that never came from the relay.
async fn fetch_packs(handle: &EngineHandle, door: &Hub) -> Result<(), EngineError> {
    for (hash, doc) in handle.with(|engine| packs::wanted(engine.conn()))? {
        match to_hub::pack(handle, door, hash).await {
            Ok(bytes) => super::packs::receive(handle, hash, doc, &bytes)?,
            Err(EngineError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
