//! Taking back what was just done to a saved list.

use super::doc;
use super::lists::{encoded, found, put};
use crate::doc::office_map as map;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::plans as rows;
use porchlight_model::calls::plan::{ListUndo, UndoList};
use porchlight_model::message::Message;

/// Takes back an act on a list.
///
/// # Errors
/// When the list is gone, or is not any more as the act left it: then somebody has done more to it since, which stays.
pub(crate) fn undo(engine: &mut Engine, call: &UndoList) -> Result<(), EngineError> {
    let doc = doc(engine)?;
    engine.write("plan: an act on a list is taken back", |tx| {
        let (list, at) = (call.list, tx.now().0);
        match &call.undo {
            ListUndo::Created => {
                found(tx.conn(), doc, list)?;
                tx.edit_office(|edit| put(edit, list, map::REMOVED, at))
            }
            ListUndo::Renamed { before, after } => {
                check_is(*after == found(tx.conn(), doc, list)?.name)?;
                tx.edit_office(|edit| put(edit, list, map::NAME, before.as_str()))
            }
            ListUndo::Changed { filter, frozen, after } => {
                check_is(*after == found(tx.conn(), doc, list)?.frozen)?;
                tx.edit_office(|edit| {
                    put(edit, list, map::FILTER, encoded(filter))?;
                    put(edit, list, map::FROZEN, frozen.as_str())
                })
            }
            ListUndo::Removed => {
                rows::list(tx.conn(), doc, list)?.ok_or_else(|| EngineError::not_found("plan-list-gone"))?;
                tx.edit_office(|edit| put(edit, list, map::REMOVED, 0))
            }
        }
    })
}

/// Refuses where the list is not as the act left it.
fn check_is(is_as_left: bool) -> Result<(), EngineError> {
    if is_as_left { Ok(()) } else { Err(EngineError::bad_input(Message::new("plan-undo-late"))) }
}
