//! Stories of an office without internet: phones sync with the captain's device, which forwards their results to the relay when it can.

use crate::story::{World, copies, world};
use porchlight_engine::sync::client;
use porchlight_model::calls::door::{OpenDoor, Safety};
use porchlight_model::calls::hub::{HostHub, HostedHub, HubInUse, HubView, LeaveHub, UseHub};
use porchlight_model::calls::invite::{HandOut, TakeBack};
use porchlight_model::calls::join::CleanUp;
use porchlight_model::calls::office::OpenTurf;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::calls::walk::ShiftReport;
use porchlight_model::hub::HubLink;
use porchlight_model::id::Sha256;
use porchlight_model::member::Role;
use porchlight_model::wire::MAX_HEADS_PER_DEVICE;
use porchlight_tests::campaign::{first_voter, houses, invite, not_home, talk, walk};
use porchlight_tests::person::{HubNetwork, Person};
use porchlight_tests::servers::free_port;
use porchlight_tests::wire::{Fault, Wire};
use std::time::Duration;

/// A captain who has synced and whose device is an open hub, and its link.
async fn captain(world: &World) -> (Person, String) {
    let carl = Person::new("Carl", world.folder.path()).unwrap();
    invite(&world.office, &carl, Role::Captain).await.unwrap();
    let link = open(&carl).await;
    (carl, link)
}

async fn open(carl: &Person) -> String {
    carl.sync().await.unwrap();
    carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link
}

async fn use_hub(person: &Person, link: &str) -> HubView {
    person.ask(UseHub { link: link.to_owned() }).await.unwrap()
}

/// Why a hub could not be used, as the interface would show it.
async fn refused(person: &Person, link: &str) -> String {
    person.call(UseHub { link: link.to_owned() }).await.unwrap_err().message.id
}

