//! Saved lists: made, renamed, changed, frozen, removed.

use super::doc;
use crate::doc::{Edit, office_map as map};
use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::plans::{self as rows, FrozenRef, ListRow};
use automerge::ScalarValue;
use porchlight_model::calls::plan::{ChangeList, CreateList, ListUndo, OpenFrozen, RemoveList, RenameList, SavedLists};
use porchlight_model::id::{DocId, FrozenId, ListId, VoterId};
use porchlight_model::message::Message;
use porchlight_model::plan::{
    Frozen, FrozenVoters, IDS_PER_PART, MAX_FILTER_BYTES, MAX_FROZEN, MAX_LIST_NAME_CHARS, MAX_LISTS, SavedFilter,
    SavedList,
};
use rusqlite::Connection;

/// The saved lists, by name.
pub(crate) fn all(engine: &mut Engine, _: &SavedLists) -> Result<Vec<SavedList>, EngineError> {
    let (conn, doc) = (engine.conn(), doc(engine)?);
    let mut lists = Vec::new();
    for list in standing(conn, doc)? {
        let frozen = FrozenRef::parse(&list.frozen).map(|of| -> Result<_, EngineError> {
            let is_whole = rows::n_frozen(conn, doc, (list.id, of.id))? == of.n;
            Ok(Frozen { at: of.at, n: of.n, is_whole })
        });
        let frozen = frozen.transpose()?;
        lists.push(SavedList { id: list.id, name: list.name, filter: list.filter, frozen });
    }
    lists.sort_by_cached_key(|list| (list.name.to_lowercase(), list.id));
    Ok(lists)
}

/// Whom a frozen list holds.
///
/// # Errors
/// When there is no such list, or it is not frozen.
pub(crate) fn frozen(engine: &mut Engine, call: &OpenFrozen) -> Result<FrozenVoters, EngineError> {
    let (conn, doc) = (engine.conn(), doc(engine)?);
    let frozen = FrozenRef::parse(&found(conn, doc, call.list)?.frozen);
    let frozen = frozen.ok_or_else(|| EngineError::bad_input(Message::new("plan-list-not-frozen")))?;
    Ok(FrozenVoters { voters: rows::frozen(conn, doc, (call.list, frozen.id))? })
}

/// Saves a list.
///
/// # Errors
/// When its name is empty, too long or another list's, its filter or its people are too many, or there are too many lists.
pub(crate) fn create(engine: &mut Engine, call: &CreateList) -> Result<ListId, EngineError> {
    let doc = doc(engine)?;
    check_size(&call.filter, call.voters.as_deref())?;
    engine.write("plan: a list is saved", |tx| {
        let name = checked_name(tx.conn(), doc, &call.name, None)?;
        if standing(tx.conn(), doc)?.len() >= MAX_LISTS {
            return Err(EngineError::bad_input(Message::new("plan-lists-many").with("max", MAX_LISTS)));
        }
        let list = ListId::new(tx.now().unsigned_ms(), tx.random());
        let frozen = freeze(tx, list, call.voters.as_deref())?;
        tx.edit_office(|edit| {
            put(edit, list, map::NAME, name.as_str())?;
            put(edit, list, map::FILTER, encoded(&call.filter))?;
            put(edit, list, map::FROZEN, frozen.as_str())
        })?;
        Ok(list)
    })
}

/// Gives a list another name.
///
/// # Errors
/// When there is no such list, or the name is empty, too long or another list's.
pub(crate) fn rename(engine: &mut Engine, call: &RenameList) -> Result<ListUndo, EngineError> {
    let doc = doc(engine)?;
    engine.write("plan: a list is renamed", |tx| {
        let before = found(tx.conn(), doc, call.list)?.name;
        let after = checked_name(tx.conn(), doc, &call.name, Some(call.list))?;
        tx.edit_office(|edit| put(edit, call.list, map::NAME, after.as_str()))?;
        Ok(ListUndo::Renamed { before, after })
    })
}

/// Changes whom a list finds, and whether it is frozen. The people that it was frozen to before stay for an undo, earlier ones go.
///
/// # Errors
/// When there is no such list, or its filter or its people are too many.
pub(crate) fn change(engine: &mut Engine, call: &ChangeList) -> Result<ListUndo, EngineError> {
    let doc = doc(engine)?;
    check_size(&call.filter, call.voters.as_deref())?;
    engine.write("plan: a list is changed", |tx| {
        let before = found(tx.conn(), doc, call.list)?;
        let after = freeze(tx, call.list, call.voters.as_deref())?;
        let kept = [&before.frozen, &after].map(|frozen| FrozenRef::parse(frozen).map(|of| of.id));
        let gone = rows::other_parts(tx.conn(), doc, call.list, kept)?;
        tx.edit_office(|edit| {
            put(edit, call.list, map::FILTER, encoded(&call.filter))?;
            put(edit, call.list, map::FROZEN, after.as_str())?;
            gone.iter().try_for_each(|(frozen, place)| edit.remove(map::LISTS, &part(call.list, *frozen, *place)))
        })?;
        Ok(ListUndo::Changed { filter: before.filter, frozen: before.frozen, after })
    })
}

