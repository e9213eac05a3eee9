//! Stories of invite links: one per turf and device that shows it; listed, used up, withdrawn.

use crate::story::{World, world};
use porchlight_model::calls::invite::{HandOut, Invite, InviteLink};
use porchlight_model::calls::invite::{OpenLink, OpenLinks, ShowLink, WithdrawLink};
use porchlight_model::calls::join::Join;
use porchlight_model::calls::sync::SyncPhase;
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::StartWave;
use porchlight_model::id::TurfId;
use porchlight_model::member::Role;
use porchlight_tests::campaign::{cut, found, import_town, invite};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::Postgres;
use porchlight_tests::wire::{Fault, Wire};

async fn hand_out(by: &Person, turf: TurfId) -> InviteLink {
    by.ask(HandOut { turf, uses: 2, minutes: 60 }).await.unwrap()
}

/// Why a new person cannot join by a link; `None` if they can.
async fn joins(world: &World, link: &InviteLink, name: &str) -> Option<String> {
    let phone = Person::new(name, world.folder.path()).unwrap();
    let join = Join { link: link.link.clone(), name: name.to_owned(), campaign: None };
    phone.call(join).await.err().map(|error| error.message.id)
}

async fn open(person: &Person) -> Vec<OpenLink> {
    person.ask(OpenLinks {}).await.unwrap()
}

