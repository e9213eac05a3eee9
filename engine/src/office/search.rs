//! Searches voters and addresses by prefixes of words.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::findable::{self, Spellings};
use crate::store::field::{doors, flags, turfs};
use crate::store::office as rows;
use crate::walk::Household;
use porchlight_model::calls::office::{Hit, Search};
use porchlight_model::id::VoterId;

/// The maximum number of hits.
const MAX_HITS: u32 = 100;

/// Searches; hits with whole words come first, then those with words that begin so.
pub(crate) fn search(engine: &mut Engine, call: &Search) -> Result<Vec<Hit>, EngineError> {
    engine.member()?;
    let conn = engine.conn();
    let readings = findable::readings(&call.text);
    if readings.is_empty() {
        return Ok(Vec::new());
    }
    let limit = call.limit.clamp(1, MAX_HITS);
    let mut found: Vec<VoterId> = Vec::new();
    for ending in ["\"", "\"*"] {
        let query: Vec<String> = readings.iter().map(|words| all_of(words, ending)).collect();
        for voter in rows::found(conn, &query.join(" OR "), limit)? {
            if !found.contains(&voter) {
                found.push(voter);
            }
        }
    }
    let added = rows::added(conn)?.into_iter().filter(|(_, words)| findable::is_hit(words, &readings));
    found.splice(0..0, added.map(|(voter, _)| voter));
    found.truncate(limit as usize);
    let standing = flags::standing(conn)?;
    let mut hits = Vec::with_capacity(found.len());
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

/// A full-text query that requires all words. Words have only letters and digits, so that typed text cannot inject query syntax.
fn all_of(words: &[Spellings], ending: &str) -> String {
    let one_of = |word: &Spellings| {
        let spellings: Vec<String> = word.iter().map(|word| format!("\"{word}{ending}")).collect();
        format!("({})", spellings.join(" OR "))
    };
    format!("({})", words.iter().map(one_of).collect::<Vec<_>>().join(" AND "))
}
