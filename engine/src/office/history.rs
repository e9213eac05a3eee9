//! One voter's record.

use crate::door::{history, open};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, flags, turfs};
use porchlight_model::calls::office::{HistoryView, VoterHistory};
use porchlight_model::id::DocId;

/// Who they are, where they live, what happened to them and at their door.
pub(crate) fn voter(engine: &mut Engine, call: &VoterHistory) -> Result<HistoryView, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let conn = engine.conn();
    let gone = || EngineError::not_found("error-voter-gone");
    let at = turfs::door_of_voter(conn, call.voter)?.ok_or_else(gone)?;
    let door = doors::get(conn, at)?.ok_or_else(gone)?;
    let turf = turfs::of_door(conn, at)?;
    // Where there is no turf, there is no document with answers.
    let doc = turf.as_ref().map_or(DocId::from_bytes([0; 16]), |turf| turf.doc);
    let voters = open::voters(conn, campaign, doc, at, &flags::standing(conn)?)?;
    let mut history = history::read(conn, campaign, at, &voters)?;
    history.retain(|item| item.voter.is_none_or(|voter| voter == call.voter));
    let voter = voters.into_iter().find(|view| view.voter.id == call.voter).ok_or_else(gone)?;
    Ok(HistoryView { voter, door, turf: turf.map(|turf| turf.name).unwrap_or_default(), history })
}
