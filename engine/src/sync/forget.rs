//! Carries out the end of a wave: a coordinator's device asks the relay to delete what it still grants of waves whose grace period is over. A relay that
//! was restored from an older backup grants it again, and is asked again. What outlives the wave is carried over first, also what arrived after
//! its end.

use crate::engine::{Engine, Membership};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::{docs, waves};
use crate::sync::trouble::Trouble;
use crate::sync::{absorb, transport};
use crate::wave::{end, grace};
use porchlight_model::grant::Act;
use porchlight_model::id::{DocId, WaveId};
use porchlight_model::relay::{ForgetAsk, MAX_FORGET_DOCS, RefusalCode};

/// Asks the relay to forget, and drops here what it has forgotten.
///
/// # Errors
/// When the relay cannot be reached or refuses.
pub(super) async fn ended(handle: &EngineHandle, to: &Membership) -> Result<(), EngineError> {
    if !to.identity.role.may(Act::RunWaves) {
        return Ok(());
    }
    let due = handle.with(grace::due)?;
    let docs = handle.with(|engine| granted(engine, &due))?;
    if docs.is_empty() {
        return Ok(());
    }
    handle.with(|engine| {
        engine.write("sync: what outlives a wave is carried on", |tx| {
            due.iter().try_for_each(|wave| end::carry_on(tx, *wave))
        })
    })?;
    for part in docs.chunks(MAX_FORGET_DOCS) {
        let ask = ForgetAsk { docs: part.to_vec() };
        let answer: Result<serde_json::Value, _> =
            transport::post(handle, &to.relay, &to.token, "/v1/forget", &ask).await;
        match answer {
            Ok(_) => {}
            Err(EngineError::Refused(RefusalCode::NotFound)) => {
                // A relay that does not know one of them, or is of an older version: everything else goes on.
                tracing::warn!("the relay did not forget what was asked");
                continue;
            }
            Err(error) => return Err(error),
        }
        handle.with(|engine| {
            engine.write("sync: an ended wave is forgotten", |tx| {
                part.iter().try_for_each(|doc| absorb::let_go(tx, *doc, 0))
            })
        })?;
    }
    Ok(())
}

/// Documents of waves which the relay is known to have.
fn granted(engine: &Engine, due: &[WaveId]) -> Result<Vec<DocId>, EngineError> {
    let mut ended = Vec::new();
    for wave in due {
        for (_, doc) in waves::docs(engine.conn(), *wave)? {
            let row = docs::get(engine.conn(), doc)?;
            if row.is_some_and(|row| !row.is_born && row.trouble != Trouble::NoGrant) {
                ended.push(doc);
            }
        }
    }
    ended.sort();
    ended.dedup();
    Ok(ended)
}
