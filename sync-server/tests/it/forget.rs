//! Deleting documents of ended waves: in both stores, at two nodes at once, and over HTTP.

use crate::author::Author;
use crate::conformance::code;
use crate::stores::{self, NOW, Whole, doc_push, enrol, enrolment, found, node, sha256};
use crate::world::{World, new_doc, refused};
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::relay::{ForgetAsk, MAX_FORGET_DOCS, RefusalCode};
use porchlight_model::wire::{DocKind, DocStatus};
use porchlight_relay::store::DocPush;
use porchlight_tests::servers::{Postgres, client};
use std::sync::Arc;

fn born(doc: DocId, changes: &[Vec<u8>]) -> DocPush {
    DocPush { born: Some(DocKind::Turf), ..doc_push(doc, changes) }
}

pub(crate) async fn what_is_forgotten_leaves_nothing_but_its_id(store: &dyn Whole) {
    let office = found(store).await;
    let mut authors = [Author::new(), Author::new()];
    let written = [authors[0].write(), authors[0].write()];
    let (ended, going_on) = (office.bear(&written).await, office.bear(&[authors[1].write()]).await);
    store.put_snapshot(ended, 2, vec![7; 50]).await.unwrap();
    let (own, shared) = (vec![1; 2_000], vec![2; 3_000]);
    for (doc, bytes) in [(ended, &own), (ended, &shared), (going_on, &shared)] {
        store.put_pack(office.caller().await, doc, sha256(bytes), bytes.clone()).await.unwrap();
    }
    let ana = office.join(Role::Canvasser, &[ended, going_on]).await;
    let waiting = office.invite(Role::Canvasser, &[ended, going_on], 1).await.unwrap();
    let before = store.grants(ana.id).await.unwrap().number;

    let hint = store.forget(office.caller().await, vec![ended, ended], NOW).await.unwrap().unwrap();
    assert_eq!((hint.campaign, hint.by, hint.doc), (office.campaign(), office.id, None));
    assert!(hint.grants > before && store.grants(ana.id).await.unwrap().number == hint.grants);
    assert_eq!(store.forget(office.caller().await, vec![ended], NOW).await.unwrap(), None, "again is no news");

    let late = enrol(store, enrolment(waiting)).await.unwrap();
    for device in [&office, &ana, &late] {
        assert_eq!(device.granted().await, [office.reply.campaign_doc, going_on]);
        let told = device.pull(ended, 0).await;
        assert_eq!((told.access, told.snapshot, told.changes.len(), told.heads.len()), (None, None, 0, 0));
        let pushed = device.push_all(vec![born(ended, &[authors[0].write()])]).await.unwrap().remove(0);
        assert!(pushed.acked.is_empty() && pushed.rejected.is_empty(), "nobody makes it again or pushes to it");
        let caller = device.caller().await;
        assert_eq!(code(store.pack(caller, sha256(&own), 0..1).await), RefusalCode::NotFound);
        assert_eq!(store.pack(caller, sha256(&shared), 0..u64::MAX).await.unwrap().bytes, shared);
    }
    assert!(office.pull_all(0, Vec::new(), 0).await.news.iter().all(|news| news.doc != ended));
    assert_eq!(code(store.log(ended, usize::MAX).await), RefusalCode::NotFound);
    store.put_snapshot(ended, 2, vec![7; 50]).await.unwrap();
    assert!(store.to_snapshot(1, 9).await.unwrap().iter().all(|doc| *doc != ended));
    assert_eq!(code(office.invite(Role::Canvasser, &[ended], 1).await), RefusalCode::NotFound);
    let caller = office.caller().await;
    assert_eq!(code(store.put_pack(caller, ended, sha256(&own), own.clone()).await), RefusalCode::NotFound);
    assert_eq!(code(store.take_back(caller, ended, ana.id).await), RefusalCode::NotFound);
    store.seen(caller, vec![(ended, 2)]).await.unwrap();
    for device in store.roster(office.campaign()).await.unwrap() {
        assert!(!device.docs.contains(&ended));
    }
    // Documents of the continuing wave are not affected.
    let pushed = ana.push(going_on, &[Author::new().write()]).await;
    assert_eq!(pushed.acked.iter().map(|acked| acked.n).collect::<Vec<_>>(), [2]);
    let next = office.bear(&[]).await;
    assert_eq!(office.granted().await, [office.reply.campaign_doc, going_on, next]);
    store.new_epoch(9, NOW.plus_ms(1)).await.unwrap();
    let carried = DocPush { carries: true, ..born(ended, &written) };
    assert!(ana.push_all(vec![carried]).await.unwrap()[0].acked.is_empty(), "nor after a restore");
}

