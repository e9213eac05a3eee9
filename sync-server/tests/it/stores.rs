//! Empty stores of both kinds for the conformance cases, and devices that use them without a relay.

use crate::world::{fresh, new_doc};
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId, MemberId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, Founding};
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use porchlight_model::wire::DocKind;
use porchlight_relay::change;
use porchlight_relay::secret::SecretHash;
use porchlight_relay::store::postgres::{Address, PostgresStore};
use porchlight_relay::store::sqlite::SqliteStore;
use porchlight_relay::store::{
    Caller, DocPull, DocPulled, DocPush, DocPushed, Enrolling, Enrolment, NewInvite, Pull, Pulled, Push, Store,
    StoreError, Upkeep,
};
use porchlight_tests::servers::Postgres;
use std::sync::Arc;
use tempfile::TempDir;

/// The time of all cases.
pub(crate) const NOW: At = At(1_795_000_000_000);

/// The epoch of a new store.
pub(crate) const EPOCH: u64 = 7;

/// A relay's store, which has all that there is.
pub(crate) trait Whole: Store + Enrolment + Upkeep {}

impl<T: Store + Enrolment + Upkeep> Whole for T {}

/// A store, and what it stands on.
pub(crate) struct TestStore {
    pub(crate) store: Arc<dyn Whole>,
    folder: Option<TempDir>,
    _server: Option<Arc<Postgres>>,
}

impl TestStore {
    /// The folder of a SQLite store.
    pub(crate) fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

pub(crate) async fn sqlite() -> TestStore {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path(), EPOCH, NOW).unwrap();
    TestStore { store: Arc::new(store), folder: Some(folder), _server: None }
}

pub(crate) async fn postgres() -> TestStore {
    let server = Postgres::shared().unwrap();
    let store = node(&server.database().await.unwrap()).await;
    TestStore { store, folder: None, _server: Some(server) }
}

/// One more node over a database.
pub(crate) async fn node(url: &str) -> Arc<dyn Whole> {
    let address = Address { url: url.to_owned(), ca: None, n_connections: 8 };
    Arc::new(PostgresStore::open(&address, EPOCH, NOW).await.unwrap())
}

/// Thirty-two unique bytes.
pub(crate) fn fresh_hash() -> SecretHash {
    let mut bytes = [0x5e; 32];
    bytes[..16].copy_from_slice(&fresh());
    SecretHash(bytes)
}

/// An invite for a founder.
pub(crate) fn founding_invite() -> NewInvite {
    NewInvite {
        id: InviteId::from_bytes(fresh()),
        secret: fresh_hash(),
        campaign: None,
        role: Role::Coordinator,
        docs: Vec::new(),
        label: "Founders".to_owned(),
        uses: 1,
        expires_at: NOW.plus_ms(60_000),
        made_at: NOW,
        made_by: None,
    }
}

/// A fresh device that uses an invite.
pub(crate) fn enrolment(secret: SecretHash) -> Enrolling {
    Enrolling {
        secret,
        device: DeviceId::from_bytes(fresh()),
        token: fresh_hash(),
        member: MemberId::from_bytes(fresh()),
        other_member: MemberId::from_bytes(fresh()),
        name: "Ana".to_owned(),
        founding: None,
        version: Versions::OURS.newest,
        now: NOW,
    }
}

/// A campaign to found.
pub(crate) fn founding() -> Founding {
    Founding { campaign: CampaignId::from_bytes(fresh()), doc: new_doc(), name: "Library".to_owned() }
}

/// An enrolled device of a store.
#[derive(Clone)]
pub(crate) struct Device<'s> {
    pub(crate) store: &'s dyn Whole,
    pub(crate) id: DeviceId,
    pub(crate) token: SecretHash,
    pub(crate) reply: EnrolReply,
}