/// Removes a list; it can be brought back.
///
/// # Errors
/// When there is no such list.
pub(crate) fn remove(engine: &mut Engine, call: &RemoveList) -> Result<ListUndo, EngineError> {
    let doc = doc(engine)?;
    engine.write("plan: a list is removed", |tx| {
        found(tx.conn(), doc, call.list)?;
        let at = tx.now().0;
        tx.edit_office(|edit| put(edit, call.list, map::REMOVED, at))?;
        Ok(ListUndo::Removed)
    })
}

/// Writes a field of a list.
pub(super) fn put(
    edit: &mut Edit<'_>,
    list: ListId,
    field: &str,
    value: impl Into<ScalarValue>,
) -> Result<(), EngineError> {
    edit.put(map::LISTS, &format!("{list}/{field}"), value)
}

/// A filter as the document has it.
pub(super) fn encoded(filter: &SavedFilter) -> ScalarValue {
    ScalarValue::Bytes([&filter.version.to_be_bytes()[..], &filter.body].concat())
}

/// A list that was not removed.
pub(super) fn found(conn: &Connection, doc: DocId, list: ListId) -> Result<ListRow, EngineError> {
    let found = rows::list(conn, doc, list)?.filter(|list| !list.is_removed);
    found.ok_or_else(|| EngineError::not_found("plan-list-gone"))
}

fn standing(conn: &Connection, doc: DocId) -> Result<Vec<ListRow>, EngineError> {
    let mut lists = rows::lists(conn, doc)?;
    lists.retain(|list| !list.is_removed);
    Ok(lists)
}

/// The name without spaces around it; `of` is the list that may have it already.
fn checked_name(conn: &Connection, doc: DocId, name: &str, of: Option<ListId>) -> Result<String, EngineError> {
    let name = name.trim();
    if !(1..=MAX_LIST_NAME_CHARS).contains(&name.chars().count()) {
        return Err(EngineError::bad_input(Message::new("plan-list-name-wrong").with("max", MAX_LIST_NAME_CHARS)));
    }
    let is_same = |list: &ListRow| list.name.to_lowercase() == name.to_lowercase() && Some(list.id) != of;
    if standing(conn, doc)?.iter().any(is_same) {
        return Err(EngineError::bad_input(Message::new("plan-list-name-taken").with("name", name)));
    }
    Ok(name.to_owned())
}

fn check_size(filter: &SavedFilter, voters: Option<&[VoterId]>) -> Result<(), EngineError> {
    if filter.body.len() > MAX_FILTER_BYTES {
        return Err(EngineError::bad_input(Message::new("plan-filter-long")));
    }
    let n_voters = voters.map_or(0, <[VoterId]>::len);
    if n_voters > MAX_FROZEN {
        let message = Message::new("plan-list-long").with("n", n_voters).with("max", MAX_FROZEN);
        return Err(EngineError::bad_input(message));
    }
    Ok(())
}

/// Writes the people that a list is frozen to, a change for each part, before anything names them; returns how the list names them.
fn freeze(tx: &mut Tx<'_>, list: ListId, voters: Option<&[VoterId]>) -> Result<String, EngineError> {
    let Some(voters) = voters else { return Ok(String::new()) };
    let at = tx.now();
    let id = FrozenId::new(at.unsigned_ms(), tx.random());
    for (place, some) in (0..).zip(voters.chunks(IDS_PER_PART)) {
        let ids: Vec<u8> = some.iter().flat_map(|voter| voter.to_bytes()).collect();
        tx.edit_office(|edit| edit.put(map::LISTS, &part(list, id, place), ScalarValue::Bytes(ids)))?;
    }
    let n = u32::try_from(voters.len()).unwrap_or(u32::MAX);
    Ok(FrozenRef { id, n, at }.named())
}

/// The key of a part of the people that a list is frozen to.
fn part(list: ListId, frozen: FrozenId, place: u32) -> String {
    format!("{list}/{}{frozen}/{place}", map::PART)
}
