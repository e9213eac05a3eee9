//! The captain's side: what a shell lends that can open this device to phones.

use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::hub::HubGuest;
use porchlight_model::id::Sha256;
use std::net::SocketAddr;

/// Where a hub listens, and how phones know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Its addresses on the local network.
    pub addresses: Vec<SocketAddr>,
    /// The SHA-256 of its certificate.
    pub fingerprint: Sha256,
}

/// Opens this device to phones on the local network; lent by shells that can.
pub trait Host: Send + Sync {
    /// Begins to listen; nothing happens when it does.
    ///
    /// # Errors
    /// What to tell the person: no network, an address in use.
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError>;

    /// Ends listening; nothing happens when it does not.
    fn close(&self);

    /// Where it listens, if it does.
    fn listening(&self) -> Option<Listening>;

    /// Phones that were here since it was opened, the last first.
    fn guests(&self) -> Vec<HubGuest>;
}