/// Founds a campaign; its coordinator's device.
pub(crate) async fn found(store: &dyn Whole) -> Device<'_> {
    let invite = founding_invite();
    store.invite(invite.clone()).await.unwrap();
    let ask = Enrolling { founding: Some(founding()), ..enrolment(invite.secret) };
    enrol(store, ask).await.unwrap()
}

pub(crate) async fn enrol(store: &dyn Whole, ask: Enrolling) -> Result<Device<'_>, StoreError> {
    let (id, token) = (ask.device, ask.token);
    let (reply, _) = store.enrol(ask).await?;
    Ok(Device { store, id, token, reply })
}

/// A push to one document.
pub(crate) fn doc_push(doc: DocId, changes: &[Vec<u8>]) -> DocPush {
    let changes = changes.iter().map(|bytes| change::read(bytes.clone())).collect();
    DocPush { doc, born: None, carries: false, changes }
}

/// A pull of a document from a cursor of the first epoch.
pub(crate) fn doc_pull(doc: DocId, cursor: u64) -> DocPull {
    DocPull { doc, epoch: EPOCH, cursor, heads: None, without: Default::default() }
}

impl<'s> Device<'s> {
    pub(crate) fn campaign(&self) -> CampaignId {
        self.reply.campaign
    }

    pub(crate) async fn caller(&self) -> Caller {
        self.store.caller(self.token).await.unwrap().unwrap()
    }

    /// Makes an invite into this campaign; returns its secret.
    pub(crate) async fn invite(&self, role: Role, docs: &[DocId], uses: u32) -> Result<SecretHash, StoreError> {
        let invite = NewInvite {
            campaign: Some(self.campaign()),
            role,
            docs: docs.to_vec(),
            uses,
            label: "Riverside".to_owned(),
            made_by: Some(self.id),
            ..founding_invite()
        };
        let secret = invite.secret;
        self.store.invite(invite).await?;
        Ok(secret)
    }

    pub(crate) async fn join(&self, role: Role, docs: &[DocId]) -> Device<'s> {
        let secret = self.invite(role, docs, 1).await.unwrap();
        enrol(self.store, enrolment(secret)).await.unwrap()
    }

    pub(crate) async fn push_all(&self, docs: Vec<DocPush>) -> Result<Vec<DocPushed>, StoreError> {
        Ok(self.store.push(Push { device: self.id, docs, now: NOW }).await?.docs)
    }

    pub(crate) async fn push(&self, doc: DocId, changes: &[Vec<u8>]) -> DocPushed {
        self.push_all(vec![doc_push(doc, changes)]).await.unwrap().remove(0)
    }

    /// Creates a turf document with these changes.
    pub(crate) async fn bear(&self, changes: &[Vec<u8>]) -> DocId {
        let doc = new_doc();
        let push = DocPush { born: Some(DocKind::Turf), ..doc_push(doc, changes) };
        let pushed = self.push_all(vec![push]).await.unwrap().remove(0);
        assert_eq!(pushed.acked.len(), changes.len());
        doc
    }

    pub(crate) async fn pull_all(&self, feed: u64, docs: Vec<DocPull>, budget: usize) -> Pulled {
        let pull = Pull { device: self.id, grants_seen: 0, feed, docs, budget };
        self.store.pull(pull).await.unwrap()
    }

    pub(crate) async fn pull(&self, doc: DocId, cursor: u64) -> DocPulled {
        self.pull_all(0, vec![doc_pull(doc, cursor)], 1 << 20).await.docs.remove(0)
    }

    pub(crate) async fn feed(&self) -> u64 {
        self.pull_all(0, Vec::new(), 0).await.feed
    }

    /// The documents that it may read, write or hand in.
    pub(crate) async fn granted(&self) -> Vec<DocId> {
        self.store.grants(self.id).await.unwrap().grants.iter().map(|grant| grant.doc).collect()
    }
}

/// The hash of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    use sha2::Digest;
    Sha256(sha2::Sha256::digest(bytes).into())
}
