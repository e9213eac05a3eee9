//! Universes: whom a filter takes, counted, listed, searched and written to a file.

pub(crate) mod choices;
pub(crate) mod count;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod ready;

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::universe::UniverseCall;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: UniverseCall) -> Answer {
    match call {
        UniverseCall::CountVoters(call) => local(handle, &call, count::count),
        UniverseCall::ListVoters(call) => local(handle, &call, list::page),
        UniverseCall::FilterChoices(call) => local(handle, &call, choices::choices),
        UniverseCall::ExportVoters(call) => local(handle, &call, export::export),
    }
}
