//! Who moved or died, as earlier waves of a turf tell it: by visits where their documents are here, by marks that were carried along where not.

use crate::error::EngineError;
use porchlight_model::id::{DocId, MemberId, TurfId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{Gone, ResultCode};
use rusqlite::{Connection, Row, named_params};
use std::collections::BTreeMap;

/// That a person is gone: how, when that was told, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GoneMark {
    pub(crate) gone: Gone,
    pub(crate) at: At,
    pub(crate) by: MemberId,
}

/// Those of a turf who are gone by what other documents than `doc` tell, and by the marks in it. Whoever was met later is not.
pub(crate) fn before(conn: &Connection, turf: TurfId, doc: DocId) -> Result<BTreeMap<VoterId, GoneMark>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("gone/before.sql"))?;
    let rows = select.query_map(named_params! { ":turf": turf.to_bytes(), ":doc": doc.to_bytes() }, read)?;
    collect(rows)
}

/// Those who are gone by what one document tells.
pub(crate) fn told_by(conn: &Connection, doc: DocId) -> Result<BTreeMap<VoterId, GoneMark>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("gone/told_by.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes() }, read)?;
    collect(rows)
}

type Told = (VoterId, At, MemberId, String);

fn read(row: &Row<'_>) -> rusqlite::Result<Told> {
    Ok((
        VoterId::from_bytes(row.get("voter")?),
        At(row.get("at")?),
        MemberId::from_bytes(row.get("by_member")?),
        row.get("what")?,
    ))
}

/// What is told in order of time: the last word on each person counts.
fn collect(rows: impl Iterator<Item = rusqlite::Result<Told>>) -> Result<BTreeMap<VoterId, GoneMark>, EngineError> {
    let mut marks = BTreeMap::new();
    for row in rows {
        let (voter, at, by, what) = row?;
        if let Some(gone) = Gone::parse(&what) {
            marks.insert(voter, GoneMark { gone, at, by });
        } else if ResultCode::parse(&what).is_some_and(ResultCode::is_contact) {
            marks.remove(&voter);
        }
    }
    Ok(marks)
}
