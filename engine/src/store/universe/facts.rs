//! The narrow rows of people, computed anew where something has changed on which they depend (`migrations/0016_universe.sql` lists what does).

use super::resident::{FlagRow, Known, Recorded, Resident, Visit};
use super::words::Words;
use crate::error::EngineError;
use crate::findable;
use crate::store::reference::{row_of, search_row};
use crate::store::settings;
use porchlight_model::id::{DocId, DoorId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::{Flag, ResultCode};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

/// Raised when rows are computed otherwise than before, or have more.
const COMPUTED_AS: u8 = 1;

/// The setting with the names and rules by which the rows here were computed.
const BASIS: &str = "universe_basis";

/// Whether rows were computed by a program that knows the same names and rules.
pub(crate) fn is_current(conn: &Connection) -> Result<bool, EngineError> {
    Ok(settings::get::<String>(conn, BASIS)?.as_deref() == Some(basis().as_str()))
}

/// Notes every door, and by what rows are computed from then on.
pub(crate) fn note_all(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("INSERT INTO universe_due (door) SELECT id FROM door WHERE true ON CONFLICT DO NOTHING", [])?;
    settings::put(conn, BASIS, &basis())
}

fn basis() -> String {
    let names = ResultCode::ALL.iter().map(ResultCode::as_str).chain(Flag::ALL.iter().map(Flag::as_str));
    let parts: Vec<String> = std::iter::once(COMPUTED_AS.to_string()).chain(names.map(str::to_owned)).collect();
    parts.join(" ")
}

/// Whether rows are to be computed anew.
pub(crate) fn is_due(conn: &Connection) -> Result<bool, EngineError> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM universe_due)")?.query_row([], |row| row.get(0))?)
}

/// The doors whose rows are to be computed anew, in the order of the rows.
pub(crate) fn due(conn: &Connection) -> Result<Vec<(i64, DoorId)>, EngineError> {
    let mut select = conn.prepare_cached("SELECT door FROM universe_due")?;
    let rows = select.query_map([], |row| row.get(0).map(DoorId::from_bytes))?;
    let mut due: Vec<(i64, DoorId)> =
        rows.map(|door| door.map(|door| (row_of(door.to_bytes()), door))).collect::<Result<_, _>>()?;
    due.sort_unstable();
    Ok(due)
}

/// Computes the rows of some doors anew.
pub(crate) fn renew(conn: &Connection, homes: &[(i64, DoorId)], words: &mut Words) -> Result<(), EngineError> {
    let has = Has::read(conn)?;
    let mut forget = Forget::prepare(conn)?;
    for (home, _) in homes {
        forget.home(*home)?;
    }
    let mut names = Vec::new();
    for home in homes {
        home_rows(conn, *home, &has, words, &mut names)?;
    }
    // In the order of the rows, which is fastest.
    names.sort_unstable_by_key(|name: &Name| name.n);
    let mut insert = conn.prepare_cached(include_str!("facts/put_name.sql"))?;
    for Name { n, home, voter, name, place, phone, source } in &names {
        insert.execute(params![n, home, voter.to_bytes(), name, place, phone, source])?;
    }
    let mut done = conn.prepare_cached("DELETE FROM universe_due WHERE door = ?1")?;
    for (_, door) in homes {
        done.execute(params![door.to_bytes()])?;
    }
    Ok(())
}

/// Which tables have anything, so that nothing is looked for in the others.
struct Has {
    visits: bool,
    flags: bool,
    answers: bool,
    people: bool,
}

impl Has {
    fn read(conn: &Connection) -> Result<Self, EngineError> {
        let any = |table: &str| -> Result<bool, EngineError> {
            Ok(conn.query_row(&format!("SELECT EXISTS (SELECT 1 FROM {table})"), [], |row| row.get(0))?)
        };
        Ok(Self { visits: any("visit")?, flags: any("flag")?, answers: any("answer")?, people: any("every_person")? })
    }
}

struct Forget<'a> {
    rows: rusqlite::CachedStatement<'a>,
    names: rusqlite::CachedStatement<'a>,
    answers: rusqlite::CachedStatement<'a>,
}

impl<'a> Forget<'a> {
    fn prepare(conn: &'a Connection) -> Result<Self, EngineError> {
        Ok(Self {
            // The names of those who have moved in the meantime are of their new home.
            names: conn.prepare_cached(include_str!("facts/forget_names.sql"))?,
            rows: conn.prepare_cached("DELETE FROM universe_voter WHERE home = ?1")?,
            answers: conn.prepare_cached("DELETE FROM universe_answer WHERE home = ?1")?,
        })
    }

