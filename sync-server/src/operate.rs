//! The operator's commands about people and links: lists them, shuts a device or a person out, withdraws an
//! invite.

mod delete;

pub use self::delete::{NotDeleted, campaigns, campaigns_table, delete_campaign};
use crate::relay::Relay;
use crate::store::{Placeholder, StoreError, Withdrawal};
use porchlight_model::id::{CampaignId, DeviceId, InviteId, MemberId};
use porchlight_model::member::Role;
use porchlight_model::relay::{OpenInvite, Revocation, RosterDevice};
use porchlight_model::time::At;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which devices or people are meant.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the name, in whichever case, or an id.
    pub who: Option<String>,
    /// Those of one role.
    pub role: Option<Role>,
    /// Those that were revoked, too.
    pub with_revoked: bool,
}

impl Filter {
    fn takes(&self, device: &RosterDevice) -> bool {
        let is_meant = |who: &String| {
            device.name.to_lowercase().contains(&who.to_lowercase())
                || device.device.to_string() == *who
                || device.member.to_string() == *who
        };
        self.who.as_ref().is_none_or(is_meant)
            && self.role.is_none_or(|role| device.role == role)
            && (self.with_revoked || !device.is_revoked)
    }
}

/// A person of the campaign, with what is known of their devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their devices that are served.
    pub n_devices: usize,
    /// Their devices that were revoked.
    pub n_revoked: usize,
    /// The last of these that is known to have been revoked when and by whom.
    pub last_revoked: Option<LastRevoked>,
    /// When the relay last heard from any of them.
    pub last_heard: Option<At>,
}

/// A device of a person that was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastRevoked {
    /// The device.
    pub device: DeviceId,
    /// When and by whom.
    #[serde(flatten)]
    pub how: Revocation,
}

/// What shutting out did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ShutOut {
    /// The devices that are served nothing from now on.
    pub revoked: Vec<RosterDevice>,
    /// Those that were revoked before.
    pub before: Vec<RosterDevice>,
    /// The invites that they had made, which let nobody in any more.
    pub voided: Vec<OpenInvite>,
    /// The device of which a restored store has only the changes, where that was meant.
    pub placeholder: Option<DeviceId>,
}

/// Why nobody was shut out.
#[derive(Debug, thiserror::Error)]
pub enum NotShutOut {
    /// Nobody is meant.
    #[error("nobody of this campaign is called or has the id {0:?}; `porchlight-relay members` lists everyone")]
    Nobody(String),
    /// Several people have the name, or it is a part of names only: a part shuts nobody out.
    #[error(
        "{who:?} is not the whole name of one person; say the name, the id of a member or of a device:\n{}",
        members_table(people)
    )]
    Unclear {
        /// What was said.
        who: String,
        /// Who is meant by it.
        people: Vec<Member>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The devices of a campaign, by name, the one heard from last first.
///
/// # Errors
/// When the store fails.
pub async fn devices(relay: &Relay, campaign: CampaignId, filter: &Filter) -> Result<Vec<RosterDevice>, StoreError> {
    let mut devices = relay.enrolment()?.roster(campaign).await?;
    devices.retain(|device| filter.takes(device));
    devices.sort_by(|a, b| (&a.name, b.last_heard, a.device).cmp(&(&b.name, a.last_heard, b.device)));
    Ok(devices)
}

/// A device in the operator's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Listed {
    /// One that enrolled.
    Enrolled(Box<RosterDevice>),
    /// A placeholder, of which a restored store has only the changes.
    Placeholder {
        /// The device.
        device: DeviceId,
        /// Always true: tells it from the others.
        is_placeholder: bool,
        /// Whether it was revoked since.
        is_revoked: bool,
    },
}

/// The devices of a campaign, as [`devices`], and behind them those of which nothing is known but what they wrote, unless a name or a role
/// is asked for.
///
/// # Errors
/// When the store fails.
pub async fn listed(relay: &Relay, campaign: CampaignId, filter: &Filter) -> Result<Vec<Listed>, StoreError> {
    let mut listed: Vec<_> =
        devices(relay, campaign, filter).await?.into_iter().map(|device| Listed::Enrolled(Box::new(device))).collect();
    let is_meant = |of: &Placeholder| {
        (filter.with_revoked || !of.is_revoked) && filter.who.as_ref().is_none_or(|who| of.device.to_string() == *who)
    };
    if filter.role.is_none() {
        let placeholders = relay.enrolment()?.placeholders(campaign).await?.into_iter().filter(is_meant);
        let listed_as =
            |Placeholder { device, is_revoked }| Listed::Placeholder { device, is_placeholder: true, is_revoked };
        listed.extend(placeholders.map(listed_as));
    }
    Ok(listed)
}

