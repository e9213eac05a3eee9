//! Who moved or died according to earlier waves of a turf: from visits where their documents are here, else from marks that were carried over.
//! It applies to a person at a door: someone who lives elsewhere by a newer voter file is to be met there.

use crate::error::EngineError;
use porchlight_model::id::{DocId, DoorId, MemberId, TurfId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{Gone, ResultCode};
use rusqlite::{Connection, Row, named_params};
use std::collections::BTreeMap;

/// The mark of someone who was listed when a whole door was found to be gone.
pub(crate) const fn door_mark(gone: Gone) -> &'static str {
    match gone {
        Gone::Moved => "door_moved",
        Gone::Deceased => "door_deceased",
    }
}

/// Reads what [`Gone::as_str`] or [`door_mark`] gave.
pub(crate) fn parse_mark(text: &str) -> Option<Gone> {
    let of_door = [Gone::Moved, Gone::Deceased].into_iter().find(|gone| door_mark(*gone) == text);
    Gone::parse(text).or(of_door)
}

/// The mark that a person is gone: how, when it was recorded, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GoneMark {
    pub(crate) gone: Gone,
    pub(crate) at: At,
    pub(crate) by: MemberId,
}

/// The last result for each person at each door, if it is that they are gone; a mark of an older version has no door.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct GoneMarks(BTreeMap<(VoterId, Option<DoorId>), GoneMark>);

impl GoneMarks {
    /// The mark of a person who lives behind a door.
    pub(crate) fn of(&self, voter: VoterId, door: DoorId) -> Option<GoneMark> {
        let told = [Some(door), None].into_iter().filter_map(|door| self.0.get(&(voter, door)));
        told.max_by_key(|mark| mark.at).copied()
    }

    /// All of them: who, and at which door.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (VoterId, Option<DoorId>, GoneMark)> {
        self.0.iter().map(|((voter, door), mark)| (*voter, *door, *mark))
    }
}

/// Those of a turf who are gone by what documents of waves before that of `doc` tell, and by the marks in it. Whoever was met there later is
/// not.
pub(crate) fn before(conn: &Connection, turf: TurfId, doc: DocId) -> Result<GoneMarks, EngineError> {
    let mut select = conn.prepare_cached(include_str!("gone/before.sql"))?;
    let rows = select.query_map(named_params! { ":turf": turf.to_bytes(), ":doc": doc.to_bytes() }, read)?;
    collect(rows)
}

/// Those who are gone by what one document tells.
pub(crate) fn told_by(conn: &Connection, doc: DocId) -> Result<GoneMarks, EngineError> {
    let mut select = conn.prepare_cached(include_str!("gone/told_by.sql"))?;
    let rows = select.query_map(named_params! { ":doc": doc.to_bytes() }, read)?;
    collect(rows)
}

/// Whether a document has a mark of that time about a person.
pub(crate) fn is_marked(
    conn: &Connection,
    doc: DocId,
    voter: VoterId,
    gone: Gone,
    at: At,
) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM flag WHERE doc = :doc AND voter = :voter AND flag = :flag AND at = :at AND is_set = 1";
    let ids = named_params! {
        ":doc": doc.to_bytes(), ":voter": voter.to_bytes(), ":flag": gone.as_str(), ":at": at.0,
    };
    Ok(conn.prepare_cached(sql)?.exists(ids)?)
}

struct GoneRow {
    voter: VoterId,
    door: Option<DoorId>,
    at: At,
    by: MemberId,
    what: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<GoneRow> {
    Ok(GoneRow {
        voter: VoterId::from_bytes(row.get("voter")?),
        door: row.get::<_, Option<_>>("door")?.map(DoorId::from_bytes),
        at: At(row.get("at")?),
        by: MemberId::from_bytes(row.get("by_member")?),
        what: row.get("what")?,
    })
}

/// Collects the marks from rows in order of time: the newest one of each person counts.
fn collect(rows: impl Iterator<Item = rusqlite::Result<GoneRow>>) -> Result<GoneMarks, EngineError> {
    let mut marks = BTreeMap::new();
    for row in rows {
        let GoneRow { voter, door, at, by, what } = row?;
        if let Some(gone) = parse_mark(&what) {
            marks.insert((voter, door), GoneMark { gone, at, by });
        } else if ResultCode::known(&what).is_some_and(ResultCode::is_contact) {
            marks.remove(&(voter, door));
            marks.remove(&(voter, None));
        }
    }
    Ok(GoneMarks(marks))
}
