//! The values that the narrow rows have, each with how many people have it.

use crate::error::EngineError;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Values by column, with how many people have each.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub(crate) ages: BTreeMap<u8, u64>,
    pub(crate) parties: BTreeMap<String, u64>,
    pub(crate) precincts: BTreeMap<String, u64>,
    pub(crate) towns: BTreeMap<String, u64>,
    pub(crate) zips: BTreeMap<String, u64>,
}

/// All values, in one scan.
pub(crate) fn values(conn: &Connection) -> Result<Values, EngineError> {
    let mut values = Values::default();
    let mut numbered: [BTreeMap<i64, u64>; 4] = Default::default();
    let mut select = conn.prepare_cached("SELECT age, party, precinct, town, zip FROM universe_voter")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let age: u8 = row.get(0)?;
        if age > 0 {
            *values.ages.entry(age).or_default() += 1;
        }
        for (column, counts) in (1..).zip(&mut numbered) {
            *counts.entry(row.get(column)?).or_default() += 1;
        }
    }
    let mut word = conn.prepare_cached("SELECT word FROM universe_word WHERE id = ?1")?;
    let columns = [&mut values.parties, &mut values.precincts, &mut values.towns, &mut values.zips];
    for (named, counts) in columns.into_iter().zip(numbered) {
        for (number, n) in counts {
            let name = if number == 0 { String::new() } else { word.query_row([number], |row| row.get(0))? };
            *named.entry(name).or_default() += n;
        }
    }
    Ok(values)
}
