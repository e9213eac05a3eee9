//! The roster and taking turf back, for captains and coordinators; forgetting what waves that have ended left, for coordinators.

use super::body::SmallJson;
use super::caller::Known;
use super::refuse::Refused;
use crate::relay::Relay;
use axum::Json;
use axum::extract::State;
use porchlight_model::relay::{ForgetAsk, MAX_FORGET_DOCS, RefusalCode, RosterDevice, TakeBackAsk};

/// `GET /v1/roster`
pub(super) async fn roster(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
) -> Result<Json<Vec<RosterDevice>>, Refused> {
    if !caller.role.sees_all_turf() {
        return Err(Refused::new(RefusalCode::NotAllowed, "only captains and coordinators see the roster"));
    }
    let mut roster = relay.store.roster(caller.campaign).await?;
    for device in &mut roster {
        device.last_heard = relay.heard.latest(device.device, device.last_heard);
    }
    Ok(Json(roster))
}

/// `POST /v1/take-back`
pub(super) async fn take_back(
    State(relay): State<Relay>,
    Known(caller, _turn): Known,
    SmallJson(ask): SmallJson<TakeBackAsk>,
) -> Result<Json<serde_json::Value>, Refused> {
    let hint = relay.store.take_back(caller, ask.doc, ask.device).await?;
    relay.hint(hint);
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
    if let Some(hint) = relay.store.forget(caller, ask.docs, relay.now()).await? {
        relay.hint(hint);
    }
    Ok(Json(serde_json::json!({})))
}
