//! The writer's promises: one wait for the disk for many, each fails alone, a full disk keeps nothing; and the file's versions.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::SqliteStore;
use super::hashes::MAX_LOOSE;
use crate::limits::{MAX_CAMPAIGN_DOCS, MAX_NEWS};
use crate::secret::SecretHash;
use crate::store::{DocPush, Documents, Enrolling, Enrolment, NewInvite, Pull, Push, Store, StoreError, Upkeep};
use porchlight_model::id::{CampaignId, DeviceId, DocId, InviteId, MemberId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::{Founding, RefusalCode};
use porchlight_model::time::At;
use porchlight_model::wire::DocKind;
use rusqlite::{Connection, StatementStatus, named_params};
use std::sync::mpsc;
use tempfile::TempDir;

fn open(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(folder.path(), 7, At(0)).unwrap()
}

fn insert(conn: &Connection, name: &str) -> Result<(), StoreError> {
    conn.execute("INSERT INTO campaign (id, name, made_at) VALUES (randomblob(16), :name, 0)", [name])?;
    Ok(())
}

async fn names(store: &SqliteStore) -> Vec<String> {
    let read = store.read(|conn| {
        let mut statement = conn.prepare("SELECT name FROM campaign ORDER BY name")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    });
    read.await.unwrap()
}

/// Reads by what a device holds must not walk the feed of a campaign with 100,000 documents: SQLite's own plan says whether they do.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_canvasser_hears_is_found_by_what_it_holds() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    for sql in [include_str!("../sql/news_held.sql"), include_str!("../sql/grants_held.sql")] {
        let plan = store.read(move |conn| {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            Ok(statement.raw_query().mapped(|row| row.get::<_, String>("detail")).collect::<Result<Vec<_>, _>>()?)
        });
        let plan = plan.await.unwrap();
        assert!(plan.iter().any(|step| step.contains("handed_out")), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("doc_by_feed") || step.starts_with("SCAN")), "{plan:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_arrive_together_share_a_commit_and_fail_alone() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    // One holds the writer until all others wait behind it.
    let (go, gate) = mpsc::channel::<()>();
    let before = store.n_commits();
    let held = store.write(move |conn| {
        gate.recv().unwrap();
        insert(conn, "held")
    });
    let others = (0..20).map(|n| {
        store.write(move |conn| {
            insert(conn, &format!("{n:02}"))?;
            if n % 5 == 0 { Err(StoreError::Refused("not this one", RefusalCode::NotAllowed)) } else { Ok(n) }
        })
    });
    let all = futures_util::future::join_all(others);
    let (held, answers, ()) = tokio::join!(held, all, async move { go.send(()).unwrap() });
    held.unwrap();
    for (n, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.is_ok(), n % 5 != 0, "{n}");
    }
    assert!(store.n_commits() - before <= 2);
    let expected: Vec<_> =
        (0..20).filter(|n| n % 5 != 0).map(|n| format!("{n:02}")).chain(["held".to_owned()]).collect();
    assert_eq!(names(&store).await, expected);
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_keeps_nothing_of_the_request() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    store.write(|conn| insert(conn, "before")).await.unwrap();
    let limit = store.write(|conn| {
        let n_pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        conn.pragma_update_and_check(None, "max_page_count", n_pages + 2, |_| Ok(()))?;
        Ok(())
    });
    limit.await.unwrap();
    let big = store.write(|conn| {
        insert(conn, "with it")?;
        insert(conn, &"x".repeat(100_000))
    });
    assert!(matches!(big.await, Err(StoreError::Unavailable(_))));
    store.write(|conn| insert(conn, "after")).await.unwrap();
    store.check().await.unwrap();
    assert_eq!(names(&store).await, ["after", "before"]);
}

