//! Enrolment: an invite makes this device a member's device, exactly once, however often replies are lost.

use crate::doc::born;
use crate::engine::{Engine, Membership};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::join::link::Link;
use crate::store::{changes, settings};
use crate::sync::{relays, transport};
use porchlight_model::calls::join::{Join, LookAtInvite, Session, SessionView};
use porchlight_model::grant::Act;
use porchlight_model::id::{CampaignId, DeviceId, DocId, MemberId};
use porchlight_model::member::{Identity, Role};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::{EnrolAsk, EnrolReply, Founding, InviteLook, InviteLookAsk, RefusalCode};
use porchlight_model::versions::Versions;
use porchlight_model::visit::MAX_NAME_CHARS;
use porchlight_model::wire::{Access, DocKind, PROTO};

/// Looks up what an invite offers.
pub(crate) async fn look(handle: &EngineHandle, call: &LookAtInvite) -> Result<InviteLook, EngineError> {
    let link = Link::parse(&call.link)?;
    let ask = InviteLookAsk { proto: PROTO, newest: Some(Versions::OURS.newest), secret: link.secret };
    let look: InviteLook = transport::post(handle, &link.relay, "", "/v1/invites/look", &ask).await?;
    check_role(look.role)?;
    Ok(look)
}

/// Accepts an invite. The request is on disk before it is sent, so that a retry after a lost reply enrols the same device.
pub(crate) async fn join(handle: &EngineHandle, call: &Join) -> Result<SessionView, EngineError> {
    let link = Link::parse(&call.link)?;
    let name = checked_name(&call.name)?;
    let ask = handle.with(|engine| prepare(engine, &link, &name, call.campaign.as_deref()))?;
    let (ask, reply) = match enrol(handle, &link, &ask).await {
        Err(EngineError::Refused(RefusalCode::TokenUnknown)) => {
            let ask = handle.with(|engine| as_another(engine, ask))?;
            let reply = enrol(handle, &link, &ask).await?;
            (ask, reply)
        }
        reply => (ask, reply?),
    };
    handle.with(|engine| settle_in(engine, &link, &ask, &reply))?;
    handle.wake_sync();
    handle.with(|engine| super::session(engine, &Session {}))
}

async fn enrol(handle: &EngineHandle, link: &Link, ask: &EnrolAsk) -> Result<EnrolReply, EngineError> {
    transport::post(handle, &link.relay, "", "/v1/enrol", ask).await
}

fn checked_name(name: &str) -> Result<String, EngineError> {
    let name = name.trim();
    let n_chars = name.chars().count();
    if (1..=MAX_NAME_CHARS).contains(&n_chars) {
        Ok(name.to_owned())
    } else {
        Err(EngineError::bad_input(Message::new("join-name-wrong").with("max", MAX_NAME_CHARS)))
    }
}

/// Prepares the request: the one that was sent before with this link, or else a new one with fresh keys.
fn prepare(engine: &mut Engine, link: &Link, name: &str, campaign: Option<&str>) -> Result<EnrolAsk, EngineError> {
    if let Some(before) = settings::get::<EnrolAsk>(engine.conn(), "joining")?
        && before.secret == link.secret
    {
        return Ok(EnrolAsk { name: name.to_owned(), ..before });
    }
    let present = engine.membership().cloned();
    let (device, token, member) = match present {
        Some(present) if present.relay != link.relay && !relays::told(engine.conn())?.contains(&link.relay) => {
            return Err(EngineError::bad_input(Message::new("join-other-campaign")));
        }
        Some(present) => (present.identity.device, present.token, present.identity.member),
        None => {
            let (device, token) = fresh_device(engine);
            (device, token, MemberId::new(engine.now().unsigned_ms(), engine.random()))
        }
    };
    let founding = campaign.map(|name| {
        let at_ms = engine.now().unsigned_ms();
        Founding {
            campaign: CampaignId::new(at_ms, engine.random()),
            doc: DocId::new(at_ms, engine.random()),
            name: name.trim().to_owned(),
        }
    });
    let ask = EnrolAsk {
        proto: PROTO,
        newest: Some(Versions::OURS.newest),
        secret: link.secret.clone(),
        device,
        token,
        member,
        name: name.to_owned(),
        founding,
    };
    engine.write("join: before asking", |tx| settings::put(tx.conn(), "joining", &ask))?;
    Ok(ask)
}

