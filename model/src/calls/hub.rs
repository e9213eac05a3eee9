//! Calls about hubs: a captain's device that takes results in where there is no internet, and the phones that use it.

use crate::id::DeviceId;
use crate::message::Message;
use crate::time::At;
use serde::{Deserialize, Serialize};

calls! {
    Call of Hub: HubCall;
    LookAtHub -> HubLook, act Sync, reads [];
    UseHub -> HubView, act Sync, reads [];
    LeaveHub -> (), act Sync, reads [];
    HubInUse -> Option<HubView>, act Sync, reads [Sync, Visits];
    HostHub -> HostView, act Carry, reads [];
    HostedHub -> Option<HostView>, act Carry, reads [Sync, Visits, Roster];
}

/// Uses the hub behind a link and syncs with it at once; waits until it answered. It is used until another one is, or [`LeaveHub`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseHub {
    /// The whole link, as [`crate::hub::HubLink`] writes it.
    pub link: String,
}

/// Asks what a hub's link says, before it is used: nothing is sent anywhere. Anybody can write a link: it names whom it likes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtHub {
    /// The whole link.
    pub link: String,
}

/// What a hub's link says, and which campaign's results would go there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubLook {
    /// Whose device it is said to be.
    pub name: String,
    /// The campaign of this device.
    pub campaign: String,
}

/// Stops using the hub. Nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveHub {}

/// Asks which hub this device uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubInUse {}

/// The hub that a device uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubView {
    /// Whose device it is.
    pub name: String,
    /// When it last answered; `None` before it ever did.
    pub last_ok: Option<At>,
    /// Why it did not answer, where the last try failed.
    pub trouble: Option<Message>,
    /// Results of this device that no relay is known to have: all of them.
    pub n_held: u32,
    /// Those of them that the hub has.
    pub n_at_hub: u32,
}

/// Opens this device as a hub, or closes it: captains and coordinators, in the native app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostHub {
    /// Open, or closed.
    pub is_open: bool,
}

/// Asks about this device as a hub; `None` where it cannot be one at all, as a page in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedHub {}

/// This device as a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostView {
    /// How phones find it, while it is open.
    pub open: Option<OpenHub>,
    /// Phones that were here since it was opened, the last first.
    pub guests: Vec<HubGuest>,
    /// Results that came from phones and are not at the campaign's relay yet.
    pub n_to_carry: u32,
    /// When the relay last sent the devices that may use this hub.
    pub roster_as_of: Option<At>,
}

/// An open hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenHub {
    /// Where phones find it; `None` while the device is on no network.
    pub door: Option<HubDoor>,
    /// When the device was last found at other addresses since the hub was opened: phones that scanned before scan again.
    pub moved: Option<At>,
}

/// Where phones find an open hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubDoor {
    /// The link.
    pub link: String,
    /// The link as a QR, row by row, `true` for dark.
    pub qr: Vec<Vec<bool>>,
    /// Its addresses, for people.
    pub addresses: Vec<String>,
}

/// A phone that was at the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubGuest {
    /// The device.
    pub device: DeviceId,
    /// Whose it is.
    pub name: String,
    /// When it was last here.
    pub last_here: At,
    /// How many results it has sent since the hub was opened.
    pub n_brought: u32,
}
