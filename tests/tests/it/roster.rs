//! Stories of the roster on a captain's device: it takes few bytes while nothing changes, and is never wrong.

use crate::story::{World, world};
use porchlight_model::calls::invite::{Invite, Roster, RosterView, TakeBack};
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::member::Role;
use porchlight_tests::campaign::{hand_out, houses, invite, not_home};
use porchlight_tests::person::Person;
use porchlight_tests::relay::{Relay, copy_folder};
use porchlight_tests::wire::{Fault, Wire};
use std::path::Path;

/// The devices, without their last contact, which the request itself changes.
async fn roster(person: &Person) -> Vec<(String, bool, usize)> {
    let RosterView { devices, .. } = person.ask(Roster {}).await.unwrap();
    devices.into_iter().map(|(device, _)| (device.name, device.is_revoked, device.docs.len())).collect()
}

/// A captain whose traffic can be measured.
async fn cleo(relay: &Relay, office: &Person, folder: &Path) -> (Person, Wire) {
    let wire = Wire::to(relay).await.unwrap();
    let cleo = Person::new("Cleo", folder).unwrap();
    let link = office.ask(Invite { role: Role::Captain, minutes: 60 }).await.unwrap().link;
    cleo.join(&wire.link(&link)).await.unwrap();
    cleo.sync().await.unwrap();
    (cleo, wire)
}

/// Syncs; returns the size of the roster's answer in bytes.
async fn sync(person: &Person, wire: &Wire) -> usize {
    let before = wire.carried().n_roster_bytes;
    person.sync().await.unwrap();
    wire.carried().n_roster_bytes - before
}

fn named(told: &[(&str, bool, usize)]) -> Vec<(String, bool, usize)> {
    told.iter().map(|(name, is_revoked, n_docs)| ((*name).to_owned(), *is_revoked, *n_docs)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_roster_is_told_in_a_few_bytes_and_a_changed_one_arrives() {
    let World { relay, office, ana, ben, turf, folder } = world().await;
    let (cleo, wire) = cleo(&relay, &office, folder.path()).await;
    let whole = wire.carried().n_roster_bytes;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    let heard = async || cleo.ask(OpenTurf { turf }).await.unwrap().holders[0].last_heard;
    let before = heard().await;
    let n_bytes = sync(&cleo, &wire).await;
    assert!(n_bytes * 6 < whole, "{n_bytes} of {whole} bytes");
    assert!(heard().await > before, "when Ana was heard from is told");

    // A new device, a turf that is handed out, one that is taken back, a device that is revoked.
    let dora = Person::new("Dora", folder.path()).unwrap();
    invite(&office, &dora, Role::Canvasser).await.unwrap();
    let everyone = [("Olga", false, 0), ("Ana", false, 1), ("Ben", false, 1), ("Cleo", false, 0), ("Dora", false, 0)];
    assert!(sync(&cleo, &wire).await > whole);
    assert_eq!(roster(&cleo).await, named(&everyone));
    let mut everyone = everyone;
    hand_out(&office, turf, &[&dora]).await.unwrap();
    everyone[4].2 = 1;
    sync(&cleo, &wire).await;
    assert_eq!(roster(&cleo).await, named(&everyone));
    let holders = cleo.ask(OpenTurf { turf }).await.unwrap().holders;
    cleo.ask(TakeBack { turf, device: holders[1].device }).await.unwrap();
    everyone[2].2 = 0;
    sync(&cleo, &wire).await;
    assert_eq!(roster(&cleo).await, named(&everyone));
    relay.revoke(holders[0].device).unwrap();
    everyone[1].1 = true;
    sync(&cleo, &wire).await;
    assert_eq!(roster(&cleo).await, named(&everyone));
    assert!(sync(&cleo, &wire).await * 4 < whole);
    assert!(ben.sync().await.is_ok() && ben.ask(MyTurf {}).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_of_an_older_version_tells_all_of_it_each_time() {
    let World { relay, office, folder, .. } = world().await;
    let (cleo, wire) = cleo(&relay, &office, folder.path()).await;
    let whole = wire.carried().n_roster_bytes;
    wire.set(Fault::NoQueries);
    assert_eq!(sync(&cleo, &wire).await / 10, whole / 10);
    invite(&office, &Person::new("Dora", folder.path()).unwrap(), Role::Canvasser).await.unwrap();
    sync(&cleo, &wire).await;
    assert_eq!(roster(&cleo).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_put_back_from_a_copy_leaves_nobody_with_a_roster_that_it_does_not_have() {
    for is_said in [true, false] {
        let World { mut relay, office, ana, turf, folder, .. } = world().await;
        let cleo = Person::new("Cleo", folder.path()).unwrap();
        invite(&office, &cleo, Role::Captain).await.unwrap();
        relay.kill().unwrap();
        let copy = folder.path().join("copy");
        copy_folder(relay.data(), &copy).unwrap();
        relay.restart().unwrap();
        let dora = Person::new("Dora", folder.path()).unwrap();
        hand_out(&office, turf, &[&dora]).await.unwrap();
        ana.sync().await.unwrap();
        cleo.sync().await.unwrap();
        assert_eq!(roster(&cleo).await.len(), 5);
        relay.kill().unwrap();
        std::fs::remove_dir_all(relay.data()).unwrap();
        copy_folder(&copy, relay.data()).unwrap();
        if is_said {
            relay.say_restored().unwrap();
        }
        relay.restart().unwrap();
        // Dora is unknown there, and therefore to Cleo; a new captain gets the same, except for the times of last contact.
        let new = Person::new("Carl", folder.path()).unwrap();
        invite(&office, &new, Role::Captain).await.unwrap();
        cleo.sync().await.unwrap();
        let devices = async |person: &Person| {
            let mut devices = person.ask(Roster {}).await.unwrap().devices;
            devices.iter_mut().for_each(|(device, _)| device.last_heard = None);
            devices
        };
        assert_eq!(devices(&cleo).await, devices(&new).await);
        assert_eq!(roster(&cleo).await.len(), 5);
        assert!(roster(&cleo).await.iter().all(|(name, ..)| name != "Dora"));
    }
}
