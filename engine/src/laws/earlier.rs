//! What earlier waves say about people: only what came before, about the door at which they live, and about those who were listed then.

use super::town::{self, TURF, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::door::open;
use crate::office::dashboard;
use crate::store::{reference, settings, waves};
use crate::visit::{redo, undo};
use crate::wave::{end, start};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::calls::visit::{RecordVisit, Redo, Undo};
use porchlight_model::calls::wave::{EndWave, StartWave};
use porchlight_model::id::{DocId, DoorId, VoterId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::turf::Pack;
use porchlight_model::visit::{DoorState, Gone, PersonState, ResultCode};
use porchlight_model::voter::Voter;

/// A coordinator who walks.
fn olga(pack: &Pack) -> Walker {
    let mut olga = walkers(1, pack).remove(0);
    let mut membership = olga.engine.member().unwrap().clone();
    membership.identity.role = Role::Coordinator;
    olga.engine
        .write("a role", |tx| {
            settings::put(tx.conn(), "roster", &Vec::<porchlight_model::relay::RosterDevice>::new())?;
            tx.set_membership(Some(membership))
        })
        .unwrap();
    olga
}

fn next_wave(olga: &mut Walker) {
    olga.pass_ms(60_000);
    start::start(&mut olga.engine, &StartWave { name: "Next".to_owned() }).unwrap();
}

fn persons(olga: &mut Walker, door: DoorId) -> Vec<(VoterId, PersonState)> {
    let view = open::open(&mut olga.engine, &OpenDoor { door }).unwrap();
    view.voters.iter().map(|view| (view.voter.id, view.state)).collect()
}

fn state(olga: &mut Walker, door: DoorId) -> Vec<PersonState> {
    persons(olga, door).into_iter().map(|(_, state)| state).collect()
}

/// Imports a newer voter file that says where someone lives.
fn lives_at(olga: &mut Walker, voter: &Voter, door: DoorId) {
    let voter = Voter { door, ..voter.clone() };
    olga.engine.write("a newer voter file", |tx| reference::put_voter(tx.conn(), &voter)).unwrap();
}

const MOVED: PersonState = PersonState::Gone(Gone::Moved);

#[test]
fn an_earlier_wave_is_told_as_it_stood_whatever_came_later() {
    let pack = small_pack();
    let mut olga = olga(&pack);
    next_wave(&mut olga);
    let door = pack.doors[0].id;
    for voter in &pack.voters[..2] {
        olga.record(&RecordVisit { voter: Some(voter.id), ..knock(&[door], ResultCode::Moved) });
    }
    let of = |olga: &mut Walker, wave: WaveId| {
        let board = dashboard::of_wave(&mut olga.engine, &WaveBoard { wave }).unwrap();
        board.turfs[0].by_state.get(&DoorState::Moved).copied().unwrap_or_default()
    };
    let second = waves::current(olga.engine.conn()).unwrap().unwrap();
    assert_eq!((of(&mut olga, WaveId::FIRST), of(&mut olga, second)), (0, 1));
    next_wave(&mut olga);
    let third = waves::current(olga.engine.conn()).unwrap().unwrap();
    assert_eq!(of(&mut olga, third), 1, "a later one knows it");
}

#[test]
fn whoever_moved_within_the_turf_is_to_be_met_where_they_live_now() {
    let pack = small_pack();
    let mut olga = olga(&pack);
    let (from, to, ana) = (pack.doors[0].id, pack.doors[1].id, &pack.voters[0]);
    olga.record(&RecordVisit { voter: Some(ana.id), ..knock(&[from], ResultCode::Moved) });
    next_wave(&mut olga);
    assert_eq!(state(&mut olga, from)[0], MOVED);
    lives_at(&mut olga, ana, to);
    let is_ana = |(voter, _): &(VoterId, PersonState)| *voter == ana.id;
    assert_eq!(persons(&mut olga, to).into_iter().find(is_ana), Some((ana.id, PersonState::ToMeet)));
    // The same after the earlier wave is erased, from the mark that remains.
    end::end(&mut olga.engine, &EndWave { wave: WaveId::FIRST }).unwrap();
    drop_first(&mut olga);
    assert_eq!(persons(&mut olga, to).into_iter().find(is_ana), Some((ana.id, PersonState::ToMeet)));
    lives_at(&mut olga, ana, from);
    assert_eq!(persons(&mut olga, from).into_iter().find(is_ana), Some((ana.id, MOVED)));
}

#[test]
fn where_a_whole_door_moved_those_who_were_listed_are_not_asked_for_and_newcomers_are() {
    let pack = small_pack();
    let mut olga = olga(&pack);
    let (door, newcomer) = (pack.doors[0].id, &pack.voters[2]);
    let visits = olga.record(&knock(&[door], ResultCode::Moved)).visits;
    next_wave(&mut olga);
    assert_eq!(state(&mut olga, door), [MOVED, MOVED]);
    lives_at(&mut olga, newcomer, door);
    let told = persons(&mut olga, door);
    for (voter, state) in &told {
        assert_eq!(*state, if *voter == newcomer.id { PersonState::ToMeet } else { MOVED });
    }
    assert_eq!(told.len(), 3);
    // Taken back and recorded again, before the wave ends.
    olga.pass_ms(1000);
    undo::undo(&mut olga.engine, &Undo { visits: visits.clone() }).unwrap();
    assert_eq!(state(&mut olga, door), [PersonState::ToMeet; 3]);
    lives_at(&mut olga, newcomer, pack.doors[1].id);
    redo::redo(&mut olga.engine, &Redo { visits }).unwrap();
    assert_eq!(state(&mut olga, door), [MOVED, MOVED]);
    end::end(&mut olga.engine, &EndWave { wave: WaveId::FIRST }).unwrap();
    drop_first(&mut olga);
    lives_at(&mut olga, newcomer, door);
    let told = persons(&mut olga, door);
    assert_eq!(told.iter().filter(|(_, state)| *state == MOVED).count(), 2);
    assert!(told.contains(&(newcomer.id, PersonState::ToMeet)));
    let next: Vec<DocId> = waves::turf_of_docs(olga.engine.conn()).unwrap().into_iter().map(|(doc, _)| doc).collect();
    for doc in next {
        let (before, after) = olga.engine.rows_and_rebuild(doc).unwrap();
        assert_eq!(before, after);
    }
}

/// Erases the first wave's document.
fn drop_first(olga: &mut Walker) {
    assert_eq!(waves::docs(olga.engine.conn(), WaveId::FIRST).unwrap(), [(TURF, TURF_DOC)]);
    town::acknowledge_all(olga);
    olga.engine.write("erased", |tx| tx.drop_doc(TURF_DOC)).unwrap();
}
