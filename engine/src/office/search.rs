//! Search among voters and addresses by the beginnings of words.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::store::field::{doors, flags, turfs};
use crate::store::office as rows;
use crate::walk::state_of_door;
use porchlight_model::calls::office::{Hit, Search};
use porchlight_model::id::VoterId;

/// The most hits.
const MAX_HITS: u32 = 100;
/// The most words looked for; more are not typed while searching.
const MAX_WORDS: usize = 8;

/// Hits: those that have the words as typed first, then those with words that begin so.
pub(crate) fn search(engine: &mut Engine, call: &Search) -> Result<Vec<Hit>, EngineError> {
    engine.member()?;
    let conn = engine.conn();
    let words = words(&call.text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let limit = call.limit.clamp(1, MAX_HITS);
    let whole: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let starts: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    let mut found: Vec<VoterId> = Vec::new();
    for query in [whole.join(" "), starts.join(" ")] {
        for voter in rows::found(conn, &query, limit)? {
            if !found.contains(&voter) {
                found.push(voter);
            }
        }
    }
    let added = rows::added(conn)?.into_iter().filter(|(_, name)| is_hit(name, &words)).map(|(voter, _)| voter);
    found.splice(0..0, added);
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
            state: state_of_door(conn, turf.as_ref(), at, &standing)?,
            turf: turf.map(|turf| turf.name).unwrap_or_default(),
        });
    }
    Ok(hits)
}

/// Letters and digits only, so that whatever is typed is a word and never a query.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(str::to_lowercase)
        .collect()
}

fn is_hit(name: &str, words: &[String]) -> bool {
    let name = name.to_lowercase();
    words.iter().all(|word| name.split_whitespace().any(|part| part.starts_with(word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_is_only_words() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(words(text), expected, "{text}");
        }
        check("Ana Ruiz", &["ana", "ruiz"]);
        check("\" OR name:* NEAR(", &["or", "name", "near"]);
        check("27 Maple St., 4B", &["27", "maple", "st", "4b"]);
        check(" '- ", &[]);
        check("a b c d e f g h i", &["a", "b", "c", "d", "e", "f", "g", "h"]);
    }
}