pub(crate) async fn only_coordinators_forget_turf_of_their_own(store: &dyn Whole) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let (turf, foreign) = (office.bear(&[Author::new().write()]).await, elsewhere.bear(&[]).await);
    let gone = elsewhere.bear(&[]).await;
    store.forget(elsewhere.caller().await, vec![gone], NOW).await.unwrap();
    for role in [Role::Captain, Role::Canvasser] {
        let device = office.join(role, &[turf]).await;
        assert_eq!(code(store.forget(device.caller().await, vec![turf], NOW).await), RefusalCode::NotAllowed);
    }
    let caller = office.caller().await;
    for (docs, why) in [
        (vec![turf, office.reply.campaign_doc], RefusalCode::NotAllowed),
        (vec![turf, foreign], RefusalCode::NotFound),
        (vec![turf, gone], RefusalCode::NotFound),
        (vec![turf, elsewhere.reply.campaign_doc], RefusalCode::NotFound),
        (vec![turf, new_doc()], RefusalCode::NotFound),
    ] {
        assert_eq!(code(store.forget(caller, docs, NOW).await), why);
    }
    assert_eq!(store.forget(caller, Vec::new(), NOW).await.unwrap(), None);
    assert_eq!(store.log(turf, usize::MAX).await.unwrap().last, 1, "a request that is refused has forgotten nothing");
    store.revoke(office.id, NOW).await.unwrap();
    assert_eq!(code(store.forget(caller, vec![turf], NOW).await), RefusalCode::Revoked);
}

/// Everything that writes a row which names a document, at the same time as it is forgotten, at one node or another.
async fn forgets_under_way(nodes: &[&dyn Whole]) -> Vec<DocId> {
    let at = |n: usize| nodes[n % nodes.len()];
    let office = found(at(0)).await;
    let mut docs = Vec::new();
    for _ in 0..6 {
        docs.push(office.bear(&[]).await);
    }
    let (shared, caller) = (vec![9; 5_000], office.caller().await);
    let mut devices = Vec::new();
    for n in 0..6 {
        devices.push(office.join(if n % 3 == 0 { Role::Captain } else { Role::Canvasser }, &docs).await);
    }
    let second = office.join(Role::Coordinator, &[]).await.caller().await;
    let invite = office.invite(Role::Canvasser, &docs, 50).await.unwrap();
    let writing = devices.iter().enumerate().map(|(n, device)| {
        let docs = &docs;
        async move {
            let mut authors: Vec<_> = docs.iter().map(|_| Author::new()).collect();
            for round in 0..20 {
                let order = (0..3).map(|k| (n + round + k) % docs.len());
                let pushes = order.map(|of| born(docs[of], &[authors[of].write()])).collect();
                let push = porchlight_relay::store::Push { device: device.id, docs: pushes, now: NOW };
                for pushed in at(n + round).push(push).await.unwrap().docs {
                    let n_odd = pushed.rejected.len() + pushed.acked.len();
                    assert!(pushed.rejected.is_empty() && n_odd <= 1, "acknowledged, or not granted");
                }
            }
        }
    });
    let linking = async {
        for round in 0..20 {
            for (n, doc) in docs.iter().enumerate() {
                let put = at(n + round).put_pack(caller, *doc, sha256(&shared), shared.clone()).await;
                assert!(put.is_ok() || code(put) == RefusalCode::NotFound);
                at(n).put_snapshot(*doc, 1, vec![1; 10]).await.unwrap();
                at(n).seen(caller, vec![(*doc, 1)]).await.unwrap();
            }
            at(round).enrol(enrolment(invite)).await.unwrap();
        }
    };
    let forgetting = async {
        for (n, part) in docs[..4].chunks(2).enumerate() {
            let part: Vec<_> = part.iter().rev().copied().collect();
            for _ in 0..10 {
                tokio::task::yield_now().await;
                at(n).grants(office.id).await.unwrap();
            }
            let both =
                tokio::join!(at(n).forget(caller, part.clone(), NOW), at(n + 1).forget(second, part.clone(), NOW));
            let n_news = [both.0.unwrap(), both.1.unwrap()].iter().flatten().count();
            assert_eq!(n_news, 1, "it is forgotten once");
        }
    };
    tokio::join!(futures_util::future::join_all(writing), linking, forgetting);
    let (gone, left) = docs.split_at(4);
    for doc in gone {
        assert_eq!(code(at(0).log(*doc, usize::MAX).await), RefusalCode::NotFound);
    }
    for doc in left {
        let log = at(0).log(*doc, usize::MAX).await.unwrap();
        assert_eq!(log.last, log.changes.len() as u64);
        assert!(log.last > 0);
    }
    for device in at(1).roster(office.campaign()).await.unwrap() {
        assert!(device.docs.iter().all(|doc| left.contains(doc)));
    }
    assert_eq!(at(0).pack(caller, sha256(&shared), 0..1).await.unwrap().n_bytes, 5_000);
    gone.to_vec()
}

