//! Joining a campaign, this device's session, and leaving the campaign.

use crate::member::Identity;
use crate::message::Message;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Join: JoinCall;
    Session -> SessionView, act Join, reads [Session];
    LookAtInvite -> crate::relay::InviteLook, act Join, reads [];
    Join -> SessionView, act Join, reads [];
    CleanUp -> (), act Sync, reads [];
    WhatGoes -> Goes, act Sync, reads [Sync, Roster, Import, Turf, Visits, Drafts];
}

/// Asks who this device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {}

/// Who this device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// `None` until an invite was used.
    pub identity: Option<Identity>,
    /// The campaign's name; empty until then.
    pub campaign_name: String,
    /// The relay's address; empty until then.
    pub relay: String,
}

/// Asks what an invite link offers; needs the relay. The reply is an [`crate::relay::InviteLook`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtInvite {
    /// The whole link, `https://relay/join#secret`.
    pub link: String,
}

/// Uses an invite: enrols this device; needs the relay. Repeating it after a lost reply is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The whole link.
    pub link: String,
    /// The name the person gives.
    pub name: String,
    /// The name of the campaign, where the invite founds one.
    pub campaign: Option<String>,
}

/// Removes everything of the campaign from this device, only if the relay holds all that was recorded. A coordinator's device is cleared
/// only when another coordinator's has synced since this one's last change, or every wave is in an archive, or what was set up where there is no
/// wave, or nothing was: see [`WhatGoes`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUp {
    /// What the person typed: [`Goes::to_type`], where that is asked for.
    #[serde(default)]
    pub typed: String,
}

/// Asks what [`CleanUp`] would remove, and what of it nobody else has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatGoes {}

/// What is removed when this device is cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goes {
    /// Results and packs that no relay is known to hold.
    pub n_unsent: u32,
    /// The names of the files that were imported here, newest first. Their data is on this device alone, except for what is in turf.
    pub files: Vec<String>,
    /// Voters from them who are in no turf.
    pub n_free_voters: u64,
    /// Doors from them that are in no turf.
    pub n_free_doors: u64,
    /// Address points from them.
    pub n_points: u64,
    /// Stretches of street from them.
    pub n_streets: u64,
    /// Turf in the campaign's list, which the relay keeps.
    pub n_turf: u32,
    /// Those of them that nobody holds but the office.
    pub n_turf_with_nobody: u32,
    /// The other devices of coordinators that the relay serves.
    pub others: Vec<OtherOffice>,
    /// When the last archive was saved, where all that was recorded and is here is in archives.
    pub taken_out_at: Option<At>,
    /// How many waves are here of which something is in no archive.
    #[serde(default)]
    pub n_not_taken_out: u32,
    /// Whether no wave is here, and what was set up (script, people, list of turf) is in no archive.
    #[serde(default)]
    pub lacks_campaign: bool,
    /// What was begun and is not recorded: talks, notes and the like, on this device alone.
    #[serde(default)]
    pub n_drafts: u32,
    /// Why the device is not cleared; `None` when it would be.
    pub refusal: Option<Message>,
    /// What must be typed first: the campaign's name, on a coordinator's device.
    pub to_type: Option<String>,
}

impl Goes {
    /// Whether something of the campaign is in no archive: then another coordinator must have it.
    #[must_use]
    pub const fn counts_on_others(&self) -> bool {
        self.n_not_taken_out > 0 || self.lacks_campaign
    }
}

/// Another coordinator's device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherOffice {
    /// Whose it is.
    pub name: String,
    /// When the relay last heard from it.
    pub last_heard: Option<At>,
    /// Whether that was after the last change that was made on this device.
    pub has_all: bool,
}
