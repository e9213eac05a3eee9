//! The captain's engine as a relay's store: phones use the relay's own interface, with its limits, over the documents of that device.

use crate::guests::GuestBook;
use porchlight_engine::hub::keys::{proof, token_for};
use porchlight_engine::hub::serve::{self, PullAnswer, PullRequest, PushOutcome};
use porchlight_engine::{Engine, EngineError, EngineHandle};
use porchlight_model::hub::{Challenge, Proof};
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::relay::{RefusalCode, RosterDevice};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, Acked, DocKind, Rejected};
use porchlight_relay::grants;
use porchlight_relay::secret::SecretHash;
use porchlight_relay::store::{
    Caller, DocPull, DocPulled, DocPush, DocPushed, Documents, Later, PackPart, Packs, Pull, Pulled, Push, Pushed,
    Store, StoreError,
};
use sha2::Digest;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// The devices that may connect, by their credentials.
#[derive(Debug, Default)]
struct GuestIndex {
    as_of: Option<At>,
    campaign: Option<CampaignId>,
    by_token: BTreeMap<[u8; 32], DeviceId>,
    devices: BTreeMap<DeviceId, RosterDevice>,
}

/// The state that all requests share.
struct Shared {
    handle: EngineHandle,
    fingerprint: Sha256,
    /// The epoch of this hub's log.
    epoch: u64,
    known: Mutex<GuestIndex>,
    book: Arc<GuestBook>,
}

/// The store of a hub.
pub struct HubStore(Arc<Shared>);

impl HubStore {
    /// Serves the documents of an engine to phones that identify the hub by `fingerprint`; `epoch` is that of its log.
    #[must_use]
    pub fn new(handle: EngineHandle, fingerprint: Sha256, epoch: u64, book: Arc<GuestBook>) -> Self {
        Self(Arc::new(Shared { handle, fingerprint, epoch, known: Mutex::default(), book }))
    }

    /// Runs work on a blocking thread, because the engine may be busy.
    fn work<'a, T: Send + 'static>(
        &'a self,
        work: impl FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<'a, T> {
        let shared = self.0.clone();
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || work(&shared)).await;
            done.map_err(|error| StoreError::Unavailable(error.into()))?
        })
    }
}

