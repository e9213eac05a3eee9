//! The relay: its store, clock, random generator, limits and listeners.

use crate::at_once::AtOnce;
use crate::bus::{BusUrl, Outbox};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::limits::{
    DEVICE_AT_ONCE, DEVICE_QUEUE, HEAD_WAIT, LARGE_BYTES, MAX_INVITE_DOCS, MAX_LABEL_CHARS, MAX_STREAMS_PER_DEVICE,
    REQUEST_WAIT, UNREAD_WAIT,
};
use crate::listeners::{HintOrGap, Listeners};
use crate::meters::Meters;
use crate::proxies::Proxies;
use crate::rates::{Rate, Rates};
use crate::readiness::Readiness;
use crate::room::Room;
use crate::secret::SecretHash;
use crate::store::postgres::{Address, PostgresStore};
use crate::store::sqlite::SqliteStore;
use crate::store::{Enrolment, Hearing, Hint, NewInvite, Store, StoreError, Upkeep};
use porchlight_model::id::{CampaignId, DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteMade, MAX_INVITE_MINUTES, MAX_INVITE_USES, RefusalCode};
use porchlight_model::time::At;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;

/// How long after a restore of the store anyone who may write a document may carry changes of others to it: 30 days.
const RECOVERY_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The configuration of a relay.
#[derive(Clone)]
pub struct Config {
    /// The folder that holds the store.
    pub data: PathBuf,
    /// The folder of the web app, where one is served.
    pub web: Option<PathBuf>,
    /// The addresses of all relays that serve the same campaigns, this one included; sent to every device.
    pub relays: Vec<String>,
    /// The proxies in front, whose word is taken for the address that a request comes from.
    pub proxies: Proxies,
    /// How hints reach other nodes over the same store, where there are any.
    pub bus: Option<BusUrl>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random seed.
    pub seed: [u8; 32],
    /// How often one device may ask.
    pub device_rate: Rate,
    /// How many bytes of requests one device may send.
    pub device_bytes: Rate,
    /// How many bytes of answers one device may receive.
    pub device_told: Rate,
    /// How many requests of one device are served at the same time.
    pub device_at_once: u32,
    /// How many requests of one device may wait for the store's writer.
    pub device_queue: u32,
    /// How often one network address may ask without a token.
    pub address_rate: Rate,
    /// How long a client may take to send a request's head.
    pub head_wait: Duration,
    /// How long one request may take, body and answer together.
    pub request_wait: Duration,
    /// How long a client may leave unread what it is sent.
    pub unread_wait: Duration,
    /// How many bytes large requests and answers may take at once, of all devices together.
    pub large_bytes: usize,
}

impl Config {
    /// The usual limits, no web app.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, clock: Arc<dyn Clock>, seed: [u8; 32]) -> Self {
        Self {
            data: data.into(),
            web: None,
            relays: Vec::new(),
            proxies: Proxies::default(),
            bus: None,
            clock,
            seed,
            device_rate: Rate::DEVICE,
            device_bytes: Rate::DEVICE_BYTES,
            device_told: Rate::DEVICE_TOLD,
            device_at_once: DEVICE_AT_ONCE,
            device_queue: DEVICE_QUEUE,
            address_rate: Rate::ADDRESS,
            head_wait: HEAD_WAIT,
            request_wait: REQUEST_WAIT,
            unread_wait: UNREAD_WAIT,
            large_bytes: LARGE_BYTES,
        }
    }
}

/// A running relay; clones are the same relay.
#[derive(Clone)]
pub struct Relay(Arc<Parts>);

/// Settings that may change while the relay serves: the addresses sent to devices, and the trusted proxies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LiveSettings {
    /// The folder of the web app.
    pub(crate) web: Option<PathBuf>,
    /// The addresses of all relays over the same store.
    pub(crate) relays: Vec<String>,
    /// The proxies in front.
    pub(crate) proxies: Proxies,
}

impl LiveSettings {
    fn of(config: &Config) -> Arc<Self> {
        let Config { web, relays, proxies, .. } = config;
        Arc::new(Self { web: web.clone(), relays: relays.clone(), proxies: proxies.clone() })
    }
}