async fn cleo(world: &World) -> Person {
    let cleo = Person::new("Cleo", world.folder.path()).unwrap();
    invite(&world.office, &cleo, Role::Captain).await.unwrap();
    cleo
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_joined_and_never_synced_joins_by_a_link_of_another_relay_of_the_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::shared().unwrap();
    let database = server.database().await.unwrap();
    let mut relays = Relay::start_nodes(folder.path(), &database, 2).unwrap();
    let (olga, dot) = (Person::new("Olga", folder.path()).unwrap(), Person::new("Dot", folder.path()).unwrap());
    found(&relays[0], &olga, "Library").await.unwrap();
    import_town(&olga, &folder.path().join("town"), 40).await.unwrap();
    let turfs = cut(&olga, 20, "Riverside").await.unwrap();
    dot.join(&hand_out(&olga, turfs[0]).await.link).await.unwrap();
    // Its relay goes down before Dot's phone has contacted it; the office continues at the other one.
    relays[0].kill().unwrap();
    assert_eq!(olga.sync().await.unwrap().phase, SyncPhase::Idle);
    let link = hand_out(&olga, turfs[1]).await.link;
    assert!(link.starts_with(relays[1].url.as_str()), "{link}");
    dot.join(&link).await.unwrap();
    assert_eq!(dot.sync().await.unwrap().phase, SyncPhase::Idle);
    assert_eq!(dot.ask(MyTurf {}).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn handing_out_again_shows_the_same_link_until_it_is_used_up_or_over() {
    let world = world().await;
    let (turf, mut cleo) = (world.turf, cleo(&world).await);
    let first = hand_out(&cleo, turf).await;
    let again = hand_out(&cleo, turf).await;
    assert_eq!((first.is_again, again.is_again), (false, true));
    assert_eq!((&again.link, &again.qr, again.expires_at), (&first.link, &first.qr, first.expires_at));
    cleo.kill_and_restart().unwrap();
    assert_eq!(hand_out(&cleo, turf).await.link, first.link);

    assert_eq!(joins(&world, &first, "Cem").await, None);
    assert_eq!(hand_out(&cleo, turf).await.link, first.link, "one of two uses is left");
    assert_eq!(joins(&world, &first, "Dov").await, None);
    let second = hand_out(&cleo, turf).await;
    assert!(!second.is_again && second.link != first.link, "used up");

    // Another device makes its own, because the secret is only on the device that made it.
    let own = hand_out(&world.office, turf).await;
    assert!(!own.is_again && own.link != second.link);
    let asked: Vec<_> = open(&world.office).await.into_iter().map(|link| (link.by_name, link.is_here)).collect();
    assert_eq!(asked, [("Olga".to_owned(), true), ("Cleo".to_owned(), false)], "the newest first");

    cleo.clock.advance_ms(61 * 60_000);
    assert_ne!(hand_out(&cleo, turf).await.link, second.link, "over");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_links_tell_what_for_who_used_them_and_who_made_them_and_are_withdrawn_at_once() {
    let world = world().await;
    let (turf, cleo) = (world.turf, cleo(&world).await);
    let link = hand_out(&cleo, turf).await;
    assert_eq!(joins(&world, &link, "Cem").await, None);
    for _ in 0..2 {
        world.office.ask(Invite { role: Role::Captain, minutes: 60 }).await.unwrap();
    }

    let seen = open(&world.office).await;
    assert_eq!(seen.iter().map(|link| link.role).collect::<Vec<_>>(), [Role::Captain, Role::Captain, Role::Canvasser]);
    let told = &seen[2];
    assert_eq!(told.turfs.iter().map(|(turf, _)| *turf).collect::<Vec<_>>(), [turf]);
    assert_eq!((told.uses, told.used_by.as_slice()), (2, ["Cem".to_owned()].as_slice()));
    assert_eq!((told.by_name.as_str(), told.is_here, told.expires_at), ("Cleo", false, link.expires_at));
    let of_cleo = open(&cleo).await;
    assert_eq!(of_cleo.iter().map(|link| (link.id, link.is_here)).collect::<Vec<_>>(), [(told.id, true)]);
    assert_eq!(cleo.ask(ShowLink { id: told.id }).await.unwrap().link, link.link);
    assert_eq!(world.office.call(ShowLink { id: told.id }).await.unwrap_err().message.id, "invite-not-here");
    // A captain withdraws no invite into the office.
    let refused = cleo.call(WithdrawLink { id: seen[0].id }).await.unwrap_err();
    assert_eq!(refused.message.id, "error-not-allowed");

    for _ in 0..2 {
        world.office.ask(WithdrawLink { id: told.id }).await.unwrap();
        assert_eq!(joins(&world, &link, "Eve").await.as_deref(), Some("error-invite-expired"));
    }
    assert_eq!(open(&cleo).await, []);
    assert_eq!(cleo.call(ShowLink { id: told.id }).await.unwrap_err().message.id, "invite-not-here");
    let anew = hand_out(&cleo, turf).await;
    assert!(!anew.is_again && anew.link != link.link);
    assert_eq!(joins(&world, &anew, "Eve").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_before_a_wave_is_told_as_one_and_handing_out_again_makes_one_for_the_wave() {
    let world = world().await;
    let World { office, turf, .. } = &world;
    let before = hand_out(office, *turf).await;
    let named = async || {
        let mut links: Vec<_> = open(office).await.into_iter().map(|link| (link.made_at, link.is_earlier)).collect();
        links.sort();
        links.into_iter().map(|(_, is_earlier)| is_earlier).collect::<Vec<_>>()
    };
    assert_eq!(named().await, [false]);
    office.ask(StartWave { name: "Second look".to_owned() }).await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(named().await, [true]);
    let after = hand_out(office, *turf).await;
    assert!(!after.is_again && after.link != before.link);
    assert_eq!(named().await, [true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_relay_of_before_links_could_be_listed_handing_out_works_and_the_list_says_why_not() {
    let world = world().await;
    let wire = Wire::to(&world.relay).await.unwrap();
    let cleo = Person::new("Cleo", world.folder.path()).unwrap();
    let into = world.office.ask(Invite { role: Role::Captain, minutes: 60 }).await.unwrap().link;
    cleo.join(&wire.link(&into)).await.unwrap();
    cleo.sync().await.unwrap();
    wire.set(Fault::NoLinks);
    let first = hand_out(&cleo, world.turf).await;
    assert_eq!(hand_out(&cleo, world.turf).await.link, first.link);
    assert_eq!(cleo.call(OpenLinks {}).await.unwrap_err().message.id, "invite-relay-old");
    let id = open(&world.office).await[0].id;
    assert_eq!(cleo.call(WithdrawLink { id }).await.unwrap_err().message.id, "invite-relay-old");
}
