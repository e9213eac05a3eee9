//! The script in force, and its replacement by a new version.

pub(crate) mod words;

use crate::answer::{Answer, local};
use crate::doc::campaign_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::field::scripts;
use porchlight_model::calls::Topic;
use porchlight_model::calls::script::ScriptCall;
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::id::ScriptId;
use porchlight_model::script::Script;

/// Answers this capability's calls.
pub(crate) fn answer(handle: &EngineHandle, call: ScriptCall) -> Answer {
    match call {
        ScriptCall::GetScript(call) => local(handle, &call, get),
        ScriptCall::SaveScript(call) => local(handle, &call, save),
    }
}

/// Returns the script in force.
pub(crate) fn get(engine: &mut Engine, _: &GetScript) -> Result<Option<Script>, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    scripts::in_force(engine.conn(), campaign)
}

/// Puts a new version in force. Earlier versions are kept, because visits refer to the one that was used.
pub(crate) fn save(engine: &mut Engine, call: &SaveScript) -> Result<(), EngineError> {
    engine.write("save the script", |tx| save_in(tx, call))
}

/// [`save`], within a transaction.
pub(crate) fn save_in(tx: &mut Tx<'_>, call: &SaveScript) -> Result<(), EngineError> {
    call.script.check().map_err(EngineError::bad_input)?;
    let member = tx.member()?.clone();
    let id = ScriptId::new(tx.now().unsigned_ms(), tx.random());
    let body = serde_json::to_string(&Script { id, ..call.script.clone() })?;
    tx.edit(member.campaign_doc, |edit| {
        edit.put(campaign_map::SCRIPTS, &id.to_string(), body)?;
        edit.put(campaign_map::ABOUT, "script", id.to_string())
    })?;
    tx.touch(Topic::Script);
    Ok(())
}
