//! Documents: what is pushed, and what is told.

use super::{code, numbers, why};
use crate::author::{Author, hash, hashes};
use crate::stores::{Device, EPOCH, NOW, Whole, doc_pull, doc_push, found};
use crate::world::new_doc;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{Access, DocKind, HeadsDigest, MAX_HEADS_PER_DEVICE, RejectReason};
use porchlight_relay::limits::{MAX_NEWS, RENEW_AFTER_MS};
use porchlight_relay::store::{DocPull, DocPush, DocPushed, Push};
use std::collections::BTreeSet;

on_both_stores![
    numbers_count_without_gaps_and_a_push_may_be_repeated,
    pushes_at_once_count_without_gaps,
    what_breaks_a_rule_is_rejected_alone,
    a_push_renews_the_lease,
    a_change_of_a_long_log_is_known_again,
    only_some_may_make_documents,
    a_log_is_told_in_pages,
    a_cursor_of_another_life_starts_over,
    what_was_just_pushed_and_known_heads_are_left_out,
    news_is_told_by_feed,
    news_comes_in_pages_without_a_gap,
    receipts_rise_and_make_news,
    carrying_has_its_rules,
    a_device_has_so_many_heads_and_not_one_more,
];

async fn numbers_count_without_gaps_and_a_push_may_be_repeated(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let mut author = Author::new();
    let changes = [author.write(), author.write(), author.write()];
    let first = office.push(turf, &changes).await;
    assert_eq!(
        (numbers(&first), hashes(&first.acked)),
        (vec![1, 2, 3], changes.iter().map(|bytes| hash(bytes)).collect())
    );
    assert_eq!(office.push(turf, &changes).await, first);
    let fourth = author.write();
    let mixed = [changes[1].clone(), fourth.clone(), fourth.clone()];
    assert_eq!(numbers(&office.push(turf, &mixed).await), [2, 4, 4]);
    let log = store.log(turf, usize::MAX).await.unwrap();
    assert_eq!((log.last, log.changes.len(), log.heads), (4, 4, author.heads()));
    // One request for several documents, one of them twice: each counts for itself.
    let (other, mut elsewhere) = (office.bear(&[]).await, Author::new());
    let docs = vec![
        doc_push(other, &[elsewhere.write()]),
        doc_push(turf, &[author.write()]),
        doc_push(other, &[elsewhere.write()]),
    ];
    let pushed = office.push_all(docs).await.unwrap();
    assert_eq!(pushed.iter().map(numbers).collect::<Vec<_>>(), [[1], [5], [2]]);
    assert_eq!(code(store.log(new_doc(), usize::MAX).await), RefusalCode::NotFound);
}

async fn pushes_at_once_count_without_gaps(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    // One device's share of the queue is 16.
    let all = (0..12).map(|_| async {
        let mut author = Author::new();
        let mut numbers = Vec::new();
        for _ in 0..5 {
            numbers.extend(self::numbers(&office.push(turf, &[author.write(), author.write()]).await));
        }
        numbers
    });
    let mut all: Vec<_> = futures_util::future::join_all(all).await.into_iter().flatten().collect();
    all.sort_unstable();
    assert_eq!(all, (1..=120).collect::<Vec<_>>());
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 12);
}

async fn what_breaks_a_rule_is_rejected_alone(store: &dyn Whole) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf]).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..4).map(|_| author.write()).collect();
    let gap = [written[0].clone(), written[2].clone(), b"no change".to_vec(), written[1].clone()];
    let pushed = ana.push(turf, &gap).await;
    assert_eq!(
        (numbers(&pushed), why(&pushed)),
        (vec![1, 2], vec![RejectReason::MissingDeps, RejectReason::Malformed])
    );
    // The actor is Ana's from its first change on.
    assert_eq!(why(&office.push(turf, &written[2..3]).await), [RejectReason::ForeignActor]);
    // A second first change of an actor: its number is not the next.
    let mut restored = Author::new();
    restored.doc.set_actor(author.doc.get_actor().clone());
    assert_eq!(why(&ana.push(turf, &[restored.write_long(9)]).await), [RejectReason::SeqGap]);
    assert_eq!(why(&ana.push(office.reply.campaign_doc, &[author.write()]).await), [RejectReason::ReadOnly]);
    assert_eq!(why(&office.push(turf, &[b"nothing".to_vec()]).await), [RejectReason::Malformed]);
    for stranger in [&elsewhere, &office.join(Role::Canvasser, &[]).await] {
        assert_eq!(stranger.push(turf, &written).await, DocPushed::default());
        assert_eq!(stranger.pull(turf, 0).await.access, None);
    }
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().last, 2);
}

