//! Invites people and hands out turf: the relay generates the secret, this device the link and the QR code.

mod kept;
pub(crate) mod open;
pub(crate) mod shut_out;

use self::kept::KeptLink;
use crate::answer::{Answer, local, reply};
use crate::engine::Membership;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::join::link::Link;
use crate::store::{settings, waves};
use crate::sync::driver::at_present;
use crate::sync::transport;
use porchlight_model::calls::invite::InviteCall;
use porchlight_model::calls::invite::{HandOut, Invite, InviteLink, Roster, RosterView, TakeBack};
use porchlight_model::grant::Act;
use porchlight_model::id::TurfId;
use porchlight_model::member::Role;
use porchlight_model::message::Message;
use porchlight_model::relay::{
    InviteAsk, InviteLook, InviteLookAsk, InviteMade, MAX_INVITE_MINUTES, MAX_INVITE_USES, RefusalCode, RosterDevice,
    TakeBackAsk,
};
use porchlight_model::time::At;
use porchlight_model::turf::TurfEntry;
use porchlight_model::versions::Versions;
use porchlight_model::wire::PROTO;
use qrcodegen::{QrCode, QrCodeEcc};

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: InviteCall) -> Answer {
    match call {
        InviteCall::HandOut(call) => reply(&call, hand_out(handle, &call).await),
        InviteCall::Invite(call) => reply(&call, invite(handle, &call).await),
        InviteCall::OpenLinks(call) => reply(&call, open::open(handle, &call).await),
        InviteCall::ShowLink(call) => reply(&call, open::show(handle, &call)),
        InviteCall::WithdrawLink(call) => reply(&call, open::withdraw(handle, &call).await),
        InviteCall::TakeBack(call) => reply(&call, take_back(handle, &call).await),
        InviteCall::ShutOut(call) => reply(&call, shut_out::shut_out(handle, &call).await),
        InviteCall::Roster(call) => local(handle, &call, roster),
    }
}

/// Returns the link that hands a turf to a canvasser, with its history: the documents of all waves that have not ended. A link that this device
/// made for the same turf before is shown again while the relay reports it as open.
pub(crate) async fn hand_out(handle: &EngineHandle, call: &HandOut) -> Result<InviteLink, EngineError> {
    let (to, entry, docs, links) = handle.with(|engine| {
        let to = engine.member()?.clone();
        let links = kept::all(engine.conn(), engine.now())?;
        Ok::<_, EngineError>((to, entry(engine, call.turf)?, waves::docs_to_hand_out(engine.conn(), call.turf)?, links))
    })?;
    if docs.is_empty() {
        return Err(EngineError::bad_input(Message::new("error-turf-no-wave")));
    }
    for link in links.into_iter().filter(|link| (&link.docs, link.uses) == (&docs, call.uses)) {
        if is_open(handle, &to, &link).await? {
            return link_of(&at_present(handle, &to), link.secret, link.expires_at, true);
        }
        handle.with(|engine| {
            engine.write("a link that lets nobody in", |tx| kept::forget(tx, |one| one.id == link.id))
        })?;
    }
    let ask = InviteAsk { role: Role::Canvasser, docs, label: entry.name, uses: call.uses, minutes: call.minutes };
    invited(handle, &to, &ask).await
}

/// Creates an invite for a role.
pub(crate) async fn invite(handle: &EngineHandle, call: &Invite) -> Result<InviteLink, EngineError> {
    let to = handle.with(|engine| engine.member().cloned())?;
    if !to.identity.role.may_invite(call.role) {
        return Err(EngineError::not_allowed(Act::InviteOffice));
    }
    let ask = InviteAsk { role: call.role, docs: Vec::new(), label: String::new(), uses: 1, minutes: call.minutes };
    invited(handle, &to, &ask).await
}

async fn invited(handle: &EngineHandle, to: &Membership, ask: &InviteAsk) -> Result<InviteLink, EngineError> {
    if !(1..=MAX_INVITE_USES).contains(&ask.uses) || !(1..=MAX_INVITE_MINUTES).contains(&ask.minutes) {
        let limits =
            Message::new("invite-limits").with("uses", MAX_INVITE_USES).with("days", MAX_INVITE_MINUTES / 1440);
        return Err(EngineError::bad_input(limits));
    }
    let there = at_present(handle, to);
    let made: InviteMade = transport::post(handle, &there.relay, &there.token, "/v1/invites", ask).await?;
    let InviteMade { id, secret, expires_at } = made;
    let link = KeptLink { id, secret: secret.clone(), docs: ask.docs.clone(), uses: ask.uses, expires_at };
    handle.with(|engine| engine.write("a link was made", |tx| kept::keep(tx, link)))?;
    link_of(&there, secret, expires_at, false)
}

