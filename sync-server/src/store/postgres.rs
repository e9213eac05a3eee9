//! The relay's store in PostgreSQL, for several nodes over one database: rows are locked where numbers are drawn, pushes share commits.

mod database;
mod delete;
mod enrol;
mod fault;
mod forget;
mod hearing;
mod hosts;
mod intake;
mod invite;
mod lanes;
mod migrate;
mod packs;
mod people;
mod pull;
mod rows;
mod seen;
mod snapshots;
mod url;

use self::database::Database;
use self::lanes::Lanes;
use super::{
    Caller, Documents, Enrolling, Enrolment, Hearing, Hint, Holdings, Later, Leaving, Log, NewInvite, PackPart, Packs,
    Placeholder, Pull, Pulled, Push, Pushed, Store, StoreError, Upkeep, Withdrawal,
};
use crate::secret::SecretHash;
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::relay::{EnrolReply, InviteLook, OpenInvite, RosterDevice, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::GrantList;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;

/// The address of the database, and how many connections one node takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `postgres://user:password@host:port/database`, with the options of libpq.
    pub url: String,
    /// The certificates to trust (PEM); `None` for the system's.
    pub ca: Option<PathBuf>,
    /// The most connections at once.
    pub n_connections: usize,
}

/// The default number of connections of one node.
pub const N_CONNECTIONS: usize = 16;

/// A store in a PostgreSQL database.
pub struct PostgresStore {
    database: Database,
    lanes: Lanes,
    /// How often a part of a campaign that is deleted took too long.
    n_halvings: AtomicU32,
}

impl PostgresStore {
    /// Connects, migrates the schema and starts to accept pushes. A new store gets `epoch`; an existing one keeps its own.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the address cannot be parsed, the database cannot be reached, or a newer relay migrated it.
    pub async fn open(address: &Address, epoch: u64, now: At) -> Result<Self, StoreError> {
        let database = Database::new(&address.url, address.ca.as_deref(), address.n_connections)?;
        database.check_session().await?;
        migrate::migrate(&database, epoch, now).await?;
        Ok(Self { lanes: Lanes::start(&database), database, n_halvings: AtomicU32::default() })
    }

    /// Whether a relay has laid out its store in the database; nothing is made or changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the address cannot be parsed or the database cannot be reached.
    pub async fn is_laid_out(address: &Address) -> Result<bool, StoreError> {
        let database = Database::new(&address.url, address.ca.as_deref(), 1)?;
        database.check_session().await?;
        database.read((), |tx, ()| Box::pin(migrate::is_laid_out(tx))).await
    }
}

impl Documents for PostgresStore {
    fn push(&self, push: Push) -> Later<'_, Pushed> {
        Box::pin(self.lanes.push(push))
    }

    fn pull(&self, pull: Pull) -> Later<'_, Pulled> {
        Box::pin(self.database.read(pull, |tx, pull| Box::pin(pull::pull(tx, pull))))
    }

    fn seen(&self, by: Caller, docs: Vec<(DocId, u64)>) -> Later<'_, ()> {
        Box::pin(self.database.write((by, docs), |tx, (by, docs)| Box::pin(seen::seen(tx, *by, docs))))
    }
}

impl Packs for PostgresStore {
    fn put_pack(&self, by: Caller, doc: DocId, hash: Sha256, bytes: Vec<u8>) -> Later<'_, ()> {
        let pack = packs::NewPack { by, doc, hash, bytes };
        Box::pin(self.database.write(pack, |tx, pack| Box::pin(packs::put(tx, pack))))
    }

    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Later<'_, PackPart> {
        let work = (by, hash, range);
        Box::pin(self.database.read(work, |tx, (by, hash, range)| Box::pin(packs::part(tx, *by, *hash, range))))
    }
}