/// The parts of a relay.
pub struct Parts {
    pub(crate) store: Box<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Chance,
    live: RwLock<Arc<LiveSettings>>,
    pub(crate) heard: crate::heard::LastContacts,
    pub(crate) listeners: Listeners,
    pub(crate) bus: Option<Outbox>,
    pub(crate) meters: Meters,
    /// By token, so that a device over its rate costs the store nothing.
    pub(crate) device_rates: Rates<SecretHash>,
    pub(crate) device_bytes: Rates<DeviceId>,
    /// By token, too.
    pub(crate) device_told: Rates<SecretHash>,
    pub(crate) under_way: Arc<AtOnce<SecretHash>>,
    pub(crate) streams: Arc<AtOnce<DeviceId>>,
    pub(crate) address_rates: Rates<IpAddr>,
    pub(crate) head_wait: Duration,
    pub(crate) request_wait: Duration,
    pub(crate) unread_wait: Duration,
    pub(crate) room: Arc<Room>,
    pub(crate) readiness: Readiness,
    pub(crate) is_stopping: watch::Sender<bool>,
}

impl std::ops::Deref for Relay {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// An invite to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteOf {
    /// The campaign; `None` founds one.
    pub campaign: Option<CampaignId>,
    /// The role it gives.
    pub role: Role,
    /// The turf documents it hands out.
    pub docs: Vec<DocId>,
    /// What it is for.
    pub label: String,
    /// How many devices may use it.
    pub uses: u32,
    /// For how many minutes.
    pub minutes: u32,
    /// The device that makes it; `None` for the relay's operator.
    pub by: Option<DeviceId>,
}

