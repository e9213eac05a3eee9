//! Whether this device has room for what it is to store.

use crate::hooks::use_call;
use porchlight_model::calls::sync::{SyncPhase, SyncStatus};
use yew::prelude::*;

/// Whether something did not get stored for lack of room: then no turf is late, and nobody needs to be asked for it.
#[hook]
pub fn use_has_no_room() -> bool {
    let sync = use_call(SyncStatus {});
    sync.value().is_some_and(|sync| sync.phase == SyncPhase::NoRoom)
}
