//! Dispatches the interface's calls to the capabilities that answer them, one arm for each group, after the single check of roles.

use crate::error::EngineError;
use crate::handle::EngineHandle;
#[cfg(feature = "office")]
use crate::{archive, cut, export, import, invite, office, plan, script, universe};
use crate::{door, handover, hub, join, settle, sync, visit, walk, wave};
use porchlight_model::calls::AnyCall;
use porchlight_model::grant::Act;
use porchlight_model::message::ApiError;
#[cfg(not(feature = "office"))]
use porchlight_model::message::Message;

/// Answers a call; the result is the call's `Reply` as JSON.
///
/// # Errors
/// The error to show to the person, also when their role does not permit the call or this device has not joined a campaign.
pub async fn dispatch(handle: &EngineHandle, call: AnyCall) -> Result<String, ApiError> {
    let name = call.name();
    allow(handle, call.act())?;
    let answer = match call {
        AnyCall::Join(call) => join::answer(handle, call).await,
        AnyCall::Sync(call) => sync::answer(handle, call).await,
        AnyCall::Walk(call) => walk::answer(handle, call),
        AnyCall::Door(call) => door::answer(handle, call),
        AnyCall::Visit(call) => visit::answer(handle, call),
        AnyCall::Draft(call) => visit::draft::answer(handle, call),
        AnyCall::Handover(call) => handover::answer(handle, call),
        AnyCall::Hub(call) => hub::answer(handle, call).await,
        #[cfg(feature = "office")]
        AnyCall::Office(call) => office::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Plan(call) => plan::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Universe(call) => universe::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Cut(call) => cut::answer(handle, call).await,
        #[cfg(feature = "office")]
        AnyCall::Invite(call) => invite::answer(handle, call).await,
        AnyCall::Wave(call) => wave::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Script(call) => script::answer(handle, call),
        AnyCall::Settle(call) => settle::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Import(call) => import::answer(handle, call).await,
        #[cfg(feature = "office")]
        AnyCall::Export(call) => export::answer(handle, call),
        #[cfg(feature = "office")]
        AnyCall::Archive(call) => archive::answer(handle, call),
        // The field's download is built without them: the interface loads the office's first.
        #[cfg(not(feature = "office"))]
        AnyCall::Office(_)
        | AnyCall::Plan(_)
        | AnyCall::Universe(_)
        | AnyCall::Cut(_)
        | AnyCall::Invite(_)
        | AnyCall::Script(_)
        | AnyCall::Import(_)
        | AnyCall::Export(_)
        | AnyCall::Archive(_) => Err(EngineError::bad_input(Message::new("call-needs-office"))),
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
