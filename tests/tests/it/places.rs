//! Where doors are located, with real engines and a real relay.

use super::story::{World, world};
use porchlight_model::calls::cut::OfficeMap;
use porchlight_model::calls::walk::TurfMap;
use porchlight_model::place::LonLat;
use porchlight_tests::campaign::{houses, not_home, walk};
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
    let map = office.ask(OfficeMap {}).await.unwrap();

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
    let all = office.ask(OfficeMap {}).await.unwrap();
    assert_eq!(all.stops.len(), map.stops.len());
    let went = west(&mut all.stops.iter().map(|stop| stop.at)) - west(&mut map.stops.iter().map(|stop| stop.at));
    assert!((went - EAST_DEGREES).abs() < 1e-4, "free doors move, too");
}
