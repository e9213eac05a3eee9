//! Flags in force: for each subject and flag, the newest entry counts, in whichever turf it was made.

use super::gone;
use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{About, Flag};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// The flags of every door and voter that has one.
pub(crate) fn standing(conn: &Connection) -> Result<BTreeMap<About, BTreeSet<Flag>>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("flags/standing.sql"))?;
    let mut rows = select.query([])?;
    let mut standing: BTreeMap<About, BTreeSet<Flag>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let flag: String = row.get("flag")?;
        if let (Some(about), Some(flag)) = (about(row)?, Flag::known(&flag)) {
            standing.entry(about).or_default().insert(flag);
        }
    }
    Ok(standing)
}

/// A flag as it was set or lifted.
pub(crate) struct Setting {
    pub(crate) about: About,
    pub(crate) flag: Flag,
    pub(crate) is_set: bool,
    pub(crate) at: At,
    pub(crate) by: MemberId,
}

/// The flags that stand, or do not, because of what a document has of them; those that only a newer program knows among them, and not the
/// marks of who moved or died ([`super::gone`]).
pub(crate) fn standing_of(conn: &Connection, doc: DocId) -> Result<Vec<Setting>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("flags/standing_of.sql"))?;
    let mut rows = select.query(named_params! { ":doc": doc.to_bytes() })?;
    let mut standing = Vec::new();
    while let Some(row) = rows.next()? {
        let flag: String = row.get("flag")?;
        let (Some(about), None) = (about(row)?, gone::parse_mark(&flag)) else { continue };
        standing.push(Setting {
            about,
            flag: Flag::parse(&flag),
            is_set: row.get("is_set")?,
            at: At(row.get("at")?),
            by: MemberId::from_bytes(row.get("by_member")?),
        });
    }
    Ok(standing)
}

/// Whether a document has a setting or lifting of a flag at that time.
pub(crate) fn has(conn: &Connection, doc: DocId, thing: About, flag: Flag, at: At) -> Result<bool, EngineError> {
    let (door, voter) = columns(thing);
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM flag
                            WHERE doc = :doc AND door IS :door AND voter IS :voter AND flag = :flag AND at = :at)",
        )?
        .query_row(
            named_params! {
                ":doc": doc.to_bytes(), ":door": door, ":voter": voter, ":flag": flag.as_str(), ":at": at.0,
            },
            |row| row.get(0),
        )?)
}

/// When a flag of a thing was last set or lifted, and which of both.
pub(crate) fn newest(conn: &Connection, about: About, flag: Flag) -> Result<Option<(At, bool)>, EngineError> {
    let (door, voter) = columns(about);
    Ok(conn
        .prepare_cached(include_str!("flags/newest.sql"))?
        .query_row(named_params! { ":door": door, ":voter": voter, ":flag": flag.as_str() }, |row| {
            Ok((At(row.get("at")?), row.get("is_set")?))
        })
        .optional()?)
}

/// What a note or flag is about, from its two columns.
pub(crate) fn about(row: &Row<'_>) -> rusqlite::Result<Option<About>> {
    let (door, voter): (Option<[u8; 16]>, Option<[u8; 16]>) = (row.get("door")?, row.get("voter")?);
    let voter = voter.map(|voter| About::Voter(VoterId::from_bytes(voter)));
    Ok(voter.or(door.map(|door| About::Door(DoorId::from_bytes(door)))))
}

/// The columns `door` and `voter` of what a note or flag is about.
pub(super) fn columns(about: About) -> (Option<[u8; 16]>, Option<[u8; 16]>) {
    match about {
        About::Door(door) => (Some(door.to_bytes()), None),
        About::Voter(voter) => (None, Some(voter.to_bytes())),
    }
}