async fn a_push_renews_the_lease(store: &dyn Whole) {
    let office = found(store).await;
    let before = office.caller().await.lease_until;
    let push = |later_ms| Push { device: office.id, docs: Vec::new(), now: NOW.plus_ms(later_ms) };
    // What is gained within an hour is not worth writing the device's row for.
    for (later_ms, gained_ms) in [(RENEW_AFTER_MS, 0), (RENEW_AFTER_MS + 1, RENEW_AFTER_MS + 1)] {
        let pushed = store.push(push(later_ms)).await.unwrap();
        assert_eq!(pushed.lease_until, before.plus_ms(gained_ms), "{later_ms}");
        assert_eq!(office.caller().await.lease_until, pushed.lease_until);
    }
    let pushed = store.push(push(24 * RENEW_AFTER_MS)).await.unwrap();
    assert_eq!(pushed.lease_until, before.plus_ms(24 * RENEW_AFTER_MS));
    let earlier = store.push(push(0)).await.unwrap();
    assert_eq!(earlier.lease_until, pushed.lease_until, "a clock that went back takes nothing away");
    assert_eq!(
        code(store.push(Push { device: DeviceId::from_bytes([1; 16]), docs: Vec::new(), now: NOW }).await),
        RefusalCode::TokenUnknown
    );
}

async fn a_change_of_a_long_log_is_known_again(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (mut author, mut written, mut late) = (Author::new(), Vec::new(), Vec::new());
    for n_more in [100, 155, 1, 1, 254, 1, 600] {
        let before = written.len() as u64;
        let more: Vec<_> = (0..n_more).map(|_| author.write()).collect();
        written.extend(more.iter().cloned());
        let len = written.len() as u64;
        assert_eq!(numbers(&office.push(turf, &more).await), (before + 1..=len).collect::<Vec<_>>());
        // Sent again, from the first to the last.
        let pushed = office.push(turf, &written).await;
        assert_eq!((numbers(&pushed), why(&pushed)), ((1..=len).collect::<Vec<_>>(), vec![]));
        late.push(author.fork());
    }
    // What stands on an old change is taken in, what stands on none of them is not.
    let n_written = written.len() as u64;
    for (at, late) in late.iter_mut().enumerate() {
        let change = late.write();
        assert_eq!(numbers(&office.push(turf, std::slice::from_ref(&change)).await), [n_written + 1 + at as u64]);
    }
    let mut stranger = Author::new();
    stranger.write();
    assert_eq!(why(&office.push(turf, &[stranger.write()]).await), [RejectReason::MissingDeps]);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 7);
}

async fn only_some_may_make_documents(store: &dyn Whole) {
    let office = found(store).await;
    let (captain, ana) = (office.join(Role::Captain, &[]).await, office.join(Role::Canvasser, &[]).await);
    let mut author = Author::new();
    let written = [author.write()];
    for (device, born, is_made) in [
        (&office, Some(DocKind::Turf), true),
        (&captain, Some(DocKind::Turf), true),
        (&ana, Some(DocKind::Turf), false),
        (&office, Some(DocKind::Campaign), false),
        (&office, None, false),
    ] {
        let doc = new_doc();
        let before = store.grants(office.id).await.unwrap().number;
        let docs = vec![DocPush { born, ..doc_push(doc, &written) }];
        let pushed = store.push(Push { device: device.id, docs: docs.clone(), now: NOW }).await.unwrap();
        assert_eq!(pushed.docs[0].acked.len(), usize::from(is_made));
        let after = store.grants(office.id).await.unwrap().number;
        assert_eq!((after > before, after >= before), (is_made, true));
        assert_eq!(pushed.hints.iter().filter(|hint| hint.doc.is_none()).count(), usize::from(is_made));
        assert_eq!(
            pushed.hints.iter().filter_map(|hint| hint.doc).collect::<Vec<_>>(),
            if is_made { vec![(doc, 1)] } else { vec![] }
        );
        // Born again, it is only found.
        store.push(Push { device: device.id, docs, now: NOW }).await.unwrap();
        assert_eq!(store.grants(office.id).await.unwrap().number, after);
    }
}

