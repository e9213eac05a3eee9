//! Rows of imported files.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::findable;
use crate::import::locate;
use crate::store::{reference, settings};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{FileReport, Overview, Problem, ProblemPage};
use porchlight_model::id::{BuildingId, DoorId, VoterId};
use porchlight_model::place::{LonLat, Side};
use porchlight_model::time::At;
use porchlight_model::voter::{Door, Voter};
use rusqlite::{Connection, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// Problems on one page.
const PAGE: u64 = 100;

/// Memory for pages while an import is written, in KiB: with less SQLite writes pages of a large file twice. A phone does not have so much.
const PAGES_KIB: Option<i64> = if cfg!(target_arch = "wasm32") { None } else { Some(128 * 1024) };

/// Memory for words that are not in the search's index yet, in bytes, at other times and while an import is written: with less the
/// index is merged again and again.
const WORDS: [i64; 2] = if cfg!(target_arch = "wasm32") { [1 << 20; 2] } else { [1 << 20, 8 << 20] };

/// Does some writing with more memory for pages.
pub(crate) fn with_more_pages<T>(
    engine: &mut Engine,
    work: impl FnOnce(&mut Engine) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let Some(kib) = PAGES_KIB else { return work(engine) };
    let before: i64 = engine.conn().pragma_query_value(None, "cache_size", |row| row.get(0))?;
    engine.conn().pragma_update(None, "cache_size", -kib)?;
    let result = work(engine);
    // Should that fail, memory stays taken until the next start; what was written is written.
    drop(engine.conn().pragma_update(None, "cache_size", before));
    result
}

/// Sets the memory for words. The search keeps the number: a transaction that sets it for an import sets it back.
pub(crate) fn set_words(conn: &Connection, is_import: bool) -> Result<(), EngineError> {
    let words = WORDS[usize::from(is_import)];
    conn.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?1)", params![words])?;
    Ok(())
}

/// Writes doors. A door that is here keeps its point and building.
pub(crate) fn put_doors<'a>(conn: &Connection, doors: impl Iterator<Item = &'a Door>) -> Result<(), EngineError> {
    let mut insert = conn.prepare_cached(include_str!("import/put_door.sql"))?;
    for door in doors {
        let side = match door.side {
            Side::Odd => "odd",
            Side::Even => "even",
            Side::Unknown => "unknown",
        };
        insert.execute(params![
            door.id.to_bytes(),
            door.number,
            door.street,
            door.unit,
            door.city,
            door.zip,
            door.precinct,
            side,
        ])?;
    }
    Ok(())
}

/// Writes voters in the order of their ids, and makes them findable.
pub(crate) fn put_voters(
    conn: &Connection,
    mut voters: Vec<Voter>,
    doors: &BTreeMap<[u8; 16], Door>,
) -> Result<(), EngineError> {
    voters.sort_by_key(|voter| voter.id);
    let known = ids(conn)?;
    for voter in &voters {
        reference::put_voter(conn, voter)?;
    }
    let mut findable: Vec<(i64, &Voter)> =
        voters.iter().map(|voter| (reference::search_row(voter.id), voter)).collect();
    findable.sort_by_key(|(row, _)| *row);
    let mut forget = conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?;
    let mut insert = conn.prepare_cached("INSERT INTO search (rowid, name, address, voter) VALUES (?1, ?2, ?3, ?4)")?;
    for (row, voter) in findable {
        if known.contains(&voter.id) {
            forget.execute(params![row])?;
        }
        let address = doors.get(&voter.door.to_bytes()).map(findable::address).unwrap_or_default();
        insert.execute(params![row, findable::name(&voter.first, &voter.last), address, voter.id.to_string()])?;
    }
    Ok(())
}

