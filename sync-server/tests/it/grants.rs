//! Who may do what: roles, taking back, revoking, campaigns apart.

use crate::author::{Author, hash, hashes};
use crate::world::{Phone, Refused, World, ask, new_doc, refused, reply};
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, RosterDevice, TakeBackAsk};
use porchlight_model::wire::{Access, DocKind, DocStatus, RejectReason};
use porchlight_relay::Clock;
use reqwest::Method;
use std::collections::BTreeMap;

async fn granted(phone: &Phone) -> (u64, BTreeMap<DocId, Access>) {
    let list = phone.sync(&ask(&[])).await.unwrap().grants.unwrap();
    (list.number, list.grants.into_iter().map(|grant| (grant.doc, grant.access)).collect())
}

async fn take_back(by: &Phone, doc: DocId, from: &Phone) -> Result<serde_json::Value, Refused> {
    by.post("/v1/take-back", &TakeBackAsk { doc, device: from.device }).await
}

#[tokio::test]
async fn each_role_is_granted_what_it_is_for() {
    let world = World::start().await;
    let ana = world.found().await;
    let (one, two) = (new_doc(), new_doc());
    ana.bear(one, &[]).await;
    let captain = world.join(&ana, Role::Captain, &[]).await;
    captain.bear(two, &[]).await;
    let canvasser = world.join(&captain, Role::Canvasser, &[two]).await;
    let all = BTreeMap::from([(ana.campaign_doc(), Access::Write), (one, Access::Write), (two, Access::Write)]);
    assert_eq!(granted(&ana).await.1, all);
    let read = BTreeMap::from([(ana.campaign_doc(), Access::Read), (one, Access::Write), (two, Access::Write)]);
    assert_eq!(granted(&captain).await.1, read, "a captain reads the campaign document, and writes all turf");
    let own = BTreeMap::from([(ana.campaign_doc(), Access::Read), (two, Access::Write)]);
    assert_eq!(granted(&canvasser).await.1, own);
}

#[tokio::test]
async fn the_list_is_sent_only_when_it_differs_and_its_number_rises() {
    let world = World::start().await;
    let ana = world.found().await;
    let (number, _) = granted(&ana).await;
    let seen = |number| porchlight_model::wire::SyncAsk { grants_seen: number, ..ask(&[]) };
    assert_eq!(ana.sync(&seen(number)).await.unwrap().grants, None);
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let list = ana.sync(&seen(number)).await.unwrap().grants.unwrap();
    assert!(list.number > number);
    assert!(list.grants.iter().any(|grant| grant.doc == turf && grant.kind == DocKind::Turf));
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let (before, _) = granted(&ben).await;
    take_back(&ana, turf, &ben).await.unwrap();
    let list = ben.sync(&seen(before)).await.unwrap().grants.unwrap();
    assert!(list.number > before);
}

#[tokio::test]
async fn a_canvasser_makes_no_document_and_writes_only_what_was_handed_out() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut author = Author::new();
    let first = author.write();
    ana.bear(turf, std::slice::from_ref(&first)).await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    let born = ben.bear(new_doc(), &[Author::new().write()]).await;
    assert_eq!((born.status, born.acked.len(), born.rejected.len()), (DocStatus::NoGrant, 0, 0));
    let other = ben.push(turf, &[author.fork().write()]).await;
    assert_eq!((other.status, other.changes.len(), other.heads.len()), (DocStatus::NoGrant, 0, 0));
    let mut office = Author::new();
    let script = office.write();
    ana.push(ana.campaign_doc(), std::slice::from_ref(&script)).await;
    let change = office.fork().write();
    let read_only = ben.push(ana.campaign_doc(), std::slice::from_ref(&change)).await;
    assert_eq!(read_only.status, DocStatus::Served);
    assert_eq!(read_only.changes, [script]);
    assert_eq!(read_only.rejected[0].why, RejectReason::ReadOnly);
    assert_eq!(read_only.rejected[0].hash, hash(&change));
}

