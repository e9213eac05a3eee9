//! The open streams of one campaign, by what their devices hear of.

use super::inbox::{Inbox, Told};
use super::{Behind, StreamId};
use crate::meters::Meters;
use crate::store::{Hearing, Hears, Hint, Whose};
use porchlight_model::id::{DeviceId, DocId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The streams of one campaign.
#[derive(Default)]
pub(super) struct Campaign {
    /// The number of the campaign's grants up to which all streams are known; `None` where none has begun, or nothing is known.
    grants: Option<u64>,
    /// Whether a hint was not passed on, so that everyone is told to sync once it is known again who hears of what.
    owes_sync: bool,
    n_opened: u64,
    streams: BTreeMap<StreamId, Stream>,
    /// The streams that hear of everything.
    all: BTreeSet<StreamId>,
    /// Those that hear of a document, beside them.
    by_doc: BTreeMap<DocId, BTreeSet<StreamId>>,
}

/// One open stream.
#[derive(Default)]
struct Stream {
    inbox: Arc<Inbox>,
    /// The number of the campaign's grants as of which `hears` is.
    grants: u64,
    hears: Option<Hears>,
}

impl Campaign {
    pub(super) fn open(&mut self, device: DeviceId) -> (StreamId, Arc<Inbox>) {
        self.n_opened += 1;
        let (id, stream) = ((device, self.n_opened), Stream::default());
        let inbox = stream.inbox.clone();
        self.streams.insert(id, stream);
        (id, inbox)
    }

    /// Lets a stream hear what its device hears of. What was read may be older than what others here are known by: then their number is too
    /// high for all.
    pub(super) fn begin(&mut self, id: StreamId, hearing: &Hearing) -> bool {
        let Some(hears) = hearing.devices.get(&id.0) else { return false };
        let Some(stream) = self.streams.get(&id) else { return false };
        if stream.hears.is_none() || stream.grants < hearing.grants {
            self.set(id, hears.clone(), hearing.grants);
            if !self.owes_sync {
                self.grants = Some(self.grants.map_or(hearing.grants, |grants| grants.min(hearing.grants)));
            }
        }
        true
    }

    /// Closes a stream; says whether it was the last one.
    pub(super) fn close(&mut self, id: StreamId) -> bool {
        self.unlist(id);
        self.streams.remove(&id);
        self.streams.is_empty()
    }

    /// Whose grants are to be read before anybody is told of this.
    pub(super) fn behind(&mut self, hint: &Hint) -> Behind {
        let Some(grants) = self.grants else {
            // Where no stream has begun yet, nobody is told: what a stream reads that begins later tells how far it is.
            return if self.owes_sync { Behind::All } else { Behind::Nobody };
        };
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
        if self.grants.is_some_and(|grants| grants >= hint.since) {
            self.grants = Some(hint.grants);
        }
    }

    /// Takes in what all hear of. Who hears of everything may have got a document more.
    pub(super) fn learn_all(&mut self, hearing: &Hearing, meters: &Meters) {
        for id in self.streams.keys().copied().collect::<Vec<_>>() {
            self.learn(id, hearing, meters);
        }
        self.grants = Some(hearing.grants);
        if std::mem::take(&mut self.owes_sync) {
            return self.sync_all(meters);
        }
        for id in &self.all {
            self.put(*id, Told::Sync, meters);
        }
    }

    /// Tells those who hear of it.
    pub(super) fn wake(&mut self, hint: &Hint, meters: &Meters) {
        let Some((doc, last)) = hint.doc else {
            if hint.whose == Whose::Nobody && hint.grants > hint.since {
                // A document was born: nobody else hears of it.
                let others = self.all.iter().filter(|id| id.0 != hint.by);
                others.for_each(|id| self.put(*id, Told::Sync, meters));
            }
            return;
        };
        let others = self.all.iter().chain(self.by_doc.get(&doc).into_iter().flatten()).filter(|id| id.0 != hint.by);
        for id in others {
            self.put(*id, Told::Changed(doc, last), meters);
        }
    }

    pub(super) fn sync_all(&mut self, meters: &Meters) {
        self.streams.keys().for_each(|id| self.put(*id, Told::Sync, meters));
    }

    /// What all hear of is to be read before anybody is told anything again.
    pub(super) fn lose(&mut self) {
        (self.grants, self.owes_sync) = (None, true);
    }

    fn learn(&mut self, id: StreamId, hearing: &Hearing, meters: &Meters) {
        let Some(stream) = self.streams.get(&id) else { return };
        if stream.hears.is_some() && stream.grants > hearing.grants {
            return;
        }
        let Some(hears) = hearing.devices.get(&id.0) else {
            self.unlist(id);
            return self.put(id, Told::Over, meters);
        };
        let is_other = stream.hears.as_ref().is_some_and(|known| known != hears);
        self.set(id, hears.clone(), hearing.grants);
        if is_other {
            self.put(id, Told::Sync, meters);
        }
    }

    fn put(&self, id: StreamId, told: Told, meters: &Meters) {
        if let Some(stream) = self.streams.get(&id) {
            meters.hint_wakes.inc();
            stream.inbox.put(told);
        }
    }

    fn set(&mut self, id: StreamId, hears: Hears, grants: u64) {
        self.unlist(id);
        match &hears {
            Hears::Everything => {
                self.all.insert(id);
            }
            Hears::Docs(docs) => {
                for doc in docs {
                    self.by_doc.entry(*doc).or_default().insert(id);
                }
            }
        }
        if let Some(stream) = self.streams.get_mut(&id) {
            (stream.hears, stream.grants) = (Some(hears), grants);
        }
    }

    fn unlist(&mut self, id: StreamId) {
        self.all.remove(&id);
        let known = self.streams.get_mut(&id).and_then(|stream| stream.hears.take());
        if let Some(Hears::Docs(docs)) = known {
            for doc in docs {
                let Some(streams) = self.by_doc.get_mut(&doc) else { continue };
                streams.remove(&id);
                if streams.is_empty() {
                    self.by_doc.remove(&doc);
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
