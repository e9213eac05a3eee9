//! How addresses are matched to doors, and where doors are located.

use super::{Point, Town, is_at, points, voters};
use crate::cut::stops;
use porchlight_model::unit;

const BOTH: [&str; 2] = ["addresses.csv", "voters.txt"];

#[test]
fn names_in_capitals_are_written_as_people_write_them() {
    let town = Town::of("01-roman-suffixes", &BOTH);
    let wanted = [
        "Petra Thistlewood",
        "Faro Puddleford",
        "Wilf Oakenshaw III",
        "Wilf Oakenshaw IV",
        "Wilf Oakenshaw Jr",
        "Juno McQuillan",
        "Oda O'Marrowby",
        "Tamsin Fenwhistle-Lowe",
        "Ivo Brindlecote II",
    ];
    assert_eq!(town.names(), wanted);
    assert_eq!(town.overview().n_doors, 2);
}

#[test]
fn streets_with_compass_words_for_names_are_kept_apart_from_compass_points() {
    let town = Town::of("03-compass-streets", &BOTH);
    assert_eq!(town.n_doors(), (10, 10, 0));
    for (one, street, other, letter) in [
        ("Nell Oakenshaw", "12 South Street", "Bram Quillon", "12 S Street"),
        ("Petra Marrowby", "8 East Avenue", "Oren Larkspur", "8 E Avenue"),
    ] {
        let (one, other) = (town.door_of(one), town.door_of(other));
        assert_eq!((one.address().as_str(), other.address().as_str()), (street, letter));
        assert!((1_900.0..2_100.0).contains(&one.at.unwrap().distance_m(other.at.unwrap())));
    }
    for address in ["30 North Street", "31 N Main Street", "33 N Main Street", "419 West Boulevard"] {
        town.door(address);
    }
}

#[test]
fn words_of_units_in_the_names_of_streets_make_no_units() {
    let town = Town::of("04-unit-words-in-streets", &BOTH);
    assert_eq!(town.n_doors(), (9, 9, 0));
    for address in [
        "210 Old No 9 School Road",
        "212 Old No 9 School Road",
        "72 Old No 9 School Road, LOT 4",
        "45 Parking Lot Road",
        "47 Parking Lot Road",
        "60 Gold Fl Camp Lane",
        "18 Upper Unit Farm Road",
    ] {
        town.door(address);
    }
}

#[test]
fn units_of_all_sorts_are_doors_of_one_building() {
    let town = Town::of("05-unit-words-not-known", &BOTH);
    assert_eq!(town.n_doors(), (18, 18, 0));
    let house = town.door("12 Oak Street");
    let units: Vec<_> = town.doors().into_iter().filter(|door| door.building == house.building).collect();
    assert_eq!(units.len(), 15, "{:?}", town.addresses());
    assert!(units.iter().all(|door| is_at(door, -79.3, 36.2)));
    assert_eq!(town.door("14 Oak Street").building, None);
}

#[test]
fn half_and_lettered_numbers_are_houses_of_their_own_in_the_order_of_their_value() {
    let town = Town::of("07-half-numbers", &BOTH);
    assert_eq!(town.n_doors(), (10, 10, 0));
    let stops = stops::group(town.doors());
    let order: Vec<String> = stops.iter().map(|stop| stop.doors[0].address()).collect();
    let wanted = [
        "123 Maple Street",
        "123A Maple Street",
        "45B Maple Street",
        "12 1/2 Maple Street",
        "16 1/2A Maple Street",
        "18 3/4 Maple Street",
        "10 Plain Street",
        "12 Plain Street",
        "37 St Osric Place",
        "37 1/2 St Osric Place",
    ];
    let mut sorted = wanted.to_vec();
    sorted.sort_unstable();
    assert_eq!(town.addresses(), sorted);
    let at = |address: &str| order.iter().position(|other| other == address).unwrap();
    assert!(at("37 St Osric Place") < at("37 1/2 St Osric Place"));
    assert!(at("45B Maple Street") < at("123 Maple Street") && at("123 Maple Street") < at("123A Maple Street"));
    assert!(
        at("12 1/2 Maple Street") < at("16 1/2A Maple Street")
            && at("16 1/2A Maple Street") < at("18 3/4 Maple Street")
    );
}

#[test]
fn ordinals_in_words_and_in_digits_are_one_street() {
    let town = Town::of("09-ordinal-streets", &BOTH);
    assert_eq!(town.n_doors(), (7, 7, 0));
    let (one, other) = (town.door_of("Oren Marrowby"), town.door_of("Oda Quillon"));
    assert_eq!((one.street.as_str(), other.street.as_str()), ("2nd Avenue", "22nd Street"));
    assert_eq!(town.door_of("Ivo Brindlecote").street, other.street);
}

