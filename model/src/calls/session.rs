//! Calls about who this device is and how far its work has travelled.

use crate::member::Identity;
use crate::message::Message;
use crate::time::At;
use serde::{Deserialize, Serialize};

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

/// Asks how far sync has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {}

/// Syncs at once instead of when next due; waits until the relay answered or could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNow {}

/// How far sync has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncView {
    /// Changes that only this device holds.
    pub n_held: u32,
    /// Results of waves that have ended which only this device holds: no relay takes them any more. See [`super::wave::RemoveEnded`].
    pub n_ended: u32,
    /// What sync is doing.
    pub phase: SyncPhase,
    /// When the relay last answered.
    pub last_ok: Option<At>,
    /// What went wrong last, if it still stands; also a wrong clock or a document in quarantine.
    pub trouble: Option<Message>,
}

/// What sync is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// No relay is known.
    Off,
    /// Waiting for something to do.
    Idle,
    /// Talking with the relay.
    Busy,
    /// The relay cannot be reached; it is tried again by itself.
    Offline,
    /// The relay refuses this device; [`SyncView::trouble`] says why.
    Refused,
}

/// Removes everything of the campaign from this device, only if the relay holds all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUp {}
