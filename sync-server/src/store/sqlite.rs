//! The relay's store in one SQLite file: one writer with group commit, several readers beside it.

mod carry;
mod claim;
mod delete;
mod enrol;
mod files;
mod forget;
mod hashes;
mod hearing;
mod invite;
mod migrate;
mod own;
mod packs;
mod people;
mod pull;
mod push;
mod readers;
mod rows;
mod seen;
mod snapshots;
#[cfg(test)]
mod tests;

mod writer;

pub use self::claim::Claim;
use self::readers::Readers;
use self::writer::{Lane, Writer};
use super::{
    Caller, Documents, Enrolling, Enrolment, Hearing, Hint, Holdings, Later, Leaving, Log, NewInvite, PackPart, Packs,
    Placeholder, Pull, Pulled, Push, Pushed, Store, StoreError, Upkeep, Withdrawal,
};
use crate::limits::DEVICE_QUEUE;
use crate::secret::SecretHash;
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::relay::{EnrolReply, InviteLook, OpenInvite, RosterDevice, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::GrantList;
use rusqlite::Connection;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// The file's name inside the relay's data folder.
pub const FILE_NAME: &str = "relay.db";

/// A store in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
    /// How often a part of a campaign took too long to delete.
    n_halvings: Arc<AtomicU32>,
}

impl SqliteStore {
    /// Opens the store in a folder, created where it is missing, with the default share of the writer for each device.
    /// A new store gets `epoch`; an existing one keeps its own.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the folder or the file cannot be used, or was written by a newer relay.
    pub fn open(folder: &Path, epoch: u64, now: At) -> Result<Self, StoreError> {
        Self::open_shared(folder, epoch, now, DEVICE_QUEUE)
    }

    /// Opens the store as [`Self::open`] does; each device may have `share` requests waiting for the writer.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_shared(folder: &Path, epoch: u64, now: At, share: u32) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        own::make(folder, &path).map_err(|error| StoreError::Unavailable(error.into()))?;
        let mut conn = files::open_writer(&path)?;
        migrate::migrate(&mut conn, epoch, now)?;
        Ok(Self {
            writer: Writer::start(conn, usize::try_from(share).unwrap_or(usize::MAX))?,
            readers: Readers::new(path),
            n_halvings: Arc::default(),
        })
    }

    /// Whether a relay has laid out its store in a folder; nothing is made or changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the file is there and cannot be read.
    pub fn is_laid_out(folder: &Path) -> Result<bool, StoreError> {
        files::is_laid_out(&folder.join(FILE_NAME))
    }

    /// Locks a folder for the relay that serves from it; `None` while another one holds it. Hints and limits live in the process: of two, each
    /// would send its devices half of the hints.
    ///
    /// # Errors
    /// Where the folder or the lock's file in it cannot be made.
    pub fn claim(folder: &Path) -> std::io::Result<Option<Claim>> {
        claim::claim(folder)
    }

    /// Writes in the lane of requests without a known device.
    fn write<'a, T: Send + 'static>(
        &'a self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<'a, T> {
        Box::pin(self.writer.write(Lane::Others, work))
    }

    /// Writes in the lane of a device, which waits for its own turn.
    fn write_for<'a, T: Send + 'static>(
        &'a self,
        device: DeviceId,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<'a, T> {
        Box::pin(self.writer.write(Lane::Device(device), work))
    }

    fn read<'a, T: Send + 'static>(
        &'a self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Later<'a, T> {
        Box::pin(self.readers.read(work))
    }
}

impl Documents for SqliteStore {
    fn push(&self, push: Push) -> Later<'_, Pushed> {
        self.write_for(push.device, move |conn| push::push(conn, &push))
    }

    fn pull(&self, pull: Pull) -> Later<'_, Pulled> {
        self.read(move |conn| pull::pull(conn, &pull))
    }

    fn seen(&self, by: Caller, docs: Vec<(DocId, u64)>) -> Later<'_, ()> {
        self.write_for(by.device, move |conn| seen::seen(conn, by, &docs))
    }
}

impl Packs for SqliteStore {
    fn put_pack(&self, by: Caller, doc: DocId, hash: Sha256, bytes: Vec<u8>) -> Later<'_, ()> {
        self.write_for(by.device, move |conn| packs::put(conn, by, doc, hash, &bytes))
    }

    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Later<'_, PackPart> {
        self.read(move |conn| packs::part(conn, by, hash, &range))
    }
}

