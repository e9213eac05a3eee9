//! `POST /v1/sync`: admits a device's push, then answers its pull.

use super::answer::Answer;
use super::body;
use super::caller::Known;
use super::finish::to_its_end;
use super::invites::agree;
use super::refuse::Refused;
use crate::change;
use crate::limits::RENEW_AFTER_MS;
use crate::relay::Relay;
use crate::room::Held;
use crate::store::{Caller, DocPull, DocPulled, DocPush, DocPushed, Pull, Pulled, Push, Pushed, only_newer};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use porchlight_model::cbor::{self, MAX_DEPTH};
use porchlight_model::grant::Act;
use porchlight_model::relay::{LEASE_MS, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::{
    Access, DocAsk, DocReply, DocStatus, GrantList, MAX_CHANGE_BYTES, MAX_DOCS_PER_REQUEST, MAX_PUSH_PER_DOC,
    MAX_REPLY_BUDGET, MAX_REQUEST_BYTES, Rejected, RelaysDigest, SyncAsk, SyncReply,
};
use serde::Deserialize;
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;

/// Answers one sync.
pub(super) async fn sync(
    State(relay): State<Relay>,
    Known(caller, turn): Known,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let mut room = relay.room.part();
    let bytes = body::read(body, MAX_REQUEST_BYTES, &mut room).await?;
    let n_sent = bytes.len();
    let read = tokio::task::spawn_blocking(move || Ok::<_, Refused>((read(&headers, bytes, &mut room)?, room)));
    let (ask, room) = read.await.map_err(|_| Refused::malformed("the request could not be read"))??;

    let now = relay.now();
    relay.heard.note(caller.device, now);
    // The bytes sent are counted already; the decompressed size counts as well.
    relay.device_bytes.owe(caller.device, ask.n_bytes.saturating_sub(n_sent) as u64, now);
    let pushed = push(&relay, caller, ask.push, now, room).await?;
    for doc in &pushed.docs {
        relay.meters.changes_acked.inc_by(doc.acked.len() as u64);
        doc.rejected.iter().for_each(|rejected| relay.meters.rejected(rejected.why));
    }
    let docs = ask.docs.iter().zip(&pushed.docs).map(|(ask, pushed)| DocPull {
        without: pushed.acked.iter().map(|acked| acked.hash).collect::<BTreeSet<_>>(),
        ..ask.clone()
    });
    // When memory is short, answers are small, so that everyone makes progress.
    let budget = if relay.room.is_tight() { MAX_CHANGE_BYTES } else { ask.budget };
    let (grants_seen, feed) = (ask.grants_seen, ask.feed);
    let pull = Pull { device: caller.device, grants_seen, feed, docs: docs.collect(), budget };
    let pulled = relay.store.pull(pull).await?;
    if caller.role.may(Act::KeepRecord) {
        confirm(&relay, caller, &ask.docs, &pulled).await?;
    }
    let live = relay.live();
    let is_other_list = match ask.relays {
        Some(held) => held != RelaysDigest::of(&live.relays),
        None => pulled.grants.is_some() && !live.relays.is_empty(),
    };
    let relays = is_other_list.then(|| live.relays.clone());
    let version = ask.version;
    let answers = ask.docs.iter().zip(pushed.docs).zip(pulled.docs);
    let docs = answers.filter(|((_, pushed), pulled)| !(pulled.is_same && pushed.rejected.is_empty()));
    let docs = docs.map(|((ask, pushed), pulled)| {
        relay.meters.changes_told.inc_by(pulled.changes.len() as u64);
        relay.meters.bytes_told.inc_by(pulled.changes.iter().map(|change| change.len() as u64).sum());
        doc_reply(ask, pushed, pulled, version)
    });
    let docs: Vec<_> = docs.collect();
    // What a device from before such names cannot be told at all, it is told by a newer node: anything else would have it drop its turf.
    if docs.iter().any(|doc| doc.status.since() > ask.version) {
        return Err(only_newer().into());
    }
    let grants = pulled.grants.map(|list| readable(list, ask.version)).transpose()?;
    let reply = SyncReply {
        proto: ask.proto,
        now,
        epoch: pulled.epoch,
        lease_until: pushed.lease_until,
        relays,
        grants,
        feed: pulled.feed,
        news: pulled.news,
        docs,
    };
    let mut bytes = Vec::new();
    ciborium::into_writer(&reply, &mut bytes)
        .map_err(|_| Refused::new(RefusalCode::Unavailable, "the reply could not be written"))?;
    let body = Answer::new(&relay, bytes, turn)?.into_body();
    Ok(([(header::CONTENT_TYPE, "application/cbor")], body).into_response())
}

/// Admits a push and renews the lease. A sync without a push, under a fresh lease, writes nothing.
async fn push(relay: &Relay, caller: Caller, docs: Vec<DocPush>, now: At, room: Held) -> Result<Pushed, Refused> {
    let is_fresh = caller.lease_until >= now.plus_ms(LEASE_MS - RENEW_AFTER_MS);
    if is_fresh && docs.iter().all(|doc| doc.changes.is_empty() && doc.born.is_none()) {
        let docs = vec![DocPushed::default(); docs.len()];
        return Ok(Pushed { lease_until: caller.lease_until, docs, hints: Vec::new() });
    }
    let relay = relay.clone();
    to_its_end(async move {
        let pushed = relay.store.push(Push { device: caller.device, docs, now }).await;
        relay.readiness.note(&pushed);
        // The store holds the bytes until here.
        drop(room);
        let pushed = pushed?;
        pushed.hints.iter().for_each(|hint| relay.hint(*hint));
        Ok(pushed)
    })
    .await
}

/// A coordinator's cursor shows what its device has stored, which is a receipt for the authors.
async fn confirm(relay: &Relay, caller: Caller, asked: &[DocPull], pulled: &Pulled) -> Result<(), Refused> {
    let is_news = |(ask, told): &(&DocPull, &DocPulled)| ask.epoch == pulled.epoch && ask.cursor > told.seen;
    let news = asked.iter().zip(&pulled.docs).filter(is_news).map(|(ask, _)| (ask.doc, ask.cursor));
    let news: Vec<_> = news.collect();
    if !news.is_empty() {
        relay.store.seen(caller, news).await?;
    }
    Ok(())
}

/// A request, read and found within all limits.
pub(super) struct ReadAsk {
    /// The request's size, unfolded.
    n_bytes: usize,
    /// The version in which it is answered.
    version: u16,
    /// The version to name in the answer; a device from before ranges knows it.
    proto: Option<u16>,
    grants_seen: u64,
    feed: u64,
    budget: usize,
    /// The list of relays that the device holds.
    relays: Option<RelaysDigest>,
    push: Vec<DocPush>,
    /// The same documents in the same order; what to leave out is known only after the push.
    docs: Vec<DocPull>,
}

pub(super) fn read(headers: &HeaderMap, bytes: Vec<u8>, room: &mut Held) -> Result<ReadAsk, Refused> {
    let bytes = body::unfold(headers, bytes, MAX_REQUEST_BYTES, room)?;
    match cbor::measure(&bytes, cbor::MAX_REQUEST_VALUES) {
        Err(cbor::Unreadable::TooMany) => {
            return Err(Refused::new(RefusalCode::TooLarge, "a request holds too many values"));
        }
        Err(_) => return Err(Refused::malformed("the body is no CBOR, cut off, or nests too deep")),
        Ok(_) => {}
    }
    let (ask, version) = decode(&bytes)?;
    if ask.docs.len() > MAX_DOCS_PER_REQUEST {
        return Err(Refused::new(RefusalCode::TooLarge, "a request names at most 256 documents"));
    }
    if ask.docs.iter().any(|doc| doc.push.len() > MAX_PUSH_PER_DOC) {
        return Err(Refused::new(RefusalCode::TooLarge, "a request pushes at most 2000 changes to a document"));
    }
    let n_different = ask.docs.iter().map(|doc| doc.doc).collect::<BTreeSet<_>>().len();
    if n_different != ask.docs.len() {
        return Err(Refused::malformed("a request names each document once"));
    }
    // A reply always has space for one change, so that every request makes progress.
    let budget = usize::try_from(ask.budget.min(MAX_REPLY_BUDGET)).unwrap_or(0).max(MAX_CHANGE_BYTES);
    let docs = ask.docs.iter().map(|DocAsk { doc, epoch, cursor, heads, .. }| DocPull {
        doc: *doc,
        epoch: *epoch,
        cursor: *cursor,
        heads: *heads,
        without: BTreeSet::new(),
    });
    let docs = docs.collect();
    let push = ask.docs.into_iter().map(|DocAsk { doc, born, carries, push, .. }| DocPush {
        doc,
        born,
        carries,
        changes: push.into_iter().map(|bytes| change::read(bytes.into_vec())).collect(),
    });
    Ok(ReadAsk {
        n_bytes: bytes.len(),
        version,
        proto: ask.newest.map(|_| version),
        grants_seen: ask.grants_seen,
        feed: ask.feed,
        budget,
        relays: ask.relays,
        push: push.collect(),
        docs,
    })
}

/// Decodes the CBOR and chooses the version of the answer; a request of another version is refused as such even if its shape has changed.
fn decode(bytes: &[u8]) -> Result<(SyncAsk, u16), Refused> {
    #[derive(Deserialize)]
    struct VersionsOnly {
        proto: u16,
        #[serde(default)]
        newest: Option<u16>,
    }
    let malformed = || Refused::malformed("the body is not the CBOR expected here");
    let mut rest = bytes;
    let Ok(ask) = ciborium::de::from_reader_with_recursion_limit::<SyncAsk, _>(&mut rest, MAX_DEPTH) else {
        let VersionsOnly { proto, newest } =
            ciborium::de::from_reader_with_recursion_limit(bytes, MAX_DEPTH).map_err(|_| malformed())?;
        agree(proto, newest)?;
        return Err(malformed());
    };
    let version = agree(ask.proto, ask.newest)?;
    if rest.is_empty() { Ok((ask, version)) } else { Err(malformed()) }
}

/// The grants that a device which speaks this version can read: one of another kind, or of another access, would keep it from reading any. It
/// holds nothing of another kind; what it holds and may do something with that cannot be named is a newer node's to say.
fn readable(mut list: GrantList, version: u16) -> Result<GrantList, Refused> {
    list.grants.retain(|grant| grant.kind.named_since() <= version);
    if list.grants.iter().any(|grant| grant.access.since() > version) {
        return Err(only_newer().into());
    }
    Ok(list)
}

fn doc_reply(ask: &DocPull, pushed: DocPushed, pulled: DocPulled, version: u16) -> DocReply {
    let status = match pulled.access {
        Some(Access::Read | Access::Write) => DocStatus::Served,
        Some(Access::HandIn) => DocStatus::HandIn,
        Some(Access::Unknown(_)) => DocStatus::Unavailable,
        None => DocStatus::NoGrant,
    };
    DocReply {
        doc: ask.doc,
        status,
        acked: pushed.acked,
        rejected: pushed.rejected.into_iter().map(|one| Rejected { why: one.why.readable(version), ..one }).collect(),
        snapshot: pulled.snapshot.map(ByteBuf::from),
        changes: pulled.changes.into_iter().map(ByteBuf::from).collect(),
        cursor: pulled.cursor,
        seen: pulled.seen,
        is_more: pulled.is_more,
        heads: pulled.heads,
    }
}