/// The same request under a new id. The relay knows the old id with another token, or, after a restore from a backup, only from what others sent back
/// of its changes. Then nothing proves to the relay whose id it is, and it admits nobody as that device.
fn as_another(engine: &mut Engine, ask: EnrolAsk) -> Result<EnrolAsk, EngineError> {
    let (device, token) = fresh_device(engine);
    let ask = EnrolAsk { device, token, ..ask };
    engine.write("join: as another device", |tx| settings::put(tx.conn(), "joining", &ask))?;
    Ok(ask)
}

fn fresh_device(engine: &mut Engine) -> (DeviceId, String) {
    let at_ms = engine.now().unsigned_ms();
    let token = engine.random::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    (DeviceId::new(at_ms, engine.random()), token)
}

/// Refuses a role that only a newer version knows, because nobody could do anything in it here. After an update the same link works.
fn check_role(role: Role) -> Result<(), EngineError> {
    if role.is_unknown() {
        return Err(EngineError::Told(ApiError::new(ErrorCode::WrongVersion, Message::new("error-invite-newer"))));
    }
    Ok(())
}

fn settle_in(engine: &mut Engine, link: &Link, ask: &EnrolAsk, reply: &EnrolReply) -> Result<(), EngineError> {
    check_role(reply.role)?;
    if let Some(present) = engine.membership()
        && present.identity.campaign != reply.campaign
    {
        return Err(EngineError::bad_input(Message::new("join-other-campaign")));
    }
    let is_another = engine.membership().is_some_and(|present| present.identity.device != ask.device);
    let device_now = engine.device_now();
    engine.write("join: enrolled", |tx| {
        if is_another {
            changes::note_other_device(tx.conn())?;
        }
        tx.set_membership(Some(Membership {
            identity: Identity {
                campaign: reply.campaign,
                member: reply.member,
                device: ask.device,
                name: ask.name.clone(),
                role: reply.role,
                lease_until: reply.lease_until,
            },
            campaign_doc: reply.campaign_doc,
            relay: link.relay.clone(),
            token: ask.token.clone(),
        }))?;
        // An older relay sends no list here. The first sync brings it, even if it is empty.
        if !reply.relays.is_empty() {
            relays::take_in(tx, &reply.relays)?;
        }
        tx.set_skew_ms(reply.now.since_ms(device_now))?;
        settings::put(tx.conn(), "campaign_name", &reply.campaign_name)?;
        // A relay that has forgotten this device enrols it without another number: its list may be another one all the same.
        settings::put(tx.conn(), "grants_seen", &0u64)?;
        settings::remove(tx.conn(), "joining")?;
        for doc in &reply.docs {
            tx.add_doc(*doc, DocKind::Turf, Access::Write, false)?;
        }
        let founding = ask.founding.as_ref().filter(|founding| founding.doc == reply.campaign_doc);
        match founding {
            Some(founding) => tx.create_doc(reply.campaign_doc, DocKind::Campaign, |edit| {
                born::campaign(edit, &founding.name)?;
                edit.put(crate::doc::campaign_map::MEMBERS, &reply.member.to_string(), ask.name.as_str())
            }),
            None => tx.add_doc(reply.campaign_doc, DocKind::Campaign, access_of(reply.role), false),
        }
    })
}

/// To the campaign document, until the relay's first answer tells it: who runs waves writes them there.
fn access_of(role: Role) -> Access {
    if role.may(Act::RunWaves) { Access::Write } else { Access::Read }
}
