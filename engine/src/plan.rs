//! Plans that the office shares in its document: saved lists, and goals with what was done and what will probably be.

pub(crate) mod forecast;
pub(crate) mod goals;
pub(crate) mod lists;
pub(crate) mod measured;
pub(crate) mod undo;

use crate::answer::{Answer, local};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::born::office_doc;
use porchlight_model::calls::plan::PlanCall;
use porchlight_model::id::DocId;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: PlanCall) -> Answer {
    match call {
        PlanCall::SavedLists(call) => local(handle, &call, lists::all),
        PlanCall::OpenFrozen(call) => local(handle, &call, lists::frozen),
        PlanCall::CreateList(call) => local(handle, &call, lists::create),
        PlanCall::RenameList(call) => local(handle, &call, lists::rename),
        PlanCall::ChangeList(call) => local(handle, &call, lists::change),
        PlanCall::RemoveList(call) => local(handle, &call, lists::remove),
        PlanCall::UndoList(call) => local(handle, &call, undo::undo),
        PlanCall::Goals(call) => local(handle, &call, goals::all),
        PlanCall::SetGoal(call) => local(handle, &call, goals::set),
        PlanCall::ChangeGoal(call) => local(handle, &call, goals::change),
        PlanCall::RemoveGoal(call) => local(handle, &call, goals::remove),
        PlanCall::RestoreGoal(call) => local(handle, &call, goals::restore),
    }
}

/// The campaign's office document, which may not be here.
fn doc(engine: &Engine) -> Result<DocId, EngineError> {
    Ok(office_doc(engine.member()?.identity.campaign))
}
