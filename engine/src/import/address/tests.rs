//! Laws of addresses: all spellings of a place have one key, different places have different keys, and what is shown can be parsed again.

use super::{Address, first_keys, number, street, town_key};

#[track_caller]
fn check(text: &str, number: &str, street: &str, unit: &str) {
    let found = Address::parse(text);
    let parts = (found.number.as_str(), found.street.as_str(), found.unit.as_str());
    assert_eq!(parts, (number, street, unit), "{text}");
    let again = Address::of_parts(&found.number, &found.street, &found.unit);
    assert_eq!(again, found, "{text}: what is shown is read as something else");
    assert_eq!(again.key(), found.key(), "{text}");
}

#[test]
fn an_undivided_address_is_taken_apart() {
    for (text, number, street, unit) in [
        ("27 MAPLE ST", "27", "Maple Street", ""),
        ("27   MAPLE   ST   ", "27", "Maple Street", ""),
        ("31 MAPLE ST APT 4B", "31", "Maple Street", "4B"),
        ("31 MAPLE ST #4B", "31", "Maple Street", "4B"),
        ("12 1/2 N OAK AVE", "12 1/2", "N Oak Avenue", ""),
        ("27A OLD MILL RD LOT 12", "27A", "Old Mill Road", "LOT 12"),
        ("100 E 2ND ST NW UNIT 5", "100", "E 2nd Street NW", "5"),
        ("5 ST JAMES CT", "5", "St James Court", ""),
        ("7 COURT ST", "7", "Court Street", ""),
        ("9 THE CIRCLE", "9", "The Circle", ""),
        ("RURAL ROUTE", "", "Rural Route", ""),
        ("5TH ST", "", "5th Street", ""),
        ("", "", "", ""),
    ] {
        check(text, number, street, unit);
    }
}

#[test]
fn compass_words_that_are_names_are_no_compass_points() {
    for (text, street) in [
        ("12 SOUTH ST", "South Street"),
        ("12 S ST", "S Street"),
        ("8 EAST AVE", "East Avenue"),
        ("8 E AVE", "E Avenue"),
        ("419 WEST BLVD", "West Boulevard"),
        ("30 NORTH ST", "North Street"),
        ("31 N MAIN ST", "N Main Street"),
        ("33 NORTH MAIN STREET", "N Main Street"),
        ("4 N SOUTH ST", "N South Street"),
        ("4 NORTH EAST ST", "N East Street"),
        ("4 NORTHEAST BLVD", "Northeast Boulevard"),
        ("4 S BROADWAY", "S Broadway"),
        ("4 SOUTH PARK", "South Park"),
        ("1200 AVENUE S", "Avenue S"),
        ("4 COUNTY ROAD N", "County Road N"),
        ("4 OLD NORTH RD", "Old North Road"),
        ("350 N 100 W", "N 100 W"),
        ("4 5TH ST N W", "5th Street NW"),
    ] {
        let number = text.split(' ').next().unwrap_or_default();
        check(text, number, street, "");
    }
}

#[test]
fn words_of_units_inside_names_are_words_of_the_street() {
    for (text, street, unit) in [
        ("210 OLD NO 9 SCHOOL RD", "Old No 9 School Road", ""),
        ("72 OLD NO 9 SCHOOL RD LOT 4", "Old No 9 School Road", "LOT 4"),
        ("45 PARKING LOT RD", "Parking Lot Road", ""),
        ("60 GOLD FL CAMP LN", "Gold Fl Camp Lane", ""),
        ("18 UPPER UNIT FARM RD", "Upper Unit Farm Road", ""),
        ("5 KEY LARGO DR", "Key Largo Drive", ""),
        ("5 OLD STOP A RD", "Old Stop A Road", ""),
        ("5 REAR ADMIRAL LN", "Rear Admiral Lane", ""),
        ("5 LAKE FRONT DR", "Lake Front Drive", ""),
        ("5 OCEAN FRONT", "Ocean Front", ""),
        ("5 OAK RIDGE TOWER RD", "Oak Ridge Tower Road", ""),
        ("5 SPACE CENTER BLVD STE 3", "Space Center Boulevard", "STE 3"),
        ("5 COUNTY ROAD NO 9", "County Road No 9", ""),
        ("5 HIGHWAY 42 LOT 7", "Highway 42", "LOT 7"),
        ("5 NC HWY 42 W UNIT 7", "NC Highway 42 W", "7"),
        ("5 COUNTY ROAD 12", "County Road 12", ""),
    ] {
        let number = text.split(' ').next().unwrap_or_default();
        check(text, number, street, unit);
    }
}

