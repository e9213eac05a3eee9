//! `POST /v1/hub`: a hub proves to a device that it belongs to its campaign. The campaign's relay is not a hub.

use super::body::SmallJson;
use super::caller::Address;
use super::refuse::Refused;
use crate::relay::Relay;
use axum::Json;
use axum::extract::State;
use porchlight_model::hub::{Challenge, Proof};

/// Answers a challenge.
pub(super) async fn prove(
    State(relay): State<Relay>,
    _: Address,
    SmallJson(ask): SmallJson<Challenge>,
) -> Result<Json<Proof>, Refused> {
    Ok(Json(relay.store.prove(ask).await?))
}
