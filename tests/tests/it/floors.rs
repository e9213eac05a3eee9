//! Stories of large and odd buildings: a floor with more doors than any limit, recorded and undone at once; parks and marinas, whose lots are not
//! floors.

use crate::files::Case;
use porchlight_model::calls::door::{BuildingView, OpenBuilding};
use porchlight_model::calls::sync::SyncStatus;
use porchlight_model::calls::visit::{OwnActs, RecordVisit, Undo};
use porchlight_model::calls::walk::{Stop, Walk};
use porchlight_model::id::DoorId;
use porchlight_model::unit;
use porchlight_model::visit::{DoorState, ResultCode};
use porchlight_tests::campaign::{cut, found, hand_out, nobody_home};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_floor_of_120_doors_is_not_home_with_one_tap_and_back_with_one_undo_without_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::start(&folder.path().join("relay")).unwrap();
    let office = Person::new("Olga", folder.path()).unwrap();
    let ana = Person::new("Ana", folder.path()).unwrap();
    found(&relay, &office, "Library").await.unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/31-a-floor-of-120");
    for file in ["addresses.csv", "voters.txt"] {
        office.import(&case.join(file)).await.unwrap();
    }
    let turfs = cut(&office, 1000, "Rowan").await.unwrap();
    hand_out(&office, turfs[0], &[&ana]).await.unwrap();
    relay.kill().unwrap();

    let turf = turfs[0];
    let walk = ana.ask(Walk { turf }).await.unwrap();
    let building = walk.rows.iter().find_map(|row| match row.stop {
        Stop::Building(building) if row.n_doors == 120 => Some(building),
        Stop::Building(_) | Stop::Door(_) => None,
    });
    let building = building.expect("a building of 120 doors");
    let view = ana.ask(OpenBuilding { building }).await.unwrap();
    let doors: Vec<DoorId> = view.floors.iter().flat_map(|(_, units)| units).map(|unit| unit.door).collect();
    assert_eq!((view.n_left, doors.len()), (120, 120));
    let visit = RecordVisit { doors: doors.clone(), ..nobody_home(doors[0], "") };
    assert_eq!(visit.result, ResultCode::NotHome);
    let receipt = ana.ask(visit).await.unwrap();
    assert_eq!(receipt.visits.len(), 120);
    let own = ana.ask(OwnActs { turf }).await.unwrap();
    assert_eq!(own.n_standing, 1, "a floor is one act");
    assert_eq!(ana.ask(Walk { turf }).await.unwrap().by_state.get(&DoorState::NotHome), Some(&120));

    ana.ask(Undo { visits: receipt.visits }).await.unwrap();
    assert_eq!(ana.ask(OpenBuilding { building }).await.unwrap().n_left, 120);
    assert!(ana.ask(SyncStatus {}).await.unwrap().n_held > 0);
}

/// The building with a number, as the phone opens it.
async fn building(ana: &Person, walk: &Walk, number: &str) -> BuildingView {
    let rows = ana.ask(walk.clone()).await.unwrap().rows;
    let stop = rows.into_iter().find(|row| row.number == number).unwrap().stop;
    let Stop::Building(building) = stop else { panic!("{number} is no building") };
    ana.ask(OpenBuilding { building }).await.unwrap()
}

