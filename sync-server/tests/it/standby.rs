//! Several PostgreSQL servers under one address, with a real promotion, and what must not be between relay and server.

use crate::author::{Author, hash, hashes};
use crate::program::{PROGRAM, Process, found, serve};
use crate::stores::{EPOCH, NOW};
use crate::world::{Phone, ask, cbor, ok};
use porchlight_relay::store::Store;
use porchlight_relay::store::postgres::{Address, PostgresStore};
use porchlight_tests::runbook::Runbook;
use porchlight_tests::servers::{Front, Postgres, client, free_port};
use reqwest::Method;
use std::net::TcpListener;
use std::process::Command;
use tempfile::TempDir;

/// Polls until a relay's readiness has this status.
async fn becomes(url: &str, status: u16) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    while reqwest::get(format!("{url}/readyz")).await.unwrap().status().as_u16() != status {}
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_standby_is_promoted_relays_find_it_and_nothing_acknowledged_is_lost() {
    let primary = Postgres::start().unwrap();
    let standby = primary.start_standby().unwrap();
    let database = primary.database().await.unwrap();
    let servers = format!("127.0.0.1:{},127.0.0.1:{}", primary.port, standby.port);
    let store = database.replace(&format!("127.0.0.1:{}", primary.port), &servers);
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    let mut relay = serve(&folder.path().join("data"));
    let relay = Process::start_quiet(relay.args(["--store", &store, "--founding-invite"]).arg(&link));
    becomes(&relay.url, 200).await;
    let ana = found(&relay.url, &std::fs::read_to_string(link).unwrap()).await;
    let (doc, mut author, mut acked) = (ana.campaign_doc(), Author::new(), Vec::new());
    for _ in 0..20 {
        acked.extend(ana.push(doc, &[author.write()]).await.acked);
    }

    primary.stop();
    becomes(&relay.url, 503).await;
    let waiting = author.write();
    let mut push = ask(&[doc]);
    push.docs[0].push.push(waiting.clone().into());
    let send = async || ok(ana.request(Method::POST, "/v1/sync").body(cbor(&push)).send().await.unwrap()).await;
    assert_eq!(send().await.err().unwrap().status, 503);
    // What a standby tells may lag behind what was acknowledged: it tells nothing.
    assert_eq!(ana.sync(&ask(&[doc])).await.err().unwrap().status, 503);

    let page = Runbook::open("promotion.md").unwrap();
    standby.administer(&page.block("pg_ctl promote", &[]).unwrap()).unwrap();
    becomes(&relay.url, 200).await;
    let ana = Phone { url: relay.url.clone(), ..ana.clone() };
    acked.extend(ana.push(doc, &[waiting]).await.acked);
    assert_eq!(acked.len(), 21);
    let heard = ana.pull(doc, 0).await;
    assert_eq!(heard.changes.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>(), hashes(&acked));

    // The last step: there is a standby again, and nothing is acknowledged that it does not have.
    let next = standby.start_standby().unwrap();
    acked.extend(ana.push(doc, &[author.write()]).await.acked);
    let at_next = client(&database.replace(&primary.port.to_string(), &next.port.to_string())).await.unwrap();
    let n_stored = "SELECT count(*) FROM change";
    // What is on its disk is seen a moment later.
    while at_next.query_one(n_stored, &[]).await.unwrap().get::<_, i64>(0) < 22 {}
    assert_eq!(acked.len(), 22);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_standby_is_away_nothing_is_acknowledged_and_the_relay_says_so() {
    let primary = Postgres::start().unwrap();
    let standby = primary.start_standby().unwrap();
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    let database = primary.database().await.unwrap();
    let mut relay = serve(&folder.path().join("data"));
    relay.args(["--store", &database, "--founding-invite"]);
    let relay = Process::start_quiet(relay.arg(&link));
    becomes(&relay.url, 200).await;
    let ana = found(&relay.url, &std::fs::read_to_string(link).unwrap()).await;
    let (doc, mut author) = (ana.campaign_doc(), Author::new());
    let mut acked = ana.push(doc, &[author.write()]).await.acked;

    standby.stop();
    becomes(&relay.url, 503).await;
    let waiting = author.write();
    let mut push = ask(&[doc]);
    push.docs[0].push.push(waiting.clone().into());
    let pushing = tokio::spawn({
        let ana = ana.clone();
        async move { ana.sync(&push).await }
    });
    // The first machine has it, and waits for the second.
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'";
    let watcher = client(&database).await.unwrap();
    while watcher.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {}
    becomes(&relay.url, 503).await;
    assert!(!pushing.is_finished(), "it is acknowledged, and one machine has it: {:?}", pushing.await);

    let page = Runbook::open("database.md").unwrap();
    primary.administer(&page.block("RESET synchronous_standby_names", &[]).unwrap()).unwrap();
    becomes(&relay.url, 200).await;
    // It is answered; where it had waited for too long, it is to be sent again, which changes nothing.
    drop(pushing.await.unwrap());
    acked.extend(ana.push(doc, &[waiting]).await.acked);
    assert_eq!(acked.len(), 2);
    let heard = ana.pull(doc, 0).await;
    assert_eq!(heard.changes.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>(), hashes(&acked));
    // It is back, and commits wait for it again.
    standby.resume().unwrap();
    primary.administer(&page.block("synchronous_standby_names = '*'", &[]).unwrap()).unwrap();
    becomes(&relay.url, 200).await;
    assert_eq!(ana.push(doc, &[author.write()]).await.acked.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_keeps_no_relay_from_the_next() {
    // It accepts connections and never answers.
    let (server, silent) = (Postgres::shared().unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let both = format!("{},127.0.0.1:{}", silent.local_addr().unwrap(), server.port);
    let url = server.database().await.unwrap().replace(&format!("127.0.0.1:{}", server.port), &both);
    let store = PostgresStore::open(&Address { url, ca: None, n_connections: 4 }, EPOCH, NOW).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_server_that_is_slow_is_waited_for_where_the_next_does_not_answer() {
    let server = Postgres::shared().unwrap();
    let [slow, silent] = [free_listener().await, free_listener().await];
    let both = format!("{},{}", slow.local_addr().unwrap(), silent.local_addr().unwrap());
    let url = server.database().await.unwrap().replace(&format!("127.0.0.1:{}", server.port), &both);
    let port = server.port;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut asked, _)) = slow.accept().await {
            // It takes so long that the next one is asked, too, who answers nobody.
            if held.is_empty() {
                held.push(silent.accept().await.unwrap());
            }
            tokio::spawn(async move {
                let mut behind = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut asked, &mut behind).await;
            });
        }
    });
    let store = PostgresStore::open(&Address { url, ca: None, n_connections: 4 }, EPOCH, NOW).await.unwrap();
    store.check().await.unwrap();
}

async fn free_listener() -> tokio::net::TcpListener {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_between_relay_and_database_is_named_at_the_start() {
    let server = Postgres::shared().unwrap();
    let database = server.database().await.unwrap();
    for (mode, ignored) in [("transaction", ""), ("transaction", "options"), ("session", "options")] {
        let port = free_port().unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=relay\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\nignore_startup_parameters = {ignored}\n",
            server.port
        );
        let _pooler = Front::pgbouncer(&settings, port).unwrap();
        let store = database.replace(&format!("127.0.0.1:{}", server.port), &format!("127.0.0.1:{port}"));
        let output = Command::new(PROGRAM).args(["--listen", "127.0.0.1:0", "--store", &store]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("PgBouncer") && said.contains("--store"), "{mode}: {said}");
        assert!(output.stdout.is_empty());
    }
}
