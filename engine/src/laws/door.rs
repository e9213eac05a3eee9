//! What a door shows, and what is refused there.

use super::town::{self, BUILDING, CAMPAIGN, SIGN, SUPPORT, TURF_DOC, Walker, knock, small_pack, told, walkers};
use crate::doc::campaign_map;
use crate::door::{building, open};
use crate::store::docs;
use crate::visit::{add_person, flag, note, record};
use porchlight_model::calls::door::{BuildingView, DoorView, HistoryKind, OpenBuilding, OpenDoor, Safety};
use porchlight_model::calls::visit::{AddNote, AddPerson, RecordVisit, SetFlag};
use porchlight_model::calls::walk::Stop;
use porchlight_model::id::{DoorId, QuestionId, ScriptId, VoterId};
use porchlight_model::visit::{About, DoorState, Flag, MAX_NOTE_CHARS, ResultCode};
use porchlight_model::wire::Access;
use std::collections::BTreeMap;

fn open_door(walker: &mut Walker, door: DoorId) -> DoorView {
    open::open(&mut walker.engine, &OpenDoor { door }).unwrap()
}

fn open_building(walker: &mut Walker) -> BuildingView {
    building::building(&mut walker.engine, &OpenBuilding { building: BUILDING }).unwrap()
}

#[test]
fn an_opened_door_tells_who_lives_there_what_they_said_and_what_happened() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let (door, leo) = (pack.doors[0].id, &pack.voters[1]);
    ana.record(&knock(&[door], ResultCode::NotHome));
    ana.talk(leo, &[(SUPPORT, "yes"), (SIGN, "no")]);
    ana.pass_ms(10);
    note::note(&mut ana.engine, &AddNote { about: About::Voter(leo.id), text: " has a dog ".to_owned() }).unwrap();
    ana.pass_ms(10);
    flag::flag(&mut ana.engine, &SetFlag { about: About::Door(door), flag: Flag::Danger, is_set: true }).unwrap();
    ana.pass_ms(10);
    let person = AddPerson { door, first: " Kim ".to_owned(), last: "Oh".to_owned(), phone: "828".to_owned() };
    let kim = add_person::add_person(&mut ana.engine, &person).unwrap().voter;

    let view = open_door(&mut ana, door);
    assert_eq!((view.state, view.flags.as_slice()), (DoorState::Danger, [Flag::Danger].as_slice()));
    assert_eq!(view.voters.iter().map(|v| v.voter.first.as_str()).collect::<Vec<_>>(), ["Ana", "Leo", "Kim"]);
    assert_eq!((view.voters[2].voter.id, view.voters[2].is_added), (kim, true));
    assert_eq!(view.voters[1].answers[&SUPPORT], "yes");
    assert_eq!(view.script.as_ref().map(|script| script.id), Some(town::SCRIPT));
    assert_eq!(view.next, Some(Stop::Door(pack.doors[1].id)));
    let kinds: Vec<&HistoryKind> = view.history.iter().map(|item| &item.what).collect();
    assert_eq!(kinds[0], &HistoryKind::Added { name: "Kim Oh".to_owned() });
    assert_eq!(kinds[1], &HistoryKind::Flag { flag: Flag::Danger, is_set: true });
    assert!(matches!(kinds[2], HistoryKind::Note { text, .. } if text == "has a dog"));
    let HistoryKind::Visit { result, said, .. } = kinds[3] else { panic!("no visit: {:?}", kinds[3]) };
    assert_eq!(*result, ResultCode::Canvassed);
    let words = [("Library measure", "Yes"), ("Yard sign", "No sign")];
    assert_eq!(said, &words.map(|(title, label)| (title.to_owned(), label.to_owned())));
    assert!(matches!(kinds[4], HistoryKind::Visit { result: ResultCode::NotHome, .. }));
    assert_eq!((view.history[2].voter_name.as_str(), view.history[2].by_name.as_str()), ("Leo Ruiz", "Walker 1"));
    assert!(view.history.iter().all(|item| item.safety == Safety::Here && item.by == ana.member));
}