fn failed(error: EngineError) -> StoreError {
    match error {
        EngineError::Refused(_) | EngineError::Told(_) => StoreError::Refused(
            "this hub may not serve now: its own device must reach the relay",
            RefusalCode::LeaseEnded,
        ),
        other => StoreError::Unavailable(other.into()),
    }
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut Engine) -> Result<T, EngineError>) -> Result<T, StoreError> {
        self.handle.with(act).map_err(failed)
    }

    /// Looks up devices in the roster that the relay last sent to this device.
    fn known<T>(&self, ask: impl FnOnce(&GuestIndex) -> T) -> Result<T, StoreError> {
        let as_of = self.with(|engine| serve::as_of(engine))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.campaign.is_none() || known.as_of != as_of {
            let guests = self.with(|engine| serve::guests(engine))?;
            let by_token =
                guests.devices.iter().filter_map(|device| Some((self.shown(device.hub_key?), device.device)));
            *known = GuestIndex {
                as_of: guests.as_of,
                campaign: Some(guests.campaign),
                by_token: by_token.collect(),
                devices: guests.devices.into_iter().map(|device| (device.device, device)).collect(),
            };
        }
        Ok(ask(&known))
    }

    /// The hash of the token that a device with this key presents to this hub.
    fn shown(&self, key: Sha256) -> [u8; 32] {
        sha2::Sha256::digest(token_for(key, self.fingerprint).0).into()
    }

    fn device(&self, device: DeviceId) -> Result<RosterDevice, StoreError> {
        let found = self.known(|known| known.devices.get(&device).cloned())?;
        found.ok_or(StoreError::Refused("this hub does not know the device", RefusalCode::TokenUnknown))
    }

    fn prove(&self, ask: &Challenge) -> Result<Proof, StoreError> {
        let unknown = || StoreError::Refused("this hub does not know the device", RefusalCode::TokenUnknown);
        let device = self.device(ask.device)?;
        if device.is_revoked {
            return Err(StoreError::Refused("the device was revoked", RefusalCode::Revoked));
        }
        let key = device.hub_key.ok_or_else(unknown)?;
        let nonce = self.handle.with(|engine| engine.random());
        Ok(Proof { proof: proof(key, self.fingerprint, &ask.nonce, &nonce), nonce })
    }

    fn caller(&self, token: SecretHash) -> Result<Option<Caller>, StoreError> {
        self.known(|known| {
            let device = known.devices.get(known.by_token.get(&token.0)?)?;
            Some(Caller {
                device: device.device,
                campaign: known.campaign?,
                role: device.role,
                lease_until: device.lease_until,
                is_revoked: device.is_revoked,
            })
        })
    }

    fn push(&self, push: Push) -> Result<Pushed, StoreError> {
        let device = self.device(push.device)?;
        let docs: Vec<_> = push.docs.into_iter().map(|doc| self.push_doc(&device, doc)).collect::<Result<_, _>>()?;
        Ok(Pushed { lease_until: device.lease_until, docs, hints: Vec::new() })
    }

    fn push_doc(&self, device: &RosterDevice, push: DocPush) -> Result<DocPushed, StoreError> {
        let (doc, id) = (push.doc, device.device);
        if push.changes.is_empty() {
            return Ok(DocPushed::default());
        }
        let Some(row) = self.with(|engine| serve::document(engine, doc))? else { return Ok(DocPushed::default()) };
        // What decides about others comes from the campaign's relay alone, which can attribute its changes.
        if serve::is_of_relay_alone(row.kind) || !grants::ever_wrote(access(device, row.kind, doc)) {
            return Ok(DocPushed::default());
        }
        let own = self.with(|engine| Ok(engine.member()?.identity.role))?;
        // The relay would not accept it from here, nor what others record on top of it: it stays with its author, who brings it there.
        if !own.may_carry_for(device.role) {
            return Ok(DocPushed::default());
        }
        let is_carried = |other: &&RosterDevice| {
            other.device != id && device.role.may_carry_for(other.role) && own.may_carry_for(other.role)
        };
        let carried_for = if push.carries {
            self.known(|known| known.devices.values().filter(is_carried).map(|other| other.device).collect())?
        } else {
            BTreeSet::new()
        };
        let PushOutcome { stored, rejected, n_new } =
            self.with(|engine| serve::take_in(engine, doc, id, carried_for, &push.changes))?;
        self.book.brought(id, n_new);
        let acked = stored.into_iter().map(|(hash, n)| Acked { hash, n }).collect();
        let rejected = rejected.into_iter().map(|(hash, why)| Rejected { hash, why }).collect();
        Ok(DocPushed { acked, rejected })
    }

    fn pull(&self, pull: Pull) -> Result<Pulled, StoreError> {
        let device = self.device(pull.device)?;
        let mut budget = pull.budget;
        let docs = pull.docs.into_iter().map(|doc| self.pull_doc(&device, doc, &mut budget));
        let docs = docs.collect::<Result<_, _>>()?;
        Ok(Pulled { epoch: self.epoch, grants: None, feed: pull.feed, news: Vec::new(), docs })
    }

    fn pull_doc(&self, device: &RosterDevice, ask: DocPull, budget: &mut usize) -> Result<DocPulled, StoreError> {
        let none = DocPulled { cursor: ask.cursor, ..DocPulled::default() };
        let Some(row) = self.with(|engine| serve::document(engine, ask.doc))? else { return Ok(none) };
        let access = access(device, row.kind, ask.doc);
        if !grants::hears(access) {
            return Ok(DocPulled { access, ..none });
        }
        let wanted = PullRequest { cursor: ask.cursor, heads: ask.heads, without: ask.without };
        let told = self.with(|engine| serve::tell(engine, &row, &wanted, budget))?;
        let PullAnswer { changes, cursor, is_more, is_same } = told;
        Ok(DocPulled { access, changes, cursor, is_more, is_same, ..DocPulled::default() })
    }

    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Result<PackPart, StoreError> {
        let none = || StoreError::Refused("no such pack", RefusalCode::NotFound);
        let device = self.device(by.device)?;
        let (doc, bytes) = self.with(|engine| serve::pack(engine, hash))?.ok_or_else(none)?;
        let row = self.with(|engine| serve::document(engine, doc))?.ok_or_else(none)?;
        if !grants::hears(access(&device, row.kind, doc)) {
            return Err(none());
        }
        let n_bytes = bytes.len() as u64;
        let at = |place: u64| usize::try_from(place.min(n_bytes)).unwrap_or(bytes.len());
        let part = bytes.get(at(range.start)..at(range.end)).unwrap_or_default();
        Ok(PackPart { bytes: part.to_vec(), n_bytes })
    }
}

/// A device's access to a document, by the relay's own rule.
fn access(device: &RosterDevice, kind: DocKind, doc: DocId) -> Option<Access> {
    let handed_out = if device.docs.contains(&doc) {
        Some(Access::Write)
    } else {
        device.hand_in.contains(&doc).then_some(Access::HandIn)
    };
    grants::access(device.role, kind, handed_out)
}

impl Documents for HubStore {
    fn push(&self, push: Push) -> Later<'_, Pushed> {
        self.work(move |shared| shared.push(push))
    }

    fn pull(&self, pull: Pull) -> Later<'_, Pulled> {
        self.work(move |shared| shared.pull(pull))
    }

    /// Receipts are stored by the campaign's relay alone.
    fn seen(&self, _: Caller, _: Vec<(DocId, u64)>) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Packs for HubStore {
    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Later<'_, PackPart> {
        self.work(move |shared| shared.pack(by, hash, range))
    }
}

impl Store for HubStore {
    fn caller(&self, token: SecretHash) -> Later<'_, Option<Caller>> {
        self.work(move |shared| shared.caller(token))
    }

    fn heard(&self, devices: Vec<(DeviceId, At)>) -> Later<'_, ()> {
        self.work(move |shared| {
            let name = |device: &DeviceId| {
                let found = shared.known(|known| known.devices.get(device).map(|device| device.name.clone()));
                found.ok().flatten().unwrap_or_default()
            };
            let named = devices.into_iter().map(|(device, at)| (device, name(&device), at)).collect();
            shared.book.were_here(named);
            shared.handle.tell_changed(porchlight_model::calls::Topic::Roster);
            Ok(())
        })
    }

    fn prove(&self, ask: Challenge) -> Later<'_, Proof> {
        self.work(move |shared| shared.prove(&ask))
    }

    fn check(&self) -> Later<'_, ()> {
        self.work(|shared| serve::check(&shared.handle).map_err(failed))
    }

    fn n_commits(&self) -> u64 {
        0
    }

    fn close(&self) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}
