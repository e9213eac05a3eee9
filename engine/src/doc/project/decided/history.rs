//! What became of the entries of the campaign document that somebody without the right wrote over or removed. Automerge keeps nothing of a
//! removal that could be asked for, so the changes are read. There are such changes only where a relay of an older version accepted them.
//!
//! ```text
//! Olga: turf = A ──┬── Eve: removes turf ── Olga: turf = B        B stands: Olga knew of A when she wrote it
//!                  └── Sam: turf = C                              C stands, too: neither knew of the other
//! ```

use crate::error::EngineError;
use crate::store::{changes, stored};
use crate::sync::absorb::read_change;
use automerge::legacy::{Key as NamedKey, ObjectId, Op, OpType};
use automerge::{ActorId, Change, ObjId, ScalarValue};
use porchlight_model::id::{DocId, Sha256};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// An operation: its number, and the actor that wrote it.
type Place = (u64, Vec<u8>);

/// How much of each deciding actor's work a change had seen: its last sequence number, by the actor's index.
type Seen = Rc<Vec<u64>>;

/// The entries that others wrote over or removed, by map, with what was decided about them.
#[derive(Default)]
pub(super) struct History(BTreeMap<Place, BTreeMap<String, Vec<Written>>>);

/// An operation on an entry by somebody who decides.
pub(super) struct Written {
    place: Place,
    /// The change that it is of.
    pub(super) change: Sha256,
    /// The index of its actor among those that decide.
    actor: usize,
    seq: u64,
    seen: Seen,
    /// What it wrote; `None` if it removed the entry, or made it something else than a scalar.
    pub(super) value: Option<ScalarValue>,
}

impl Written {
    /// Whether it was made in knowledge of another one, which it replaces.
    fn replaces(&self, other: &Self) -> bool {
        if self.change == other.change {
            return self.place > other.place;
        }
        self.seen.get(other.actor).is_some_and(|seen| *seen >= other.seq)
    }
}

impl History {
    /// Reads a document's changes, if some were written by `others`, who do not decide.
    pub(super) fn read(conn: &Connection, doc: DocId, others: &BTreeSet<ActorId>) -> Result<Self, EngineError> {
        let mut history = Self::default();
        for actor in others {
            for bytes in stored::by_actor(conn, doc, actor.to_bytes())? {
                for op in &read_change(bytes)?.decode().operations {
                    if let Some((map, name)) = entry_of(op) {
                        history.0.entry(map).or_default().entry(name.to_owned()).or_default();
                    }
                }
            }
        }
        if history.0.is_empty() {
            return Ok(history);
        }
        let (mut actors, mut seen) = (BTreeMap::new(), BTreeMap::new());
        for bytes in changes::load(conn, doc)? {
            let change = read_change(bytes)?;
            let known = seen_by(&change, &seen);
            let known = if others.contains(change.actor_id()) {
                known
            } else {
                let n_actors = actors.len();
                let actor = *actors.entry(change.actor_id().clone()).or_insert(n_actors);
                history.add(&change, actor, &known);
                with(&known, actor, change.seq())
            };
            seen.insert(change.hash(), known);
        }
        Ok(history)
    }

    fn add(&mut self, change: &Change, actor: usize, seen: &Seen) {
        let (hash, first) = (Sha256(change.hash().0), change.start_op().get());
        for (number, op) in (first..).zip(change.decode().operations) {
            let Some((map, name)) = entry_of(&op) else { continue };
            let Some(written) = self.0.get_mut(&map).and_then(|entries| entries.get_mut(name)) else { continue };
            let place = (number, change.actor_id().to_bytes().to_vec());
            let value = match op.action {
                OpType::Put(value) => Some(value),
                _ => None,
            };
            written.push(Written { place, change: hash, actor, seq: change.seq(), seen: seen.clone(), value });
        }
    }

    /// The entries of a map that others wrote over or removed.
    pub(super) fn keys_of(&self, map: &ObjId) -> impl Iterator<Item = &str> {
        place_of(map).and_then(|place| self.0.get(&place)).into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// What stands under a key as if others had written nothing there, in the order in which Automerge would show the last;
    /// `None` where they did not.
    pub(super) fn standing(&self, map: &ObjId, key: &str) -> Option<Vec<&Written>> {
        let written = self.0.get(&place_of(map)?)?.get(key)?;
        let stands = |one: &&Written| one.value.is_some() && !written.iter().any(|other| other.replaces(one));
        let mut standing: Vec<&Written> = written.iter().filter(stands).collect();
        standing.sort_by(|one, other| one.place.cmp(&other.place));
        Some(standing)
    }
}

/// The map and the key that an operation is about.
fn entry_of(op: &Op) -> Option<(Place, &str)> {
    match (&op.obj, &op.key) {
        (ObjectId::Id(map), NamedKey::Map(name)) => Some(((map.0, map.1.to_bytes().to_vec()), name.as_str())),
        _ => None,
    }
}

fn place_of(map: &ObjId) -> Option<Place> {
    match map {
        ObjId::Root => None,
        ObjId::Id(number, actor, _) => Some((*number, actor.to_bytes().to_vec())),
    }
}

/// What a change had seen, from its dependencies; shared with one of them where that saw it all.
fn seen_by(change: &Change, seen: &BTreeMap<automerge::ChangeHash, Seen>) -> Seen {
    let mut all = Seen::default();
    for dep in change.deps().iter().filter_map(|dep| seen.get(dep)) {
        let at = |seen: &Seen, n: usize| seen.get(n).copied().unwrap_or_default();
        let n = all.len().max(dep.len());
        let (has_less, has_more) = (0..n).fold((false, false), |(less, more), n| {
            (less || at(&all, n) < at(dep, n), more || at(&all, n) > at(dep, n))
        });
        all = match (has_less, has_more) {
            (false, _) => all,
            (true, false) => dep.clone(),
            (true, true) => Rc::new((0..n).map(|n| at(&all, n).max(at(dep, n))).collect()),
        };
    }
    all
}

fn with(seen: &Seen, actor: usize, seq: u64) -> Seen {
    let mut seen: Vec<u64> = seen.to_vec();
    if seen.len() <= actor {
        seen.resize(actor + 1, 0);
    }
    seen[actor] = seq;
    Rc::new(seen)
}
