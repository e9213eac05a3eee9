//! Takes pushed changes into the log, all of a request in one transaction, without loading a document.

use super::carry;
use super::{enrol, forget, hashes, people, rows};
use crate::change::{self, NoChange, PushedChange};
use crate::grants;
use crate::limits::MAX_CAMPAIGN_DOCS;
use crate::store::{DocPush, DocPushed, Hint, Push, Pushed, StoreError, Whose, words};
use porchlight_model::admit::{Chain, LogState, Verdict, admit, heads_matter, owned_heads};
use porchlight_model::born::birth;
use porchlight_model::budget::{Budget, Spent, shares_matter};
use porchlight_model::id::{DeviceId, DocId, Sha256};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, Acked, RejectReason, Rejected};
use rusqlite::{Connection, OptionalExtension, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// Takes in a push and renews the device's lease.
pub(super) fn push(conn: &Connection, push: &Push) -> Result<Pushed, StoreError> {
    let device = rows::enrolled(conn, push.device)?;
    let lease_until = device.renewed_lease(push.now);
    if lease_until != device.lease_until {
        conn.prepare_cached("UPDATE device SET lease_until = :until, last_heard = :now WHERE key = :device")?
            .execute(named_params! { ":until": lease_until.0, ":now": push.now.0, ":device": device.key })?;
    }
    let mut intake = Intake {
        conn,
        device: &device,
        now: push.now,
        feed: None,
        grants: device.grants,
        has_born: false,
        news: Vec::new(),
    };
    let docs = push.docs.iter().map(|doc| intake.take_in(doc)).collect::<Result<_, _>>()?;
    let (grants, since) = (intake.grants, device.grants);
    // Created turf is announced to devices with access to everything; access to hand in is announced to nobody.
    let born = intake.has_born.then_some(None);
    let news = intake.news.into_iter().map(Some).chain(born);
    let hint = |doc| Hint { campaign: device.campaign, grants, since, by: device.device, doc, whose: Whose::Nobody };
    Ok(Pushed { lease_until, docs, hints: news.map(hint).collect() })
}

/// One request's way through the store.
struct Intake<'a> {
    conn: &'a Connection,
    device: &'a rows::Enrolled,
    now: At,
    /// The campaign's feed for this request's changes, drawn at the first one.
    feed: Option<i64>,
    grants: u64,
    has_born: bool,
    /// The documents with new changes, and the number of the last.
    news: Vec<(DocId, u64)>,
}

