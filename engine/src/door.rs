//! One door, or one building with its units: everything that is known of it, and everything that happened there.

pub mod building;
pub(crate) mod history;
pub mod open;

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::door::DoorCall;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: DoorCall) -> Answer {
    match call {
        DoorCall::OpenDoor(call) => local(handle, &call, open::open),
        DoorCall::OpenBuilding(call) => local(handle, &call, building::building),
    }
}
