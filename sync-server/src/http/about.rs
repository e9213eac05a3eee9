//! The relay's self-description for clients, load balancers and monitoring.

use super::refuse::Refused;
use crate::relay::Relay;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use porchlight_model::relay::RelayAbout;
use porchlight_model::versions::Versions;
use porchlight_model::wire::PROTO;

/// `GET /v1/about`
pub(super) async fn about(State(relay): State<Relay>) -> Json<RelayAbout> {
    let versions = Some(Versions::OURS);
    Json(RelayAbout { proto: PROTO, versions, version: env!("CARGO_PKG_VERSION").to_owned(), now: relay.now() })
}

/// `GET /livez`: the process answers, whatever its store does.
pub(super) async fn livez() -> &'static str {
    "alive\n"
}

/// `GET /readyz` and `GET /healthz`: well while the store answers its readers and takes what devices push.
pub(super) async fn readyz(State(relay): State<Relay>) -> Result<&'static str, Refused> {
    relay.readiness.check(relay.store()).await?;
    Ok("well\n")
}

/// `GET /metrics` at the public address, where metrics are not served.
pub(super) async fn metrics_elsewhere() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "The relay tells its metrics at an address of their own: --metrics.\n")
}

/// `GET /metrics`, at an address of its own.
pub(super) async fn metrics(State(relay): State<Relay>) -> impl IntoResponse {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], relay.meters.to_text(relay.store.n_commits(), relay.room.taken()))
}
