//! The logs that a group of pushes appends to: locked and read, judged in memory, written with one statement for each table.

use super::super::database::{Params, Tx, all, run, statement};
use super::super::rows::{self, Drawn, Enrolled};
use super::carry::Strangers;
use super::find::{Found, Granted};
use super::{DocResult, asked, hash_of};
use crate::change::{self, NoChange, PushedChange};
use crate::store::{DocPush, DocPushed, Push, StoreError, words};
use porchlight_model::admit::{Chain, LogState, Verdict, admit, heads_matter, owned_heads};
use porchlight_model::born::birth;
use porchlight_model::budget::{Budget, Spent, shares_matter};
use porchlight_model::id::{DeviceId, Sha256};
use porchlight_model::wire::{Access, Acked, DocKind, RejectReason, Rejected};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Row;

/// One document's log, as far as the group names it.
pub(super) struct DocLog<'a> {
    campaign: i64,
    last: i64,
    heads: BTreeSet<Sha256>,
    /// What it has cost so far; each device's share only where it matters.
    spent: Spent,
    /// The numbers of stored changes.
    numbers: BTreeMap<Sha256, i64>,
    chains: BTreeMap<Vec<u8>, Chain>,
    new: Vec<(i64, &'a PushedChange)>,
    /// The devices, by key, of the actors that wrote something new.
    writers: BTreeMap<Vec<u8>, i64>,
    /// What the new changes of each actor cost, in operations.
    costs: BTreeMap<Vec<u8>, i64>,
}

impl DocLog<'_> {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            campaign: row.try_get(1)?,
            last: row.try_get(2)?,
            heads: rows::heads(row, 3)?.into_iter().collect(),
            spent: Spent { n_ops: rows::count(row, 4)?, by_device: BTreeMap::new() },
            numbers: BTreeMap::new(),
            chains: BTreeMap::new(),
            new: Vec::new(),
            writers: BTreeMap::new(),
            costs: BTreeMap::new(),
        })
    }

    /// The device that an actor writes for.
    pub(super) fn writer(&self, actor: &[u8]) -> Option<DeviceId> {
        self.chains.get(actor).map(|chain| chain.device)
    }
}

/// The logs of all documents that the group appends to, by the documents' keys.
pub(super) struct Log<'a> {
    docs: BTreeMap<i64, DocLog<'a>>,
    /// Documents that were there when the group was found, but not when they were locked.
    gone: BTreeSet<i64>,
    /// Devices that are not known, and whose changes some pushes may bring.
    pub(super) strangers: Strangers,
}

impl<'a> Log<'a> {
    /// Locks the documents in the order of their keys and reads what the pushes name of their logs.
    pub(super) async fn open(tx: &Tx<'_>, pushes: &[(&Push, &Enrolled)], found: &Found) -> Result<Self, StoreError> {
        let mut log = Self { docs: BTreeMap::new(), gone: BTreeSet::new(), strangers: Strangers::default() };
        let (mut hashes, mut actors) = (BTreeSet::new(), BTreeSet::new());
        let mut n_pushed: BTreeMap<i64, usize> = BTreeMap::new();
        let mut pushed: BTreeMap<i64, (Budget, u64)> = BTreeMap::new();
        for (push, _, doc) in asked(pushes) {
            let granted = found.get(&(push.device, doc.doc));
            let Some(granted) = granted.filter(|doc| matches!(doc.access, Some(Access::Write | Access::HandIn))) else {
                continue;
            };
            *n_pushed.entry(granted.key).or_default() += doc.changes.len();
            let n_ops = doc.changes.iter().flatten().map(|change| change.cost.n_ops).sum::<u64>();
            pushed.entry(granted.key).or_insert((Budget::of(granted.kind), 0)).1 += n_ops;
            for change in doc.changes.iter().flatten() {
                hashes.extend(change.deps.iter().chain([&change.hash]).map(|hash| (granted.key, hash.0)));
                let named = change.others.iter().chain([&change.actor]);
                actors.extend(named.map(|actor| (granted.key, actor.as_slice())));
            }
        }
        if actors.is_empty() {
            return Ok(log);
        }
        let keys: BTreeSet<_> = actors.iter().map(|(key, _)| *key).collect();
        let keys: Vec<_> = keys.into_iter().collect();
        for row in &all(tx, include_str!("../sql/lock_docs.sql"), &[&keys]).await? {
            log.docs.insert(row.try_get(0)?, DocLog::read(row)?);
        }
        let of_heads = actors_of_heads(tx, &log.docs, &n_pushed).await?;
        actors.extend(of_heads.iter().map(|(key, actor)| (*key, actor.as_slice())));
        log.read_shares(tx, &pushed).await?;
        log.gone = keys.into_iter().filter(|key| !log.docs.contains_key(key)).collect();
        log.read(tx, hashes, actors).await?;
        Ok(log)
    }

