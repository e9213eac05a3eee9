//! Attributes acts: encodes who, when and about what in the form of the documents.

use crate::doc::{Edit, turf_map};
use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::field::gone::door_mark;
use crate::store::field::own::OwnVisit;
use crate::store::field::people;
use automerge::ScalarValue;
use porchlight_model::id::{NoteId, VisitId, VoterId};
use porchlight_model::member::Identity;
use porchlight_model::time::At;
use porchlight_model::visit::About;

/// A field of an entry.
pub(crate) type Field = (&'static str, ScalarValue);

/// Encodes an id for a document.
pub(crate) fn id(bytes: [u8; 16]) -> ScalarValue {
    ScalarValue::Bytes(bytes.to_vec())
}

/// The fields for time and author.
pub(super) fn signature(me: &Identity, at: At) -> [Field; 2] {
    [("at", ScalarValue::Int(at.0)), ("by", id(me.member.to_bytes()))]
}

/// The field for what a note or flag is about.
pub(crate) fn about(about: About) -> Field {
    match about {
        About::Door(door) => ("door", id(door.to_bytes())),
        About::Voter(voter) => ("voter", id(voter.to_bytes())),
    }
}

/// The fields of a visit by this member on this device.
fn visit(visit: &OwnVisit, me: &Identity) -> Vec<Field> {
    let mut fields = vec![
        ("door", id(visit.door.to_bytes())),
        ("device", id(me.device.to_bytes())),
        ("how", ScalarValue::from(visit.how.as_str())),
        ("result", ScalarValue::from(visit.result.as_str())),
    ];
    fields.extend(signature(me, visit.at));
    fields.extend(visit.voter.map(|voter| ("voter", id(voter.to_bytes()))));
    fields.extend(visit.script.map(|script| ("script", ScalarValue::from(script.to_string()))));
    fields
}

/// Adds a visit. If everyone at a door had moved or died, the same change marks everyone who is listed there (`listed`): whoever
/// moves in later is then to be met in the next wave.
pub(super) fn add_visit(
    edit: &mut Edit<'_>,
    key: VisitId,
    made: &OwnVisit,
    listed: &[(NoteId, VoterId)],
    me: &Identity,
) -> Result<(), EngineError> {
    edit.add(turf_map::VISITS, &key.to_string(), visit(made, me))?;
    let Some(gone) = made.result.gone() else { return Ok(()) };
    for (mark, voter) in listed {
        let fields = [
            about(About::Voter(*voter)),
            ("door", id(made.door.to_bytes())),
            ("flag", ScalarValue::from(door_mark(gone))),
            ("is_set", ScalarValue::Boolean(true)),
        ];
        edit.add(turf_map::FLAGS, &mark.to_string(), fields.into_iter().chain(signature(me, made.at)))?;
    }
    Ok(())
}

/// The residents of the door of a visit which says that all of them moved or died, each with the id of a mark; empty for other
/// visits.
pub(super) fn listed(tx: &mut Tx<'_>, made: &OwnVisit) -> Result<Vec<(NoteId, VoterId)>, EngineError> {
    if made.voter.is_some() || made.result.gone().is_none() {
        return Ok(Vec::new());
    }
    let people = people::of_door(tx.conn(), made.door)?;
    let at = tx.now().unsigned_ms();
    Ok(people.into_iter().map(|(person, _)| (NoteId::new(at, tx.random()), person.id)).collect())
}

/// Adds the member to the turf's walkers, so that readers of the record know their name.
pub(crate) fn add_walker(edit: &mut Edit<'_>, me: &Identity) -> Result<(), EngineError> {
    let key = me.member.to_string();
    if edit.values(turf_map::WALKERS, &key)?.is_empty() {
        edit.put(turf_map::WALKERS, &key, me.name.as_str())?;
    }
    Ok(())
}

/// Writes a note.
pub(super) fn add_note(
    edit: &mut Edit<'_>,
    key: &str,
    thing: About,
    text: &str,
    me: &Identity,
    at: At,
) -> Result<(), EngineError> {
    let fields = [about(thing), ("text", ScalarValue::from(text))];
    edit.add(turf_map::NOTES, key, fields.into_iter().chain(signature(me, at)))
}

/// Writes an answer that replaces exactly the values that this device knows. Writing the value that is there already
/// would add no operation, so that a concurrent different answer would replace it without a conflict.
pub(crate) fn put_answer(edit: &mut Edit<'_>, key: &str, value: &str) -> Result<(), EngineError> {
    if edit.values(turf_map::ANSWERS, key)?.iter().any(|present| present == value) {
        edit.remove(turf_map::ANSWERS, key)?;
    }
    edit.put(turf_map::ANSWERS, key, value)
}
