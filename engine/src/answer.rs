//! Shared by all capabilities for answering calls: a reply is returned as JSON.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::Call;

/// The reply of a call as JSON.
pub(crate) type Answer = Result<String, EngineError>;

/// Answers a call that needs only the engine.
pub(crate) fn local<C: Call>(
    handle: &EngineHandle,
    call: &C,
    answer: impl FnOnce(&mut Engine, &C) -> Result<C::Reply, EngineError>,
) -> Answer {
    reply(call, handle.with(|engine| answer(engine, call)))
}

/// The reply of a call that needed more than the engine.
pub(crate) fn reply<C: Call>(_: &C, done: Result<C::Reply, EngineError>) -> Answer {
    Ok(serde_json::to_string(&done?)?)
}