    async fn read(
        &mut self,
        tx: &Tx<'_>,
        hashes: BTreeSet<(i64, [u8; 32])>,
        actors: BTreeSet<(i64, &[u8])>,
    ) -> Result<(), StoreError> {
        let (hash_docs, hashes): (Vec<_>, Vec<_>) = hashes.into_iter().map(|(doc, hash)| (doc, hash.to_vec())).unzip();
        let (actor_docs, actors): (Vec<_>, Vec<_>) = actors.into_iter().unzip();
        let stored = statement(tx, include_str!("../sql/stored.sql")).await?;
        let chains = statement(tx, include_str!("../sql/chains.sql")).await?;
        let (named, writing): (Params<'_>, Params<'_>) = (&[&hash_docs, &hashes], &[&actor_docs, &actors]);
        // `biased`, here and elsewhere: of statements sent together the first that fails tells why; those behind it only that it did.
        let (stored, chains) = tokio::try_join!(biased; tx.query(&stored, named), tx.query(&chains, writing))?;
        for row in &stored {
            if let Some(doc) = self.docs.get_mut(&row.try_get(0)?) {
                doc.numbers.insert(rows::hash(row, 1)?, row.try_get(2)?);
            }
        }
        for row in &chains {
            let device = DeviceId::from_bytes(rows::bytes(row, 2)?);
            let chain = Chain { device, last_seq: row.try_get(3)?, last_hash: rows::hash(row, 4)? };
            if let Some(doc) = self.docs.get_mut(&row.try_get(0)?) {
                doc.chains.insert(row.try_get(1)?, chain);
            }
        }
        Ok(())
    }

    /// Reads what each device has cost, of documents where the group could use up a device's share.
    async fn read_shares(&mut self, tx: &Tx<'_>, pushed: &BTreeMap<i64, (Budget, u64)>) -> Result<(), StoreError> {
        let n_ops = |key: &i64| self.docs.get(key).map_or(0, |doc| doc.spent.n_ops);
        let keys = pushed.iter().filter(|(key, (budget, n_pushed))| shares_matter(budget, n_ops(key), *n_pushed));
        let keys: Vec<_> = keys.map(|(key, _)| *key).collect();
        if keys.is_empty() {
            return Ok(());
        }
        for row in &all(tx, include_str!("../sql/shares.sql"), &[&keys]).await? {
            if let Some(doc) = self.docs.get_mut(&row.try_get(0)?) {
                doc.spent.by_device.insert(DeviceId::from_bytes(rows::bytes(row, 1)?), rows::count(row, 2)?);
            }
        }
        Ok(())
    }

    /// Whether a document was forgotten before it could be locked.
    pub(super) fn is_gone(&self, key: i64) -> bool {
        self.gone.contains(&key)
    }

