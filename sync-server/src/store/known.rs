//! Devices and invites as both stores have them, with the rules that do not depend on the database.

use crate::grants;
use crate::limits::RENEW_AFTER_MS;
use crate::store::StoreError;
use porchlight_model::grant::Act;
use porchlight_model::id::{CampaignId, DeviceId};
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteLook, LEASE_MS, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::{Access, DocKind};

/// An enrolled device, as the store has it in this transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enrolled {
    pub(super) key: i64,
    pub(super) device: DeviceId,
    pub(super) campaign_key: i64,
    pub(super) campaign: CampaignId,
    pub(super) role: Role,
    pub(super) lease_until: At,
    /// The number of the campaign's grants.
    pub(super) grants: u64,
    /// The campaign's feed.
    pub(super) feed: i64,
    pub(super) is_revoked: bool,
}

impl Enrolled {
    /// Until when the device's lease runs after it pushed; as it was where that would gain no more than [`RENEW_AFTER_MS`].
    pub(super) fn renewed_lease(&self, now: At) -> At {
        let renewed = now.plus_ms(LEASE_MS);
        if renewed.since_ms(self.lease_until) > RENEW_AFTER_MS { renewed } else { self.lease_until }
    }

    /// Refuses a device that is not there or was revoked.
    pub(super) fn served(found: Option<Self>) -> Result<Self, StoreError> {
        match found {
            None => Err(StoreError::Refused("no such device", RefusalCode::TokenUnknown)),
            Some(device) if device.is_revoked => {
                Err(StoreError::Refused("the device was revoked", RefusalCode::Revoked))
            }
            Some(device) => {
                check_knows(device.role)?;
                Ok(device)
            }
        }
    }
}

/// A device that changes name as the one that wrote them, as the store has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) key: i64,
    pub(super) campaign_key: i64,
    /// Whether nothing is known of it but what it wrote.
    pub(super) is_placeholder: bool,
    /// The role of its member; that of a placeholder says nothing.
    pub(super) role: Role,
    /// What it may do with the document.
    pub(super) access: Option<Access>,
}

impl Owner {
    /// Whether this device of its campaign may carry what it wrote in a document of this kind: nobody who may do less than its member. After a
    /// restore the store does not know its former grants, and it never knows those of a placeholder; then everyone brings back what there is.
    pub(super) fn is_carried_by(&self, carrier: &Enrolled, kind: DocKind, is_recovering: bool) -> bool {
        let had_it = match kind {
            DocKind::Turf => self.is_placeholder || grants::ever_wrote(self.access),
            DocKind::Campaign | DocKind::Office | DocKind::Unknown(_) => grants::ever_wrote(self.access),
        };
        self.campaign_key == carrier.campaign_key
            && (is_recovering || (had_it && carrier.role.may_carry_for(self.role)))
    }
}

/// Refuses to serve in a role that only a newer relay over the same store knows: another node may, and this one once it is updated.
pub(crate) fn check_knows(role: Role) -> Result<(), StoreError> {
    if role.is_unknown() { Err(only_newer()) } else { Ok(()) }
}

/// The role of a member who uses another invite: it can only rise. One that only a newer relay knows may stand above or below the invite's:
/// that relay is asked instead, and the invite stays as it is.
pub(super) fn raised(role: Role, invited: Role) -> Result<Role, StoreError> {
    check_knows(role)?;
    check_knows(invited)?;
    Ok(role.max(invited))
}

/// Refuses to tell a device its role in a version of the protocol that has no name for it.
pub(super) fn check_tells(role: Role, version: u16) -> Result<(), StoreError> {
    if role.since() <= version {
        return Ok(());
    }
    Err(StoreError::Refused("this role is for a newer app", RefusalCode::WrongVersion))
}

/// Why this relay keeps out of what only a newer one over the same store knows.
pub(crate) const fn only_newer() -> StoreError {
    StoreError::Refused("only a newer version knows that: ask another node", RefusalCode::Unavailable)
}

/// Why a device is not let at what belongs to a document: `otherwise`, or that only a newer relay knows what it may do with it.
pub(super) fn no_access(access: Option<Access>, otherwise: StoreError) -> StoreError {
    match access {
        Some(Access::Unknown(_)) => only_newer(),
        Some(Access::Read | Access::Write | Access::HandIn) | None => otherwise,
    }
}

