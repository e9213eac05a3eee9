//! Rows of the campaign document: name, scripts, members, the list of turf, waves.

use crate::doc::project::decided::Decided;
use crate::doc::read::{MapReader, key_id, split_key};
use crate::doc::{Rooted, Touched, campaign_map as map};
use crate::error::EngineError;
use crate::store::projections::{campaign as rows, listed};
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, MemberId, ScriptId, TurfId, WaveId};
use rusqlite::Connection;
use std::collections::BTreeSet;

pub(crate) fn project(
    conn: &Connection,
    id: DocId,
    doc: &Rooted,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    let mut topics = BTreeSet::new();
    let decided = Decided::new(conn, id, doc);
    if touched.has(map::ABOUT)
        && let Some(about) = MapReader::open(doc, map::ABOUT)
    {
        let script = decided.text(&about, "script")?.unwrap_or_default();
        rows::put_campaign(conn, id, &decided.text(&about, "name")?.unwrap_or_default(), &script)?;
        put_waves(conn, id, &about, &decided)?;
        topics.extend([Topic::Turf, Topic::Visits]);
        topics.extend([Topic::Session, Topic::Script]);
    }
    each(&decided, (doc, touched), map::SCRIPTS, |reader, key| {
        let Some(script) = key_id::<ScriptId>(key) else { return Ok(()) };
        topics.insert(Topic::Script);
        rows::put_script(conn, id, script, decided.text(reader, key)?.as_deref())
    })?;
    each(&decided, (doc, touched), map::MEMBERS, |reader, key| {
        let Some(member) = key_id::<MemberId>(key) else { return Ok(()) };
        topics.insert(Topic::Roster);
        rows::put_member(conn, id, member, decided.text(reader, key)?.as_deref())
    })?;
    each(&decided, (doc, touched), map::TURFS, |reader, key| {
        topics.insert(Topic::Turf);
        if let Some((wave, turf)) = split_key::<WaveId, TurfId>(key) {
            let doc = decided.text(reader, key)?.and_then(|doc| doc.parse().ok());
            rows::put_round(conn, id, wave, turf, doc)?;
            return listed::put_turf(conn, turf);
        }
        let Some(turf) = key_id::<TurfId>(key) else { return Ok(()) };
        rows::put_turf(conn, id, turf, decided.text(reader, key)?.as_deref())?;
        rows::put_first_round(conn, id, turf)?;
        listed::put_turf(conn, turf)
    })?;
    Ok(topics)
}

/// The waves that stand among what the campaign is: `wave/…` with the name, `ended/…` with the end, `undone/…` with when the
/// start was undone.
fn put_waves(conn: &Connection, id: DocId, about: &MapReader<'_>, decided: &Decided<'_>) -> Result<(), EngineError> {
    // Rebuilt from scratch, because an end may be taken back.
    rows::remove_waves(conn, id)?;
    for key in decided.keys(about)? {
        if let Some(wave) = key.strip_prefix(map::WAVE).and_then(key_id) {
            let Some(name) = decided.text(about, &key)? else { continue };
            rows::put_wave(conn, id, wave, &name)?;
            rows::put_undone(conn, id, wave, decided.number(about, &format!("{}{wave}", map::UNDONE))?)?;
        } else if let Some(wave) = key.strip_prefix(map::ENDED).and_then(key_id)
            && let Some(at) = decided.number(about, &key)?
        {
            rows::end_wave(conn, id, wave, at)?;
        }
    }
    Ok(())
}

/// Calls `act` for each touched key of a map, also where somebody without the right removed it.
pub(super) fn each(
    decided: &Decided<'_>,
    (doc, touched): (&Rooted, &Touched),
    map: &str,
    mut act: impl FnMut(&MapReader<'_>, &str) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let Some(reader) = MapReader::open(doc, map) else { return Ok(()) };
    if touched.is_whole(map) {
        decided.keys(&reader)?.iter().try_for_each(|key| act(&reader, key))
    } else {
        touched.keys(map).try_for_each(|key| act(&reader, key))
    }
}
