//! `POST /v1/enrol`: enrols a device by invite, or founds a campaign.

use super::body::{SmallJson, plain_text};
use super::caller::Address;
use super::finish::to_its_end;
use super::invites::{agree, secret};
use super::refuse::Refused;
use crate::limits::MAX_NAME_CHARS;
use crate::relay::Relay;
use crate::secret::token_hash;
use crate::store::Enrolling;
use axum::Json;
use axum::extract::State;
use porchlight_model::relay::{EnrolAsk, EnrolReply, Founding};

/// Enrols a device; idempotent.
pub(super) async fn enrol(
    State(relay): State<Relay>,
    _: Address,
    SmallJson(ask): SmallJson<EnrolAsk>,
) -> Result<Json<EnrolReply>, Refused> {
    let version = agree(ask.proto, ask.newest)?;
    let token = token_hash(&ask.token).ok_or_else(|| Refused::malformed("a token is 64 hexadecimal digits"))?;
    let founding = match ask.founding {
        Some(founding) => Some(Founding { name: plain_text(&founding.name, MAX_NAME_CHARS)?, ..founding }),
        None => None,
    };
    let now = relay.now();
    let enrolment = Enrolling {
        secret: secret(&ask.secret)?.hash(),
        device: ask.device,
        token,
        member: ask.member,
        other_member: relay.chance.member_id(now),
        name: plain_text(&ask.name, MAX_NAME_CHARS)?,
        founding,
        version,
        now,
    };
    let relays = relay.live().relays.clone();
    let reply = to_its_end(async move {
        let (reply, hint) = relay.enrolment()?.enrol(enrolment).await?;
        relay.meters.enrolments.inc();
        relay.hint(hint);
        Ok(reply)
    });
    Ok(Json(EnrolReply { relays, ..reply.await? }))
}
