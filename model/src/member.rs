//! The people of a campaign and what each role may do.

use crate::id::{CampaignId, DeviceId, MemberId};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};

open_names! {
    /// What a member does in the campaign; decides which documents their devices may read and write. A role that a program does not know has no
    /// rights there.
    pub enum Role {
        /// Knocks on doors: reads the campaign document, writes the turf handed to them.
        Canvasser = "canvasser",
        /// Hands out turf and takes it back: reads and writes every turf, cuts none.
        Captain = "captain",
        /// Loads voters, cuts turf, writes the script, settles conflicts: everything.
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
    /// Until when the relay will serve this device without renewal; each sync renews it.
    pub lease_until: At,
}
