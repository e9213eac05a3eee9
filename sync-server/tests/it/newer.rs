//! A store in which a newer relay has written kinds and roles that this version does not know.

use crate::author::{Author, plain_hash};
use crate::world::{Phone, World, ask, enrol_ask, new_doc, ok, refused, reply};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolAsk, ForgetAsk, RefusalCode, RosterDevice};
use porchlight_model::versions::Versions;
use porchlight_model::wire::{Access, DocReply, DocStatus, Grant, PROTO, SyncAsk};
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

    for phone in [&office, &ana] {
        let told = phone.sync(&ask(&[ledger, turf])).await.unwrap();
        let list = told.grants.unwrap();
        let granted: Vec<_> = list.grants.into_iter().map(|grant| grant.doc).collect();
        assert!(granted.contains(&turf) && !granted.contains(&ledger), "{granted:?}");
        assert!(list.is_partial, "what is not named is not taken away");
        assert_eq!((told.docs[0].status, told.docs[1].status), (DocStatus::Unavailable, DocStatus::Served));
        assert_eq!(told.docs[1].changes.len(), 1);
        // It hears that there is something, and asks a newer node for it.
        let news: Vec<_> = phone.sync(&ask(&[])).await.unwrap().news.into_iter().map(|news| news.doc).collect();
        assert!(news.contains(&ledger), "{news:?}");
    }
    let forgotten: Result<serde_json::Value, _> = office.post("/v1/forget", &ForgetAsk { docs: vec![ledger] }).await;
    assert_eq!(forgotten.err(), Some(refused(503, RefusalCode::Unavailable)));
    // A device from before such names holds no such document, and is told of the others.
    let told = ana.sync(&SyncAsk { newest: None, ..ask(&[turf]) }).await.unwrap();
    assert_eq!((told.grants.unwrap().grants.len(), told.docs[0].changes.len()), (2, 1));

    // Another node knows what the role may do: this one refuses to decide, and nothing is lost.
    assert_eq!(fay.sync(&ask(&[turf])).await.err(), Some(refused(503, RefusalCode::Unavailable)));
    let newer = Role::parse("phone_banker");
    let older = [Role::Coordinator, Role::Canvasser];
    assert_eq!(roster(&office, &format!("?newest={}", Versions::OURS.newest)).await, [&older[..], &[newer]].concat());
    assert_eq!(roster(&office, "").await, older, "a device from before could read nothing of it");
}

#[tokio::test]
async fn an_access_that_a_newer_relay_wrote_is_passed_on_and_what_was_handed_out_is_not_taken_away() {
    let world = World::start().await;
    let office = world.found().await;
    let (turf, mut author) = (new_doc(), Author::new());
    office.bear(turf, &[author.write()]).await;
    let (hash, pack) = (plain_hash(b"a pack"), b"a pack".to_vec());
    let path = format!("/v1/packs/{hash}");
    ok(office.request(Method::PUT, &format!("{path}?doc={turf}")).body(pack).send().await.unwrap()).await.unwrap();
    let ana = world.join(&office, Role::Canvasser, &[turf]).await;
    let conn = Connection::open(world.folder().join("relay.db")).unwrap();
    let write = |access: &str| conn.execute("UPDATE handed_out SET access = ?1", params![access]).unwrap();
    write("annotate");

    let held = author.fork().write();
    let mut push = ask(&[turf]);
    push.docs[0].push.push(held.clone().into());
    let told = ana.sync(&push).await.unwrap();
    let DocReply { status, acked, rejected, changes, .. } = &told.docs[0];
    assert_eq!((*status, acked.len(), rejected.len(), changes.len()), (DocStatus::Unavailable, 0, 0, 0));
    let access = |grant: &Grant| (grant.doc == turf).then_some(grant.access);
    let list = told.grants.unwrap();
    assert_eq!(list.grants.iter().find_map(access), Some(Access::parse("annotate")));
    assert!(!list.is_partial);
    let unavailable = Some(refused(503, RefusalCode::Unavailable));
    assert_eq!(ok(ana.request(Method::GET, &path).send().await.unwrap()).await.err(), unavailable);
    // A device from before such names could only be told that it has lost the turf.
    assert_eq!(ana.sync(&SyncAsk { newest: None, ..push.clone() }).await.err(), unavailable);
    assert_eq!(ana.sync(&SyncAsk { newest: None, ..ask(&[]) }).await.err(), unavailable);

    // As a node that knows it.
    write("write");
    assert_eq!(ana.sync(&push).await.unwrap().docs[0].acked.len(), 1);
}

#[tokio::test]
async fn a_link_is_not_used_up_by_someone_whose_role_only_a_newer_relay_knows() {
    let world = World::start().await;
    let office = world.found().await;
    let first = office.invite(Role::Canvasser, &[], 1).await.unwrap();
    let fays = enrol_ask(&first.secret);
    let fay = world.enrol(&fays).await.unwrap();
    let conn = Connection::open(world.folder().join("relay.db")).unwrap();
    let member = fay.enrolled.member.to_bytes();
    conn.execute("UPDATE member SET role = 'phone_banker' WHERE id = ?1", params![member]).unwrap();
    let captains = office.invite(Role::Captain, &[], 1).await.unwrap();
    let raises = EnrolAsk { secret: captains.secret.clone(), ..fays.clone() };
    assert_eq!(world.enrol(&raises).await.err(), Some(refused(503, RefusalCode::Unavailable)));
    let cleo = world.enrol(&enrol_ask(&captains.secret)).await.unwrap();
    assert_eq!(cleo.enrolled.role, Role::Captain, "the link is as good as it was");

    // Sent again, the first one is answered to who can read the answer.
    let role = world.enrol(&fays).await.unwrap().enrolled.role;
    assert_eq!(role, Role::parse("phone_banker"));
    let older = EnrolAsk { newest: None, ..fays };
    assert_eq!(world.enrol(&older).await.err(), Some(refused(426, RefusalCode::WrongVersion)));
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