    /// A document's log.
    pub(super) fn doc(&self, key: i64) -> Option<&DocLog<'a>> {
        self.docs.get(&key)
    }

    /// Judges what a device pushes to a document, and appends what is taken.
    pub(super) fn append(
        &mut self,
        granted: &Granted,
        device: &Enrolled,
        push: &'a DocPush,
        owners: &BTreeMap<DeviceId, i64>,
    ) -> DocResult {
        let mut pushed = DocPushed::default();
        let Some(doc) = self.docs.get_mut(&granted.key) else {
            // Not locked: nothing of it is a change.
            return (super::reject_all(&push.changes, RejectReason::Malformed), None);
        };
        let known = known(doc, granted.kind, push, owners);
        let before = doc.last;
        for (change, verdict) in push.changes.iter().zip(admit(&push.changes, known, device.device)) {
            let hash = hash_of(change);
            match (verdict, change) {
                (Verdict::New { device: owner }, Ok(change)) => {
                    doc.last += 1;
                    pushed.acked.push(Acked { hash, n: doc.last.cast_unsigned() });
                    let owner_key = owners.get(&owner).copied().unwrap_or(device.key);
                    take(doc, change, owner, owner_key);
                }
                (Verdict::Stored, _) => {
                    let n = doc.numbers.get(&hash).copied().unwrap_or_default();
                    pushed.acked.push(Acked { hash, n: n.cast_unsigned() });
                }
                (Verdict::Rejected(why), _) => pushed.rejected.push(Rejected { hash, why }),
                (Verdict::Later, _) => {}
                (Verdict::New { .. }, Err(NoChange { .. })) => {
                    pushed.rejected.push(Rejected { hash, why: RejectReason::Malformed });
                }
            }
        }
        (pushed, (doc.last > before).then_some(doc.last))
    }

    /// Writes all that was appended, then draws the campaigns' numbers, the last locks that are taken.
    pub(super) async fn write(
        mut self,
        tx: &Tx<'_>,
        n_grants: &BTreeMap<i64, i64>,
    ) -> Result<BTreeMap<i64, Drawn>, StoreError> {
        self.name_strangers(tx).await?;
        let changed: Vec<_> = self.docs.into_iter().filter(|(_, doc)| !doc.new.is_empty()).collect();
        if !changed.is_empty() {
            add_changes(tx, &changed).await?;
        }
        let mut wanted: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        changed.iter().for_each(|(_, doc)| wanted.entry(doc.campaign).or_default().0 = 1);
        n_grants.iter().for_each(|(campaign, n)| wanted.entry(*campaign).or_default().1 = *n);
        let mut drawn = BTreeMap::new();
        for (campaign, (n_feed, n_grants)) in wanted {
            drawn.insert(campaign, rows::draw(tx, campaign, n_feed, n_grants).await?);
        }
        if !changed.is_empty() {
            raise_docs(tx, &changed, &drawn).await?;
        }
        Ok(drawn)
    }
}

impl Log<'_> {
    /// Makes placeholders of unknown devices whose changes were taken, and names them as the writers.
    async fn name_strangers(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let writers = self.docs.values().flat_map(|doc| doc.writers.values().copied());
        let keys = self.strangers.make(tx, &writers.filter(|key| *key < 0).collect()).await?;
        for writer in self.docs.values_mut().flat_map(|doc| doc.writers.values_mut()) {
            *writer = keys.get(writer).copied().unwrap_or(*writer);
        }
        Ok(())
    }
}

/// What the store and the pushes before this one know of what it names.
fn known(doc: &DocLog<'_>, kind: DocKind, push: &DocPush, owners: &BTreeMap<DeviceId, i64>) -> LogState {
    let heads = owned_heads(&doc.heads, doc.chains.values());
    let carried_for = owners.keys().copied().collect();
    let (is_unborn, birth, budget, spent) = (doc.last == 0, birth(kind), Budget::of(kind), doc.spent.clone());
    let mut known = LogState { carried_for, heads, is_unborn, birth, budget, spent, ..LogState::default() };
    for change in push.changes.iter().flatten() {
        let named = change.deps.iter().chain([&change.hash]);
        known.stored.extend(named.filter(|hash| doc.numbers.contains_key(*hash)));
        for actor in change.others.iter().chain([&change.actor]) {
            if let Some(chain) = doc.chains.get(actor) {
                known.chains.insert(actor.clone(), *chain);
            }
        }
    }
    known
}

