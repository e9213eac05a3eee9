//! The office document: its one birth, and what becomes of what coordinators write into it, together and apart.

mod apart;

use super::insider::{by_hand, made_by};
use super::town::{Walker, small_pack, told, walkers};
use crate::doc::office_map;
use crate::plan::{goals, lists, undo};
use crate::store::settings;
use crate::sync::authors::attribute;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc};
use porchlight_model::born::{birth, office_doc};
use porchlight_model::calls::plan::{
    ChangeGoal, ChangeList, CreateList, ListUndo, OpenFrozen, RemoveGoal, RemoveList, RenameList, RestoreGoal,
    SavedLists, SetGoal, UndoList,
};
use porchlight_model::id::{DocId, GoalId, ListId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::plan::{
    Goal, GoalScope, IDS_PER_PART, MAX_FILTER_BYTES, MAX_FROZEN, MAX_LIST_NAME_CHARS, Measure, NamedGoal, SavedFilter,
    SavedList,
};
use porchlight_model::relay::AuthorTold;
use porchlight_model::wire::{Access, DocKind};
use serde_bytes::ByteBuf;

/// The day of [`super::town::START`].
const TODAY: i64 = super::town::START.0 / 86_400_000;

fn doc(of: &Walker) -> DocId {
    office_doc(of.engine.member().unwrap().identity.campaign)
}

fn filter(text: &str) -> SavedFilter {
    SavedFilter { version: 3, body: ByteBuf::from(text.as_bytes()) }
}

fn voters(n: usize) -> Vec<VoterId> {
    (0..n).map(|n| VoterId::from_bytes((n as u128).to_be_bytes())).collect()
}

fn all(walker: &mut Walker) -> Vec<SavedList> {
    lists::all(&mut walker.engine, &SavedLists {}).unwrap()
}

fn names(walker: &mut Walker) -> Vec<String> {
    all(walker).into_iter().map(|list| list.name).collect()
}

fn create(walker: &mut Walker, name: &str) -> ListId {
    walker.pass_ms(1000);
    let call = CreateList { name: name.to_owned(), filter: filter("all"), voters: None };
    lists::create(&mut walker.engine, &call).unwrap()
}

fn rename(walker: &mut Walker, list: ListId, name: &str) -> ListUndo {
    lists::rename(&mut walker.engine, &RenameList { list, name: name.to_owned() }).unwrap()
}

fn change(walker: &mut Walker, list: ListId, text: &str, voters: Option<Vec<VoterId>>) -> ListUndo {
    lists::change(&mut walker.engine, &ChangeList { list, filter: filter(text), voters }).unwrap()
}

/// A goal for which the days and the target are fine.
fn goal() -> Goal {
    Goal { measure: Measure::Doors, scope: GoalScope::Campaign, from: TODAY, to: TODAY + 30, target: 600 }
}

fn set(walker: &mut Walker, goal: Goal) -> GoalId {
    walker.pass_ms(1000);
    goals::set(&mut walker.engine, &SetGoal { goal, offset_ms: 0 }).unwrap()
}

fn standing(walker: &mut Walker) -> Vec<NamedGoal> {
    let doc = doc(walker);
    crate::store::plans::goals(walker.engine.conn(), doc).unwrap()
}

/// Walker `to` hears all that `from` has.
fn hear(to: &mut Walker, from: &Walker) {
    let doc = doc(from);
    if from.changes(doc).is_empty() {
        return;
    }
    to.engine.write("be granted", |tx| tx.add_doc(doc, DocKind::Office, Access::Write, false)).unwrap();
    to.hear(from, doc, usize::MAX);
}

fn meet(two: &mut [Walker]) {
    let [one, other] = two.get_disjoint_mut([0, 1]).unwrap();
    hear(one, other);
    hear(other, one);
}

/// Checks that both have the same rows, which are those of a rebuild.
fn check_same(two: &mut [Walker]) {
    let doc = doc(&two[0]);
    let rows: Vec<_> = two.iter_mut().map(|walker| walker.engine.rows_and_rebuild(doc).unwrap()).collect();
    for (rows, rebuilt) in &rows {
        assert_eq!(rows, rebuilt);
    }
    assert_eq!(rows[0], rows[1]);
}

#[test]
fn the_birth_of_office_documents_is_the_change_that_makes_their_maps() {
    let mut document = Automerge::new().with_actor(ActorId::from(b"porchlight.birth"));
    let mut tx = document.transaction();
    for map in office_map::ALL {
        tx.put_object(ROOT, map, ObjType::Map).unwrap();
    }
    tx.commit_with(CommitOptions::default().with_time(0));
    let made = document.get_last_local_change().unwrap();
    assert_eq!(Some(made.raw_bytes()), birth(DocKind::Office));
    assert_eq!(made.author(), None, "it is nobody's, so that it is everybody's");
}

#[test]
fn two_coordinators_who_begin_offline_have_the_lists_of_both() {
    let mut two = walkers(2, &small_pack());
    create(&mut two[0], "Seniors");
    create(&mut two[1], "Newcomers");
    meet(&mut two);
    for walker in &mut two {
        assert_eq!(names(walker), ["Newcomers", "Seniors"]);
        assert_eq!(walker.changes(doc(walker)).len(), 3);
    }
    check_same(&mut two);
    two[0].restart();
    assert_eq!(names(&mut two[0]), ["Newcomers", "Seniors"]);
}

#[test]
fn of_two_names_one_counts_for_everyone_and_what_else_was_changed_stays() {
    let mut two = walkers(2, &small_pack());
    let list = create(&mut two[0], "Seniors");
    meet(&mut two);
    rename(&mut two[0], list, "Elders");
    rename(&mut two[1], list, "Over 65");
    change(&mut two[1], list, "age > 64", None);
    meet(&mut two);
    let [one, other] = [0, 1].map(|place| all(&mut two[place]));
    assert_eq!(one, other);
    assert_eq!((one.len(), &one[0].filter), (1, &filter("age > 64")));
    assert!(["Elders", "Over 65"].contains(&one[0].name.as_str()));
    check_same(&mut two);
}

#[test]
fn a_list_that_was_removed_stays_removed_whatever_was_changed_meanwhile_and_comes_back_with_it() {
    let mut two = walkers(2, &small_pack());
    let list = create(&mut two[0], "Seniors");
    meet(&mut two);
    let removed = lists::remove(&mut two[0].engine, &RemoveList { list }).unwrap();
    rename(&mut two[1], list, "Elders");
    meet(&mut two);
    for walker in &mut two {
        assert!(all(walker).is_empty());
        let gone = lists::rename(&mut walker.engine, &RenameList { list, name: "Once more".to_owned() });
        assert_eq!(told(gone), "plan-list-gone");
    }
    undo::undo(&mut two[1].engine, &UndoList { list, undo: removed }).unwrap();
    meet(&mut two);
    for walker in &mut two {
        assert_eq!(names(walker), ["Elders"]);
    }
}

#[test]
fn each_act_on_a_list_can_be_taken_back_until_somebody_does_more() {
    let mut two = walkers(2, &small_pack());
    let list = create(&mut two[0], "Seniors");
    let of =
        |walker: &mut Walker, act: &ListUndo| undo::undo(&mut walker.engine, &UndoList { list, undo: act.clone() });
    let renamed = rename(&mut two[0], list, " Elders ");
    assert_eq!(names(&mut two[0]), ["Elders"]);
    of(&mut two[0], &renamed).unwrap();
    assert_eq!(names(&mut two[0]), ["Seniors"]);
    assert_eq!(told(of(&mut two[0], &renamed)), "plan-undo-late");

    let before = all(&mut two[0]);
    let frozen = change(&mut two[0], list, "age > 64", Some(voters(3)));
    assert_eq!(all(&mut two[0])[0].frozen.unwrap().n, 3);
    of(&mut two[0], &frozen).unwrap();
    assert_eq!(all(&mut two[0]), before);

    let first = change(&mut two[0], list, "age > 64", Some(voters(3)));
    let second = change(&mut two[0], list, "age > 70", Some(voters(2)));
    assert_eq!(told(of(&mut two[0], &first)), "plan-undo-late");
    of(&mut two[0], &second).unwrap();
    let told_of = lists::frozen(&mut two[0].engine, &OpenFrozen { list }).unwrap();
    assert_eq!((told_of.voters, all(&mut two[0])[0].filter.clone()), (voters(3), filter("age > 64")));
    of(&mut two[0], &ListUndo::Created).unwrap();
    assert!(all(&mut two[0]).is_empty());
}

#[test]
fn a_frozen_list_holds_whom_it_found_in_order_and_earlier_people_go() {
    let mut two = walkers(2, &small_pack());
    let many = voters(2 * IDS_PER_PART + 1);
    let call = CreateList { name: "Seniors".to_owned(), filter: filter("all"), voters: Some(many.clone()) };
    let list = lists::create(&mut two[0].engine, &call).unwrap();
    // The parts come first: whoever knows of the list has all of it.
    let [one, other] = two.get_disjoint_mut([0, 1]).unwrap();
    other.engine.write("be granted", |tx| tx.add_doc(doc(one), DocKind::Office, Access::Write, false)).unwrap();
    other.hear(one, doc(one), 3);
    assert!(all(other).is_empty());
    hear(other, one);
    let frozen = all(other)[0].frozen.unwrap();
    assert_eq!((frozen.n as usize, frozen.is_whole), (many.len(), true));
    assert_eq!(lists::frozen(&mut other.engine, &OpenFrozen { list }).unwrap().voters, many);
    // Those before the last are kept for an undo, and no others.
    change(one, list, "all", Some(voters(5)));
    change(one, list, "all", Some(voters(7)));
    let n_parts = "SELECT count(*) FROM frozen_part";
    assert_eq!(one.engine.conn().query_row(n_parts, [], |row| row.get::<_, u32>(0)).unwrap(), 2);
    change(one, list, "all", None);
    assert_eq!(told(lists::frozen(&mut one.engine, &OpenFrozen { list })), "plan-list-not-frozen");
    meet(&mut two);
    check_same(&mut two);
}

#[test]
fn what_cannot_be_a_list_is_refused_with_the_reason() {
    let mut ana = walkers(1, &small_pack()).remove(0);
    let list = create(&mut ana, "Seniors");
    let mut check = |name: &str, n_bytes: usize, n_voters: usize, message: &str| {
        let body = ByteBuf::from(vec![0; n_bytes]);
        let (filter, name) = (SavedFilter { version: 1, body }, name.to_owned());
        let call = CreateList { name, filter, voters: Some(voters(n_voters)) };
        assert_eq!(told(lists::create(&mut ana.engine, &call)), message);
    };
    check("  ", 1, 1, "plan-list-name-wrong");
    check(&"x".repeat(MAX_LIST_NAME_CHARS + 1), 1, 1, "plan-list-name-wrong");
    check(" seniors", 1, 1, "plan-list-name-taken");
    check("Long", MAX_FILTER_BYTES + 1, 1, "plan-filter-long");
    check("Many", 1, MAX_FROZEN + 1, "plan-list-long");
    rename(&mut ana, list, "SENIORS");
    assert_eq!(names(&mut ana), ["SENIORS"], "its own name is free");
    let largest = SavedFilter { version: u16::MAX, body: ByteBuf::from(vec![7; MAX_FILTER_BYTES]) };
    let call = CreateList { name: "Largest".to_owned(), filter: largest.clone(), voters: Some(voters(MAX_FROZEN)) };
    lists::create(&mut ana.engine, &call).unwrap();
    assert_eq!(all(&mut ana)[0].filter, largest);
}

#[test]
fn a_goal_is_set_changed_removed_and_brought_back() {
    let mut two = walkers(2, &small_pack());
    let check = |walker: &mut Walker, goal: Goal, message: &str| {
        assert_eq!(told(goals::set(&mut walker.engine, &SetGoal { goal, offset_ms: 0 })), message);
    };
    check(&mut two[0], Goal { target: 0, ..goal() }, "plan-goal-zero");
    check(&mut two[0], Goal { to: TODAY - 1, from: TODAY - 3, ..goal() }, "plan-goal-past");
    check(&mut two[0], Goal { to: TODAY - 1, ..goal() }, "plan-goal-backwards");
    check(
        &mut two[0],
        Goal { scope: GoalScope::Turf(porchlight_model::id::TurfId::from_bytes([0x77; 16])), ..goal() },
        "error-turf-gone",
    );
    let id = set(&mut two[0], goal());
    meet(&mut two);
    // One moves the days, the other the number: they are fields of their own, and the days go together.
    let call = |from: i64, to: i64, target: u32| ChangeGoal { goal: id, from, to, target, offset_ms: 0 };
    assert_eq!(goals::change(&mut two[0].engine, &call(TODAY, TODAY + 40, 600)).unwrap(), goal());
    assert_eq!(told(goals::change(&mut two[0].engine, &call(TODAY + 50, TODAY + 40, 600))), "plan-goal-backwards");
    meet(&mut two);
    check_same(&mut two);
    goals::change(&mut two[1].engine, &call(TODAY, TODAY + 40, 800)).unwrap();
    goals::remove(&mut two[0].engine, &RemoveGoal { goal: id }).unwrap();
    meet(&mut two);
    for walker in &mut two {
        assert!(standing(walker).is_empty());
    }
    goals::restore(&mut two[1].engine, &RestoreGoal { goal: id }).unwrap();
    meet(&mut two);
    check_same(&mut two);
    for walker in &mut two {
        assert_eq!(standing(walker), [NamedGoal { id, goal: Goal { to: TODAY + 40, target: 800, ..goal() } }]);
    }
}

#[test]
fn only_what_coordinators_write_counts_and_what_is_too_large_or_odd_is_not_shown() {
    let mut two = walkers(2, &small_pack());
    let (list, id) = (create(&mut two[1], "Seniors"), set(&mut two[1], goal()));
    meet(&mut two);
    let office = doc(&two[0]);
    let by = |walker: &Walker, role: Role| {
        let identity = walker.engine.member().unwrap().identity.clone();
        AuthorTold { device: identity.device, member: identity.member, role }
    };
    let [eve, reader] = two.get_disjoint_mut([0, 1]).unwrap();
    let before = reader.engine.rows_and_rebuild(office).unwrap();
    let forged = by_hand(eve, office, |document| {
        let (_, lists) = document.get(ROOT, "lists").unwrap().unwrap();
        let (_, goals) = document.get(ROOT, "goals").unwrap().unwrap();
        document.put(&lists, format!("{list}/name"), "Taken over").unwrap();
        document.put(&lists, format!("{list}/removed"), 5).unwrap();
        document.put(&goals, format!("{id}/target"), 1).unwrap();
    });
    let captain = by(eve, Role::Captain);
    reader.engine.write("authors", |tx| attribute(tx, [captain].into_iter())).unwrap();
    reader.engine.write("told", |tx| tx.apply(office, vec![forged], 99).map(drop)).unwrap();
    assert_eq!(reader.engine.rows_and_rebuild(office).unwrap(), before);

    // A coordinator's program of another version: what this one does not know is kept and passed on.
    let newer = GoalId::from_bytes([0x42; 16]);
    let odd = made_by(reader, reader, ActorId::from([0xe2; 16]), office, |document| {
        let (_, lists) = document.get(ROOT, "lists").unwrap().unwrap();
        let (_, goals) = document.get(ROOT, "goals").unwrap().unwrap();
        document.put(&lists, format!("{list}/colour"), "red").unwrap();
        document.put(&lists, format!("{}/name", ListId::from_bytes([0x41; 16])), "Without a filter").unwrap();
        document.put(&lists, "not an id/name", "Nobody's").unwrap();
        document.put(&goals, format!("{newer}/measure"), "shifts").unwrap();
        document.put(&goals, format!("{newer}/scope"), "campaign").unwrap();
        document.put(&goals, format!("{newer}/span"), format!("{TODAY}/{TODAY}")).unwrap();
        document.put(&goals, format!("{newer}/target"), 5).unwrap();
        for (place, span) in ["0/9000000000000000000", "-5/3", "9/8", "today"].into_iter().enumerate() {
            let id = GoalId::from_bytes([0x50 + u8::try_from(place).unwrap(); 16]);
            document.put(&goals, format!("{id}/measure"), "doors").unwrap();
            document.put(&goals, format!("{id}/scope"), "campaign").unwrap();
            document.put(&goals, format!("{id}/span"), span).unwrap();
            document.put(&goals, format!("{id}/target"), 5).unwrap();
        }
    });
    reader.engine.write("told", |tx| tx.apply(office, vec![odd], 99).map(drop)).unwrap();
    assert_eq!((names(reader), standing(reader).len()), (vec!["Seniors".to_owned()], 1));
    assert!(
        crate::store::newer::is_met(reader.engine.conn()).unwrap(),
        "the person is told that a newer version shows more"
    );
    rename(reader, list, "Elders");
    let document = reader.engine.document(office).unwrap();
    let (_, lists) = document.get(ROOT, "lists").unwrap().unwrap();
    assert_eq!(document.get(&lists, format!("{list}/colour")).unwrap().unwrap().0.as_str(), Some("red"));
}

#[test]
fn a_device_that_kept_it_as_an_unknown_kind_shows_it_after_the_update() {
    let mut ana = walkers(1, &small_pack()).remove(0);
    create(&mut ana, "Seniors");
    ana.engine
        .write("as an older program", |tx| {
            tx.conn().execute("DELETE FROM saved_list", [])?;
            settings::put(tx.conn(), "kinds", &["campaign", "turf"])
        })
        .unwrap();
    assert!(all(&mut ana).is_empty());
    ana.restart();
    assert_eq!(names(&mut ana), ["Seniors"]);
}

/// A change that is told is read whole.
#[test]
fn a_part_of_frozen_people_fits_into_a_change() {
    let mut ana = walkers(1, &small_pack()).remove(0);
    let call = CreateList { name: "Many".to_owned(), filter: filter("all"), voters: Some(voters(MAX_FROZEN)) };
    lists::create(&mut ana.engine, &call).unwrap();
    let largest = ana.changes(doc(&ana)).into_iter().map(|bytes| bytes.len()).max().unwrap();
    assert!(largest <= porchlight_model::wire::MAX_CHANGE_BYTES, "{largest}");
    assert!(ana.changes(doc(&ana)).into_iter().all(|bytes| Change::from_bytes(bytes).is_ok()));
}
