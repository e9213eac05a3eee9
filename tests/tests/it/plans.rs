//! Stories of the office document: one for each campaign, whoever begins it, and never on a canvasser's phone; and of the goals in it.

use crate::story::{World, world};
use porchlight_model::born::office_doc;
use porchlight_model::calls::plan::{ChangeGoal, Forecast, Goals, RemoveGoal, SetGoal};
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::plan::{Goal, GoalScope, Measure, NamedGoal};
use porchlight_model::wire::DocKind;
use porchlight_tests::campaign::{first_voter, houses, invite, not_home, talk};
use porchlight_tests::person::Person;
use porchlight_tests::relay::copy_folder;
use porchlight_tests::wire::{Fault, Wire};

fn doc(person: &Person) -> DocId {
    person.handle().with(|engine| office_doc(engine.member().unwrap().identity.campaign))
}

/// Writes something into the office document.
fn write(person: &Person, key: &str) {
    let act = |engine: &mut porchlight_engine::Engine| {
        engine.write("the office writes", |tx| tx.edit_office(|edit| edit.put("settings", key, 1)))
    };
    person.handle().with(act).unwrap();
}

/// The kind of the office document on a device, and the hashes of its changes; `None` where it is not.
fn on_disk(person: &Person) -> Option<(DocKind, Vec<Vec<u8>>)> {
    let (conn, doc) = (rusqlite::Connection::open(person.database()).unwrap(), doc(person).to_bytes());
    let kind: String = conn.query_row("SELECT kind FROM doc WHERE id = ?1", [doc], |row| row.get(0)).ok()?;
    let mut select = conn.prepare("SELECT hash FROM change WHERE doc = ?1 ORDER BY hash").unwrap();
    let hashes = select.query_map([doc], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    Some((DocKind::parse(&kind), hashes))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_coordinators_who_begin_it_offline_have_one_document_which_captains_read_and_phones_never_get() {
    let World { mut relay, office, ana, folder, .. } = world().await;
    let (omar, cleo) = (Person::new("Omar", folder.path()).unwrap(), Person::new("Cleo", folder.path()).unwrap());
    invite(&office, &omar, Role::Coordinator).await.unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    for person in [&omar, &cleo, &ana] {
        person.sync().await.unwrap();
        assert_eq!(on_disk(person), None, "nobody needs one before the office writes into it");
    }
    relay.kill().unwrap();
    write(&office, "hers");
    write(&omar, "his");
    relay.restart().unwrap();
    for person in [&office, &omar, &office, &cleo, &ana] {
        let status = person.sync().await.unwrap();
        assert_eq!((status.phase, status.n_held, status.trouble), (SyncPhase::Idle, 0, None), "{}", person.name);
    }
    let (kind, hashes) = on_disk(&office).unwrap();
    assert_eq!((kind, hashes.len()), (DocKind::Office, 3), "one birth, and what each wrote");
    assert_eq!(on_disk(&omar), Some((kind, hashes.clone())));
    assert_eq!(on_disk(&cleo), Some((kind, hashes)));
    assert_eq!(on_disk(&ana), None);
    // A captain's program of others cannot write it.
    write(&cleo, "a captain's");
    cleo.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(on_disk(&office).unwrap().1.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_a_relay_that_knows_it_and_holds_up_nothing_else() {
    for fault in [Fault::Older, Fault::Previous] {
        let World { relay, office, ana, turf, folder, .. } = &world().await;
        let wire = Wire::to(relay).await.unwrap();
        wire.set(fault);
        let dora = Person::new("Dora", folder.path()).unwrap();
        let link = porchlight_model::calls::invite::Invite { role: Role::Coordinator, minutes: 60 };
        let link = office.ask(link).await.unwrap().link;
        dora.join(&wire.link(&link)).await.unwrap();
        dora.sync().await.unwrap();
        write(&dora, "early");
        let door = houses(ana, *turf).await.unwrap()[0];
        not_home(&dora, door).await.unwrap();
        let status = dora.sync().await.unwrap();
        let trouble = status.trouble.map(|trouble| trouble.id);
        assert_eq!((status.phase, trouble.as_deref()), (SyncPhase::Idle, Some("sync-relay-older")), "{fault:?}");
        office.sync().await.unwrap();
        assert_eq!(on_disk(office), None);
        // The relay is updated.
        wire.set(Fault::None);
        dora.sync().await.unwrap();
        let status = dora.sync().await.unwrap();
        assert_eq!((status.phase, status.n_held, status.trouble), (SyncPhase::Idle, 0, None), "{fault:?}");
        office.sync().await.unwrap();
        assert_eq!(on_disk(office), on_disk(&dora), "{fault:?}");
        assert!(on_disk(office).is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_was_restored_from_before_it_gets_it_back() {
    let World { mut relay, office, folder, .. } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    cleo.sync().await.unwrap();
    let backup = folder.path().join("backup");
    relay.kill().unwrap();
    copy_folder(relay.data(), &backup).unwrap();
    relay.restart().unwrap();
    write(&office, "hers");
    office.sync().await.unwrap();
    cleo.sync().await.unwrap();
    let held = on_disk(&office);
    assert_eq!(on_disk(&cleo), held);
    relay.kill().unwrap();
    std::fs::remove_dir_all(relay.data()).unwrap();
    copy_folder(&backup, relay.data()).unwrap();
    relay.say_restored().unwrap();
    relay.restart().unwrap();
    cleo.sync().await.unwrap();
    assert_eq!(on_disk(&cleo), held, "who may only read it keeps it");
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    for person in [&cleo, &cleo, &office] {
        person.sync().await.unwrap();
    }
    for person in [&office, &cleo] {
        let status = person.sync().await.unwrap();
        assert_eq!((status.phase, status.n_held, status.trouble), (SyncPhase::Idle, 0, None), "{}", person.name);
        assert_eq!(on_disk(person), held, "{}", person.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goal_that_a_coordinator_sets_is_seen_by_captains_with_what_canvassers_do() {
    let World { relay: _relay, office, ana, turf, folder, .. } = world().await;
    let (omar, cleo) = (Person::new("Omar", folder.path()).unwrap(), Person::new("Cleo", folder.path()).unwrap());
    invite(&office, &omar, Role::Coordinator).await.unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    let today = office.handle().with(|engine| engine.now()).0 / 86_400_000;
    let goal = Goal { measure: Measure::Doors, scope: GoalScope::Campaign, from: today - 1, to: today + 8, target: 40 };
    let id = office.ask(SetGoal { goal, offset_ms: 0 }).await.unwrap();
    let of_turf = Goal { measure: Measure::Supporters, scope: GoalScope::Turf(turf), ..goal };
    office.ask(SetGoal { goal: of_turf, offset_ms: 0 }).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    for door in &doors[..3] {
        not_home(&ana, *door).await.unwrap();
    }
    not_home(&ana, doors[0]).await.unwrap();
    let voter = first_voter(&ana, doors[3]).await.unwrap();
    talk(&ana, doors[3], voter, &[(1, "strong_yes"), (2, "yes")], "").await.unwrap();
    for person in [&ana, &office, &omar, &cleo] {
        person.sync().await.unwrap();
    }
    for person in [&office, &omar, &cleo] {
        let goals = person.ask(Goals { offset_ms: 0 }).await.unwrap();
        let [all, turf] = goals.as_slice() else { panic!("{goals:?}") };
        assert_eq!((all.named, all.turf.as_str()), (NamedGoal { id, goal }, ""));
        assert_eq!((all.n_done, all.days.iter().sum::<u32>(), all.n_by_now), (3, 3, 8), "{}", person.name);
        // Where one of two voters was met, the door is not done. Nine days are left, today included, and nothing was done before today.
        assert_eq!((all.n_per_day, all.forecast), (Some(5), Forecast::TooEarly));
        assert_eq!((turf.n_done, turf.turf.is_empty()), (1, false));
    }
    let refused = cleo.call(RemoveGoal { goal: id }).await.unwrap_err();
    assert_eq!(refused.message.id, "error-only-coordinator");
    assert_eq!(ana.call(Goals { offset_ms: 0 }).await.unwrap_err().message.id, "error-only-office");
    // Who changes it last and has seen the other's change is followed.
    let change = ChangeGoal { goal: id, from: goal.from, to: goal.to, target: 3, offset_ms: 0 };
    assert_eq!(omar.ask(change).await.unwrap(), goal);
    omar.sync().await.unwrap();
    cleo.sync().await.unwrap();
    let told = cleo.ask(Goals { offset_ms: 0 }).await.unwrap();
    assert_eq!((told[0].named.goal.target, told[0].n_per_day), (3, Some(0)));
}
