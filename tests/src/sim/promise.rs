//! The promises of `docs/sync.md`, each as a check that a story can break.

use super::carry::is_sync;
use super::cast::{CAPTAIN, COORDINATOR, FIRST_PHONE};
use super::house::Log;
use super::ledger::Hash;
use super::wire::{Answer, Message};
use super::world::World;
use anyhow::{Context, Result, bail, ensure};
use automerge::hydrate::Value;
use automerge::{Automerge, Change, ReadDoc, ScalarValue};
use porchlight_engine::EngineError;
use porchlight_engine::store::projections::DerivedRow;
use porchlight_model::calls::AnyCall;
use porchlight_model::calls::sync::{SyncStatus, SyncView};
use porchlight_model::calls::walk::{ShiftReport, ShiftView};
use porchlight_model::calls::wave::RemoveEnded;
use porchlight_model::id::DocId;
use porchlight_model::wire::SyncReply;
use std::collections::{BTreeMap, BTreeSet};

impl World<'_> {
    /// Whether a device belongs to the office, which sees all turf.
    pub(super) fn is_office(&self, who: usize) -> bool {
        self.ids[..FIRST_PHONE].contains(&self.ids[who])
    }

    /// The changes that the relay and these devices hold.
    fn held(&self, by: impl Iterator<Item = usize>) -> Result<BTreeSet<Hash>> {
        let mut held = (*self.at_relay()?).clone();
        for who in by {
            if self.is_alive(who) {
                held.extend(self.devices[who].stored()?.iter().map(|(_, hash, _)| *hash));
            }
        }
        Ok(held)
    }

    /// Changes that are held but depend on something that nobody holds any more: they can never be applied.
    fn stuck(&self, held: &BTreeSet<Hash>) -> Result<BTreeSet<Hash>> {
        let mut parcels = Vec::new();
        for who in (0..self.devices.len()).filter(|who| self.is_alive(*who)) {
            parcels.extend(self.devices[who].parcels()?.iter().cloned());
        }
        let mut stuck = BTreeSet::new();
        loop {
            let n_before = stuck.len();
            let is_gone = |hash: &Hash| !held.contains(hash) || stuck.contains(hash);
            let more: Vec<Hash> =
                parcels.iter().filter(|(_, deps)| deps.iter().any(is_gone)).map(|(hash, _)| *hash).collect();
            stuck.extend(more);
            if stuck.len() == n_before {
                return Ok(stuck);
            }
        }
    }

    /// Checks that what a device reported as recorded still exists, on it, at the relay, or anywhere.
    pub(super) fn check_kept(&mut self, who: usize) -> Result<()> {
        let near = self.held(std::iter::once(who))?;
        if self.ledger.missing(who, |hash| near.contains(hash)).is_none() {
            return Ok(());
        }
        let anywhere = self.held(0..self.devices.len())?;
        match self.ledger.missing(who, |hash| anywhere.contains(hash)) {
            Some(entry) => bail!("{} was recorded and is nowhere", entry.what),
            None => Ok(()),
        }
    }

    /// Checks that what a device believes to be safe is at the relay, and that it has no document that it was never granted.
    pub(super) fn check_safe(&mut self, who: usize) -> Result<()> {
        let (at_relay, stored) = (self.at_relay()?, self.devices[who].stored()?);
        for (doc, hash, is_safe) in stored.iter().copied() {
            let name = &self.devices[who].name;
            let is_forgotten = self.ledger.ended.contains(&doc);
            let is_there = is_forgotten || at_relay.contains(&hash) || self.ledger.gone_from_relay.contains(&hash);
            ensure!(!is_safe || is_there, "{name} believes something to be safe that no relay ever held");
            ensure!(self.was_ever_given(who, doc), "{name} holds a document that it was never given");
        }
        if self.ids[who] != self.ids[COORDINATOR]
            && let Some(entry) = self.ledger.not_shown(&self.devices[who].shown()?)
        {
            bail!("{} believes that a coordinator has {}, and none ever had", self.devices[who].name, entry.what);
        }
        let is_held = |hash: &Hash| at_relay.contains(hash) || stored.iter().any(|(_, held, _)| held == hash);
        if let Some(entry) = self.ledger.missing_of_ended(who, is_held) {
            bail!("{} came too late for its wave, and the device does not keep it", entry.what);
        }
        if self.ledger.missing(who, is_held).is_some() { self.check_kept(who) } else { Ok(()) }
    }

    /// Checks that no answer contains a document which the device may not have, because it was never granted or, as far as the relay knows, taken
    /// back.
    pub(super) fn check_told(&self, message: &Message, answer: Option<&Answer>) -> Result<()> {
        let Some(answer) = answer.filter(|answer| answer.status().is_success()) else { return Ok(()) };
        if !is_sync(message) {
            return Ok(());
        }
        let reply: SyncReply = ciborium::from_reader(answer.body().as_slice()).context("reading an answer")?;
        // A restored relay may have lost that something was taken back, and a hub may not know it yet.
        let may_not_know = self.n_restores > 0 || self.hub_of(message).is_some();
        let told = reply.docs.iter().filter(|told| told.snapshot.is_some() || !told.changes.is_empty());
        for doc in told.map(|told| told.doc) {
            let who = message.from;
            let is_given = self.was_ever_given(who, doc) && (self.turf_meant(who, doc) != Some(false) || may_not_know);
            ensure!(is_given, "{} is told of a document that it may not have", self.devices[who].name);
        }
        Ok(())
    }

    fn was_ever_given(&self, who: usize, doc: DocId) -> bool {
        self.is_office(who) || doc == self.stage.cast.campaign || self.turf_meant(who, doc).is_some()
    }

    /// Whether the captain wants this device to hold a turf; `false` if it was taken back.
    fn turf_meant(&self, who: usize, doc: DocId) -> Option<bool> {
        self.handed.get(&(self.ids[who], doc)).copied()
    }

    fn is_meant_to_hold(&self, who: usize, doc: DocId) -> bool {
        let is_of_office = self.is_office(who) || doc == self.stage.cast.campaign;
        !self.ledger.ended.contains(&doc) && (is_of_office || self.turf_meant(who, doc) == Some(true))
    }

    /// Updates the documents of ended waves from the remaining office devices: an end that was lost with an older copy does not count.
    fn learn_ended(&mut self, log: &Log) -> Result<()> {
        let has_nobody = self.revoked.contains(&self.ids[COORDINATOR]);
        let rounds = self.devices[if has_nobody { CAPTAIN } else { COORDINATOR }].rounds()?;
        let ended: BTreeSet<DocId> = rounds.iter().filter(|(.., has_ended)| *has_ended).map(|(doc, ..)| *doc).collect();
        let is_left = ended.iter().any(|doc| log.contains_key(doc));
        ensure!(has_nobody || !is_left, "the relay still has a document of a wave that has ended");
        // If everyone who could have told the relay to delete them was revoked, the documents still there continue.
        self.ledger.ended = ended.into_iter().filter(|doc| !log.contains_key(doc)).collect();
        Ok(())
    }

    /// After a holder was removed: excuses what nobody holds any more, and what depends on it.
    pub(super) fn excuse_lost(&mut self) -> Result<()> {
        let mut held = self.held(0..self.devices.len())?;
        for hash in self.stuck(&held)? {
            held.remove(&hash);
        }
        for entry in self.ledger.excuse_all_but(&held) {
            self.tell(format!("    with that, {} is rightly lost", entry.what));
        }
        Ok(())
    }

    /// Checks every promise, after healing.
    ///
    /// # Errors
    /// When one is broken.
    pub fn check_all(&mut self) -> Result<()> {
        let log = self.house.log()?;
        self.learn_ended(&log)?;
        let at_relay: BTreeSet<Hash> = log.values().flatten().map(|(hash, _)| *hash).collect();
        for (hash, entry) in self.ledger.acts.iter().filter(|(_, entry)| !self.ledger.ended.contains(&entry.doc)) {
            ensure!(at_relay.contains(hash), "{} was recorded and is not in the final record", entry.what);
        }
        let living: Vec<usize> = (0..self.devices.len()).filter(|who| self.is_alive(*who)).collect();
        for who in &living {
            self.check_rest(*who, &at_relay)?;
        }
        let mut contents = BTreeMap::new();
        for (doc, changes) in &log {
            let merged = from_changes(changes.iter().map(|(_, bytes)| bytes.as_slice()))?;
            let content = content(&merged)?;
            self.check_document(*doc, &merged, &content, &living)?;
            contents.insert(*doc, content);
        }
        self.check_nothing_doubled(&contents)
    }

    /// Checks that a device has nothing to send, no trouble, and only what it may hold, and that everything it calls safe is safe.
    fn check_rest(&mut self, who: usize, at_relay: &BTreeSet<Hash>) -> Result<()> {
        let name = self.devices[who].name.clone();
        self.remove_ended(who)?;
        let view: SyncView = self.told(who, SyncStatus {})?;
        if let Some(trouble) = view.trouble.filter(|trouble| !trouble.id.starts_with("sync-clock")) {
            bail!("{name} is still told of trouble: {} {:?}", trouble.id, trouble.args);
        }
        let stuck = self.stuck(&self.held(0..self.devices.len())?)?;
        let n_stuck = self.devices[who].parcels()?.iter().filter(|(hash, _)| stuck.contains(hash)).count();
        ensure!(
            usize::try_from(view.n_held)? == n_stuck,
            "{name} says that {} changes are not safe, and {n_stuck} stand on what was lost",
            view.n_held
        );
        for (doc, hash, is_safe) in self.devices[who].stored()?.iter().copied() {
            ensure!(self.is_meant_to_hold(who, doc), "{name} still holds a document that was taken back");
            ensure!(
                !is_safe || at_relay.contains(&hash),
                "{name} believes something to be safe that is not at the relay"
            );
        }
        self.check_receipts(who)
    }

    /// Checks that results of an ended wave that never reached the relay are reported and kept, until they are removed.
    fn remove_ended(&mut self, who: usize) -> Result<()> {
        let name = self.devices[who].name.clone();
        let kept: Vec<_> =
            self.devices[who].stored()?.iter().copied().filter(|(doc, ..)| self.ledger.ended.contains(doc)).collect();
        let docs: BTreeSet<DocId> = kept.iter().map(|(doc, ..)| *doc).collect();
        for doc in docs {
            let is_held = kept.iter().any(|(of, _, is_safe)| *of == doc && !is_safe);
            ensure!(is_held, "{name} still holds a wave that has ended");
        }
        if kept.is_empty() {
            return Ok(());
        }
        let view: SyncView = self.told(who, SyncStatus {})?;
        ensure!(view.n_ended > 0, "{name} keeps results of an ended wave and does not say so");
        self.told::<()>(who, RemoveEnded {})?;
        let view: SyncView = self.told(who, SyncStatus {})?;
        ensure!(view.n_ended == 0, "{name} still holds results of an ended wave that were removed");
        Ok(())
    }

    /// A device's reply to a call that needs no network.
    fn told<R: serde::de::DeserializeOwned>(&self, who: usize, call: impl Into<AnyCall>) -> Result<R> {
        let reply = self.devices[who].ask(call)?;
        let reply = reply.map_err(|error| anyhow::anyhow!("{}: {error:?}", self.devices[who].name))?;
        serde_json::from_str(&reply).context("reading a reply")
    }

    /// Checks the end of the shift: every result of this device is at the relay, and a coordinator's device has stored it.
    fn check_receipts(&mut self, who: usize) -> Result<()> {
        let name = self.devices[who].name.clone();
        let held: BTreeSet<DocId> = self.devices[who].stored()?.iter().map(|(doc, ..)| *doc).collect();
        let view: ShiftView = self.told(who, ShiftReport {})?;
        for (at, ground) in self.stage.cast.grounds.iter().enumerate() {
            let is_of_turf = |doc: &DocId| self.turf_of.get(doc) == Some(&at) && self.is_meant_to_hold(who, *doc);
            if !held.iter().any(is_of_turf) {
                continue;
            }
            let Some(of_turf) = view.turfs.iter().find(|one| one.turf == ground.turf) else { continue };
            let (n, n_safe, n_seen) = (of_turf.n_results, of_turf.n_safe, of_turf.n_seen);
            ensure!(n_safe == n, "{name} says that {n_safe} of {n} results are safe, and all are");
            // If the coordinator was revoked, nobody is left who could see more.
            ensure!(
                n_seen == n || (n_seen < n && self.revoked.contains(&self.ids[COORDINATOR])),
                "{name} says that a coordinator has seen {n_seen} of {n} results, and one has seen all"
            );
        }
        Ok(())
    }

    /// Checks that all holders of a document have the same state and the same rows as a rebuild, and that the state is what Automerge
    /// itself computes from the same changes.
    fn check_document(&self, doc: DocId, merged: &Automerge, expected: &Content, living: &[usize]) -> Result<()> {
        let mut by_merge = Automerge::new();
        let mut rows_of_first: Option<Vec<DerivedRow>> = None;
        for who in living.iter().copied().filter(|who| self.is_meant_to_hold(*who, doc)) {
            let name = &self.devices[who].name;
            let (mut document, (rows, rebuilt)) = self.devices[who].handle()?.with(|engine| {
                let rows = engine.rows_and_rebuild(doc)?;
                Ok::<_, EngineError>((engine.document(doc)?.clone(), rows))
            })?;
            ensure!(document.get_heads() == merged.get_heads(), "{name} does not hold the same document as the relay");
            ensure!(content(&document)? == *expected, "the document of {name} says something else than Automerge");
            ensure!(rows == rebuilt, "the rows of {name} are not those of a rebuild");
            if let Some(first) = &rows_of_first {
                ensure!(*first == rows, "the rows of {name} are not those of others");
            }
            rows_of_first = Some(rows);
            by_merge.merge(&mut document)?;
        }
        ensure!(content(&by_merge)? == *expected, "merging everyone's document by Automerge gives another one");
        Ok(())
    }

    /// Checks that each text occurs at most once, and that there are no more visits than were attempted.
    fn check_nothing_doubled(&self, contents: &BTreeMap<DocId, Content>) -> Result<()> {
        let (mut n_visits, mut texts) = (0, BTreeSet::new());
        for ground in &self.stage.cast.grounds {
            let is_there = contents.contains_key(&ground.doc) || self.ledger.ended.contains(&ground.doc);
            ensure!(is_there, "a turf is not at the relay");
        }
        for (_, content) in contents.iter().filter(|(doc, _)| self.turf_of.contains_key(doc)) {
            n_visits += content.entries("visits").count();
            for note in content.entries("notes") {
                let text = match field(note, "text") {
                    Some(Value::Scalar(ScalarValue::Str(text))) => text.to_string(),
                    _ => String::new(),
                };
                ensure!(self.ledger.notes.contains(&text), "a note was never written: {text:?}");
                ensure!(texts.insert(text.clone()), "a note stands twice: {text:?}");
            }
        }
        ensure!(n_visits <= self.ledger.n_visits, "{n_visits} visits of {} tried", self.ledger.n_visits);
        Ok(())
    }
}

