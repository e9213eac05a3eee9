//! Rows of a turf document: visits, answers, conflicts, notes, flags, people, walkers.

use super::campaign::each;
use crate::doc::read::{Entry, MapReader, key_id, split_key};
use crate::doc::{Rooted, Touched, turf_map as map};
use crate::error::EngineError;
use crate::store::field::gone;
use crate::store::newer;
use crate::store::projections::{listed, turf as rows};
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, MemberId, NoteId, QuestionId, VisitId, VoterId};
use porchlight_model::visit::Flag;
use rusqlite::Connection;
use std::collections::BTreeSet;

pub(crate) fn project(
    conn: &Connection,
    id: DocId,
    doc: &Rooted,
    touched: &Touched,
) -> Result<BTreeSet<Topic>, EngineError> {
    if touched.has(map::ABOUT) {
        listed::put_doc(conn, id)?;
    }
    project_visits(conn, id, doc, touched)?;
    each(doc, touched, map::ASKED, |reader, key| {
        let (Some(visit), Some(entry)) = (key_id::<VisitId>(key), reader.entry(key)) else { return Ok(()) };
        project_asked(conn, id, visit, &entry)
    })?;
    each(doc, touched, map::ANSWERS, |reader, key| {
        let Some((voter, question)) = split_key::<VoterId, QuestionId>(key) else { return Ok(()) };
        let (shown, all) = reader.texts(key);
        rows::put_answer(conn, id, voter, question, shown.as_deref())?;
        rows::put_conflict(conn, id, voter, question, if all.len() > 1 { &all } else { &[] })
    })?;
    if touched.is_whole(map::ANSWERS) {
        drop_removed_answers(conn, id, doc)?;
    }
    project_notes(conn, id, doc, touched)?;
    each(doc, touched, map::FLAGS, |reader, key| {
        let (Some(flag), Some(entry)) = (key_id::<NoteId>(key), reader.entry(key)) else { return Ok(()) };
        let name = entry.text("flag").unwrap_or_default();
        // The marks of who moved or died are no flags that anyone sets.
        if gone::parse_mark(&name).is_none() {
            newer::note_flag(conn, Flag::parse(&name))?;
        }
        rows::put_flag(conn, id, flag, &mark(&entry), &name, entry.flag("is_set").unwrap_or_default())
    })?;
    project_people(conn, id, doc, touched)?;
    each(doc, touched, map::WALKERS, |reader, key| {
        let Some(member) = key_id::<MemberId>(key) else { return Ok(()) };
        rows::put_walker(conn, id, member, &reader.text(key).unwrap_or_default())
    })?;
    let mut topics = BTreeSet::from([Topic::Visits]);
    if touched.has(map::ABOUT) {
        topics.insert(Topic::Turf);
    }
    Ok(topics)
}

fn project_visits(conn: &Connection, id: DocId, doc: &Rooted, touched: &Touched) -> Result<(), EngineError> {
    let (Some(visits), Some(retracted)) = (MapReader::open(doc, map::VISITS), MapReader::open(doc, map::RETRACTED))
    else {
        return Ok(());
    };
    let keys: BTreeSet<String> = if touched.is_whole(map::VISITS) || touched.is_whole(map::RETRACTED) {
        visits.keys().into_iter().collect()
    } else {
        touched.keys(map::VISITS).chain(touched.keys(map::RETRACTED)).map(str::to_owned).collect()
    };
    for key in keys {
        let (Some(visit), Some(entry)) = (key_id::<VisitId>(&key), visits.entry(&key)) else { continue };
        let row = rows::VisitRow {
            mark: mark(&entry),
            device: entry.id("device").unwrap_or_default(),
            how: entry.text("how").unwrap_or_default(),
            result: entry.text("result").unwrap_or_default(),
            script: entry.text("script").unwrap_or_default(),
            retracted_at: retracted.entry(&key).map(|entry| entry.number("at").unwrap_or_default()),
        };
        newer::note_result(conn, &row.result)?;
        rows::put_visit(conn, id, visit, &row)?;
    }
    Ok(())
}

