//! Address points: `address/postal code/town`, with a fourth part where a file has the same once more and far away.

use crate::error::EngineError;
use crate::import::address::Address;
use crate::import::open_addresses;
use porchlight_model::place::LonLat;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Points without postal code and town that are further apart are two places, in metres.
const ONE_PLACE_M: f64 = 500.0;

/// A point that may be a door's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    key: String,
    /// Postal code; empty where the file has none.
    pub(crate) zip: String,
    /// The town's key; empty where the file has none.
    pub(crate) town: String,
    /// Where it is.
    pub(crate) at: LonLat,
}

impl Candidate {
    fn new(key: String, at: LonLat) -> Self {
        let mut parts = key.split('/').skip(1).map(str::to_owned);
        let (zip, town) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        Self { key, zip, town, at }
    }

    /// Whether `self` and a point of a newer file are of one place: one of postal code and town is the same, and the other not another.
    fn is_replaced_by(&self, newer: &Self) -> bool {
        let is_same = |one: &str, other: &str| !one.is_empty() && one == other;
        let may_be = |one: &str, other: &str| one == other || one.is_empty() || other.is_empty();
        (is_same(&self.zip, &newer.zip) && may_be(&self.town, &newer.town))
            || (is_same(&self.town, &newer.town) && may_be(&self.zip, &newer.zip))
            || (self.zip == newer.zip && self.town == newer.town)
    }
}

/// The points of an address, in whatever town.
pub(crate) fn of(conn: &Connection, address: &str) -> Result<Vec<Candidate>, EngineError> {
    // `0` is the letter behind the bar.
    let mut select = conn.prepare_cached("SELECT key, lon, lat FROM point WHERE key >= ?1 AND key < ?2")?;
    let rows = select.query_map(params![format!("{address}/"), format!("{address}0")], |row| {
        Ok(Candidate::new(row.get(0)?, LonLat { lon: row.get(1)?, lat: row.get(2)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The point with this very key.
pub(crate) fn at(conn: &Connection, key: &str) -> Result<Option<LonLat>, EngineError> {
    Ok(conn
        .prepare_cached("SELECT lon, lat FROM point WHERE key = ?1")?
        .query_row(params![key], |row| Ok(LonLat { lon: row.get(0)?, lat: row.get(1)? }))
        .optional()?)
}

/// Writes the points of a file in place of those that files before it had for the same places; the first of several counts.
pub(crate) fn put(conn: &Connection, points: &[(String, LonLat, (u64, u64))]) -> Result<(), EngineError> {
    let mut of_address: BTreeMap<&str, Vec<Candidate>> = BTreeMap::new();
    for (key, at, _) in points {
        let address = key.split('/').next().unwrap_or_default();
        let here = of_address.entry(address).or_default();
        let new = Candidate::new(key.clone(), *at);
        match here.iter().find(|other| other.key == *key) {
            None => here.push(new),
            Some(first) if new.zip.is_empty() && new.town.is_empty() && first.at.distance_m(*at) > ONE_PLACE_M => {
                let key = format!("{key}/2");
                if here.iter().all(|other| other.key != key) {
                    here.push(Candidate { key, ..new });
                }
            }
            Some(_) => {}
        }
    }
    let has_any: bool = conn.query_row("SELECT EXISTS (SELECT 1 FROM point)", [], |row| row.get(0))?;
    let mut remove = conn.prepare_cached("DELETE FROM point WHERE key = ?1")?;
    let mut insert = conn.prepare_cached("INSERT OR REPLACE INTO point (key, lon, lat) VALUES (?1, ?2, ?3)")?;
    for (address, new) in of_address {
        if has_any {
            for old in of(conn, address)?.iter().filter(|old| new.iter().any(|new| old.is_replaced_by(new))) {
                remove.execute(params![old.key])?;
            }
        }
        for point in new {
            insert.execute(params![point.key, point.at.lon, point.at.lat])?;
        }
    }
    Ok(())
}

/// Gives points that the first versions wrote keys as they are written today. Those that the first versions could not tell apart go: of
/// addresses without a postal code, and of streets that are named by a compass word.
pub(crate) fn renew_first_keys(conn: &Connection) -> Result<(), EngineError> {
    let mut select = conn.prepare_cached(
        "SELECT key, lon, lat FROM point WHERE key NOT LIKE '%/%/%' OR key GLOB '*[0-9] [1-9]/[2-9] *'",
    )?;
    let first: Vec<(String, f64, f64)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut remove = conn.prepare_cached("DELETE FROM point WHERE key = ?1")?;
    let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO point (key, lon, lat) VALUES (?1, ?2, ?3)")?;
    for (old, lon, lat) in first {
        remove.execute(params![old])?;
        let Some((address, zip)) = old.rsplit_once('/').filter(|(_, zip)| !zip.is_empty()) else { continue };
        let address = Address::parse(address);
        let key = open_addresses::key(&address, zip, "");
        if address.unit.is_empty() && !address.number.is_empty() && !key.contains('=') {
            insert.execute(params![key, lon, lat])?;
        }
    }
    Ok(())
}
