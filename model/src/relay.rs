//! The types of the relay's small JSON requests: enrolment, invites, the roster, refusals.

use crate::id::{CampaignId, DeviceId, DocId, InviteId, MemberId, Sha256};
use crate::member::Role;
use crate::open::open_names;
use crate::time::At;
use crate::versions::Versions;
use serde::{Deserialize, Serialize};

/// The longest an invite may be valid, in minutes: 30 days.
pub const MAX_INVITE_MINUTES: u32 = 30 * 24 * 60;

/// The most times one invite may be used.
pub const MAX_INVITE_USES: u32 = 500;

/// How long a device is served after a sync before it must enrol again, in milliseconds: 14 days.
pub const LEASE_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// A relay's self-description at `GET /v1/about`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayAbout {
    /// The oldest version of the protocol that it speaks.
    pub proto: u16,
    /// All that it speaks; `None` where that is `proto` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
    /// The program's version.
    pub version: String,
    /// Its clock.
    pub now: At,
}

/// A wish to invite someone: `POST /v1/invites`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAsk {
    /// The role the invited person gets.
    pub role: Role,
    /// The turf documents they get, for a canvasser.
    pub docs: Vec<DocId>,
    /// What the invite is for, shown before joining, e.g. the turf's name; names no voter.
    pub label: String,
    /// How many devices may use it: 1 to [`MAX_INVITE_USES`].
    pub uses: u32,
    /// For how many minutes: 1 to [`MAX_INVITE_MINUTES`].
    pub minutes: u32,
}

/// An invite that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteMade {
    /// Names the invite without giving it away.
    pub id: InviteId,
    /// The secret, shown once; the relay keeps only its hash.
    pub secret: String,
    /// When it ends.
    pub expires_at: At,
}

/// An open invite, as listed by `GET /v1/invites/open` for those who may make such invites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvite {
    /// Names the invite without giving it away.
    pub id: InviteId,
    /// The role it gives.
    pub role: Role,
    /// The turf documents it hands out.
    pub docs: Vec<DocId>,
    /// What it is for.
    pub label: String,
    /// How many devices may use it.
    pub uses: u32,
    /// The names of the people whose devices used it, the first first.
    pub used_by: Vec<String>,
    /// When it ends.
    pub expires_at: At,
    /// When it was made; `None` where the relay does not know any more.
    pub made_at: Option<At>,
    /// The device that made it; `None` for the relay's operator.
    pub made_by: Option<DeviceId>,
    /// The name of that device's person; empty where there is none.
    pub by_name: String,
}

/// The most invites that one answer lists: the newest.
pub const MAX_OPEN_INVITES: usize = 500;

/// A request to withdraw an invite: `POST /v1/invites/withdraw`. From then on it admits nobody; devices that used it stay. Idempotent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawAsk {
    /// The invite.
    pub id: InviteId,
}

/// A look at an invite before using it: `POST /v1/invites/look`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLookAsk {
    /// The version in which this is written: [`crate::wire::PROTO`].
    pub proto: u16,
    /// The newest version in which the device understands the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<u16>,
    /// The secret of the link.
    pub secret: String,
}

/// What an invite offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLook {
    /// The role it gives.
    pub role: Role,
    /// The campaign's name; `None` when the invite founds one.
    pub campaign: Option<String>,
    /// What it is for.
    pub label: String,
    /// When it ends.
    pub expires_at: At,
}

/// Enrolment of a device by invite: `POST /v1/enrol`. Idempotent, so that a lost reply does no harm.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAsk {
    /// The version in which this is written: [`crate::wire::PROTO`].
    pub proto: u16,
    /// The newest version in which the device understands the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<u16>,
    /// The secret of the link.
    pub secret: String,
    /// The device, made by itself.
    pub device: DeviceId,
    /// The bearer token the device will use: 64 hexadecimal digits of its own random; the relay keeps only the hash.
    pub token: String,
    /// The member, made by the device.
    pub member: MemberId,
    /// The name the person gives.
    pub name: String,
    /// The campaign to found, where the invite founds one.
    pub founding: Option<Founding>,
}

/// A campaign about to be founded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// The campaign, made by the founding device.
    pub campaign: CampaignId,
    /// Its document, made by the founding device.
    pub doc: DocId,
    /// Its name.
    pub name: String,
}

/// The answer to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its document.
    pub campaign_doc: DocId,
    /// Its name.
    pub campaign_name: String,
    /// The member: another than asked for when this person was enrolled before.
    pub member: MemberId,
    /// The role.
    pub role: Role,
    /// Until when the device is served without a sync.
    pub lease_until: At,
    /// The relay's clock.
    pub now: At,
    /// The turf documents that were handed to it, so that its first sync can ask for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docs: Vec<DocId>,
    /// The addresses of the campaign's relays, so that a device that loses this relay before its first sync can use the others. Stores leave
    /// the list empty; the relay fills it in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relays: Vec<String>,
}

