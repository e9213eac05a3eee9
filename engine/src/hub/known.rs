//! The state of a document that the relay's admission rules need, for a hub and for a phone that receives changes from one.

use crate::doc::{kind, weigh};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::office::dashboard::roster_of_all;
use crate::store::{costs, docs, laws, stored};
use crate::sync::absorb::read_change;
use automerge::Change;
use porchlight_model::admit::{Chain, LogState, NoChange, PushedChange, heads_matter, owned_heads};
use porchlight_model::budget::{Spent, shares_matter};
use porchlight_model::chunk::touches_root;
use porchlight_model::id::{DeviceId, DocId, Sha256};
use porchlight_model::member::Role;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Collects what is known of a document's changes and actors, for a check of `push`.
pub(crate) fn known(
    tx: &mut Tx<'_>,
    doc: DocId,
    carried_for: BTreeSet<DeviceId>,
    push: &[Result<PushedChange, NoChange>],
) -> Result<LogState, EngineError> {
    let mut known = LogState { carried_for, ..LogState::default() };
    let own = tx.member()?.identity.device;
    for stored in stored::all(tx.conn(), doc)? {
        known.stored.insert(stored.hash);
        let device = match known.chains.get(&stored.actor) {
            Some(chain) => chain.device,
            None => author(tx, doc, stored.hash)?.unwrap_or(own),
        };
        let is_longer = known.chains.get(&stored.actor).is_none_or(|chain| chain.last_seq < stored.seq);
        if is_longer {
            known.chains.insert(stored.actor, Chain { device, last_seq: stored.seq, last_hash: stored.hash });
        }
    }
    if heads_matter(known.chains.len(), push.len()) {
        known.heads = owned_heads(&tx.heads(doc)?.into_iter().collect(), known.chains.values());
    }
    if let Some(row) = docs::get(tx.conn(), doc)? {
        known.budget = kind::of(row.kind).budget;
    }
    known.spent = spent(tx, doc, &known, push)?;
    Ok(known)
}

/// What the document has cost, with each device's share where one could be used up.
fn spent(
    tx: &Tx<'_>,
    doc: DocId,
    known: &LogState,
    push: &[Result<PushedChange, NoChange>],
) -> Result<Spent, EngineError> {
    let mut spent = Spent { n_ops: costs::of(tx.conn(), doc)?, ..Spent::default() };
    let n_pushed = push.iter().flatten().map(|change| change.cost.n_ops).sum();
    if shares_matter(&known.budget, spent.n_ops, n_pushed) {
        for (actor, n_ops) in costs::by_actor(tx.conn(), doc)? {
            if let Some(chain) = known.chains.get(&actor) {
                *spent.by_device.entry(chain.device).or_default() += n_ops;
            }
        }
    }
    Ok(spent)
}

/// The devices for which nobody of this role delivers, by what the relay says of devices.
pub(crate) fn not_carried_by(conn: &Connection, carrier: Role) -> Result<BTreeSet<DeviceId>, EngineError> {
    let roster = roster_of_all(conn)?.into_iter().map(|device| (device.device, device.role));
    let told = laws::roles(conn)?.into_iter().chain(roster);
    Ok(told.filter(|(_, role)| !carrier.may_carry_for(*role)).map(|(device, _)| device).collect())
}

/// The device that an actor's first change names.
fn author(tx: &Tx<'_>, doc: DocId, first: Sha256) -> Result<Option<DeviceId>, EngineError> {
    let Some(bytes) = stored::bytes(tx.conn(), doc, first)? else { return Ok(None) };
    let change = read_change(bytes)?;
    Ok(change.author().and_then(|author| author.as_bytes().try_into().ok()).map(DeviceId::from_bytes))
}

/// Extracts from a change what the rules need.
pub(crate) fn pushed(bytes: Vec<u8>, change: &Change) -> PushedChange {
    PushedChange {
        hash: Sha256(change.hash().0),
        actor: change.actor_id().to_bytes().to_vec(),
        author: change.author().and_then(|author| author.as_bytes().try_into().ok()).map(DeviceId::from_bytes),
        seq: i64::try_from(change.seq()).unwrap_or(i64::MAX),
        others: change.other_actor_ids().iter().map(|actor| actor.to_bytes().to_vec()).collect(),
        deps: change.deps().iter().map(|dep| Sha256(dep.0)).collect(),
        touches_root: touches_root(&bytes),
        cost: weigh::cost_of(change),
        bytes,
    }
}