    fn home(&mut self, home: i64) -> Result<(), EngineError> {
        self.names.execute([home])?;
        self.answers.execute([home])?;
        self.rows.execute([home])?;
        Ok(())
    }
}

/// What is kept beside a person's narrow row.
struct Name {
    n: i64,
    home: i64,
    voter: VoterId,
    name: String,
    place: String,
    phone: String,
    source: String,
}

/// The door as far as filters and lists know it.
struct Place {
    precinct: String,
    city: String,
    zip: String,
    lon: Option<f64>,
    lat: Option<f64>,
    key: String,
    turf: String,
}

fn home_rows(
    conn: &Connection,
    (home, door): (i64, DoorId),
    has: &Has,
    words: &mut Words,
    names: &mut Vec<Name>,
) -> Result<(), EngineError> {
    let residents = residents(conn, door, has)?;
    if residents.is_empty() {
        return Ok(());
    }
    let Some(place) = place(conn, door)? else { return Ok(()) };
    let recorded = recorded(conn, door, &residents, has)?;
    let [precinct, town, zip, turf] =
        [&place.precinct, &place.city, &place.zip, &place.turf].map(|word| words.number(conn, word));
    let (precinct, town, zip, turf) = (precinct?, town?, zip?, turf?);
    let mut insert = conn.prepare_cached(include_str!("facts/put_voter.sql"))?;
    for person in &residents {
        let n = search_row(person.voter);
        let known = Known::of(person, door, &residents, &recorded);
        let result = match known.last {
            Some((result, _)) => words.number(conn, result.as_str())?,
            None => 0,
        };
        insert.execute(named_params! {
            ":home": home, ":n": n, ":age": person.age.unwrap_or_default(),
            ":party": words.number(conn, &person.party)?, ":result": result, ":marks": known.marks,
            ":attempts": known.n_attempts, ":tried_at": known.last.map_or(0, |(_, at)| at.0),
            ":met_at": known.met_at.unwrap_or_default().0, ":precinct": precinct, ":turf": turf, ":town": town,
            ":zip": zip, ":lon": place.lon, ":lat": place.lat,
        })?;
        if has.answers {
            put_answers(conn, (home, n), person.voter, words)?;
        }
        names.push(Name {
            n,
            home,
            voter: person.voter,
            name: sort_key(&person.first, &person.last),
            place: place.key.clone(),
            phone: person.phone.chars().rev().filter(char::is_ascii_digit).collect(),
            source: person.source_id.to_lowercase(),
        });
    }
    Ok(())
}

/// What a list by name is sorted by: family name, then given name, in small letters; a very long one by its beginning.
pub(crate) fn sort_key(first: &str, last: &str) -> String {
    let fold = |text: &str| findable::name(text, "");
    let last = if last.is_empty() { String::new() } else { fold(last) };
    format!("{last}, {}", fold(first)).chars().take(64).collect()
}

fn place(conn: &Connection, door: DoorId) -> Result<Option<Place>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("facts/place.sql"))?;
    let found = select.query_row(params![door.to_bytes()], |row| {
        let (street, number, unit): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let turf: Option<[u8; 16]> = row.get(8)?;
        Ok(Place {
            key: format!("{} {} {}", street.to_lowercase(), in_order(&number), in_order(&unit)),
            precinct: row.get(3)?,
            city: row.get(4)?,
            zip: row.get(5)?,
            lon: row.get(6)?,
            lat: row.get(7)?,
            turf: turf.map(hex::encode).unwrap_or_default(),
        })
    });
    Ok(found.optional()?)
}

/// A house number as it is sorted: `9` before `27A`.
fn in_order(number: &str) -> String {
    let digits = number.len() - number.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (n, rest) = number.split_at(digits);
    format!("{n:0>8}{rest}")
}