#[test]
fn what_came_from_a_relay_is_safe_and_names_its_walker() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    both[0].record(&knock(&[pack.doors[0].id], ResultCode::NotHome));
    town::hear(&mut both, 1, 0, usize::MAX);
    let view = open_door(&mut both[1], pack.doors[0].id);
    assert_eq!((view.history[0].by_name.as_str(), view.history[0].safety), ("Walker 1", Safety::Relay));
    assert_eq!(open_door(&mut both[0], pack.doors[0].id).history[0].safety, Safety::Here);
}

#[test]
fn a_building_lists_its_units_by_floor_from_the_top() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    ana.record(&knock(&[pack.doors[8].id, pack.doors[9].id], ResultCode::NotHome));
    for text in ["keypad 12", "lift broken"] {
        ana.pass_ms(10);
        note::note(&mut ana.engine, &AddNote { about: About::Door(pack.doors[4].id), text: text.to_owned() }).unwrap();
    }
    let view = open_building(&mut ana);
    let floors: Vec<(Option<u32>, Vec<&str>)> = view
        .floors
        .iter()
        .map(|(floor, units)| (*floor, units.iter().map(|unit| unit.unit.as_str()).collect()))
        .collect();
    assert_eq!(floors, [(Some(3), vec!["3A", "3B"]), (Some(2), vec!["2A", "2B"]), (Some(1), vec!["1A", "1B"])]);
    assert_eq!((view.n_left, view.next), (4, Some(Stop::Door(pack.doors[10].id))));
    assert_eq!(view.notes, ["lift broken", "keypad 12"]);
    assert_eq!(open_door(&mut ana, pack.doors[4].id).next, Some(Stop::Building(BUILDING)));
}

#[test]
fn answers_of_an_older_script_are_taken_when_a_new_one_arrives_in_the_middle_of_a_talk() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let newer = ScriptId::from_bytes([8; 16]);
    let mut script = town::script(newer);
    script.questions.remove(1);
    script.questions[0].options[0].label = "Certainly".to_owned();
    ana.engine
        .write("save a script", |tx| {
            tx.edit(CAMPAIGN, |edit| {
                edit.put(campaign_map::SCRIPTS, &newer.to_string(), serde_json::to_string(&script)?)?;
                edit.put(campaign_map::ABOUT, "script", newer.to_string())
            })
        })
        .unwrap();
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes"), (SIGN, "yes")]);
    ana.talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    let view = open_door(&mut ana, pack.doors[0].id);
    let said = |n: usize| match &view.history[n].what {
        HistoryKind::Visit { said, .. } => said[0].1.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((said(0), said(1)), ("Certainly".to_owned(), "Yes".to_owned()));
}

#[test]
fn a_wrong_visit_is_refused_whole_and_in_words() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let before = ana.changes(TURF_DOC);
    let door = pack.doors[0].id;
    let good = knock(&[door], ResultCode::Canvassed);
    let voter = Some(pack.voters[0].id);
    let answer = |question, value: &str| BTreeMap::from([(question, value.to_owned())]);
    let elsewhere = DoorId::from_bytes([99; 16]);
    let mut check = |call: RecordVisit, told_id: &str| {
        assert_eq!(told(record::record(&mut ana.engine, &call)), told_id);
    };
    check(RecordVisit { doors: vec![], ..good.clone() }, "error-visit-doors");
    check(RecordVisit { doors: vec![door, door], ..good.clone() }, "error-visit-doors");
    check(RecordVisit { doors: vec![door, pack.doors[1].id], voter, ..good.clone() }, "error-visit-voter-one-door");
    check(RecordVisit { doors: vec![elsewhere], ..good.clone() }, "error-door-gone");
    check(RecordVisit { doors: vec![door, elsewhere], ..good.clone() }, "error-visit-two-turf");
    check(RecordVisit { voter: Some(pack.voters[2].id), ..good.clone() }, "error-voter-gone");
    check(RecordVisit { voter: Some(VoterId::from_bytes([98; 16])), ..good.clone() }, "error-voter-gone");
    check(RecordVisit { answers: answer(SUPPORT, "yes"), ..good.clone() }, "error-visit-answers-voter");
    check(RecordVisit { voter, answers: answer(SUPPORT, "never"), ..good.clone() }, "error-visit-answer-unknown");
    let unknown = QuestionId::from_bytes([97; 16]);
    check(RecordVisit { voter, answers: answer(unknown, "yes"), ..good.clone() }, "error-visit-answer-unknown");
    check(RecordVisit { note: "x".repeat(MAX_NOTE_CHARS + 1), ..good }, "error-note-too-long");
    assert_eq!(ana.changes(TURF_DOC), before);
}

