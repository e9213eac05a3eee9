//! The open hint streams of one campaign, indexed by the documents to which their devices have access.

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
    /// The campaign's grants number up to which the access of all streams is known; `None` where no stream has begun, or nothing is known.
    grants: Option<u64>,
    /// Whether a hint was dropped, so that every stream is told to sync once access is known again.
    owes_sync: bool,
    /// The number that was known when all were last found to be behind, until they are read.
    asked_at: Option<u64>,
    n_opened: u64,
    streams: BTreeMap<StreamId, Stream>,
    /// The streams that have begun and have access to every document.
    all: BTreeSet<StreamId>,
    /// The other streams that have begun, by document.
    by_doc: BTreeMap<DocId, BTreeSet<StreamId>>,
}

/// One open stream.
#[derive(Default)]
struct Stream {
    inbox: Arc<Inbox>,
    /// The campaign's grants number as of which `hears` is.
    grants: u64,
    /// `None` before anything was read, and where the device is not served.
    hears: Option<Hears>,
    has_begun: bool,
    /// Whether it was opened while the campaign's number was unknown, and nothing was read for all streams since: hints that were sent
    /// meanwhile may have announced changes that its own read lacks.
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

    /// Begins a stream with the access of its device; false where the device is not served. Of what it read and what was read for it since
    /// it was opened, the later one counts.
    ///
    /// A stream is open before it reads, so later changes to its device's access were learned already, and the number for all stays.
    /// Only where that number was unknown when it was opened may its read be older.
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

    /// Closes a stream; returns whether it was the last one.
    pub(super) fn close(&mut self, id: StreamId) -> bool {
        if let Some(Stream { hears: Some(hears), .. }) = self.streams.remove(&id) {
            self.unlist(id, &hears);
        }
        self.streams.is_empty()
    }

    /// Whose grants must be read before this hint can be sent.
    pub(super) fn behind(&mut self, hint: &Hint) -> Behind {
        let Some(grants) = self.grants else {
            // Where no stream has begun, nothing is sent: a stream that begins later learns from its own read how far it is, and its device syncs
            // once the stream is open.
            return if self.owes_sync { Behind::All } else { Behind::Nobody };
        };
        if hint.grants < grants && hint.whose != Whose::Nobody {
            // Of another node, which came late; or the store went back, and its numbers count something else.
            return self.all_behind(grants);
        }
        if hint.grants <= grants {
            return Behind::Nobody;
        }
        if hint.since != grants {
            // A hint is missing; or the store went back to before what is known here, and went on from there.
            return self.all_behind(grants);
        }
        match hint.whose {
            Whose::Device(device) if self.listens(device) => Behind::Device(device),
            Whose::Nobody | Whose::Device(_) => {
                self.grants = Some(hint.grants);
                Behind::Nobody
            }
            Whose::All => self.all_behind(grants),
        }
    }

    /// All must be read, by a store that was at this number at least.
    const fn all_behind(&mut self, grants: u64) -> Behind {
        self.asked_at = Some(grants);
        Behind::All
    }

    /// Applies the access of one device whose grants changed according to the hint.
    pub(super) fn learn_of(&mut self, device: DeviceId, hint: &Hint, hearing: &Hearing, meters: &Meters) {
        for id in self.of(device) {
            self.learn(id, hearing, meters);
        }
        // A stream that began meanwhile may be at an older number.
        if let Some(grants) = self.grants.filter(|grants| *grants >= hint.since) {
            self.grants = Some(grants.max(hint.grants));
        }
    }

    /// Applies the access of all devices. A device with access to everything may have gained a document.
    pub(super) fn learn_all(&mut self, hearing: &Hearing, meters: &Meters) {
        // Not by the number that is known now: a stream that began while this was read may have read a later one.
        if self.asked_at.take().is_some_and(|asked| hearing.grants < asked) {
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

    /// Sends a hint to the streams with access to its document.
    pub(super) fn wake(&mut self, hint: &Hint, meters: &Meters) {
        let Some((doc, last)) = hint.doc else {
            if hint.whose == Whose::Nobody && hint.grants > hint.since {
                // A document was created: nobody else has access to it.
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

    /// Tells all streams to sync, each at its own time.
    pub(super) fn sync_all(&self, due: impl Iterator<Item = Instant>, meters: &Meters) {
        for (stream, due) in self.streams.values().zip(due) {
            meters.hint_wakes.inc();
            stream.inbox.sync_at(due);
        }
    }

    /// Forgets the access of all streams: it must be read again before the next hint is sent.
    pub(super) fn lose(&mut self) {
        self.asked_at = self.grants.or(self.asked_at);
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
        // A stream that has not begun receives nothing: it begins with the later of this and its own read.
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
