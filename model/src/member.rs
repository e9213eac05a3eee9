//! The people of a campaign and what each role may do.

use crate::id::{CampaignId, DeviceId, MemberId};
use crate::time::At;
use serde::{Deserialize, Serialize};

/// What a member does in the campaign; decides which documents their devices may read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Knocks on doors: reads the campaign document, writes the turf handed to them.
    Canvasser,
    /// Hands out turf and takes it back: reads and writes every turf, cuts none.
    Captain,
    /// Loads voters, cuts turf, writes the script, settles conflicts: everything.
    Coordinator,
}

impl Role {
    /// The name as stored and sent: `canvasser`, `captain`, `coordinator`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canvasser => "canvasser",
            Self::Captain => "captain",
            Self::Coordinator => "coordinator",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Canvasser, Self::Captain, Self::Coordinator].into_iter().find(|role| role.as_str() == text)
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
