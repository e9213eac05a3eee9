//! Searches people by prefixes of words of their name and address, by telephone number and by the id in the file.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::findable;
use crate::store::field::{doors, flags, turfs};
use crate::store::office as rows;
use crate::store::universe::compile::{BEGUN, WHOLE, by_number, is_number, query};
use crate::universe::ready::ready;
use crate::walk::Household;
use porchlight_model::calls::office::{FoundPage, FoundUpTo, Hit, MAX_COUNTED, Search};
use porchlight_model::id::VoterId;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The maximum number of hits of one page.
const MAX_HITS: u32 = 100;

/// The most people that are found by one telephone number or id.
const MAX_BY_NUMBER: u32 = 1000;

/// Searches. People added at doors, telephone numbers and ids come first, then whole words, then words that begin so.
pub(crate) fn search(engine: &mut Engine, call: &Search) -> Result<FoundPage, EngineError> {
    engine.member()?;
    if is_number(&call.text) {
        ready(engine)?;
    }
    let conn = engine.conn();
    let readings = findable::readings(&call.text);
    if readings.is_empty() {
        return Ok(FoundPage::default());
    }
    let first = first(conn, &call.text, &readings)?;
    let (begun, whole) = (query(&readings, BEGUN), query(&readings, WHOLE));
    let limit = call.limit.clamp(1, MAX_HITS) as usize;
    let mut up_to = call.after.unwrap_or(FoundUpTo { stage: 0, row: 0 });
    let mut found: Vec<(FoundUpTo, VoterId)> = Vec::new();
    if up_to.stage == 0 {
        let rest = (1..).zip(&first).skip(usize::try_from(up_to.row).unwrap_or(usize::MAX));
        found.extend(rest.map(|(row, voter)| (FoundUpTo { stage: 0, row }, *voter)));
        up_to = FoundUpTo { stage: 1, row: 0 };
    }
    let known: BTreeSet<VoterId> = first.iter().copied().collect();
    for (stage, query) in [(1, whole.clone()), (2, format!("({begun}) NOT ({whole})"))] {
        // One more than asked for, which tells that there are more.
        while up_to.stage == stage && found.len() <= limit {
            let rows = rows::found(conn, &query, up_to.row, MAX_HITS + 1)?;
            let Some((last, _)) = rows.last() else {
                up_to = FoundUpTo { stage: stage + 1, row: 0 };
                break;
            };
            up_to.row = *last;
            let new = rows.iter().filter(|(_, voter)| !known.contains(voter));
            found.extend(new.map(|(row, voter)| (FoundUpTo { stage, row: *row }, *voter)));
        }
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|(up_to, _)| *up_to);
    let n_first = u32::try_from(first.len()).unwrap_or(MAX_COUNTED);
    let n_found = rows::n_found(conn, &begun, MAX_COUNTED)?;
    let n_twice = first.iter().filter(|voter| rows::is_found(conn, &begun, **voter).unwrap_or_default()).count();
    let n_found = (n_first + n_found).saturating_sub(u32::try_from(n_twice).unwrap_or_default()).min(MAX_COUNTED);
    Ok(FoundPage { hits: hits(conn, found.into_iter().map(|(_, voter)| voter))?, n_found, next })
}

/// Those who come first, whatever their words are.
fn first(conn: &Connection, text: &str, readings: &[Vec<findable::Spellings>]) -> Result<Vec<VoterId>, EngineError> {
    let added = rows::added(conn)?.into_iter().filter(|(_, words)| findable::is_hit(words, readings));
    let mut first: Vec<VoterId> = added.map(|(voter, _)| voter).collect();
    for voter in by_number(conn, text, MAX_BY_NUMBER)? {
        if !first.contains(&voter) {
            first.push(voter);
        }
    }
    Ok(first)
}

fn hits(conn: &Connection, found: impl Iterator<Item = VoterId>) -> Result<Vec<Hit>, EngineError> {
    let standing = flags::standing(conn)?;
    let mut hits = Vec::new();
    for voter in found {
        let Some(at) = turfs::door_of_voter(conn, voter)? else { continue };
        let Some(door) = doors::get(conn, at)? else { continue };
        let (_, name) = rows::name_of(conn, voter)?;
        let turf = turfs::of_door(conn, at)?;
        hits.push(Hit {
            voter,
            name,
            door: at,
            address: door.address(),
            state: Household::read(conn, turf.as_ref(), at, &standing)?.state(&standing),
            turf: turf.map(|turf| turf.name).unwrap_or_default(),
        });
    }
    Ok(hits)
}
