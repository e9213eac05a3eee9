//! A turf for the person who walks it: its list, its map, and the summary of a shift.

pub mod cards;
pub(crate) mod lay_out;
pub mod list;
pub mod map;
pub mod shift;

pub(crate) use lay_out::{Household, LaidDoor, Layout, lay_out};

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::walk::WalkCall;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: WalkCall) -> Answer {
    match call {
        WalkCall::MyTurf(call) => local(handle, &call, cards::my_turf),
        WalkCall::Walk(call) => local(handle, &call, list::walk),
        WalkCall::TurfMap(call) => local(handle, &call, map::turf_map),
        WalkCall::ShiftReport(call) => local(handle, &call, shift::shift),
    }
}