/// One device in the roster at `GET /v1/roster`: captains and coordinators only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterDevice {
    /// The device.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When the relay last heard from it.
    pub last_heard: Option<At>,
    /// Whether it was revoked.
    pub is_revoked: bool,
    /// When and by whom it was revoked; `None` while it is served, and where a relay from before this revoked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// The turf documents it holds.
    pub docs: Vec<DocId>,
    /// The turf documents that were taken back from it, which it may still hand in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_in: Vec<DocId>,
    /// Until when it is served without another sync.
    #[serde(default)]
    pub lease_until: At,
    /// By what a hub knows it: see [`crate::hub`].
    #[serde(default)]
    pub hub_key: Option<Sha256>,
}

/// When and by whom a device was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// When, by the relay's clock.
    pub at: At,
    /// The device with which it was done: the revoked device itself where it left; `None` for the relay's operator.
    pub by: Option<DeviceId>,
    /// The name of that device's person; empty where there is none.
    pub by_name: String,
}

/// A device leaves: `POST /v1/leave`. It is no longer served.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveAsk {
    /// Whether it counts on a coordinator's device being left: then it is refused ([`RefusalCode::NotAllowed`]) where none is.
    #[serde(default)]
    pub counts_on_others: bool,
}

/// A captain or coordinator shuts a device out: `POST /v1/shut-out`. It is no longer served, and the invites that it made
/// are void. Idempotent. A device cannot shut itself out; it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShutOutAsk {
    /// The device.
    pub device: DeviceId,
}

/// What shutting out did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShutOutDone {
    /// Whether it was served until then.
    pub is_news: bool,
    /// How many invites that it had made were open until then.
    pub n_invites: u32,
}

/// A turf taken back from a device: `POST /v1/take-back`. It may still hand in what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBackAsk {
    /// The turf's document.
    pub doc: DocId,
    /// The device.
    pub device: DeviceId,
}

/// The most devices that one [`AuthorsAsk`] names.
pub const MAX_AUTHORS: usize = 256;

/// Whose devices are, by their ids, which stand in documents: `POST /v1/authors`, for every device. The answer is a list of [`AuthorTold`] of those
/// devices of the campaign that the relay knows, placeholders not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorsAsk {
    /// The devices.
    pub devices: Vec<DeviceId>,
}

/// Whose a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorTold {
    /// The device, shut out or not.
    pub device: DeviceId,
    /// Its member.
    pub member: MemberId,
    /// Their role.
    pub role: Role,
}

/// The most documents that one [`ForgetAsk`] names.
pub const MAX_FORGET_DOCS: usize = 256;

/// Documents of waves that have ended: `POST /v1/forget`, coordinators only. The relay keeps nothing of them but their ids, so that
/// nobody makes them again. Safe to repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetAsk {
    /// Turf documents of the own campaign, at most [`MAX_FORGET_DOCS`].
    pub docs: Vec<DocId>,
}

/// A refusal, the body of every reply that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What the client does about it.
    pub code: RefusalCode,
    /// For operators: what was wrong with the request, never whom it was about.
    pub detail: String,
    /// With [`RefusalCode::WrongVersion`]: the versions that this relay speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
}

open_names! {
    /// Why a relay refuses. Each comes with an HTTP status, which tells a program as much as it needs that does not know the reason.
    pub enum RefusalCode {
        /// No such invite (404).
        InviteUnknown = "invite_unknown",
        /// The invite has ended (410).
        InviteExpired = "invite_expired",
        /// The invite was used as often as it may be (410).
        InviteUsed = "invite_used",
        /// The token is not known here (401).
        TokenUnknown = "token_unknown",
        /// The device was revoked (403).
        Revoked = "revoked",
        /// The lease has run out (403).
        LeaseEnded = "lease_ended",
        /// The role may not do this (403).
        NotAllowed = "not_allowed",
        /// Nothing here by that name (404).
        NotFound = "not_found",
        /// No version of the protocol that both speak (426).
        WrongVersion = "wrong_version",
        /// The request breaks a rule of the protocol (400).
        Malformed = "malformed",
        /// Over a stated limit (413).
        TooLarge = "too_large",
        /// Too many requests: try again after the seconds in `Retry-After` (429).
        SlowDown = "slow_down",
        /// The relay's disk is full or its store fails: keep everything and try again later (503).
        Unavailable = "unavailable",
    }
}
