//! GeoJSON (RFC 7946) for the map, from streets, stops and outlines, and their bounding box. Pure.

use crate::state::bidi::as_drawn;
use porchlight_model::calls::walk::{MapStop, Stop};
use porchlight_model::place::{Area, LonLat, MapSheet, Street};
use serde_json::{Value, json};

/// A bounding box in degrees: west, south, east, north.
pub type Bounds = [f64; 4];

/// Streets and areas as one collection: property `k` is `street` or the kind of area, `c` a street's class, `n` its name.
#[must_use]
pub fn sheet(sheet: &MapSheet) -> Value {
    let areas = sheet.areas.iter().map(area);
    let streets = sheet.streets.iter().map(street);
    collection(areas.chain(streets).collect())
}

/// Stops as points: property `id` as [`stop_key`] gives it, `s` the state, `m` the mark, `n` the number, `d` the doors, `w` what the
/// danger is, `x` 1 for the next stop and 2 for a tapped one, `o` the order in which marks win their place, `r` 1 where the way from
/// stop to stop runs east and west, so that a number beside the mark would lie on it.
#[must_use]
pub fn stops(stops: &[MapStop], next: Option<Stop>, tapped: Option<Stop>) -> Value {
    let is_east_west = |order: usize| {
        let from = stops.get(order.saturating_sub(1)).map(|stop| stop.at)?;
        let to = stops.get(order + 1).or_else(|| stops.get(order)).map(|stop| stop.at)?;
        let east = (to.lon - from.lon) * f64::midpoint(from.lat, to.lat).to_radians().cos();
        Some(east.abs() > (to.lat - from.lat).abs())
    };
    let features = stops.iter().enumerate().map(|(order, stop)| {
        let (is_next, is_tapped) = (next == Some(stop.stop), tapped == Some(stop.stop));
        feature(
            json!({"type": "Point", "coordinates": stop.at}),
            json!({
                "id": stop_key(stop.stop), "s": stop.state.as_str(), "m": stop.mark.as_str(), "n": as_drawn(&stop.number),
                "d": stop.n_doors, "w": as_drawn(&stop.danger), "x": if is_tapped { 2 } else { u8::from(is_next) },
                "o": if is_next || is_tapped { 0 } else { order + 1 },
                "r": u8::from(is_east_west(order) == Some(true)),
            }),
        )
    });
    collection(features.collect())
}

/// A turf, or a draft of one, as it is outlined.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlined<'a> {
    /// Its id; empty for a draft.
    pub id: String,
    /// What stands on it.
    pub name: &'a str,
    /// Its outline.
    pub ring: &'a [LonLat],
    /// Whether it is selected.
    pub is_on: bool,
    /// How it stands, which fills it; empty for no fill.
    pub standing: &'a str,
}

/// Named outlines as polygons: property `id`, `n` the name, `on` 1 for the selected one, `st` how it stands.
#[must_use]
pub fn outlines<'a>(turfs: impl IntoIterator<Item = Outlined<'a>>) -> Value {
    let features = turfs.into_iter().filter(|turf| turf.ring.len() > 2).map(|turf| {
        feature(
            json!({"type": "Polygon", "coordinates": [closed(turf.ring)]}),
            json!({"id": turf.id, "n": as_drawn(turf.name), "on": u8::from(turf.is_on), "st": turf.standing}),
        )
    });
    collection(features.collect())
}

/// Where the names of turf stand, as points: property `n` the name, `on` 1 for the selected one, `st` how it stands, `at` `far` for the
/// middle and `near` for the northernmost corner.
#[must_use]
pub fn names<'a>(turfs: impl IntoIterator<Item = Outlined<'a>>) -> Value {
    let features = turfs.into_iter().filter(|turf| turf.ring.len() > 2).flat_map(|turf| {
        let corners = turf.ring.get(1..).unwrap_or_default();
        let (sum, n) =
            corners.iter().fold(((0.0, 0.0), 0.0), |((lon, lat), n), at| ((lon + at.lon, lat + at.lat), n + 1.0));
        let middle = LonLat { lon: sum.0 / n, lat: sum.1 / n };
        let top = corners.iter().copied().max_by(|a, b| a.lat.total_cmp(&b.lat)).unwrap_or(middle);
        [("far", middle), ("near", top)].map(|(at, place)| {
            feature(
                json!({"type": "Point", "coordinates": place}),
                json!({"n": as_drawn(turf.name), "on": u8::from(turf.is_on), "st": turf.standing, "at": at}),
            )
        })
    });
    collection(features.collect())
}

/// A line, e.g. a route or the ring being drawn; empty below two points.
#[must_use]
pub fn line(points: &[LonLat]) -> Value {
    let features = if points.len() > 1 {
        vec![feature(json!({"type": "LineString", "coordinates": points}), json!({}))]
    } else {
        Vec::new()
    };
    collection(features)
}

/// Plain points, e.g. the corners of the ring being drawn.
#[must_use]
pub fn points(points: &[LonLat]) -> Value {
    collection(points.iter().map(|at| feature(json!({"type": "Point", "coordinates": at}), json!({}))).collect())
}

/// The position of this device, with its heading in degrees clockwise from north, if known.
#[must_use]
pub fn here(at: LonLat, heading: Option<f64>) -> Value {
    let properties = heading.map_or_else(|| json!({}), |heading| json!({ "h": heading }));
    collection(vec![feature(json!({"type": "Point", "coordinates": at}), properties)])
}

