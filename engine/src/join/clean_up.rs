//! Removes everything of the campaign from this device, but only once a relay holds all of it, and never from the last coordinator's device.

use crate::engine::{Engine, Membership};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::join::what_goes;
use crate::store;
use crate::sync::driver::{self, at_present};
use crate::sync::transport;
use porchlight_model::calls::Topic;
use porchlight_model::calls::join::{CleanUp, Goes, WhatGoes};
use porchlight_model::grant::Act;
use porchlight_model::message::Message;
use porchlight_model::relay::{LeaveAsk, RefusalCode};

/// Removes everything of the campaign from this device.
pub(crate) async fn clean_up(handle: &EngineHandle, call: &CleanUp) -> Result<(), EngineError> {
    let (to, goes) = handle.with(|engine| {
        let to = engine.member()?.clone();
        Ok::<_, EngineError>((to, checked(engine, call)?))
    })?;
    // A hub that stayed open could accept results that are lost when this device is emptied.
    if let Some(host) = &handle.shell.host {
        host.close();
    }
    if to.identity.role.may(Act::KeepRecord) {
        let left = leave(handle, &to).await;
        // Without a relay the other coordinators cannot be checked; then archives of everything are required instead.
        if goes.counts_on_others() {
            left?;
        }
    }
    handle.with(|engine| {
        checked(engine, call)?;
        engine.write("clean up", |tx| {
            tx.forget_documents()?;
            store::empty(tx.conn())?;
            tx.set_membership(None)?;
            for topic in [
                Topic::Turf,
                Topic::Visits,
                Topic::Import,
                Topic::Roster,
                Topic::Script,
                Topic::Invites,
                Topic::Drafts,
                Topic::Plans,
            ] {
                tx.touch(topic);
            }
            tx.tell_sync();
            Ok(())
        })
    })
}

/// Returns what would be removed, or an error if something forbids it.
fn checked(engine: &mut Engine, call: &CleanUp) -> Result<Goes, EngineError> {
    let goes = what_goes::what_goes(engine, &WhatGoes {})?;
    if let Some(refusal) = &goes.refusal {
        return Err(EngineError::bad_input(refusal.clone()));
    }
    if let Some(to_type) = &goes.to_type
        && call.typed.trim().to_lowercase() != to_type.trim().to_lowercase()
    {
        return Err(EngineError::bad_input(Message::new("clean-up-type").with("name", to_type)));
    }
    Ok(goes)
}

/// Checks once more which coordinators remain, then reports to the relay that this device leaves, so that the next coordinator who leaves does not
/// count on it.
async fn leave(handle: &EngineHandle, to: &Membership) -> Result<(), EngineError> {
    match driver::rounds_until_done(handle).await {
        // It had left before, but was interrupted before it was empty.
        Err(EngineError::Refused(RefusalCode::Revoked)) => return Ok(()),
        other => other?,
    };
    let goes = handle.with(|engine| what_goes::what_goes(engine, &WhatGoes {}))?;
    if let Some(refusal) = goes.refusal {
        return Err(EngineError::bad_input(refusal));
    }
    let there = at_present(handle, to);
    let ask = LeaveAsk { counts_on_others: goes.counts_on_others() };
    let answer: Result<serde_json::Value, _> =
        transport::post(handle, &there.relay, &there.token, "/v1/leave", &ask).await;
    match answer {
        // Another coordinator left first.
        Err(EngineError::Refused(RefusalCode::NotAllowed)) => {
            Err(EngineError::bad_input(Message::new("clean-up-only-coordinator")))
        }
        // A relay of an earlier version has no such endpoint.
        Ok(_) | Err(EngineError::Refused(RefusalCode::NotFound | RefusalCode::Revoked)) => Ok(()),
        Err(error) => Err(error),
    }
}