impl Relay {
    /// Opens the store in the data folder and makes everything ready to serve.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the store cannot be opened.
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        let chance = Chance::from_seed(config.seed);
        let now = config.clock.now();
        let store = SqliteStore::open_shared(&config.data, chance.epoch(), now, config.device_queue)?;
        Ok(Self::over(config, chance, Box::new(store)))
    }

    /// Opens a store in a PostgreSQL database instead, which other nodes may share.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database cannot be reached or used.
    pub async fn connect(config: &Config, address: &Address) -> Result<Self, StoreError> {
        let chance = Chance::from_seed(config.seed);
        let store = PostgresStore::open(address, chance.epoch(), config.clock.now()).await?;
        Ok(Self::over(config, chance, Box::new(store)))
    }

    /// Serves another kind of store.
    #[must_use]
    pub fn over_store(config: &Config, store: Box<dyn Store>) -> Self {
        Self::over(config, Chance::from_seed(config.seed), store)
    }

    fn over(config: &Config, chance: Chance, store: Box<dyn Store>) -> Self {
        Self(Arc::new(Parts {
            store,
            clock: config.clock.clone(),
            chance,
            live: RwLock::new(LiveSettings::of(config)),
            heard: crate::heard::LastContacts::default(),
            listeners: Listeners::new(),
            bus: config.bus.clone().map(Outbox::new),
            meters: if config.bus.is_some() { Meters::new().with_bus() } else { Meters::new() },
            device_rates: Rates::new(config.device_rate),
            device_bytes: Rates::new(config.device_bytes),
            device_told: Rates::new(config.device_told),
            under_way: AtOnce::new(config.device_at_once),
            streams: AtOnce::new(MAX_STREAMS_PER_DEVICE),
            address_rates: Rates::new(config.address_rate),
            head_wait: config.head_wait,
            request_wait: config.request_wait,
            unread_wait: config.unread_wait,
            room: Room::new(config.large_bytes),
            readiness: Readiness::default(),
            is_stopping: watch::Sender::new(false),
        }))
    }

    /// The relay's store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Who belongs to which campaign.
    ///
    /// # Errors
    /// [`StoreError::Refused`] at a hub, which is told by its campaign's relay.
    pub fn enrolment(&self) -> Result<&dyn Enrolment, StoreError> {
        self.0.store.enrolment().ok_or(StoreError::NOT_AT_A_HUB)
    }

    /// What keeps the store in order.
    ///
    /// # Errors
    /// [`StoreError::Refused`] at a hub, which keeps nothing of its own.
    pub fn upkeep(&self) -> Result<&dyn Upkeep, StoreError> {
        self.0.store.upkeep().ok_or(StoreError::NOT_AT_A_HUB)
    }

    /// Makes an invite; its secret is told this once.
    ///
    /// # Errors
    /// [`StoreError::Refused`] over a limit, or where the campaign or a turf does not exist; [`StoreError::Unavailable`] where the store fails.
    pub async fn invite(&self, of: InviteOf) -> Result<InviteMade, StoreError> {
        let malformed = |why| Err(StoreError::Refused(why, RefusalCode::Malformed));
        if !(1..=MAX_INVITE_USES).contains(&of.uses) {
            return malformed("an invite may be used 1 to 500 times");
        }
        if !(1..=MAX_INVITE_MINUTES).contains(&of.minutes) {
            return malformed("an invite lasts from 1 minute to 30 days");
        }
        if of.docs.len() > MAX_INVITE_DOCS {
            return Err(StoreError::Refused("an invite hands out at most 64 turf", RefusalCode::TooLarge));
        }
        if of.label.chars().count() > MAX_LABEL_CHARS {
            return Err(StoreError::Refused("a label has at most 120 characters", RefusalCode::TooLarge));
        }
        let now = self.clock.now();
        let (id, secret) = (self.chance.invite_id(now), self.chance.secret());
        let expires_at = now.plus_ms(i64::from(of.minutes) * 60_000);
        let invite = NewInvite {
            id,
            secret: secret.hash(),
            campaign: of.campaign,
            role: of.role,
            docs: of.docs,
            label: of.label,
            uses: of.uses,
            expires_at,
            made_at: now,
            made_by: of.by,
        };
        self.enrolment()?.invite(invite).await?;
        Ok(InviteMade { id, secret: secret.as_str().to_owned(), expires_at })
    }

    /// Makes an invite that founds a campaign, good for seven days.
    ///
    /// # Errors
    /// As [`Self::invite`].
    pub async fn invite_founder(&self) -> Result<InviteMade, StoreError> {
        let label = String::new();
        let of = InviteOf {
            campaign: None,
            role: Role::Coordinator,
            docs: Vec::new(),
            label,
            uses: 1,
            minutes: 7 * 24 * 60,
            by: None,
        };
        self.invite(of).await
    }

    /// Starts a new epoch, after the store was restored from a backup. All invites end, because the backup does not know which of them were
    /// used up, withdrawn or voided since: how many let someone in.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the store fails; then it is to be done again.
    pub async fn start_new_epoch(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let n_ended = self.enrolment()?.end_invites(now).await?;
        self.upkeep()?.new_epoch(self.chance.epoch(), now.plus_ms(RECOVERY_MS)).await?;
        Ok(n_ended)
    }

    /// Applies the settings that may change while the relay serves: the web app's folder, the addresses of relays and proxies, the rates of devices and
    /// of addresses, the limit of concurrent requests of a device and the budget of large requests. Requests in progress are not affected.
    pub fn change(&self, to: &Config) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = LiveSettings::of(to);
        self.device_rates.change(to.device_rate);
        self.device_bytes.change(to.device_bytes);
        self.device_told.change(to.device_told);
        self.under_way.change(to.device_at_once);
        self.address_rates.change(to.address_rate);
        self.room.change(to.large_bytes);
    }

    /// The settings that may change while it serves, as they are at this moment.
    pub(crate) fn live(&self) -> Arc<LiveSettings> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the access of one device of a campaign, or of all.
    pub(crate) async fn hearing(&self, of: CampaignId, device: Option<DeviceId>) -> Result<Hearing, StoreError> {
        self.meters.hint_reads.inc();
        self.enrolment()?.hearing(of, device).await
    }

    /// Notifies listeners, here and at other nodes.
    pub(crate) fn hint(&self, hint: Hint) {
        self.listeners.tell(HintOrGap::Hint(hint));
        if let Some(bus) = &self.bus {
            bus.tell(hint, &self.meters);
        }
    }

    /// The relay's clock.
    pub(crate) fn now(&self) -> At {
        self.clock.now()
    }
}

/// The link of an invite: the secret stands behind `#`, where no server or proxy sees it.
#[must_use]
pub fn join_link(url: &str, secret: &str) -> String {
    format!("{}/join#{secret}", url.trim_end_matches('/'))
}