#[tokio::test(flavor = "multi_thread")]
async fn results_reach_the_captain_without_a_relay_and_the_relay_under_their_authors() {
    let mut world = world().await;
    let (carl, link) = captain(&world).await;
    let (turf, doors) = (world.turf, houses(&world.ana, world.turf).await.unwrap());
    world.relay.kill().unwrap();
    let voter = first_voter(&world.ana, doors[0]).await.unwrap();
    talk(&world.ana, doors[0], voter, &[(1, "lean_yes")], "Rings at eight").await.unwrap();
    not_home(&world.ben, doors[1]).await.unwrap();

    let seen = use_hub(&world.ana, &link).await;
    assert_eq!((seen.name.as_str(), seen.n_held, seen.n_at_hub, seen.trouble), ("Carl", 1, 1, None));
    use_hub(&world.ben, &link).await;
    // From now on every sync also goes there, and returns what others brought.
    not_home(&world.ana, doors[2]).await.unwrap();
    assert_eq!(world.ana.sync().await.unwrap().phase, SyncPhase::Offline, "the relay is still out of reach");
    world.ben.sync().await.unwrap();
    assert_eq!(walk(&world.ben, turf).await.unwrap().by_state, walk(&carl, turf).await.unwrap().by_state);
    let history = carl.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert!(history.iter().all(|item| item.by_name == "Ana"), "{history:?}");
    let hosted = carl.ask(HostedHub {}).await.unwrap().unwrap();
    assert_eq!(hosted.n_to_carry, 3);

    // A result at the hub is not safe: only a relay makes it so.
    assert_eq!(world.ana.ask(OpenDoor { door: doors[0] }).await.unwrap().history[0].safety, Safety::Here);
    assert_eq!(world.ana.ask(ShiftReport {}).await.unwrap().n_safe, 0);
    assert_eq!(world.ana.call(CleanUp::default()).await.unwrap_err().message.id, "clean-up-not-safe");
    let held = world.ben.sync().await.unwrap().n_held;
    assert_eq!(held, 1, "what Ben heard from Ana is not his to save");

    world.relay.restart().unwrap();
    assert_eq!(carl.sync().await.unwrap().n_held, 0, "the captain carries them");
    assert_eq!(carl.ask(HostedHub {}).await.unwrap().unwrap().n_to_carry, 0);
    for person in [&world.ana, &world.ben, &world.office] {
        let synced = person.sync().await.unwrap();
        assert_eq!((synced.n_held, synced.trouble), (0, None), "{}", person.name);
    }
    let tally = world.office.ask(OpenTurf { turf }).await.unwrap().row.tally;
    assert_eq!((tally.n_done, tally.n_attempts, tally.n_contacts), (3, 3, 1));
    let history = world.office.ask(OpenDoor { door: doors[1] }).await.unwrap().history;
    assert_eq!(history[0].by_name, "Ben");
    // Their own chains continue at the relay.
    not_home(&world.ana, doors[3]).await.unwrap();
    assert_eq!(world.ana.sync().await.unwrap().n_held, 0);
    world.ana.ask(LeaveHub {}).await.unwrap();
    assert_eq!(world.ana.ask(HubInUse {}).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_on_results_that_the_hub_lacks_waits_there_and_is_not_lost() {
    let mut world = world().await;
    let (carl, link) = captain(&world).await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    // Ana and Ben met at the relay after Carl was last there; then it was gone.
    not_home(&world.ana, doors[0]).await.unwrap();
    world.ana.sync().await.unwrap();
    world.ben.sync().await.unwrap();
    world.relay.kill().unwrap();
    not_home(&world.ben, doors[1]).await.unwrap();
    not_home(&world.ben, doors[2]).await.unwrap();
    let seen = use_hub(&world.ben, &link).await;
    assert_eq!((seen.n_held, seen.n_at_hub), (2, 2), "they are on Carl's disk");
    assert_eq!(carl.ask(HostedHub {}).await.unwrap().unwrap().n_to_carry, 2);
    assert_eq!(carl.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally.n_done, 0, "and not in the document");
    // Ben's phone is lost for good. When the relay is back, Carl receives the dependencies and delivers Ben's changes.
    drop(world.ben);
    world.relay.restart().unwrap();
    let synced = carl.sync().await.unwrap();
    assert_eq!((synced.n_held, synced.trouble), (0, None));
    world.office.sync().await.unwrap();
    let tally = world.office.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally;
    assert_eq!((tally.n_done, tally.n_attempts), (3, 3));
    let history = world.office.ask(OpenDoor { door: doors[2] }).await.unwrap().history;
    assert_eq!(history[0].by_name, "Ben");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_phone_copied_too_often_a_hub_takes_as_much_as_the_relay_will() {
    let mut world = world().await;
    let (carl, link) = captain(&world).await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    world.relay.kill().unwrap();
    let copies = copies(&world, MAX_HEADS_PER_DEVICE + 1).await;
    let (last, others) = copies.split_last().unwrap();
    for copy in others {
        assert_eq!(use_hub(copy, &link).await.n_at_hub, 1);
    }
    let waiting = use_hub(last, &link).await;
    assert_eq!((waiting.n_held, waiting.n_at_hub), (1, 0));
    // Carl has received the others' results: what he records depends on all of them.
    not_home(&carl, doors[0]).await.unwrap();
    assert_eq!(use_hub(last, &link).await.n_at_hub, 1);
    world.relay.restart().unwrap();
    let synced = carl.sync().await.unwrap();
    assert_eq!((synced.n_held, synced.trouble), (0, None), "the relay takes all that he carries");
    world.office.sync().await.unwrap();
    let tally = world.office.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally;
    assert_eq!(tally.n_attempts as usize, copies.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_lost_and_nothing_with_it() {
    let mut world = world().await;
    let (carl, link) = captain(&world).await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    world.relay.kill().unwrap();
    not_home(&world.ana, doors[0]).await.unwrap();
    use_hub(&world.ana, &link).await;
    use_hub(&world.ben, &link).await;
    not_home(&world.ben, doors[1]).await.unwrap();
    world.ben.sync().await.unwrap();
    // Carl's laptop falls into the river.
    carl.ask(HostHub { is_open: false }).await.unwrap();
    drop(carl);
    let lost = world.ana.sync().await.unwrap();
    assert_eq!((lost.n_held, lost.phase), (1, SyncPhase::Offline));
    assert_eq!(world.ana.ask(HubInUse {}).await.unwrap().unwrap().trouble.unwrap().id, "hub-out-of-reach");
    world.relay.restart().unwrap();
    // Ben's result depends on Ana's, which only Ana may deliver: it waits for hers.
    world.ben.sync().await.unwrap();
    assert_eq!(world.ana.sync().await.unwrap().n_held, 0);
    let synced = world.ben.sync().await.unwrap();
    assert_eq!((synced.n_held, synced.trouble), (0, None));
    world.office.sync().await.unwrap();
    let tally = world.office.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally;
    assert_eq!((tally.n_done, tally.n_attempts), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_serves_whom_the_relay_would_serve_and_no_other() {
    let mut world = world().await;
    let (carl, link) = captain(&world).await;
    let late = Person::new("Lou", world.folder.path()).unwrap();
    invite(&world.office, &late, Role::Canvasser).await.unwrap();
    assert_eq!(refused(&late, &link).await, "hub-unknown-here", "the hub has not heard of Lou");
    carl.sync().await.unwrap();
    use_hub(&late, &link).await;
    assert!(late.call(OpenTurf { turf: world.turf }).await.is_err(), "Lou was handed nothing, and gets nothing");
    let stranger = Person::new("Nobody", world.folder.path()).unwrap();
    assert_eq!(refused(&stranger, &link).await, "error-not-enrolled");

    // Results of a turf that was taken back are accepted at the hub, but no more of the turf is sent.
    let doors = houses(&world.ana, world.turf).await.unwrap();
    not_home(&world.ana, doors[0]).await.unwrap();
    let device = world.ana.handle().with(|engine| engine.member().unwrap().identity.device);
    world.office.ask(TakeBack { turf: world.turf, device }).await.unwrap();
    carl.sync().await.unwrap();
    not_home(&carl, doors[1]).await.unwrap();
    let seen = use_hub(&world.ana, &link).await;
    assert_eq!((seen.n_held, seen.n_at_hub), (1, 1));
    assert!(world.ana.ask(OpenDoor { door: doors[1] }).await.unwrap().history.is_empty());
    assert_eq!(carl.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally.n_done, 2);

    // A revoked device is also refused here, once the hub knows of it.
    let lou = late.handle().with(|engine| engine.member().unwrap().identity.device);
    world.relay.revoke(lou).unwrap();
    carl.sync().await.unwrap();
    assert_eq!(refused(&late, &link).await, "error-revoked");
    // Only captains and coordinators open hubs.
    assert_eq!(world.ana.call(HostHub { is_open: true }).await.unwrap_err().message.id, "error-only-office");
    // A hub does not serve forever without contact to the relay.
    world.relay.kill().unwrap();
    carl.clock.advance_ms(15 * 24 * 60 * 60 * 1000);
    assert_eq!(refused(&world.ben, &link).await, "error-lease-ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_speaks_with_the_hub_of_the_code_alone() {
    let world = world().await;
    let (carl, link) = captain(&world).await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    not_home(&world.ana, doors[0]).await.unwrap();
    let mut other: HubLink = link.parse().unwrap();
    other.fingerprint = Sha256([7; 32]);
    assert_eq!(refused(&world.ana, &other.to_string()).await, "hub-out-of-reach", "another certificate is no hub");
    assert_eq!(refused(&world.ana, "https://relay.example/hub#nonsense").await, "hub-link-wrong");
    assert_eq!(carl.ask(HostedHub {}).await.unwrap().unwrap().n_to_carry, 0, "and was told nothing");
    assert_eq!(world.ana.ask(HubInUse {}).await.unwrap(), None, "a hub that never answered is not kept");
    // A client that does not know the certificate gets nothing either.
    let address = &other.addresses[0];
    assert!(client().get(format!("https://{address}/v1/about")).send().await.is_err());
    // The same hub is found again after it was closed, killed and reopened, and sync continues from the cursor.
    use_hub(&world.ana, &link).await;
    let mut carl = carl;
    carl.ask(HostHub { is_open: false }).await.unwrap();
    assert_eq!(refused(&world.ben, &link).await, "hub-out-of-reach");
    carl.kill_and_restart().unwrap();
    let again: HubLink = open(&carl).await.parse().unwrap();
    assert_eq!(again.fingerprint, link.parse::<HubLink>().unwrap().fingerprint);
    not_home(&world.ana, doors[1]).await.unwrap();
    let seen = use_hub(&world.ana, &again.to_string()).await;
    assert_eq!((seen.n_held, seen.n_at_hub), (2, 2));
    assert_eq!(carl.ask(OpenTurf { turf: world.turf }).await.unwrap().row.tally.n_done, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_moved_is_found_by_its_new_code_and_back_at_the_old_place_without_one() {
    let mut world = world().await;
    let port = free_port().unwrap();
    let at = |host| Person::at("Carl", world.folder.path(), HubNetwork::At(([127, 0, 0, host], port).into())).unwrap();
    let carl = at(1);
    invite(&world.office, &carl, Role::Captain).await.unwrap();
    let link = open(&carl).await;
    let doors = houses(&world.ana, world.turf).await.unwrap();
    world.relay.kill().unwrap();
    not_home(&world.ana, doors[0]).await.unwrap();
    use_hub(&world.ana, &link).await;

    carl.ask(HostHub { is_open: false }).await.unwrap();
    drop(carl);
    let carl = at(2);
    let moved = open(&carl).await;
    not_home(&world.ana, doors[1]).await.unwrap();
    world.ana.sync().await.unwrap();
    assert_eq!(world.ana.ask(HubInUse {}).await.unwrap().unwrap().trouble.unwrap().id, "hub-out-of-reach");
    // A code that leads nowhere changes nothing.
    let nowhere = HubLink { addresses: vec![format!("127.0.0.3:{port}")], ..moved.parse().unwrap() };
    assert_eq!(refused(&world.ana, &nowhere.to_string()).await, "hub-out-of-reach");
    let seen = world.ana.ask(HubInUse {}).await.unwrap().unwrap();
    assert_eq!((seen.n_held, seen.n_at_hub), (2, 1), "what the hub is known to have stays known");
    let seen = use_hub(&world.ana, &moved).await;
    assert_eq!((seen.n_held, seen.n_at_hub), (2, 2));

    carl.ask(HostHub { is_open: false }).await.unwrap();
    drop(carl);
    let carl = at(1);
    assert_eq!(open(&carl).await, link);
    not_home(&world.ana, doors[2]).await.unwrap();
    world.ana.sync().await.unwrap();
    let seen = world.ana.ask(HubInUse {}).await.unwrap().unwrap();
    assert_eq!((seen.n_held, seen.n_at_hub, seen.trouble), (3, 3, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_scans_a_code_does_not_wait_for_a_relay_that_is_silent() {
    let world = world().await;
    let (carl, link) = captain(&world).await;
    let wire = Wire::to(&world.relay).await.unwrap();
    let cem = Person::new("Cem", world.folder.path()).unwrap();
    let invited = world.office.ask(HandOut { turf: world.turf, uses: 1, minutes: 60 }).await.unwrap().link;
    cem.join(&wire.link(&invited)).await.unwrap();
    cem.sync().await.unwrap();
    carl.sync().await.unwrap();
    let doors = houses(&cem, world.turf).await.unwrap();
    not_home(&cem, doors[0]).await.unwrap();
    // A sync waits a minute for the only relay.
    wire.set(Fault::Silent);
    let (mut waiting, mut scanned) = (Box::pin(cem.sync()), Box::pin(use_hub(&cem, &link)));
    let seen = std::future::poll_fn(|polling| {
        assert!(waiting.as_mut().poll(polling).is_pending(), "the sync waits");
        scanned.as_mut().poll(polling)
    });
    let seen = tokio::time::timeout(Duration::from_secs(30), seen).await.expect("the hub was asked at once");
    assert_eq!((seen.n_held, seen.n_at_hub), (1, 1));
}