async fn a_log_is_told_in_pages(store: &dyn Whole) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..40).map(|_| author.write_long(2_000)).collect();
    let (turf, small) = (office.bear(&written).await, office.bear(&[Author::new().write()]).await);
    let (mut cursor, mut told, mut n_pages) = (0, Vec::new(), 0);
    loop {
        let docs = vec![doc_pull(turf, cursor), doc_pull(small, 0)];
        let page = office.pull_all(0, docs, 9_000).await.docs.remove(0);
        assert!(page.changes.iter().map(Vec::len).sum::<usize>() <= 9_000);
        assert!(page.cursor > cursor && page.seen == 0 && page.access == Some(Access::Write));
        (cursor, n_pages) = (page.cursor, n_pages + 1);
        told.extend(page.changes);
        if !page.is_more {
            assert_eq!(page.heads, author.heads());
            break;
        }
    }
    assert_eq!((told, cursor), (written, 40));
    assert!(n_pages >= 10);
    assert_eq!(office.pull(new_doc(), 3).await.cursor, 3, "of what is not there, nothing is told");
}

async fn a_cursor_of_another_life_starts_over(store: &dyn Whole) {
    let office = found(store).await;
    let mut author = Author::new();
    let turf = office.bear(&[author.write(), author.write()]).await;
    for (epoch, cursor, n_told) in
        [(EPOCH, 1, 1), (EPOCH, 2, 0), (EPOCH, 3, 2), (EPOCH + 1, 1, 2), (EPOCH, u64::MAX, 2)]
    {
        let ask = DocPull { epoch, ..doc_pull(turf, cursor) };
        let told = office.pull_all(0, vec![ask], 1 << 20).await.docs.remove(0);
        assert_eq!((told.changes.len(), told.cursor, told.is_more), (n_told, 2, false), "{epoch} {cursor}");
    }
}

async fn what_was_just_pushed_and_known_heads_are_left_out(store: &dyn Whole) {
    let office = found(store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..5).map(|_| author.write()).collect();
    let turf = office.bear(&written).await;
    let without: BTreeSet<_> = [hash(&written[1]), hash(&written[4])].into();
    let ask = DocPull { without, ..doc_pull(turf, 0) };
    let told = office.pull_all(0, vec![ask.clone()], 1 << 20).await.docs.remove(0);
    assert_eq!((told.changes, told.cursor), (vec![written[0].clone(), written[2].clone(), written[3].clone()], 5));
    let heads = Some(HeadsDigest::of(&author.heads()));
    for (ask, is_same, n_heads) in [
        (DocPull { heads, ..doc_pull(turf, 5) }, true, 0),
        (DocPull { heads, ..doc_pull(turf, 4) }, false, 0),
        (DocPull { heads: Some(HeadsDigest(1)), ..doc_pull(turf, 5) }, false, 1),
        (doc_pull(turf, 5), false, 1),
        (DocPull { heads, ..ask }, false, 0),
    ] {
        let told = office.pull_all(0, vec![ask], 1 << 20).await.docs.remove(0);
        assert_eq!((told.is_same, told.heads.len()), (is_same, n_heads));
    }
}