#[tokio::test]
async fn a_closed_store_is_unavailable() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    store.close().await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(store.check().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.campaigns().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_store_keeps_its_epoch_and_refuses_to_be_opened_by_an_older_relay() {
    let folder = TempDir::new().unwrap();
    drop(open(&folder));
    let store = SqliteStore::open(folder.path(), 8, At(0)).unwrap();
    let epoch = store.read(|conn| Ok(conn.query_row("SELECT epoch FROM relay", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(epoch.await.unwrap(), 7);
    store.write(|conn| Ok(conn.pragma_update(None, "user_version", 1000)?)).await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(SqliteStore::open(folder.path(), 9, At(0)), Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_statement_that_was_kept_is_not_prepared_again() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    let sql = "SELECT key FROM doc WHERE campaign = :campaign LIMIT :limit";
    let ask = move |conn: &Connection| {
        for n in 0..3_i64 {
            conn.prepare_cached(sql)?.exists(named_params! { ":campaign": n, ":limit": 10 + n })?;
        }
        let kept = conn.prepare_cached(sql)?;
        Ok((kept.get_status(StatementStatus::Run), kept.get_status(StatementStatus::RePrepare)))
    };
    assert_eq!(store.read(ask).await.unwrap(), (3, 0));
    assert_eq!(store.write(ask).await.unwrap(), (3, 0));
}

/// Founds a campaign with one coordinator's device.
async fn found(store: &SqliteStore) -> DeviceId {
    let (secret, device) = (SecretHash([1; 32]), DeviceId::from_bytes([2; 16]));
    let invite = NewInvite {
        id: InviteId::from_bytes([3; 16]),
        secret,
        campaign: None,
        role: Role::Coordinator,
        docs: Vec::new(),
        label: String::new(),
        uses: 1,
        expires_at: At(1),
        made_at: At(0),
        made_by: None,
    };
    store.invite(invite).await.unwrap();
    let (campaign, doc) = (CampaignId::from_bytes([4; 16]), DocId::from_bytes([5; 16]));
    let member = MemberId::from_bytes([6; 16]);
    let enrolment = Enrolling {
        secret,
        device,
        token: SecretHash([7; 32]),
        member,
        other_member: member,
        name: "Ana".to_owned(),
        founding: Some(Founding { campaign, doc, name: "A".to_owned() }),
        version: porchlight_model::wire::PROTO,
        now: At(0),
    };
    store.enrol(enrolment).await.unwrap();
    device
}

/// Gives the first campaign so many more turf, each with news of its own.
async fn add_turf(store: &SqliteStore, n_docs: i64) {
    let add = store.write(move |conn| {
        conn.execute(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :n_docs)
             INSERT INTO doc (id, campaign, kind, last, feed, made_at) SELECT randomblob(16), 1, 'turf', 1, n, 0 FROM n",
            [n_docs],
        )?;
        conn.execute("UPDATE campaign SET feed = :n_docs", [n_docs])?;
        Ok(())
    });
    add.await.unwrap();
}

#[tokio::test]
async fn a_campaign_has_so_many_documents_and_not_one_more() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    let device = found(&store).await;
    add_turf(&store, MAX_CAMPAIGN_DOCS - 2).await;
    let doc = DocId::from_bytes([9; 16]);
    for (id, is_born) in [([8; 16], true), ([9; 16], false)] {
        let doc = DocId::from_bytes(id);
        let docs = vec![DocPush { doc, born: Some(DocKind::Turf), carries: false, changes: Vec::new() }];
        store.push(Push { device, docs, now: At(0) }).await.unwrap();
        let granted = store.grants(device).await.unwrap().grants;
        assert_eq!(granted.iter().any(|grant| grant.doc == doc), is_born);
    }
    // One that is forgotten makes room for another.
    let caller = store.caller(SecretHash([7; 32])).await.unwrap().unwrap();
    store.forget(caller, vec![DocId::from_bytes([8; 16])], At(1)).await.unwrap().unwrap();
    let docs = vec![DocPush { doc, born: Some(DocKind::Turf), carries: false, changes: Vec::new() }];
    store.push(Push { device, docs, now: At(0) }).await.unwrap();
    assert!(store.grants(device).await.unwrap().grants.iter().any(|grant| grant.doc == doc));
}

#[tokio::test]
async fn news_comes_in_pages_without_a_gap() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    let device = found(&store).await;
    let n_docs = MAX_NEWS * 2 + 5;
    add_turf(&store, i64::try_from(n_docs).unwrap()).await;
    let (mut feed, mut told) = (0, Vec::new());
    for n_expected in [MAX_NEWS, MAX_NEWS, 5, 0] {
        let pull = Pull { device, grants_seen: 0, feed, docs: Vec::new(), budget: 0 };
        let pulled = store.pull(pull).await.unwrap();
        assert_eq!(pulled.news.len(), n_expected);
        told.extend(pulled.news);
        feed = pulled.feed;
    }
    told.sort_by_key(|news| news.doc);
    told.dedup();
    assert_eq!((told.len(), feed), (n_docs, n_docs as u64));
}

/// A relay of the version before has heads in a table of their own, and every hash in an index.
#[tokio::test]
async fn heads_and_hashes_of_an_older_store_are_kept() {
    let folder = TempDir::new().unwrap();
    let conn = Connection::open(folder.path().join(super::FILE_NAME)).unwrap();
    conn.execute_batch(include_str!("../migrations/0001_log_people_grants.sql")).unwrap();
    conn.execute_batch(include_str!("../migrations/0002_forgotten.sql")).unwrap();
    conn.execute_batch(
        "INSERT INTO campaign (key, id, name, made_at) VALUES (1, zeroblob(16), 'A', 0);
         INSERT INTO doc (key, id, campaign, kind, last, made_at) VALUES
             (1, x'01010101010101010101010101010101', 1, 'campaign', 0, 0),
             (2, x'02020202020202020202020202020202', 1, 'turf', 2, 0);
         INSERT INTO head (doc, hash) SELECT 2, hash FROM
             (SELECT unhex(replace(hex(zeroblob(32)), '00', '0b')) AS hash UNION ALL SELECT unhex(replace(hex(zeroblob(32)), '00', '0a')));
         INSERT INTO change (doc, n, hash, bytes) SELECT doc, row_number() OVER (ORDER BY hash), hash, x'' FROM head;
         PRAGMA user_version = 2;",
    )
    .unwrap();
    drop(conn);
    let store = open(&folder);
    let heads = |id: u8| {
        store.read(move |conn| {
            let doc = super::rows::doc(conn, DocId::from_bytes([id; 16]))?.unwrap();
            let wanted = [[10; 32], [11; 32], [12; 32]].map(Sha256).into();
            Ok((doc.heads.clone(), super::hashes::numbers(conn, &doc, wanted)?, doc.indexed))
        })
    };
    let hashes = [Sha256([10; 32]), Sha256([11; 32])];
    assert_eq!(heads(1).await.unwrap(), (vec![], [].into(), 0));
    assert_eq!(heads(2).await.unwrap(), (hashes.to_vec(), [(hashes[0], 1), (hashes[1], 2)].into(), 2));
}

#[tokio::test]
async fn hashes_are_entered_in_the_index_many_at_a_time() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder);
    found(&store).await;
    for (last, expected) in [(MAX_LOOSE - 1, 0), (MAX_LOOSE, MAX_LOOSE), (2 * MAX_LOOSE - 1, MAX_LOOSE)] {
        let enter = store.write(move |conn| {
            conn.execute(
                "WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < :last)
                 INSERT INTO change (doc, n, hash, bytes) SELECT 1, n, randomblob(32), x'' FROM more WHERE true
                 ON CONFLICT DO NOTHING",
                [last],
            )?;
            let doc = super::rows::doc(conn, DocId::from_bytes([5; 16]))?.unwrap();
            let indexed = super::hashes::enter(conn, &doc, last)?;
            conn.execute("UPDATE doc SET indexed = :indexed", [indexed])?;
            let n_entries = conn.query_row("SELECT count(*) FROM change_hash", [], |row| row.get::<_, i64>(0))?;
            Ok((indexed, n_entries))
        });
        assert_eq!(enter.await.unwrap(), (expected, expected), "{last}");
    }
}