/// Floors with their units, from the top, as the phone lists them.
fn listed(view: &BuildingView) -> Vec<(Option<u32>, Vec<&str>)> {
    view.floors.iter().map(|(floor, units)| (*floor, units.iter().map(|unit| unit.unit.as_str()).collect())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_park_of_mobile_homes_is_listed_lot_by_lot_and_has_no_floors() {
    let case = Case::start("28-mobile-home-park", &["addresses.csv", "voters.txt"]).await;
    let view = building(&case.ana, &Walk { turf: case.turf }, "900").await;
    let mut lots: Vec<String> = (1..=12).map(|n| format!("LOT {n}")).collect();
    lots.push("LOT 12A".to_owned());
    lots.extend((13..=40).map(|n| format!("LOT {n}")));
    lots.push("LOT A".to_owned());
    assert_eq!(listed(&view), [(None, lots.iter().map(String::as_str).collect())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn homes_that_share_an_address_are_in_order_and_have_floors_only_where_their_names_tell_them() {
    type Floors = &'static [(Option<u32>, &'static [&'static str])];
    /// A building's number, its units as a voter file has them, how the phone lists them, and which one is found as it is typed.
    type Building = (&'static str, &'static [&'static str], Floors, (&'static str, &'static str));
    const BUILDINGS: [Building; 8] = [
        (
            "902",
            &["TRLR 10", "TRAILER 2", "TRLR 1A", "TRLR 1"],
            &[(None, &["TRLR 1", "TRLR 1A", "TRLR 2", "TRLR 10"])],
            ("trailer 10", "TRLR 10"),
        ),
        (
            "904",
            &["SLIP 12", "SLIP B", "SLIP 3", "SLIP 101"],
            &[(None, &["SLIP 3", "SLIP 12", "SLIP 101", "SLIP B"])],
            ("101", "SLIP 101"),
        ),
        ("906", &["SPC 104", "SPACE 7", "SP 12"], &[(None, &["SPC 7", "SPC 12", "SPC 104"])], ("space 12", "SPC 12")),
        ("908", &["LOT 9", "", "LOT 12-A", "LOT 12"], &[(None, &["", "LOT 9", "LOT 12", "LOT 12A"])], ("12", "LOT 12")),
        (
            "910",
            &["BLDG 12", "BLDG 3", "BUILDING 3 APT 204", "BLDG 3 APT 104"],
            &[(Some(2), &["BLDG 3 APT 204"]), (Some(1), &["BLDG 3 APT 104"]), (None, &["BLDG 3", "BLDG 12"])],
            ("bldg 3 apt 104", "BLDG 3 APT 104"),
        ),
        ("912", &["HNGR 4", "HANGAR 22", "HNGR 3"], &[(None, &["HNGR 3", "HNGR 4", "HNGR 22"])], ("22", "HNGR 22")),
        (
            "914",
            &["APT 1203", "#101", "APT 1210", "PH 2", "BSMT", "UNIT 102"],
            &[(Some(12), &["1203", "1210"]), (Some(1), &["101", "102"]), (None, &["BSMT", "PH 2"])],
            ("apt 1210", "1210"),
        ),
        (
            "916",
            &["REAR", "2ND FL", "UPPER", "1ST FL"],
            &[(Some(2), &["FL 2"]), (Some(1), &["FL 1"]), (None, &["REAR", "UPPR"])],
            ("second floor", "FL 2"),
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    let (office, ana) = (Person::new("Olga", folder.path()).unwrap(), Person::new("Ana", folder.path()).unwrap());
    found(&relay, &office, "Library").await.unwrap();
    let mut voters =
        "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind\n".to_owned();
    let mut points = "LON,LAT,NUMBER,STREET,POSTCODE\n".to_owned();
    for (nth, (number, units, ..)) in BUILDINGS.iter().enumerate() {
        points += &format!("-79.3,{},{number},Old Mill Rd,27000\n", 36.2 + nth as f64 * 0.0002);
        for unit in *units {
            voters += &format!("{number}{unit}\tFERN\tADA\tA\t{number} OLD MILL RD {unit}\t27000\tN\n");
        }
    }
    for (name, text) in [("addresses.csv", points), ("voters.txt", voters)] {
        std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(office.import(&folder.path().join(name)).await.unwrap().n_problems, 0, "{name}");
    }
    let turfs = cut(&office, 1000, "Old Mill").await.unwrap();
    hand_out(&office, turfs[0], &[&ana]).await.unwrap();
    for (number, units, floors, (typed, found)) in BUILDINGS {
        let view = building(&ana, &Walk { turf: turfs[0] }, number).await;
        let wanted: Vec<_> = floors.iter().map(|(floor, units)| (*floor, units.to_vec())).collect();
        assert_eq!(listed(&view), wanted, "{number}");
        assert_eq!(view.n_left as usize, units.len(), "{number}");
        let all: Vec<&str> = listed(&view).into_iter().flat_map(|(_, units)| units).collect();
        assert_eq!(unit::find(all.iter().copied(), typed).map(|nth| all[nth]), Some(found), "{number}");
    }
}
