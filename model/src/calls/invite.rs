//! Links that let people in, turf handed out and taken back, and devices shut out.

use crate::id::{DeviceId, InviteId, TurfId};
use crate::member::Role;
use crate::relay::RosterDevice;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Invite: InviteCall;
    HandOut -> InviteLink, act HandOut, reads [];
    Invite -> InviteLink, act HandOut, reads [];
    OpenLinks -> Vec<OpenLink>, act HandOut, reads [Invites];
    ShowLink -> InviteLink, act HandOut, reads [];
    WithdrawLink -> (), act HandOut, reads [];
    TakeBack -> (), act HandOut, reads [];
    ShutOut -> crate::relay::ShutOutDone, act ShutOut, reads [];
    Roster -> RosterView, act HandOut, reads [Roster, Turf];
}

/// Shows the link that hands one turf to a canvasser: the one that this device made before while it is open, else a new one. Needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOut {
    /// The turf.
    pub turf: TurfId,
    /// For how many phones.
    pub uses: u32,
    /// For how many minutes.
    pub minutes: u32,
}

/// Makes an invite to a role; needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The role: captain or coordinator.
    pub role: Role,
    /// For how many minutes.
    pub minutes: u32,
}

/// An invite as link and QR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// `https://relay/join#secret`.
    pub link: String,
    /// The QR code's modules, row by row, `true` for dark; without the quiet zone.
    pub qr: Vec<Vec<bool>>,
    /// When it ends.
    pub expires_at: At,
    /// Whether it was made before, and is shown again.
    pub is_again: bool,
}

/// Takes a turf back from a device; needs the relay. The device hands in what it holds, then drops the turf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBack {
    /// The turf.
    pub turf: TurfId,
    /// The device.
    pub device: DeviceId,
}

/// Requests the roster; the last one received is shown when the relay cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {}

/// Who is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterView {
    /// When the relay sent this.
    pub as_of: Option<At>,
    /// The devices, with the names of the turf each holds.
    pub devices: Vec<(RosterDevice, Vec<String>)>,
}

/// Asks which links still let someone in, the newest first; needs the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLinks {}

/// A link that is still valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLink {
    /// Names the link without giving it away.
    pub id: InviteId,
    /// The role it gives.
    pub role: Role,
    /// The turf it hands out, by name; turf of waves that have ended, or that is unknown to this device, is left out.
    pub turfs: Vec<(TurfId, String)>,
    /// Whether it gives turf of a wave before the current one.
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
    /// Who made it; empty for the relay's operator.
    pub by_name: String,
    /// Whether it was made on this device, which can show it again.
    pub is_here: bool,
}

/// Shows a link again that was made on this device; works without signal. The reply is a [`super::invite::InviteLink`].
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

/// Shuts a device out: it is no longer served, what it sent stays, and the links that it made are void. Needs the relay; idempotent;
/// cannot be undone: its owner can return by a new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShutOut {
    /// The device.
    pub device: DeviceId,
}
