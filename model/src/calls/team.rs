//! Calls about the people of the campaign: shutting a device out.

use crate::id::DeviceId;
use serde::{Deserialize, Serialize};

/// Shuts a device out: it is no longer served, what it sent stays, and the links that it made are void. Needs the relay; idempotent;
/// cannot be undone: its owner can return by a new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShutOut {
    /// The device.
    pub device: DeviceId,
}
