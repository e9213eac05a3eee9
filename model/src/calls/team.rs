//! Calls about the people of the campaign: shutting a device out.

use crate::id::DeviceId;
use serde::{Deserialize, Serialize};

/// Shuts a device out: it is served nothing any more, what it sent stays, and the links that it made let nobody in. Needs the relay; safe to
/// repeat, not to be undone: whose it was comes back by a new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShutOut {
    /// The device.
    pub device: DeviceId,
}