/// Refuses to forget unless someone asks who may end waves.
pub(super) fn check_may_forget(device: &Enrolled) -> Result<(), StoreError> {
    if device.role.may(Act::RunWaves) {
        return Ok(());
    }
    Err(StoreError::Refused("only coordinators end waves", RefusalCode::NotAllowed))
}

/// Refuses to forget what is no turf of the caller's campaign.
pub(super) fn check_is_own_turf(device: &Enrolled, campaign_key: i64, kind: DocKind) -> Result<(), StoreError> {
    if campaign_key != device.campaign_key {
        return Err(no_such_turf());
    }
    match kind {
        DocKind::Turf => Ok(()),
        DocKind::Campaign | DocKind::Office => {
            Err(StoreError::Refused("only turf is forgotten", RefusalCode::NotAllowed))
        }
        DocKind::Unknown(_) => Err(only_newer()),
    }
}

/// The campaign has no such turf, and had none.
pub(super) fn no_such_turf() -> StoreError {
    StoreError::Refused("the campaign has no such turf", RefusalCode::NotFound)
}

/// The campaign has no such invite.
pub(super) fn no_such_invite() -> StoreError {
    StoreError::Refused("no such invite", RefusalCode::InviteUnknown)
}

/// Whoever may invite to a role may withdraw invites to it.
pub(super) fn check_withdraws(caller: Role, invited: Role) -> Result<(), StoreError> {
    if caller.may_invite(invited) {
        return Ok(());
    }
    Err(StoreError::Refused("this role withdraws no invites to that one", RefusalCode::NotAllowed))
}

/// When an invite was made, as a row tells it.
pub(super) fn made_at(ms: i64) -> Option<At> {
    (ms != 0).then_some(At(ms))
}

/// An invite as the store has it.
#[derive(Debug, Clone)]
pub(super) struct KeptInvite {
    pub(super) key: i64,
    /// The campaign's key; `None` where the invite founds one.
    pub(super) campaign_key: Option<i64>,
    pub(super) role: Role,
    pub(super) label: String,
    pub(super) campaign_name: Option<String>,
    pub(super) uses: i64,
    pub(super) n_used: i64,
    pub(super) expires_at: At,
}

impl KeptInvite {
    /// Refuses an invite that is not there.
    pub(super) fn known(found: Option<Self>) -> Result<Self, StoreError> {
        found.ok_or_else(no_such_invite)
    }

    /// Whether one more device may use it.
    pub(super) fn check_open(&self, now: At) -> Result<(), StoreError> {
        check_knows(self.role)?;
        if now >= self.expires_at {
            return Err(StoreError::Refused("the invite has ended", RefusalCode::InviteExpired));
        }
        if self.n_used >= self.uses {
            return Err(StoreError::Refused("the invite is used up", RefusalCode::InviteUsed));
        }
        Ok(())
    }

    /// What it offers, while it is open.
    pub(super) fn look(self, now: At) -> Result<InviteLook, StoreError> {
        self.check_open(now)?;
        let Self { role, label, campaign_name: campaign, expires_at, .. } = self;
        Ok(InviteLook { role, campaign, label, expires_at })
    }
}

/// Refuses to shut out a device of a role that the caller's may not, and one's own, which leaves instead.
pub(super) fn check_shuts_out(by: &Enrolled, device: DeviceId, role: Role) -> Result<(), StoreError> {
    if by.device == device {
        return Err(StoreError::Refused("one's own device leaves", RefusalCode::NotAllowed));
    }
    if by.role.may_shut_out(role) {
        return Ok(());
    }
    Err(StoreError::Refused("this role shuts nobody of that one out", RefusalCode::NotAllowed))
}

/// The campaign has no such device.
pub(super) fn no_such_device() -> StoreError {
    StoreError::Refused("no such device", RefusalCode::NotFound)
}

/// Why the last coordinator's device stays.
pub(super) const fn last_coordinator() -> StoreError {
    StoreError::Refused("no other coordinator's device is left", RefusalCode::NotAllowed)
}
