//! The captain's side: what a shell lends that can open this device to phones.

use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::hub::HubGuest;
use porchlight_model::id::Sha256;
use porchlight_model::time::At;
use std::net::SocketAddr;

/// Where a hub listens, and how phones know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Its addresses on the local network; none while its device is on no network.
    pub addresses: Vec<SocketAddr>,
    /// The SHA-256 of its certificate.
    pub fingerprint: Sha256,
    /// When its device was last found at other addresses than phones were told since it was opened.
    pub moved: Option<At>,
}

/// Opens this device to phones on the local network; lent by shells that can.
pub trait Host: Send + Sync {
    /// Begins to listen, and follows the device from network to network, where there is none now; nothing happens when it does.
    ///
    /// # Errors
    /// What to tell the person: the system does not say where the device is, or lets nobody listen there.
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError>;

    /// Ends listening; nothing happens when it does not.
    fn close(&self);

    /// Where it listens, if it does.
    fn listening(&self) -> Option<Listening>;

    /// Phones that were here since it was opened, the last first.
    fn guests(&self) -> Vec<HubGuest>;
}
