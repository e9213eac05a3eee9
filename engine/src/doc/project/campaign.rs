//! Rows of the campaign document: name, scripts, members, the list of turf.

use crate::doc::read::{MapReader, key_id};
use crate::doc::{Touched, campaign_map as map};
use crate::error::EngineError;
use crate::store::projections::campaign as rows;
use automerge::Automerge;
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, MemberId, ScriptId, TurfId};
use rusqlite::Connection;
use std::collections::BTreeSet;

pub(super) fn project(
    conn: &Connection,
    id: DocId,
    doc: &Automerge,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    let mut topics = BTreeSet::new();
    if touched.has(map::ABOUT)
        && let Some(about) = MapReader::open(doc, map::ABOUT)
    {
        let script = about.text("script").unwrap_or_default();
        rows::put_campaign(conn, id, &about.text("name").unwrap_or_default(), &script)?;
        topics.extend([Topic::Session, Topic::Script]);
    }
    each(doc, touched, map::SCRIPTS, |reader, key| {
        let Some(script) = key_id::<ScriptId>(key) else { return Ok(()) };
        topics.insert(Topic::Script);
        rows::put_script(conn, id, script, reader.text(key).as_deref())
    })?;
    each(doc, touched, map::MEMBERS, |reader, key| {
        let Some(member) = key_id::<MemberId>(key) else { return Ok(()) };
        topics.insert(Topic::Roster);
        rows::put_member(conn, id, member, reader.text(key).as_deref())
    })?;
    each(doc, touched, map::TURFS, |reader, key| {
        let Some(turf) = key_id::<TurfId>(key) else { return Ok(()) };
        topics.insert(Topic::Turf);
        rows::put_turf(conn, id, turf, reader.text(key).as_deref())
    })?;
    Ok(topics)
}

/// Calls `act` for each touched key of a map.
pub(super) fn each(
    doc: &Automerge,
    touched: &Touched,
    map: &str,
    mut act: impl FnMut(&MapReader<'_>, &str) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let Some(reader) = MapReader::open(doc, map) else { return Ok(()) };
    if touched.is_whole(map) {
        reader.keys().iter().try_for_each(|key| act(&reader, key))
    } else {
        touched.keys(map).try_for_each(|key| act(&reader, key))
    }
}
