//! Carries over to another wave what outlives a wave: wishes not to be contacted, dangers with their reasons, and who moved or died.

use crate::doc::turf_map;
use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::field::flags::{self, Setting};
use crate::store::field::{dangers, gone};
use crate::store::{docs, waves};
use crate::visit::sign;
use automerge::ScalarValue;
use porchlight_model::id::{DocId, DoorId, MemberId, NoteId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag};
use porchlight_model::wire::Access;
use std::collections::BTreeSet;

/// An entry of a document's flags: the flag, its subject, set or lifted, when and by whom; with a danger's reason.
struct Carried {
    about: About,
    /// The door at which someone is gone, if it is known.
    door: Option<DoorId>,
    what: String,
    is_set: bool,
    at: At,
    by: MemberId,
    reason: String,
}

/// Copies what is in force in one document to another of the same turf, with its original time and author. Existing entries are not copied again.
pub(super) fn along(tx: &mut Tx<'_>, from: DocId, to: DocId) -> Result<(), EngineError> {
    if docs::get(tx.conn(), to)?.is_none_or(|row| row.access != Access::Write) {
        return Ok(());
    }
    let carried = carried(tx, from, to)?;
    if carried.is_empty() {
        return Ok(());
    }
    let mut names: Vec<(String, String)> = Vec::new();
    for by in carried.iter().map(|entry| entry.by).collect::<BTreeSet<_>>() {
        if let Some(name) = waves::walker(tx.conn(), from, by.to_bytes())? {
            names.push((by.to_string(), name));
        }
    }
    let mut id = |at: At| NoteId::new(at.unsigned_ms(), tx.random());
    let ids: Vec<(NoteId, NoteId)> = carried.iter().map(|entry| (id(entry.at), id(entry.at))).collect();
    tx.edit(to, |edit| {
        for (member, name) in &names {
            if edit.values(turf_map::WALKERS, member)?.is_empty() {
                edit.put(turf_map::WALKERS, member, name.as_str())?;
            }
        }
        for ((flag, note), entry) in ids.iter().zip(&carried) {
            let signature = || [("at", ScalarValue::Int(entry.at.0)), ("by", sign::id(entry.by.to_bytes()))];
            let fields = [
                sign::about(entry.about),
                ("flag", ScalarValue::from(entry.what.as_str())),
                ("is_set", ScalarValue::Boolean(entry.is_set)),
            ];
            let door = entry.door.map(|door| ("door", sign::id(door.to_bytes())));
            edit.add(turf_map::FLAGS, &flag.to_string(), fields.into_iter().chain(door).chain(signature()))?;
            if !entry.reason.is_empty() {
                let fields = [sign::about(entry.about), ("text", ScalarValue::from(entry.reason.as_str()))];
                edit.add(turf_map::NOTES, &note.to_string(), fields.into_iter().chain(signature()))?;
            }
        }
        Ok(())
    })
}

fn carried(tx: &Tx<'_>, from: DocId, to: DocId) -> Result<Vec<Carried>, EngineError> {
    let conn = tx.conn();
    let mut carried = Vec::new();
    let mut reasons = dangers::standing_of(conn, from)?;
    for Setting { about, flag, is_set, at, by } in flags::standing_of(conn, from)? {
        let danger = if flag == Flag::Danger { reasons.remove(&about) } else { None };
        let reason = danger.map(|danger| danger.reason).unwrap_or_default();
        if !flags::has(conn, to, about, flag, at)? {
            carried.push(Carried { about, door: None, what: flag.as_str().to_owned(), is_set, at, by, reason });
        }
    }
    let known = gone::told_by(conn, to)?;
    for (voter, door, mark) in gone::told_by(conn, from)?.iter() {
        // A person who was met again there does not count as gone, but still has the mark.
        let is_told = known.iter().any(|(other, at, told)| (other, at) == (voter, door) && told.at >= mark.at);
        if !is_told && !gone::is_marked(conn, to, voter, mark.gone, mark.at)? {
            let (about, what, reason) = (About::Voter(voter), mark.gone.as_str().to_owned(), String::new());
            carried.push(Carried { about, door, what, is_set: true, at: mark.at, by: mark.by, reason });
        }
    }
    Ok(carried)
}
