//! Invites: created, listed and withdrawn by those who may, and looked up by holders of the link.

use super::answer::Answer;
use super::body::{SmallJson, plain_text};
use super::caller::{Address, Known};
use super::refuse::Refused;
use crate::limits::MAX_LABEL_CHARS;
use crate::relay::{InviteOf, Relay};
use crate::secret::Secret;
use crate::store::Withdrawal;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use porchlight_model::grant::Act;
use porchlight_model::relay::{InviteAsk, InviteLook, InviteLookAsk, InviteMade, RefusalCode, WithdrawAsk};
use porchlight_model::roster::RosterVersion;
use porchlight_model::versions::Versions;
use porchlight_model::wire::PROTO;

/// `POST /v1/invites`
pub(super) async fn make(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<InviteAsk>,
) -> Result<Json<InviteMade>, Refused> {
    if !caller.role.may_invite(ask.role) {
        return Err(Refused::new(RefusalCode::NotAllowed, "this role may not invite to that one"));
    }
    let label = if ask.label.is_empty() { ask.label } else { plain_text(&ask.label, MAX_LABEL_CHARS)? };
    let docs = if ask.role.is_handed_turf() { ask.docs } else { Vec::new() };
    let campaign = Some(caller.campaign);
    let of = InviteOf {
        campaign,
        role: ask.role,
        docs,
        label,
        uses: ask.uses,
        minutes: ask.minutes,
        by: Some(caller.device),
    };
    Ok(Json(relay.invite(of).await?))
}

/// `GET /v1/invites/open`: those to roles that the caller may invite to and can read.
pub(super) async fn open(
    State(relay): State<Relay>,
    Known(caller, turn): Known,
    asked: Result<Query<RosterVersion>, QueryRejection>,
) -> Result<Response, Refused> {
    if !caller.role.may(Act::HandOut) {
        return Err(Refused::new(RefusalCode::NotAllowed, "only captains and coordinators see open invites"));
    }
    let mut open = relay.enrolment()?.open_invites(caller.campaign, relay.now()).await?;
    let version = version(asked);
    open.retain(|invite| caller.role.may_invite(invite.role) && invite.role.since() <= version);
    Answer::json(&relay, &open, turn)
}

/// `POST /v1/invites/withdraw`
pub(super) async fn withdraw(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<WithdrawAsk>,
) -> Result<Json<serde_json::Value>, Refused> {
    let of = Withdrawal { campaign: caller.campaign, invite: ask.id, by: Some(caller.device), now: relay.now() };
    relay.enrolment()?.withdraw(of).await?;
    Ok(Json(serde_json::json!({})))
}

/// `POST /v1/invites/look`
pub(super) async fn look(
    State(relay): State<Relay>,
    _: Address,
    SmallJson(ask): SmallJson<InviteLookAsk>,
) -> Result<Json<InviteLook>, Refused> {
    let version = agree(ask.proto, ask.newest)?;
    let look = relay.enrolment()?.look(secret(&ask.secret)?.hash(), relay.now()).await?;
    if look.role.since() > version {
        return Err(Refused::new(RefusalCode::WrongVersion, "this invite is for a newer app"));
    }
    Ok(Json(look))
}

/// Parses the secret of a link; an invalid one is an unknown invite.
pub(super) fn secret(text: &str) -> Result<Secret, Refused> {
    Secret::parse(text).ok_or_else(|| Refused::new(RefusalCode::InviteUnknown, "no such invite"))
}

/// The version of the protocol in which a request for a list is answered that names the newest one it can read, or nothing where its program is
/// from before ranges.
pub(super) fn version(asked: Result<Query<RosterVersion>, QueryRejection>) -> u16 {
    asked.ok().and_then(|Query(asked)| asked.newest).unwrap_or(PROTO)
}

/// The version of the protocol in which a request is answered; a refusal where this relay and its sender have none in common.
pub(super) fn agree(proto: u16, newest: Option<u16>) -> Result<u16, Refused> {
    let agreed = Versions::OURS.agree(Versions::of_request(proto, newest));
    // Written in a version that this relay does not read, it is answered with those that it does, and written again.
    let agreed = agreed.filter(|_| Versions::OURS.holds(proto));
    agreed.ok_or_else(|| Refused::new(RefusalCode::WrongVersion, "this relay speaks other versions of the protocol"))
}
