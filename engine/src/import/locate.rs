//! Locating doors: by the address points, else between neighbours on the same side of the street.

use super::address::{Address, leading_number, street_key};
use super::open_addresses::key;
use crate::error::EngineError;
use crate::store::import as rows;
use porchlight_model::place::LonLat;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Neighbours further away than this in house numbers tell nothing.
const FARTHEST_NEIGHBOUR: u32 = 60;

/// A side of a street: its key, the postal code, and whether numbers are odd.
type StreetSide = (String, String, bool);

/// Locates every door that has no point from an address file.
pub(crate) fn locate(conn: &Connection) -> Result<(), EngineError> {
    let mut sides: BTreeMap<StreetSide, BTreeMap<u32, LonLat>> = BTreeMap::new();
    let mut lost = Vec::new();
    for door in rows::doors(conn)? {
        let known = match door.at {
            Some(at) if !door.is_at_guessed => Some(at),
            _ => {
                let found = find(conn, &door)?;
                if let Some(at) = found {
                    rows::put_point_of_door(conn, door.id, Some(at), false)?;
                }
                found
            }
        };
        match (known, side(&door)) {
            (Some(at), Some((side, number))) => {
                sides.entry(side).or_default().insert(number, at);
            }
            (Some(_), None) => {}
            (None, _) => lost.push(door),
        }
    }
    for door in lost {
        let guess = side(&door).and_then(|(side, number)| between(sides.get(&side)?, number));
        if guess.is_some() || door.at.is_some() {
            rows::put_point_of_door(conn, door.id, guess, true)?;
        }
    }
    rows::place_buildings(conn)
}

/// The point of an address file, with the postal code or, where the file has none, without.
fn find(conn: &Connection, door: &Door) -> Result<Option<LonLat>, EngineError> {
    let address = Address { number: door.number.clone(), street: door.street.clone(), unit: String::new() };
    if let Some(at) = rows::point(conn, &key(&address, &door.zip))? {
        return Ok(Some(at));
    }
    rows::point(conn, &key(&address, ""))
}

fn side(door: &Door) -> Option<(StreetSide, u32)> {
    let number = leading_number(&door.number)?;
    Some(((street_key(&door.street), door.zip.clone(), number % 2 == 1), number))
}

/// The point between the nearest lower and higher number, or that of the one neighbour there is.
fn between(side: &BTreeMap<u32, LonLat>, number: u32) -> Option<LonLat> {
    let near = |other: u32| other.abs_diff(number) <= FARTHEST_NEIGHBOUR;
    let below = side.range(..number).next_back().filter(|(other, _)| near(**other));
    let above = side.range(number..).next().filter(|(other, _)| near(**other));
    match (below, above) {
        (Some((low, a)), Some((high, b))) => {
            let share = f64::from(number - low) / f64::from((high - low).max(1));
            Some(LonLat { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share })
        }
        (Some((_, at)), None) | (None, Some((_, at))) => Some(*at),
        (None, None) => None,
    }
}