/// The actors that wrote the heads of documents where the group could bring a device above its number of heads.
async fn actors_of_heads(
    tx: &Tx<'_>,
    docs: &BTreeMap<i64, DocLog<'_>>,
    n_pushed: &BTreeMap<i64, usize>,
) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let (keys, heads): (Vec<_>, Vec<_>) = docs
        .iter()
        .filter(|(key, doc)| heads_matter(doc.heads.len(), n_pushed.get(*key).copied().unwrap_or_default()))
        .flat_map(|(key, doc)| doc.heads.iter().map(|head| (*key, head.0.as_slice())))
        .unzip();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut actors = Vec::new();
    for row in &all(tx, include_str!("../sql/bytes_of.sql"), &[&keys, &heads]).await? {
        let Ok(change) = change::read(row.try_get(1)?) else { continue };
        actors.push((row.try_get(0)?, change.actor));
    }
    Ok(actors)
}

fn take<'a>(doc: &mut DocLog<'a>, change: &'a PushedChange, owner: DeviceId, owner_key: i64) {
    doc.numbers.insert(change.hash, doc.last);
    for dep in &change.deps {
        doc.heads.remove(dep);
    }
    doc.heads.insert(change.hash);
    let chain = Chain { device: owner, last_seq: change.seq, last_hash: change.hash };
    doc.chains.insert(change.actor.clone(), chain);
    doc.writers.insert(change.actor.clone(), owner_key);
    doc.spent.n_ops += change.cost.n_ops;
    *doc.spent.by_device.entry(owner).or_default() += change.cost.n_ops;
    *doc.costs.entry(change.actor.clone()).or_default() += i64::try_from(change.cost.n_ops).unwrap_or(i64::MAX);
    doc.new.push((doc.last, change));
}

/// Adds the new changes of all documents, and extends their actors' chains.
async fn add_changes(tx: &Tx<'_>, changed: &[(i64, DocLog<'_>)]) -> Result<(), StoreError> {
    let (mut docs, mut numbers, mut hashes, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut chain_docs, mut actors, mut devices, mut seqs, mut lasts, mut costs) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for (key, doc) in changed {
        for (n, change) in &doc.new {
            docs.push(*key);
            numbers.push(*n);
            hashes.push(change.hash.0.as_slice());
            bytes.push(change.bytes.as_slice());
        }
        for (actor, device) in &doc.writers {
            let Some(chain) = doc.chains.get(actor) else { continue };
            chain_docs.push(*key);
            actors.push(actor.as_slice());
            devices.push(*device);
            seqs.push(chain.last_seq);
            lasts.push(chain.last_hash.0.as_slice());
            costs.push(doc.costs.get(actor).copied().unwrap_or_default());
        }
    }
    let add = statement(tx, include_str!("../sql/add_changes.sql")).await?;
    let extend = statement(tx, include_str!("../sql/extend_chains.sql")).await?;
    let new: Params<'_> = &[&docs, &numbers, &hashes, &bytes];
    let longer: Params<'_> = &[&chain_docs, &actors, &devices, &seqs, &lasts, &costs];
    tokio::try_join!(biased; tx.execute(&add, new), tx.execute(&extend, longer))?;
    Ok(())
}

/// Raises the documents' numbers and feeds, and keeps their heads.
async fn raise_docs(
    tx: &Tx<'_>,
    changed: &[(i64, DocLog<'_>)],
    drawn: &BTreeMap<i64, Drawn>,
) -> Result<(), StoreError> {
    let (mut keys, mut lasts, mut feeds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut heads, mut costs) = (Vec::new(), Vec::new());
    for (key, doc) in changed {
        keys.push(*key);
        lasts.push(doc.last);
        feeds.push(drawn.get(&doc.campaign).map_or(0, |drawn| drawn.feed));
        heads.push(words::heads_bytes(&doc.heads));
        costs.push(doc.spent.n_ops.cast_signed());
    }
    run(tx, include_str!("../sql/raise_docs.sql"), &[&keys, &lasts, &feeds, &heads, &costs]).await?;
    Ok(())
}
