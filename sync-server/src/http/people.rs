//! The roster, revoking turf and shutting devices out, for captains and coordinators; a device that leaves; deleting the data of ended waves, for coordinators.

use super::answer::Answer;
use super::body::SmallJson;
use super::caller::Known;
use super::finish::to_its_end;
use super::invites::version;
use super::refuse::Refused;
use crate::relay::Relay;
use crate::store::Leaving;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use porchlight_model::id::Sha256;
use porchlight_model::relay::{
    AuthorTold, AuthorsAsk, ForgetAsk, LeaveAsk, MAX_AUTHORS, MAX_FORGET_DOCS, RefusalCode, RosterDevice, ShutOutAsk,
    ShutOutDone, TakeBackAsk,
};
use porchlight_model::roster::{self, RosterAsk, RosterVersion};
use sha2::Digest;

/// `GET /v1/roster`: whole, or only its times for a device that holds the rest.
pub(super) async fn roster(
    State(relay): State<Relay>,
    Known(caller, turn): Known,
    asked: Result<Query<RosterVersion>, QueryRejection>,
    held: Result<Query<RosterAsk>, QueryRejection>,
) -> Result<Response, Refused> {
    if !caller.role.sees_all_turf() {
        return Err(Refused::new(RefusalCode::NotAllowed, "only captains and coordinators see the roster"));
    }
    let mut roster = relay.enrolment()?.roster(caller.campaign).await?;
    let version = version(asked);
    roster.retain(|device| device.role.since() <= version);
    for device in &mut roster {
        device.last_heard = relay.heard.latest(device.device, device.last_heard);
    }
    if let Ok(Query(held)) = held
        && holds(held.have, &roster)
    {
        return Ok(Json(roster::times_since(&roster, held.as_of)).into_response());
    }
    Answer::json(&relay, &roster, turn)
}

/// `POST /v1/authors`
pub(super) async fn authors(
    State(relay): State<Relay>,
    Known(caller, turn): Known,
    SmallJson(ask): SmallJson<AuthorsAsk>,
) -> Result<Response, Refused> {
    if ask.devices.len() > MAX_AUTHORS {
        return Err(Refused::new(RefusalCode::TooLarge, "a request names at most 256 devices"));
    }
    let roster = relay.enrolment()?.roster(caller.campaign).await?;
    let asked = roster.into_iter().filter(|known| !known.role.is_unknown() && ask.devices.contains(&known.device));
    let told = asked.map(|known| AuthorTold { device: known.device, member: known.member, role: known.role });
    Answer::json(&relay, &told.collect::<Vec<_>>(), turn)
}

/// Whether a device that names this hash holds the roster; one of an older version, without who revoked whom.
fn holds(have: Sha256, roster: &[RosterDevice]) -> bool {
    [roster::steady, roster::steady_without_revocations]
        .iter()
        .any(|steady| steady(roster).is_ok_and(|steady| sha2::Sha256::digest(steady)[..] == have.0))
}

/// `POST /v1/take-back`
pub(super) async fn take_back(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<TakeBackAsk>,
) -> Result<Json<serde_json::Value>, Refused> {
    to_its_end(async move {
        let hint = relay.enrolment()?.take_back(caller, ask.doc, ask.device).await?;
        relay.hint(hint);
        Ok(())
    })
    .await?;
    Ok(Json(serde_json::json!({})))
}

/// `POST /v1/shut-out`: a device is served nothing from then on.
pub(super) async fn shut_out(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<ShutOutAsk>,
) -> Result<Json<ShutOutDone>, Refused> {
    let done = to_its_end(async move {
        let (done, hint) = relay.enrolment()?.shut_out(caller, ask.device, relay.now()).await?;
        if let Some(hint) = hint {
            relay.hint(hint);
        }
        Ok(done)
    });
    Ok(Json(done.await?))
}

/// `POST /v1/leave`: the device erases its data and is served nothing from then on. Links that it made end with it. The last coordinator is
/// refused where the request expects another coordinator to remain.
pub(super) async fn leave(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<LeaveAsk>,
) -> Result<Json<serde_json::Value>, Refused> {
    let LeaveAsk { counts_on_others } = ask;
    to_its_end(async move {
        let leaving = Leaving { device: caller.device, counts_on_others, now: relay.now() };
        let hint = relay.enrolment()?.leave(leaving).await?;
        relay.hint(hint);
        Ok(())
    })
    .await?;
    Ok(Json(serde_json::json!({})))
}

/// `POST /v1/forget`
pub(super) async fn forget(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<ForgetAsk>,
) -> Result<Json<serde_json::Value>, Refused> {
    if ask.docs.len() > MAX_FORGET_DOCS {
        return Err(Refused::new(RefusalCode::TooLarge, "a request names at most 256 documents to forget"));
    }
    to_its_end(async move {
        if let Some(hint) = relay.upkeep()?.forget(caller, ask.docs, relay.now()).await? {
            relay.hint(hint);
        }
        Ok(())
    })
    .await?;
    Ok(Json(serde_json::json!({})))
}
