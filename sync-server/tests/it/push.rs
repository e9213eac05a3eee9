//! `POST /v1/sync`: pushing.

use crate::author::{Author, hash, hashes, plain_hash};
use crate::world::{Phone, World, ask, cbor, new_doc};
use automerge::Change;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::wire::{DocReply, DocStatus, RejectReason, Rejected};
use serde_bytes::ByteBuf;

async fn world_with_turf() -> (World, Phone, DocId) {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    assert_eq!(ana.bear(turf, &[]).await.status, DocStatus::Served);
    (world, ana, turf)
}

fn check(reply: &DocReply, acked: &[&Vec<u8>], rejected: &[(Sha256, RejectReason)]) {
    assert_eq!(hashes(&reply.acked), acked.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>());
    let rejected: Vec<_> = rejected.iter().map(|(hash, why)| Rejected { hash: *hash, why: *why }).collect();
    assert_eq!(reply.rejected, rejected);
}

#[tokio::test]
async fn what_is_pushed_is_acknowledged_and_heard_by_others() {
    let (world, ana, turf) = world_with_turf().await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let mut author = Author::new();
    let changes = [author.write(), author.write(), author.write()];
    let reply = ana.push(turf, &changes).await;
    check(&reply, &[&changes[0], &changes[1], &changes[2]], &[]);
    assert!(reply.changes.is_empty(), "a device is not told what it pushed just now");
    assert_eq!((reply.cursor, reply.is_more), (3, false));
    assert_eq!(reply.heads, author.heads());
    let heard = ben.pull(turf, 0).await;
    assert_eq!(heard.changes, changes);
    assert_eq!((heard.cursor, heard.heads), (3, author.heads()));
}

#[tokio::test]
async fn the_same_request_again_byte_for_byte_changes_nothing() {
    let (world, ana, turf) = world_with_turf().await;
    let mut author = Author::new();
    let mut request = ask(&[turf]);
    request.docs[0].push = (0..5).map(|_| ByteBuf::from(author.write())).collect();
    let body = cbor(&request);
    let first = ana.send_sync(body.clone()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(ana.send_sync(body.clone()).await.unwrap(), first);
    }
    assert_eq!(first.docs[0].acked.len(), 5);
    assert_eq!(ana.pull(turf, 0).await.changes.len(), 5);
    drop(world);
}

#[tokio::test]
async fn two_devices_that_push_apart_end_with_the_same_document() {
    let (world, ana, turf) = world_with_turf().await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let mut office = Author::new();
    let first = office.write();
    ana.push(turf, std::slice::from_ref(&first)).await;
    let mut field = office.fork();
    let (by_ana, by_ben) = ([office.write(), office.write()], [field.write(), field.write()]);
    let heard_by_ben = ben.push(turf, &by_ben).await;
    assert_eq!(heard_by_ben.changes, [first]);
    let heard_by_ana = ana.push(turf, &by_ana).await;
    assert_eq!(heard_by_ana.changes.len(), 3, "the first change and both of the other device");
    office.take_in(&by_ben);
    field.take_in(&by_ana);
    assert_eq!(office.heads(), field.heads());
    assert_eq!(ben.pull(turf, 3).await.heads, field.heads());
    assert_eq!(heard_by_ana.heads, office.heads());
}

#[tokio::test]
async fn bytes_that_are_no_plain_change_are_malformed() {
    let (world, ana, turf) = world_with_turf().await;
    let mut author = Author::new();
    let good = author.write();
    let long = author.write_long(2_000);
    let compressed = Change::from_bytes(long).unwrap().bytes().into_owned();
    assert_eq!(compressed[8], 2, "a compressed chunk");
    let mut wrong_checksum = good.clone();
    wrong_checksum[4] ^= 1;
    let mut wrong_content = good.clone();
    *wrong_content.last_mut().unwrap() ^= 1;
    let mut longer = good.clone();
    longer.push(0);
    let twice = [good.clone(), good.clone()].concat();
    let cut = good[..good.len() - 1].to_vec();
    for bad in [
        vec![],
        b"no change".to_vec(),
        compressed,
        author.doc.save(),
        wrong_checksum,
        wrong_content,
        longer,
        twice,
        cut,
    ] {
        let reply = ana.push(turf, std::slice::from_ref(&bad)).await;
        check(&reply, &[], &[(plain_hash(&bad), RejectReason::Malformed)]);
    }
    assert_eq!(ana.pull(turf, 0).await.heads, []);
    drop(world);
}

#[tokio::test]
async fn a_change_without_its_dependencies_waits_for_them() {
    let (_world, ana, turf) = world_with_turf().await;
    let mut author = Author::new();
    let (first, second) = (author.write(), author.write());
    let reply = ana.push(turf, std::slice::from_ref(&second)).await;
    check(&reply, &[], &[(hash(&second), RejectReason::MissingDeps)]);
    let reply = ana.push(turf, &[second.clone(), first.clone()]).await;
    check(&reply, &[&first], &[(hash(&second), RejectReason::MissingDeps)]);
    let reply = ana.push(turf, std::slice::from_ref(&second)).await;
    check(&reply, &[&second], &[]);
}

