//! The relay's HTTP interface: one file per operation, the middleware, and the web app as the fallback.

mod about;
mod answer;
mod body;
mod caller;
mod enrol;
mod finish;
mod hints;
mod invites;
mod linger;
mod observe;
mod packs;
mod people;
pub mod probe;
mod prove;
mod refuse;
mod sync;
mod web;

use crate::relay::Relay;
use axum::Router;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::{any, get, post};
use porchlight_model::hub::PROVE_PATH;
use std::time::Duration;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};

/// How long a browser may remember what other origins may ask.
const CORS_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// All routes of a relay.
pub fn router(relay: &Relay) -> Router {
    let folded = Router::new()
        .route("/v1/about", get(about::about))
        .route("/v1/invites/look", post(invites::look))
        .route("/v1/invites/open", get(invites::open))
        .route("/v1/invites/withdraw", post(invites::withdraw))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/invites", post(invites::make))
        .route("/v1/roster", get(people::roster))
        .route("/v1/authors", post(people::authors))
        .route("/v1/take-back", post(people::take_back))
        .route("/v1/shut-out", post(people::shut_out))
        .route("/v1/leave", post(people::leave))
        .route("/v1/forget", post(people::forget))
        .route("/v1/sync", post(sync::sync))
        .route(PROVE_PATH, post(prove::prove))
        .layer(CompressionLayer::new());
    let api = folded
        .route("/v1/hints", get(hints::hints))
        .route("/v1/packs/{sha256}", get(packs::get).put(packs::put))
        .route("/v1/{*rest}", any(refuse::unknown_path))
        .method_not_allowed_fallback(refuse::wrong_method)
        .layer(from_fn_with_state(relay.clone(), observe::within_time))
        .layer(map_response(observe::keep_nowhere))
        .layer(cors())
        .layer(from_fn(linger::linger));
    api.route("/healthz", get(about::readyz))
        .route("/readyz", get(about::readyz))
        .route("/livez", get(about::livez))
        .route("/metrics", get(about::metrics_elsewhere))
        .fallback(web::serve)
        .layer(from_fn_with_state(relay.clone(), observe::observe))
        .with_state(relay.clone())
}

/// The routes at the address of metrics.
pub fn metrics_router(relay: &Relay) -> Router {
    Router::new().route("/metrics", get(about::metrics)).with_state(relay.clone())
}

/// Any origin may call: access depends on the token, which no browser sends by itself.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::CONTENT_ENCODING, header::RANGE])
        .expose_headers([header::RETRY_AFTER, header::CONTENT_RANGE, header::ETAG])
        .max_age(CORS_AGE)
}