/// Notes. Only the author can take one back; entries by others are ignored.
fn project_notes(conn: &Connection, id: DocId, doc: &Rooted, touched: &Touched) -> Result<(), EngineError> {
    let retracted = MapReader::open(doc, map::RETRACTED);
    let put = |reader: &MapReader<'_>, key: &str| {
        let (Some(note), Some(entry)) = (key_id::<NoteId>(key), reader.entry(key)) else { return Ok(()) };
        let mark = mark(&entry);
        let retraction = retracted.as_ref().and_then(|retracted| retracted.entry(key)).map(|entry| rows::Retraction {
            at: entry.number("at").unwrap_or_default(),
            by: entry.id("by").unwrap_or_default(),
            change: entry.made_by().map_or([0; 32], |hash| hash.0),
        });
        let retraction = retraction.filter(|retraction| retraction.by == mark.by);
        let text = entry.text("text").unwrap_or_default();
        match retraction {
            Some(retraction) => rows::put_retracted_note(conn, id, note, (&mark, &text), &retraction),
            None => rows::put_note(conn, id, note, &mark, &text),
        }
    };
    each(doc, touched, map::NOTES, put)?;
    let Some(notes) = MapReader::open(doc, map::NOTES) else { return Ok(()) };
    each(doc, touched, map::RETRACTED, |_, key| put(&notes, key))
}

/// People. Only the member who added one can take them back, as long as that entry exists.
fn project_people(conn: &Connection, id: DocId, doc: &Rooted, touched: &Touched) -> Result<(), EngineError> {
    let retracted = MapReader::open(doc, map::RETRACTED);
    let put = |reader: &MapReader<'_>, key: &str| {
        let (Some(person), Some(entry)) = (key_id::<VoterId>(key), reader.entry(key)) else { return Ok(()) };
        let (mark, text) = (mark(&entry), |field| entry.text(field).unwrap_or_default());
        let retraction = retracted.as_ref().and_then(|retracted| retracted.entry(key));
        let retraction = retraction.filter(|retraction| retraction.id("by") == Some(mark.by));
        let retracted_at = retraction.map(|retraction| retraction.number("at").unwrap_or_default());
        rows::put_person(conn, id, person, &mark, &[text("first"), text("last"), text("phone")], retracted_at)
    };
    each(doc, touched, map::PEOPLE, put)?;
    let Some(people) = MapReader::open(doc, map::PEOPLE) else { return Ok(()) };
    each(doc, touched, map::RETRACTED, |_, key| put(&people, key))
}

fn project_asked(conn: &Connection, id: DocId, visit: VisitId, entry: &Entry<'_>) -> Result<(), EngineError> {
    for (key, value) in entry.texts() {
        let Some((voter, question)) = split_key(key) else { continue };
        rows::put_asked(conn, id, visit, voter, question, value)?;
    }
    Ok(())
}

/// A removed answer leaves no key to project, so that rows without a key are removed.
fn drop_removed_answers(conn: &Connection, id: DocId, doc: &Rooted) -> Result<(), EngineError> {
    let Some(answers) = MapReader::open(doc, map::ANSWERS) else { return Ok(()) };
    let present: BTreeSet<String> = answers.keys().into_iter().collect();
    for (voter, question) in rows::answer_keys(conn, id)? {
        if !present.contains(&format!("{voter}/{question}")) {
            rows::put_answer(conn, id, voter, question, None)?;
            rows::put_conflict(conn, id, voter, question, &[])?;
        }
    }
    Ok(())
}

/// What visits, notes, flags and people have in common.
fn mark(entry: &Entry<'_>) -> rows::Mark {
    rows::Mark {
        door: entry.id("door"),
        voter: entry.id("voter"),
        at: entry.number("at").unwrap_or_default(),
        by: entry.id("by").unwrap_or_default(),
        change: entry.made_by().map_or([0; 32], |hash| hash.0),
    }
}
