//! Two nodes' stores over one PostgreSQL: with many concurrent writers, no reader ever sees a gap or a duplicate.

use crate::author::Author;
use crate::stores::{Device, EPOCH, NOW, Whole, doc_pull, doc_push, enrol, enrolment, found, node};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::wire::DocKind;
use porchlight_relay::limits::MAX_CAMPAIGN_DOCS;
use porchlight_relay::store::postgres::{Address, PostgresStore};
use porchlight_relay::store::{DocPush, Push, StoreError};
use porchlight_tests::servers::{Postgres, client};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const N_DOCS: usize = 6;
const N_WRITERS: usize = 16;
const N_PUSHES: usize = 60;

/// Pushes its own changes to several documents at once, in an order of its own, now at one node and now at the other.
async fn write(nodes: [Arc<dyn Whole>; 2], device: Push, docs: Vec<DocId>, n: usize) -> BTreeMap<Sha256, (DocId, u64)> {
    let mut authors: Vec<_> = docs.iter().map(|_| Author::new()).collect();
    let mut acked = BTreeMap::new();
    for round in 0..N_PUSHES {
        let order = (0..3).map(|k| (n + round + k * (1 + n % 2)) % docs.len()).collect::<BTreeSet<_>>();
        let mut order: Vec<_> = order.into_iter().collect();
        if n % 2 == 1 {
            order.reverse();
        }
        let pushes = order.iter().map(|at| doc_push(docs[*at], &[authors[*at].write()]));
        let push = Push { docs: pushes.collect(), ..device.clone() };
        let pushed = nodes[(n + round) % 2].push(push).await.unwrap();
        for (at, answer) in order.iter().zip(pushed.docs) {
            assert!(answer.rejected.is_empty());
            for change in answer.acked {
                assert_eq!(acked.insert(change.hash, (docs[*at], change.n)), None, "acknowledged once");
            }
        }
    }
    acked
}

/// Follows one document by its cursor while it is written; returns the hashes in the order of the log.
async fn follow_cursor(device: Device<'_>, doc: DocId, n_writing: &AtomicUsize) -> Vec<Sha256> {
    let (mut cursor, mut told) = (0, Vec::new());
    loop {
        let is_last = n_writing.load(Ordering::SeqCst) == 0;
        let answer = device.pull_all(u64::MAX / 4, vec![doc_pull(doc, cursor)], 3_000).await.docs.remove(0);
        assert_eq!(answer.changes.len() as u64, answer.cursor - cursor, "every number is told");
        told.extend(answer.changes.iter().map(|bytes| crate::author::hash(bytes)));
        cursor = answer.cursor;
        if is_last && !answer.is_more {
            return told;
        }
        tokio::task::yield_now().await;
    }
}

/// Follows the campaign by its feed alone: asks only for documents that the feed announced.
async fn follow_feed(device: Device<'_>, n_writing: &AtomicUsize) -> BTreeMap<DocId, Vec<Sha256>> {
    let (mut feed, mut told, mut cursors) = (0, BTreeMap::<DocId, Vec<Sha256>>::new(), BTreeMap::new());
    loop {
        let is_last = n_writing.load(Ordering::SeqCst) == 0;
        let news = device.pull_all(feed, Vec::new(), 0).await;
        assert!(news.feed >= feed, "a feed never goes back");
        for new in &news.news {
            let cursor: u64 = cursors.get(&new.doc).copied().unwrap_or_default();
            // Only up to what the feed announced: what comes later must be announced again.
            let answer = device.pull(new.doc, cursor).await;
            let n_new = usize::try_from(new.last.saturating_sub(cursor)).unwrap();
            assert!(answer.changes.len() >= n_new, "what the feed told is there");
            let hashes = answer.changes.iter().take(n_new).map(|bytes| crate::author::hash(bytes));
            told.entry(new.doc).or_default().extend(hashes);
            cursors.insert(new.doc, cursor.max(new.last));
        }
        let is_end = is_last && news.feed == feed;
        feed = news.feed;
        if is_end {
            return told;
        }
        tokio::task::yield_now().await;
    }
}