impl Enrolment for SqliteStore {
    fn look(&self, secret: SecretHash, now: At) -> Later<'_, InviteLook> {
        self.read(move |conn| invite::look(conn, secret, now))
    }

    fn enrol(&self, enrolment: Enrolling) -> Later<'_, (EnrolReply, Hint)> {
        self.write(move |conn| enrol::enrol(conn, &enrolment))
    }

    fn invite(&self, invite: NewInvite) -> Later<'_, ()> {
        self.write(move |conn| invite::keep(conn, &invite))
    }

    fn open_invites(&self, campaign: CampaignId, now: At) -> Later<'_, Vec<OpenInvite>> {
        self.read(move |conn| invite::open(conn, campaign, now))
    }

    fn founding_until(&self, now: At) -> Later<'_, Option<At>> {
        self.read(move |conn| invite::founding_until(conn, now))
    }

    fn withdraw(&self, of: Withdrawal) -> Later<'_, ()> {
        self.write(move |conn| invite::withdraw(conn, of))
    }

    fn end_invites(&self, now: At) -> Later<'_, u64> {
        self.write(move |conn| invite::end_all(conn, now))
    }

    fn roster(&self, campaign: CampaignId) -> Later<'_, Vec<RosterDevice>> {
        self.read(move |conn| people::roster(conn, campaign))
    }

    fn placeholders(&self, campaign: CampaignId) -> Later<'_, Vec<Placeholder>> {
        self.read(move |conn| people::placeholders(conn, campaign))
    }

    fn grants(&self, device: DeviceId) -> Later<'_, GrantList> {
        self.read(move |conn| pull::grants(conn, &rows::enrolled(conn, device)?))
    }

    fn hearing(&self, campaign: CampaignId, device: Option<DeviceId>) -> Later<'_, Hearing> {
        self.read(move |conn| hearing::hearing(conn, campaign, device))
    }

    fn take_back(&self, by: Caller, doc: DocId, device: DeviceId) -> Later<'_, Hint> {
        self.write_for(by.device, move |conn| people::take_back(conn, by, doc, device))
    }

    fn shut_out(&self, by: Caller, device: DeviceId, now: At) -> Later<'_, (ShutOutDone, Option<Hint>)> {
        self.write_for(by.device, move |conn| people::shut_out(conn, by, device, now))
    }

    fn revoke(&self, device: DeviceId, now: At) -> Later<'_, Hint> {
        self.write(move |conn| people::revoke(conn, device, None, now))
    }

    fn leave(&self, leaving: Leaving) -> Later<'_, Hint> {
        self.write(move |conn| people::leave(conn, leaving))
    }
}

impl Upkeep for SqliteStore {
    fn to_snapshot(&self, n_changes: u64, limit: u32) -> Later<'_, Vec<DocId>> {
        self.read(move |conn| snapshots::due(conn, n_changes, limit))
    }

    fn log(&self, doc: DocId, max_bytes: usize) -> Later<'_, Log> {
        self.read(move |conn| snapshots::log(conn, doc, max_bytes))
    }

    fn put_snapshot(&self, doc: DocId, n: u64, bytes: Vec<u8>) -> Later<'_, ()> {
        self.write(move |conn| snapshots::put(conn, doc, n, &bytes))
    }

    fn forget(&self, by: Caller, docs: Vec<DocId>, now: At) -> Later<'_, Option<Hint>> {
        let remains = self.writer.remains();
        self.write_for(by.device, move |conn| {
            let hint = forget::forget(conn, by, &docs, now)?;
            if hint.is_some() {
                remains.are_left();
            }
            Ok(hint)
        })
    }

    fn campaigns(&self) -> Later<'_, Vec<CampaignId>> {
        self.read(people::campaigns)
    }

    fn holdings(&self, of: CampaignId) -> Later<'_, Option<Holdings>> {
        self.read(move |conn| delete::holdings(conn, of))
    }

    fn delete_part(&self, of: CampaignId) -> Later<'_, bool> {
        let (remains, n_halvings) = (self.writer.remains(), self.n_halvings.clone());
        self.write(move |conn| {
            remains.are_left();
            delete::next(conn, of, &n_halvings)
        })
    }

    fn new_epoch(&self, epoch: u64, recovering_until: At) -> Later<'_, ()> {
        self.write(move |conn| migrate::set_epoch(conn, epoch, recovering_until))
    }
}

impl Store for SqliteStore {
    fn enrolment(&self) -> Option<&dyn Enrolment> {
        Some(self)
    }

    fn upkeep(&self) -> Option<&dyn Upkeep> {
        Some(self)
    }

    fn caller(&self, token: SecretHash) -> Later<'_, Option<Caller>> {
        self.read(move |conn| people::caller(conn, token))
    }

    fn heard(&self, devices: Vec<(DeviceId, At)>) -> Later<'_, ()> {
        self.write(move |conn| seen::heard(conn, &devices))
    }

    fn check(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.writer.write(Lane::Others, files::check).await?;
            self.readers.read(files::check).await
        })
    }

    fn check_writing(&self) -> Later<'_, ()> {
        self.write(files::check_writing)
    }

    fn check_room(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.writer.write(Lane::Others, files::fill_room).await?;
            self.writer.write(Lane::Others, files::clear_room).await
        })
    }

    fn n_commits(&self) -> u64 {
        self.writer.n_commits()
    }

    fn close(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.readers.close();
            self.writer.close().await
        })
    }
}
