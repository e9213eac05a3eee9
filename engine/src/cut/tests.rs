//! Laws of cutting: each free door is cut once, buildings stay whole, parts are balanced, the walk is a permutation, outlines enclose all doors.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{ground, order, split, stops};
use porchlight_model::id::{BuildingId, DoorId};
use porchlight_model::place::{LonLat, Side};
use porchlight_model::voter::Door;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A town with a grid of streets and `n` houses on each side of each block, some of them buildings with several units.
fn town(n_rows: u8, n_columns: u8, n: u8, units: u8) -> Vec<Door> {
    let mut doors = Vec::new();
    for (row, column, lot, side) in (0..n_rows)
        .flat_map(|row| (0..n_columns).map(move |column| (row, column)))
        .flat_map(|(row, column)| (0..n).map(move |lot| (row, column, lot)))
        .flat_map(|(row, column, lot)| [(row, column, lot, Side::Odd), (row, column, lot, Side::Even)])
    {
        let is_even = side == Side::Even;
        let number = (u32::from(column) + 1) * 100 + u32::from(lot) * 2 + u32::from(!is_even);
        let at = LonLat {
            lon: -79.0 + f64::from(column) * 0.002 + f64::from(lot) * 0.000_15,
            lat: 36.0 + f64::from(row) * 0.002 + if is_even { 0.000_2 } else { 0.0 },
        };
        let is_building = units > 1 && lot == 0 && is_even;
        for unit in 0..if is_building { units } else { 1 } {
            let id = DoorId::from_bytes(std::array::from_fn(|i| {
                [row, column, lot, u8::from(is_even), unit].get(i).copied().unwrap_or(1)
            }));
            doors.push(Door {
                id,
                number: number.to_string(),
                street: format!("Street {row}"),
                unit: if is_building { format!("{}", unit + 1) } else { String::new() },
                city: String::new(),
                zip: String::new(),
                precinct: String::new(),
                at: Some(at),
                is_at_guessed: false,
                side,
                building: is_building
                    .then(|| BuildingId::from_bytes([row + 1, column, lot, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])),
            });
        }
    }
    doors
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_door_is_in_one_turf_and_buildings_stay_whole(
        rows in 1_u8..6, columns in 1_u8..6, n in 1_u8..12, units in 1_u8..6, wanted in 5_usize..80,
    ) {
        let doors = town(rows, columns, n, units);
        let all: BTreeSet<DoorId> = doors.iter().map(|door| door.id).collect();
        let parts = split::split(stops::group(doors.clone()), wanted);
        let mut seen = BTreeSet::new();
        let mut homes = BTreeSet::new();
        for part in &parts {
            let here: BTreeSet<_> = part.iter().flat_map(|stop| &stop.doors).filter_map(|door| door.building).collect();
            for building in here {
                prop_assert!(homes.insert(building), "a building is cut apart");
            }
            for door in part.iter().flat_map(|stop| &stop.doors) {
                prop_assert!(seen.insert(door.id), "a door is in two turfs");
            }
        }
        prop_assert_eq!(&seen, &all);
        // A piece has up to a quarter of a turf and one stop more: no part may deviate by more than a few pieces.
        let room = wanted / 2 + usize::from(units) * 2 + 2;
        if parts.len() > 1 {
            for part in &parts {
                let n: usize = part.iter().map(|stop| stop.doors.len()).sum();
                prop_assert!(n <= wanted + wanted / 2 + room, "{} doors for {}", n, wanted);
            }
        }
        prop_assert_eq!(&parts, &split::split(stops::group(doors.into_iter().rev().collect()), wanted));
    }

    #[test]
    fn a_walk_visits_every_stop_once_inside_its_outline(
        rows in 1_u8..5, columns in 1_u8..5, n in 1_u8..10, units in 1_u8..5,
    ) {
        let before = stops::group(town(rows, columns, n, units));
        let walk = order::order(before.clone());
        let ids = |stops: &[stops::Stop]| stops.iter().map(|stop| stop.doors[0].id).collect::<BTreeSet<_>>();
        prop_assert_eq!(walk.len(), before.len());
        prop_assert_eq!(ids(&walk), ids(&before));
        let outline = ground::outline(&walk);
        prop_assert_eq!(outline.first(), outline.last());
        let is_inside = ground::ring(&outline);
        for stop in &walk {
            prop_assert!(is_inside(stop.at), "{:?} is outside", stop.at);
        }
    }
}

#[test]
fn a_walk_goes_up_one_side_and_down_the_other() {
    let walk = order::order(stops::group(town(1, 1, 5, 1)));
    let numbers: Vec<&str> = walk.iter().map(|stop| stop.doors[0].number.as_str()).collect();
    assert_eq!(numbers, ["101", "103", "105", "107", "109", "108", "106", "104", "102", "100"]);
    assert_eq!(order::minutes(&walk), 28);
}