#[test]
fn wrong_notes_and_people_are_refused() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    let mut note = |about, text: &str| told(note::note(&mut ana.engine, &AddNote { about, text: text.to_owned() }));
    assert_eq!(note(About::Door(door), "  "), "error-note-empty");
    assert_eq!(note(About::Door(door), &"x".repeat(MAX_NOTE_CHARS + 1)), "error-note-too-long");
    assert_eq!(note(About::Door(DoorId::from_bytes([99; 16])), "x"), "error-door-gone");
    assert_eq!(note(About::Voter(VoterId::from_bytes([99; 16])), "x"), "error-voter-gone");
    let mut add = |first: &str, phone: &str| {
        let call = AddPerson { door, first: first.to_owned(), last: " ".to_owned(), phone: phone.to_owned() };
        told(add_person::add_person(&mut ana.engine, &call))
    };
    assert_eq!(add(" ", ""), "error-person-without-name");
    assert_eq!(add(&"x".repeat(101), ""), "error-person-name-too-long");
    assert_eq!(add("Kim", &"1".repeat(41)), "error-person-phone-too-long");
}

#[test]
fn nothing_is_recorded_on_turf_that_may_only_be_read_or_was_taken_back() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    for (access, told_id) in [(Access::Read, "error-turf-read-only"), (Access::HandIn, "error-turf-taken-back")] {
        ana.engine
            .write("grant", |tx| {
                let row = docs::get(tx.conn(), TURF_DOC)?.unwrap();
                docs::put(tx.conn(), &docs::DocRow { access, ..row })
            })
            .unwrap();
        let call = knock(&[pack.doors[0].id], ResultCode::NotHome);
        assert_eq!(told(record::record(&mut ana.engine, &call)), told_id);
    }
}

#[test]
fn a_person_added_can_be_talked_to() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let door = pack.doors[0].id;
    let person = AddPerson { door, first: "Kim".to_owned(), last: String::new(), phone: String::new() };
    let kim = add_person::add_person(&mut both[0].engine, &person).unwrap().voter;
    town::settle(&mut both);
    let answers = BTreeMap::from([(SUPPORT, "yes".to_owned())]);
    both[1].record(&RecordVisit { voter: Some(kim), answers, ..knock(&[door], ResultCode::Canvassed) });
    town::settle(&mut both);
    assert_eq!(open_door(&mut both[0], door).voters[2].answers[&SUPPORT], "yes");
}

#[test]
fn a_phone_with_a_slow_clock_still_lifts_the_flag_it_saw() {
    let pack = small_pack();
    let mut both = walkers(2, &pack);
    let call = |is_set| SetFlag { about: About::Door(pack.doors[0].id), flag: Flag::Danger, is_set };
    both[0].pass_ms(3_600_000);
    flag::flag(&mut both[0].engine, &call(true)).unwrap();
    town::settle(&mut both);
    flag::flag(&mut both[1].engine, &call(false)).unwrap();
    town::settle(&mut both);
    for walker in &mut both {
        assert_eq!(open_door(walker, pack.doors[0].id).flags, []);
    }
}

#[test]
fn setting_a_flag_that_stands_writes_nothing() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let call = |is_set| SetFlag { about: About::Door(pack.doors[0].id), flag: Flag::Danger, is_set };
    flag::flag(&mut ana.engine, &call(false)).unwrap();
    flag::flag(&mut ana.engine, &call(true)).unwrap();
    let before = ana.changes(TURF_DOC);
    flag::flag(&mut ana.engine, &call(true)).unwrap();
    assert_eq!(ana.changes(TURF_DOC), before);
}
