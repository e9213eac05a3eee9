//! A plain evaluation of filters: everything is read whole, and each person is looked at by each condition.

use crate::store::field::{flags, gone};
use crate::store::{office, turfs};
use porchlight_model::id::{DoorId, QuestionId, TurfId, VoterId};
use porchlight_model::place::LonLat;
use porchlight_model::time::At;
use porchlight_model::universe::{Condition, Filter, Mark, TurfPlace};
use porchlight_model::visit::{About, Concerns, Flag, Gone, ResultCode};
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};

type Id = [u8; 16];

struct Person {
    id: VoterId,
    door: DoorId,
    age: Option<u8>,
    party: String,
    phone: String,
    added_at: Option<At>,
    /// Their turf, the first of several.
    turf: Option<TurfId>,
    precinct: String,
    town: String,
    zip: String,
    at: Option<LonLat>,
    /// Standing visits about them: when, which, what came of it.
    visits: Vec<(At, Id, ResultCode)>,
    answers: BTreeMap<QuestionId, String>,
    marks: BTreeSet<Mark>,
}

/// Everybody on a device.
pub(super) struct People {
    all: Vec<Person>,
    out: BTreeSet<TurfId>,
}

fn rows<T>(conn: &Connection, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    conn.prepare(sql).unwrap().query_map([], read).unwrap().map(Result::unwrap).collect()
}

struct Visit {
    id: Id,
    doc: Id,
    door: DoorId,
    voter: Option<VoterId>,
    at: At,
    result: ResultCode,
    change: Vec<u8>,
    is_retracted: bool,
}