#[test]
fn units_of_every_sort_are_told_from_the_street() {
    for (tail, unit) in [
        ("BSMT", "BSMT"),
        ("REAR", "REAR"),
        ("2ND FL", "FL 2"),
        ("SECOND FLOOR", "FL 2"),
        ("FLOOR 3", "FL 3"),
        ("BUILDING C APT 4", "BLDG C APT 4"),
        ("BLDG C APT 5", "BLDG C APT 5"),
        ("BLDG 3 # 12", "BLDG 3 APT 12"),
        ("PH 2", "PH 2"),
        ("PENTHOUSE", "PH"),
        ("UPPR", "UPPR"),
        ("UPPER", "UPPR"),
        ("FRONT", "FRNT"),
        ("SPC 14", "SPC 14"),
        ("SPACE 14", "SPC 14"),
        ("TRAILER 6", "TRLR 6"),
        ("TRLR 6", "TRLR 6"),
        ("APT 1ST FL", "FL 1"),
        ("APT REAR", "REAR"),
        ("STE 20", "STE 20"),
        ("RM 7", "RM 7"),
        ("SLIP 3", "SLIP 3"),
        ("HNGR 2", "HNGR 2"),
        ("DEPT 5", "DEPT 5"),
        ("FRNT", "FRNT"),
        ("LOT E", "LOT E"),
        ("APT N", "N"),
        ("APT4B", "4B"),
        ("LOT12", "LOT 12"),
        ("APT # 4B", "4B"),
        (", APT. 4-B", "4B"),
        ("APT 4 B", "4B"),
        ("4B", "4B"),
        ("APT GARDEN", "GARDEN"),
        ("APT", ""),
    ] {
        check(&format!("12 OAK ST {tail}"), "12", "Oak Street", unit);
    }
}

#[test]
fn halves_and_letters_belong_to_the_number() {
    for (text, number, street) in [
        ("37 1/2 ST OSRIC PL", "37 1/2", "St Osric Place"),
        ("123 A MAPLE ST", "123A", "Maple Street"),
        ("123A MAPLE ST", "123A", "Maple Street"),
        ("123-A MAPLE ST", "123A", "Maple Street"),
        ("45-B MAPLE ST", "45B", "Maple Street"),
        ("12½ MAPLE ST", "12 1/2", "Maple Street"),
        ("12-1/2 MAPLE ST", "12 1/2", "Maple Street"),
        ("16 1/2A MAPLE ST", "16 1/2A", "Maple Street"),
        ("18 3/4 MAPLE ST", "18 3/4", "Maple Street"),
        ("0012 MAPLE ST", "12", "Maple Street"),
        ("12 A ST", "12", "A Street"),
        ("12 B CIR", "12", "B Circle"),
        ("12 A ST JAMES CT", "12A", "St James Court"),
        ("10 B STREET NW", "10", "B Street NW"),
        ("12 E MAPLE ST", "12", "E Maple Street"),
        ("12 J SMITH RD", "12", "J Smith Road"),
        ("12 H L SMITH RD", "12", "H L Smith Road"),
        ("27-01 30TH AVE", "27-01", "30th Avenue"),
        ("N6W23001 BLUEMOUND RD", "N6W23001", "Bluemound Road"),
    ] {
        check(text, number, street, "");
    }
    for (cell, number) in
        [("37 1/2", "37 1/2"), ("18-3/4", "18 3/4"), ("45B", "45B"), ("123 e", "123E"), ("12½", "12 1/2")]
    {
        assert_eq!(number::spell(cell), number);
    }
}

