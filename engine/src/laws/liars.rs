//! A modified phone writes what its person never did: other people's visits, other times, retractions, settlements. Nothing of it shows.

use super::insider::by_hand;
use super::town::{START, SUPPORT, TURF_DOC, Walker, knock, settle, small_pack, walkers};
use crate::doc::judge::{EARLY_MS, FIRST_EVER, LATE_MS};
use crate::settle::uncounted::uncounted;
use crate::store::projections::DerivedRow;
use crate::sync::authors::attribute;
use automerge::transaction::Transactable;
use automerge::{AutoCommit, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use porchlight_model::calls::settle::{EntryKind, Law, Uncounted};
use porchlight_model::calls::visit::{AddNote, SetFlag, Undo};
use porchlight_model::id::{DeviceId, MemberId, VisitId};
use porchlight_model::member::Role;
use porchlight_model::relay::AuthorTold;
use porchlight_model::time::At;
use porchlight_model::turf::Pack;
use porchlight_model::visit::{About, Flag, ResultCode};
use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

/// What a modified phone writes into a visit, note, flag or person.
#[derive(Clone, Copy)]
struct Forged {
    by: MemberId,
    at: At,
}

fn map(document: &AutoCommit, name: &str) -> ObjId {
    document.get(ROOT, name).unwrap().unwrap().1
}

fn bytes(id: [u8; 16]) -> ScalarValue {
    ScalarValue::Bytes(id.to_vec())
}

/// Adds an entry with these and the forged fields; returns its key.
fn forge(
    document: &mut AutoCommit,
    pack: &Pack,
    name: &str,
    key: [u8; 16],
    forged: Forged,
    fields: &[(&str, ScalarValue)],
) {
    let key = VisitId::from_bytes(key).to_string();
    let entry = document.put_object(map(document, name), key, ObjType::Map).unwrap();
    document.put(&entry, "door", bytes(pack.doors[3].id.to_bytes())).unwrap();
    document.put(&entry, "at", forged.at.0).unwrap();
    document.put(&entry, "by", bytes(forged.by.to_bytes())).unwrap();
    fields.iter().for_each(|(field, value)| document.put(&entry, *field, value.clone()).unwrap());
}

/// Walkers: Ana, Ben, Eve and Olga, who is a coordinator; each knows whose the devices are.
fn people(pack: &Pack) -> Vec<Walker> {
    let mut people = walkers(4, pack);
    let told = told(&people);
    people.iter_mut().for_each(|walker| is_told_authors(walker, &told));
    people
}

fn device(walker: &Walker) -> DeviceId {
    walker.engine.member().unwrap().identity.device
}

fn told(people: &[Walker]) -> Vec<AuthorTold> {
    let role = |n| if n == 3 { Role::Coordinator } else { Role::Canvasser };
    let told = people.iter().enumerate();
    told.map(|(n, walker)| AuthorTold { device: device(walker), member: walker.member, role: role(n) }).collect()
}

fn is_told_authors(walker: &mut Walker, told: &[AuthorTold]) {
    walker.engine.write("authors", |tx| attribute(tx, told.iter().copied())).unwrap();
}

fn is_told(walker: &mut Walker, change: &Change) {
    walker.engine.write("told", |tx| tx.apply(TURF_DOC, vec![change.clone()], 99).map(drop)).unwrap();
}

/// The rows of the turf, but for marks of what does not count.
fn rows(walker: &mut Walker) -> Vec<DerivedRow> {
    let (rows, rebuilt) = walker.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert_eq!(rows, rebuilt);
    rows.into_iter().filter(|row| row.table != "broken_law").collect()
}

fn laws_broken(walker: &mut Walker) -> Vec<(EntryKind, Law)> {
    let told = uncounted(&mut walker.engine, &Uncounted {}).unwrap();
    assert_eq!(told.n as usize, told.entries.len());
    told.entries.into_iter().map(|entry| (entry.what, entry.law)).collect()
}

/// Ana records, Eve forges on top of it; nothing that anybody sees changes, and the office is told why.
fn check(what: &str, broken: &[(EntryKind, Law)], act: impl Fn(&mut AutoCommit, &Pack, &[Walker], VisitId)) {
    let pack = small_pack();
    let mut people = people(&pack);
    let visit = people[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    people[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    settle(&mut people);
    let before = rows(&mut people[3]);
    let forged = by_hand(&people[2], TURF_DOC, |document| act(document, &pack, &people, visit));
    for n in [0, 1, 3] {
        is_told(&mut people[n], &forged);
        assert_eq!(rows(&mut people[n]), before, "{what}");
        assert_eq!(laws_broken(&mut people[n]), broken, "{what}");
        people[n].restart();
        assert_eq!(rows(&mut people[n]), before, "{what}, after a restart");
    }
}

const HERE: [u8; 16] = [0x0f; 16];

#[test]
fn nobody_records_as_somebody_else() {
    for (name, kind) in [
        ("visits", EntryKind::Visit),
        ("notes", EntryKind::Note),
        ("flags", EntryKind::Flag),
        ("people", EntryKind::Person),
    ] {
        check(name, &[(kind, Law::Author)], |document, pack, people, _| {
            let forged = Forged { by: people[0].member, at: START };
            let fields = [("result", "refused".into()), ("flag", "danger".into()), ("is_set", true.into())];
            forge(document, pack, name, HERE, forged, &fields);
        });
    }
}

#[test]
fn nobody_records_for_another_time() {
    let own = |people: &[Walker], at| Forged { by: people[2].member, at };
    for (at, law) in [
        (START.plus_ms(5 * 365 * 24 * 3_600_000), Law::Late),
        (START.plus_ms(LATE_MS + 60_000), Law::Late),
        (At(0), Law::Early),
        (At(FIRST_EVER - 1), Law::Early),
    ] {
        check("another time", &[(EntryKind::Visit, law)], |document, pack, people, _| {
            forge(document, pack, "visits", HERE, own(people, at), &[("result", "refused".into())]);
        });
    }
    // A clock that is wrong by a day or two is believed, before and after.
    for ms in [LATE_MS - 60_000, -EARLY_MS / 2] {
        let pack = small_pack();
        let mut people = people(&pack);
        let honest = by_hand(&people[2], TURF_DOC, |document| {
            forge(document, &pack, "visits", HERE, own(&people, START.plus_ms(ms)), &[("result", "refused".into())]);
        });
        is_told(&mut people[0], &honest);
        assert_eq!(laws_broken(&mut people[0]), [], "{ms}");
        assert!(rows(&mut people[0]).iter().any(|row| row.table == "visit"), "{ms}");
    }
}

#[test]
fn nobody_takes_back_or_alters_what_another_recorded() {
    check("a retraction", &[(EntryKind::Retraction, Law::Retraction)], |document, _, people, visit| {
        let entry = document.put_object(map(document, "retracted"), visit.to_string(), ObjType::Map).unwrap();
        document.put(&entry, "at", START.0).unwrap();
        document.put(&entry, "by", bytes(people[0].member.to_bytes())).unwrap();
    });
    check("a field of a visit", &[], |document, _, _, visit| {
        let entry = document.get(map(document, "visits"), visit.to_string()).unwrap().unwrap().1;
        document.put(&entry, "result", "moved").unwrap();
        document.put(&entry, "more", 1).unwrap();
    });
    check("an answer more at a visit of another", &[], |document, pack, _, visit| {
        let entry = document.get(map(document, "asked"), visit.to_string()).unwrap().unwrap().1;
        document.put(&entry, format!("{}/{SUPPORT}", pack.voters[1].id), "no").unwrap();
    });
}

#[test]
fn a_canvasser_settles_nothing_without_a_visit() {
    check("a settlement", &[(EntryKind::Answer, Law::Settling)], |document, pack, _, _| {
        document.put(map(document, "answers"), format!("{}/{SUPPORT}", pack.voters[0].id), "maybe").unwrap();
    });
}

#[test]
fn a_change_that_names_no_author_counts_for_nothing() {
    let pack = small_pack();
    let mut people = people(&pack);
    let before = rows(&mut people[3]);
    let mut document = AutoCommit::new();
    let known = people[2].changes(TURF_DOC).into_iter().map(|bytes| Change::from_bytes(bytes).unwrap());
    document.apply_changes(known).unwrap();
    forge(&mut document, &pack, "visits", HERE, Forged { by: people[2].member, at: START }, &[]);
    document.commit();
    let change = document.get_last_local_change().unwrap();
    is_told(&mut people[3], &change);
    assert_eq!(rows(&mut people[3]), before);
    assert_eq!(laws_broken(&mut people[3]), [(EntryKind::Visit, Law::Author)]);
}

#[test]
fn coordinators_carry_over_what_others_set_and_settle() {
    let pack = small_pack();
    let mut people = people(&pack);
    let carried = by_hand(&people[3], TURF_DOC, |document| {
        let forged = Forged { by: people[0].member, at: START.plus_ms(-1_000_000) };
        let fields = [("flag", "danger".into()), ("is_set", true.into()), ("text", "A dog".into())];
        forge(document, &pack, "flags", HERE, forged, &fields);
        forge(document, &pack, "notes", [0x1f; 16], forged, &fields);
        document.put(map(document, "answers"), format!("{}/{SUPPORT}", pack.voters[0].id), "no").unwrap();
    });
    for walker in &mut people {
        is_told(walker, &carried);
        let tables: Vec<_> = rows(walker).iter().map(|row| row.table).collect();
        assert!(["flag", "note", "answer"].iter().all(|table| tables.contains(table)), "{tables:?}");
        assert_eq!(laws_broken(walker), []);
    }
}

#[test]
fn what_honest_people_do_counts_whether_it_is_known_who_they_are_or_not() {
    let pack = small_pack();
    let mut people = walkers(4, &pack);
    let first = people[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    people[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    people[1].record(&knock(&[pack.doors[1].id], ResultCode::Moved));
    settle(&mut people);
    let about = About::Door(pack.doors[2].id);
    crate::visit::note::note(&mut people[1].engine, &AddNote { about, text: "Bell broken".to_owned() }).unwrap();
    crate::visit::flag::flag(&mut people[2].engine, &SetFlag { about, flag: Flag::Danger, is_set: true }).unwrap();
    crate::visit::undo::undo(&mut people[0].engine, &Undo { visits: vec![first] }).unwrap();
    settle(&mut people);
    let before = rows(&mut people[0]);
    let told = told(&people);
    // One device after the other becomes known, at one reader after the other.
    for author in &told {
        for walker in &mut people {
            is_told_authors(walker, std::slice::from_ref(author));
            assert_eq!(rows(walker), before);
            assert_eq!(laws_broken(walker), []);
        }
    }
    people[0].talk(&pack.voters[3], &[(SUPPORT, "maybe")]);
    settle(&mut people);
    assert_eq!(rows(&mut people[3]), rows(&mut people[0]));
    assert_eq!(laws_broken(&mut people[3]), []);
}

#[test]
fn what_was_believed_while_its_author_was_unknown_goes_when_they_are_known() {
    let pack = small_pack();
    let mut people = walkers(4, &pack);
    people[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    settle(&mut people);
    let before = rows(&mut people[3]);
    let forged = by_hand(&people[2], TURF_DOC, |document| {
        forge(document, &pack, "visits", HERE, Forged { by: people[0].member, at: START }, &[]);
    });
    is_told(&mut people[3], &forged);
    let n_visits = |rows: &[DerivedRow]| rows.iter().filter(|row| row.table == "visit").count();
    let n = n_visits(&rows(&mut people[3]));
    assert_eq!(n, n_visits(&before) + 1, "nobody is hidden because they are not known yet");
    let told = told(&people);
    is_told_authors(&mut people[3], &told);
    assert_eq!(rows(&mut people[3]), before);
    assert_eq!(laws_broken(&mut people[3]), [(EntryKind::Visit, Law::Author)]);
    // What a restored relay says of a device later does not make it true.
    let other = AuthorTold { member: people[0].member, ..told[2] };
    is_told_authors(&mut people[3], &[other]);
    assert_eq!(rows(&mut people[3]), before);
}

#[test]
fn a_settlement_that_was_believed_goes_when_its_author_turns_out_to_be_a_captain_and_stays_when_their_role_rises() {
    let pack = small_pack();
    let mut people = walkers(4, &pack);
    people[0].talk(&pack.voters[0], &[(SUPPORT, "yes")]);
    people[1].talk(&pack.voters[0], &[(SUPPORT, "no")]);
    settle(&mut people);
    let before = rows(&mut people[3]);
    // Another answer than those given: to keep one of them is to remove the others, which leaves nothing to judge.
    let settled = by_hand(&people[2], TURF_DOC, |document| {
        let key = format!("{}/{SUPPORT}", pack.voters[0].id);
        document.put(map(document, "answers"), key, "maybe").unwrap();
    });
    is_told(&mut people[3], &settled);
    let after = rows(&mut people[3]);
    assert_ne!(after, before);
    let told = |role| AuthorTold { device: device(&people[2]), member: people[2].member, role };
    let (captain, coordinator) = (told(Role::Captain), told(Role::Coordinator));
    is_told_authors(&mut people[3], &[captain]);
    assert_eq!(rows(&mut people[3]), before);
    is_told_authors(&mut people[3], &[coordinator]);
    assert_eq!(rows(&mut people[3]), after);
}

/// A property: whoever forges whatever, nothing shows that its author may not say.
#[test]
fn forging_at_random_shows_nothing() {
    const MAPS: [&str; 7] = ["visits", "notes", "flags", "people", "retracted", "answers", "asked"];
    for seed in 0..60_u64 {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let pack = small_pack();
        let mut people = people(&pack);
        let mut keys: Vec<[u8; 16]> = Vec::new();
        for walker in people.iter_mut().take(2) {
            let voter = &pack.voters[rng.random_range(0..4)];
            keys.push(walker.talk(voter, &[(SUPPORT, ["yes", "no"][rng.random_range(0..2)])]).to_bytes());
        }
        settle(&mut people);
        let before = rows(&mut people[3]);
        let forged = by_hand(&people[2], TURF_DOC, |document| {
            for n in 0..rng.random_range(1..6_u8) {
                let name = MAPS[rng.random_range(0..MAPS.len())];
                let by = people[rng.random_range(0..2)].member;
                let at = [START, At(0), START.plus_ms(9 * LATE_MS)][rng.random_range(0..3)];
                let key = if name == "retracted" { keys[rng.random_range(0..2)] } else { [0x20 + n; 16] };
                match name {
                    "answers" => {
                        let key = format!("{}/{SUPPORT}", pack.voters[rng.random_range(0..6)].id);
                        document.put(map(document, "answers"), key, "maybe").unwrap();
                    }
                    "asked" => {
                        let key = VisitId::from_bytes(keys[rng.random_range(0..2)]).to_string();
                        let asked = map(document, "asked");
                        let entry = document.get(&asked, &key).unwrap().unwrap().1;
                        document.put(&entry, format!("{}/{SUPPORT}", pack.voters[5].id), "yes").unwrap();
                    }
                    _ => forge(document, &pack, name, key, Forged { by, at }, &[("result", "refused".into())]),
                }
            }
        });
        for n in [0, 1, 3] {
            is_told(&mut people[n], &forged);
            assert_eq!(rows(&mut people[n]), before, "seed {seed}");
        }
    }
}
