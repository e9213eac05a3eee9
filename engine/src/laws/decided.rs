//! Only coordinators decide what the campaign document says, by what the relay says of devices.

use super::grace::office;
use super::insider::{by_hand, by_hand_as};
use super::town::{CAMPAIGN, Walker, small_pack, walkers};
use crate::store::projections::DerivedRow;
use crate::sync::authors::attribute;
use crate::wave::{end, grace};
use automerge::transaction::Transactable;
use automerge::{ActorId, Author, AutoCommit, Change, ROOT, ReadDoc};
use porchlight_model::calls::wave::{EndWave, ReopenWave};
use porchlight_model::id::{MemberId, ScriptId, TurfId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::relay::AuthorTold;

/// Writes over every entry of the campaign document, and adds one to each map.
fn take_over(document: &mut AutoCommit) {
    for map in ["about", "scripts", "members", "turfs"] {
        let (_, id) = document.get(ROOT, map).unwrap().unwrap();
        for key in document.keys(&id).collect::<Vec<_>>() {
            document.put(&id, key, "taken over").unwrap();
        }
    }
    let (_, about) = document.get(ROOT, "about").unwrap().unwrap();
    for end in ["ended", "undone"] {
        document.put(&about, format!("{end}/{}", WaveId::FIRST), 1_700_000_000_000_i64).unwrap();
    }
    let mut add = |map: &str, key: String| {
        let (_, id) = document.get(ROOT, map).unwrap().unwrap();
        document.put(&id, key, "{}").unwrap();
    };
    add("about", format!("wave/{}", WaveId::from_bytes([0xee; 16])));
    add("scripts", ScriptId::from_bytes([0xee; 16]).to_string());
    add("members", MemberId::from_bytes([0xee; 16]).to_string());
    add("turfs", TurfId::from_bytes([0xee; 16]).to_string());
}

/// Removes every entry of the campaign document.
fn take_away(document: &mut AutoCommit) {
    for map in ["about", "scripts", "members", "turfs"] {
        let (_, id) = document.get(ROOT, map).unwrap().unwrap();
        for key in document.keys(&id).collect::<Vec<_>>() {
            document.delete(&id, key).unwrap();
        }
    }
}

fn rows(walker: &mut Walker) -> Vec<DerivedRow> {
    let (rows, rebuilt) = walker.engine.rows_and_rebuild(CAMPAIGN).unwrap();
    assert_eq!(rows, rebuilt);
    rows
}

fn is_told(walker: &mut Walker, change: &Change) {
    walker.engine.write("told", |tx| tx.apply(CAMPAIGN, vec![change.clone()], 99).map(drop)).unwrap();
}

/// The relay says whose `of`'s device is, and with which role.
fn is_told_of(reader: &mut Walker, of: (&Walker, Role)) {
    let identity = of.0.engine.member().unwrap().identity.clone();
    let told = AuthorTold { device: identity.device, member: identity.member, role: of.1 };
    reader.engine.write("authors", |tx| attribute(tx, [told].into_iter())).unwrap();
}

#[test]
fn what_only_coordinators_decide_stays_as_it_was_whatever_a_captains_program_writes_over_it() {
    for role in [Role::Captain, Role::Canvasser] {
        let mut people = walkers(3, &small_pack());
        let [eve, reader] = people.get_disjoint_mut([0, 1]).unwrap();
        is_told_of(reader, (eve, role));
        let before = rows(reader);
        assert!(!before.is_empty());
        for act in [take_over, take_away] {
            let forged = by_hand(eve, CAMPAIGN, act);
            is_told(reader, &forged);
            assert_eq!(rows(reader), before);
            reader.restart();
            assert_eq!(rows(reader), before, "after a restart");
            // Her next program writes on top of it.
            eve.hear(reader, CAMPAIGN, usize::MAX);
            eve.restart();
        }
    }
}

#[test]
fn what_a_captain_s_program_removed_a_coordinator_writes_and_takes_back_as_ever() {
    let mut people = office(&[Role::Coordinator, Role::Captain, Role::Coordinator]);
    let [olga, eve, reader] = people.get_disjoint_mut([0, 1, 2]).unwrap();
    for person in [&mut *olga, &mut *reader] {
        is_told_of(person, (eve, Role::Captain));
    }
    end::end(&mut olga.engine, &EndWave { wave: WaveId::FIRST }).unwrap();
    reader.hear(olga, CAMPAIGN, usize::MAX);
    eve.hear(olga, CAMPAIGN, usize::MAX);
    let ended = rows(reader);
    let forged = by_hand(eve, CAMPAIGN, take_away);
    for person in [&mut *olga, &mut *reader] {
        is_told(person, &forged);
        assert_eq!(rows(person), ended, "her removal of an end opens no wave again");
        assert!(grace::end_of(&mut person.engine, WaveId::FIRST).unwrap().is_some());
    }
    // What Olga says afterwards replaces what she saw standing.
    grace::reopen(&mut olga.engine, &ReopenWave { wave: WaveId::FIRST }).unwrap();
    reader.hear(olga, CAMPAIGN, usize::MAX);
    for person in [&mut *olga, &mut *reader] {
        assert_eq!(grace::end_of(&mut person.engine, WaveId::FIRST).unwrap(), None);
        assert_ne!(rows(person), ended);
    }
    end::end(&mut olga.engine, &EndWave { wave: WaveId::FIRST }).unwrap();
    reader.hear(olga, CAMPAIGN, usize::MAX);
    assert_eq!(rows(reader), rows(olga));
    assert!(grace::end_of(&mut reader.engine, WaveId::FIRST).unwrap().is_some());
}

#[test]
fn until_the_relay_has_said_whose_a_device_is_its_entries_count_and_then_only_a_coordinators() {
    let mut people = walkers(3, &small_pack());
    let [eve, reader] = people.get_disjoint_mut([0, 1]).unwrap();
    let before = rows(reader);
    is_told(reader, &by_hand(eve, CAMPAIGN, take_over));
    let taken_over = rows(reader);
    assert_ne!(taken_over, before);
    is_told_of(reader, (eve, Role::Captain));
    assert_eq!(rows(reader), before, "as it stood before");
    is_told_of(reader, (eve, Role::Coordinator));
    assert_eq!(rows(reader), taken_over, "who became a coordinator decides");
    is_told_of(reader, (eve, Role::Captain));
    assert_eq!(rows(reader), taken_over, "a role falls for nobody: a restored relay may know an older one");
}

#[test]
fn nobody_wins_by_writing_over_an_entry_often_or_from_many_programs_at_once() {
    let mut people = walkers(3, &small_pack());
    let [eve, reader] = people.get_disjoint_mut([0, 1]).unwrap();
    is_told_of(reader, (eve, Role::Canvasser));
    let before = rows(reader);
    for round in 0..40_u8 {
        // Two programs of one device, each writing over whatever both wrote before, and removing it at last.
        let act = if round % 8 == 7 { take_away } else { take_over };
        let forged: Vec<Change> = (0..2).map(|n| by_hand_as(reader, eve, [round, n], act)).collect();
        forged.iter().for_each(|change| is_told(reader, change));
        assert_eq!(rows(reader), before);
    }
}

#[test]
fn nobody_wins_by_writing_over_one_entry_thousands_of_times() {
    let mut people = walkers(3, &small_pack());
    let [eve, reader] = people.get_disjoint_mut([0, 1]).unwrap();
    is_told_of(reader, (eve, Role::Canvasser));
    let before = rows(reader);
    let mut document = AutoCommit::new();
    let known = reader.changes(CAMPAIGN).into_iter().map(|bytes| Change::from_bytes(bytes).unwrap());
    document.apply_changes(known).unwrap();
    let known = document.get_heads();
    document.set_author(Some(Author::from(eve.engine.member().unwrap().identity.device.to_bytes().to_vec())));
    document.set_actor(ActorId::from([0xe9; 16]));
    let (_, about) = document.get(ROOT, "about").unwrap().unwrap();
    for n in 0..5_000 {
        document.put(&about, "name", format!("taken over {n}")).unwrap();
        document.commit();
    }
    let forged = document.get_changes(&known);
    assert_eq!(forged.len(), 5_000);
    reader.engine.write("told", |tx| tx.apply(CAMPAIGN, forged, 99).map(drop)).unwrap();
    assert_eq!(rows(reader), before);
}