fn residents(conn: &Connection, door: DoorId, has: &Has) -> Result<Vec<Resident>, EngineError> {
    let read = |row: &Row<'_>| {
        Ok(Resident {
            voter: VoterId::from_bytes(row.get(0)?),
            first: row.get(1)?,
            last: row.get(2)?,
            age: row.get(3)?,
            party: row.get(4)?,
            phone: row.get(5)?,
            source_id: row.get(6)?,
            added_at: row.get::<_, Option<i64>>(7)?.map(At),
        })
    };
    let mut select = conn.prepare_cached(include_str!("facts/on_file.sql"))?;
    let mut residents: Vec<Resident> = select.query_map(params![door.to_bytes()], read)?.collect::<Result<_, _>>()?;
    if has.people {
        let mut select = conn.prepare_cached(include_str!("facts/added.sql"))?;
        for added in select.query_map(params![door.to_bytes()], read)? {
            let added = added?;
            if residents.iter().all(|other| other.voter != added.voter) {
                residents.push(added);
            }
        }
    }
    Ok(residents)
}

fn recorded(conn: &Connection, door: DoorId, residents: &[Resident], has: &Has) -> Result<Recorded, EngineError> {
    let mut recorded = Recorded::default();
    if has.visits {
        let mut visits: Vec<([u8; 16], Visit)> = conn
            .prepare_cached(include_str!("facts/visits_at.sql"))?
            .query_map(params![door.to_bytes()], visit)?
            .collect::<Result<_, _>>()?;
        let mut elsewhere = conn.prepare_cached(include_str!("facts/visits_elsewhere.sql"))?;
        for person in residents {
            let rows = elsewhere.query_map(params![person.voter.to_bytes(), door.to_bytes()], visit)?;
            for row in rows {
                visits.push(row?);
            }
        }
        visits.sort_by_key(|(id, visit)| (visit.at, *id));
        recorded.visits = visits.into_iter().map(|(_, visit)| visit).collect();
    }
    if has.flags {
        let mut flags: Vec<([u8; 16], FlagRow)> = Vec::new();
        let mut at_door = conn.prepare_cached(include_str!("facts/flags_at.sql"))?;
        flags.extend(at_door.query_map(params![door.to_bytes()], flag)?.collect::<Result<Vec<_>, _>>()?);
        let mut of_voter = conn.prepare_cached(include_str!("facts/flags_of.sql"))?;
        for person in residents {
            let rows = of_voter.query_map(params![person.voter.to_bytes(), door.to_bytes()], flag)?;
            flags.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        flags.sort_by_key(|(id, row)| (row.at, *id));
        recorded.flags = flags.into_iter().map(|(_, row)| row).collect();
    }
    Ok(recorded)
}

fn visit(row: &Row<'_>) -> rusqlite::Result<([u8; 16], Visit)> {
    let result: String = row.get("result")?;
    let visit = Visit {
        doc: DocId::from_bytes(row.get("doc")?),
        door: DoorId::from_bytes(row.get("door")?),
        voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
        at: At(row.get("at")?),
        result: ResultCode::parse(&result),
        change: row.get("change_hash")?,
    };
    Ok((row.get("id")?, visit))
}

fn flag(row: &Row<'_>) -> rusqlite::Result<([u8; 16], FlagRow)> {
    let flag = FlagRow {
        doc: DocId::from_bytes(row.get("doc")?),
        door: row.get::<_, Option<_>>("door")?.map(DoorId::from_bytes),
        voter: row.get::<_, Option<_>>("voter")?.map(VoterId::from_bytes),
        flag: row.get("flag")?,
        is_set: row.get("is_set")?,
        at: At(row.get("at")?),
        change: row.get("change_hash")?,
        is_undone: row.get("is_undone")?,
    };
    Ok((row.get("id")?, flag))
}

/// Writes the answers that stand: of each question the one of the newest wave, none where that one is disputed.
fn put_answers(conn: &Connection, (home, n): (i64, i64), voter: VoterId, words: &mut Words) -> Result<(), EngineError> {
    let mut select = conn.prepare_cached(include_str!("facts/answers.sql"))?;
    let rows = select.query_map(params![voter.to_bytes()], |row| {
        Ok((row.get::<_, [u8; 16]>("question")?, row.get::<_, String>("value")?, row.get::<_, bool>("is_disputed")?))
    })?;
    let mut insert = conn.prepare_cached(include_str!("facts/put_answer.sql"))?;
    let mut before = None;
    for row in rows {
        let (question, value, is_disputed) = row?;
        // The newest of each question comes first.
        if before.replace(question) == Some(question) || is_disputed {
            continue;
        }
        let (question, value) = (words.number(conn, &hex::encode(question))?, words.number(conn, &value)?);
        insert.execute(params![home, n, question, value])?;
    }
    Ok(())
}
