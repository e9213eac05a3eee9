//! Dispatches the interface's calls to the functions that answer them, after the single check of roles.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::{
    archive, cut, door, handover, hub, import, invite, join, office, script, settle, store, sync, visit, walk, wave,
};
use porchlight_model::calls::files::{CancelJob, CheckFile, ImportFile};
#[cfg(not(target_arch = "wasm32"))]
use porchlight_model::calls::hub::{HostHub, HostedHub};
use porchlight_model::calls::hub::{HubInUse, UseHub};
use porchlight_model::calls::invites::{OpenLinks, ShowLink, WithdrawLink};
use porchlight_model::calls::office::{CutTurf, HandOut, Invite, TakeBack};
use porchlight_model::calls::session::{CleanUp, Join, LookAtInvite, SyncStatus};
use porchlight_model::calls::team::ShutOut;
use porchlight_model::calls::{AnyCall, Call};
use porchlight_model::grant::Act;
use porchlight_model::message::ApiError;
#[cfg(target_arch = "wasm32")]
use porchlight_model::message::Message;

/// Answers a call; the result is the call's `Reply` as JSON.
///
/// # Errors
/// The error to show to the person, also when their role does not permit the call or this device has not joined a campaign.
pub async fn dispatch(handle: &EngineHandle, call: AnyCall) -> Result<String, ApiError> {
    let name = call.name();
    allow(handle, call.act())?;
    let answer = match call {
        // Session and sync.
        AnyCall::Session(call) => local(handle, &call, join::session),
        AnyCall::LookAtInvite(call) => {
            join::enrol::look(handle, &call).await.and_then(|reply| json::<LookAtInvite>(&reply))
        }
        AnyCall::Join(call) => join::enrol::join(handle, &call).await.and_then(|reply| json::<Join>(&reply)),
        AnyCall::SyncStatus(_) => sync_view(handle),
        AnyCall::SyncNow(_) => {
            handle.hub_met().forgive();
            let outcome = sync::driver::rounds_until_done(handle).await;
            match outcome {
                Ok(_) | Err(EngineError::Offline(_) | EngineError::Refused(_)) => sync_view(handle),
                Err(error) => Err(error),
            }
        }
        AnyCall::CleanUp(call) => {
            join::clean_up::clean_up(handle, &call).await.and_then(|reply| json::<CleanUp>(&reply))
        }
        AnyCall::WhatGoes(call) => local(handle, &call, join::what_goes::what_goes),
        AnyCall::HandOver(call) => local(handle, &call, handover::hand_over),
        AnyCall::TakeOver(call) => {
            let files = handle.shell.files.clone();
            local(handle, &call, |engine, call| handover::take_over(engine, &*files, call))
        }
        // Where there is no internet.
        AnyCall::LookAtHub(call) => local(handle, &call, hub::in_use::look),
        AnyCall::UseHub(call) => hub::in_use::use_hub(handle, &call).await.and_then(|reply| json::<UseHub>(&reply)),
        AnyCall::LeaveHub(call) => local(handle, &call, hub::in_use::leave),
        AnyCall::HubInUse(call) => hub::in_use::view(handle, &call).and_then(|reply| json::<HubInUse>(&reply)),
        #[cfg(not(target_arch = "wasm32"))]
        AnyCall::HostHub(call) => hub::open::host(handle, &call).and_then(|reply| json::<HostHub>(&reply)),
        #[cfg(not(target_arch = "wasm32"))]
        AnyCall::HostedHub(call) => hub::open::view(handle, &call).and_then(|reply| json::<HostedHub>(&reply)),
        #[cfg(target_arch = "wasm32")]
        AnyCall::HostHub(_) => Err(EngineError::bad_input(Message::new("hub-needs-app"))),
        #[cfg(target_arch = "wasm32")]
        AnyCall::HostedHub(_) => Ok("null".to_owned()),
        // At the door.
        AnyCall::MyTurf(call) => local(handle, &call, walk::cards::my_turf),
        AnyCall::Walk(call) => local(handle, &call, walk::list::walk),
        AnyCall::OpenDoor(call) => local(handle, &call, door::open::open),
        AnyCall::OpenBuilding(call) => local(handle, &call, door::building::building),
        AnyCall::TurfMap(call) => local(handle, &call, walk::map::turf_map),
        AnyCall::RecordVisit(call) => local(handle, &call, visit::record::record),
        AnyCall::Undo(call) => local(handle, &call, visit::undo::undo),
        AnyCall::Redo(call) => local(handle, &call, visit::redo::redo),
        AnyCall::OwnActs(call) => local(handle, &call, visit::own::own),
        AnyCall::AddNote(call) => local(handle, &call, visit::note::note),
        AnyCall::SetFlag(call) => local(handle, &call, visit::flag::flag),
        AnyCall::AddPerson(call) => local(handle, &call, visit::add_person::add_person),
        AnyCall::TakeBackPerson(call) => local(handle, &call, visit::add_person::take_back),
        AnyCall::EditNote(call) => local(handle, &call, visit::note::edit),
        AnyCall::ReportDanger(call) => local(handle, &call, visit::flag::report_danger),
        AnyCall::PutDraft(call) => local(handle, &call, visit::draft::put),
        AnyCall::GetDraft(call) => local(handle, &call, visit::draft::get),
        AnyCall::ListDrafts(call) => local(handle, &call, visit::draft::list),
        AnyCall::DiscardDraft(call) => local(handle, &call, visit::draft::discard),
        AnyCall::FinishDraft(call) => local(handle, &call, visit::draft::finish),
        AnyCall::ShiftReport(call) => local(handle, &call, walk::shift::shift),
        // Files.
        AnyCall::CheckFile(call) => import::run::check(handle, &call).await.and_then(|reply| json::<CheckFile>(&reply)),
        AnyCall::ImportFile(call) => {
            import::run::import(handle, &call).await.and_then(|reply| json::<ImportFile>(&reply))
        }
        AnyCall::ImportOverview(call) => local(handle, &call, |engine, _| store::import::overview(engine.conn())),
        AnyCall::ListProblems(call) => {
            local(handle, &call, |engine, call| store::import::problems(engine.conn(), call.from))
        }
        AnyCall::CancelJob(call) => {
            handle.cancel(call.job);
            json::<CancelJob>(&())
        }
        // In the office.
        AnyCall::OfficeMap(call) => local(handle, &call, cut::map::office_map),
        AnyCall::Precincts(call) => local(handle, &call, cut::precincts),
        AnyCall::PreviewCut(call) => local(handle, &call, cut::preview),
        AnyCall::CutTurf(call) => cut::cut(handle, &call).await.and_then(|reply| json::<CutTurf>(&reply)),
        AnyCall::HandOut(call) => invite::hand_out(handle, &call).await.and_then(|reply| json::<HandOut>(&reply)),
        AnyCall::Invite(call) => invite::invite(handle, &call).await.and_then(|reply| json::<Invite>(&reply)),
        AnyCall::OpenLinks(call) => invite::open::open(handle, &call).await.and_then(|reply| json::<OpenLinks>(&reply)),
        AnyCall::ShowLink(call) => invite::open::show(handle, &call).and_then(|reply| json::<ShowLink>(&reply)),
        AnyCall::WithdrawLink(call) => {
            invite::open::withdraw(handle, &call).await.and_then(|reply| json::<WithdrawLink>(&reply))
        }
        AnyCall::TakeBack(call) => invite::take_back(handle, &call).await.and_then(|reply| json::<TakeBack>(&reply)),
        AnyCall::ShutOut(call) => {
            invite::shut_out::shut_out(handle, &call).await.and_then(|reply| json::<ShutOut>(&reply))
        }
        AnyCall::Roster(call) => local(handle, &call, invite::roster),
        AnyCall::Dashboard(call) => local(handle, &call, office::dashboard::dashboard),
        AnyCall::OpenTurf(call) => local(handle, &call, office::turf::open),
        AnyCall::Waves(call) => local(handle, &call, wave::list::waves),
        AnyCall::StartWave(call) => local(handle, &call, wave::start::start),
        AnyCall::UndoStart(call) => local(handle, &call, wave::undo::undo),
        AnyCall::WaveBoard(call) => local(handle, &call, office::dashboard::of_wave),
        AnyCall::EndWave(call) => local(handle, &call, wave::end::end),
        AnyCall::EraseWave(call) => local(handle, &call, wave::grace::erase),
        AnyCall::ReopenWave(call) => local(handle, &call, wave::grace::reopen),
        AnyCall::RemoveEnded(call) => local(handle, &call, wave::end::remove),
        AnyCall::GetScript(call) => local(handle, &call, script::get),
        AnyCall::SaveScript(call) => local(handle, &call, script::save),
        AnyCall::Search(call) => local(handle, &call, office::search::search),
        AnyCall::VoterHistory(call) => local(handle, &call, office::history::voter),
        AnyCall::Conflicts(call) => local(handle, &call, settle::conflicts),
        AnyCall::Settle(call) => local(handle, &call, settle::settle),
        AnyCall::ExportResults(call) => local(handle, &call, office::export::export),
        AnyCall::ArchiveWave(call) => local(handle, &call, archive::write),
        AnyCall::KeepArchive(call) => local(handle, &call, archive::keep),
        AnyCall::OpenArchive(call) => {
            let files = handle.shell.files.clone();
            local(handle, &call, |engine, call| archive::open(engine, &*files, call))
        }
        AnyCall::ExportWave(call) => local(handle, &call, office::export::export_wave),
    };
    answer.map_err(|error| {
        tracing::debug!(call = name, error = %error, "a call failed");
        ApiError::from(error)
    })
}

/// Refuses what this person's role does not permit, before anything is read.
fn allow(handle: &EngineHandle, act: Act) -> Result<(), ApiError> {
    let role = handle.with(|engine| engine.membership().map(|member| member.identity.role));
    match role {
        None if act.is_before_joining() => Ok(()),
        None => Err(EngineError::not_enrolled().into()),
        Some(role) if role.may(act) => Ok(()),
        Some(_) => Err(EngineError::not_allowed(act).into()),
    }
}

fn sync_view(handle: &EngineHandle) -> Result<String, EngineError> {
    let seen = handle.seen();
    let view = handle.with(|engine| sync::status::view(engine, seen))?;
    json::<SyncStatus>(&view)
}

/// Answers a call that needs only the engine.
fn local<C: Call>(
    handle: &EngineHandle,
    call: &C,
    answer: impl FnOnce(&mut Engine, &C) -> Result<C::Reply, EngineError>,
) -> Result<String, EngineError> {
    json::<C>(&handle.with(|engine| answer(engine, call))?)
}

fn json<C: Call>(reply: &C::Reply) -> Result<String, EngineError> {
    Ok(serde_json::to_string(reply)?)
}
