//! Where doors are located, with real engines and a real relay.

use super::story::{World, world};
use porchlight_model::calls::cut::{OfficeGround, StopsWithin};
use porchlight_model::calls::walk::{MapStop, Stop, TurfMap};
use porchlight_model::place::{Bounds, LonLat};
use porchlight_model::visit::DoorState;
use porchlight_tests::campaign::{houses, not_home, walk};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How far the corrected points are east of the original ones, in degrees.
const EAST_DEGREES: f64 = 0.05;

/// Writes the town's address file again, corrected.
fn corrected(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(folder.join("addresses.csv")).unwrap();
    let lines = text.lines().enumerate().map(|(number, line)| match line.split_once(',') {
        Some((lon, rest)) if number > 0 => format!("{:.7},{rest}", lon.parse::<f64>().unwrap() + EAST_DEGREES),
        Some(_) | None => line.to_owned(),
    });
    let path = folder.join("addresses-corrected.csv");
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    path
}

fn is_east(before: LonLat, now: LonLat) -> bool {
    LonLat { lon: before.lon + EAST_DEGREES, ..before }.distance_m(now) < 1.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_address_file_moves_the_doors_of_turf_that_is_out_and_the_walk_goes_on() {
    let World { office, ana, turf, relay: _relay, folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    let before = walk(&ana, turf).await.unwrap();
    let outline = ana.ask(TurfMap { turf }).await.unwrap().outline;
    let everywhere = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
    let all = async || office.ask(StopsWithin { within: Some(everywhere) }).await.unwrap();
    let (ground, stops) = (office.ask(OfficeGround {}).await.unwrap(), all().await);

    office.import(&corrected(folder.path())).await.unwrap();
    office.sync().await.unwrap();
    ana.sync().await.unwrap();

    let now = walk(&ana, turf).await.unwrap();
    assert_eq!(now.rows.len(), before.rows.len());
    for (was, is) in before.rows.iter().zip(&now.rows) {
        assert_eq!(
            (was.stop, &was.number, was.state),
            (is.stop, &is.number, is.state),
            "the walking order is the same"
        );
        assert!(is_east(was.at.unwrap(), is.at.unwrap()), "{} {} stands where it stood", is.number, is.street);
    }
    let moved = ana.ask(TurfMap { turf }).await.unwrap().outline;
    let west = |points: &mut dyn Iterator<Item = LonLat>| points.map(|at| at.lon).fold(f64::INFINITY, f64::min);
    let went = west(&mut moved.into_iter()) - west(&mut outline.into_iter());
    assert!((went - EAST_DEGREES).abs() < 1e-4, "the outline moves along");
    let (now_ground, now_stops) = (office.ask(OfficeGround {}).await.unwrap(), all().await);
    let places = |free: &[MapStop], stops: &[MapStop]| -> BTreeMap<Stop, LonLat> {
        free.iter().chain(stops).map(|stop| (stop.stop, stop.at)).collect()
    };
    let (was, is) = (places(&ground.free, &stops), places(&now_ground.free, &now_stops));
    assert!(!was.is_empty() && was.keys().eq(is.keys()), "the office's map has the same stops");
    assert!(was.iter().all(|(stop, at)| is_east(*at, is[stop])), "and each stands east of where it stood");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_map_has_the_doors_of_the_part_in_sight_with_their_states_and_far_out_none() {
    let World { office, ana, turf, relay: _relay, folder: _folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let rows = walk(&ana, turf).await.unwrap().rows;
    let at = rows.iter().find(|row| row.stop == Stop::Door(doors[0])).and_then(|row| row.at).unwrap();

    let near = |by: f64| Bounds { west: at.lon - by, south: at.lat - by, east: at.lon + by, north: at.lat + by };
    let in_sight = office.ask(StopsWithin { within: Some(near(1e-6)) }).await.unwrap();
    assert!(in_sight.iter().all(|stop| stop.at.distance_m(at) < 1.0));
    let visited = in_sight.iter().find(|stop| stop.stop == Stop::Door(doors[0])).unwrap();
    assert_eq!(visited.state, DoorState::NotHome);

    let of_turf: BTreeSet<Stop> = rows.iter().filter(|row| row.at.is_some()).map(|row| row.stop).collect();
    let all: BTreeSet<Stop> =
        office.ask(StopsWithin { within: Some(near(1.0)) }).await.unwrap().into_iter().map(|stop| stop.stop).collect();
    assert!(of_turf.is_subset(&all), "a wider part has every stop of the turf");
    assert_eq!(office.ask(StopsWithin { within: None }).await.unwrap(), Vec::new());
    let beside = Bounds { west: at.lon + 1.0, east: at.lon + 1.1, ..near(1.0) };
    assert_eq!(office.ask(StopsWithin { within: Some(beside) }).await.unwrap(), Vec::new());
}