/// The bounding box of points; `None` if there are none.
#[must_use]
pub fn bounds(points: impl IntoIterator<Item = LonLat>) -> Option<Bounds> {
    points.into_iter().fold(None, |around: Option<Bounds>, at| {
        Some(around.map_or([at.lon, at.lat, at.lon, at.lat], |[west, south, east, north]| {
            [west.min(at.lon), south.min(at.lat), east.max(at.lon), north.max(at.lat)]
        }))
    })
}

/// A stop's id on the map: `d:` or `b:` and the id.
#[must_use]
pub fn stop_key(stop: Stop) -> String {
    match stop {
        Stop::Door(id) => format!("d:{id}"),
        Stop::Building(id) => format!("b:{id}"),
    }
}

/// Parses the id from [`stop_key`].
#[must_use]
pub fn stop_of_key(key: &str) -> Option<Stop> {
    match key.split_once(':')? {
        ("d", id) => id.parse().ok().map(Stop::Door),
        ("b", id) => id.parse().ok().map(Stop::Building),
        _ => None,
    }
}

fn area(area: &Area) -> Value {
    feature(json!({"type": "Polygon", "coordinates": [closed(&area.ring)]}), json!({"k": area.kind.as_str()}))
}

fn street(street: &Street) -> Value {
    let properties = json!({"k": "street", "c": street.class.as_str(), "n": as_drawn(&street.name)});
    feature(json!({"type": "LineString", "coordinates": street.line}), properties)
}

fn closed(ring: &[LonLat]) -> Vec<LonLat> {
    let mut ring = ring.to_vec();
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
        && first != last
    {
        ring.push(first);
    }
    ring
}

fn feature(geometry: Value, properties: Value) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": properties})
}

fn collection(features: Vec<Value>) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use porchlight_model::id::{BuildingId, DoorId};
    use porchlight_model::visit::{DoorState, Mark};

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat { lon, lat }
    }

    #[test]
    fn a_stop_carries_its_mark_and_the_next_one_wins_its_place() {
        let stop = |n: u8, number: &str| MapStop {
            stop: Stop::Door(DoorId::from_bytes([n; 16])),
            number: number.to_owned(),
            at: at(f64::from(n), 2.0),
            state: DoorState::NotHome,
            mark: Mark::NotHome,
            danger: String::new(),
            n_doors: 1,
        };
        let drawn = stops(&[stop(1, "25"), stop(2, "27")], Some(Stop::Door(DoorId::from_bytes([2; 16]))), None);
        let properties = |n: usize| drawn["features"][n]["properties"].clone();
        assert_eq!(
            (&properties(0)["s"], &properties(0)["x"], &properties(0)["o"]),
            (&json!("not_home"), &json!(0), &json!(1))
        );
        assert_eq!(
            (&properties(1)["n"], &properties(1)["x"], &properties(1)["o"]),
            (&json!("27"), &json!(1), &json!(0))
        );
        assert_eq!(drawn["features"][1]["geometry"]["coordinates"], json!([2.0, 2.0]));
    }

    #[test]
    fn a_number_knows_which_way_its_street_runs() {
        let stop = |n: u8, at: LonLat| MapStop {
            stop: Stop::Door(DoorId::from_bytes([n; 16])),
            number: n.to_string(),
            at,
            state: DoorState::Todo,
            mark: Mark::Todo,
            danger: String::new(),
            n_doors: 1,
        };
        let check = |ways: &[LonLat], told: &[u8]| {
            let row: Vec<_> = (1..).zip(ways).map(|(n, at)| stop(n, *at)).collect();
            let drawn = stops(&row, None, None);
            let found: Vec<_> =
                drawn["features"].as_array().unwrap().iter().map(|one| one["properties"]["r"].clone()).collect();
            assert_eq!(found, told.iter().map(|told| json!(told)).collect::<Vec<_>>());
        };
        // Three doors to the east, then three to the north; at 60° north a degree of longitude is half as long.
        check(&[at(0.0, 60.0), at(0.001, 60.0), at(0.002, 60.0)], &[1, 1, 1]);
        check(&[at(0.0, 60.0), at(0.0, 60.001), at(0.0015, 60.002)], &[0, 0, 0]);
        check(&[at(0.0, 60.0)], &[0]);
    }

    #[test]
    fn rings_are_closed_and_what_is_no_ring_is_left_out() {
        let ring = [at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0)];
        let of = |ring| Outlined { id: "a".to_owned(), name: "A", ring, is_on: true, standing: "out" };
        let drawn = outlines([of(&ring[..]), of(&ring[..2])]);
        assert_eq!(drawn["features"].as_array().unwrap().len(), 1);
        assert_eq!(drawn["features"][0]["geometry"]["coordinates"][0].as_array().unwrap().len(), 4);
    }

    #[test]
    fn a_key_leads_back_to_its_stop() {
        let stops = [Stop::Door(DoorId::from_bytes([7; 16])), Stop::Building(BuildingId::from_bytes([8; 16]))];
        for stop in stops {
            assert_eq!(stop_of_key(&stop_key(stop)), Some(stop));
        }
        assert_eq!(stop_of_key("x:1"), None);
    }

    #[test]
    fn the_box_holds_every_point() {
        assert_eq!(bounds([at(1.0, 5.0), at(-2.0, 6.0)]), Some([-2.0, 5.0, 1.0, 6.0]));
        assert_eq!(bounds([]), None);
    }
}