/// The people of a campaign, by name.
#[must_use]
pub fn members(devices: &[RosterDevice]) -> Vec<Member> {
    let mut members: BTreeMap<MemberId, Member> = BTreeMap::new();
    for device in devices {
        let member = members.entry(device.member).or_insert_with(|| Member {
            member: device.member,
            name: device.name.clone(),
            role: device.role,
            n_devices: 0,
            n_revoked: 0,
            last_revoked: None,
            last_heard: None,
        });
        member.n_devices += usize::from(!device.is_revoked);
        member.n_revoked += usize::from(device.is_revoked);
        member.last_heard = member.last_heard.max(device.last_heard);
        if let Some(how) = &device.revocation
            && member.last_revoked.as_ref().is_none_or(|last| last.how.at <= how.at)
        {
            member.last_revoked = Some(LastRevoked { device: device.device, how: how.clone() });
        }
    }
    let mut members: Vec<Member> = members.into_values().collect();
    members.sort_by(|a, b| (&a.name, a.member).cmp(&(&b.name, b.member)));
    members
}

/// Which invites are meant.
#[derive(Debug, Clone, Default)]
pub struct InviteFilter {
    /// A part of the label or of the maker's name, in whichever case, or an id.
    pub what: Option<String>,
    /// Those to one role.
    pub role: Option<Role>,
}

impl InviteFilter {
    fn takes(&self, invite: &OpenInvite) -> bool {
        let is_meant = |what: &String| {
            let part = what.to_lowercase();
            [&invite.label, &invite.by_name].iter().any(|text| text.to_lowercase().contains(&part))
                || invite.id.to_string() == *what
        };
        self.what.as_ref().is_none_or(is_meant) && self.role.is_none_or(|role| invite.role == role)
    }
}

/// The invites of a campaign that let someone in, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn invites(
    relay: &Relay,
    campaign: CampaignId,
    filter: &InviteFilter,
) -> Result<Vec<OpenInvite>, StoreError> {
    let mut open = relay.enrolment()?.open_invites(campaign, relay.now()).await?;
    open.retain(|invite| filter.takes(invite));
    Ok(open)
}

/// Withdraws an invite: it lets nobody in any more.
///
/// # Errors
/// When there is no such invite in the campaign, or the store fails.
pub async fn withdraw(relay: &Relay, campaign: CampaignId, invite: InviteId) -> Result<(), StoreError> {
    relay.enrolment()?.withdraw(Withdrawal { campaign, invite, by: None, now: relay.now() }).await
}

/// Shuts a device out, or every device of one person, said by id or name. What they made to invite others lets nobody in any more.
///
/// # Errors
/// When nobody or more than one person is meant, or the store fails; then nobody more is shut out.
pub async fn shut_out(relay: &Relay, campaign: CampaignId, who: &str) -> Result<ShutOut, NotShutOut> {
    if let Some(device) = placeholder(relay, campaign, who).await? {
        relay.enrolment()?.revoke(device, relay.now()).await?;
        return Ok(ShutOut { placeholder: Some(device), ..ShutOut::default() });
    }
    let roster = relay.enrolment()?.roster(campaign).await?;
    let meant = meant(&roster, who)?;
    let open = invites(relay, campaign, &InviteFilter::default()).await?;
    let mut done = ShutOut::default();
    for device in meant {
        if device.is_revoked {
            done.before.push(device);
            continue;
        }
        relay.enrolment()?.revoke(device.device, relay.now()).await?;
        done.revoked.push(device);
    }
    let is_out = |maker: DeviceId| done.revoked.iter().any(|device| device.device == maker);
    done.voided = open.into_iter().filter(|invite| invite.made_by.is_some_and(is_out)).collect();
    Ok(done)
}

/// The placeholder that has an id.
///
/// # Errors
/// When the store fails.
pub async fn placeholder(relay: &Relay, campaign: CampaignId, id: &str) -> Result<Option<DeviceId>, StoreError> {
    let mut all = relay.enrolment()?.placeholders(campaign).await?.into_iter().map(|of| of.device);
    Ok(all.find(|device| device.to_string() == id.trim()))
}

