//! Stories of an update: the new version reads what an older one left on a phone's disk, and nothing is lost.

use crate::story::{World, world};
use porchlight_engine::store::projections::DerivedRow;
use porchlight_model::calls::door::{HistoryItem, OpenDoor};
use porchlight_model::calls::join::CleanUp;
use porchlight_model::calls::sync::SyncStatus;
use porchlight_model::calls::visit::AddNote;
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::{EndWave, EraseWave, StartWave};
use porchlight_model::id::{DocId, DoorId, WaveId};
use porchlight_model::visit::About;
use porchlight_tests::campaign::{first_voter, hand_out, houses, not_home, talk};
use porchlight_tests::older;
use porchlight_tests::person::Person;
use std::path::Path;

/// This person's device with today's program on the disk of version 3.
fn updated(person: &Person, folder: &Path) -> Person {
    let folder = folder.join(format!("older {}", person.name));
    std::fs::create_dir(&folder).unwrap();
    older::write(person.database(), &folder.join(format!("{}.db", person.name))).unwrap();
    Person::new(&person.name, &folder).unwrap()
}

/// All documents of a device.
fn docs(person: &Person) -> Vec<DocId> {
    let conn = rusqlite::Connection::open(person.database()).unwrap();
    let mut select = conn.prepare("SELECT id FROM doc ORDER BY id").unwrap();
    let ids = select.query_map([], |row| row.get(0).map(DocId::from_bytes)).unwrap();
    ids.map(Result::unwrap).collect()
}

/// The rows of all documents of a device, after a check that they equal a rebuild.
fn rows(person: &Person) -> Vec<DerivedRow> {
    let mut all = Vec::new();
    for doc in docs(person) {
        let (mut rows, rebuilt) = person.handle().with(|engine| engine.rows_and_rebuild(doc)).unwrap();
        assert_eq!(rows, rebuilt, "{}", person.name);
        all.append(&mut rows);
    }
    all
}

async fn history(person: &Person, door: DoorId) -> Vec<HistoryItem> {
    person.ask(OpenDoor { door }).await.unwrap().history
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_held_before_an_update_is_shown_after_it_and_reaches_the_relay() {
    let World { mut relay, office, ana, turf, folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let voter = first_voter(&ana, doors[0]).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    relay.kill().unwrap();
    talk(&ana, doors[0], voter, &[(1, "lean_yes")], "Has a dog").await.unwrap();
    not_home(&ana, doors[1]).await.unwrap();
    ana.ask(AddNote { about: About::Door(doors[2]), text: "Bell is broken".into() }).await.unwrap();
    let (held, cards) = (ana.ask(SyncStatus {}).await.unwrap().n_held, ana.ask(MyTurf {}).await.unwrap());
    assert_eq!((held, cards[0].n_done), (3, 2));

    let updated = updated(&ana, folder.path());
    assert_eq!(updated.ask(SyncStatus {}).await.unwrap().n_held, held);
    assert_eq!(updated.ask(MyTurf {}).await.unwrap(), cards);
    assert_eq!(rows(&updated), rows(&ana));
    for door in &doors[..3] {
        assert_eq!(history(&updated, *door).await, history(&ana, *door).await);
    }
    assert!(updated.call(CleanUp::default()).await.is_err(), "nothing unsent is cleared");
    not_home(&updated, doors[3]).await.unwrap();

    relay.restart().unwrap();
    let status = updated.sync().await.unwrap();
    assert_eq!((status.n_held, status.trouble), (0, None));
    office.sync().await.unwrap();
    assert_eq!(history(&office, doors[0]).await.len(), 3, "two visits and what was noted");
    for door in &doors[1..4] {
        assert_eq!(history(&office, *door).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wave_that_began_while_a_phone_had_an_older_program_is_known_after_its_update() {
    let World { relay: _relay, office, ana, ben, turf, folder } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    office.ask(StartWave { name: "Second look".into() }).await.unwrap();
    office.sync().await.unwrap();
    hand_out(&office, turf, &[&ana]).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    not_home(&ben, doors[5]).await.unwrap();
    ben.sync().await.unwrap();
    let (ana_now, ben_now) = (updated(&ana, folder.path()), updated(&ben, folder.path()));
    for (now, before) in [(&ana_now, &ana), (&ben_now, &ben)] {
        assert_eq!(rows(now), rows(before), "{}", now.name);
    }
    let waves: Vec<_> = history(&ana_now, doors[0]).await.into_iter().map(|item| item.wave).collect();
    assert_eq!(waves, [Some("Second look".to_owned()), Some(String::new())]);

    // The end of the first one is carried out there.
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    for person in [&office, &ana_now, &ben_now] {
        let status = person.sync().await.unwrap();
        assert_eq!((status.n_held, status.trouble), (0, None), "{}", person.name);
    }
    assert_eq!(history(&ana_now, doors[0]).await.len(), 1);
    assert!(ben_now.ask(MyTurf {}).await.unwrap().is_empty());
}
