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

use crate::answer::{Answer, local, reply};
#[cfg(target_arch = "wasm32")]
use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::hub::HubCall;
#[cfg(target_arch = "wasm32")]
use porchlight_model::message::Message;

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: HubCall) -> Answer {
    match call {
        HubCall::LookAtHub(call) => local(handle, &call, in_use::look),
        HubCall::UseHub(call) => reply(&call, in_use::use_hub(handle, &call).await),
        HubCall::LeaveHub(call) => local(handle, &call, in_use::leave),
        HubCall::HubInUse(call) => reply(&call, in_use::view(handle, &call)),
        #[cfg(not(target_arch = "wasm32"))]
        HubCall::HostHub(call) => reply(&call, open::host(handle, &call)),
        #[cfg(not(target_arch = "wasm32"))]
        HubCall::HostedHub(call) => reply(&call, open::view(handle, &call)),
        // A page in a browser cannot be a hub.
        #[cfg(target_arch = "wasm32")]
        HubCall::HostHub(call) => reply(&call, Err(EngineError::bad_input(Message::new("hub-needs-app")))),
        #[cfg(target_arch = "wasm32")]
        HubCall::HostedHub(call) => reply(&call, Ok(None)),
    }
}
