//! Stories of a captain whose program writes in a coordinator's name, whose word counts for more than anyone's.

use super::{device, document, forged, has_any, keep};
use crate::story::{World, world};
use automerge::transaction::Transactable;
use automerge::{Change, ObjType, ROOT, ReadDoc, ScalarValue};
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::hub::{HostHub, UseHub};
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::id::{DocId, DoorId};
use porchlight_model::member::Role;
use porchlight_tests::campaign::{houses, invite, not_home};
use porchlight_tests::person::{Person, chosen};

/// All visits of a turf taken back by the device of `named`, as the program of `liar` writes it.
fn all_taken_back(liar: &Person, named: &Person, doc: DocId) -> Change {
    let by = named.handle().with(|engine| engine.member().unwrap().identity.member);
    forged(liar, doc, device(named), |document| {
        let [visits, retracted] = ["visits", "retracted"].map(|map| document.get(ROOT, map).unwrap().unwrap().1);
        for visit in document.keys(&visits).collect::<Vec<_>>() {
            let entry = document.put_object(&retracted, visit, ObjType::Map).unwrap();
            document.put(&entry, "by", ScalarValue::Bytes(by.to_bytes().to_vec())).unwrap();
            document.put(&entry, "at", 1_795_000_000_000_i64).unwrap();
        }
    })
}

/// How many visits at a door a person sees that were not taken back.
async fn standing(person: &Person, door: DoorId) -> usize {
    let history = person.ask(OpenDoor { door }).await.unwrap().history;
    history.iter().filter(|item| matches!(item.what, HistoryKind::Visit { is_retracted: false, .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_who_takes_visits_back_in_a_coordinators_name_takes_back_nothing() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let carl = Person::new("Carl", folder.path()).unwrap();
    invite(&office, &carl, Role::Captain).await.unwrap();
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), office.ask(OpenTurf { turf }).await.unwrap().entry.doc);
    not_home(&ana, doors[0]).await.unwrap();
    for person in [&ana, &carl, &office, &ben] {
        person.sync().await.unwrap();
    }
    let lie = all_taken_back(&carl, &office, doc);
    keep(&carl, doc, &lie);
    assert_eq!(standing(&carl, doors[0]).await, 0, "on his own device he may see what he likes");

    // By way of his hub, and of the relay.
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;
    ana.ask(UseHub { link: link.clone() }).await.unwrap();
    assert!(!has_any(&ana, doc, std::slice::from_ref(&lie)), "her phone does not take it");
    carl.sync().await.unwrap();
    for person in [&ana, &office, &ben] {
        person.sync().await.unwrap();
        assert!(!has_any(person, doc, std::slice::from_ref(&lie)), "{}", person.name);
        assert_eq!(standing(person, doors[0]).await, 1, "{}", person.name);
    }
    // Everyone else goes on, by the hub and without it.
    not_home(&ana, doors[1]).await.unwrap();
    assert_eq!(ana.sync().await.unwrap().n_held, 0);
    office.sync().await.unwrap();
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_coordinator_recorded_stays_with_their_own_phone_and_a_captain_delivers_everyone_elses() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let [carl, vera] = ["Carl", "Vera"].map(|name| Person::new(name, folder.path()).unwrap());
    invite(&office, &carl, Role::Captain).await.unwrap();
    invite(&office, &vera, Role::Coordinator).await.unwrap();
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), office.ask(OpenTurf { turf }).await.unwrap().entry.doc);
    for person in [&carl, &vera, &office, &carl] {
        person.sync().await.unwrap();
    }
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;
    not_home(&vera, doors[0]).await.unwrap();
    not_home(&ana, doors[1]).await.unwrap();
    let hers = vera.ask(UseHub { link: link.clone() }).await.unwrap();
    assert_eq!((hers.n_held, hers.n_at_hub), (1, 0), "his device could not bring it to the relay");
    let anas = ana.ask(UseHub { link }).await.unwrap();
    assert_eq!((anas.n_held, anas.n_at_hub), (1, 1));
    let carls = carl.sync().await.unwrap();
    assert_eq!((carls.n_held, carls.trouble), (0, None), "nothing of Ana's waits for Vera");
    // Nor does his device take a file of hers, which another coordinator's does.
    let path = folder.path().join("vera.json");
    std::fs::write(&path, vera.ask(HandOver {}).await.unwrap().text).unwrap();
    let take = || TakeOver { file: chosen(&path).unwrap() };
    assert_eq!(carl.call(take()).await.unwrap_err().message.id, "handover-of-coordinator");
    assert_eq!(office.ask(take()).await.unwrap().n_new, 1);
    for person in [&office, &vera, &ana, &carl] {
        let synced = person.sync().await.unwrap();
        assert_eq!((synced.n_held, synced.trouble), (0, None), "{}", person.name);
    }
    for person in [&office, &vera, &ana, &carl] {
        person.sync().await.unwrap();
        let seen = (standing(person, doors[0]).await, standing(person, doors[1]).await);
        assert_eq!(seen, (1, 1), "{}", person.name);
        assert_eq!(document(person, doc).get_heads(), document(&office, doc).get_heads(), "{}", person.name);
    }
}
