//! The people whom a filter takes, page by page.

use super::ready;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, turfs};
use crate::store::universe::compile::Compiled;
use crate::store::universe::list::{self as rows, Listed};
use crate::store::universe::{HAS_PHONE, bit};
use crate::store::{office, turfs as entries};
use porchlight_model::calls::universe::{Cursor, ListVoters, MAX_PAGE, Order, VoterPage, VoterRow};
use porchlight_model::id::TurfId;
use porchlight_model::universe::Mark;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// One page of the people whom a filter takes.
pub(crate) fn page(engine: &mut Engine, call: &ListVoters) -> Result<VoterPage, EngineError> {
    let filter = ready::compiled(engine, &call.filter)?;
    of(engine.conn(), &filter, call.order, call.after.as_ref(), call.limit.clamp(1, MAX_PAGE))
}

/// One page of a list.
pub(crate) fn of(
    conn: &Connection,
    filter: &Compiled,
    order: Order,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<VoterPage, EngineError> {
    let mut listed = rows::page(conn, filter, order, after, limit + 1)?;
    let has_more = listed.len() > limit as usize;
    listed.truncate(limit as usize);
    let next = listed.last().filter(|_| has_more).map(|last| last.cursor.clone());
    let mut names = BTreeMap::new();
    let mut page = VoterPage { rows: Vec::with_capacity(listed.len()), next };
    for person in listed {
        page.rows.extend(row(conn, person, &mut names)?);
    }
    Ok(page)
}

fn row(
    conn: &Connection,
    person: Listed,
    names: &mut BTreeMap<TurfId, String>,
) -> Result<Option<VoterRow>, EngineError> {
    let Some(at) = turfs::door_of_voter(conn, person.voter)? else { return Ok(None) };
    let Some(door) = doors::get(conn, at)? else { return Ok(None) };
    let (_, name) = office::name_of(conn, person.voter)?;
    let turf = match person.turf {
        None => String::new(),
        Some(turf) => match names.get(&turf) {
            Some(name) => name.clone(),
            None => {
                let name = entries::get(conn, turf)?.map(|entry| entry.name).unwrap_or_default();
                names.insert(turf, name.clone());
                name
            }
        },
    };
    Ok(Some(VoterRow {
        voter: person.voter,
        name,
        age: office::age_of(conn, person.voter)?,
        door: at,
        address: door.address(),
        town: person.town,
        precinct: person.precinct,
        party: person.party,
        has_phone: person.marks & HAS_PHONE != 0,
        last: person.last,
        n_attempts: person.n_attempts,
        marks: Mark::ALL.into_iter().filter(|mark| person.marks & bit(*mark) != 0).collect(),
        turf,
    }))
}