async fn news_is_told_by_feed(store: &dyn Whole) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let mut authors: Vec<_> = (0..3).map(|_| Author::new()).collect();
    let mut turf = Vec::new();
    for author in &mut authors {
        turf.push(office.bear(&[author.write()]).await);
    }
    let ana = office.join(Role::Canvasser, &[turf[1]]).await;
    let news = async |device: &Device<'_>, feed| {
        let pulled = device.pull_all(feed, Vec::new(), 0).await;
        (pulled.news.iter().map(|news| (news.doc, news.last)).collect::<Vec<_>>(), pulled.feed)
    };
    let (all, feed) = news(&office, 0).await;
    assert_eq!(all, [(turf[0], 1), (turf[1], 1), (turf[2], 1)]);
    assert_eq!(news(&ana, 0).await, (vec![(turf[1], 1)], feed), "only what she hears of");
    assert_eq!(news(&office, feed).await, (vec![], feed));
    office.push(turf[0], &[authors[0].write(), authors[0].write()]).await;
    let (again, later) = news(&office, feed).await;
    assert_eq!(again, [(turf[0], 3)]);
    assert!(later > feed);
    assert_eq!(news(&ana, feed).await, (vec![], later));
    assert_eq!(news(&office, later + 99).await.0.len(), 3, "a feed from the future is of another life");
    assert_eq!(news(&elsewhere, 0).await, (vec![], 0));
    // What is answered whole is no news, what is told in part is.
    let whole = office.pull_all(0, vec![doc_pull(turf[0], 0)], 1 << 20).await;
    assert_eq!(whole.news.iter().map(|news| news.doc).collect::<Vec<_>>(), [turf[1], turf[2]]);
    let part = office.pull_all(0, vec![doc_pull(turf[0], 0)], 1).await;
    assert!(part.docs[0].is_more && part.news.len() == 3);
}

async fn news_comes_in_pages_without_a_gap(store: &dyn Whole) {
    let office = found(store).await;
    let written = [Author::new().write()];
    let n_docs = MAX_NEWS + 200;
    let docs: Vec<DocId> = (0..n_docs).map(|_| new_doc()).collect();
    for part in docs.chunks(150) {
        let born = part.iter().map(|doc| DocPush { born: Some(DocKind::Turf), ..doc_push(*doc, &written) });
        office.push_all(born.collect()).await.unwrap();
    }
    let (mut feed, mut told) = (0, BTreeSet::new());
    loop {
        let pulled = office.pull_all(feed, Vec::new(), 0).await;
        if pulled.news.is_empty() {
            break;
        }
        assert!(pulled.feed > feed && pulled.news.len() < MAX_NEWS + 150);
        assert!(pulled.news.iter().all(|news| told.insert(news.doc)), "nothing is told twice");
        feed = pulled.feed;
    }
    assert_eq!(told, docs.into_iter().collect());
}

async fn receipts_rise_and_make_news(store: &dyn Whole) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let mut author = Author::new();
    let turf = office.bear(&[author.write(), author.write(), author.write()]).await;
    let (captain, ana) = (office.join(Role::Captain, &[]).await, office.join(Role::Canvasser, &[turf]).await);
    let mut feed = office.feed().await;
    for (by, n, seen, is_news) in [
        (&captain, 3, 0, false),
        (&elsewhere, 3, 0, false),
        (&office, 2, 2, true),
        (&office, 1, 2, false),
        // A number beyond the log is of another log.
        (&office, 99, 2, false),
        (&office, 3, 3, true),
    ] {
        store.seen(by.caller().await, vec![(turf, n), (new_doc(), 1)]).await.unwrap();
        let pulled = ana.pull_all(feed, Vec::new(), 0).await;
        assert_eq!(
            pulled.news.iter().map(|news| (news.doc, news.last, news.seen)).collect::<Vec<_>>(),
            if is_news { vec![(turf, 3, seen)] } else { vec![] }
        );
        assert_eq!(ana.pull(turf, 3).await.seen, seen);
        feed = pulled.feed;
    }
}

