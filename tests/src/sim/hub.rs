//! The office's devices as hubs in a story: the relay's own interface over their documents, on the simulated network.

use super::cast::FIRST_PHONE;
use super::house::{Hands, URLS, serve};
use super::story::{Fate, Mishap};
use super::wire::{Answer, Message, Request, hub_address};
use super::world::{World, in_words};
use anyhow::{Context, Result};
use axum::Router;
use porchlight_engine::hub::host::{Host, Listening};
use porchlight_engine::hub::open::certificate;
use porchlight_engine::{EngineError, EngineHandle};
use porchlight_hub::guests::GuestBook;
use porchlight_hub::host::relay_over;
use porchlight_model::calls::hub::{HostHub, HostView, HostedHub, HubGuest, LeaveHub, UseHub};
use porchlight_model::id::Sha256;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Runtime;

/// The hub host of a device on the simulated network.
pub struct SimHost {
    index: usize,
    time: Arc<Hands>,
    book: Arc<GuestBook>,
    router: Mutex<Option<Router>>,
}

impl SimHost {
    /// Creates the closed host of the device with this index.
    #[must_use]
    pub fn new(index: usize, time: Arc<Hands>) -> Self {
        Self { index, time, book: Arc::default(), router: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Router>> {
        self.router.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fingerprint(&self) -> Sha256 {
        Sha256([u8::try_from(self.index).unwrap_or(u8::MAX); 32])
    }

    /// Answers a request; `None` while it is closed.
    ///
    /// # Errors
    /// When the answer cannot be read.
    pub fn answer(&self, runtime: &Runtime, request: &Request) -> Result<Option<Answer>> {
        let router = self.lock().clone();
        router.map(|router| serve(runtime, router, request)).transpose()
    }
}

impl Host for SimHost {
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError> {
        let kept = handle.with(|engine| certificate(engine, || Ok((Vec::new(), Vec::new()))))?;
        let (fingerprint, book) = (self.fingerprint(), self.book.clone());
        let relay = relay_over(handle, fingerprint, kept.epoch, book, self.time.clone());
        *self.lock() = Some(porchlight_relay::http::router(&relay));
        Ok(())
    }

    fn close(&self) {
        self.lock().take();
    }

    fn listening(&self) -> Option<Listening> {
        let addresses = vec![hub_address(self.index)];
        self.lock().as_ref().map(|_| Listening { addresses, fingerprint: self.fingerprint(), moved: None })
    }

    fn guests(&self) -> Vec<HubGuest> {
        self.book.guests()
    }
}

impl World<'_> {
    /// Maps a number to someone in the office.
    const fn of_the_office(who: usize) -> usize {
        who % FIRST_PHONE
    }

    /// Opens or closes the hub of an office device.
    pub(super) fn host(&mut self, who: usize, is_open: bool) -> Result<()> {
        let who = Self::of_the_office(who);
        let verb = if is_open { "opens" } else { "closes" };
        self.tell(format!("{} {verb} the hub", self.devices[who].name));
        match self.devices[who].ask(HostHub { is_open })? {
            Ok(_) => Ok(()),
            Err(error) => self.tell_refusal(&error),
        }
    }

    /// A device begins to use a hub; `mishap` is the hub's.
    pub(super) fn use_hub(&mut self, who: usize, hub: usize, fates: &[Fate], mishap: Mishap) -> Result<()> {
        let hub = Self::of_the_office(hub);
        let Some(link) = self.link_of(hub)? else { return Ok(()) };
        let (name, whose) = (self.devices[who].name.clone(), self.devices[hub].name.clone());
        if who == hub {
            return Ok(());
        }
        self.tell(format!("{name} uses the hub of {whose}{}", in_words(mishap)));
        self.devices[who].begin(UseHub { link })?;
        self.arm(hub, mishap);
        let result = self.converse(who, fates)?;
        self.end_of_mishap(hub)?;
        if let Some(Err(error)) = result {
            self.tell_refusal(&error)?;
        }
        self.check_safe(who)?;
        self.check_safe(hub)
    }

    /// Disarms the mishap of a hub.
    fn end_of_mishap(&mut self, hub: usize) -> Result<()> {
        if self.devices[hub].is_dead() {
            self.tell(format!("    {} dies there, and starts again", self.devices[hub].name));
            return self.restart(hub);
        }
        self.devices[hub].disarm();
        Ok(())
    }

    /// A device stops using its hub.
    pub(super) fn leave_hub(&mut self, who: usize) -> Result<()> {
        self.tell(format!("{} leaves the hub", self.devices[who].name));
        let left = self.devices[who].ask(LeaveHub {})?;
        left.map(drop).map_err(|error| anyhow::anyhow!("leaving a hub: {error:?}"))
    }

    fn link_of(&self, hub: usize) -> Result<Option<String>> {
        let reply = self.devices[hub].ask(HostedHub {})?.map_err(|error| anyhow::anyhow!("a hub: {error:?}"))?;
        let view: Option<HostView> = serde_json::from_str(&reply).context("reading a hub's view")?;
        Ok(view.and_then(|view| view.open?.door).map(|door| door.link))
    }

    /// The device to which a message goes, if it goes to a hub.
    pub(super) fn hub_of(&self, message: &Message) -> Option<usize> {
        message.to.checked_sub(URLS.len()).filter(|hub| *hub < self.devices.len())
    }
}