#[test]
fn one_address_in_two_towns_stands_in_each_and_never_in_the_wrong_one() {
    let town = Town::of("20-two-towns-no-zip", &BOTH);
    assert_eq!(town.n_doors(), (6, 6, 0));
    for (name, lon) in [
        ("Nell Oakenshaw", -79.3),
        ("Oda Oakenshaw", -79.299_78),
        ("Bram Quillon", -79.201),
        ("Ivo Quillon", -79.200_78),
    ] {
        let (_, address) = town.people().into_iter().find(|(other, _)| other == name).unwrap();
        let door = town.doors().into_iter().find(|door| door.address() == address && is_at(door, lon, 36.2));
        assert!(door.is_some(), "{name}");
    }
}

#[test]
fn a_door_whose_town_cannot_be_told_has_no_place_and_is_counted() {
    const ASHBY: f64 = -79.3;
    const BROOK: f64 = -79.2;
    /// Checks where 12 Main Street in Ashby, 27001, is located after files with these points (`None`: nowhere), and the count of ambiguous doors.
    #[track_caller]
    fn check(files: &[&[Point<'_>]], city: &str, zip: &str, lon: Option<f64>, n_unclear: u64) {
        let town = Town::new();
        town.import(&voters(&[("A1", "NELL", "12 MAIN ST", city, zip)])).unwrap();
        for file in files {
            town.import(&points(file)).unwrap();
        }
        let door = town.door("12 Main Street");
        assert_eq!((door.at.map(|at| at.lon), town.overview().n_unclear), (lon, n_unclear), "{files:?} {city} {zip}");
    }
    let at = |lon: f64, city: &'static str, zip: &'static str| (lon, 36.2, "12", "Main St", city, zip);
    let (ashby, brook) = (at(ASHBY, "Ashby", ""), at(BROOK, "Cold Brook", ""));
    check(&[&[ashby, brook]], "ASHBY", "27001", Some(ASHBY), 0);
    check(&[&[brook, ashby]], "ASHBY", "", Some(ASHBY), 0);
    check(&[&[ashby, brook]], "", "27001", None, 1);
    check(&[&[ashby], &[brook]], "", "27001", None, 1);
    // Points without town and postal code, 9 km apart.
    check(&[&[at(ASHBY, "", ""), at(BROOK, "", "")]], "ASHBY", "27001", None, 1);
    check(&[&[at(ASHBY, "", ""), at(ASHBY + 0.000_1, "", "")]], "ASHBY", "27001", Some(ASHBY), 0);
    // The only point is in another town.
    check(&[&[brook]], "ASHBY", "27001", None, 0);
    check(&[&[brook]], "", "27001", Some(BROOK), 0);
    check(&[&[at(BROOK, "", "27002")]], "ASHBY", "27001", None, 0);
    // The postal code decides if the towns of post and county differ.
    check(&[&[at(ASHBY, "Ashby Township", "27001"), brook]], "ASHBY", "27001", Some(ASHBY), 0);
    check(&[&[at(ASHBY, "Mt Ashby", ""), brook]], "MOUNT ASHBY", "27001", Some(ASHBY), 0);
}

#[test]
fn one_address_in_two_towns_of_one_postal_code_is_two_homes() {
    let town = Town::new();
    town.import(&voters(&[
        ("A1", "NELL", "12 MAIN ST", "ASHBY", "27001"),
        ("A2", "BRAM", "12 MAIN ST", "COLD BROOK", "27001"),
        ("A3", "ODA", "12 MAIN STREET", "ASHBY", "27001-1234"),
    ]))
    .unwrap();
    town.import(&points(&[
        (-79.3, 36.2, "12", "Main St", "Ashby", "27001"),
        (-79.2, 36.2, "12", "Main St", "Cold Brook", "27001"),
    ]))
    .unwrap();
    let doors = town.doors();
    assert_eq!(doors.len(), 2);
    for door in &doors {
        assert!(is_at(door, if door.city == "Ashby" { -79.3 } else { -79.2 }, 36.2));
        assert_eq!(door.building, None);
    }
    assert_eq!(stops::runs(stops::group(doors), 1e6).len(), 2, "two towns are no street face");
}

#[test]
fn a_door_is_guessed_between_neighbours_of_its_own_town_only() {
    let town = Town::new();
    town.import(&voters(&[
        ("A1", "NELL", "10 MAIN ST", "ASHBY", "27001"),
        ("A2", "BRAM", "14 MAIN ST", "COLD BROOK", "27001"),
        ("A3", "ODA", "12 MAIN ST", "ASHBY", "27001"),
        ("A4", "IVO", "12 MAIN ST", "QUILLBY", "27001"),
        ("A5", "PETRA", "37 MAIN ST", "ASHBY", "27001"),
        ("A6", "FARO", "39 MAIN ST", "ASHBY", "27001"),
        ("A7", "WILF", "37 1/2 MAIN ST", "ASHBY", "27001"),
        ("A8", "JUNO", "101 MAIN ST", "ASHBY", "27001"),
        ("A9", "TAMSIN", "105 MAIN ST", "ASHBY", "27001"),
        ("B1", "LETTIE", "103 MAIN ST", "ASHBY", "27001"),
    ]))
    .unwrap();
    town.import(&points(&[
        (-79.3, 36.2, "10", "Main St", "Ashby", "27001"),
        (-79.2, 36.2, "14", "Main St", "Cold Brook", "27001"),
        (-79.3, 36.201, "37", "Main St", "Ashby", "27001"),
        (-79.3, 36.202, "39", "Main St", "Ashby", "27001"),
        (-79.3, 36.21, "101", "Main St", "Ashby", "27001"),
        (-79.28, 36.21, "105", "Main St", "Ashby", "27001"),
    ]))
    .unwrap();
    let of = |city: &str, number: &str| {
        let door = town.doors().into_iter().find(|door| door.city == city && door.number == number).unwrap();
        (door.at.map(|at| (at.lon, (at.lat * 1e5).round() / 1e5)), door.is_at_guessed)
    };
    assert_eq!(of("Ashby", "12"), (Some((-79.3, 36.2)), true));
    assert_eq!(of("Quillby", "12"), (None, false));
    assert_eq!(of("Ashby", "37 1/2"), (Some((-79.3, 36.201_25)), true));
    assert_eq!(of("Ashby", "103"), (None, false), "neighbours 2 km apart tell nothing");
}

#[test]
fn one_household_is_one_door_however_it_is_spelled() {
    let town = Town::of("30-one-household-many-spellings", &BOTH);
    assert_eq!(town.n_doors(), (7, 7, 0));
    let (door, n) = (town.door("77 E Van Holt Street, 4B"), town.people());
    assert_eq!(
        n.iter().filter(|(name, _)| name.contains("Oakenshaw")).map(|(_, at)| at).collect::<Vec<_>>(),
        [&door.address(); 5]
    );
    let (one, two) = (town.door("100 5th Street S, 1"), town.door("100 5th Street S, 2"));
    assert!(one.building.is_some() && one.building == two.building);
    let faces = stops::runs(stops::group(town.doors()), 1e6);
    let face = faces.iter().find(|run| run.iter().any(|stop| stop.doors.iter().any(|door| door.id == one.id))).unwrap();
    assert_eq!(face.iter().map(|stop| stop.doors[0].number.as_str()).collect::<Vec<_>>(), ["100", "102", "104"]);
}

#[test]
fn spellings_of_a_household_meet_whatever_they_differ_in() {
    for spellings in [
        &["4 OAK ST", "4 Oak Street", "4 OAK STR.", "004 OAK ST"][..],
        &["4 N OAK ST", "4 NORTH OAK ST", "4 OAK ST N", "4 N. Oak St."],
        &["4 5TH AVE NW", "4 FIFTH AVENUE NORTHWEST", "4 NW 5TH AVE", "4 5 AVE NW"],
        &["4 OAK ST LOT 7", "4 OAK ST LOT # 7", "4 OAK STREET LOT7", "4 OAK ST LOT 07"],
        &["4 OAK ST STE 200", "4 OAK ST SUITE 200", "4 OAK ST STE. #200"],
        &["4 OAK ST BLDG C APT 4", "4 OAK ST BUILDING C UNIT 4", "4 OAK ST BLDG C #4"],
        &["4 1/2 OAK ST", "4½ OAK ST", "4-1/2 OAK ST"],
        &["4B OAK ST", "4-B OAK ST", "4 B OAK ST"],
        &["4 ST JOHN'S CT", "4 SAINT JOHNS COURT"],
    ] {
        let rows: Vec<(String, &str)> =
            spellings.iter().enumerate().map(|(n, text)| (format!("A{n}"), *text)).collect();
        let rows: Vec<_> = rows.iter().map(|(id, text)| (id.as_str(), "NELL", *text, "ASHBY", "27001")).collect();
        let town = Town::new();
        town.import(&voters(&rows)).unwrap();
        assert_eq!(town.doors().len(), 1, "{:?}", town.addresses());
    }
}

#[test]
fn lots_come_in_the_order_of_their_numbers_and_a_lot_is_no_storey() {
    let town = Town::of("28-mobile-home-park", &BOTH);
    let stop = stops::group(town.doors()).into_iter().find(|stop| stop.doors.len() > 2).unwrap();
    let units: Vec<&str> = stop.doors.iter().map(|door| door.unit.as_str()).collect();
    let mut wanted: Vec<String> = (1..=12).map(|n| format!("LOT {n}")).collect();
    wanted.push("LOT 12A".to_owned());
    wanted.extend((13..=40).map(|n| format!("LOT {n}")));
    wanted.push("LOT A".to_owned());
    assert_eq!(units, wanted);
    assert!(units.iter().all(|unit| unit::floor(unit).is_none()));
    let found = |typed: &str| unit::find(units.iter().copied(), typed).map(|index| units[index]);
    assert_eq!(
        ["12", "lot 12", "12a", "Lot A", "41"].map(found),
        [Some("LOT 12"), Some("LOT 12"), Some("LOT 12A"), Some("LOT A"), None]
    );
}
