//! The office's queries, for captains and coordinators: the dashboard, one turf, one voter, and search.

pub(crate) mod dashboard;
pub(crate) mod days;
pub(crate) mod history;
pub(crate) mod progress;
pub(crate) mod search;
pub(crate) mod turf;

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::office::OfficeCall;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: OfficeCall) -> Answer {
    match call {
        OfficeCall::Dashboard(call) => local(handle, &call, dashboard::dashboard),
        OfficeCall::OpenTurf(call) => local(handle, &call, turf::open),
        OfficeCall::WaveBoard(call) => local(handle, &call, dashboard::of_wave),
        OfficeCall::Days(call) => local(handle, &call, days::days),
        OfficeCall::Search(call) => local(handle, &call, search::search),
        OfficeCall::VoterHistory(call) => local(handle, &call, history::voter),
    }
}