impl People {
    pub(super) fn read(conn: &Connection) -> Self {
        let mut all = on_file(conn);
        for person in added(conn) {
            if all.iter().all(|other| other.id != person.id) {
                all.push(person);
            }
        }
        let places: BTreeMap<DoorId, (String, String, String, Option<LonLat>)> =
            rows(conn, "SELECT id, precinct, city, zip, lon, lat FROM door", |row| {
                let (lon, lat): (Option<f64>, Option<f64>) = (row.get(4)?, row.get(5)?);
                let at = lon.zip(lat).map(|(lon, lat)| LonLat { lon, lat });
                Ok((DoorId::from_bytes(row.get(0)?), (row.get(1)?, row.get(2)?, row.get(3)?, at)))
            })
            .into_iter()
            .collect();
        all.retain(|person| places.contains_key(&person.door));
        let turf: Vec<(DoorId, TurfId)> = rows(conn, "SELECT door, turf FROM turf_door ORDER BY turf", |row| {
            Ok((DoorId::from_bytes(row.get(0)?), TurfId::from_bytes(row.get(1)?)))
        });
        let visits = visits(conn);
        let standing = flags::standing(conn).unwrap();
        let gone = gone_by(conn, &all, &visits);
        let residents: Vec<(VoterId, DoorId)> = all.iter().map(|person| (person.id, person.door)).collect();
        for person in &mut all {
            let (precinct, town, zip, at) = places[&person.door].clone();
            (person.precinct, person.town, person.zip, person.at) = (precinct, town, zip, at);
            person.turf = turf.iter().find(|(door, _)| *door == person.door).map(|(_, turf)| *turf);
            person.visits = about(person, &visits);
            person.answers = answers(conn, person.id);
            let has = |about: About, flag: Flag| standing.get(&about).is_some_and(|flags| flags.contains(&flag));
            let marks = [
                (
                    Mark::DoNotContact,
                    has(About::Voter(person.id), Flag::DoNotContact)
                        || has(About::Door(person.door), Flag::DoNotContact),
                ),
                (
                    Mark::Danger,
                    has(About::Door(person.door), Flag::Danger)
                        || residents
                            .iter()
                            .any(|(other, door)| *door == person.door && has(About::Voter(*other), Flag::Danger)),
                ),
                (Mark::Moved, gone.get(&person.id) == Some(&Gone::Moved)),
                (Mark::Deceased, gone.get(&person.id) == Some(&Gone::Deceased)),
                (Mark::Added, person.added_at.is_some()),
            ];
            person.marks = marks.into_iter().filter(|(_, is)| *is).map(|(mark, _)| mark).collect();
        }
        // The device that is handed the first turf holds its document of the first wave.
        let current = turfs::all(conn).unwrap().into_iter();
        let out = current.filter(|entry| entry.doc == super::TURF_DOC).map(|entry| entry.id).collect();
        Self { all, out }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn who_meet(&self, filter: &Filter) -> BTreeSet<VoterId> {
        self.all.iter().filter(|person| self.meets(person, filter)).map(|person| person.id).collect()
    }

    fn meets(&self, person: &Person, filter: &Filter) -> bool {
        match filter {
            Filter::All(parts) => parts.iter().all(|part| self.meets(person, part)),
            Filter::Any(parts) => parts.iter().any(|part| self.meets(person, part)),
            Filter::Not(part) => !self.meets(person, part),
            Filter::Is(condition) => self.is(person, condition),
            Filter::Newer(_) => unreachable!("no filter here has one"),
        }
    }

    fn is(&self, person: &Person, condition: &Condition) -> bool {
        let last = person.visits.last();
        let met = person.visits.iter().filter(|(_, _, result)| result.is_contact()).map(|(at, ..)| *at).max();
        match condition {
            Condition::Party { any } => any.contains(&person.party),
            Condition::Precinct { any } => any.contains(&person.precinct),
            Condition::Town { any } => any.contains(&person.town),
            Condition::Zip { any } => any.contains(&person.zip),
            Condition::Age { from, to } => {
                person.age.is_some_and(|age| from.is_none_or(|from| age >= from) && to.is_none_or(|to| age <= to))
            }
            Condition::AgeUnknown {} => person.age.is_none(),
            Condition::HasPhone {} => person.phone.chars().any(|letter| letter.is_ascii_digit()),
            Condition::LastResult { any, or_none } => match last {
                Some((_, _, result)) => any.contains(result),
                None => *or_none,
            },
            Condition::Attempts { from, to } => {
                let n = person.visits.len();
                from.is_none_or(|from| n >= from as usize) && to.is_none_or(|to| n <= to as usize)
            }
            Condition::ContactedSince { at } => met.is_some_and(|met| met >= *at),
            Condition::NotReachedSince { at } => met.is_none_or(|met| met < *at && at.0 != 0),
            Condition::Answered { question, any } => {
                person.answers.get(question).is_some_and(|value| any.is_empty() || any.contains(value))
            }
            Condition::Marked { any } => any.iter().any(|mark| person.marks.contains(mark)),
            Condition::Turf { place: TurfPlace::In } => person.turf.is_some(),
            Condition::Turf { place: TurfPlace::Free } => person.turf.is_none(),
            Condition::Turf { place: _ } => person.turf.is_some_and(|turf| self.out.contains(&turf)),
            Condition::InTurf { any } => person.turf.is_some_and(|turf| any.contains(&turf)),
            Condition::LivesWith { with } => {
                let mut others = self.all.iter().filter(|other| other.door == person.door && other.id != person.id);
                others.any(|other| self.meets(other, with))
            }
            Condition::Near { at, within_m } => person.at.is_some_and(|own| own.distance_m(*at) <= *within_m),
            Condition::Text { .. } => unreachable!("no filter here has one"),
        }
    }
}

fn on_file(conn: &Connection) -> Vec<Person> {
    rows(conn, "SELECT id, door, age, party, phone FROM voter", |row| {
        Ok(Person { age: row.get(2)?, party: row.get(3)?, phone: row.get(4)?, ..person(row, None)? })
    })
}

fn added(conn: &Connection) -> Vec<Person> {
    // Those who stand, by the rules of the lists at doors.
    assert!(office::added(conn).is_ok());
    rows(conn, "SELECT id, door, phone, at FROM person ORDER BY id, doc", |row| {
        Ok(Person { phone: row.get(2)?, ..person(row, Some(At(row.get(3)?)))? })
    })
}

fn person(row: &Row<'_>, added_at: Option<At>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: VoterId::from_bytes(row.get(0)?),
        door: DoorId::from_bytes(row.get(1)?),
        age: None,
        party: String::new(),
        phone: String::new(),
        added_at,
        turf: None,
        precinct: String::new(),
        town: String::new(),
        zip: String::new(),
        at: None,
        visits: Vec::new(),
        answers: BTreeMap::new(),
        marks: BTreeSet::new(),
    })
}

fn visits(conn: &Connection) -> Vec<Visit> {
    rows(conn, "SELECT id, doc, door, voter, at, result, change_hash, is_retracted FROM visit ORDER BY at, id", |row| {
        Ok(Visit {
            id: row.get(0)?,
            doc: row.get(1)?,
            door: DoorId::from_bytes(row.get(2)?),
            voter: row.get::<_, Option<_>>(3)?.map(VoterId::from_bytes),
            at: At(row.get(4)?),
            result: ResultCode::parse(&row.get::<_, String>(5)?),
            change: row.get(6)?,
            is_retracted: row.get(7)?,
        })
    })
}

