//! Rows of a turf document: visits, answers, conflicts, notes, flags, people, walkers. What breaks a law is marked, and no other row is
//! derived from it (`doc/judge.rs`).

use crate::doc::judge::{Claim, Judge};
use crate::doc::read::{Entry, MapReader, key_id, place_of, split_key};
use crate::doc::{Rooted, Touched, turf_map as map};
use crate::error::EngineError;
use crate::store::field::gone;
use crate::store::laws::{self, Asked};
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
    let turf = Turf { conn, id, doc, judge: Judge::new(conn, id, doc)? };
    turf.visits(touched)?;
    each(doc, touched, map::ASKED, |reader, key| turf.asked(reader, key))?;
    turf.answers(touched)?;
    turf.notes(touched)?;
    each(doc, touched, map::FLAGS, |reader, key| turf.flag(reader, key))?;
    turf.people(touched)?;
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

/// How many answers are looked at under one key, of those that replaced each other without counting.
const MOST_REPLACED: usize = 100;

/// A turf document while its rows are derived.
struct Turf<'a> {
    conn: &'a Connection,
    id: DocId,
    doc: &'a Rooted,
    judge: Judge<'a>,
}

impl Turf<'_> {
    fn visits(&self, touched: &Touched) -> Result<(), EngineError> {
        let readers = (MapReader::open(self.doc, map::VISITS), MapReader::open(self.doc, map::RETRACTED));
        let (Some(visits), Some(retracted)) = readers else { return Ok(()) };
        let keys: BTreeSet<String> = if touched.is_whole(map::VISITS) || touched.is_whole(map::RETRACTED) {
            visits.keys().into_iter().collect()
        } else {
            touched.keys(map::VISITS).chain(touched.keys(map::RETRACTED)).map(str::to_owned).collect()
        };
        for key in keys {
            let Some(visit) = key_id::<VisitId>(&key) else { continue };
            let Some((entry, mark, counts)) = self.entry(map::VISITS, &visits, &key, Claim::Own)? else { continue };
            if !counts {
                rows::drop_visit(self.conn, self.id, visit)?;
                continue;
            }
            let retraction = self.judge.retraction(&retracted, &key, &mark)?;
            let row = rows::VisitRow {
                mark,
                device: entry.id("device").unwrap_or_default(),
                how: entry.text("how").unwrap_or_default(),
                result: entry.text("result").unwrap_or_default(),
                script: entry.text("script").unwrap_or_default(),
                retracted_at: retraction.map(|retraction| retraction.at),
            };
            newer::note_result(self.conn, &row.result)?;
            rows::put_visit(self.conn, self.id, visit, &row)?;
        }
        Ok(())
    }

    /// The entry under a key, and whether it counts. Of several that devices made under one key, the first to arrive that counts.
    fn entry<'d>(
        &self,
        map: &str,
        reader: &MapReader<'d>,
        key: &str,
        claim: Claim,
    ) -> Result<Option<(Entry<'d>, rows::Mark, bool)>, EngineError> {
        let mut entries = reader.entries(key);
        if entries.len() > 1 {
            let places = entries.iter().map(|entry| self.judge.arrival(entry)).collect::<Result<Vec<_>, _>>()?;
            let mut placed: Vec<_> = places.into_iter().zip(entries).collect();
            placed.sort_by_key(|(place, entry)| (*place, entry.change()));
            entries = placed.into_iter().map(|(_, entry)| entry).collect();
        }
        let mut first_broken = None;
        for entry in entries {
            let mark = mark(&entry);
            if self.judge.counts((map, key), &entry, &mark, claim)? {
                return Ok(Some((entry, mark, true)));
            }
            first_broken = first_broken.or(Some((entry, mark, false)));
        }
        Ok(first_broken)
    }

    /// The answers given at a visit: its own device wrote them, in its change.
    fn asked(&self, reader: &MapReader<'_>, key: &str) -> Result<(), EngineError> {
        let Some(visit) = key_id::<VisitId>(key) else { return Ok(()) };
        let Some(entry) = reader.entries(key).into_iter().find(|entry| self.is_of_visit(entry, key)) else {
            return Ok(());
        };
        if laws::is_broken(self.conn, self.id, map::VISITS, key)? {
            return Ok(());
        }
        for (key, value) in entry.texts() {
            let Some((voter, question)) = split_key(key) else { continue };
            rows::put_asked(self.conn, self.id, visit, voter, question, value)?;
        }
        Ok(())
    }

    fn is_of_visit(&self, entry: &Entry<'_>, key: &str) -> bool {
        let visits = MapReader::open(self.doc, map::VISITS).map(|visits| visits.entries(key)).unwrap_or_default();
        visits.is_empty() || visits.iter().any(|visit| visit.device() == entry.device())
    }

    fn answers(&self, touched: &Touched) -> Result<(), EngineError> {
        each(self.doc, touched, map::ANSWERS, |reader, key| self.answer(reader, key))?;
        if touched.is_whole(map::ANSWERS) { self.drop_removed_answers() } else { Ok(()) }
    }

    fn answer(&self, reader: &MapReader<'_>, key: &str) -> Result<(), EngineError> {
        let Some((voter, question)) = split_key::<VoterId, QuestionId>(key) else { return Ok(()) };
        let asked = Asked { doc: self.id, voter, question };
        // In place of an answer that does not count stands what it replaced.
        let (mut counting, mut broken) = (Vec::new(), None);
        let mut left = reader.written(key);
        let mut n_judged = 0;
        while let Some((value, op)) = left.pop() {
            n_judged += 1;
            if self.judge.answer_counts(asked, &value, &op)? {
                counting.push((value, op));
            } else {
                if n_judged < MOST_REPLACED {
                    left.extend(reader.written_before(key, &op));
                }
                broken = Some(op);
            }
        }
        self.judge.note_answer(key, asked, broken.as_ref())?;
        counting.sort_by(|(_, one), (_, other)| place_of(one).cmp(&place_of(other)));
        let shown = counting.last().map(|(value, _)| value.clone());
        let all: BTreeSet<String> = counting.into_iter().map(|(value, _)| value).collect();
        let all: Vec<String> = all.into_iter().collect();
        rows::put_answer(self.conn, self.id, voter, question, shown.as_deref())?;
        rows::put_conflict(self.conn, self.id, voter, question, if all.len() > 1 { &all } else { &[] })
    }

    /// Notes. Only their authors and coordinators take them back.
    fn notes(&self, touched: &Touched) -> Result<(), EngineError> {
        let retracted = MapReader::open(self.doc, map::RETRACTED);
        let put = |reader: &MapReader<'_>, key: &str| {
            let Some(note) = key_id::<NoteId>(key) else { return Ok(()) };
            let Some((entry, mark, counts)) = self.entry(map::NOTES, reader, key, Claim::Carried)? else {
                return Ok(());
            };
            if !counts {
                return rows::drop_note(self.conn, self.id, note);
            }
            let retraction = retracted.as_ref().map(|retracted| self.judge.retraction(retracted, key, &mark));
            let text = entry.text("text").unwrap_or_default();
            match retraction.transpose()?.flatten() {
                Some(retraction) => rows::put_retracted_note(self.conn, self.id, note, (&mark, &text), &retraction),
                None => rows::put_note(self.conn, self.id, note, &mark, &text),
            }
        };
        each(self.doc, touched, map::NOTES, put)?;
        let Some(notes) = MapReader::open(self.doc, map::NOTES) else { return Ok(()) };
        each(self.doc, touched, map::RETRACTED, |_, key| put(&notes, key))
    }

    fn flag(&self, reader: &MapReader<'_>, key: &str) -> Result<(), EngineError> {
        let Some(flag) = key_id::<NoteId>(key) else { return Ok(()) };
        let Some((entry, mark, counts)) = self.entry(map::FLAGS, reader, key, Claim::Carried)? else { return Ok(()) };
        if !counts {
            return rows::drop_flag(self.conn, self.id, flag);
        }
        let name = entry.text("flag").unwrap_or_default();
        // The marks of who moved or died are no flags that anyone sets.
        if gone::parse_mark(&name).is_none() {
            newer::note_flag(self.conn, Flag::parse(&name))?;
        }
        rows::put_flag(self.conn, self.id, flag, &mark, &name, entry.flag("is_set").unwrap_or_default())
    }

    /// People. Only the member who added one and coordinators take them back, as long as that entry exists.
    fn people(&self, touched: &Touched) -> Result<(), EngineError> {
        let retracted = MapReader::open(self.doc, map::RETRACTED);
        let put = |reader: &MapReader<'_>, key: &str| {
            let Some(person) = key_id::<VoterId>(key) else { return Ok(()) };
            let Some((entry, mark, counts)) = self.entry(map::PEOPLE, reader, key, Claim::Own)? else { return Ok(()) };
            if !counts {
                return rows::drop_person(self.conn, self.id, person);
            }
            let text = |field| entry.text(field).unwrap_or_default();
            let retraction = retracted.as_ref().map(|retracted| self.judge.retraction(retracted, key, &mark));
            let retracted_at = retraction.transpose()?.flatten().map(|retraction| retraction.at);
            let names = [text("first"), text("last"), text("phone")];
            rows::put_person(self.conn, self.id, person, &mark, &names, retracted_at)
        };
        each(self.doc, touched, map::PEOPLE, put)?;
        let Some(people) = MapReader::open(self.doc, map::PEOPLE) else { return Ok(()) };
        each(self.doc, touched, map::RETRACTED, |_, key| put(&people, key))
    }

    /// A removed answer leaves no key to project, so that rows without a key are removed.
    fn drop_removed_answers(&self) -> Result<(), EngineError> {
        let Some(answers) = MapReader::open(self.doc, map::ANSWERS) else { return Ok(()) };
        let present: BTreeSet<String> = answers.keys().into_iter().collect();
        for (voter, question) in rows::answer_keys(self.conn, self.id)? {
            if !present.contains(&format!("{voter}/{question}")) {
                rows::put_answer(self.conn, self.id, voter, question, None)?;
                rows::put_conflict(self.conn, self.id, voter, question, &[])?;
            }
        }
        Ok(())
    }
}

/// What visits, notes, flags and people have in common.
fn mark(entry: &Entry<'_>) -> rows::Mark {
    rows::Mark {
        door: entry.id("door"),
        voter: entry.id("voter"),
        at: entry.number("at").unwrap_or_default(),
        by: entry.id("by").unwrap_or_default(),
        change: entry.change(),
    }
}

/// Calls `act` for each touched key of a map.
fn each(
    doc: &Rooted,
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
