//! Files that are imported again: corrected points, and databases that the first versions wrote.

use super::{CAMPAIGN, Point, Town, is_at, points, voters};
use crate::import::address::first_keys;
use porchlight_model::id::{BuildingId, DoorId};
use rusqlite::params;

#[test]
fn a_corrected_address_file_moves_the_doors_that_stand() {
    let town = Town::of("22-corrected-points", &["voters.txt", "addresses-1-wrong.csv"]);
    assert!(is_at(&town.door("14 Plain Street"), -79.244_56, 36.241_4));
    let path = format!("{}/../tests/cases/22-corrected-points/addresses-2-right.csv", env!("CARGO_MANIFEST_DIR"));
    town.import(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(town.n_doors(), (6, 6, 0));
    for (n, number) in (0..).zip([10, 12, 14, 16, 18, 20]) {
        let door = town.door(&format!("{number} Plain Street"));
        assert!(is_at(&door, -79.3 + 0.000_22 * f64::from(n), 36.196_4), "{door:?}");
    }
    assert_eq!(town.overview().n_points, 6);
}

#[test]
fn corrections_of_all_sorts_take_the_place_of_what_was_there() {
    let at = |lon: f64, number: &'static str, city: &'static str, zip: &'static str| {
        (lon, 36.2, number, "Main St", city, zip)
    };
    let check = |files: &[&[Point<'_>]], lon: Option<f64>, is_guessed: bool, n_points: u64| {
        let town = Town::new();
        let rows = [("A1", "NELL", "12 MAIN ST", "ASHBY", "27001"), ("A2", "ODA", "10 MAIN ST", "ASHBY", "27001")];
        town.import(&voters(&rows)).unwrap();
        for file in files {
            town.import(&points(file)).unwrap();
        }
        let door = town.door("12 Main Street");
        let found = (door.at.map(|at| at.lon), door.is_at_guessed, town.overview().n_points);
        assert_eq!(found, (lon, is_guessed, n_points), "{files:?}");
    };
    check(&[&[at(-79.2, "12", "Ashby", "27001")], &[at(-79.3, "12", "Ashby", "27001")]], Some(-79.3), false, 1);
    check(&[&[at(-79.2, "12", "", "27001")], &[at(-79.3, "12", "Ashby", "27001")]], Some(-79.3), false, 1);
    check(&[&[at(-79.2, "12", "Ashby", "")], &[at(-79.3, "12", "Ashby", "27001")]], Some(-79.3), false, 1);
    check(&[&[at(-79.2, "12", "Ashby", "27001")], &[at(-79.3, "12", "Ashby", "")]], Some(-79.3), false, 1);
    check(&[&[at(-79.2, "12", "", "")], &[at(-79.3, "12", "", "")]], Some(-79.3), false, 1);
    // Estimated first, known from the second file.
    check(&[&[at(-79.2, "10", "Ashby", "27001")], &[at(-79.3, "12", "Ashby", "27001")]], Some(-79.3), false, 2);
    // The neighbour is corrected, and the estimate that depends on it moves along.
    check(&[&[at(-79.2, "10", "Ashby", "27001")], &[at(-79.3, "10", "Ashby", "27001")]], Some(-79.3), true, 1);
    // Another county's file leaves this one's points alone.
    check(&[&[at(-79.3, "12", "Ashby", "27001")], &[at(-70.0, "12", "Cold Brook", "28000")]], Some(-79.3), false, 2);
    check(&[&[at(-79.3, "12", "Ashby", "27001")], &[at(-70.0, "12", "", "")]], Some(-79.3), false, 2);
}

/// Writes a door as the first versions did, with one voter; returns its id.
fn first_door(town: &Town, source_id: &str, address: &str, shown: (&str, &str, &str), is_in_turf: bool) -> DoorId {
    let id = DoorId::derive(CAMPAIGN, "address", &first_keys::door(address, "27001"));
    let conn = &town.conn;
    conn.execute(
        "INSERT OR IGNORE INTO door (id, number, street, unit, city, zip) VALUES (?1, ?2, ?3, ?4, 'Ashby', '27001')",
        params![id.to_bytes(), shown.0, shown.1, shown.2],
    )
    .unwrap();
    let voter = porchlight_model::id::VoterId::derive(CAMPAIGN, "north_carolina", source_id);
    conn.execute(
        "INSERT INTO voter (id, door, first, last, source_id) VALUES (?1, ?2, 'Nell', 'Lantern', ?3)",
        params![voter.to_bytes(), id.to_bytes(), source_id],
    )
    .unwrap();
    if is_in_turf {
        conn.execute(
            "INSERT INTO turf_door (turf, position, door) VALUES (x'01', ?2, ?1)",
            params![
                id.to_bytes(),
                conn.query_row("SELECT count(*) FROM turf_door", [], |row| row.get::<_, i64>(0)).unwrap()
            ],
        )
        .unwrap();
    }
    id
}

#[test]
fn doors_of_the_first_versions_keep_their_ids_and_are_not_doubled() {
    let town = Town::new();
    let plain = first_door(&town, "A1", "27 MAPLE ST", ("27", "Maple Street", ""), true);
    let south = first_door(&town, "A2", "12 SOUTH ST", ("12", "S Street", ""), true);
    let lettered = first_door(&town, "A3", "123 A MAPLE ST", ("123", "A Maple Street", ""), true);
    let school = first_door(&town, "A4", "210 OLD NO 9 SCHOOL RD", ("210", "Old", "9 SCHOOL RD"), false);
    let rear = first_door(&town, "A5", "12 OAK ST REAR", ("12", "Oak St Rear", ""), true);
    let ordinal = first_door(&town, "A6", "16 TWENTY SECOND ST", ("16", "Twenty Second Street", ""), false);
    let behind = first_door(&town, "A7", "100 5TH ST SOUTH", ("100", "5th Street S", ""), false);
    town.import(&voters(&[
        ("A1", "NELL", "27 MAPLE ST", "ASHBY", "27001"),
        ("A2", "NELL", "12 SOUTH ST", "ASHBY", "27001"),
        ("A3", "NELL", "123 A MAPLE ST", "ASHBY", "27001"),
        ("A4", "NELL", "210 OLD NO 9 SCHOOL RD", "ASHBY", "27001"),
        ("A5", "NELL", "12 OAK ST REAR", "ASHBY", "27001"),
        ("A6", "NELL", "16 22ND ST", "ASHBY", "27001"),
        ("A7", "NELL", "100 S 5TH ST", "ASHBY", "27001"),
    ]))
    .unwrap();
    assert_eq!(town.doors().len(), 7, "{:?}", town.addresses());
    for (address, id) in [
        ("27 Maple Street", plain),
        ("12 South Street", south),
        ("123A Maple Street", lettered),
        ("210 Old No 9 School Road", school),
        ("12 Oak Street, REAR", rear),
        ("16 22nd Street", ordinal),
        ("100 S 5th Street", behind),
    ] {
        assert_eq!(town.door(address).id, id, "{address}");
    }
}

#[test]
fn strangers_whom_the_first_versions_put_behind_one_door_are_parted() {
    let town = Town::new();
    let one = first_door(&town, "A1", "12 SOUTH ST", ("12", "S Street", ""), true);
    assert_eq!(first_door(&town, "A2", "12 S ST", ("12", "S Street", ""), false), one);
    let file = voters(&[("A1", "NELL", "12 SOUTH ST", "ASHBY", "27001"), ("A2", "BRAM", "12 S ST", "ASHBY", "27001")]);
    town.import(&file).unwrap();
    assert_eq!(town.door("12 S Street").id, one);
    assert_ne!(town.door("12 South Street").id, one);
    let first = town.doors();
    town.import(&file).unwrap();
    assert_eq!(town.doors(), first);
}

#[test]
fn doors_of_one_household_that_stood_apart_become_one_and_the_one_in_turf_stays() {
    let town = Town::new();
    let free = first_door(&town, "A1", "77 VAN HOLT ST APT 4-B", ("77", "Van Holt Street", "4-B"), false);
    let in_turf = first_door(&town, "A2", "77 VAN HOLT ST APT 4B", ("77", "Van Holt Street", "4B"), true);
    let noted = first_door(&town, "A3", "77 VAN HOLT ST APT 4 B", ("77", "Van Holt Street", "4 B"), true);
    town.import(&voters(&[
        ("A1", "NELL", "77 VAN HOLT ST APT 4-B", "ASHBY", "27001"),
        ("A2", "ODA", "77 VAN HOLT ST APT 4B", "ASHBY", "27001"),
        ("A3", "IVO", "77 VAN HOLT ST APT 4 B", "ASHBY", "27001"),
    ]))
    .unwrap();
    let kept: Vec<DoorId> = town.doors().iter().map(|door| door.id).collect();
    assert!(!kept.contains(&free) && kept.contains(&in_turf) && kept.contains(&noted));
    let n_homes: i64 = town.conn.query_row("SELECT count(DISTINCT door) FROM voter", [], |row| row.get(0)).unwrap();
    assert_eq!(n_homes, 1);
}

#[test]
fn a_door_is_not_given_to_strangers_who_come_later() {
    let town = Town::new();
    town.import(&voters(&[("A1", "BRAM", "12 S ST", "ASHBY", "27001")])).unwrap();
    let letter = town.door("12 S Street");
    town.import(&voters(&[("A2", "NELL", "12 SOUTH ST", "ASHBY", "27001")])).unwrap();
    assert_eq!(town.door("12 S Street").id, letter.id);
    assert_ne!(town.door("12 South Street").id, letter.id);
    assert_eq!(town.door_of("Bram Lantern").id, letter.id);
}

#[test]
fn addresses_in_the_usual_spelling_have_the_ids_of_the_first_versions() {
    let town = Town::new();
    town.import(&voters(&[
        ("A1", "NELL", "31 MAPLE ST APT 4B", "ASHBY", "27001"),
        ("A2", "ODA", "31 MAPLE ST APT 5B", "ASHBY", "27001"),
        ("A3", "IVO", "100 5TH ST S", "ASHBY", "27001"),
    ]))
    .unwrap();
    for (address, text) in [
        ("31 Maple Street, 4B", "31 MAPLE ST/4B/27001"),
        ("31 Maple Street, 5B", "31 MAPLE ST/5B/27001"),
        ("100 5th Street S", "100 5TH ST S//27001"),
    ] {
        assert_eq!(town.door(address).id, DoorId::derive(CAMPAIGN, "address", text));
    }
    let building = BuildingId::derive(CAMPAIGN, "address", "31 Maple Street/27001");
    assert_eq!(town.door("31 Maple Street, 4B").building, Some(building));
}

#[test]
fn points_of_the_first_versions_are_found_and_those_they_mixed_up_are_not() {
    let town = Town::new();
    for key in ["27 MAPLE ST/27001", "100 5TH ST S/27001", "37 1/2 OAK ST/27001", "12 S ST/27001", "14 MAIN ST/"] {
        town.conn.execute("INSERT INTO point (key, lon, lat) VALUES (?1, -79.3, 36.2)", params![key]).unwrap();
    }
    town.import(&voters(&[
        ("A1", "NELL", "27 MAPLE ST", "ASHBY", "27001"),
        ("A2", "ODA", "100 5TH ST S", "ASHBY", "27001"),
        ("A3", "IVO", "37 1/2 OAK ST", "ASHBY", "27001"),
        ("A4", "BRAM", "12 SOUTH ST", "ASHBY", "27001"),
        ("A5", "JUNO", "12 S ST", "ASHBY", "27001"),
        ("A6", "FARO", "14 MAIN ST", "ASHBY", "27001"),
    ]))
    .unwrap();
    for address in ["27 Maple Street", "100 5th Street S", "37 1/2 Oak Street"] {
        assert!(is_at(&town.door(address), -79.3, 36.2), "{address}");
    }
    for address in ["12 South Street", "12 S Street", "14 Main Street"] {
        assert_eq!(town.door(address).at, None, "{address}");
    }
    assert_eq!(town.overview().n_points, 3);
}