fn is_about(visit: &Visit, person: &Person) -> bool {
    match visit.result.concerns(visit.voter) {
        Concerns::Person(voter) => voter == person.id,
        Concerns::Door => visit.door == person.door && person.added_at.is_none_or(|added| visit.at >= added),
    }
}

fn about(person: &Person, visits: &[Visit]) -> Vec<(At, Id, ResultCode)> {
    let standing = visits.iter().filter(|visit| !visit.is_retracted && is_about(visit, person));
    standing.map(|visit| (visit.at, visit.id, visit.result)).collect()
}

/// The answers to each question in the newest wave in which there is one; none where that is disputed.
fn answers(conn: &Connection, voter: VoterId) -> BTreeMap<QuestionId, String> {
    let mut newest: BTreeMap<QuestionId, ((Id, Id), String)> = BTreeMap::new();
    let mut of_wave: BTreeMap<Id, Id> = BTreeMap::new();
    for (doc, wave) in rows(conn, "SELECT turf_doc, wave FROM round", |row| Ok((row.get(0)?, row.get(1)?))) {
        let known: &mut Id = of_wave.entry(doc).or_default();
        *known = (*known).max(wave);
    }
    for (doc, of, question, value) in rows(conn, "SELECT doc, voter, question, value FROM answer", |row| {
        Ok((row.get::<_, Id>(0)?, row.get::<_, Id>(1)?, row.get::<_, Id>(2)?, row.get::<_, String>(3)?))
    }) {
        if of != voter.to_bytes() {
            continue;
        }
        let place = (of_wave.get(&doc).copied().unwrap_or_default(), doc);
        let known = newest.entry(QuestionId::from_bytes(question)).or_insert_with(|| (place, value.clone()));
        if place > known.0 {
            *known = (place, value);
        }
    }
    for (doc, of, question) in
        rows(conn, "SELECT doc, voter, question FROM conflict", |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    {
        let (doc, of, question): (Id, Id, Id) = (doc, of, question);
        let question = QuestionId::from_bytes(question);
        if of == voter.to_bytes() && newest.get(&question).is_some_and(|((_, at), _)| *at == doc) {
            newest.remove(&question);
        }
    }
    newest.into_iter().map(|(question, (_, value))| (question, value)).collect()
}

/// Document, door, voter, name, when, change, whether it was set.
type MarkRow = (Id, Option<DoorId>, Option<VoterId>, String, At, Vec<u8>, bool);

/// Who is gone from where they live: in order of time, what tells so and what tells the contrary.
fn gone_by(conn: &Connection, all: &[Person], visits: &[Visit]) -> BTreeMap<VoterId, Gone> {
    let marks: Vec<MarkRow> =
        rows(conn, "SELECT doc, door, voter, flag, at, change_hash, is_set FROM flag ORDER BY at, id", |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Option<_>>(1)?.map(DoorId::from_bytes),
                row.get::<_, Option<_>>(2)?.map(VoterId::from_bytes),
                row.get(3)?,
                At(row.get(4)?),
                row.get(5)?,
                row.get(6)?,
            ))
        });
    let mut gone = BTreeMap::new();
    for person in all {
        // When, whether it tells the contrary, which kind of entry, how.
        let mut told: Vec<(At, bool, bool, Option<Gone>)> = Vec::new();
        for visit in visits.iter().filter(|visit| !visit.is_retracted && visit.door == person.door) {
            let has_marks = marks.iter().any(|(doc, door, _, flag, _, change, _)| {
                *doc == visit.doc
                    && *change == visit.change
                    && *door == Some(visit.door)
                    && gone::parse_mark(flag).is_some()
            });
            let is_own = visit.voter == Some(person.id);
            if let Some(how) = visit.result.gone()
                && is_about(visit, person)
                && (is_own || !has_marks)
            {
                told.push((visit.at, false, false, Some(how)));
            } else if is_own && visit.result.is_contact() {
                told.push((visit.at, true, false, None));
            }
        }
        for (doc, door, voter, flag, at, change, is_set) in &marks {
            let is_undone = visits.iter().any(|visit| {
                visit.is_retracted && visit.doc == *doc && visit.change == *change && Some(visit.door) == *door
            });
            if *voter == Some(person.id) && door.is_none_or(|door| door == person.door) && *is_set && !is_undone {
                told.extend(gone::parse_mark(flag).map(|how| (*at, false, true, Some(how))));
            }
        }
        told.sort_by_key(|(at, is_met, is_mark, _)| (*at, *is_met, *is_mark));
        if let Some((_, _, _, Some(how))) = told.last() {
            gone.insert(person.id, *how);
        }
    }
    gone
}
