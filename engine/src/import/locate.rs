//! Locates doors by the address points, or else between neighbours on the same side of the street. A point is used only if postal code
//! or town confirm that it is this door's, or if there is no other point to confuse it with.

use super::address::number;
use super::homes::Keys;
use crate::error::EngineError;
use crate::store::import as rows;
use crate::store::points::{self, Candidate};
use crate::store::settings;
use porchlight_model::place::LonLat;
use porchlight_model::voter::Door;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};

/// The maximum difference in house numbers of a neighbour that is used.
const FARTHEST_NEIGHBOUR: u32 = 60;

/// Points of one address that are further apart than this are two places, in metres.
const ONE_PLACE_M: f64 = 500.0;

/// Neighbours that are further apart than this are not on one stretch of street, in metres.
const FARTHEST_APART_M: f64 = 1_000.0;

/// The setting that counts doors left without coordinates, because points of several places have their address.
pub(crate) const UNCLEAR: &str = "doors_unclear";

/// A side of a street: street, postal code, town, and whether numbers are odd.
type StreetSide = (String, String, String, bool);

/// The result of looking for a door's point.
enum PointMatch {
    At(LonLat),
    Unclear,
    Nothing,
}

/// Locates all doors again. A door without a matching point keeps its coordinates.
pub(crate) fn locate(conn: &Connection) -> Result<(), EngineError> {
    points::renew_first_keys(conn)?;
    let mut keys = Keys::default();
    let mut sides: HashMap<StreetSide, BTreeMap<u64, LonLat>> = HashMap::new();
    let mut lost = Vec::new();
    for door in rows::doors(conn)? {
        let address = keys.address(&door).replace('/', "|");
        let town = keys.town(&door).to_owned();
        let found = find(&points::of(conn, &address)?, &door.zip, &town);
        let known = match found {
            PointMatch::At(at) => Some(at),
            PointMatch::Nothing => door.at.filter(|_| !door.is_at_guessed),
            PointMatch::Unclear => None,
        };
        let side = side(keys.street(&door).to_owned(), town, &door);
        match known {
            Some(at) => {
                if door.at != Some(at) || door.is_at_guessed {
                    rows::put_point_of_door(conn, door.id, Some(at), false)?;
                }
                if let Some((side, value)) = side {
                    sides.entry(side).or_default().entry(value).or_insert(at);
                }
            }
            None => lost.push((door, side, matches!(found, PointMatch::Unclear))),
        }
    }
    let mut n_unclear = 0_u64;
    for (door, side, is_unclear) in lost {
        let guess = side.and_then(|(side, value)| between(sides.get(&side)?, value));
        if door.at != guess || (guess.is_some() && !door.is_at_guessed) {
            rows::put_point_of_door(conn, door.id, guess, true)?;
        }
        n_unclear += u64::from(is_unclear && guess.is_none());
    }
    settings::put(conn, UNCLEAR, &n_unclear)?;
    rows::place_buildings(conn)
}

/// Finds a door's point: first one where postal code and town agree, then one where either agrees and the other does not contradict
/// it, last one where neither is known. Points of two places are ambiguous.
fn find(candidates: &[Candidate], zip: &str, town: &str) -> PointMatch {
    let is_same = |one: &str, other: &str| !one.is_empty() && one == other;
    let is_unknown = |one: &str, other: &str| one.is_empty() || other.is_empty();
    let ranks: [&dyn Fn(&Candidate) -> bool; 4] = [
        &|point| is_same(&point.zip, zip) && is_same(&point.town, town),
        // Post and county may name the town differently, in which case the postal code decides.
        &|point| is_same(&point.zip, zip),
        &|point| is_same(&point.town, town) && is_unknown(&point.zip, zip),
        &|point| is_unknown(&point.zip, zip) && is_unknown(&point.town, town),
    ];
    for rank in ranks {
        let here: Vec<LonLat> = candidates.iter().filter(|point| rank(point)).map(|point| point.at).collect();
        if let Some(first) = here.first() {
            let is_one = here.iter().all(|other| other.distance_m(*first) <= ONE_PLACE_M);
            return if is_one { PointMatch::At(*first) } else { PointMatch::Unclear };
        }
    }
    PointMatch::Nothing
}

fn side(street: String, town: String, door: &Door) -> Option<(StreetSide, u64)> {
    let number = number::leading(&door.number)?;
    Some(((street, door.zip.clone(), town, number % 2 == 1), number::order(&door.number).0))
}

/// Interpolates between the nearest lower and higher number, or takes the point of the only neighbour. Values are in thousandths of a number.
#[expect(clippy::cast_precision_loss, reason = "house numbers are small")]
fn between(side: &BTreeMap<u64, LonLat>, value: u64) -> Option<LonLat> {
    let near = |other: u64| other.abs_diff(value) <= u64::from(FARTHEST_NEIGHBOUR) * 1000;
    let below = side.range(..=value).next_back().filter(|(other, _)| near(**other));
    let above = side.range(value..).next().filter(|(other, _)| near(**other));
    match (below, above) {
        (Some((_, a)), Some((_, b))) if a.distance_m(*b) > FARTHEST_APART_M => None,
        (Some((low, a)), Some((high, b))) => {
            let share = (value - low) as f64 / (high - low).max(1) as f64;
            Some(LonLat { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share })
        }
        (Some((_, at)), None) | (None, Some((_, at))) => Some(*at),
        (None, None) => None,
    }
}
