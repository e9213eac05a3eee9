//! Laws of the words.
#![allow(clippy::unwrap_used)]

use crate::id::{CampaignId, Sha256, VoterId};
use crate::time::At;
use crate::unit;
use proptest::prelude::*;

#[test]
fn a_reimport_meets_the_same_voter() {
    let campaign = CampaignId::new(1, [7; 10]);
    assert_eq!(VoterId::derive(campaign, "nc", "AA1"), VoterId::derive(campaign, "nc", "AA1"));
    assert_ne!(VoterId::derive(campaign, "nc", "AA1"), VoterId::derive(campaign, "nc", "AA2"));
    assert_ne!(VoterId::derive(campaign, "nc", "AA1"), VoterId::derive(CampaignId::new(2, [7; 10]), "nc", "AA1"));
}

#[test]
fn time_is_told_in_iso() {
    for (ms, iso) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (1_793_467_205_999, "2026-10-31T17:20:05Z"),
        (-1, "1969-12-31T23:59:59Z"),
    ] {
        assert_eq!(At(ms).to_iso(), iso);
    }
}

#[test]
fn a_unit_tells_its_floor() {
    for (unit, floor) in
        [("4B", Some(4)), ("1203", Some(12)), ("101", Some(1)), ("APT 2", Some(2)), ("PH", None), ("", None)]
    {
        assert_eq!(unit::floor(unit), floor, "{unit}");
    }
}

proptest! {
    #[test]
    fn hashes_survive_json(bytes: [u8; 32]) {
        let hash = Sha256(bytes);
        let json = serde_json::to_string(&hash).unwrap();
        prop_assert_eq!(json.len(), 66);
        prop_assert_eq!(serde_json::from_str::<Sha256>(&json).unwrap(), hash);
        prop_assert_eq!(hash.to_string().parse::<Sha256>().unwrap(), hash);
    }
}
