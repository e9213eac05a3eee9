//! Laws of the state of doors and of the people behind them.
#![allow(clippy::unwrap_used)]

use super::{Concerns, DoorState, Flag, Gone, Outcome, PersonState, Resident, ResultCode};
use crate::id::VoterId;
use crate::time::At;
use proptest::prelude::*;
use std::collections::BTreeSet;

const ANA: VoterId = VoterId::from_bytes([1; 16]);
const LEO: VoterId = VoterId::from_bytes([2; 16]);
const MARTA: VoterId = VoterId::from_bytes([3; 16]);
const WHO: [Option<VoterId>; 4] = [None, Some(ANA), Some(LEO), Some(MARTA)];

fn lives(voter: VoterId) -> Resident {
    Resident { voter, added_at: None, is_closed: false, gone: None }
}

fn household() -> Vec<Resident> {
    [ANA, LEO, MARTA].map(lives).to_vec()
}

/// Outcomes one after the other.
fn told(results: &[(Option<VoterId>, ResultCode)]) -> Vec<Outcome> {
    (1..).zip(results).map(|(at, (voter, result))| Outcome { voter: *voter, at: At(at), result: *result }).collect()
}

#[test]
fn the_mark_of_a_door_with_nobody_listed_follows_its_visits_and_flags() {
    use ResultCode::{Canvassed, ComeBack, FlyerLeft, Inaccessible, LanguageBarrier, Moved, NotHome, Refused};
    for (results, flags, state) in [
        (&[][..], &[][..], DoorState::Todo),
        (&[NotHome], &[], DoorState::NotHome),
        (&[NotHome, FlyerLeft], &[], DoorState::Flyer),
        (&[Inaccessible], &[], DoorState::Shut),
        (&[LanguageBarrier], &[], DoorState::Language),
        (&[Moved], &[], DoorState::Moved),
        (&[NotHome, Canvassed], &[], DoorState::Talked),
        (&[Canvassed, NotHome], &[], DoorState::Talked),
        (&[Canvassed, Refused], &[], DoorState::Refused),
        (&[ComeBack, NotHome], &[], DoorState::ComeBack),
        (&[Canvassed], &[Flag::DoNotContact], DoorState::Refused),
        (&[Canvassed], &[Flag::Danger, Flag::DoNotContact], DoorState::Danger),
    ] {
        let outcomes = told(&results.iter().map(|result| (None, *result)).collect::<Vec<_>>());
        assert_eq!(DoorState::of(&[], &outcomes, flags), state, "{results:?} {flags:?}");
    }
}

#[test]
fn a_door_with_three_residents_stays_to_do_while_one_is_left_to_meet() {
    use ResultCode::{
        Canvassed, ComeBack, Deceased, FlyerLeft, Inaccessible, LanguageBarrier, Moved, NotHome, Refused,
    };
    let (ana, leo, marta) = (Some(ANA), Some(LEO), Some(MARTA));
    for (results, state) in [
        (&[(marta, Moved)][..], DoorState::Todo),
        (&[(marta, Deceased)], DoorState::Todo),
        (&[(marta, Moved), (ana, Canvassed)], DoorState::Part),
        (&[(ana, Refused)], DoorState::Part),
        (&[(ana, LanguageBarrier)], DoorState::Part),
        (&[(ana, NotHome)], DoorState::Todo),
        (&[(ana, NotHome), (leo, NotHome), (marta, NotHome)], DoorState::NotHome),
        (&[(ana, Canvassed), (leo, Canvassed), (marta, Moved)], DoorState::Talked),
        (&[(ana, ComeBack), (leo, Canvassed), (marta, Refused)], DoorState::ComeBack),
        (&[(ana, Canvassed), (None, NotHome)], DoorState::Talked),
        (&[(None, NotHome)], DoorState::NotHome),
        (&[(None, NotHome), (marta, Moved)], DoorState::NotHome),
        (&[(None, Refused)], DoorState::Refused),
        (&[(ana, Inaccessible)], DoorState::Shut),
        (&[(ana, FlyerLeft)], DoorState::Flyer),
        (&[(ana, Moved), (leo, Moved), (marta, Deceased)], DoorState::Moved),
        (&[(None, Moved)], DoorState::Moved),
        (&[(None, Moved), (leo, Canvassed)], DoorState::Talked),
    ] {
        assert_eq!(DoorState::of(&household(), &told(results), &[]), state, "{results:?}");
    }
}

