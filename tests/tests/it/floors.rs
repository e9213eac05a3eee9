//! Stories of whole floors: a building with more doors than any limit, at once and back.

use porchlight_model::calls::field::{OpenBuilding, OwnActs, RecordVisit, Stop, Undo, Walk};
use porchlight_model::calls::session::SyncStatus;
use porchlight_model::id::DoorId;
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
