//! How far the work of this device has travelled.

use crate::message::Message;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Sync: SyncCall;
    SyncStatus -> SyncView, act Join, reads [Sync, Visits];
    SyncNow -> SyncView, act Sync, reads [];
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
    /// The relay cannot be reached; retried automatically.
    Offline,
    /// The relay refuses this device; [`SyncView::trouble`] says why.
    Refused,
    /// This device's storage is full; what was recorded before is kept.
    NoRoom,
    /// This device cannot process its own data; [`SyncView::trouble`] says why.
    Failing,
}
