//! A filter takes those who meet it: what the store says is compared with a plain evaluation over all rows.

mod naive;

use super::progress::everything::{Act, Town, act};
use super::town::{SIGN, SUPPORT, TURF, TURF_DOC, Walker, knock, told};
use crate::universe::{choices, count, export, list};
use naive::People;
use porchlight_model::calls::universe::{
    CountVoters, ExportVoters, FilterChoices, ListVoters, Order, SortBy, VoterPage, VoterRow,
};
use porchlight_model::id::{DeviceId, MemberId, TurfId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::place::LonLat;
use porchlight_model::relay::RosterDevice;
use porchlight_model::time::At;
use porchlight_model::universe::{Condition, Filter, Mark, TurfPlace};
use porchlight_model::visit::ResultCode;
use porchlight_model::voter::Voter;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SORTS: [SortBy; 7] = [
    SortBy::Name,
    SortBy::Age,
    SortBy::Address,
    SortBy::Precinct,
    SortBy::Party,
    SortBy::LastAttempt,
    SortBy::Attempts,
];

fn condition() -> impl Strategy<Value = Condition> {
    let words = |all: &'static [&'static str]| {
        prop::collection::vec(prop::sample::select(all), 0..3)
            .prop_map(|any| any.into_iter().map(str::to_owned).collect::<Vec<String>>())
    };
    let age = || prop::option::of(prop::sample::select(vec![0_u8, 18, 25, 44, 45, 255]));
    let time = || (0..40_i64).prop_map(|n| At(super::town::START.0 + n * 3000));
    let turf = || prop::sample::select(vec![TURF, TurfId::from_bytes([31; 16]), TurfId::from_bytes([77; 16])]);
    prop_oneof![
        words(&["UNA", "DEM", "", "GRN"]).prop_map(|any| Condition::Party { any }),
        words(&["7", "12", "", "99"]).prop_map(|any| Condition::Precinct { any }),
        words(&["Porchville", "Elsewhere"]).prop_map(|any| Condition::Town { any }),
        words(&["28801", "28802"]).prop_map(|any| Condition::Zip { any }),
        (age(), age()).prop_map(|(from, to)| Condition::Age { from: from.min(to), to: from.max(to) }),
        Just(Condition::AgeUnknown {}),
        Just(Condition::HasPhone {}),
        (prop::collection::vec(prop::sample::select(ResultCode::ALL.to_vec()), 0..3), any::<bool>())
            .prop_map(|(any, or_none)| Condition::LastResult { any, or_none }),
        (prop::option::of(0..3_u32), prop::option::of(3..5_u32))
            .prop_map(|(from, to)| Condition::Attempts { from, to }),
        time().prop_map(|at| Condition::ContactedSince { at }),
        time().prop_map(|at| Condition::NotReachedSince { at }),
        Just(Condition::NotReachedSince { at: At(0) }),
        (prop::sample::select(vec![SUPPORT, SIGN]), words(&["yes", "no", "maybe"]))
            .prop_map(|(question, any)| Condition::Answered { question, any }),
        prop::collection::vec(prop::sample::select(Mark::ALL.to_vec()), 0..3).prop_map(|any| Condition::Marked { any }),
        prop::sample::select(TurfPlace::ALL.to_vec()).prop_map(|place| Condition::Turf { place }),
        prop::collection::vec(turf(), 0..3).prop_map(|any| Condition::InTurf { any }),
        prop::sample::select(vec![50.0, 250.0, 90_000.0])
            .prop_map(|within_m| Condition::Near { at: LonLat { lon: -82.55, lat: 35.6 }, within_m }),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    condition().prop_map(Filter::Is).prop_recursive(4, 12, 3, |within| {
        prop_oneof![
            prop::collection::vec(within.clone(), 0..4).prop_map(Filter::All),
            prop::collection::vec(within.clone(), 0..4).prop_map(Filter::Any),
            within.clone().prop_map(|part| Filter::Not(Box::new(part))),
            within.prop_map(|with| Filter::Is(Condition::LivesWith { with: Box::new(with) })),
        ]
    })
}

/// Everybody whom a filter takes, read in pages of `limit`.
fn listed(walker: &mut Walker, filter: &Filter, order: Order, limit: u32) -> Vec<VoterRow> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let call = ListVoters { filter: filter.clone(), order, after, limit };
        let VoterPage { rows: page, next } = list::page(&mut walker.engine, &call).unwrap();
        assert!(page.len() <= limit as usize);
        rows.extend(page);
        after = next;
        if after.is_none() {
            return rows;
        }
    }
}

