//! What a relay has acknowledged survives its restart.

use crate::author::{Author, plain_hash};
use crate::world::{Phone, World, ask, enrol_ask, new_doc, ok};
use porchlight_model::member::Role;
use porchlight_model::wire::{News, SyncAsk};
use reqwest::Method;

/// A device after a restart: the relay has another address.
pub(crate) fn at(world: &World, phone: &Phone) -> Phone {
    Phone { url: world.url.clone(), http: world.http.clone(), ..phone.clone() }
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut author = Author::new();
    let changes = [author.write(), author.write()];
    ana.bear(turf, &changes).await;
    let made = ana.invite(Role::Canvasser, &[turf], 2).await.unwrap();
    let enrol = enrol_ask(&made.secret);
    let ben = world.enrol(&enrol).await.unwrap();
    let pack = plain_hash(b"pack");
    let path = format!("/v1/packs/{pack}?doc={turf}");
    ok(ana.request(Method::PUT, &path).body("pack").send().await.unwrap()).await.unwrap();
    let before = ben.sync(&ask(&[turf])).await.unwrap();

    let world = world.restart().await;
    let (ana, ben) = (at(&world, &ana), at(&world, &ben));
    let after = ben.sync(&ask(&[turf])).await.unwrap();
    assert_eq!(after, before);
    assert_eq!(after.docs[0].changes, changes);
    assert_eq!(world.enrol(&enrol).await.unwrap().enrolled, ben.enrolled);
    world.enrol(&enrol_ask(&made.secret)).await.unwrap();
    let response = ok(ben.request(Method::GET, &format!("/v1/packs/{pack}")).send().await.unwrap()).await.unwrap();
    assert_eq!(response.bytes().await.unwrap(), "pack");
    // Chains continue: the next change of the same actor is accepted.
    assert_eq!(ana.push(turf, &[author.write()]).await.acked.len(), 1);
    let known = SyncAsk { grants_seen: after.grants.unwrap().number, feed: after.feed, ..ask(&[]) };
    let told = ben.sync(&known).await.unwrap();
    assert_eq!((told.grants, told.news), (None, vec![News { doc: turf, last: 3, seen: 0 }]));
}

#[tokio::test]
async fn a_stopped_relay_leaves_one_file() {
    let world = World::start().await;
    let ana = world.found().await;
    ana.push(ana.campaign_doc(), &[Author::new().write()]).await;
    let folder = world.folder();
    let world = world.restart().await;
    let world = world.restart().await;
    assert!(folder.join("relay.db").metadata().unwrap().len() > 4096);
    drop(world);
}