/// Whether a document has an entry in one of its maps.
pub(super) fn has_entry(document: &Automerge, map: &str, key: &str) -> bool {
    let Ok(Some((_, id))) = document.get(automerge::ROOT, map) else { return false };
    matches!(document.get(id, key), Ok(Some(_)))
}

fn from_changes<'a>(changes: impl Iterator<Item = &'a [u8]>) -> Result<Automerge> {
    let changes = changes.map(|bytes| Change::from_bytes(bytes.to_vec())).collect::<Result<Vec<_>, _>>()?;
    let mut document = Automerge::new();
    document.apply_changes(changes)?;
    Ok(document)
}

/// The full content of a document.
#[derive(Debug, PartialEq)]
struct Content {
    /// Every value, and whether it has conflicting ones.
    values: Value,
    /// Every side of each answer, those that lose a conflict included.
    answers: Vec<(String, Vec<String>)>,
}

impl Content {
    /// The entries of one of its maps.
    fn entries(&self, map: &str) -> impl Iterator<Item = &Value> {
        let entries = field(&self.values, map).and_then(|value| match value {
            Value::Map(entries) => Some(entries.iter().map(|(_, entry)| &entry.value)),
            _ => None,
        });
        entries.into_iter().flatten()
    }
}

/// A field of a map.
fn field<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    match of {
        Value::Map(fields) => fields.get(name),
        _ => None,
    }
}

fn content(document: &Automerge) -> Result<Content> {
    let mut answers = Vec::new();
    if let Some((_, map)) = document.get(automerge::ROOT, "answers")? {
        for key in document.keys(&map) {
            let mut sides: Vec<String> =
                document.get_all(&map, &key)?.iter().map(|(value, _)| value.to_string()).collect();
            sides.sort();
            answers.push((key, sides));
        }
    }
    Ok(Content { values: document.hydrate(None), answers })
}
