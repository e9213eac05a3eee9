//! Decides which pushed changes a relay or hub admits to a document's log: pure, given the store's state.

use crate::budget::{Budget, Cost, Spent};
use crate::id::{DeviceId, Sha256};
use crate::wire::{MAX_HEADS_PER_DEVICE, RejectReason};
use std::collections::{BTreeMap, BTreeSet};

/// A well-formed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedChange {
    /// Its hash, computed here from its bytes.
    pub hash: Sha256,
    /// The actor that wrote it.
    pub actor: Vec<u8>,
    /// The device that it names as its author; only the first change of an actor has this.
    pub author: Option<DeviceId>,
    /// Its place in the actor's chain, from 1.
    pub seq: i64,
    /// The other actors whose work it refers to.
    pub others: Vec<Vec<u8>>,
    /// Its dependencies.
    pub deps: Vec<Sha256>,
    /// Whether it touches the document's root.
    pub touches_root: bool,
    /// What it costs to apply.
    pub cost: Cost,
    /// Its bytes as they came.
    pub bytes: Vec<u8>,
}

/// Bytes that are not a change, identified by their SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoChange {
    /// The SHA-256 of the bytes.
    pub hash: Sha256,
}

/// The stored chain of an actor: its end, and its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// The device that the actor writes for.
    pub device: DeviceId,
    /// The sequence number of its last stored change.
    pub last_seq: i64,
    /// The hash of that change.
    pub last_hash: Sha256,
}

/// What the store knows of the changes and actors that a push names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogState {
    /// Those of the pushed changes and their dependencies that are stored.
    pub stored: BTreeSet<Sha256>,
    /// The chains of the pushing actors, and of those that they refer to.
    pub chains: BTreeMap<Vec<u8>, Chain>,
    /// The document's heads, with the devices that they were written for: all of them where [`heads_matter`], else some or none.
    pub heads: BTreeMap<Sha256, DeviceId>,
    /// Other devices for which the pushing one may carry changes of this document.
    pub carried_for: BTreeSet<DeviceId>,
    /// Whether the document has no change yet: only the first one, its birth, touches the root.
    pub is_unborn: bool,
    /// The one birth that the document may have, where its kind has one for all: see [`crate::born::birth`].
    pub birth: Option<&'static [u8]>,
    /// The limits of the document's kind.
    pub budget: Budget,
    /// What the document has cost so far.
    pub spent: Spent,
}

impl LogState {
    /// Whether a change that touches the root may be the document's first.
    fn may_be_birth(&self, change: &PushedChange) -> bool {
        self.is_unborn && change.deps.is_empty() && self.birth.is_none_or(|birth| change.bytes == birth)
    }

    /// Counts a change to the document and to its device, unless either would be over its budget.
    fn spend(&mut self, change: &PushedChange, owner: DeviceId) -> bool {
        let share = self.spent.by_device.entry(owner).or_default();
        let (n_doc, n_device) = (self.spent.n_ops + change.cost.n_ops, *share + change.cost.n_ops);
        if n_doc > self.budget.ops_per_doc || n_device > self.budget.ops_per_device {
            return false;
        }
        (self.spent.n_ops, *share) = (n_doc, n_device);
        true
    }

    /// Makes a change a head and replaces its dependencies, unless its device would have too many heads.
    fn grow(&mut self, change: &PushedChange, owner: DeviceId) -> bool {
        let replaced: BTreeSet<_> = change.deps.iter().filter(|dep| self.heads.get(dep) == Some(&owner)).collect();
        let n_heads = self.heads.values().filter(|device| **device == owner).count();
        if n_heads - replaced.len() >= MAX_HEADS_PER_DEVICE {
            return false;
        }
        for dep in &change.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(change.hash, owner);
        true
    }
}

/// Whether so many pushed changes could bring a device above its number of heads, in a document that has at most so many.
#[must_use]
pub const fn heads_matter(n_heads: usize, n_pushed: usize) -> bool {
    n_heads + n_pushed > MAX_HEADS_PER_DEVICE
}

/// The heads that end one of these chains, with the chain's device. Each head ends a chain.
pub fn owned_heads<'a>(
    heads: &BTreeSet<Sha256>,
    chains: impl IntoIterator<Item = &'a Chain>,
) -> BTreeMap<Sha256, DeviceId> {
    let ends = chains.into_iter().filter(|chain| heads.contains(&chain.last_hash));
    ends.map(|chain| (chain.last_hash, chain.device)).collect()
}

/// The verdict on one pushed change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// To be stored.
    New {
        /// The device for which its actor writes.
        device: DeviceId,
    },
    /// Stored before, or earlier in the same push.
    Stored,
    /// Not admitted.
    Rejected(RejectReason),
    /// Not judged: what came before it is as much as one push may cost. It is neither taken nor refused, so its device pushes it again.
    Later,
}

/// Judges a push in order: a rejected change affects only those that depend on it.
#[must_use]
pub fn admit(push: &[Result<PushedChange, NoChange>], mut known: LogState, device: DeviceId) -> Vec<Verdict> {
    let mut n_ops: u64 = 0;
    push.iter()
        .map(|change| match change {
            Ok(change) if known.stored.contains(&change.hash) => Verdict::Stored,
            Ok(change) => {
                // The first new one always has room, because a change has less than a push.
                n_ops = n_ops.saturating_add(change.cost.n_ops.max(1));
                if n_ops > known.budget.ops_per_push { Verdict::Later } else { judge(change, &mut known, device) }
            }
            Err(NoChange { .. }) => Verdict::Rejected(RejectReason::Malformed),
        })
        .collect()
}

fn judge(change: &PushedChange, known: &mut LogState, device: DeviceId) -> Verdict {
    // A later entry of the root would stand in the place of the one that all results are in.
    if change.touches_root && !known.may_be_birth(change) {
        return Verdict::Rejected(RejectReason::TouchesRoot);
    }
    if known.budget.is_over(&change.cost) {
        return Verdict::Rejected(RejectReason::TooCostly);
    }
    if known.budget.alters(&change.cost) {
        return Verdict::Rejected(RejectReason::AltersEntry);
    }
    let chain = known.chains.get(&change.actor);
    // An actor belongs to the device that its first change names, or else to the one that pushed it.
    let owner = chain.map_or(change.author.unwrap_or(device), |chain| chain.device);
    if owner != device && !known.carried_for.contains(&owner) {
        return Verdict::Rejected(RejectReason::ForeignActor);
    }
    if !change.deps.iter().all(|dep| known.stored.contains(dep)) {
        return Verdict::Rejected(RejectReason::MissingDeps);
    }
    // Referenced actors must have written before, because clients cannot apply a change that refers to an unknown one.
    if !change.others.iter().all(|other| known.chains.contains_key(other)) {
        return Verdict::Rejected(RejectReason::Malformed);
    }
    let is_next = match chain {
        Some(chain) => change.seq == chain.last_seq + 1 && change.deps.contains(&chain.last_hash),
        None => change.seq == 1,
    };
    if !is_next {
        return Verdict::Rejected(RejectReason::SeqGap);
    }
    if !known.grow(change, owner) {
        return Verdict::Rejected(RejectReason::TooManyHeads);
    }
    if !known.spend(change, owner) {
        return Verdict::Rejected(RejectReason::TooCostly);
    }
    known.is_unborn = false;
    known.stored.insert(change.hash);
    let chain = Chain { device: owner, last_seq: change.seq, last_hash: change.hash };
    known.chains.insert(change.actor.clone(), chain);
    Verdict::New { device: owner }
}
