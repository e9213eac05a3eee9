//! Leaving the device clean: everything of the campaign goes, but only once a relay holds all of it.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::{self, changes, packs};
use porchlight_model::calls::Topic;
use porchlight_model::calls::session::CleanUp;
use porchlight_model::message::Message;

/// Removes everything of the campaign from this device.
pub(crate) fn clean_up(engine: &mut Engine, _: &CleanUp) -> Result<(), EngineError> {
    let n_held = changes::n_held(engine.conn())? as usize + packs::unsent(engine.conn())?.len();
    if n_held > 0 {
        return Err(EngineError::bad_input(Message::new("clean-up-not-safe").with("n", n_held)));
    }
    engine.write("clean up", |tx| {
        tx.forget_documents()?;
        store::empty(tx.conn())?;
        tx.set_membership(None)?;
        for topic in [Topic::Turf, Topic::Visits, Topic::Import, Topic::Roster, Topic::Script] {
            tx.touch(topic);
        }
        tx.tell_sync();
        Ok(())
    })
}
