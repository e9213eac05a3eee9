//! Hubs: without internet, a captain's device collects phones' results over the local network and forwards them to the relay when it can.
//!
//! [`keys`] authenticates devices; [`in_use`] is the phone's side; `serve`, `open` and [`host`] are the captain's. The exchange itself is in
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
