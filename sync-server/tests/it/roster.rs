//! The roster: complete for a device without the current one, and only the times for a device that has the rest.

use crate::world::{DAY, MINUTE, Phone, Refused, World, ask, enrol_ask, new_doc, reply};
use porchlight_model::id::DeviceId;
use porchlight_model::id::Sha256;
use porchlight_model::member::Role;
use porchlight_model::relay::{
    AuthorTold, AuthorsAsk, EnrolAsk, MAX_AUTHORS, RefusalCode, Revocation, RosterDevice, TakeBackAsk,
};
use porchlight_model::roster::{set_times, steady};
use porchlight_model::time::At;
use porchlight_relay::Clock;
use reqwest::Method;
use sha2::Digest;

/// What a captain's device holds.
struct HeldRoster {
    roster: Vec<RosterDevice>,
    as_of: At,
}

async fn whole(phone: &Phone) -> Vec<RosterDevice> {
    reply(phone.request(Method::GET, "/v1/roster")).await.unwrap()
}

/// Updates a device's roster with a request; returns the size of the answer in bytes.
async fn renew(world: &World, phone: &Phone, held: &mut HeldRoster) -> usize {
    let have = Sha256(sha2::Sha256::digest(steady(&held.roster).unwrap()).into());
    let path = format!("/v1/roster?have={have}&as_of={}", held.as_of.0);
    let body = phone.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
    match serde_json::from_slice::<Vec<i64>>(&body) {
        Ok(times) => set_times(&mut held.roster, &times),
        Err(_) => held.roster = serde_json::from_slice(&body).unwrap(),
    }
    held.as_of = world.clock.now();
    assert_eq!(held.roster, whole(phone).await);
    body.len()
}

#[tokio::test]
async fn who_holds_the_roster_is_told_the_times_of_those_who_were_heard_since() {
    let world = World::start().await;
    let office = world.found().await;
    let turf = new_doc();
    office.bear(turf, &[]).await;
    let ana = world.join(&office, Role::Canvasser, &[turf]).await;
    for _ in 0..8 {
        world.join(&office, Role::Canvasser, &[]).await;
    }
    world.pass(2 * MINUTE);
    let mut held = HeldRoster { roster: whole(&office).await, as_of: world.clock.now() };
    world.pass(5 * MINUTE);
    assert_eq!(renew(&world, &office, &mut held).await, b"[]".len());

    // Ana syncs; an hour later this also renews her lease.
    for later in [MINUTE, 2 * 60 * MINUTE, DAY] {
        world.pass(later);
        let before = held.roster[1].clone();
        ana.sync(&ask(&[])).await.unwrap();
        assert!(renew(&world, &office, &mut held).await < 60);
        assert_ne!(held.roster[1].last_heard, before.last_heard);
        assert_eq!(held.roster[1].lease_until != before.lease_until, later > 60 * MINUTE);
    }
}

#[tokio::test]
async fn what_changed_in_the_roster_arrives() {
    let world = World::start().await;
    let office = world.found().await;
    let turf = new_doc();
    office.bear(turf, &[]).await;
    let mut held = HeldRoster { roster: whole(&office).await, as_of: world.clock.now() };
    let n_unchanged = b"[]".len();

    let made = office.invite(Role::Canvasser, &[turf], 1).await.unwrap();
    let enrol = enrol_ask(&made.secret);
    let ana = world.enrol(&enrol).await.unwrap();
    world.pass(5 * MINUTE);
    assert!(renew(&world, &office, &mut held).await > 100);
    assert_eq!((held.roster.len(), held.roster[1].docs.as_slice()), (2, [turf].as_slice()));

    let taken = TakeBackAsk { doc: turf, device: ana.device };
    office.post::<serde_json::Value>("/v1/take-back", &taken).await.unwrap();
    assert!(renew(&world, &office, &mut held).await > 100);
    assert_eq!((held.roster[1].docs.len(), held.roster[1].hand_in.as_slice()), (0, [turf].as_slice()));

    // Another role, by another link.
    let made = office.invite(Role::Captain, &[], 1).await.unwrap();
    world.enrol(&EnrolAsk { secret: made.secret, ..enrol }).await.unwrap();
    assert!(renew(&world, &office, &mut held).await > 100);
    assert_eq!(held.roster[1].role, Role::Captain);

    world.relay.enrolment().unwrap().revoke(ana.device, world.clock.now()).await.unwrap();
    assert!(renew(&world, &office, &mut held).await > 100);
    assert!(held.roster[1].is_revoked && held.roster[1].revocation.is_some());
    assert_eq!(renew(&world, &office, &mut held).await, n_unchanged);
    // A program from before revocations has dropped them, and lacks nothing that it knows.
    let mut older = held.roster.clone();
    older[1].revocation = None;
    let have = Sha256(sha2::Sha256::digest(steady(&older).unwrap()).into());
    let path = format!("/v1/roster?have={have}&as_of={}", held.as_of.0);
    assert_eq!(office.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap().len(), n_unchanged);
    // Revoked before, by another, is another roster.
    older[1].revocation = Some(Revocation { at: At(1), by: Some(ana.device), by_name: "Ana".to_owned() });
    let have = Sha256(sha2::Sha256::digest(steady(&older).unwrap()).into());
    let path = format!("/v1/roster?have={have}&as_of={}", held.as_of.0);
    let told: Vec<RosterDevice> = reply(office.request(Method::GET, &path)).await.unwrap();
    assert_eq!(told, held.roster);
}

#[tokio::test]
async fn whoever_says_something_else_of_what_it_holds_is_told_all_of_it() {
    let world = World::start().await;
    let office = world.found().await;
    let all = whole(&office).await;
    let (wrong, right) = (Sha256([7; 32]), sha2::Sha256::digest(steady(&all).unwrap()));
    for query in [
        format!("have={wrong}&as_of=1"),
        format!("have={}", hex::encode(right)),
        format!("have={}&as_of=now", hex::encode(right)),
        "have=1&as_of=1".to_owned(),
        "of=what".to_owned(),
    ] {
        let told: Vec<RosterDevice> = reply(office.request(Method::GET, &format!("/v1/roster?{query}"))).await.unwrap();
        assert_eq!(told, all, "{query}");
    }
}

async fn authors(phone: &Phone, devices: &[DeviceId]) -> Result<Vec<AuthorTold>, Refused> {
    let body = serde_json::to_vec(&AuthorsAsk { devices: devices.to_vec() }).unwrap();
    reply(phone.request(Method::POST, "/v1/authors").body(body)).await
}

#[tokio::test]
async fn whoever_names_a_device_is_told_whose_it_is_and_of_no_other() {
    let world = World::start().await;
    let office = world.found().await;
    let (ana, ben) = (world.join(&office, Role::Canvasser, &[]).await, world.join(&office, Role::Captain, &[]).await);
    let elsewhere = world.found().await;
    let stranger = DeviceId::from_bytes([9; 16]);
    let told = authors(&ana, &[ben.device, elsewhere.device, stranger, office.device]).await.unwrap();
    let mut told: Vec<_> = told.into_iter().map(|told| (told.device, told.role)).collect();
    told.sort();
    let mut expected = vec![(ben.device, Role::Captain), (office.device, Role::Coordinator)];
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!(authors(&ana, &[]).await.unwrap(), []);
    assert!(authors(&ana, &vec![stranger; MAX_AUTHORS]).await.unwrap().is_empty());
    let refused = authors(&ana, &vec![stranger; MAX_AUTHORS + 1]).await.unwrap_err();
    assert_eq!(refused.code, RefusalCode::TooLarge);
}
