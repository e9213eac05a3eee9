//! A device's Automerge document: writes real changes.

use crate::world::fresh;
use automerge::{ActorId, AutoCommit, Change, ROOT, ReadDoc, transaction::Transactable};
use porchlight_model::id::{DeviceId, Sha256};
use porchlight_model::wire::Acked;

/// One replica with its own actor.
pub(crate) struct Author {
    pub(crate) doc: AutoCommit,
    n_written: i64,
}

impl Author {
    pub(crate) fn new() -> Self {
        let mut doc = AutoCommit::new();
        doc.set_actor(ActorId::from(fresh()));
        Self { doc, n_written: 0 }
    }

    /// Another replica of the same document, with an actor of its own.
    pub(crate) fn fork(&mut self) -> Self {
        let mut doc = self.doc.fork();
        doc.set_actor(ActorId::from(fresh()));
        Self { doc, n_written: self.n_written }
    }

    /// Names the device in what is written from here on.
    pub(crate) fn by(mut self, device: DeviceId) -> Self {
        self.doc.set_author(Some(automerge::Author::from(device.to_bytes().to_vec())));
        self
    }

    /// Takes in what others wrote.
    pub(crate) fn read(&mut self, changes: &[Vec<u8>]) {
        let changes = changes.iter().map(|bytes| Change::from_bytes(bytes.clone()).unwrap());
        self.doc.apply_changes(changes).unwrap();
    }

    /// Writes one change; its bytes.
    pub(crate) fn write(&mut self) -> Vec<u8> {
        self.n_written += 1;
        let key = format!("{} {}", self.doc.get_actor(), self.n_written);
        self.doc.put(ROOT, key, self.n_written).unwrap();
        self.committed()
    }

    /// Writes one change with a text of so many letters.
    pub(crate) fn write_long(&mut self, n_letters: usize) -> Vec<u8> {
        self.n_written += 1;
        // Letters that differ, so that nothing folds them.
        let text: String =
            (0..n_letters).map(|n| char::from(b'a' + u8::try_from((n * n + n / 7) % 26).unwrap())).collect();
        self.doc.put(ROOT, "note", format!("{}{text}", self.n_written)).unwrap();
        self.committed()
    }

    /// Overwrites all that another wrote.
    pub(crate) fn overwrite(&mut self, other: &mut Self) -> Vec<u8> {
        for key in other.doc.keys(ROOT).collect::<Vec<_>>() {
            self.doc.put(ROOT, key, 0).unwrap();
        }
        self.committed()
    }

    fn committed(&mut self) -> Vec<u8> {
        self.doc.commit();
        self.doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    }

    pub(crate) fn take_in(&mut self, changes: &[Vec<u8>]) {
        let changes = changes.iter().map(|bytes| Change::from_bytes(bytes.clone()).unwrap());
        self.doc.apply_changes(changes).unwrap();
    }

    pub(crate) fn heads(&mut self) -> Vec<Sha256> {
        let mut heads: Vec<_> = self.doc.get_heads().iter().map(|hash| Sha256(hash.0)).collect();
        heads.sort();
        heads
    }
}

/// What a change is called.
pub(crate) fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(Change::from_bytes(bytes.to_vec()).unwrap().hash().0)
}

/// What bytes that are no change are called.
pub(crate) fn plain_hash(bytes: &[u8]) -> Sha256 {
    use sha2::Digest;
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// The hashes of acknowledged changes.
pub(crate) fn hashes(acked: &[Acked]) -> Vec<Sha256> {
    acked.iter().map(|acked| acked.hash).collect()
}
