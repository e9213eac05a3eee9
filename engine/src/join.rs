//! Joins a campaign by invite, and removes a campaign from the device.

pub mod clean_up;
pub mod enrol;
pub mod link;
pub(crate) mod taken_out;
pub(crate) mod what_goes;

use crate::answer::{Answer, local, reply};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::settings;
use porchlight_model::calls::join::JoinCall;
use porchlight_model::calls::join::{Session, SessionView};

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: JoinCall) -> Answer {
    match call {
        JoinCall::Session(call) => local(handle, &call, session),
        JoinCall::LookAtInvite(call) => reply(&call, enrol::look(handle, &call).await),
        JoinCall::Join(call) => reply(&call, enrol::join(handle, &call).await),
        JoinCall::CleanUp(call) => reply(&call, clean_up::clean_up(handle, &call).await),
        JoinCall::WhatGoes(call) => local(handle, &call, what_goes::what_goes),
    }
}

/// Returns this device's membership.
pub(crate) fn session(engine: &mut Engine, _: &Session) -> Result<SessionView, EngineError> {
    let Some(membership) = engine.membership() else {
        return Ok(SessionView { identity: None, campaign_name: String::new(), relay: String::new() });
    };
    Ok(SessionView {
        identity: Some(membership.identity.clone()),
        campaign_name: settings::get(engine.conn(), "campaign_name")?.unwrap_or_default(),
        relay: membership.relay.clone(),
    })
}
