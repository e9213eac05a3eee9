//! Enrolment: invites, who came in by them, what each may do, and how devices leave.

use super::{Caller, Hearing, Hint, Later};
use crate::secret::SecretHash;
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, Founding, InviteLook, OpenInvite, RosterDevice, ShutOutDone};
use porchlight_model::time::At;
use porchlight_model::wire::GrantList;

/// Who belongs to a campaign: at its relay alone, a hub is told.
pub trait Enrolment: Send + Sync {
    /// Looks at an invite without using it.
    fn look(&self, secret: SecretHash, now: At) -> Later<'_, InviteLook>;

    /// Enrols a device by invite, once: asked again, it gives the same answer and uses up nothing.
    fn enrol(&self, enrolment: Enrolling) -> Later<'_, (EnrolReply, Hint)>;

    /// Keeps an invite.
    fn invite(&self, invite: NewInvite) -> Later<'_, ()>;

    /// The invites of a campaign that still let someone in, the newest first, at most
    /// [`porchlight_model::relay::MAX_OPEN_INVITES`]. One whose maker was revoked lets nobody in.
    fn open_invites(&self, campaign: CampaignId, now: At) -> Later<'_, Vec<OpenInvite>>;

    /// Until when a campaign can be founded by an invite that nobody has used; of several the last, `None` where there is none.
    fn founding_until(&self, now: At) -> Later<'_, Option<At>>;

    /// Withdraws an invite: it has ended. Doing so again is no error.
    fn withdraw(&self, of: Withdrawal) -> Later<'_, ()>;

    /// Ends all invites, of every campaign and those that found one; how many of them still let someone in.
    fn end_invites(&self, now: At) -> Later<'_, u64>;

    /// All devices of a campaign.
    fn roster(&self, campaign: CampaignId) -> Later<'_, Vec<RosterDevice>>;

    /// The placeholders of a campaign: devices of which nothing is known but what others brought back of them while the store recovered. They
    /// stand in no roster and are given nothing; nobody enrols under their ids.
    fn placeholders(&self, campaign: CampaignId) -> Later<'_, Vec<Placeholder>>;

    /// All that a device may do.
    fn grants(&self, device: DeviceId) -> Later<'_, GrantList>;

    /// What one device of a campaign hears of, or every one: who is revoked or unknown is left out.
    fn hearing(&self, campaign: CampaignId, device: Option<DeviceId>) -> Later<'_, Hearing>;

    /// Takes a turf back from a device, which may still hand in what it holds.
    fn take_back(&self, by: Caller, doc: DocId, device: DeviceId) -> Later<'_, Hint>;

    /// Revokes a device of the caller's campaign, where the caller's role may shut it out: two who shut each other out at once do not both
    /// succeed. Doing so again is no error; a hint says that it was served until then.
    fn shut_out(&self, by: Caller, device: DeviceId, now: At) -> Later<'_, (ShutOutDone, Option<Hint>)>;

    /// Revokes a device for whoever runs the relay: it is served nothing from then on. Doing so again is no error; the first time and whoever
    /// did it then stay in the roster.
    fn revoke(&self, device: DeviceId, now: At) -> Later<'_, Hint>;

    /// Revokes a device that leaves by itself. One that counts on others is refused where no other coordinator's device is left, so that of
    /// two which leave at once one stays.
    fn leave(&self, leaving: Leaving) -> Later<'_, Hint>;
}

/// A device of which nothing is known but what it wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// Its id.
    pub device: DeviceId,
    /// Whether it was revoked since.
    pub is_revoked: bool,
}

/// An invite to keep; its secret only as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvite {
    /// Its id.
    pub id: InviteId,
    /// What is kept of its secret.
    pub secret: SecretHash,
    /// The campaign; `None` founds one.
    pub campaign: Option<CampaignId>,
    /// The role it gives.
    pub role: Role,
    /// The turf documents it hands out.
    pub docs: Vec<DocId>,
    /// What it is for.
    pub label: String,
    /// How many devices may use it.
    pub uses: u32,
    /// When it ends.
    pub expires_at: At,
    /// When it was made.
    pub made_at: At,
    /// The device that made it; `None` for whoever runs the relay.
    pub made_by: Option<DeviceId>,
}

/// An invite to be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its campaign.
    pub campaign: CampaignId,
    /// The invite.
    pub invite: InviteId,
    /// The device that asks, whose role must be one that makes such invites; `None` for whoever runs the relay.
    pub by: Option<DeviceId>,
    /// When.
    pub now: At,
}

/// A device that wants to enrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolling {
    /// The invite's secret.
    pub secret: SecretHash,
    /// The device.
    pub device: DeviceId,
    /// What is kept of its token.
    pub token: SecretHash,
    /// The member it asks to be.
    pub member: MemberId,
    /// The member it becomes where the asked one is somebody else's.
    pub other_member: MemberId,
    /// The person's name.
    pub name: String,
    /// The campaign to found.
    pub founding: Option<Founding>,
    /// The version of the protocol in which it is answered.
    pub version: u16,
    /// When.
    pub now: At,
}

/// A device that leaves.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// The device.
    pub device: DeviceId,
    /// Whether it counts on a coordinator's device being left.
    pub counts_on_others: bool,
    /// When.
    pub now: At,
}
