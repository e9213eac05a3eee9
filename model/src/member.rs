//! The people of a campaign and what each role may do.

use crate::id::{CampaignId, DeviceId, MemberId};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};

open_names! {
    /// The role of a member in the campaign; decides which documents their devices may read and write. An unknown role has no
    /// rights there.
    pub enum Role {
        /// Knocks on doors: reads the campaign document, writes the turf handed to them.
        Canvasser = "canvasser",
        /// Hands out turf and takes it back: reads and writes every turf, cuts none.
        Captain = "captain",
        /// Imports voters, cuts turf, writes the script, resolves conflicts: may do everything.
        Coordinator = "coordinator",
    }
}

/// Who this device is enrolled as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The campaign.
    pub campaign: CampaignId,
    /// The person.
    pub member: MemberId,
    /// This device.
    pub device: DeviceId,
    /// The name the person gave.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When this device's lease expires: the relay serves it until then, and each sync renews it.
    pub lease_until: At,
}