#[test]
fn who_moved_in_an_earlier_wave_is_not_asked_for_until_somebody_meets_them() {
    let gone = Resident { gone: Some((Gone::Moved, At(5))), ..lives(MARTA) };
    assert_eq!(PersonState::of(&gone, &[]), PersonState::Gone(Gone::Moved));
    let met = [Outcome { voter: Some(MARTA), at: At(9), result: ResultCode::Canvassed }];
    assert_eq!(PersonState::of(&gone, &met), PersonState::Tried(ResultCode::Canvassed));
    let not_home = [Outcome { voter: None, at: At(9), result: ResultCode::NotHome }];
    assert_eq!(PersonState::of(&gone, &not_home), PersonState::Gone(Gone::Moved));
    assert_eq!(DoorState::of(&[gone], &[], &[]), DoorState::Moved);
    assert_eq!(DoorState::of(&[gone, lives(ANA)], &[], &[]), DoorState::Todo);
}

#[test]
fn who_was_added_after_a_knock_is_still_to_meet() {
    let added = Resident { added_at: Some(At(5)), ..lives(LEO) };
    let knocked = [Outcome { voter: None, at: At(4), result: ResultCode::NotHome }];
    assert_eq!(PersonState::of(&added, &knocked), PersonState::ToMeet);
    assert_eq!(DoorState::of(&[lives(ANA), added], &knocked, &[]), DoorState::Todo);
    let again = [knocked[0], Outcome { voter: None, at: At(5), result: ResultCode::NotHome }];
    assert_eq!(DoorState::of(&[lives(ANA), added], &again, &[]), DoorState::NotHome);
}

#[test]
fn a_door_is_closed_by_a_wish_only_when_everyone_has_it() {
    let closed = |voter| Resident { is_closed: true, ..lives(voter) };
    assert_eq!(DoorState::of(&[closed(ANA), lives(LEO)], &[], &[]), DoorState::Todo);
    assert_eq!(DoorState::of(&[closed(ANA), closed(LEO)], &[], &[]), DoorState::Refused);
    let moved = told(&[(Some(LEO), ResultCode::Moved)]);
    assert_eq!(DoorState::of(&[closed(ANA), lives(LEO)], &moved, &[]), DoorState::Refused);
}

fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    let one = (prop::sample::select(WHO.to_vec()), prop::sample::select(ResultCode::ALL.to_vec()));
    prop::collection::vec(one, 0..8).prop_map(|results| told(&results))
}

fn residents() -> impl Strategy<Value = Vec<Resident>> {
    let gone = prop::option::of((prop::sample::select(vec![Gone::Moved, Gone::Deceased]), (0_i64..10).prop_map(At)));
    let one = (any::<bool>(), gone, prop::option::of((0_i64..10).prop_map(At)));
    prop::collection::vec(one, 1..=3).prop_map(|drawn| {
        let who = [ANA, LEO, MARTA].into_iter().zip(drawn);
        who.map(|(voter, (is_closed, gone, added_at))| Resident { voter, added_at, is_closed, gone }).collect()
    })
}

proptest! {
    #[test]
    fn a_door_is_to_do_just_while_someone_who_may_be_met_was_not_tried(residents in residents(), outcomes in outcomes()) {
        let is_left = |person: &Resident| {
            let tells_of = |outcome: &&Outcome| match outcome.result.concerns(outcome.voter) {
                Concerns::Person(voter) => voter == person.voter,
                Concerns::Door => person.added_at.is_none_or(|added| added <= outcome.at),
            };
            !person.is_closed && person.gone.is_none() && !outcomes.iter().any(|outcome| tells_of(&outcome))
        };
        prop_assert_eq!(DoorState::of(&residents, &outcomes, &[]).is_to_do(), residents.iter().any(is_left));
    }

    #[test]
    fn a_result_about_one_person_leaves_the_others_as_they_were(
        residents in residents(), outcomes in outcomes(), result in prop::sample::select(ResultCode::ALL.to_vec()),
    ) {
        let Concerns::Person(voter) = result.concerns(Some(ANA)) else { return Ok(()) };
        let mut after = outcomes.clone();
        after.push(Outcome { voter: Some(voter), at: At(99), result });
        for other in residents.iter().filter(|person| person.voter != voter) {
            prop_assert_eq!(PersonState::of(other, &after), PersonState::of(other, &outcomes));
        }
    }

    #[test]
    fn in_which_order_different_people_were_met_does_not_matter(residents in residents(), outcomes in outcomes()) {
        let mut sorted = outcomes;
        sorted.retain(|outcome| matches!(outcome.result.concerns(outcome.voter), Concerns::Person(_)));
        let before = DoorState::of(&residents, &sorted, &[]);
        sorted.sort_by_key(|outcome| outcome.voter);
        prop_assert_eq!(DoorState::of(&residents, &sorted, &[]), before);
    }
}

#[test]
fn the_names_of_states_are_read_back() {
    let names: BTreeSet<_> = DoorState::ALL.into_iter().map(DoorState::as_str).collect();
    assert_eq!(names.len(), DoorState::ALL.len());
    for state in DoorState::ALL {
        assert_eq!(DoorState::parse(state.as_str()), Some(state));
    }
}
