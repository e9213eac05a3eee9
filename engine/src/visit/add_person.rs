//! Adds a person at a door who is not in the voter file, and takes them back.

use super::{check, sign};
use crate::doc::turf_map;
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::field::{added, turfs};
use crate::store::waves;
use automerge::ScalarValue;
use porchlight_model::calls::visit::{AddPerson, PersonAdded, TakeBackPerson};
use porchlight_model::id::VoterId;
use porchlight_model::message::Message;
use porchlight_model::visit::MAX_NAME_CHARS;

/// The maximum length of a telephone number in characters.
const MAX_PHONE_CHARS: usize = 40;

/// Adds a person.
///
/// # Errors
/// When both names are empty, a name or number is too long, or this device may not write the door's turf.
pub fn add_person(engine: &mut Engine, call: &AddPerson) -> Result<PersonAdded, EngineError> {
    engine.write("add a person", |tx| add_person_in(tx, call, None))
}

/// [`add_person`], within a transaction, under an id that the caller chooses; nothing is written if a person with it exists.
pub(super) fn add_person_in(
    tx: &mut Tx<'_>,
    call: &AddPerson,
    id: Option<VoterId>,
) -> Result<PersonAdded, EngineError> {
    let (first, last, phone) = (call.first.trim(), call.last.trim(), call.phone.trim());
    check_names(first, last, phone)?;
    let me = tx.member()?.identity.clone();
    let turf = check::turf_of(tx.conn(), call.door)?;
    if let Some(voter) = id
        && turfs::door_of_voter(tx.conn(), voter)?.is_some()
    {
        return Ok(PersonAdded { voter });
    }
    let at = tx.now();
    let voter = id.unwrap_or(VoterId::new(at.unsigned_ms(), tx.random()));
    tx.edit(turf.doc, |edit| {
        sign::add_walker(edit, &me)?;
        let fields = [
            ("door", sign::id(call.door.to_bytes())),
            ("first", ScalarValue::from(first)),
            ("last", ScalarValue::from(last)),
            ("phone", ScalarValue::from(phone)),
        ];
        edit.add(turf_map::PEOPLE, &voter.to_string(), fields.into_iter().chain(sign::signature(&me, at)))
    })?;
    Ok(PersonAdded { voter })
}

/// Takes back a person whom this member added, or restores them; nothing is written if that is the state already.
///
/// # Errors
/// When another member added them, something was recorded about them, or their turf or its wave no longer exists.
pub fn take_back(engine: &mut Engine, call: &TakeBackPerson) -> Result<(), EngineError> {
    engine.write("take a person back", |tx| {
        let person = added::get(tx.conn(), call.voter)?.ok_or_else(|| EngineError::not_found("error-person-gone"))?;
        let me = tx.member()?.identity.clone();
        if person.by != me.member {
            return Err(EngineError::bad_input(Message::new("error-undo-not-yours")));
        }
        check::turf_of(tx.conn(), person.door)?;
        if waves::has_ended(tx.conn(), person.doc)? {
            return Err(EngineError::bad_input(Message::new("error-wave-ended")));
        }
        if call.is_taken_back == person.retracted_at.is_some() {
            return Ok(());
        }
        if call.is_taken_back && person.has_record {
            return Err(EngineError::bad_input(Message::new("error-person-has-record").with("name", person.name())));
        }
        let (key, at) = (call.voter.to_string(), tx.now());
        tx.edit(person.doc, |edit| {
            if call.is_taken_back {
                edit.add(turf_map::RETRACTED, &key, sign::signature(&me, at))
            } else {
                edit.remove(turf_map::RETRACTED, &key)
            }
        })
    })
}

fn check_names(first: &str, last: &str, phone: &str) -> Result<(), EngineError> {
    if first.is_empty() && last.is_empty() {
        return Err(EngineError::bad_input(Message::new("error-person-without-name")));
    }
    if first.chars().count().max(last.chars().count()) > MAX_NAME_CHARS {
        return Err(EngineError::bad_input(Message::new("error-person-name-too-long").with("max", MAX_NAME_CHARS)));
    }
    if phone.chars().count() > MAX_PHONE_CHARS {
        return Err(EngineError::bad_input(Message::new("error-person-phone-too-long").with("max", MAX_PHONE_CHARS)));
    }
    Ok(())
}