fn found(walker: &mut Walker, filter: &Filter) -> BTreeSet<VoterId> {
    listed(walker, filter, Order::default(), 500).into_iter().map(|row| row.voter).collect()
}

fn by_text(walker: &mut Walker, text: &str) -> Vec<String> {
    let filter = Condition::Text { text: text.to_owned() }.into();
    listed(walker, &filter, Order::default(), 2).into_iter().map(|row| row.name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_filter_takes_those_who_meet_it(
        acts in prop::collection::vec((act(), any::<bool>()), 1..50),
        filters in prop::collection::vec(filter(), 12),
        by in prop::sample::select(SORTS.to_vec()),
        is_down in any::<bool>(),
    ) {
        let mut town = Town::new();
        town.both.iter_mut().for_each(hand_out);
        for (act, is_asked) in acts {
            town.act(act);
            if is_asked {
                // Rows are brought up to date in between, not only at the end.
                found(&mut town.both[0], &Filter::default());
            }
        }
        for walker in &mut town.both {
            let people = People::read(walker.engine.conn());
            for filter in &filters {
                let expected = people.who_meet(filter);
                let rows = listed(walker, filter, Order { by, is_down }, 5);
                let told: BTreeSet<VoterId> = rows.iter().map(|row| row.voter).collect();
                prop_assert_eq!(&told, &expected, "{:?}", filter);
                prop_assert_eq!(rows.len(), expected.len(), "nobody comes twice");
                let counted = count::count(&mut walker.engine, &CountVoters { filter: filter.clone() }).unwrap();
                let doors: BTreeSet<_> = rows.iter().map(|row| row.door).collect();
                let n_with_phone = rows.iter().filter(|row| row.has_phone).count();
                prop_assert_eq!(
                    [counted.n_voters, counted.n_doors, counted.n_with_phone, counted.n_in_all],
                    [expected.len(), doors.len(), n_with_phone, people.len()].map(|n| n as u64)
                );
            }
        }
    }
}

/// A canvasser's device holds the first turf.
fn hand_out(walker: &mut Walker) {
    let device = RosterDevice {
        device: DeviceId::from_bytes([0x82; 16]),
        member: MemberId::from_bytes([2; 16]),
        name: "Walker 2".to_owned(),
        role: Role::Canvasser,
        last_heard: None,
        is_revoked: false,
        revocation: None,
        docs: vec![TURF_DOC],
        hand_in: Vec::new(),
        lease_until: At(0),
        hub_key: None,
    };
    walker.engine.write("roster", |tx| crate::store::settings::put(tx.conn(), "roster", &vec![device])).unwrap();
}

#[test]
fn people_are_found_by_telephone_id_name_and_address_and_all_of_them_come() {
    let mut town = Town::new();
    town.act(Act { what: 9, who: 0, a: 0, b: 0 });
    let olga = &mut town.both[0];
    let all = listed(olga, &Filter::default(), Order::default(), 3).len();
    assert_eq!(all, 13, "twelve on the file, and Kim");
    for (text, n) in [
        ("828-555-0142", 3),
        ("(828) 555 0142", 3),
        ("1 828.555.0142", 3),
        ("0142", 3),
        ("5550199", 3),
        ("+1 828 555 0199", 3),
        ("142", 0),
        ("xa0003", 1),
        ("XA00", 12),
        ("ruiz", 12),
        ("ana rui", 6),
        ("kim", 1),
        ("1 maple", 7),
        ("", all),
        (" '- ", 0),
        ("\" OR name:*", 0),
        ("0142 x", 0),
    ] {
        assert_eq!(by_text(olga, text).len(), n, "{text:?}");
    }
    let both = Filter::All(vec![
        Condition::Text { text: "ruiz".to_owned() }.into(),
        Filter::Not(Box::new(Condition::Text { text: "ana".to_owned() }.into())),
    ]);
    assert_eq!(found(olga, &both).len(), 6);
}

#[test]
fn lists_come_in_order_whichever_way() {
    let mut town = Town::new();
    let voter = town.voter(5);
    town.both[0].record(&porchlight_model::calls::visit::RecordVisit {
        voter: Some(voter.id),
        ..knock(&[voter.door], ResultCode::NotHome)
    });
    let olga = &mut town.both[0];
    let long = Voter { first: "N".repeat(500), last: "\u{5d0}\u{5d1}".repeat(250), ..voter };
    olga.engine.write("a file", |tx| crate::store::reference::put_voter(tx.conn(), &long)).unwrap();
    for by in SORTS {
        let up = listed(olga, &Filter::default(), Order { by, is_down: false }, 5);
        let mut down = listed(olga, &Filter::default(), Order { by, is_down: true }, 4);
        down.reverse();
        assert_eq!(up, down, "{by:?}");
        let is_sorted = match by {
            SortBy::Age => up.is_sorted_by_key(|row| row.age),
            SortBy::Party => up.is_sorted_by_key(|row| row.party.clone()),
            SortBy::Precinct => up.is_sorted_by_key(|row| row.precinct.parse::<u32>().unwrap_or_default()),
            SortBy::LastAttempt => up.is_sorted_by_key(|row| row.last.map(|(_, at)| at)),
            SortBy::Attempts => up.is_sorted_by_key(|row| row.n_attempts),
            SortBy::Name => up.last().is_some_and(|row| row.voter == long.id),
            SortBy::Address => up.is_sorted_by_key(|row| row.address.clone()),
        };
        assert!(is_sorted, "{by:?}: {up:?}");
    }
}

#[test]
fn whom_nobody_reached_is_a_filter_at_hand() {
    let mut town = Town::new();
    let (tried, met, closed) = (town.voter(0), town.voter(4), town.voter(8));
    for voter in [&tried, &met, &closed] {
        town.both[0].record(&knock(&[voter.door], ResultCode::NotHome));
    }
    town.talk(0, &met, 0);
    town.both[0].pass_ms(60_000);
    town.both[0].record(&knock(&[met.door], ResultCode::NotHome));
    let call = porchlight_model::calls::visit::SetFlag {
        about: porchlight_model::visit::About::Voter(closed.id),
        flag: porchlight_model::visit::Flag::DoNotContact,
        is_set: true,
    };
    crate::visit::flag::flag(&mut town.both[0].engine, &call).unwrap();
    let left = found(&mut town.both[0], &Filter::not_homes());
    assert!(left.contains(&tried.id) && !left.contains(&met.id) && !left.contains(&closed.id));
    assert_eq!(left.len(), 4, "both behind the first door, and the others behind two");
}

#[test]
fn a_list_is_a_table_that_a_spreadsheet_reads_and_choices_name_what_there_is() {
    let mut town = Town::new();
    let voter = town.voter(0);
    town.talk(0, &voter, 0);
    let engine = &mut town.both[0].engine;
    let call =
        ExportVoters { filter: Condition::Party { any: vec!["UNA".to_owned()] }.into(), order: Order::default() };
    let file = export::export(engine, &call).unwrap();
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!((file.n_rows, lines.len()), (4, 5));
    assert!(lines[0].starts_with("voter_id,voter,party,person,age,phone,number,street"), "{}", lines[0]);
    assert!(lines.iter().any(|line| line.starts_with("XA0000,Ana Ruiz,UNA") && line.contains("canvassed")));
    let choices = choices::choices(engine, &FilterChoices {}).unwrap();
    assert_eq!(choices.parties.iter().map(|(_, n)| n).sum::<u64>(), 12);
    assert_eq!(choices.precincts, [("", 4), ("7", 4), ("12", 4)].map(|(name, n)| (name.to_owned(), n)));
    assert_eq!(choices.questions.len(), 2);
    assert_eq!(choices.ages.first(), Some(&(18, 3)));
}

#[test]
fn nobody_is_looked_for_by_what_makes_no_sense_or_only_a_newer_program_knows() {
    let mut town = Town::new();
    let engine = &mut town.both[0].engine;
    let newer: Filter = serde_json::from_str(r#"{"all": [{"is": {"shoe_size": {"from": 44}}}]}"#).unwrap();
    assert_eq!(told(count::count(engine, &CountVoters { filter: newer })), "filter-needs-newer");
    let backwards = Condition::Age { from: Some(44), to: Some(25) }.into();
    assert_eq!(told(count::count(engine, &CountVoters { filter: backwards })), "filter-order-wrong");
    // A campaign of nobody.
    engine.write("leave", |tx| crate::store::empty(tx.conn())).unwrap();
    let nobody = count::count(engine, &CountVoters { filter: Filter::default() }).unwrap();
    assert_eq!((nobody.n_voters, nobody.n_in_all), (0, 0));
}

#[test]
fn who_is_confidential_is_never_listed() {
    let mut town = Town::new();
    let voter = town.voter(0);
    assert!(found(&mut town.both[0], &Filter::default()).contains(&voter.id));
    town.both[0].engine.write("a file", |tx| crate::store::confidential::note(tx.conn(), &[voter.id])).unwrap();
    assert!(!found(&mut town.both[0], &Filter::default()).contains(&voter.id));
    let text = Condition::Text { text: "XA0000".to_owned() }.into();
    assert!(found(&mut town.both[0], &text).is_empty());
}