#[tokio::test]
async fn a_turf_taken_back_still_hands_in_but_hears_nothing_more() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut office = Author::new();
    let first = office.write();
    ana.bear(turf, std::slice::from_ref(&first)).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let mut field = office.fork();
    ben.push(turf, &[field.write()]).await;
    let held = field.write();
    take_back(&ana, turf, &ben).await.unwrap();
    take_back(&ana, turf, &ben).await.unwrap();
    ana.push(turf, &[office.write()]).await;
    let handed_in = ben.push(turf, std::slice::from_ref(&held)).await;
    assert_eq!(handed_in.status, DocStatus::HandIn);
    assert_eq!(hashes(&handed_in.acked), [hash(&held)]);
    assert!(handed_in.changes.is_empty() && handed_in.heads.is_empty() && !handed_in.is_more);
    let told = ben.sync(&ask(&[])).await.unwrap();
    assert!(told.news.iter().all(|news| news.doc != turf));
    assert_eq!(granted(&ben).await.1[&turf], Access::HandIn);
    assert!(ana.pull(turf, 0).await.changes.contains(&held.into()));
    // Handed out again, it is served again.
    let made = ana.invite(Role::Canvasser, &[turf], 1).await.unwrap();
    let again = porchlight_model::relay::EnrolAsk {
        device: ben.device,
        token: ben.token.clone(),
        ..crate::world::enrol_ask(&made.secret)
    };
    world.enrol(&again).await.unwrap();
    assert_eq!(ben.pull(turf, 0).await.status, DocStatus::Served);
}

#[tokio::test]
async fn only_captains_and_coordinators_take_back_and_see_the_roster() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let cid = world.join(&ana, Role::Captain, &[]).await;
    assert_eq!(take_back(&ben, turf, &ben).await.err(), Some(refused(403, RefusalCode::NotAllowed)));
    let not_found = refused(404, RefusalCode::NotFound);
    assert_eq!(take_back(&eve, turf, &ben).await.err().as_ref(), Some(&not_found));
    assert_eq!(take_back(&ana, turf, &cid).await.err().as_ref(), Some(&not_found));
    assert_eq!(take_back(&ana, new_doc(), &ben).await.err().as_ref(), Some(&not_found));
    let roster = ben.request(Method::GET, "/v1/roster");
    assert_eq!(reply::<Vec<RosterDevice>>(roster).await.err(), Some(refused(403, RefusalCode::NotAllowed)));
    let roster: Vec<RosterDevice> = reply(cid.request(Method::GET, "/v1/roster")).await.unwrap();
    let told: Vec<_> = roster.iter().map(|row| (row.device, row.role, row.docs.clone())).collect();
    let expected = [
        (ana.device, Role::Coordinator, vec![]),
        (ben.device, Role::Canvasser, vec![turf]),
        (cid.device, Role::Captain, vec![]),
    ];
    assert_eq!(told, expected);
    assert_eq!(roster[0].name, "Ana");
    assert_eq!(roster[1].last_heard, None);
    let now = ben.sync(&ask(&[])).await.unwrap().now;
    take_back(&cid, turf, &ben).await.unwrap();
    let roster: Vec<RosterDevice> = reply(cid.request(Method::GET, "/v1/roster")).await.unwrap();
    assert_eq!((roster[1].last_heard, roster[1].docs.len()), (Some(now), 0));
}

#[tokio::test]
async fn a_revoked_device_is_served_nothing_from_then_on() {
    let world = World::start().await;
    let ana = world.found().await;
    let made = ana.invite(Role::Canvasser, &[], 1).await.unwrap();
    let enrol = crate::world::enrol_ask(&made.secret);
    let ben = world.enrol(&enrol).await.unwrap();
    world.relay.enrolment().unwrap().revoke(ben.device, world.clock.now()).await.unwrap();
    let revoked = refused(403, RefusalCode::Revoked);
    assert_eq!(ben.sync(&ask(&[])).await.err().as_ref(), Some(&revoked));
    assert_eq!(world.enrol(&enrol).await.err().as_ref(), Some(&revoked));
    let roster: Vec<RosterDevice> = reply(ana.request(Method::GET, "/v1/roster")).await.unwrap();
    assert!(roster[1].is_revoked);
}

#[tokio::test]
async fn campaigns_on_one_relay_know_nothing_of_each_other() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let turf = new_doc();
    let mut author = Author::new();
    ana.bear(turf, &[author.write()]).await;
    for doc in [turf, ana.campaign_doc()] {
        for told in [eve.pull(doc, 0).await, eve.bear(doc, &[author.fork().write()]).await] {
            assert_eq!(told.status, DocStatus::NoGrant);
            assert!(told.acked.is_empty() && told.changes.is_empty() && told.heads.is_empty());
        }
    }
    assert!(granted(&eve).await.1.keys().eq([&eve.campaign_doc()]));
    assert!(eve.sync(&ask(&[])).await.unwrap().news.is_empty());
    let roster: Vec<RosterDevice> = reply(eve.request(Method::GET, "/v1/roster")).await.unwrap();
    assert_eq!(roster.len(), 1);
    assert_eq!(ana.pull(turf, 0).await.changes.len(), 1);
}