/// The devices that are meant: one by its id, or all of one person's, by their id or whole name.
fn meant(roster: &[RosterDevice], who: &str) -> Result<Vec<RosterDevice>, NotShutOut> {
    let who = who.trim();
    let of = |is_meant: &dyn Fn(&RosterDevice) -> bool| -> Vec<RosterDevice> {
        roster.iter().filter(|device| is_meant(device)).cloned().collect()
    };
    let name = who.to_lowercase();
    let found = [
        of(&|device| device.device.to_string() == who),
        of(&|device| device.member.to_string() == who),
        of(&|device| device.name.to_lowercase() == name),
    ];
    let devices = found.into_iter().find(|devices| !devices.is_empty()).unwrap_or_default();
    let people = match members(&devices).as_slice() {
        [_] => return Ok(devices),
        [] => members(&of(&|device| !name.is_empty() && device.name.to_lowercase().contains(&name))),
        several => several.to_vec(),
    };
    if people.is_empty() {
        return Err(NotShutOut::Nobody(who.to_owned()));
    }
    Err(NotShutOut::Unclear { who: who.to_owned(), people })
}

/// Devices as lines of a table for people.
#[must_use]
pub fn devices_table(devices: &[Listed]) -> String {
    let rows = devices.iter().map(|listed| match listed {
        Listed::Enrolled(device) => [
            device.name.clone(),
            device.role.as_str().to_owned(),
            if device.is_revoked { "revoked" } else { "served" }.to_owned(),
            heard(device.last_heard),
            revoked(device).unwrap_or_else(|| "-".to_owned()),
            device.docs.len().to_string(),
            device.device.to_string(),
        ],
        Listed::Placeholder { device, is_revoked, .. } => {
            let state = if *is_revoked { "placeholder, revoked" } else { "placeholder" };
            let [none, state] = ["-", state].map(str::to_owned);
            [none.clone(), none.clone(), state, none.clone(), none, "0".to_owned(), device.to_string()]
        }
    });
    table(["NAME", "ROLE", "STATE", "LAST HEARD FROM", "SHUT OUT", "TURF", "DEVICE"], rows)
}

/// People as lines of a table.
#[must_use]
pub fn members_table(members: &[Member]) -> String {
    let rows = members.iter().map(|member| {
        [
            member.name.clone(),
            member.role.as_str().to_owned(),
            member.n_devices.to_string(),
            member.n_revoked.to_string(),
            heard(member.last_heard),
            match (&member.last_revoked, member.n_revoked) {
                (Some(LastRevoked { device, how }), _) => revoked_by(*device, how),
                (None, 0) => "-".to_owned(),
                (None, _) => UNKNOWN.to_owned(),
            },
            member.member.to_string(),
        ]
    });
    table(["NAME", "ROLE", "DEVICES", "REVOKED", "LAST HEARD FROM", "SHUT OUT", "MEMBER"], rows)
}

/// Invites as lines of a table.
#[must_use]
pub fn invites_table(invites: &[OpenInvite]) -> String {
    let rows = invites.iter().map(|invite| {
        let by = if invite.made_by.is_none() { "the relay's operator" } else { invite.by_name.as_str() };
        [
            invite.label.clone(),
            invite.role.as_str().to_owned(),
            format!("{} of {}", invite.used_by.len(), invite.uses),
            invite.expires_at.to_iso(),
            by.to_owned(),
            invite.id.to_string(),
        ]
    });
    table(["FOR", "ROLE", "USED", "UNTIL", "MADE BY", "INVITE"], rows)
}

/// What is said of a device that a relay from before revocations shut out.
const UNKNOWN: &str = "when and by whom is not known";

/// When and by whom a device was shut out, in words; `None` while it is served.
#[must_use]
pub fn revoked(device: &RosterDevice) -> Option<String> {
    let how = device.revocation.as_ref().map(|how| revoked_by(device.device, how));
    device.is_revoked.then(|| how.unwrap_or_else(|| UNKNOWN.to_owned()))
}

fn revoked_by(device: DeviceId, how: &Revocation) -> String {
    let at = how.at.to_iso();
    match how.by {
        None => format!("{at} by the operator at the relay"),
        Some(by) if by == device => format!("{at}, it left"),
        Some(_) => format!("{at} by {}", how.by_name),
    }
}

fn heard(at: Option<At>) -> String {
    at.map_or_else(|| "never".to_owned(), At::to_iso)
}

/// Columns as wide as their widest cell; a name cannot break a line.
fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let plain = |cell: String| -> String { cell.chars().map(|one| if one.is_control() { ' ' } else { one }).collect() };
    let rows: Vec<[String; N]> = [heads.map(str::to_owned)].into_iter().chain(rows.map(|row| row.map(plain))).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