#[test]
fn numbers_along_a_street_come_by_their_value() {
    let wanted = ["9", "12", "12A", "12 1/4", "12 1/2", "13", "37", "37 1/2", "123", "N6W23001"];
    let mut numbers = wanted.to_vec();
    numbers.reverse();
    numbers.sort_by_key(|text| number::order(text));
    assert_eq!(numbers, wanted);
    assert_eq!(["", "12 1/2", "x"].map(number::leading), [None, Some(12), None]);
}

#[test]
fn spellings_of_one_place_meet() {
    for (one, other) in [
        ("27 MAPLE STREET", "27 Maple St"),
        ("9 NORTH OAK AV", "9 N. Oak Ave."),
        ("12 FIRST ST", "12 1ST ST"),
        ("14 2ND AVE", "14 SECOND AVENUE"),
        ("16 TWENTY SECOND ST", "16 22ND ST"),
        ("18 TWENTY-SECOND ST", "18 22nd Street"),
        ("20 5 AVE", "20 FIFTH AVE"),
        ("20 11TH ST", "20 ELEVENTH ST"),
        ("20 ONE HUNDRED TENTH ST", "20 110TH ST"),
        ("20 SECOND CREEK RD", "20 2ND CREEK RD"),
        ("77 E VAN HOLT ST", "77 EAST VAN HOLT STREET"),
        ("77 E VAN HOLT ST", "77 VAN HOLT ST E"),
        ("100 5TH ST SOUTH", "100 S 5TH ST"),
        ("4 N E 5TH ST", "4 NORTHEAST 5TH ST"),
        ("4 SAINT OSRIC PL", "4 ST OSRIC PL"),
        ("4 ST JOHN'S RD", "4 ST JOHNS RD"),
        ("4 MOUNT AIRY TERRACE", "4 MT AIRY TER"),
        ("4 US HIGHWAY 70", "4 US HWY 70"),
        ("4 COUNTY ROAD NO 9", "4 COUNTY RD 9"),
        ("4 MILL ROAD EXT", "4 MILL RD EXTENSION"),
    ] {
        assert_eq!(Address::parse(one).key(), Address::parse(other).key(), "{one}, {other}");
    }
}

#[test]
fn places_that_differ_stay_apart() {
    for (one, other) in [
        ("12 SOUTH ST", "12 S ST"),
        ("8 EAST AVE", "8 E AVE"),
        ("37 ST OSRIC PL", "37 1/2 ST OSRIC PL"),
        ("123 MAPLE ST", "123 A MAPLE ST"),
        ("12 N MAIN ST", "12 S MAIN ST"),
        ("12 N MAIN ST", "12 MAIN ST"),
        ("12 W 100 N", "12 N 100 W"),
        ("12 MAPLE ST", "12 MAPLE AVE"),
        ("12 5TH ST", "12 5TH AVE"),
        ("12 1ST ST", "12 21ST ST"),
    ] {
        assert_ne!(Address::parse(one).key(), Address::parse(other).key(), "{one}, {other}");
    }
}

#[test]
fn towns_are_told_apart_however_they_are_abbreviated() {
    for (one, other) in [("MT AIRY", "Mount Airy"), ("City of Ashby", "ASHBY"), ("St. Osric", "SAINT OSRIC")] {
        assert_eq!(town_key(one), town_key(other));
    }
    assert_ne!(town_key("ASHBY"), town_key("COLD BROOK"));
}

#[test]
fn what_the_first_versions_derived_stays() {
    for (address, text) in [
        ("27 MAPLE STREET", "27 MAPLE ST/27000"),
        ("31 Maple St Apt 4B", "31 MAPLE ST/4B/27000"),
        ("12 1/2 N OAK AVE", "12 1/2 N OAK AVE//27000"),
        ("12 SOUTH ST", "12 S ST//27000"),
        ("123 A MAPLE ST", "123 A MAPLE ST//27000"),
        ("210 OLD NO 9 SCHOOL RD", "210 OLD/9 SCHOOL RD/27000"),
        ("77 E VAN HOLT ST APT 4-B", "77 E VAN HOLT ST/4-B/27000"),
    ] {
        let text = if text.matches('/').count() == 1 { text.replace('/', "//") } else { text.to_owned() };
        assert_eq!(first_keys::door(address, "27000"), text);
    }
    assert_eq!(street::key("Maple Street"), "MAPLE ST");
}
