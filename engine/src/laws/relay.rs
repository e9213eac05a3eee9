//! The relay's part in the laws: the requests to it, and hand-written answers.

use super::town::{TURF_DOC, Walker};
use crate::store::docs;
use crate::sync::ask::{Plan, plan};
use crate::sync::trouble::Trouble;
use porchlight_model::member::Role;
use porchlight_model::wire::{DocReply, DocStatus, SyncReply};

/// The next request of a walker.
pub(super) fn ask(walker: &mut Walker) -> Plan {
    let now = walker.engine.device_now();
    plan(walker.engine.conn(), Role::Canvasser, now).unwrap()
}

/// An empty answer about the turf.
pub(super) fn answer() -> DocReply {
    DocReply {
        doc: TURF_DOC,
        status: DocStatus::Served,
        acked: Vec::new(),
        rejected: Vec::new(),
        snapshot: None,
        changes: Vec::new(),
        cursor: 0,
        seen: 0,
        is_more: false,
        heads: Vec::new(),
    }
}

/// A reply with one answer.
pub(super) fn reply(walker: &Walker, answer: DocReply) -> SyncReply {
    SyncReply {
        proto: None,
        now: walker.engine.device_now(),
        epoch: 5,
        lease_until: walker.engine.device_now(),
        relays: None,
        grants: None,
        feed: 1,
        news: Vec::new(),
        docs: vec![answer],
    }
}

/// The trouble of the turf's sync.
pub(super) fn trouble(walker: &Walker) -> Trouble {
    docs::get(walker.engine.conn(), TURF_DOC).unwrap().unwrap().trouble
}