/// Whether a link admits one more device, as any version of the relay can report.
async fn is_open(handle: &EngineHandle, to: &Membership, link: &KeptLink) -> Result<bool, EngineError> {
    let there = at_present(handle, to);
    let ask = InviteLookAsk { proto: PROTO, newest: Some(Versions::OURS.newest), secret: link.secret.clone() };
    let looked: Result<InviteLook, _> = transport::post(handle, &there.relay, "", "/v1/invites/look", &ask).await;
    match looked {
        Ok(_) => Ok(true),
        Err(EngineError::Refused(
            RefusalCode::InviteUnknown | RefusalCode::InviteExpired | RefusalCode::InviteUsed,
        )) => Ok(false),
        Err(error) => Err(error),
    }
}

fn link_of(there: &Membership, secret: String, expires_at: At, is_again: bool) -> Result<InviteLink, EngineError> {
    let link = Link { relay: there.relay.clone(), secret }.to_string();
    Ok(InviteLink { qr: modules(&link)?, link, expires_at, is_again })
}

/// The QR code of a text, row by row, `true` for dark.
pub(crate) fn modules(text: &str) -> Result<Vec<Vec<bool>>, EngineError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    Ok((0..code.size()).map(|y| (0..code.size()).map(|x| code.get_module(x, y)).collect()).collect())
}

/// Takes a turf back from a device.
pub(crate) async fn take_back(handle: &EngineHandle, call: &TakeBack) -> Result<(), EngineError> {
    let (to, docs) = handle.with(|engine| {
        let to = engine.member()?.clone();
        entry(engine, call.turf)?;
        Ok::<_, EngineError>((to, waves::open_docs(engine.conn(), call.turf)?))
    })?;
    let there = at_present(handle, &to);
    let mut is_taken = Err(EngineError::not_found("error-turf-gone"));
    for doc in docs {
        let ask = TakeBackAsk { doc, device: call.device };
        let answer: Result<serde_json::Value, _> =
            transport::post(handle, &there.relay, &there.token, "/v1/take-back", &ask).await;
        match answer {
            Ok(_) => is_taken = Ok(()),
            // The device may hold the turf in one wave and not in another.
            Err(EngineError::Refused(RefusalCode::NotFound)) if is_taken.is_ok() => {}
            Err(error @ EngineError::Refused(RefusalCode::NotFound)) => is_taken = Err(error),
            Err(error) => return Err(error),
        }
    }
    handle.wake_sync();
    is_taken
}

/// The enrolled devices, as the relay last reported.
pub(crate) fn roster(engine: &mut crate::engine::Engine, _: &Roster) -> Result<RosterView, EngineError> {
    let devices: Vec<RosterDevice> = settings::get(engine.conn(), "roster")?.unwrap_or_default();
    let turfs = crate::store::turfs::all(engine.conn())?;
    let turf_of = waves::turf_of_docs(engine.conn())?;
    let name_of = |turf: TurfId| turfs.iter().find(|entry| entry.id == turf).map(|entry| entry.name.clone());
    let devices = devices
        .into_iter()
        .map(|device| {
            // The documents of several waves count as one turf.
            let held = turf_of.iter().filter(|(doc, _)| device.docs.contains(doc)).map(|(_, turf)| *turf);
            let mut names: Vec<String> = held.filter_map(name_of).collect();
            names.dedup();
            (device, names)
        })
        .collect();
    Ok(RosterView { as_of: settings::get(engine.conn(), "roster_as_of")?, devices })
}

fn entry(engine: &crate::engine::Engine, turf: TurfId) -> Result<TurfEntry, EngineError> {
    crate::store::turfs::all(engine.conn())?
        .into_iter()
        .find(|entry| entry.id == turf)
        .ok_or_else(|| EngineError::not_found("error-turf-gone"))
}