fn ids(conn: &Connection) -> Result<BTreeSet<VoterId>, EngineError> {
    let mut select = conn.prepare("SELECT id FROM voter")?;
    let rows = select.query_map([], |row| row.get(0).map(VoterId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives buildings the point of one of their doors.
pub(crate) fn place_buildings(conn: &Connection) -> Result<(), EngineError> {
    conn.execute_batch(include_str!("import/place_buildings.sql"))?;
    Ok(())
}

/// Puts a door on the map, or takes it off.
pub(crate) fn put_point_of_door(
    conn: &Connection,
    door: DoorId,
    at: Option<LonLat>,
    is_guessed: bool,
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE door SET lon = ?2, lat = ?3, is_guessed = ?4 WHERE id = ?1")?.execute(params![
        door.to_bytes(),
        at.map(|at| at.lon),
        at.map(|at| at.lat),
        is_guessed && at.is_some(),
    ])?;
    Ok(())
}

/// Every door, by id.
pub(crate) fn doors(conn: &Connection) -> Result<Vec<Door>, EngineError> {
    let mut select = conn.prepare_cached(include_str!("import/doors.sql"))?;
    let rows = select.query_map([], read_door)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn read_door(row: &Row<'_>) -> rusqlite::Result<Door> {
    let (lon, lat): (Option<f64>, Option<f64>) = (row.get("lon")?, row.get("lat")?);
    let side: String = row.get("side")?;
    Ok(Door {
        id: DoorId::from_bytes(row.get("id")?),
        number: row.get("number")?,
        street: row.get("street")?,
        unit: row.get("unit")?,
        city: row.get("city")?,
        zip: row.get("zip")?,
        precinct: row.get("precinct")?,
        at: lon.zip(lat).map(|(lon, lat)| LonLat { lon, lat }),
        is_at_guessed: row.get("is_guessed")?,
        side: match side.as_str() {
            "odd" => Side::Odd,
            "even" => Side::Even,
            _ => Side::Unknown,
        },
        building: row.get::<_, Option<[u8; 16]>>("building")?.map(BuildingId::from_bytes),
    })
}

/// Notes that a file was imported, with its problems; returns its number.
pub(crate) fn note_file(
    conn: &Connection,
    file: &ChosenFile,
    report: &FileReport,
    now: At,
    problems: &[Problem],
) -> Result<i64, EngineError> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "INSERT INTO import_file (name, kind, at, n_rows, n_taken, n_problems) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        file.name,
        report.kind.as_str(),
        now.0,
        count(report.n_rows),
        count(report.n_taken),
        count(report.n_problems),
    ])?;
    let id = conn.last_insert_rowid();
    let mut insert = conn.prepare_cached("INSERT INTO import_problem (import_file, problem) VALUES (?1, ?2)")?;
    for problem in problems {
        insert.execute(params![id, serde_json::to_string(problem)?])?;
    }
    Ok(id)
}

/// What has been imported.
pub(crate) fn overview(conn: &Connection) -> Result<Overview, EngineError> {
    let mut overview = conn.query_row(include_str!("import/overview.sql"), [], |row| {
        let count = |name: &str| row.get::<_, i64>(name).map(i64::unsigned_abs);
        Ok(Overview {
            n_voters: count("n_voters")?,
            n_doors: count("n_doors")?,
            n_buildings: count("n_buildings")?,
            n_located: count("n_located")?,
            n_guessed: count("n_guessed")?,
            n_unclear: 0,
            n_points: count("n_points")?,
            n_streets: count("n_streets")?,
            n_in_turf: count("n_in_turf")?,
            n_problems: count("n_problems")?,
            files: Vec::new(),
        })
    })?;
    overview.n_unclear = settings::get(conn, locate::UNCLEAR)?.unwrap_or_default();
    let mut select = conn.prepare("SELECT name FROM import_file ORDER BY id DESC")?;
    overview.files = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(overview)
}

/// How many voters live behind doors that are in no turf.
pub(crate) fn n_free_voters(conn: &Connection) -> Result<u64, EngineError> {
    let sql = "SELECT count(*) FROM voter WHERE door NOT IN (SELECT door FROM turf_door)";
    Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// One page of problems.
pub(crate) fn problems(conn: &Connection, from: u64) -> Result<ProblemPage, EngineError> {
    let n_listed: i64 = conn.query_row("SELECT count(*) FROM import_problem", [], |row| row.get(0))?;
    let mut select = conn.prepare("SELECT problem FROM import_problem ORDER BY id LIMIT ?1 OFFSET ?2")?;
    let texts = select.query_map(params![PAGE.cast_signed(), from.cast_signed()], |row| row.get::<_, String>(0))?;
    let problems = texts.map(|text| Ok(serde_json::from_str(&text?)?)).collect::<Result<_, EngineError>>()?;
    Ok(ProblemPage { n_listed: n_listed.unsigned_abs(), problems })
}