impl Enrolment for PostgresStore {
    fn look(&self, secret: SecretHash, now: At) -> Later<'_, InviteLook> {
        let look = self.database.read((secret, now), |tx, (secret, now)| Box::pin(invite::look(tx, *secret, *now)));
        Box::pin(look)
    }

    fn enrol(&self, enrolment: Enrolling) -> Later<'_, (EnrolReply, Hint)> {
        Box::pin(self.database.write(enrolment, |tx, enrolment| Box::pin(enrol::enrol(tx, enrolment))))
    }

    fn invite(&self, invite: NewInvite) -> Later<'_, ()> {
        Box::pin(self.database.write(invite, |tx, invite| Box::pin(invite::keep(tx, invite))))
    }

    fn open_invites(&self, campaign: CampaignId, now: At) -> Later<'_, Vec<OpenInvite>> {
        let work = (campaign, now);
        Box::pin(self.database.read(work, |tx, (campaign, now)| Box::pin(invite::open(tx, *campaign, *now))))
    }

    fn founding_until(&self, now: At) -> Later<'_, Option<At>> {
        Box::pin(self.database.read(now, |tx, now| Box::pin(invite::founding_until(tx, *now))))
    }

    fn withdraw(&self, of: Withdrawal) -> Later<'_, ()> {
        Box::pin(self.database.write(of, |tx, of| Box::pin(invite::withdraw(tx, *of))))
    }

    fn end_invites(&self, now: At) -> Later<'_, u64> {
        Box::pin(self.database.write(now, |tx, now| Box::pin(invite::end_all(tx, *now))))
    }

    fn roster(&self, campaign: CampaignId) -> Later<'_, Vec<RosterDevice>> {
        Box::pin(self.database.read(campaign, |tx, campaign| Box::pin(people::roster(tx, *campaign))))
    }

    fn placeholders(&self, campaign: CampaignId) -> Later<'_, Vec<Placeholder>> {
        Box::pin(self.database.read(campaign, |tx, campaign| Box::pin(people::placeholders(tx, *campaign))))
    }

    fn grants(&self, device: DeviceId) -> Later<'_, GrantList> {
        Box::pin(self.database.read(device, |tx, device| {
            Box::pin(async move { pull::grants(tx, &rows::enrolled(tx, *device).await?).await })
        }))
    }

    fn hearing(&self, campaign: CampaignId, device: Option<DeviceId>) -> Later<'_, Hearing> {
        let work = (campaign, device);
        Box::pin(self.database.read(work, |tx, (campaign, device)| Box::pin(hearing::hearing(tx, *campaign, *device))))
    }

    fn take_back(&self, by: Caller, doc: DocId, device: DeviceId) -> Later<'_, Hint> {
        let work = (by, doc, device);
        Box::pin(self.database.write(work, |tx, (by, doc, device)| Box::pin(people::take_back(tx, *by, *doc, *device))))
    }

    fn shut_out(&self, by: Caller, device: DeviceId, now: At) -> Later<'_, (ShutOutDone, Option<Hint>)> {
        let work = (by, device, now);
        Box::pin(self.database.write(work, |tx, (by, device, now)| Box::pin(people::shut_out(tx, *by, *device, *now))))
    }

    fn revoke(&self, device: DeviceId, now: At) -> Later<'_, Hint> {
        let work = (device, now);
        Box::pin(self.database.write(work, |tx, (device, now)| Box::pin(people::revoke(tx, *device, None, *now))))
    }

    fn leave(&self, leaving: Leaving) -> Later<'_, Hint> {
        Box::pin(self.database.write(leaving, |tx, leaving| Box::pin(people::leave(tx, *leaving))))
    }
}

impl Upkeep for PostgresStore {
    fn to_snapshot(&self, n_changes: u64, limit: u32) -> Later<'_, Vec<DocId>> {
        let work = (n_changes, limit);
        Box::pin(self.database.read(work, |tx, (n_changes, limit)| Box::pin(snapshots::due(tx, *n_changes, *limit))))
    }

    fn log(&self, doc: DocId, max_bytes: usize) -> Later<'_, Log> {
        Box::pin(
            self.database.read((doc, max_bytes), |tx, (doc, max_bytes)| Box::pin(snapshots::log(tx, *doc, *max_bytes))),
        )
    }

    fn put_snapshot(&self, doc: DocId, n: u64, bytes: Vec<u8>) -> Later<'_, ()> {
        let work = (doc, n, bytes);
        Box::pin(self.database.write(work, |tx, (doc, n, bytes)| Box::pin(snapshots::put(tx, *doc, *n, bytes))))
    }

    fn forget(&self, by: Caller, docs: Vec<DocId>, now: At) -> Later<'_, Option<Hint>> {
        let work = (by, docs, now);
        Box::pin(self.database.write(work, |tx, (by, docs, now)| Box::pin(forget::forget(tx, *by, docs, *now))))
    }

    fn campaigns(&self) -> Later<'_, Vec<CampaignId>> {
        Box::pin(self.database.read((), |tx, ()| Box::pin(people::campaigns(tx))))
    }

    fn holdings(&self, of: CampaignId) -> Later<'_, Option<Holdings>> {
        Box::pin(self.database.read(of, |tx, of| Box::pin(delete::holdings(tx, *of))))
    }

    fn delete_part(&self, of: CampaignId) -> Later<'_, bool> {
        Box::pin(delete::next(&self.database, &self.n_halvings, of))
    }

    fn new_epoch(&self, epoch: u64, recovering_until: At) -> Later<'_, ()> {
        let work = (epoch, recovering_until);
        Box::pin(self.database.write(work, |tx, (epoch, until)| Box::pin(migrate::set_epoch(tx, *epoch, *until))))
    }
}

impl Store for PostgresStore {
    fn enrolment(&self) -> Option<&dyn Enrolment> {
        Some(self)
    }

    fn upkeep(&self) -> Option<&dyn Upkeep> {
        Some(self)
    }

    fn caller(&self, token: SecretHash) -> Later<'_, Option<Caller>> {
        Box::pin(async move { people::caller(&self.database.connection().await?, token).await })
    }

    fn heard(&self, devices: Vec<(DeviceId, At)>) -> Later<'_, ()> {
        Box::pin(self.database.write(devices, |tx, devices| Box::pin(seen::heard(tx, devices))))
    }

    fn check(&self) -> Later<'_, ()> {
        Box::pin(self.database.write((), |tx, ()| Box::pin(migrate::check(tx))))
    }

    fn check_writing(&self) -> Later<'_, ()> {
        Box::pin(self.database.write((), |tx, ()| Box::pin(migrate::check_writing(tx))))
    }

    fn check_room(&self) -> Later<'_, ()> {
        Box::pin(self.database.write((), |tx, ()| Box::pin(migrate::check_room(tx))))
    }

    fn n_commits(&self) -> u64 {
        self.database.n_commits()
    }

    fn close(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.lanes.close().await?;
            self.database.close();
            Ok(())
        })
    }
}
