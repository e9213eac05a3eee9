//! The record of one voter.

use crate::door::{history, open};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, flags, turfs, visits};
use porchlight_model::calls::office::{HistoryView, Housemate, VoterHistory};
use porchlight_model::id::DocId;

/// Returns who a voter is, where they live, and what happened to them and at their door.
pub(crate) fn voter(engine: &mut Engine, call: &VoterHistory) -> Result<HistoryView, EngineError> {
    let campaign = engine.member()?.campaign_doc;
    let conn = engine.conn();
    let gone = || EngineError::not_found("error-voter-gone");
    let at = turfs::door_of_voter(conn, call.voter)?.ok_or_else(gone)?;
    let door = doors::get(conn, at)?.ok_or_else(gone)?;
    let turf = turfs::of_door(conn, at)?;
    // The answers of a voter who has moved are in the previous turf's document; without visits, no document has answers.
    let moved = visits::last_elsewhere(conn, call.voter, at)?;
    let doc = moved.or(turf.as_ref().map(|turf| turf.doc)).unwrap_or(DocId::from_bytes([0; 16]));
    let voters = open::voters(conn, campaign, (doc, turf.as_ref()), at, &flags::standing(conn)?)?;
    let mut history = history::read_of_voter(conn, campaign, at, call.voter, &voters)?;
    history.retain(|item| item.voter.is_none_or(|voter| voter == call.voter));
    let housemates = voters.iter().map(|view| &view.voter).filter(|other| other.id != call.voter);
    let household = housemates
        .map(|other| Housemate { voter: other.id, name: other.full_name(), age: other.age, party: other.party.clone() })
        .collect();
    let voter = voters.into_iter().find(|view| view.voter.id == call.voter).ok_or_else(gone)?;
    Ok(HistoryView { voter, door, turf: turf.map(|turf| turf.name).unwrap_or_default(), history, household })
}
