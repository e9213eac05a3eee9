//! Sync: pushes what this device holds to the relay, and pulls what others did. See `docs/sync.md` for the promises.
//!
//! [`session`] decides when to sync, [`ask`] plans the request, [`absorb`] applies the answer; [`driver`] performs the IO.
//! Sockets are opened in [`transport`] alone; a simulation puts its own network behind [`carrier`].

pub mod absorb;
pub mod ask;
pub(crate) mod authors;
mod batch;
pub mod carrier;
pub mod driver;
mod forget;
pub(crate) mod hub;
mod kinds;
pub mod packs;
pub(crate) mod relays;
mod roster;
pub mod session;
pub mod snapshot;
pub mod status;
pub mod transport;
pub mod trouble;

pub use carrier::Carrier;
pub use driver::{Timer, run};
pub use transport::client;
pub use trouble::note_death;

use crate::answer::{Answer, reply};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::sync::{SyncCall, SyncView};

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: SyncCall) -> Answer {
    match call {
        SyncCall::SyncStatus(call) => reply(&call, view(handle)),
        SyncCall::SyncNow(call) => reply(&call, now(handle).await),
    }
}

/// Syncs at once; that no relay could be reached, or that it refused, is in the view.
async fn now(handle: &EngineHandle) -> Result<SyncView, EngineError> {
    handle.hub_met().forgive();
    match driver::rounds_until_done(handle).await {
        Ok(_) | Err(EngineError::Offline(_) | EngineError::Refused(_)) => view(handle),
        Err(error) => Err(error),
    }
}

fn view(handle: &EngineHandle) -> Result<SyncView, EngineError> {
    let seen = handle.seen();
    handle.with(|engine| status::view(engine, seen))
}
