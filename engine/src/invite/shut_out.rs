//! Shuts a device out: the relay stops serving it.

use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::settings;
use crate::sync::driver::at_present;
use crate::sync::transport;
use porchlight_model::calls::Topic;
use porchlight_model::calls::invite::ShutOut;
use porchlight_model::grant::Act;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::{RefusalCode, Revocation, RosterDevice, ShutOutAsk, ShutOutDone};

/// Shuts a device out. It may have happened even if no answer arrives; the request is idempotent and can be retried.
pub(crate) async fn shut_out(handle: &EngineHandle, call: &ShutOut) -> Result<ShutOutDone, EngineError> {
    let device = call.device;
    let (to, found) = handle.with(|engine| {
        let devices: Vec<RosterDevice> = settings::get(engine.conn(), "roster")?.unwrap_or_default();
        Ok::<_, EngineError>((engine.member()?.clone(), devices.into_iter().find(|one| one.device == device)))
    })?;
    if device == to.identity.device {
        return Err(EngineError::bad_input(Message::new("team-shut-out-own")));
    }
    if found.is_some_and(|found| !to.identity.role.may_shut_out(found.role)) {
        return Err(EngineError::not_allowed(Act::ShutOutOffice));
    }
    let there = at_present(handle, &to);
    let done = transport::post(handle, &there.relay, &there.token, "/v1/shut-out", &ShutOutAsk { device }).await;
    let done: ShutOutDone = done.map_err(told)?;
    handle.with(|engine| {
        let (by, by_name) = (Some(to.identity.device), to.identity.name.clone());
        let revocation = Revocation { at: engine.now(), by, by_name };
        engine.write("a device was shut out", |tx| {
            let mut devices: Vec<RosterDevice> = settings::get(tx.conn(), "roster")?.unwrap_or_default();
            for one in devices.iter_mut().filter(|one| one.device == device && !one.is_revoked) {
                (one.is_revoked, one.revocation) = (true, done.is_news.then(|| revocation.clone()));
            }
            settings::put(tx.conn(), "roster", &devices)?;
            tx.touch(Topic::Roster);
            tx.touch(Topic::Invites);
            Ok(())
        })
    })?;
    handle.wake_sync();
    Ok(done)
}

/// Converts an error of the relay to a message about this act.
fn told(error: EngineError) -> EngineError {
    let (code, id) = match error {
        EngineError::Offline(_) => (ErrorCode::Offline, "team-shut-out-offline"),
        EngineError::Refused(RefusalCode::SlowDown | RefusalCode::Unavailable) => {
            (ErrorCode::Offline, "team-shut-out-busy")
        }
        EngineError::Refused(RefusalCode::NotAllowed) => return EngineError::not_allowed(Act::ShutOutOffice),
        // A relay of an earlier version has no such endpoint.
        EngineError::Refused(RefusalCode::NotFound) => (ErrorCode::NotFound, "team-shut-out-unknown"),
        error => return error,
    };
    EngineError::Told(ApiError::new(code, Message::new(id)))
}
