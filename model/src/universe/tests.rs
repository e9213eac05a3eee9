//! Filters as they are written, read again and checked.

use super::{Condition, Filter, MAX_DEPTH, MAX_PARTS, Mark, TurfPlace};
use crate::id::{QuestionId, TurfId};
use crate::place::LonLat;
use crate::time::At;
use crate::visit::ResultCode;
use serde_json::{Value, json};

fn read(text: &Value) -> Filter {
    serde_json::from_str(&text.to_string()).unwrap_or_default()
}

#[test]
fn what_only_a_newer_program_knows_is_kept_and_never_guessed() {
    #[track_caller]
    fn check(text: Value) {
        let filter = read(&text);
        assert!(filter.needs_newer(), "{filter:?}");
        let told = filter.check().err().map(|message| message.id);
        assert_eq!(told.as_deref(), Some("filter-needs-newer"), "{text}");
        assert_eq!(serde_json::to_value(&filter).ok(), Some(text), "it is written as it was read");
    }
    check(json!({"is": {"shoe_size": {"from": 44}}}));
    check(json!({"at_least": {"n": 2, "of": []}}));
    check(json!({"all": [{"is": {"has_phone": {}}}, {"not": {"is": {"shoe_size": {"from": 44}}}}]}));
    // A field that a newer program added narrows a condition: without it others would be found.
    check(json!({"is": {"age": {"from": 18, "to": null, "on": 1_793_440_800_000_i64}}}));
    check(json!({"is": {"last_result": {"any": ["slept"], "or_none": false}}}));
    check(json!({"is": {"marked": {"any": ["moved", "on_holiday"]}}}));
    check(json!({"is": {"turf": {"place": "around"}}}));
    check(json!({"is": {"lives_with": {"with": {"is": {"shoe_size": {}}}}}}));
}

#[test]
fn every_condition_is_read_as_it_was_written() {
    let question = QuestionId::from_bytes([5; 16]);
    let any = vec!["DEM".to_owned(), String::new()];
    let conditions = [
        Condition::Party { any: any.clone() },
        Condition::Precinct { any: any.clone() },
        Condition::Town { any: any.clone() },
        Condition::Zip { any: any.clone() },
        Condition::Age { from: Some(18), to: None },
        Condition::AgeUnknown {},
        Condition::HasPhone {},
        Condition::LastResult { any: ResultCode::ALL.to_vec(), or_none: true },
        Condition::Attempts { from: None, to: Some(2) },
        Condition::ContactedSince { at: At(0) },
        Condition::NotReachedSince { at: At(1_793_440_800_000) },
        Condition::Answered { question, any },
        Condition::Marked { any: Mark::ALL.to_vec() },
        Condition::Turf { place: TurfPlace::Out },
        Condition::InTurf { any: vec![TurfId::from_bytes([3; 16])] },
        Condition::LivesWith { with: Box::new(Filter::not_homes()) },
        Condition::Near { at: LonLat { lon: -82.55, lat: 35.6 }, within_m: 250.0 },
        Condition::Text { text: "ruiz".to_owned() },
    ];
    let all = Filter::All(conditions.into_iter().map(Filter::Is).collect());
    let filter = Filter::Any(vec![all, Filter::Not(Box::default())]);
    assert_eq!(read(&serde_json::to_value(&filter).unwrap_or_default()), filter);
    assert_eq!(filter.check(), Ok(()));
}

#[test]
fn what_makes_no_sense_is_told() {
    #[track_caller]
    fn check(condition: Condition, expected: &str) {
        let told = Filter::Is(condition).check().err().map(|message| message.id);
        assert_eq!(told.as_deref().unwrap_or_default(), expected);
    }
    let at = LonLat { lon: -82.55, lat: 35.6 };
    check(Condition::Age { from: Some(44), to: Some(25) }, "filter-order-wrong");
    check(Condition::Age { from: Some(25), to: Some(25) }, "");
    check(Condition::Attempts { from: Some(2), to: Some(1) }, "filter-order-wrong");
    check(Condition::Attempts { from: None, to: Some(u32::MAX) }, "filter-number-large");
    check(Condition::ContactedSince { at: At(1) }, "filter-date-wrong");
    check(Condition::NotReachedSince { at: At(i64::MAX) }, "filter-date-wrong");
    check(Condition::NotReachedSince { at: At(i64::MIN) }, "filter-date-wrong");
    for within_m in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        check(Condition::Near { at, within_m }, "filter-distance-wrong");
    }
    for lat in [f64::NAN, 91.0] {
        check(Condition::Near { at: LonLat { lat, ..at }, within_m: 10.0 }, "filter-place-wrong");
    }
    check(Condition::Text { text: "x".repeat(201) }, "filter-text-long");
    check(Condition::Party { any: vec![String::new(); 1001] }, "filter-values-many");
    let within = |filter: Filter| Condition::LivesWith { with: Box::new(filter) };
    check(within(Condition::Age { from: Some(2), to: Some(1) }.into()), "filter-order-wrong");
    let deep = (0..=MAX_DEPTH).fold(Filter::default(), |filter, _| Filter::Not(Box::new(filter)));
    check(within(deep), "filter-too-large");
    check(within(Filter::Any(vec![Filter::default(); MAX_PARTS])), "filter-too-large");
}
