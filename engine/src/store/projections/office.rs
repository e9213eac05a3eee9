//! Writing the rows of the office document. A value of `None` removes the row.

use crate::error::EngineError;
use porchlight_model::id::{DocId, FrozenId, GoalId, ListId};
use rusqlite::{Connection, named_params, params};

/// A goal as its document has it.
pub(crate) struct GoalRow {
    pub(crate) measure: String,
    pub(crate) scope: String,
    pub(crate) days: (i64, i64),
    pub(crate) target: u32,
    pub(crate) is_removed: bool,
}

/// A saved list as its document has it.
pub(crate) struct ListRow {
    pub(crate) name: String,
    pub(crate) version: u16,
    pub(crate) filter: Vec<u8>,
    pub(crate) frozen: String,
    pub(crate) is_removed: bool,
}

pub(crate) fn put_goal(conn: &Connection, doc: DocId, id: GoalId, goal: Option<&GoalRow>) -> Result<(), EngineError> {
    let Some(goal) = goal else {
        conn.prepare_cached("DELETE FROM goal WHERE doc = ?1 AND id = ?2")?
            .execute(params![doc.to_bytes(), id.to_bytes()])?;
        return Ok(());
    };
    conn.prepare_cached(include_str!("put_goal.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":measure": goal.measure, ":scope": goal.scope,
        ":first_day": goal.days.0, ":last_day": goal.days.1, ":target": goal.target, ":is_removed": goal.is_removed,
    })?;
    Ok(())
}

pub(crate) fn put_list(conn: &Connection, doc: DocId, id: ListId, list: Option<&ListRow>) -> Result<(), EngineError> {
    let Some(list) = list else {
        conn.prepare_cached("DELETE FROM saved_list WHERE doc = ?1 AND id = ?2")?
            .execute(params![doc.to_bytes(), id.to_bytes()])?;
        return Ok(());
    };
    conn.prepare_cached(include_str!("put_list.sql"))?.execute(named_params! {
        ":doc": doc.to_bytes(), ":id": id.to_bytes(), ":name": list.name, ":version": list.version,
        ":filter": list.filter, ":frozen": list.frozen, ":is_removed": list.is_removed,
    })?;
    Ok(())
}

pub(crate) fn put_part(
    conn: &Connection,
    doc: DocId,
    (list, frozen, place): (ListId, FrozenId, u32),
    ids: Option<&[u8]>,
) -> Result<(), EngineError> {
    let keys = params![doc.to_bytes(), list.to_bytes(), frozen.to_bytes(), place];
    conn.prepare_cached("DELETE FROM frozen_part WHERE doc = ?1 AND list = ?2 AND frozen = ?3 AND place = ?4")?
        .execute(keys)?;
    if let Some(ids) = ids {
        conn.prepare_cached("INSERT INTO frozen_part (doc, list, frozen, place, ids) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![doc.to_bytes(), list.to_bytes(), frozen.to_bytes(), place, ids])?;
    }
    Ok(())
}