/// Polls consistent states of the store: what changed since the feed, and which documents have more than the feed announced.
/// A document with more that is not in the feed was missed.
async fn watch(device: Device<'_>, docs: &[DocId], n_writing: &AtomicUsize) {
    let (mut feed, mut lasts) = (0, BTreeMap::new());
    while n_writing.load(Ordering::SeqCst) > 0 {
        let asked = docs.iter().map(|doc| doc_pull(*doc, lasts.get(doc).copied().unwrap_or_default()));
        let pulled = device.pull_all(feed, asked.collect(), 0).await;
        for (doc, told) in docs.iter().zip(&pulled.docs) {
            assert!(
                !told.is_more || pulled.news.iter().any(|new| new.doc == *doc),
                "a change appeared behind the feed"
            );
        }
        lasts.extend(pulled.news.iter().map(|new| (new.doc, new.last)));
        feed = pulled.feed;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_write_at_two_nodes_leave_no_gap_for_any_who_read() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = [node(&url).await, node(&url).await];
    let office = found(&*nodes[0]).await;
    let mut docs = Vec::new();
    for _ in 0..N_DOCS {
        docs.push(office.bear(&[]).await);
    }
    let mut writers = Vec::new();
    for n in 0..N_WRITERS {
        let device = office.join(if n % 4 == 0 { Role::Captain } else { Role::Canvasser }, &docs).await;
        writers.push(Push { device: device.id, docs: Vec::new(), now: NOW.plus_ms(1) });
    }
    let n_writing = AtomicUsize::new(N_WRITERS);
    let writing = writers.into_iter().enumerate().map(|(n, device)| {
        let (nodes, docs, n_writing) = (nodes.clone(), docs.clone(), &n_writing);
        async move {
            let acked = tokio::spawn(write(nodes, device, docs, n)).await.unwrap();
            n_writing.fetch_sub(1, Ordering::SeqCst);
            acked
        }
    });
    let at = |n: usize| Device { store: &*nodes[n % 2], ..office.clone() };
    let cursors = docs.iter().enumerate().map(|(n, doc)| follow_cursor(at(n), *doc, &n_writing));
    let feeds = (0..2).map(|n| follow_feed(at(n), &n_writing));
    let watches = (0..6).map(|n| watch(at(n), &docs, &n_writing));
    let (acked, by_cursor, by_feed, _) = tokio::join!(
        futures_util::future::join_all(writing),
        futures_util::future::join_all(cursors),
        futures_util::future::join_all(feeds),
        futures_util::future::join_all(watches),
    );

    let mut logs: BTreeMap<DocId, BTreeMap<u64, Sha256>> = BTreeMap::new();
    for (hash, (doc, n)) in acked.into_iter().flatten() {
        assert_eq!(logs.entry(doc).or_default().insert(n, hash), None, "one change for each number");
    }
    let n_changes: usize = logs.values().map(BTreeMap::len).sum();
    assert!(n_changes > N_WRITERS * N_PUSHES * 2, "{n_changes}");
    for (doc, log) in &logs {
        assert_eq!(log.keys().copied().collect::<Vec<_>>(), (1..=log.len() as u64).collect::<Vec<_>>());
        let log: Vec<_> = log.values().copied().collect();
        let at = docs.iter().position(|other| other == doc).unwrap();
        assert!(by_cursor[at] == log);
        assert!(by_feed.iter().all(|told| told[doc] == log));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_do_everything_at_once_never_stand_in_each_others_way() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = [node(&url).await, node(&url).await];
    let office = found(&*nodes[0]).await;
    let mut docs = Vec::new();
    for _ in 0..4 {
        docs.push(office.bear(&[]).await);
    }
    let caller = office.caller().await;
    let devices: Vec<_> = futures_util::future::join_all((0..8).map(|_| office.join(Role::Captain, &docs))).await;
    let work = devices.iter().enumerate().map(|(n, device)| {
        let (nodes, docs, office) = (&nodes, &docs, &office);
        async move {
            let at = |k: usize| &*nodes[(n + k) % 2];
            let mut author = Author::new();
            for round in 0..15_u64 {
                let doc = docs[(n + usize::try_from(round).unwrap()) % docs.len()];
                let born = DocPush { born: Some(DocKind::Turf), ..doc_push(crate::world::new_doc(), &[]) };
                let push = vec![doc_push(docs[n % docs.len()], &[author.write()]), born];
                Device { store: at(0), ..device.clone() }.push_all(push).await.unwrap();
                at(1).seen(caller, docs.iter().rev().map(|doc| (*doc, round)).collect()).await.unwrap();
                at(0)
                    .heard([office.id, device.id].map(|id| (id, NOW.plus_ms(round.cast_signed()))).to_vec())
                    .await
                    .unwrap();
                at(1).take_back(caller, doc, device.id).await.unwrap();
                let secret = office.invite(Role::Canvasser, &[doc], 1).await.unwrap();
                let again = enrolment(secret);
                enrol(at(0), porchlight_relay::store::Enrolling { device: device.id, token: device.token, ..again })
                    .await
                    .unwrap();
            }
        }
    });
    futures_util::future::join_all(work).await;
    let sql = client(&url).await.unwrap();
    let row = sql.query_one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", &[]).await;
    assert_eq!(row.unwrap().get::<_, i64>(0), 0, "locks are taken in one order");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_lay_out_the_database_once_and_share_its_epoch() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let address = Address { url: url.clone(), ca: None, n_connections: 4 };
    let all = (1..=6).map(|epoch| PostgresStore::open(&address, epoch, NOW));
    let stores: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    let office = found(&stores[0]).await;
    let mut epochs = BTreeSet::new();
    for store in &stores {
        epochs.insert(Device { store, ..office.clone() }.pull_all(0, Vec::new(), 0).await.epoch);
    }
    assert_eq!(epochs.len(), 1);
    let sql = client(&url).await.unwrap();
    sql.execute("INSERT INTO migration (n, applied_at) VALUES (1000, 0)", &[]).await.unwrap();
    let newer = PostgresStore::open(&address, EPOCH, NOW).await.err().unwrap();
    assert!(newer.to_string().contains("newer relay"), "{newer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_has_so_many_documents_and_not_one_more_at_two_nodes() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = [node(&url).await, node(&url).await];
    let office = found(&*nodes[0]).await;
    let sql = client(&url).await.unwrap();
    let fill = "INSERT INTO doc (id, campaign, kind, made_at)
                SELECT sha256(n::text::bytea), (SELECT key FROM campaign), 'turf', 0 FROM generate_series(1, $1::bigint) AS n";
    sql.execute(fill, &[&(MAX_CAMPAIGN_DOCS - 6)]).await.unwrap();
    let all = (0..20).map(|n| {
        let device = Device { store: &*nodes[n % 2], ..office.clone() };
        async move {
            let born =
                DocPush { born: Some(DocKind::Turf), ..doc_push(crate::world::new_doc(), &[Author::new().write()]) };
            device.push_all(vec![born]).await.unwrap()[0].acked.len()
        }
    });
    let n_born: usize = futures_util::future::join_all(all).await.into_iter().sum();
    assert_eq!(n_born, 5);
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_explained() {
    let server = Postgres::shared().unwrap();
    for (url, expected) in [
        ("postgres://relay:secret@127.0.0.1:port/x".to_owned(), "postgres://user"),
        ("postgres://relay:secret@db.example.org/x".to_owned(), "sslmode"),
        (format!("postgres://relay@127.0.0.1:{}/nowhere", server.port), "3D000"),
        (format!("postgres://relay@127.0.0.1:{}/postgres?sslmode=require", server.port), "TLS"),
        (format!("postgres://relay@127.0.0.1:{}/postgres", porchlight_tests::servers::free_port().unwrap()), "refused"),
    ] {
        let address = Address { url, ca: None, n_connections: 4 };
        let error = PostgresStore::open(&address, EPOCH, NOW).await.err().unwrap();
        assert!(matches!(error, StoreError::Unavailable(_)));
        assert!(error.to_string().contains(expected) && !error.to_string().contains("secret"), "{error}");
    }
}

/// How many changes per second two nodes accept, printed if `PORCHLIGHT_MEASURE` is set; otherwise a short run that must only be correct.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_take_in_thousands_of_changes_a_second() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = [node(&url).await, node(&url).await];
    let office = found(&*nodes[0]).await;
    let n_rounds: usize = if std::env::var_os("PORCHLIGHT_MEASURE").is_some() { 100 } else { 5 };
    let mut phones = Vec::new();
    for _ in 0..100 {
        let turf = office.bear(&[]).await;
        let phone = office.join(Role::Canvasser, &[turf]).await;
        let mut author = Author::new();
        let rounds: Vec<Vec<_>> = (0..n_rounds).map(|_| (0..4).map(|_| author.write()).collect()).collect();
        phones.push((phone.id, turf, rounds));
    }
    let since = Instant::now();
    let mut all = Vec::new();
    for (n, (device, turf, rounds)) in phones.into_iter().enumerate() {
        let node = nodes[n % 2].clone();
        all.push(tokio::spawn(async move {
            let mut slowest = std::time::Duration::ZERO;
            for changes in &rounds {
                let since = Instant::now();
                let push = Push { device, docs: vec![doc_push(turf, changes)], now: NOW };
                assert_eq!(node.push(push).await.unwrap().docs[0].acked.len(), 4);
                slowest = slowest.max(since.elapsed());
            }
            (rounds.len() * 4, slowest)
        }));
    }
    let done: Vec<_> = futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    let (n_changes, slowest) =
        (done.iter().map(|(n, _)| n).sum::<usize>(), done.iter().map(|(_, slowest)| slowest).max());
    let took = since.elapsed().as_secs_f64();
    let n_commits: u64 = nodes.iter().map(|node| node.n_commits()).sum();
    eprintln!(
        "{n_changes} changes in {took:.2} s: {:.0}/s, {n_commits} commits, slowest push {slowest:?}",
        n_changes as f64 / took
    );
    assert_eq!(n_changes, 100 * n_rounds * 4);
}