impl Intake<'_> {
    fn take_in(&mut self, push: &DocPush) -> Result<DocPushed, StoreError> {
        let mut pushed = DocPushed::default();
        let Some(doc) = self.find_or_bear(push)? else { return Ok(pushed) };
        let mut access = people::access(self.conn, self.device, &doc)?;
        if access.is_none() && !push.changes.is_empty() && self.let_hand_in(&doc, push)? {
            access = Some(Access::HandIn);
        }
        match access {
            Some(Access::Unknown(_)) | None => {}
            Some(Access::Read) => pushed.rejected = reject_all(&push.changes, RejectReason::ReadOnly),
            Some(Access::Write | Access::HandIn) => self.append(push, &doc, &mut pushed)?,
        }
        Ok(pushed)
    }

    /// Finds the document, or creates it where the push says that it is new and the device's role may create it.
    fn find_or_bear(&mut self, push: &DocPush) -> Result<Option<rows::DocRow>, StoreError> {
        if let Some(doc) = rows::doc(self.conn, push.doc)? {
            return Ok(Some(doc));
        }
        if push.born.is_some() && forget::is_forgotten(self.conn, push.doc)? {
            return Ok(None);
        }
        let campaign_key = self.device.campaign_key;
        let rows::Enrolled { role, campaign, .. } = *self.device;
        let Some(kind) = push.born.filter(|kind| grants::may_bear(role, *kind, campaign, push.doc)) else {
            return Ok(None);
        };
        if self.n_docs()? >= MAX_CAMPAIGN_DOCS {
            return Ok(None);
        }
        let key = enrol::add_doc(self.conn, push.doc, campaign_key, kind, self.now)?;
        self.has_born = true;
        self.grants = rows::raise_grants(self.conn, campaign_key)?.end;
        Ok(Some(rows::DocRow { key, campaign_key, kind, last: 0, seen: 0, heads: Vec::new(), indexed: 0, n_ops: 0 }))
    }

    /// While the store recovers from a restore, gives the device *hand in* access to a turf that the store does not know to be its own. The push
    /// must name a stored change of the turf: its hash reaches only those who held the turf. The device receives nothing of the turf.
    fn let_hand_in(&mut self, doc: &rows::DocRow, push: &DocPush) -> Result<bool, StoreError> {
        let device = self.device;
        let is_own = doc.campaign_key == device.campaign_key;
        if !is_own || !grants::may_have_had(device.role, doc.kind) || !carry::is_recovering(self.conn, self.now)? {
            return Ok(false);
        }
        let (known, _) = known(self.conn, doc, &push.changes)?;
        if known.stored.is_empty() {
            return Ok(false);
        }
        self.conn
            .prepare_cached(include_str!("../sql/let_hand_in.sql"))?
            .execute(named_params! { ":device": device.key, ":doc": doc.key })?;
        self.grants = rows::raise_grants(self.conn, device.campaign_key)?.end;
        Ok(true)
    }

    fn n_docs(&self) -> Result<i64, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT count(*) FROM doc WHERE campaign = :campaign")?;
        Ok(statement.query_row(named_params! { ":campaign": self.device.campaign_key }, |row| row.get(0))?)
    }

    fn append(&mut self, push: &DocPush, doc: &rows::DocRow, pushed: &mut DocPushed) -> Result<(), StoreError> {
        let (mut known, mut numbers) = known(self.conn, doc, &push.changes)?;
        let mut owners = carry::owners(self.conn, self.device, doc, push, &known, self.now)?;
        known.carried_for = owners.carried_for(self.device.device);
        let verdicts = admit(&push.changes, known, self.device.device);
        let mut last = doc.last;
        let mut grown = Grown { ends: BTreeMap::new(), heads: doc.heads.iter().copied().collect(), n_ops: 0 };
        let mut add = self.conn.prepare_cached(include_str!("../sql/add_change.sql"))?;
        for (change, verdict) in push.changes.iter().zip(verdicts) {
            let hash = hash_of(change);
            match (verdict, change) {
                (Verdict::New { device }, Ok(change)) => {
                    last += 1;
                    let owner = owners.key(self.conn, self.device.campaign_key, device)?;
                    add.execute(named_params! {
                        ":doc": doc.key, ":n": last, ":hash": hash.0, ":bytes": change.bytes
                    })?;
                    grown.add(change, owner);
                    numbers.insert(hash, last);
                    pushed.acked.push(Acked { hash, n: last.cast_unsigned() });
                }
                (Verdict::Stored, _) => {
                    let n = numbers.get(&hash).copied().unwrap_or_default();
                    pushed.acked.push(Acked { hash, n: n.cast_unsigned() });
                }
                (Verdict::Rejected(why), _) => pushed.rejected.push(Rejected { hash, why }),
                (Verdict::Later, _) => {}
                (Verdict::New { .. }, Err(NoChange { .. })) => {
                    pushed.rejected.push(Rejected { hash, why: RejectReason::Malformed });
                }
            }
        }
        if last > doc.last {
            grown.store_ends(self.conn, doc.key)?;
            let (feed, heads) = (self.feed()?, words::heads_bytes(&grown.heads));
            let indexed = hashes::enter(self.conn, doc, last)?;
            self.conn.prepare_cached(include_str!("../sql/raise_doc.sql"))?.execute(named_params! {
                ":last": last, ":feed": feed, ":heads": heads, ":indexed": indexed, ":n_ops": grown.n_ops, ":doc": doc.key
            })?;
            self.news.push((push.doc, last.cast_unsigned()));
        }
        Ok(())
    }

    fn feed(&mut self) -> Result<i64, StoreError> {
        if let Some(feed) = self.feed {
            return Ok(feed);
        }
        let feed = rows::next_feed(self.conn, self.device.campaign_key)?;
        self.feed = Some(feed);
        Ok(feed)
    }
}

fn hash_of(change: &Result<PushedChange, NoChange>) -> Sha256 {
    match change {
        Ok(change) => change.hash,
        Err(no_change) => no_change.hash,
    }
}

fn reject_all(changes: &[Result<PushedChange, NoChange>], why: RejectReason) -> Vec<Rejected> {
    changes.iter().map(|change| Rejected { hash: hash_of(change), why }).collect()
}

