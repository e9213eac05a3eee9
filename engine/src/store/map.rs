//! Imported streets and areas: what comes in replaces what lies where it lies, and stands beside the rest.

use crate::error::EngineError;
use porchlight_model::calls::import::Replaced;
use porchlight_model::place::{Area, LonLat, Street};
use porchlight_model::time::At;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// A row's id is the number of its file in the bits above these, and counts up below. Rows of older programs have file 0.
const FILE_BITS: u32 = 32;

/// The side of a cell of ground, in degrees: about 500 m.
const CELL_DEGREES: f64 = 0.005;

/// Cells of ground where a file has streets or areas.
pub(crate) struct Ground(BTreeSet<(i32, i32)>);

impl Ground {
    /// The ground of these lines.
    pub(crate) fn of<'a>(lines: impl Iterator<Item = &'a [LonLat]>) -> Self {
        let mut cells = BTreeSet::new();
        for line in lines {
            cells.extend(line.iter().map(cell));
            for pair in line.windows(2) {
                let [a, b] = pair else { continue };
                let longest = (b.lon - a.lon).abs().max((b.lat - a.lat).abs());
                // Two steps a cell; a line around the earth is no street, and takes no more than a country's.
                let n_steps = (longest / CELL_DEGREES * 2.0).ceil().min(4_000.0);
                let mut step = 1.0;
                while step < n_steps {
                    let share = step / n_steps;
                    let (lon, lat) = (a.lon + (b.lon - a.lon) * share, a.lat + (b.lat - a.lat) * share);
                    cells.insert(cell(&LonLat { lon, lat }));
                    step += 1.0;
                }
            }
        }
        Self(cells)
    }

    /// Whether a line lies wholly on this ground.
    fn covers(&self, line: &[LonLat]) -> bool {
        line.iter().all(|at| self.0.contains(&cell(at)))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees on the earth are few cells")]
fn cell(at: &LonLat) -> (i32, i32) {
    ((at.lon / CELL_DEGREES).floor() as i32, (at.lat / CELL_DEGREES).floor() as i32)
}

/// The ground of a file.
pub(crate) fn ground(streets: &[Street], areas: &[Area]) -> Ground {
    let lines = streets.iter().map(|street| street.line.as_slice());
    Ground::of(lines.chain(areas.iter().map(|area| area.ring.as_slice())))
}

/// The existing features that a file of this area replaces, by their file, and how many stay beside it.
pub(crate) fn weigh(conn: &Connection, ground: &Ground) -> Result<(Vec<Replaced>, u64), EngineError> {
    let (mut gone, mut n_beside) = (BTreeMap::<i64, u64>::new(), 0);
    for table in TABLES {
        each(conn, table, |id, line| {
            if ground.covers(line) {
                *gone.entry(id >> FILE_BITS).or_default() += 1;
            } else {
                n_beside += 1;
            }
        })?;
    }
    let replaced = gone.into_iter().map(|(file, n)| {
        let (file, at) = brought_by(conn, file)?.unwrap_or_default();
        Ok(Replaced { n, file, at })
    });
    Ok((replaced.collect::<Result<_, EngineError>>()?, n_beside))
}

/// Puts the streets and areas of a file in place of those on its ground.
pub(crate) fn put(conn: &Connection, file: i64, streets: &[Street], areas: &[Area]) -> Result<(), EngineError> {
    let ground = ground(streets, areas);
    for table in TABLES {
        let mut gone = Vec::new();
        each(conn, table, |id, line| {
            if ground.covers(line) {
                gone.push(id);
            }
        })?;
        let mut delete = conn.prepare(&format!("DELETE FROM {} WHERE id = ?1", table.0))?;
        for id in gone {
            delete.execute(params![id])?;
        }
    }
    let ids = || (file << FILE_BITS) + 1..;
    let mut insert = conn.prepare_cached("INSERT INTO street (id, name, class, line) VALUES (?1, ?2, ?3, ?4)")?;
    for (id, street) in ids().zip(streets) {
        insert.execute(params![id, street.name, street.class.as_str(), serde_json::to_string(&street.line)?])?;
    }
    let mut insert = conn.prepare_cached("INSERT INTO area (id, kind, ring) VALUES (?1, ?2, ?3)")?;
    for (id, area) in ids().zip(areas) {
        insert.execute(params![id, area.kind.as_str(), serde_json::to_string(&area.ring)?])?;
    }
    Ok(())
}

/// A table with the column that has its points.
type Lines = (&'static str, &'static str);

const TABLES: [Lines; 2] = [("street", "line"), ("area", "ring")];

fn each(conn: &Connection, (table, column): Lines, mut with: impl FnMut(i64, &[LonLat])) -> Result<(), EngineError> {
    let mut select = conn.prepare(&format!("SELECT id, {column} FROM {table} ORDER BY id"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let line: Vec<LonLat> = serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or_default())?;
        with(row.get(0)?, &line);
    }
    Ok(())
}

/// The name of a file and when it was imported. Features that an older program stored were all of its newest street file.
fn brought_by(conn: &Connection, file: i64) -> Result<Option<(String, Option<At>)>, EngineError> {
    let sql =
        if file == 0 { include_str!("map/older_file.sql") } else { "SELECT name, at FROM import_file WHERE id = ?1" };
    Ok(conn.prepare(sql)?.query_row(params![file], |row| Ok((row.get(0)?, Some(At(row.get(1)?))))).optional()?)
}
