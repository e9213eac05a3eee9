//! The people whom a filter takes as a table.

use super::{list, ready};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::export::{Table, cells, csv_file};
use crate::store::field::doors;
use porchlight_model::calls::files::ExportFile;
use porchlight_model::calls::universe::{ExportVoters, MAX_PAGE, VoterRow};
use porchlight_model::universe::Mark;
use rusqlite::Connection;

const COLUMNS: [&str; 18] = [
    "voter_id",
    "voter",
    "party",
    "person",
    "age",
    "phone",
    "number",
    "street",
    "unit",
    "city",
    "zip",
    "precinct",
    "turf",
    "attempts",
    "last_result",
    "last_at",
    "marks",
    "door",
];

/// Exports the people whom a filter takes, in the order of the list.
pub(crate) fn export(engine: &mut Engine, call: &ExportVoters) -> Result<ExportFile, EngineError> {
    let filter = ready::compiled(engine, &call.filter)?;
    let conn = engine.conn();
    let mut table = Table { header: cells(&COLUMNS), rows: Vec::new() };
    let mut after = None;
    loop {
        let page = list::of(conn, &filter, call.order, after.as_ref(), MAX_PAGE)?;
        for row in page.rows {
            table.rows.push(line(conn, row)?);
        }
        after = page.next;
        if after.is_none() {
            return csv_file(engine, &["voters"], &table);
        }
    }
}

fn line(conn: &Connection, row: VoterRow) -> Result<Vec<String>, EngineError> {
    let door = doors::get(conn, row.door)?;
    let place = door.map(|door| [door.number, door.street, door.unit, door.city, door.zip, door.precinct]);
    let (source_id, phone) = crate::store::office::id_and_phone_of(conn, row.voter)?;
    let (result, at) = match row.last {
        Some((result, at)) => (result.as_str().to_owned(), at.to_iso()),
        None => (String::new(), String::new()),
    };
    let marks: Vec<&str> = row.marks.iter().map(Mark::as_str).collect();
    let mut line = vec![source_id, row.name, row.party, row.voter.to_string()];
    line.extend([row.age.map(|age| age.to_string()).unwrap_or_default(), phone]);
    line.extend(place.unwrap_or_default());
    line.extend([row.turf, row.n_attempts.to_string(), result, at, marks.join("; "), row.door.to_string()]);
    Ok(line)
}
