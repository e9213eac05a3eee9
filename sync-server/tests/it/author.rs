//! A device's Automerge document, which writes real changes.

use crate::world::fresh;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Change, ObjId, ObjType, ROOT, ReadDoc};
use porchlight_model::id::{DeviceId, Sha256};
use porchlight_model::wire::Acked;

/// A replica with its own actor. A created document begins with a map; without one, the content of changes is in their message.
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

    /// Another replica of the same document, with its own actor.
    pub(crate) fn fork(&mut self) -> Self {
        let mut doc = self.doc.fork();
        doc.set_actor(ActorId::from(fresh()));
        Self { doc, n_written: self.n_written }
    }

    /// Names the device in all further changes.
    pub(crate) fn by(mut self, device: DeviceId) -> Self {
        self.doc.set_author(Some(automerge::Author::from(device.to_bytes().to_vec())));
        self
    }

    /// Applies changes of others.
    pub(crate) fn read(&mut self, changes: &[Vec<u8>]) {
        let changes = changes.iter().map(|bytes| Change::from_bytes(bytes.clone()).unwrap());
        self.doc.apply_changes(changes).unwrap();
    }

    /// Creates a document with a map in its root; returns the change.
    pub(crate) fn born(&mut self) -> Vec<u8> {
        self.doc.put_object(ROOT, "visits", ObjType::Map).unwrap();
        self.committed()
    }

    fn map(&self) -> Option<ObjId> {
        self.doc.get(ROOT, "visits").unwrap().map(|(_, id)| id)
    }

    /// Writes one change; returns its bytes.
    pub(crate) fn write(&mut self) -> Vec<u8> {
        self.n_written += 1;
        let key = format!("{} {}", self.doc.get_actor(), self.n_written);
        self.say(key)
    }

    fn say(&mut self, text: String) -> Vec<u8> {
        let Some(map) = self.map() else {
            let hash = self.doc.empty_change(CommitOptions::default().with_message(text));
            return self.doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec();
        };
        self.doc.put(map, text, self.n_written).unwrap();
        self.committed()
    }

    /// Writes one change with a text of `n_letters`.
    pub(crate) fn write_long(&mut self, n_letters: usize) -> Vec<u8> {
        self.n_written += 1;
        // Varying letters, which do not compress.
        let text: String =
            (0..n_letters).map(|n| char::from(b'a' + u8::try_from((n * n + n / 7) % 26).unwrap())).collect();
        self.say(format!("{}{text}", self.n_written))
    }

    /// Overwrites everything that another replica wrote.
    pub(crate) fn overwrite(&mut self, other: &mut Self) -> Vec<u8> {
        let map = other.map().unwrap();
        for key in other.doc.keys(&map).collect::<Vec<_>>() {
            self.doc.put(&map, key, 0).unwrap();
        }
        self.committed()
    }

    /// The change of all that was put by hand.
    pub(crate) fn written(&mut self) -> Vec<u8> {
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

/// The hash of a change.
pub(crate) fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(Change::from_bytes(bytes.to_vec()).unwrap().hash().0)
}

/// The hash of bytes that are not a change.
pub(crate) fn plain_hash(bytes: &[u8]) -> Sha256 {
    use sha2::Digest;
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// The hashes of acknowledged changes.
pub(crate) fn hashes(acked: &[Acked]) -> Vec<Sha256> {
    acked.iter().map(|acked| acked.hash).collect()
}
