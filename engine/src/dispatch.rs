//! From a call of the interface to the function that answers it: one line for each.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::handle::EngineHandle;
use porchlight_model::calls::{AnyCall, Call};
use porchlight_model::message::{ApiError, ErrorCode, Message};
use serde_json::Value;

/// Answers a call; the reply is the call's `Reply` as JSON.
///
/// # Errors
/// What is told to the person who asked.
pub async fn dispatch(handle: &EngineHandle, call: AnyCall) -> Result<Value, ApiError> {
    let name = call.name();
    let answer = match call {
        // Session and sync.
        // At the door.
        // Files.
        // In the office.
        _ => Err(EngineError::Told(ApiError::new(ErrorCode::Failed, Message::new("error-unknown-call")))),
    };
    answer.map_err(|error| {
        tracing::debug!(call = name, error = %error, "a call failed");
        ApiError::from(error)
    })
}

/// Answers a call that only the engine is needed for.
fn local<C: Call>(
    handle: &EngineHandle,
    call: &C,
    answer: impl FnOnce(&mut Engine, &C) -> Result<C::Reply, EngineError>,
) -> Result<Value, EngineError> {
    json::<C>(&handle.with(|engine| answer(engine, call))?)
}

fn json<C: Call>(reply: &C::Reply) -> Result<Value, EngineError> {
    Ok(serde_json::to_value(reply)?)
}
