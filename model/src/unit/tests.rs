//! Laws of units: one spelling each, in the order of the walk, found as they are typed.

use super::{find, floor, key, order, spell};

#[test]
fn a_unit_has_one_spelling() {
    for (text, spelled) in [
        ("4B", "4B"),
        ("APT 4B", "4B"),
        ("#4B", "4B"),
        ("Apt 4-B", "4B"),
        ("apt. 4 b", "4B"),
        ("UNIT # 4B", "4B"),
        ("APT NO 4", "4"),
        ("APT4", "4"),
        ("B-12", "B12"),
        ("B 12", "B12"),
        ("12-3", "12-3"),
        ("lot 12", "LOT 12"),
        ("TRAILER 6", "TRLR 6"),
        ("TRLR6", "TRLR 6"),
        ("SPACE 14", "SPC 14"),
        ("2ND FL", "FL 2"),
        ("SECOND FLOOR", "FL 2"),
        ("FLOOR 3", "FL 3"),
        ("APT 1ST FL", "FL 1"),
        ("BUILDING C APT 4", "BLDG C APT 4"),
        ("BLDG C # 4", "BLDG C APT 4"),
        ("BLDG C 4", "BLDG C 4"),
        ("PENTHOUSE 2", "PH 2"),
        ("BASEMENT", "BSMT"),
        ("UPPER", "UPPR"),
        ("GARDEN", "GARDEN"),
        ("APT FRONT", "FRNT"),
        ("4 1/2", "4 1/2"),
        ("", ""),
    ] {
        assert_eq!(spell(text), spelled, "{text}");
        assert_eq!(spell(spelled), spelled, "{text}");
    }
}

#[test]
fn spellings_of_one_unit_meet_and_other_units_stay_apart() {
    for (one, other) in [("BLDG C APT 4", "BLDG C 4"), ("04", "4"), ("APT 4-B", "#4b"), ("SUITE 20", "STE 20")] {
        assert_eq!(key(one), key(other), "{one} {other}");
    }
    for (one, other) in [("LOT 4", "4"), ("12-3", "123"), ("FL 2", "2"), ("A", "4A"), ("LOT 4", "SPC 4"), ("0", "")] {
        assert_ne!(key(one), key(other), "{one} {other}");
    }
}

#[test]
fn units_come_as_people_walk_them() {
    let wanted =
        ["", "2", "10", "12", "12A", "13", "101", "A", "B", "BSMT", "FL 2", "LOT 2", "LOT 10", "LOT 12A", "LOT A"];
    let mut units = wanted.to_vec();
    units.reverse();
    units.sort_by_key(|unit| order(unit));
    assert_eq!(units, wanted);
}

#[test]
fn a_lot_is_no_storey() {
    for (unit, told) in [
        ("LOT 12", None),
        ("LOT 12A", None),
        ("TRLR 101", None),
        ("SPC 14", None),
        ("SLIP 3", None),
        ("BLDG 3", None),
        ("BLDG 3 APT 204", Some(2)),
        ("FL 3", Some(3)),
        ("STE 420", Some(4)),
        ("REAR", None),
        ("PH 2", None),
    ] {
        assert_eq!(floor(unit), told, "{unit}");
    }
}

#[test]
fn a_unit_is_found_as_it_is_typed() {
    let units = ["LOT 1", "LOT 12", "LOT 12A", "4B", "STE 20", "SPC 7", "LOT 7"];
    for (typed, found) in [
        ("12", Some(1)),
        ("lot 12", Some(1)),
        ("Lot12a", Some(2)),
        ("#12", Some(1)),
        ("apt 4-b", Some(3)),
        ("20", Some(4)),
        ("suite 20", Some(4)),
        ("7", None),
        ("spc 7", Some(5)),
        ("2", None),
        ("", None),
    ] {
        assert_eq!(find(units, typed), found, "{typed}");
    }
}