#[tokio::test]
async fn one_bad_change_takes_only_those_with_it_that_depend_on_it() {
    let (_world, ana, turf) = world_with_turf().await;
    let (mut good, mut bad) = (Author::new(), Author::new());
    let good_ones = [good.write(), good.write()];
    let mut broken = bad.write();
    *broken.last_mut().unwrap() ^= 1;
    let on_it = bad.write();
    let reply = ana.push(turf, &[good_ones[0].clone(), broken.clone(), on_it.clone(), good_ones[1].clone()]).await;
    let rejected = [(plain_hash(&broken), RejectReason::Malformed), (hash(&on_it), RejectReason::MissingDeps)];
    check(&reply, &[&good_ones[0], &good_ones[1]], &rejected);
}

#[tokio::test]
async fn a_clone_that_reuses_sequence_numbers_is_found_out() {
    let (_world, ana, turf) = world_with_turf().await;
    let mut author = Author::new();
    let first = author.write();
    let mut clone = author.fork();
    let actor = author.doc.get_actor().clone();
    clone.doc.set_actor(actor);
    let (second, other_second) = (author.write(), clone.write_long(3));
    ana.push(turf, &[first, second]).await;
    let reply = ana.push(turf, std::slice::from_ref(&other_second)).await;
    check(&reply, &[], &[(hash(&other_second), RejectReason::SeqGap)]);
    // An actor whose first change the relay has never seen cannot begin with a later one.
    let (mut one, mut two) = (Author::new(), Author::new());
    let base = one.write();
    two.take_in(std::slice::from_ref(&base));
    let (_, late) = (two.write(), two.write());
    ana.push(turf, &[base]).await;
    let reply = ana.push(turf, std::slice::from_ref(&late)).await;
    check(&reply, &[], &[(hash(&late), RejectReason::MissingDeps)]);
}

#[tokio::test]
async fn an_actor_writes_for_the_device_of_its_first_change() {
    let (world, ana, turf) = world_with_turf().await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let mut author = Author::new();
    let (first, second) = (author.write(), author.write());
    ana.push(turf, std::slice::from_ref(&first)).await;
    let reply = ben.push(turf, &[first.clone(), second.clone()]).await;
    check(&reply, &[&first], &[(hash(&second), RejectReason::ForeignActor)]);
    check(&ana.push(turf, std::slice::from_ref(&second)).await, &[&second], &[]);
}

#[tokio::test]
async fn a_document_may_be_born_twice_by_its_campaign() {
    let (world, ana, turf) = world_with_turf().await;
    let cid = world.join(&ana, Role::Captain, &[]).await;
    let change = Author::new().write();
    check(&cid.bear(turf, std::slice::from_ref(&change)).await, &[&change], &[]);
    // A campaign's document is created only by its founding.
    let mut request = ask(&[new_doc()]);
    request.docs[0].born = Some(porchlight_model::wire::DocKind::Campaign);
    assert_eq!(ana.sync(&request).await.unwrap().docs[0].status, DocStatus::NoGrant);
}

#[tokio::test]
async fn many_phones_at_once_lose_nothing() {
    let (world, ana, turf) = world_with_turf().await;
    let mut phones = Vec::new();
    for _ in 0..12 {
        phones.push(world.join(&ana, Role::Canvasser, &[turf]).await);
    }
    let n_commits = world.relay.store().n_commits();
    let pushing = phones.into_iter().map(|phone| async move {
        let mut author = Author::new();
        for _ in 0..10 {
            let change = author.write();
            assert_eq!(hashes(&phone.push(turf, std::slice::from_ref(&change)).await.acked), [hash(&change)]);
        }
        author
    });
    let mut authors = futures_util::future::join_all(pushing).await;
    let heard = ana.pull(turf, 0).await;
    assert_eq!((heard.changes.len(), heard.cursor), (120, 120));
    let mut whole = Author::new();
    whole.take_in(&heard.changes.into_iter().map(ByteBuf::into_vec).collect::<Vec<_>>());
    let mut heads: Vec<_> = authors.iter_mut().flat_map(Author::heads).collect();
    heads.sort();
    assert_eq!((whole.heads(), &heard.heads), (heads.clone(), &heads));
    assert!(world.relay.store().n_commits() - n_commits < 122 + 2, "no more than a commit for each request");
}

#[tokio::test]
async fn a_change_that_refers_to_an_actor_nobody_knows_is_refused() {
    let (_world, ana, turf) = world_with_turf().await;
    let mut office = Author::new();
    let first = office.born();
    let (mut field, mut stranger) = (office.fork(), office.fork());
    let made = stranger.write();
    ana.push(turf, std::slice::from_ref(&first)).await;
    // It overwrites the stranger's change, and claims to depend only on the office's.
    field.take_in(std::slice::from_ref(&made));
    let overwrites = field.overwrite(&mut stranger);
    let forged = with_deps(&overwrites, &[hash(&first)]);
    let reply = ana.push(turf, std::slice::from_ref(&forged)).await;
    check(&reply, &[], &[(hash(&forged), RejectReason::Malformed)]);
    check(&ana.push(turf, &[made.clone(), overwrites.clone()]).await, &[&made, &overwrites], &[]);
}

/// The same change with other dependencies and a valid checksum.
fn with_deps(bytes: &[u8], deps: &[Sha256]) -> Vec<u8> {
    let mut change = Change::from_bytes(bytes.to_vec()).unwrap().decode();
    change.deps = deps.iter().map(|dep| automerge::ChangeHash(dep.0)).collect();
    change.hash = None;
    Change::from(change).raw_bytes().to_vec()
}
