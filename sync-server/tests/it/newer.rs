//! A store in which a newer relay has written kinds and roles that this version does not know.

use crate::author::Author;
use crate::world::{Phone, World, ask, new_doc, refused, reply};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, RosterDevice};
use porchlight_model::versions::Versions;
use porchlight_model::wire::{DocStatus, PROTO, SyncAsk};
use reqwest::Method;
use rusqlite::{Connection, params};

async fn roster(phone: &Phone, query: &str) -> Vec<Role> {
    let told: Vec<RosterDevice> = reply(phone.request(Method::GET, &format!("/v1/roster{query}"))).await.unwrap();
    told.into_iter().map(|device| device.role).collect()
}

#[tokio::test]
async fn a_kind_and_a_role_that_a_newer_relay_wrote_give_nobody_anything_and_keep_nobody_from_the_rest() {
    let world = World::start().await;
    let office = world.found().await;
    let (turf, ledger) = (new_doc(), new_doc());
    let mut author = Author::new();
    office.bear(turf, &[author.write()]).await;
    office.bear(ledger, &[Author::new().write()]).await;
    let ana = world.join(&office, Role::Canvasser, &[turf]).await;
    let fay = world.join(&office, Role::Canvasser, &[turf]).await;
    let conn = Connection::open(world.folder().join("relay.db")).unwrap();
    conn.execute("UPDATE doc SET kind = 'ledger' WHERE id = ?1", params![ledger.to_bytes()]).unwrap();
    let member = fay.enrolled.member.to_bytes();
    conn.execute("UPDATE member SET role = 'phone_banker' WHERE id = ?1", params![member]).unwrap();

    let told = office.sync(&ask(&[ledger, turf])).await.unwrap();
    let granted: Vec<_> = told.grants.unwrap().grants.into_iter().map(|grant| grant.doc).collect();
    assert!(granted.contains(&turf) && !granted.contains(&ledger), "{granted:?}");
    assert_eq!((told.docs[0].status, told.docs[1].status), (DocStatus::NoGrant, DocStatus::Served));
    assert_eq!(ana.sync(&ask(&[turf])).await.unwrap().docs[0].changes.len(), 1);

    // Another node knows what the role may do: this one refuses to decide, and nothing is lost.
    assert_eq!(fay.sync(&ask(&[turf])).await.err(), Some(refused(503, RefusalCode::Unavailable)));
    let newer = Role::parse("phone_banker");
    let older = [Role::Coordinator, Role::Canvasser];
    assert_eq!(roster(&office, &format!("?newest={}", Versions::OURS.newest)).await, [&older[..], &[newer]].concat());
    assert_eq!(roster(&office, "").await, older, "a device from before could read nothing of it");
}

#[tokio::test]
async fn an_answer_is_in_the_highest_version_that_both_speak() {
    let world = World::start().await;
    let office = world.found().await;
    let check = async |proto: u16, newest: Option<u16>, expected: Option<u16>| {
        let told = office.sync(&SyncAsk { proto, newest, ..ask(&[]) }).await.unwrap();
        assert_eq!(told.proto, expected, "{proto} {newest:?}");
    };
    let newest = Versions::OURS.newest;
    check(PROTO, None, None).await;
    check(PROTO, Some(newest), Some(newest)).await;
    check(PROTO, Some(newest + 9), Some(newest)).await;
    check(newest, Some(newest + 9), Some(newest)).await;
    check(PROTO, Some(PROTO), Some(PROTO)).await;
    // Written in a version that this relay does not read, although its sender knows others.
    let refusal = office.sync(&SyncAsk { proto: PROTO - 1, newest: Some(newest), ..ask(&[]) }).await.err();
    assert_eq!(refusal, Some(refused(426, RefusalCode::WrongVersion)));
}
