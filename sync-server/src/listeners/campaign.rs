//! The open streams of one campaign, by what their devices hear of.

use super::inbox::{Inbox, StreamEvent};
use super::{Behind, StreamId, spread};
use crate::meters::Meters;
use crate::store::{Hearing, Hears, Hint, Whose};
use porchlight_model::id::{DeviceId, DocId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::time::Instant;

/// The streams of one campaign.
#[derive(Default)]
pub(super) struct Campaign {
    /// The number of the campaign's grants up to which all streams are known; `None` where none has begun, or nothing is known.
    grants: Option<u64>,
    /// Whether a hint was not passed on, so that everyone is told to sync once it is known again who hears of what.
    owes_sync: bool,
    n_opened: u64,
    streams: BTreeMap<StreamId, Stream>,
    /// The streams that have begun and hear of everything.
    all: BTreeSet<StreamId>,
    /// Those that have begun and hear of a document, beside them.
    by_doc: BTreeMap<DocId, BTreeSet<StreamId>>,
}

/// One open stream.
#[derive(Default)]
struct Stream {
    inbox: Arc<Inbox>,
    /// The number of the campaign's grants as of which `hears` is.
    grants: u64,
    /// `None` before anything was read, and where the device was not served.
    hears: Option<Hears>,
    has_begun: bool,
    /// Whether it was opened while the campaign's number was not known, and nothing was read for all since: hints that were passed on
    /// meanwhile may have told of changes that its own read lacks.
    is_blind: bool,
}

impl Campaign {
    pub(super) fn open(&mut self, device: DeviceId) -> (StreamId, Arc<Inbox>) {
        self.n_opened += 1;
        let (id, stream) = ((device, self.n_opened), Stream { is_blind: self.grants.is_none(), ..Stream::default() });
        let inbox = stream.inbox.clone();
        self.streams.insert(id, stream);
        (id, inbox)
    }

    /// Lets a stream hear what its device hears of; false where the device is served nothing. Of what it read and what was read for it since
    /// it was opened, the later counts.
    ///
    /// A stream is open before it reads, so what changed for its device after its read was learned already, and the number for all stays.
    /// Only where that was not known when it was opened, its read may be older.
    pub(super) fn begin(&mut self, id: StreamId, hearing: &Hearing) -> bool {
        let Some(stream) = self.streams.get_mut(&id) else { return false };
        if hearing.grants >= stream.grants {
            (stream.hears, stream.grants) = (hearing.devices.get(&id.0).cloned(), hearing.grants);
        }
        let Some(hears) = stream.hears.clone() else { return false };
        stream.has_begun = true;
        let (read, is_blind) = (stream.grants, stream.is_blind);
        self.list(id, &hears);
        if !self.owes_sync {
            self.grants = match self.grants {
                None => Some(read),
                Some(grants) if is_blind => Some(grants.min(read)),
                Some(grants) => Some(grants),
            };
        }
        true
    }

    /// Closes a stream; says whether it was the last one.
    pub(super) fn close(&mut self, id: StreamId) -> bool {
        if let Some(Stream { hears: Some(hears), .. }) = self.streams.remove(&id) {
            self.unlist(id, &hears);
        }
        self.streams.is_empty()
    }

    /// Whose grants are to be read before anybody is told of this.
    pub(super) fn behind(&mut self, hint: &Hint) -> Behind {
        let Some(grants) = self.grants else {
            // Where no stream has begun yet, nobody is told: what a stream reads that begins later tells how far it is, and its device syncs
            // once its stream is there.
            return if self.owes_sync { Behind::All } else { Behind::Nobody };
        };
        if hint.grants < grants && hint.whose != Whose::Nobody {
            // Of another node, which came late; or the store went back, and its numbers count something else.
            return Behind::All;
        }
        if hint.grants <= grants {
            return Behind::Nobody;
        }
        if hint.since > grants {
            return Behind::All;
        }
        match hint.whose {
            Whose::Device(device) if self.listens(device) => Behind::Device(device),
            Whose::Nobody | Whose::Device(_) => {
                self.grants = Some(hint.grants);
                Behind::Nobody
            }
            Whose::All => Behind::All,
        }
    }

    /// Takes in what one device hears of, whose grants the hint tells to have changed.
    pub(super) fn learn_of(&mut self, device: DeviceId, hint: &Hint, hearing: &Hearing, meters: &Meters) {
        for id in self.of(device) {
            self.learn(id, hearing, meters);
        }
        // A stream that began meanwhile may be known by an older number.
        if let Some(grants) = self.grants.filter(|grants| *grants >= hint.since) {
            self.grants = Some(grants.max(hint.grants));
        }
    }

    /// Takes in what all hear of. Who hears of everything may have got a document more.
    pub(super) fn learn_all(&mut self, hearing: &Hearing, meters: &Meters) {
        if self.grants.is_some_and(|known| hearing.grants < known) {
            // A store that lost its last commits, or a campaign that is gone: what streams know is of no number of this one.
            self.streams.values_mut().for_each(|stream| stream.grants = 0);
        }
        for id in self.streams.keys().copied().collect::<Vec<_>>() {
            self.learn(id, hearing, meters);
        }
        self.streams.values_mut().for_each(|stream| stream.is_blind = false);
        self.grants = Some(hearing.grants);
        if std::mem::take(&mut self.owes_sync) {
            return self.sync_all(spread(Instant::now(), self.streams.len()), meters);
        }
        for id in &self.all {
            self.put(*id, StreamEvent::Sync, meters);
        }
    }

    /// Tells those who hear of it.
    pub(super) fn wake(&mut self, hint: &Hint, meters: &Meters) {
        let Some((doc, last)) = hint.doc else {
            if hint.whose == Whose::Nobody && hint.grants > hint.since {
                // A document was born: nobody else hears of it.
                let others = self.all.iter().filter(|id| id.0 != hint.by);
                others.for_each(|id| self.put(*id, StreamEvent::Sync, meters));
            }
            return;
        };
        let others = self.all.iter().chain(self.by_doc.get(&doc).into_iter().flatten()).filter(|id| id.0 != hint.by);
        for id in others {
            self.put(*id, StreamEvent::Changed(doc, last), meters);
        }
    }

    /// Tells all streams to sync, each at a time of its own.
    pub(super) fn sync_all(&self, due: impl Iterator<Item = Instant>, meters: &Meters) {
        for (stream, due) in self.streams.values().zip(due) {
            meters.hint_wakes.inc();
            stream.inbox.sync_at(due);
        }
    }

    /// What all hear of is to be read before anybody is told anything again.
    pub(super) fn lose(&mut self) {
        (self.grants, self.owes_sync) = (None, true);
    }

    /// The number of the campaign's grants up to which all streams are known.
    pub(super) const fn known(&self) -> Option<u64> {
        self.grants
    }

    pub(super) const fn owes_sync(&self) -> bool {
        self.owes_sync
    }

    pub(super) fn n_streams(&self) -> usize {
        self.streams.len()
    }

    fn learn(&mut self, id: StreamId, hearing: &Hearing, meters: &Meters) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let found = hearing.devices.get(&id.0);
        // A device that enrolled after this was read is not in it: shutting out raises the number, enrolling does not.
        let is_newer = stream.grants < hearing.grants
            || (stream.grants == hearing.grants && found.is_some())
            || hearing.grants == Hearing::NO_CAMPAIGN;
        if !is_newer {
            return;
        }
        let known = std::mem::replace(&mut stream.hears, found.cloned());
        stream.grants = hearing.grants;
        // One that has not begun is told nothing: it begins with the later of this and its own read.
        if !stream.has_begun || known.as_ref() == found {
            return;
        }
        if let Some(known) = known {
            self.unlist(id, &known);
        }
        if let Some(hears) = found {
            self.list(id, hears);
        }
        self.put(id, if found.is_some() { StreamEvent::Sync } else { StreamEvent::Over }, meters);
    }

    fn put(&self, id: StreamId, event: StreamEvent, meters: &Meters) {
        if let Some(stream) = self.streams.get(&id) {
            meters.hint_wakes.inc();
            stream.inbox.put(event);
        }
    }

    fn list(&mut self, id: StreamId, hears: &Hears) {
        match hears {
            Hears::Everything => {
                self.all.insert(id);
            }
            Hears::Docs(docs) => {
                for doc in docs {
                    self.by_doc.entry(*doc).or_default().insert(id);
                }
            }
        }
    }

    fn unlist(&mut self, id: StreamId, hears: &Hears) {
        match hears {
            Hears::Everything => {
                self.all.remove(&id);
            }
            Hears::Docs(docs) => {
                for doc in docs {
                    let Some(streams) = self.by_doc.get_mut(doc) else { continue };
                    streams.remove(&id);
                    if streams.is_empty() {
                        self.by_doc.remove(doc);
                    }
                }
            }
        }
    }

    fn of(&self, device: DeviceId) -> Vec<StreamId> {
        self.streams.range((device, 0)..=(device, u64::MAX)).map(|(id, _)| *id).collect()
    }

    fn listens(&self, device: DeviceId) -> bool {
        self.streams.range((device, 0)..=(device, u64::MAX)).next().is_some()
    }
}
