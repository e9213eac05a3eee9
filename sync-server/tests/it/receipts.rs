//! Pulls that need no answer, receipts of coordinators, and the first pull of a new device.

use crate::author::{Author, hash};
use crate::world::{World, ask, cbor, new_doc};
use automerge::{Automerge, Change};
use flate2::bufread::GzDecoder;
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::wire::{DocAsk, HeadsDigest, SyncAsk};
use std::io::Read;

fn digest(author: &mut Author) -> HeadsDigest {
    HeadsDigest::of(&author.heads())
}

#[tokio::test]
async fn a_document_without_news_costs_nothing_in_the_answer() {
    let world = World::start().await;
    let office = world.found().await;
    let mut authors: Vec<(DocId, Author)> = (0..50).map(|_| (new_doc(), Author::new())).collect();
    for (doc, author) in &mut authors {
        office.bear(*doc, &[author.write()]).await;
    }
    let docs: Vec<DocId> = authors.iter().map(|(doc, _)| *doc).collect();
    let phone = world.join(&office, Role::Canvasser, &docs).await;
    let first = phone.sync(&ask(&[])).await.unwrap();
    let grants_seen = first.grants.unwrap().number;
    let mut named = SyncAsk { feed: first.feed, grants_seen, ..ask(&docs) };
    for (ask, (_, author)) in named.docs.iter_mut().zip(&mut authors) {
        *ask = DocAsk { epoch: first.epoch, cursor: 1, heads: Some(digest(author)), ..ask.clone() };
    }
    let quiet = phone.sync(&named).await.unwrap();
    assert!(quiet.docs.is_empty() && quiet.news.is_empty(), "nothing to tell: {quiet:?}");
    assert!(cbor(&quiet).len() < 80, "{} bytes for 50 documents", cbor(&quiet).len());

    named.docs[7].heads = Some(HeadsDigest(1));
    let differing = phone.sync(&named).await.unwrap();
    assert_eq!(differing.docs.len(), 1);
    assert_eq!(differing.docs[0].heads, authors[7].1.heads(), "other heads are told");
}

#[tokio::test]
async fn what_a_coordinator_has_stored_is_told_to_who_wrote_it() {
    let world = World::start().await;
    let office = world.found().await;
    let turf = new_doc();
    office.bear(turf, &[]).await;
    let ana = world.join(&office, Role::Canvasser, &[turf]).await;
    let captain = world.join(&office, Role::Captain, &[]).await;
    let mut author = Author::new().by(ana.device);
    let reply = ana.push(turf, &[author.write(), author.write()]).await;
    assert_eq!((reply.acked[1].n, reply.seen), (2, 0));

    let feed = ana.sync(&ask(&[])).await.unwrap().feed;
    captain.pull(turf, 2).await;
    assert!(ana.sync(&SyncAsk { feed, ..ask(&[]) }).await.unwrap().news.is_empty(), "a captain is no coordinator");
    office.pull(turf, 0).await;
    assert!(ana.sync(&SyncAsk { feed, ..ask(&[]) }).await.unwrap().news.is_empty(), "sent is not stored");
    office.pull(turf, 1).await;
    let news = ana.sync(&SyncAsk { feed, ..ask(&[]) }).await.unwrap();
    assert_eq!((news.news[0].doc, news.news[0].last, news.news[0].seen), (turf, 2, 1));
    office.pull(turf, 99).await;
    assert_eq!(ana.pull(turf, 2).await.seen, 1, "a cursor that this log never gave is no receipt");
    office.pull(turf, 2).await;
    assert_eq!(ana.pull(turf, 2).await.seen, 2);
}

#[tokio::test]
async fn a_new_device_gets_a_long_history_as_one_snapshot_and_what_came_after() {
    let world = World::start().await;
    let office = world.found().await;
    let turf = new_doc();
    let mut author = Author::new();
    let history: Vec<_> = (0..300).map(|_| author.write()).collect();
    office.bear(turf, &history).await;
    assert_eq!(world.relay.make_snapshots(301).await.unwrap(), 0, "not due yet");
    assert_eq!(world.relay.make_snapshots(300).await.unwrap(), 1);
    let after = [author.write(), author.write()];
    office.push(turf, &after).await;

    let ben = world.join(&office, Role::Canvasser, &[turf]).await;
    let told = ben.pull(turf, 0).await;
    assert_eq!((told.cursor, told.is_more, told.changes.len()), (302, false, 2));
    let snapshot = told.snapshot.unwrap();
    let whole: usize = history.iter().map(Vec::len).sum();
    assert!(snapshot.len() < whole, "{} bytes instead of {whole}", snapshot.len());
    let mut unfolded = Vec::new();
    GzDecoder::new(snapshot.as_slice()).read_to_end(&mut unfolded).unwrap();
    let expected: Vec<u8> = history
        .iter()
        .flat_map(|change| [&u32::try_from(change.len()).unwrap().to_le_bytes()[..], change].concat())
        .collect();
    assert_eq!(unfolded, expected, "the log as it is");
    let mut doc = Automerge::new();
    let all = history.iter().cloned().chain(told.changes.iter().map(|bytes| bytes.to_vec()));
    doc.apply_changes(all.map(|bytes| Change::from_bytes(bytes).unwrap())).unwrap();
    let heads: Vec<Sha256> = doc.get_heads().into_iter().map(|hash| Sha256(hash.0)).collect();
    assert_eq!(heads, told.heads);
    assert_eq!(heads, [hash(&after[1])]);
    assert!(ben.pull(turf, 300).await.snapshot.is_none(), "whoever has the beginning gets changes only");
}
