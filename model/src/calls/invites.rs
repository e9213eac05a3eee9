//! Calls about links that let people in: which are open, shown again, withdrawn.

use crate::id::{InviteId, TurfId};
use crate::member::Role;
use crate::time::At;
use serde::{Deserialize, Serialize};

/// Asks which links still let someone in, the newest first; needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLinks {}

/// A link that still lets someone in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLink {
    /// Names the link without giving it away.
    pub id: InviteId,
    /// The role it gives.
    pub role: Role,
    /// The turf it hands out, by name; turf of waves that have ended, or that this device has not heard of, is left out.
    pub turfs: Vec<(TurfId, String)>,
    /// Whether it lets someone into turf of a wave before the one that is walked now.
    pub is_earlier: bool,
    /// What it is for, in the words of who made it.
    pub label: String,
    /// How many devices may use it.
    pub uses: u32,
    /// The names of the people whose devices used it, the first first.
    pub used_by: Vec<String>,
    /// When it ends.
    pub expires_at: At,
    /// When it was made, where the relay knows.
    pub made_at: Option<At>,
    /// Who made it; empty for whoever runs the relay.
    pub by_name: String,
    /// Whether it was made on this device, which can show it again.
    pub is_here: bool,
}

/// Shows a link again that was made on this device; works without signal. The reply is a [`super::office::InviteLink`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowLink {
    /// The link.
    pub id: InviteId,
}

/// Withdraws a link: it admits nobody from then on; devices that joined with it stay. Needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawLink {
    /// The link.
    pub id: InviteId,
}
