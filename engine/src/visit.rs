//! What a canvasser records at a door: visits and their undoing, notes, flags, and people, each as one change; and drafts, which are not changes.

pub mod add_person;
mod check;
pub mod draft;
pub mod flag;
pub mod note;
pub mod own;
pub mod record;
pub mod redo;
pub(crate) mod sign;
pub mod undo;

use crate::answer::{Answer, local};
use crate::handle::EngineHandle;
use porchlight_model::calls::visit::VisitCall;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: VisitCall) -> Answer {
    match call {
        VisitCall::RecordVisit(call) => local(handle, &call, record::record),
        VisitCall::Undo(call) => local(handle, &call, undo::undo),
        VisitCall::Redo(call) => local(handle, &call, redo::redo),
        VisitCall::OwnActs(call) => local(handle, &call, own::own),
        VisitCall::AddNote(call) => local(handle, &call, note::note),
        VisitCall::EditNote(call) => local(handle, &call, note::edit),
        VisitCall::SetFlag(call) => local(handle, &call, flag::flag),
        VisitCall::ReportDanger(call) => local(handle, &call, flag::report_danger),
        VisitCall::AddPerson(call) => local(handle, &call, add_person::add_person),
        VisitCall::TakeBackPerson(call) => local(handle, &call, add_person::take_back),
    }
}