pub(crate) async fn what_is_forgotten_under_way_stays_forgotten(store: &dyn Whole) {
    forgets_under_way(&[store]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_forget_while_both_are_written_to_and_leave_no_row() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = [node(&url).await, node(&url).await];
    let gone = forgets_under_way(&[&*nodes[0], &*nodes[1]]).await;
    let sql = client(&url).await.unwrap();
    for table in ["change", "snapshot", "actor", "handed_out", "invite_doc", "pack_doc"] {
        let orphans =
            format!("SELECT count(*) FROM {table} WHERE NOT EXISTS (SELECT FROM doc WHERE doc.key = {table}.doc)");
        let n_orphans: i64 = sql.query_one(&orphans, &[]).await.unwrap().get(0);
        assert_eq!(n_orphans, 0, "{table}");
    }
    let ids: Vec<_> = gone.iter().map(|doc| doc.to_bytes().to_vec()).collect();
    let row = sql.query_one("SELECT count(*) FROM doc WHERE id = ANY ($1)", &[&ids]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}

/// Whether bytes occur anywhere in a SQLite store: in its file or in its write-ahead log.
fn is_on_disk(folder: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_what_was_forgotten_is_left_in_the_sqlite_file() {
    let kept = stores::sqlite().await;
    let store = Arc::clone(&kept.store);
    let office = found(&*store).await;
    let mut author = Author::new();
    let written: Vec<_> = (0..40).map(|_| author.write_long(700)).collect();
    let doc = office.bear(&written).await;
    let (snapshot, pack) =
        (b"names of neighbours in a snapshot".repeat(900), b"doors and voters of a turf".repeat(900));
    store.put_snapshot(doc, 40, snapshot.clone()).await.unwrap();
    store.put_pack(office.caller().await, doc, sha256(&pack), pack.clone()).await.unwrap();
    let pieces = [&written[3][written[3].len() - 300..], &written[39][..], &snapshot[..200], &pack[..200]];
    let folder = kept.folder().unwrap().to_owned();
    assert!(pieces.iter().any(|piece| is_on_disk(&folder, piece)), "first it is there");
    store.forget(office.caller().await, vec![doc], NOW).await.unwrap().unwrap();
    for piece in pieces {
        assert!(!is_on_disk(&folder, piece), "and then it is gone");
    }
}

#[tokio::test]
async fn a_coordinator_ends_a_wave_over_http_and_everyone_hears_of_it() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    let mut author = Author::new();
    ana.bear(turf, &[author.write()]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let ask = ForgetAsk { docs: vec![turf] };
    let answer = ben.post::<serde_json::Value>("/v1/forget", &ask).await;
    assert_eq!(answer.err(), Some(refused(403, RefusalCode::NotAllowed)));
    let many = ForgetAsk { docs: (0..=MAX_FORGET_DOCS).map(|_| new_doc()).collect() };
    let answer = ana.post::<serde_json::Value>("/v1/forget", &many).await;
    assert_eq!(answer.err(), Some(refused(413, RefusalCode::TooLarge)));
    assert_eq!(ben.pull(turf, 0).await.status, DocStatus::Served);
    for _ in 0..2 {
        ana.post::<serde_json::Value>("/v1/forget", &ask).await.unwrap();
    }
    for phone in [&ana, &ben] {
        let told = phone.bear(turf, &[author.write()]).await;
        assert_eq!((told.status, told.acked.len()), (DocStatus::NoGrant, 0));
    }
}
