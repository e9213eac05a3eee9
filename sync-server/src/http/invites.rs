//! Invites: made by those who may, looked at by those who hold the link.

use super::body::{SmallJson, plain_text};
use super::caller::{Address, Known};
use super::refuse::Refused;
use crate::limits::MAX_LABEL_CHARS;
use crate::relay::{InviteOf, Relay};
use crate::secret::Secret;
use axum::Json;
use axum::extract::State;
use porchlight_model::member::Role;
use porchlight_model::relay::{InviteAsk, InviteLook, InviteLookAsk, InviteMade, RefusalCode};
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
    // Only a canvasser is handed turf: the other roles see all of it.
    let docs = if ask.role == Role::Canvasser { ask.docs } else { Vec::new() };
    let campaign = Some(caller.campaign);
    let of = InviteOf { campaign, role: ask.role, docs, label, uses: ask.uses, minutes: ask.minutes };
    Ok(Json(relay.invite(of).await?))
}

/// `POST /v1/invites/look`
pub(super) async fn look(
    State(relay): State<Relay>,
    _: Address,
    SmallJson(ask): SmallJson<InviteLookAsk>,
) -> Result<Json<InviteLook>, Refused> {
    check_proto(ask.proto)?;
    Ok(Json(relay.store.look(secret(&ask.secret)?.hash(), relay.now()).await?))
}

/// Reads the secret of a link; what cannot be one is no invite.
pub(super) fn secret(text: &str) -> Result<Secret, Refused> {
    Secret::parse(text).ok_or_else(|| Refused::new(RefusalCode::InviteUnknown, "no such invite"))
}

/// Refuses another version of the protocol.
pub(super) fn check_proto(proto: u16) -> Result<(), Refused> {
    if proto == PROTO {
        return Ok(());
    }
    Err(Refused::new(RefusalCode::WrongVersion, "this relay speaks version 2 of the protocol"))
}
