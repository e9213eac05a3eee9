//! Reading goals and saved lists.

use crate::error::EngineError;
use porchlight_model::id::{DocId, FrozenId, GoalId, ListId, TurfId, VoterId};
use porchlight_model::plan::{Goal, GoalScope, Measure, NamedGoal, SavedFilter};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_bytes::ByteBuf;

/// A saved list, as its document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRow {
    pub(crate) id: ListId,
    pub(crate) name: String,
    pub(crate) filter: SavedFilter,
    /// What it is frozen to, as the document names it; empty where it is refreshed.
    pub(crate) frozen: String,
    pub(crate) is_removed: bool,
}

/// What a frozen list names: its people at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrozenRef {
    pub(crate) id: FrozenId,
    pub(crate) n: u32,
    pub(crate) at: At,
}

impl FrozenRef {
    /// Reads what [`Self::named`] gave; `None` where a list is refreshed.
    pub(crate) fn parse(named: &str) -> Option<Self> {
        let mut parts = named.splitn(3, '/');
        let (id, n, at) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { id: id.parse().ok()?, n: n.parse().ok()?, at: At(at.parse().ok()?) })
    }

    /// As the document names it.
    pub(crate) fn named(self) -> String {
        format!("{}/{}/{}", self.id, self.n, self.at.0)
    }
}

const LIST: &str = "SELECT id, name, version, filter, frozen, is_removed FROM saved_list WHERE doc = ?1";

fn read_list(row: &Row<'_>) -> rusqlite::Result<ListRow> {
    Ok(ListRow {
        id: ListId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        filter: SavedFilter { version: row.get(2)?, body: ByteBuf::from(row.get::<_, Vec<u8>>(3)?) },
        frozen: row.get(4)?,
        is_removed: row.get(5)?,
    })
}

/// Every list, removed ones too, in the order of their making.
pub(crate) fn lists(conn: &Connection, doc: DocId) -> Result<Vec<ListRow>, EngineError> {
    let mut select = conn.prepare_cached(&format!("{LIST} ORDER BY id"))?;
    Ok(select.query_map(params![doc.to_bytes()], read_list)?.collect::<Result<_, _>>()?)
}

/// One list, also if it was removed.
pub(crate) fn list(conn: &Connection, doc: DocId, id: ListId) -> Result<Option<ListRow>, EngineError> {
    let mut select = conn.prepare_cached(&format!("{LIST} AND id = ?2"))?;
    Ok(select.query_row(params![doc.to_bytes(), id.to_bytes()], read_list).optional()?)
}

/// The people of a frozen list that are here, in their order.
pub(crate) fn frozen(
    conn: &Connection,
    doc: DocId,
    (list, frozen): (ListId, FrozenId),
) -> Result<Vec<VoterId>, EngineError> {
    let sql = "SELECT ids FROM frozen_part WHERE doc = ?1 AND list = ?2 AND frozen = ?3 ORDER BY place";
    let mut select = conn.prepare_cached(sql)?;
    let parts = select.query_map(params![doc.to_bytes(), list.to_bytes(), frozen.to_bytes()], |row| row.get(0))?;
    let mut voters = Vec::new();
    for part in parts {
        let part: Vec<u8> = part?;
        voters.extend(part.as_chunks::<16>().0.iter().map(|id| VoterId::from_bytes(*id)));
    }
    Ok(voters)
}

/// How many people of a frozen list are here.
pub(crate) fn n_frozen(conn: &Connection, doc: DocId, (list, frozen): (ListId, FrozenId)) -> Result<u32, EngineError> {
    let sql = "SELECT coalesce(sum(length(ids)), 0) / 16 FROM frozen_part WHERE doc = ?1 AND list = ?2 AND frozen = ?3";
    let keys = params![doc.to_bytes(), list.to_bytes(), frozen.to_bytes()];
    Ok(conn.prepare_cached(sql)?.query_row(keys, |row| row.get(0))?)
}

/// The parts of a list's people that are here, other than those of the two named, with their places.
pub(crate) fn other_parts(
    conn: &Connection,
    doc: DocId,
    list: ListId,
    kept: [Option<FrozenId>; 2],
) -> Result<Vec<(FrozenId, u32)>, EngineError> {
    let sql = "SELECT frozen, place FROM frozen_part WHERE doc = ?1 AND list = ?2 ORDER BY frozen, place";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![doc.to_bytes(), list.to_bytes()], |row| {
        Ok((FrozenId::from_bytes(row.get(0)?), row.get(1)?))
    })?;
    let mut parts: Vec<(FrozenId, u32)> = rows.collect::<Result<_, _>>()?;
    parts.retain(|(frozen, _)| !kept.contains(&Some(*frozen)));
    Ok(parts)
}

const GOAL: &str = "SELECT id, measure, scope, first_day, last_day, target FROM goal WHERE doc = ?1";

/// A goal; `None` where only a newer version knows what it counts, or where.
fn read_goal(row: &Row<'_>) -> rusqlite::Result<Option<NamedGoal>> {
    let (measure, scope): (String, String) = (row.get(1)?, row.get(2)?);
    let scope = match scope.as_str() {
        CAMPAIGN => Some(GoalScope::Campaign),
        turf => turf.parse::<TurfId>().ok().map(GoalScope::Turf),
    };
    let (Some(measure), Some(scope)) = (Measure::known(&measure), scope) else { return Ok(None) };
    let goal = Goal { measure, scope, from: row.get(3)?, to: row.get(4)?, target: row.get(5)? };
    Ok(Some(NamedGoal { id: GoalId::from_bytes(row.get(0)?), goal }))
}

/// The scope of a goal of the whole campaign, as the document names it.
const CAMPAIGN: &str = "campaign";

/// A goal's scope as the document names it.
pub(crate) fn scope_name(scope: GoalScope) -> String {
    match scope {
        GoalScope::Campaign => CAMPAIGN.to_owned(),
        GoalScope::Turf(turf) => turf.to_string(),
    }
}

/// The goals that were not removed, in the order of their making.
pub(crate) fn goals(conn: &Connection, doc: DocId) -> Result<Vec<NamedGoal>, EngineError> {
    let mut select = conn.prepare_cached(&format!("{GOAL} AND is_removed = 0 ORDER BY id"))?;
    let rows = select.query_map(params![doc.to_bytes()], read_goal)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// One goal, also if it was removed.
pub(crate) fn goal(conn: &Connection, doc: DocId, id: GoalId) -> Result<Option<Goal>, EngineError> {
    let mut select = conn.prepare_cached(&format!("{GOAL} AND id = ?2"))?;
    let found = select.query_row(params![doc.to_bytes(), id.to_bytes()], read_goal).optional()?;
    Ok(found.flatten().map(|named| named.goal))
}
