//! Stories of the office document: one for each campaign, whoever begins it, and never on a canvasser's phone.

use crate::story::{World, world};
use porchlight_model::born::office_doc;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::wire::DocKind;
use porchlight_tests::campaign::{houses, invite, not_home};
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
