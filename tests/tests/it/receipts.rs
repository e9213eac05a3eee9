//! Stories of where a result is: on the phone, at the relay, seen by the office; delivered by file if no relay accepts it; at another relay.

use crate::story::{World, copies, world};
use porchlight_model::calls::door::{OpenDoor, Safety};
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::invite::HandOut;
use porchlight_model::calls::join::CleanUp;
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::calls::walk::{ShiftReport, ShiftView};
use porchlight_model::wire::MAX_HEADS_PER_DEVICE;
use porchlight_tests::campaign::{cut, first_voter, found, hand_out, houses, import_town, not_home, talk, walk};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::Postgres;
use porchlight_tests::wire::{Fault, Wire};
use std::time::{Duration, Instant};

async fn shift(person: &Person) -> ShiftView {
    person.ask(ShiftReport {}).await.unwrap()
}

/// A canvasser whose connection to the relay can be cut.
async fn cem(world: &World) -> (Person, Wire) {
    let wire = Wire::to(&world.relay).await.unwrap();
    let cem = Person::new("Cem", world.folder.path()).unwrap();
    let link = world.office.ask(HandOut { turf: world.turf, uses: 1, minutes: 60 }).await.unwrap().link;
    cem.join(&wire.link(&link)).await.unwrap();
    cem.sync().await.unwrap();
    (cem, wire)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_tells_whether_it_is_here_at_the_relay_or_seen_by_the_office() {
    let world = world().await;
    let World { office, ana, turf, .. } = &world;
    let door = houses(ana, *turf).await.unwrap()[0];
    not_home(ana, door).await.unwrap();
    let count = |view: ShiftView| (view.n_results, view.n_safe, view.n_seen);
    let safety = async || ana.ask(OpenDoor { door }).await.unwrap().history[0].safety;
    assert_eq!((count(shift(ana).await), safety().await), ((1, 0, 0), Safety::Here));
    ana.sync().await.unwrap();
    assert_eq!((count(shift(ana).await), safety().await), ((1, 1, 0), Safety::Relay));
    // The office fetches it, and acknowledges with its next sync that it is on its disk.
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    ana.sync().await.unwrap();
    assert_eq!((count(shift(ana).await), safety().await), ((1, 1, 1), Safety::Seen));
    // Newer results are counted separately.
    ana.clock.advance_ms(3_000);
    not_home(ana, door).await.unwrap();
    ana.sync().await.unwrap();
    assert_eq!(count(shift(ana).await), (2, 2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_no_relay_takes_are_handed_over_by_file_under_their_author() {
    let world = world().await;
    let World { office, turf, folder, .. } = &world;
    let (cem, wire) = cem(&world).await;
    let nothing = cem.call(HandOver {}).await.unwrap_err();
    assert_eq!(nothing.message.id, "handover-nothing");
    let doors = houses(&cem, *turf).await.unwrap();
    wire.set(Fault::OtherVersion);
    let voter = first_voter(&cem, doors[0]).await.unwrap();
    talk(&cem, doors[0], voter, &[(1, "lean_yes")], "Rings at eight").await.unwrap();
    not_home(&cem, doors[1]).await.unwrap();
    assert_eq!(cem.sync().await.unwrap().phase, SyncPhase::Refused);
    let kept = cem.call(CleanUp::default()).await.unwrap_err();
    assert_eq!(kept.message.id, "clean-up-not-safe");

    let file = cem.ask(HandOver {}).await.unwrap();
    assert_eq!(file.n_rows, 2);
    let path = folder.path().join(&file.name);
    std::fs::write(&path, &file.text).unwrap();
    let take = || TakeOver { file: chosen(&path).unwrap() };
    let refused = cem.call(take()).await.unwrap_err();
    assert_eq!(refused.message.id, "error-only-office", "a canvasser takes nothing over");
    let taken = office.ask(take()).await.unwrap();
    assert_eq!((taken.from.as_str(), taken.n_results, taken.n_new), ("Cem", 2, 2));
    let again = office.ask(take()).await.unwrap();
    assert_eq!((again.n_results, again.n_new), (2, 0));
    assert_eq!(office.sync().await.unwrap().n_held, 0, "the relay takes them from the office");
    let view = office.ask(OpenTurf { turf: *turf }).await.unwrap();
    assert_eq!((view.row.tally.n_done, view.row.tally.n_contacts), (2, 1));
    let history = office.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert!(history.iter().all(|item| item.by_name == "Cem"), "{history:?}");

    // The phone's own connection works again: nothing is duplicated, all of it is safe, and its chain continues.
    wire.set(Fault::None);
    assert_eq!(cem.sync().await.unwrap().n_held, 0);
    not_home(&cem, doors[2]).await.unwrap();
    assert_eq!(cem.sync().await.unwrap().n_held, 0);
    office.sync().await.unwrap();
    let tally = office.ask(OpenTurf { turf: *turf }).await.unwrap().row.tally;
    assert_eq!((tally.n_done, tally.n_attempts), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_of_results_says_what_is_wrong_and_changes_nothing() {
    let world = world().await;
    let World { office, ana, turf, folder, .. } = &world;
    let door = houses(ana, *turf).await.unwrap()[0];
    not_home(ana, door).await.unwrap();
    let good = ana.ask(HandOver {}).await.unwrap().text;
    let change = good.split('"').find(|part| part.starts_with("856f4a83")).unwrap();
    let campaign = good.split("\"campaign\":\"").nth(1).unwrap().split('"').next().unwrap();
    let other = "00000000-0000-7000-8000-000000000000";
    for (text, id) in [
        (String::new(), "handover-not-one"),
        ("name;street".to_owned(), "handover-not-one"),
        (good[..good.len() / 2].to_owned(), "handover-not-one"),
        (good.replace("\"porchlight_handover\":1", "\"porchlight_handover\":2"), "handover-other-version"),
        (good.replace(campaign, other), "handover-other-campaign"),
        (good.replace(change, &change[2..]), "handover-damaged"),
        (good.replace(change, "zz"), "handover-damaged"),
    ] {
        let path = folder.path().join("wrong.json");
        std::fs::write(&path, text).unwrap();
        let error = office.call(TakeOver { file: chosen(&path).unwrap() }).await.unwrap_err();
        assert_eq!(error.message.id, id);
        if id == "handover-not-one" {
            assert!(error.at.is_some(), "it says where");
        }
    }
    assert_eq!(office.sync().await.unwrap().n_held, 0);
    assert_eq!(office.ask(OpenTurf { turf: *turf }).await.unwrap().row.tally.n_done, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_put_back_from_a_copy_gets_back_even_what_a_lost_phone_wrote() {
    let mut world = world().await;
    let (turf, doors) = (world.turf, houses(&world.ana, world.turf).await.unwrap());
    world.relay.kill().unwrap();
    let copy = world.folder.path().join("copy.db");
    std::fs::copy(world.relay.data().join("relay.db"), &copy).unwrap();
    world.relay.restart().unwrap();
    // After the backup, Ana records, Ben receives it, and Ana's phone is lost for good.
    not_home(&world.ana, doors[0]).await.unwrap();
    world.ana.sync().await.unwrap();
    world.ben.sync().await.unwrap();
    not_home(&world.ben, doors[1]).await.unwrap();
    world.ben.sync().await.unwrap();
    world.relay.kill().unwrap();
    std::fs::copy(&copy, world.relay.data().join("relay.db")).unwrap();
    world.relay.say_restored().unwrap();
    world.relay.restart().unwrap();
    let synced = world.ben.sync().await.unwrap();
    assert_eq!((synced.n_held, synced.trouble), (0, None));
    world.office.sync().await.unwrap();
    let tally = world.office.ask(OpenTurf { turf }).await.unwrap().row.tally;
    assert_eq!((tally.n_done, tally.n_attempts), (2, 2));
    assert_eq!(walk(&world.ben, turf).await.unwrap().by_state, walk(&world.office, turf).await.unwrap().by_state);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_moves_to_the_next_relay_and_finds_everything_there() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::shared().unwrap());
    let mut relays = Relay::start_nodes(folder.path(), &server.database().await.unwrap(), 2).unwrap();
    let (second, mut first) = (relays.remove(1), relays.remove(0));
    let office = Person::new("Olga", folder.path()).unwrap();
    found(&first, &office, "Library").await.unwrap();
    import_town(&office, folder.path(), 60).await.unwrap();
    let turf = cut(&office, 60, "Riverside").await.unwrap()[0];
    let dot = Person::new("Dot", folder.path()).unwrap();
    hand_out(&office, turf, &[&dot]).await.unwrap();
    dot.sync().await.unwrap();
    let doors = houses(&dot, turf).await.unwrap();
    not_home(&dot, doors[0]).await.unwrap();
    first.kill().unwrap();
    let start = Instant::now();
    let synced = dot.sync().await.unwrap();
    assert_eq!((synced.phase, synced.n_held), (SyncPhase::Idle, 0), "after {:?}", start.elapsed());
    drop(second);
    not_home(&dot, doors[1]).await.unwrap();
    assert_eq!(dot.sync().await.unwrap().phase, SyncPhase::Offline);
    first.restart().unwrap();
    assert_eq!(dot.sync().await.unwrap().n_held, 0, "and comes back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_joins_late_gets_the_whole_history_in_one_piece() {
    let mut world = world().await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    for n in 0..120 {
        // Not a tap that came twice.
        world.ana.clock.advance_ms(3_000);
        not_home(&world.ana, doors[n % doors.len()]).await.unwrap();
    }
    world.ana.sync().await.unwrap();
    // A relay makes due snapshots when it starts.
    world.relay.kill_and_restart().unwrap();
    let store = rusqlite::Connection::open(world.relay.data().join("relay.db")).unwrap();
    let folding = async {
        while store.query_row("SELECT count(*) FROM snapshot", [], |row| row.get::<_, i64>(0)).unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), folding).await.unwrap();
    not_home(&world.ana, doors[0]).await.unwrap();
    world.ana.sync().await.unwrap();
    let link = world.office.ask(HandOut { turf: world.turf, uses: 1, minutes: 60 }).await.unwrap().link;
    let dot = Person::new("Dot", world.folder.path()).unwrap();
    dot.join(&link).await.unwrap();
    assert_eq!(dot.sync().await.unwrap().trouble, None);
    assert_eq!(walk(&dot, world.turf).await.unwrap().rows, walk(&world.ana, world.turf).await.unwrap().rows);
    let history = dot.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert_eq!(history, world.ana.ask(OpenDoor { door: doors[0] }).await.unwrap().history);
    not_home(&dot, doors[1]).await.unwrap();
    assert_eq!(dot.sync().await.unwrap().n_held, 0, "and goes on from there");
}

/// A phone that was set up once and cloned to many others: all are one device, and none knows of the others.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_phone_copied_too_often_the_last_result_waits_and_is_not_lost() {
    let world = world().await;
    let World { office, ana, turf, .. } = &world;
    let doors = houses(ana, *turf).await.unwrap();
    let copies = copies(&world, MAX_HEADS_PER_DEVICE + 1).await;
    let (last, others) = copies.split_last().unwrap();
    for copy in others {
        assert_eq!(copy.sync().await.unwrap().n_held, 0);
    }
    let waiting = last.sync().await.unwrap();
    assert_eq!((waiting.n_held, waiting.trouble.unwrap().id.as_str()), (1, "sync-waits"));
    // A device that has received the others' results and records the next one depends on all of them, which makes room.
    not_home(office, doors[0]).await.unwrap();
    assert_eq!(office.sync().await.unwrap().n_held, 0);
    assert_eq!(last.sync().await.unwrap().n_held, 1, "the office had not heard of them when it recorded");
    office.clock.advance_ms(3_000);
    not_home(office, doors[0]).await.unwrap();
    assert_eq!(office.sync().await.unwrap().n_held, 0);
    let safe = last.sync().await.unwrap();
    assert_eq!((safe.n_held, safe.trouble), (0, None));
    office.sync().await.unwrap();
    let tally = office.ask(OpenTurf { turf: *turf }).await.unwrap().row.tally;
    assert_eq!(tally.n_attempts as usize, copies.len() + 2);
}
