//! Hubs: where there is no internet, a captain's device takes phones' results in over the local network, and brings them to the relay when it can.
//!
//! [`keys`] is how a device proves itself there; [`in_use`] a phone's side; `serve`, `open` and [`host`] the captain's. The exchange itself is in
//! `sync/hub.rs`, the server in the package `porchlight-hub`.

pub mod host;
pub mod in_use;
pub mod keys;
pub(crate) mod known;
#[cfg(not(target_arch = "wasm32"))]
pub mod open;
#[cfg(not(target_arch = "wasm32"))]
pub mod parcels;
#[cfg(not(target_arch = "wasm32"))]
pub mod serve;
