//! `POST /v1/sync`: pulling.

use crate::author::Author;
use crate::world::{Phone, World, ask, new_doc};
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::wire::{DocAsk, News, SyncAsk};
use serde_bytes::ByteBuf;

/// A turf with `n_changes` of about `n_letters` bytes.
async fn turf_with(ana: &Phone, n_changes: usize, n_letters: usize) -> (DocId, Vec<Vec<u8>>) {
    let turf = new_doc();
    let mut author = Author::new();
    let changes: Vec<_> = (0..n_changes).map(|_| author.write_long(n_letters)).collect();
    assert_eq!(ana.bear(turf, &changes).await.acked.len(), n_changes);
    (turf, changes)
}

#[tokio::test]
async fn a_long_log_comes_in_pages_that_fit_the_budget() {
    let world = World::start().await;
    let ana = world.found().await;
    let (turf, changes) = turf_with(&ana, 40, 5_000).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let (mut request, mut heard, mut n_pages) = (SyncAsk { budget: 70_000, ..ask(&[turf]) }, Vec::new(), 0);
    loop {
        let reply = ben.sync(&request).await.unwrap();
        let doc = &reply.docs[0];
        assert!(doc.changes.iter().map(|change| change.len()).sum::<usize>() <= 70_000);
        heard.extend(doc.changes.iter().cloned().map(ByteBuf::into_vec));
        assert_eq!(doc.cursor, heard.len() as u64);
        (request.docs[0].cursor, request.docs[0].epoch) = (doc.cursor, reply.epoch);
        n_pages += 1;
        if !doc.is_more {
            break;
        }
    }
    assert_eq!(heard, changes);
    assert_eq!(n_pages, 4);
}

#[tokio::test]
async fn the_budget_is_shared_and_every_request_gets_on() {
    let world = World::start().await;
    let ana = world.found().await;
    let (one, _) = turf_with(&ana, 3, 60_000).await;
    let (two, _) = turf_with(&ana, 3, 60_000).await;
    let ben = world.join(&ana, Role::Canvasser, &[one, two]).await;
    let reply = ben.sync(&SyncAsk { budget: 0, ..ask(&[one, two]) }).await.unwrap();
    let told: Vec<_> = reply.docs.iter().map(|doc| (doc.changes.len(), doc.cursor, doc.is_more)).collect();
    assert_eq!(told, [(1, 1, true), (0, 0, true)]);
    let reply = ben.sync(&SyncAsk { budget: u32::MAX, ..ask(&[one, two]) }).await.unwrap();
    assert!(reply.docs.iter().all(|doc| doc.changes.len() == 3 && !doc.is_more));
}

#[tokio::test]
async fn a_cursor_of_another_epoch_or_beyond_the_log_starts_over() {
    let world = World::start().await;
    let ana = world.found().await;
    let (turf, changes) = turf_with(&ana, 4, 10).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let epoch = ben.sync(&ask(&[])).await.unwrap().epoch;
    assert_ne!(epoch, 0);
    for (asked_epoch, cursor, n_told) in
        [(epoch, 4, 0), (epoch, 3, 1), (epoch, 5, 4), (epoch, u64::MAX, 4), (epoch ^ 1, 3, 4), (0, 3, 4)]
    {
        let mut request = ask(&[turf]);
        request.docs[0] = DocAsk { epoch: asked_epoch, cursor, ..request.docs[0].clone() };
        let doc = ben.sync(&request).await.unwrap().docs.remove(0);
        assert_eq!((doc.changes.len(), doc.cursor), (n_told, 4), "epoch {asked_epoch}, cursor {cursor}");
    }
    world.relay.start_new_epoch().await.unwrap();
    let mut request = ask(&[turf]);
    request.docs[0] = DocAsk { epoch, cursor: 4, ..request.docs[0].clone() };
    let reply = ben.sync(&request).await.unwrap();
    assert_ne!(reply.epoch, epoch);
    assert_eq!(reply.docs[0].changes, changes);
}

#[tokio::test]
async fn the_feed_tells_which_documents_changed_since() {
    let world = World::start().await;
    let ana = world.found().await;
    let (one, two, foreign) = (new_doc(), new_doc(), new_doc());
    let (mut first, mut second) = (Author::new(), Author::new());
    ana.bear(one, &[first.write()]).await;
    ana.bear(two, &[second.write(), second.write()]).await;
    ana.bear(foreign, &[Author::new().write()]).await;
    let ben = world.join(&ana, Role::Canvasser, &[one, two]).await;
    let start = ben.sync(&ask(&[])).await.unwrap();
    assert_eq!(last(&start.news), [(one, 1), (two, 2)]);
    let since = |feed: u64| SyncAsk { feed, ..ask(&[]) };
    let quiet = ben.sync(&since(start.feed)).await.unwrap();
    assert!(quiet.news.is_empty());
    assert_eq!(quiet.feed, start.feed);
    ana.push(one, &[first.write()]).await;
    let news = ben.sync(&since(start.feed)).await.unwrap();
    assert_eq!(last(&news.news), [(one, 2)]);
    assert!(news.feed > start.feed);
    // A document that the same answer has completely is not news.
    let asked = ben.sync(&SyncAsk { feed: start.feed, ..ask(&[one]) }).await.unwrap();
    assert_eq!((asked.news.len(), asked.docs[0].changes.len()), (0, 2));
    // A feed that this store never reached starts over.
    assert_eq!(ben.sync(&since(u64::MAX)).await.unwrap().news.len(), 2);
    assert_eq!(ben.sync(&since(news.feed + 1)).await.unwrap().news.len(), 2);
}

#[tokio::test]
async fn what_is_told_comes_in_an_order_that_can_be_applied_at_once() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut office = Author::new();
    ana.bear(turf, &[office.write()]).await;
    let mut authors: Vec<_> = (0..4).map(|_| office.fork()).collect();
    let mut phones = Vec::new();
    for _ in 0..4 {
        phones.push(world.join(&ana, Role::Canvasser, &[turf]).await);
    }
    for round in 0..12 {
        let (author, phone) = (&mut authors[round * 7 % 4], &phones[round * 7 % 4]);
        let heard = phone.push(turf, &[author.write()]).await;
        author.take_in(&heard.changes.into_iter().map(ByteBuf::into_vec).collect::<Vec<_>>());
        assert_eq!(author.heads(), heard.heads);
    }
    let mut late = Author::new();
    for change in ana.pull(turf, 0).await.changes {
        late.take_in(&[change.into_vec()]);
    }
    assert_eq!(late.heads(), ana.pull(turf, 0).await.heads);
}

fn last(news: &[News]) -> Vec<(DocId, u64)> {
    news.iter().map(|news| (news.doc, news.last)).collect()
}