/// What the store knows of the changes and actors that a push names, and the numbers of those of its changes that it has. A change
/// beyond the end of its actor's chain is not stored, and a head is: most pushes are judged without a look at the log.
fn known(
    conn: &Connection,
    doc: &rows::DocRow,
    push: &[Result<PushedChange, NoChange>],
) -> Result<(LogState, BTreeMap<Sha256, i64>), StoreError> {
    let budget = Budget::of(doc.kind);
    let spent = spent(conn, doc, &budget, push)?;
    let mut known = LogState { is_unborn: doc.last == 0, birth: birth(doc.kind), budget, spent, ..LogState::default() };
    let mut chain = conn.prepare_cached(include_str!("../sql/chain.sql"))?;
    let of_heads = if heads_matter(doc.heads.len(), push.len()) { actors_of_heads(conn, doc)? } else { Vec::new() };
    let named = push.iter().flatten().flat_map(|change| change.others.iter().chain([&change.actor]));
    for actor in named.chain(&of_heads) {
        if known.chains.contains_key(actor) {
            continue;
        }
        let found = chain
            .query_row(named_params! { ":doc": doc.key, ":actor": actor }, |row| {
                let device = DeviceId::from_bytes(row.get(0)?);
                Ok(Chain { device, last_seq: row.get(1)?, last_hash: Sha256(row.get(2)?) })
            })
            .optional()?;
        known.chains.extend(found.map(|found| (actor.clone(), found)));
    }
    let pushed: BTreeSet<_> = push.iter().flatten().map(|change| change.hash).collect();
    let heads: BTreeSet<_> = doc.heads.iter().copied().collect();
    known.heads = owned_heads(&heads, known.chains.values());
    let mut wanted = BTreeSet::new();
    for change in push.iter().flatten() {
        if known.chains.get(&change.actor).is_some_and(|chain| change.seq <= chain.last_seq) {
            wanted.insert(change.hash);
        }
        for dep in change.deps.iter().filter(|dep| !pushed.contains(*dep)) {
            if heads.contains(dep) {
                known.stored.insert(*dep);
            } else {
                wanted.insert(*dep);
            }
        }
    }
    let numbers = hashes::numbers(conn, doc, wanted)?;
    known.stored.extend(numbers.keys());
    Ok((known, numbers))
}

/// What the document has cost, with each device's share where one could be used up by this push.
fn spent(
    conn: &Connection,
    doc: &rows::DocRow,
    budget: &Budget,
    push: &[Result<PushedChange, NoChange>],
) -> Result<Spent, StoreError> {
    let mut spent = Spent { n_ops: doc.n_ops.cast_unsigned(), by_device: BTreeMap::new() };
    let n_pushed = push.iter().flatten().map(|change| change.cost.n_ops).sum();
    if shares_matter(budget, spent.n_ops, n_pushed) {
        let mut shares = conn.prepare_cached(include_str!("../sql/shares.sql"))?;
        let rows = shares.query_map(named_params! { ":doc": doc.key }, |row| {
            Ok((DeviceId::from_bytes(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        spent.by_device = rows.collect::<Result<_, _>>()?;
    }
    Ok(spent)
}

/// The actors that wrote the document's heads.
fn actors_of_heads(conn: &Connection, doc: &rows::DocRow) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut bytes = conn.prepare_cached("SELECT bytes FROM change WHERE doc = :doc AND n = :n")?;
    let mut actors = Vec::new();
    for n in hashes::numbers(conn, doc, doc.heads.iter().copied().collect())?.values() {
        let stored = bytes.query_row(named_params! { ":doc": doc.key, ":n": n }, |row| row.get(0))?;
        actors.extend(change::read(stored).map(|change| change.actor));
    }
    Ok(actors)
}

/// What a request's changes make of a document's chains and heads: most changes of a shift stand in one chain, whose end alone is kept.
struct Grown<'a> {
    /// By actor.
    ends: BTreeMap<&'a [u8], End<'a>>,
    heads: BTreeSet<Sha256>,
    /// What all of them cost, in operations.
    n_ops: i64,
}

/// The last change of an actor, with the device that it writes for, and what the actor's new changes cost.
struct End<'a> {
    change: &'a PushedChange,
    device: i64,
    n_ops: i64,
}

impl<'a> Grown<'a> {
    fn add(&mut self, change: &'a PushedChange, device: i64) {
        let n_ops = i64::try_from(change.cost.n_ops).unwrap_or(i64::MAX);
        let before = self.ends.get(change.actor.as_slice()).map_or(0, |end| end.n_ops);
        self.ends.insert(&change.actor, End { change, device, n_ops: before + n_ops });
        self.n_ops += n_ops;
        for dep in &change.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(change.hash);
    }

    fn store_ends(&self, conn: &Connection, doc: i64) -> Result<(), StoreError> {
        let mut extend = conn.prepare_cached(include_str!("../sql/extend_chain.sql"))?;
        for (actor, End { change, device, n_ops }) in &self.ends {
            extend.execute(named_params! {
                ":doc": doc, ":actor": actor, ":device": device, ":seq": change.seq, ":hash": change.hash.0, ":n_ops": n_ops
            })?;
        }
        Ok(())
    }
}