async fn carrying_has_its_rules(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[turf]).await);
    let eve = office.join(Role::Canvasser, &[]).await;
    let carry = async |by: &Device<'_>, changes: &[Vec<u8>]| {
        by.push_all(vec![DocPush { carries: true, ..doc_push(turf, changes) }]).await.unwrap().remove(0)
    };
    let mut held = Author::new().by(ana.id);
    let written = [held.write(), held.write()];
    assert_eq!(why(&office.push(turf, &written).await), [RejectReason::ForeignActor, RejectReason::MissingDeps]);
    assert_eq!(numbers(&carry(&office, &written).await), [1, 2]);
    assert_eq!(numbers(&ana.push(turf, &[held.write()]).await), [3], "the chain is Ana's");
    let mut foreign = Author::new().by(eve.id);
    assert_eq!(why(&carry(&office, &[foreign.write()]).await), [RejectReason::ForeignActor]);
    let more = [held.write()];
    assert_eq!(why(&carry(&ben, &more).await), [RejectReason::ForeignActor]);
    store.new_epoch(EPOCH, NOW.plus_ms(1)).await.unwrap();
    assert_eq!(numbers(&carry(&ben, &more).await), [4], "whoever may write brings back what a restored store lacks");
    // A turf may have been handed out after the copy was made.
    let mut handed = Author::new().by(eve.id);
    assert_eq!(numbers(&carry(&ben, &[handed.write()]).await), [5]);
    store.new_epoch(EPOCH, NOW).await.unwrap();
    assert_eq!(why(&carry(&ben, &[handed.write()]).await), [RejectReason::ForeignActor]);
    assert_eq!(why(&carry(&office, &[handed.write()]).await), [RejectReason::ForeignActor]);
    assert_eq!(why(&carry(&ben, &[held.write()]).await), [RejectReason::ForeignActor]);
    store.revoke(ana.id, NOW).await.unwrap();
    let mut left = Author::new().by(ana.id);
    assert_eq!(numbers(&carry(&office, &[left.write()]).await), [6]);
}

async fn a_device_has_so_many_heads_and_not_one_more(store: &dyn Whole) {
    let office = found(store).await;
    let turf = office.bear(&[]).await;
    let ana = office.join(Role::Canvasser, &[turf]).await;
    let carry = async |changes: &[Vec<u8>]| {
        office.push_all(vec![DocPush { carries: true, ..doc_push(turf, changes) }]).await.unwrap().remove(0)
    };
    // Copies of Ana's database, each of which writes without having heard of the others.
    let mut ana_wrote = Author::new().by(ana.id);
    let begun = ana_wrote.write();
    ana.push(turf, std::slice::from_ref(&begun)).await;
    let mut copies: Vec<_> = (0..=MAX_HEADS_PER_DEVICE).map(|_| ana_wrote.fork().by(ana.id)).collect();
    let written: Vec<_> = copies.iter_mut().map(Author::write).collect();
    let (first, rest) = written.split_at(10);
    let (below, above) = rest.split_at(MAX_HEADS_PER_DEVICE - 10);
    assert_eq!(why(&ana.push(turf, first).await), []);
    assert_eq!(why(&ana.push(turf, rest).await), [RejectReason::TooManyHeads], "one request, one change too many");
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), MAX_HEADS_PER_DEVICE);
    assert_eq!(why(&ana.push(turf, above).await), [RejectReason::TooManyHeads]);
    assert_eq!(why(&carry(above).await), [RejectReason::TooManyHeads], "whoever carries it");
    assert_eq!(numbers(&ana.push(turf, below).await).len(), below.len(), "what is stored stays acknowledged");
    // A copy goes on in its chain; another device is counted for itself.
    assert_eq!(why(&ana.push(turf, &[copies[0].write()]).await), []);
    let mut office_wrote = Author::new();
    assert_eq!(why(&office.push(turf, &[office_wrote.write()]).await), []);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), MAX_HEADS_PER_DEVICE + 1);
    // Whoever has heard of some stands on them: then there is room again.
    office_wrote.take_in(&[&[begun], below].concat());
    assert_eq!(why(&office.push(turf, &[office_wrote.write()]).await), []);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().heads.len(), 11);
    assert_eq!(why(&ana.push(turf, above).await), []);
}
