//! The captain's side: the service of a shell that can open this device to phones.

use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::hub::HubGuest;
use porchlight_model::id::Sha256;
use porchlight_model::time::At;
use std::net::SocketAddr;

/// Where a hub listens, and how phones identify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// Its addresses on the local network; empty while its device has no network.
    pub addresses: Vec<SocketAddr>,
    /// The SHA-256 of its certificate.
    pub fingerprint: Sha256,
    /// When its device last moved to addresses that codes shown since it was opened do not have.
    pub moved: Option<At>,
}

/// Opens this device to phones on the local network. Shells that can do this provide it.
pub trait Host: Send + Sync {
    /// Begins to listen, and follows the device from network to network, also when it has none at first; does nothing if it listens already.
    ///
    /// # Errors
    /// With a message for the person: the system does not report the device's addresses, or refuses to listen at them.
    fn open(&self, handle: &EngineHandle) -> Result<(), EngineError>;

    /// Stops listening; does nothing if it does not listen.
    fn close(&self);

    /// Where it listens, if it is open.
    fn listening(&self) -> Option<Listening>;

    /// The phones that have connected since it was opened, most recent first.
    fn guests(&self) -> Vec<HubGuest>;
}
