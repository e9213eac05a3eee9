//! Counting and listing the people whom a filter takes.

use super::compile::Compiled;
use crate::error::EngineError;
use porchlight_model::calls::universe::{Cursor, Order, SortBy, VoterCount};
use porchlight_model::id::{TurfId, VoterId};
use porchlight_model::time::At;
use porchlight_model::visit::ResultCode;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

/// With so many people or more a list by name is read in the order of names; with fewer all of them are sorted.
const MANY: i64 = 20_000;

/// One person of a list, as the narrow rows tell.
pub(crate) struct Listed {
    pub(crate) voter: VoterId,
    pub(crate) party: String,
    pub(crate) precinct: String,
    pub(crate) town: String,
    pub(crate) turf: Option<TurfId>,
    pub(crate) last: Option<(ResultCode, At)>,
    pub(crate) n_attempts: u32,
    pub(crate) marks: i64,
    /// Where the list goes on after this one.
    pub(crate) cursor: Cursor,
}

/// How many people a filter takes; how long it took is not counted here.
pub(crate) fn count(conn: &Connection, filter: &Compiled) -> Result<VoterCount, EngineError> {
    let sql = include_str!("list/count.sql").replace("{filter}", &filter.sql);
    let mut counted = conn.prepare_cached(&sql)?.query_row(params_from_iter(&filter.params), |row| {
        let count = |name: &str| row.get::<_, i64>(name).map(i64::unsigned_abs);
        Ok(VoterCount {
            n_voters: count("n_voters")?,
            n_doors: count("n_doors")?,
            n_with_phone: count("n_with_phone")?,
            ..VoterCount::default()
        })
    })?;
    counted.n_in_all = n_in_all(conn)?;
    Ok(counted)
}

/// How many people there are in all.
pub(crate) fn n_in_all(conn: &Connection) -> Result<u64, EngineError> {
    let sql = "SELECT count(*) FROM universe_name";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// The first `limit` people of a list after `after`.
pub(crate) fn page(
    conn: &Connection,
    filter: &Compiled,
    order: Order,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Listed>, EngineError> {
    let mut filter = filter.clone();
    let key = key(order.by);
    let from = if order.by == SortBy::Name && is_many(conn, &filter)? {
        "universe_name s CROSS JOIN universe_voter f0 ON f0.home = s.home AND f0.n = s.n"
    } else {
        "universe_voter f0 CROSS JOIN universe_name s ON s.n = f0.n"
    };
    let (compare, way) = if order.is_down { ("<", "DESC") } else { (">", "ASC") };
    let after = match after {
        Some(after) => {
            let place = filter.bind(bound(order.by, &after.key));
            let row = filter.bind(after.row);
            format!("({key}, s.n) {compare} ({place}, {row})")
        }
        None => "1".to_owned(),
    };
    let limit = filter.bind(i64::from(limit));
    let sql = include_str!("list/page.sql")
        .replace("{key}", key)
        .replace("{from}", from)
        .replace("{filter}", &filter.sql)
        .replace("{after}", &after)
        .replace("{way}", way)
        .replace("{limit}", &limit);
    let mut select = conn.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(&filter.params), |row| read(row, order.by))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a filter takes many people.
fn is_many(conn: &Connection, filter: &Compiled) -> Result<bool, EngineError> {
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM universe_voter f0 WHERE {} LIMIT {MANY})", filter.sql);
    let n: i64 = conn.prepare_cached(&sql)?.query_row(params_from_iter(&filter.params), |row| row.get(0))?;
    Ok(n >= MANY)
}

const fn key(by: SortBy) -> &'static str {
    match by {
        SortBy::Name => "s.name",
        SortBy::Age => "f0.age",
        SortBy::Address => "s.place",
        // Numbers in order, whatever they have beside their digits.
        SortBy::Precinct => {
            "(SELECT substr('00' || length(w.word), -3) || w.word FROM universe_word w WHERE w.id = f0.precinct UNION ALL SELECT '' LIMIT 1)"
        }
        SortBy::Party => "(SELECT w.word FROM universe_word w WHERE w.id = f0.party UNION ALL SELECT '' LIMIT 1)",
        SortBy::LastAttempt => "f0.tried_at",
        SortBy::Attempts => "f0.attempts",
    }
}

/// A cursor's key as it is compared.
fn bound(by: SortBy, key: &str) -> Value {
    match by {
        SortBy::Name | SortBy::Address | SortBy::Precinct | SortBy::Party => key.to_owned().into(),
        SortBy::Age | SortBy::LastAttempt | SortBy::Attempts => key.parse::<i64>().unwrap_or_default().into(),
    }
}

fn read(row: &Row<'_>, by: SortBy) -> rusqlite::Result<Listed> {
    let key = match by {
        SortBy::Name | SortBy::Address | SortBy::Precinct | SortBy::Party => row.get("key")?,
        SortBy::Age | SortBy::LastAttempt | SortBy::Attempts => row.get::<_, i64>("key")?.to_string(),
    };
    let result: String = row.get("result")?;
    let turf: String = row.get("turf")?;
    let turf = hex::decode(turf).ok().and_then(|bytes| bytes.try_into().ok());
    Ok(Listed {
        voter: VoterId::from_bytes(row.get("voter")?),
        party: row.get("party")?,
        precinct: row.get("precinct")?,
        town: row.get("town")?,
        turf: turf.map(TurfId::from_bytes),
        last: (!result.is_empty()).then_some((ResultCode::parse(&result), At(row.get("tried_at")?))),
        n_attempts: row.get("attempts")?,
        marks: row.get("marks")?,
        cursor: Cursor { key, row: row.get("n")? },
    })
}
