//! Several relay processes over one PostgreSQL, connected by NATS: hints across nodes, nodes that die, and a database that stops and restarts.

use crate::author::{Author, hash};
use crate::hints::Stream;
use crate::program::{PROGRAM, Process, found};
use crate::world::{Phone, ask, cbor, enrol_ask, new_doc, ok, reply};
use porchlight_model::id::{CampaignId, DeviceId, DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::{EnrolReply, TakeBackAsk};
use porchlight_model::wire::{DocKind, DocStatus, SyncAsk, SyncReply};
use porchlight_tests::servers::{Nats, Postgres, client, free_port};
use reqwest::{Method, Response};
use serde::Serialize;
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far longer than any of this takes.
const LONG: Duration = Duration::from_secs(60);

/// The arguments of each node.
#[derive(Clone)]
struct Nodes {
    store: String,
    bus: Option<String>,
    n_connections: usize,
    folder: Arc<TempDir>,
}

impl Nodes {
    fn over(store: String, bus: Option<String>) -> Self {
        Self { store, bus, n_connections: 8, folder: Arc::new(TempDir::new().unwrap()) }
    }

    fn start(&self, port: u16) -> Process {
        self.start_with(port, &[])
    }

    fn start_with(&self, port: u16, args: &[&str]) -> Process {
        let mut command = Command::new(PROGRAM);
        command.args(args);
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--store", &self.store]);
        command.args(["--store-connections", &self.n_connections.to_string()]);
        command.args(["--device-burst", "1000000", "--device-rate", "1000000", "--founding-invite"]).arg(self.link());
        if let Some(bus) = &self.bus {
            command.args(["--bus", bus]);
        }
        let metrics = format!("127.0.0.1:{}", free_port().unwrap());
        let mut process = Process::start_quiet(command.args(["--metrics", &metrics]).env("RUST_LOG", "off"));
        process.metrics = Some(format!("http://{metrics}/metrics"));
        process
    }

    fn link(&self) -> std::path::PathBuf {
        self.folder.path().join("link")
    }

    /// Founds a campaign by the link that the first node wrote.
    async fn found(&self, node: &Process) -> Phone {
        // Once it answers, the link is written.
        let _ = rustls::crypto::ring::default_provider().install_default();
        assert!(is_well(&node.url).await);
        found(&node.url, &std::fs::read_to_string(self.link()).unwrap()).await
    }
}

pub(crate) async fn is_well(url: &str) -> bool {
    reqwest::get(format!("{url}/healthz")).await.is_ok_and(|response| response.status().is_success())
}

/// The metrics of a node.
async fn metrics_of(node: &Process) -> String {
    reqwest::get(node.metrics.as_deref().unwrap()).await.unwrap().text().await.unwrap()
}

/// The same device at another node.
fn at(phone: &Phone, node: &Process) -> Phone {
    Phone { url: node.url.clone(), ..phone.clone() }
}

pub(crate) async fn join(by: &Phone, role: Role, docs: &[DocId]) -> Phone {
    let ask = enrol_ask(&by.invite(role, docs, 1).await.unwrap().secret);
    let request = by.http.post(format!("{}/v1/enrol", by.url)).body(serde_json::to_vec(&ask).unwrap());
    let enrolled: EnrolReply = reply(request).await.unwrap();
    Phone { device: ask.device, token: ask.token, enrolled, ..by.clone() }
}

/// Sends a sync to a node that may die during it.
async fn send(phone: &Phone, ask: &SyncAsk) -> Result<Response, reqwest::Error> {
    phone.request(Method::POST, "/v1/sync").body(cbor(ask)).timeout(Duration::from_secs(30)).send().await
}

pub(crate) async fn try_sync(phone: &Phone, ask: &SyncAsk) -> Option<SyncReply> {
    let bytes = ok(send(phone, ask).await.ok()?).await.ok()?.bytes().await.ok()?;
    Some(ciborium::from_reader(&*bytes).unwrap())
}

/// Pushes until a listener receives a `changed` event; returns how often it was asked to sync before.
pub(crate) async fn heard(by: &Phone, doc: DocId, author: &mut Author, stream: &mut Stream) -> usize {
    let mut n_syncs = 0;
    for _ in 0..60 {
        by.push(doc, &[author.write()]).await;
        while let Ok(event) = tokio::time::timeout(Duration::from_millis(500), stream.next()).await {
            let event = event.expect("the stream stays open");
            if event.starts_with("event: changed") {
                assert!(event.contains(&doc.to_string()), "{event}");
                return n_syncs;
            }
            n_syncs += usize::from(event.starts_with("event: sync"));
        }
    }
    panic!("no hint came through");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_at_one_node_hears_of_a_push_at_another_and_the_bus_may_go_and_come() {
    let server = Postgres::shared().unwrap();
    let mut nats = Nats::start().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), Some(nats.url()));
    let (a, b) = (nodes.start(0), nodes.start(0));
    let ana = nodes.found(&a).await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = join(&ana, Role::Canvasser, &[turf]).await;
    let (mut at_a, mut at_b) = (Stream::open(&ben).await, Stream::open(&at(&ben, &b)).await);
    let mut author = Author::new();
    heard(&ana, turf, &mut author, &mut at_b).await;

    nats.stop();
    // Both nodes continue, and each still notifies its own listeners.
    heard(&ana, turf, &mut author, &mut at_a).await;
    let mut at_b = Stream::open(&at(&ben, &b)).await;
    heard(&at(&ana, &b), turf, &mut author, &mut at_b).await;

    nats.resume().unwrap();
    let mut at_b = Stream::open(&at(&ben, &b)).await;
    heard(&ana, turf, &mut author, &mut at_b).await;
    let metrics = metrics_of(&b).await;
    assert!(metrics.contains("porchlight_relay_bus_connected 1"), "{metrics}");
}

/// The value of a node's metric.
async fn metric(node: &Process, name: &str) -> u64 {
    let text = metrics_of(node).await;
    let name = format!("porchlight_relay_{name} ");
    text.lines().find_map(|line| line.strip_prefix(&name)).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_for_one_device_at_one_node_is_read_for_it_alone_at_another() {
    const N: usize = 12;
    let server = Postgres::shared().unwrap();
    let nats = Nats::start().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), Some(nats.url()));
    let (a, b) = (nodes.start(0), nodes.start(0));
    let office = nodes.found(&a).await;
    let mut others = Vec::new();
    for _ in 0..N {
        let turf = new_doc();
        office.bear(turf, &[]).await;
        let phone = at(&join(&office, Role::Canvasser, &[turf]).await, &b);
        let stream = Stream::open(&phone).await;
        others.push((phone, turf, stream));
    }
    // From the first hint that crosses on, the bus delivers all of them, and no stream has an older one pending.
    let mut author = Author::new();
    let (_, turf, stream) = &mut others[0];
    heard(&office, *turf, &mut author, stream).await;
    let campaign = office.campaign_doc();
    office.push(campaign, &[Author::new().write()]).await;
    for (_, _, stream) in &mut others {
        while !stream.next().await.unwrap().contains(&campaign.to_string()) {}
    }
    let before = (metric(&b, "hint_wakes_total").await, metric(&b, "hint_reads_total").await);

    let taken = TakeBackAsk { doc: others[1].1, device: others[1].0.device };
    let _: serde_json::Value = office.post("/v1/take-back", &taken).await.unwrap();
    assert_eq!(others[1].2.next().await.as_deref(), Some("event: sync\ndata: {}"));
    let (_, turf, stream) = &mut others[2];
    office.push(*turf, &[Author::new().write()]).await;
    assert!(stream.next().await.unwrap().contains(&turf.to_string()));
    let after = (metric(&b, "hint_wakes_total").await, metric(&b, "hint_reads_total").await);
    assert_eq!((after.0 - before.0, after.1 - before.1), (2, 1), "of {N} streams");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_is_told_to_sync_when_the_bus_is_back() {
    let server = Postgres::shared().unwrap();
    let mut nats = Nats::start().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), Some(nats.url()));
    let node = nodes.start(0);
    let ana = nodes.found(&node).await;
    while !metrics_of(&node).await.contains("bus_connected 1") {
        tokio::task::yield_now().await;
    }
    let mut stream = Stream::open(&ana).await;
    nats.stop();
    nats.resume().unwrap();
    assert_eq!(stream.next().await.as_deref(), Some("event: sync\ndata: {}"));
}

/// A hint of a node of an older version, which says only that something changed.
#[derive(Serialize)]
struct OldHint {
    campaign: CampaignId,
    grants: u64,
    by: DeviceId,
    doc: Option<(DocId, u64)>,
}

/// How often a node has read the grants of its listeners.
async fn n_reads(node: &Process) -> u64 {
    let told = metrics_of(node).await;
    told.lines().find_map(|line| line.strip_prefix("porchlight_relay_hint_reads_total ")).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_hear_of_a_hint_is_read_again_by_itself_once_the_database_is_back() {
    let server = Postgres::start().unwrap();
    let nats = Nats::start().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), Some(nats.url()));
    let node = nodes.start(0);
    let ana = nodes.found(&node).await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = join(&ana, Role::Canvasser, &[turf]).await;
    let bus = async_nats::connect(nats.url()).await.unwrap();
    let since = Instant::now();
    while !metrics_of(&node).await.contains("bus_connected 1") {
        assert!(since.elapsed() < LONG, "the node has no bus");
        tokio::task::yield_now().await;
    }
    let mut stream = Stream::open(&ben).await;
    // What the bus may have missed before it was up has been delivered.
    heard(&ana, turf, &mut Author::new(), &mut stream).await;
    server.stop();
    let (before, campaign) = (n_reads(&node).await, ana.enrolled.campaign);
    let hint = OldHint { campaign, grants: 1 << 50, by: DeviceId::from_bytes([9; 16]), doc: None };
    bus.publish(format!("porchlight.hints.{campaign}"), cbor(&hint).into()).await.unwrap();
    bus.flush().await.unwrap();
    // Once for the hint, and once more because that failed.
    while n_reads(&node).await < before + 2 {
        assert!(since.elapsed() < LONG, "it is not tried again");
        tokio::task::yield_now().await;
    }
    server.resume().unwrap();
    assert_eq!(stream.next().await.as_deref(), Some("event: sync\ndata: {}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn turf_taken_back_is_heard_of_though_who_asked_for_it_hung_up() {
    let server = Postgres::shared().unwrap();
    let database = server.database().await.unwrap();
    let nodes = Nodes::over(database.clone(), None);
    let node = nodes.start_with(0, &["--device-at-once", "1"]);
    let ana = nodes.found(&node).await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = join(&ana, Role::Canvasser, &[turf]).await;
    let mut stream = Stream::open(&ben).await;
    let holder = client(&database).await.unwrap();
    holder.batch_execute("BEGIN; SELECT key FROM campaign FOR UPDATE").await.unwrap();
    let asking = tokio::spawn({
        let (ana, ask) = (ana.clone(), TakeBackAsk { doc: turf, device: ben.device });
        async move { ana.post::<serde_json::Value>("/v1/take-back", &ask).await }
    });
    let watcher = client(&database).await.unwrap();
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let since = Instant::now();
    while watcher.query(waiting, &[]).await.unwrap().is_empty() {
        assert!(since.elapsed() < LONG, "the request does not reach the database");
    }
    asking.abort();
    // Its slot is free once the relay knows that nobody waits for the answer.
    while !ana.request(Method::GET, "/v1/roster").send().await.unwrap().status().is_success() {
        assert!(since.elapsed() < LONG, "the request goes on");
    }
    holder.batch_execute("COMMIT").await.unwrap();
    assert_eq!(stream.next().await.as_deref(), Some("event: sync\ndata: {}"));
}

/// Writes to its own turf and to a shared one until it is told to stop, and fails over when its node fails; returns what was acknowledged.
async fn canvass(
    phone: Phone,
    urls: [String; 2],
    docs: [DocId; 2],
    goal: Arc<AtomicUsize>,
    n_acked: Arc<AtomicUsize>,
) -> Vec<(DocId, Sha256, u64)> {
    let mut authors = [Author::new(), Author::new()];
    let (mut acked, mut at, mut n_moves) = (Vec::new(), usize::from(phone.device.to_bytes()[15] % 2), 0);
    while n_acked.load(Ordering::SeqCst) < goal.load(Ordering::SeqCst) {
        let mut ask = ask(&docs);
        ask.budget = 1;
        let written = authors.each_mut().map(Author::write);
        for (doc, bytes) in ask.docs.iter_mut().zip(&written) {
            // From the end of the log, because others' changes do not matter here.
            doc.push = vec![ByteBuf::from(bytes.clone())];
        }
        let reply = loop {
            let phone = Phone { url: urls[at].clone(), ..phone.clone() };
            match try_sync(&phone, &ask).await {
                Some(reply) => break reply,
                None => (at, n_moves) = (1 - at, n_moves + 1),
            }
            assert!(n_moves < 100_000, "no node answers");
            tokio::task::yield_now().await;
        };
        for (doc, bytes) in reply.docs.iter().zip(&written) {
            assert_eq!(
                doc.acked.iter().map(|acked| acked.hash).collect::<Vec<_>>(),
                [hash(bytes)],
                "{:?}",
                doc.rejected
            );
            acked.push((doc.doc, doc.acked[0].hash, doc.acked[0].n));
        }
        n_acked.fetch_add(2, Ordering::SeqCst);
    }
    acked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_killed_and_restarted_under_load_and_nothing_acknowledged_is_lost_or_doubled() {
    let server = Postgres::shared().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), None);
    let ports = [free_port().unwrap(), free_port().unwrap()];
    let mut processes = ports.map(|port| Some(nodes.start(port)));
    let urls = ports.map(|port| format!("http://127.0.0.1:{port}"));
    let ana = nodes.found(processes[0].as_ref().unwrap()).await;
    let shared = new_doc();
    ana.bear(shared, &[]).await;
    let (goal, n_acked) = (Arc::new(AtomicUsize::new(usize::MAX)), Arc::new(AtomicUsize::new(0)));
    let mut writers = Vec::new();
    let mut docs = vec![shared];
    for _ in 0..12 {
        let own = new_doc();
        ana.bear(own, &[]).await;
        docs.push(own);
        let phone = join(&ana, Role::Canvasser, &[own, shared]).await;
        writers.push(tokio::spawn(canvass(phone, urls.clone(), [own, shared], goal.clone(), n_acked.clone())));
    }
    let progress = async |n: usize| {
        let from = n_acked.load(Ordering::SeqCst);
        while n_acked.load(Ordering::SeqCst) < from + n {
            tokio::task::yield_now().await;
        }
    };
    for round in 0..8 {
        progress(120).await;
        let mut node = processes[round % 2].take().unwrap();
        let is_in_order = round % 4 >= 2;
        let code = node.end(if is_in_order { "-TERM" } else { "-KILL" });
        assert_eq!(code, is_in_order.then_some(0), "one that is told to stop ends in order");
        // The other continues alone.
        progress(60).await;
        processes[round % 2] = Some(nodes.start(ports[round % 2]));
    }
    goal.store(0, Ordering::SeqCst);
    let mut logs: BTreeMap<DocId, BTreeMap<u64, Sha256>> = BTreeMap::new();
    for writer in writers {
        for (doc, hash, n) in writer.await.unwrap() {
            assert_eq!(logs.entry(doc).or_default().insert(n, hash), None, "each number is given once");
        }
    }
    let sql = client(&nodes.store).await.unwrap();
    let log =
        "SELECT change.n, change.hash FROM change JOIN doc ON doc.key = change.doc WHERE doc.id = $1 ORDER BY change.n";
    let mut n_changes = 0;
    for doc in docs {
        let stored = sql.query(log, &[&doc.to_bytes().as_slice()]).await.unwrap();
        let stored = stored
            .iter()
            .map(|row| (row.get::<_, i64>(0).cast_unsigned(), Sha256(row.get::<_, &[u8]>(1).try_into().unwrap())));
        let (stored, acked): (Vec<_>, Vec<_>) =
            (stored.collect(), logs.remove(&doc).unwrap_or_default().into_iter().collect());
        // Everything that was written was acknowledged in the end: the log is exactly that, in that order, from 1 without a gap.
        assert!(stored == acked, "{} are stored and {} acknowledged", stored.len(), acked.len());
        assert!(stored.iter().map(|(n, _)| *n).eq(1..=stored.len() as u64));
        // A new device gets everything, as a snapshot or as changes.
        let told = ana.pull(doc, 0).await;
        assert_eq!((told.status, told.cursor), (DocStatus::Served, stored.len() as u64));
        n_changes += stored.len();
    }
    assert_eq!(n_changes, n_acked.load(Ordering::SeqCst));
    assert!(n_changes >= 8 * 180);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_told_and_when_it_is_back_all_goes_on() {
    let server = Postgres::start().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), None);
    let node = nodes.start(0);
    let ana = nodes.found(&node).await;
    let mut author = Author::new();
    ana.push(ana.campaign_doc(), &[author.write()]).await;
    for _ in 0..2 {
        server.stop();
        assert!(!is_well(&node.url).await);
        let waiting = author.write();
        let mut push = ask(&[ana.campaign_doc()]);
        push.docs[0].push = vec![ByteBuf::from(waiting)];
        let refused = send(&ana, &push).await.unwrap();
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key("retry-after"));
        server.resume().unwrap();
        assert!(is_well(&node.url).await, "without being started again");
        assert_eq!(ana.sync(&push).await.unwrap().docs[0].acked.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_connections_are_all_busy_says_when_to_come_again() {
    let server = Postgres::shared().unwrap();
    let url = server.database().await.unwrap();
    let nodes = Nodes { n_connections: 4, ..Nodes::over(url.clone(), None) };
    let node = nodes.start(0);
    let ana = nodes.found(&node).await;
    let mut sql = client(&url).await.unwrap();
    let tx = sql.transaction().await.unwrap();
    tx.batch_execute("LOCK TABLE device IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let asked = ask(&[]);
    let all = (0..12).map(|_| send(&ana, &asked));
    let (answers, ()) = tokio::join!(futures_util::future::join_all(all), async {
        // Requests without a connection are refused long before those that have one time out.
        while reqwest::get(format!("{}/healthz", node.url)).await.unwrap().status() != 429 {}
        tx.rollback().await.unwrap();
    });
    let (mut n_served, mut n_told) = (0, 0);
    for answer in answers {
        let answer = answer.unwrap();
        match answer.status().as_u16() {
            200 => n_served += 1,
            429 => {
                assert_eq!(answer.headers()["retry-after"], "1");
                n_told += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(n_served >= 4 && n_told >= 4, "{n_served} {n_told}");
    ana.sync(&asked).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_commands_work_on_a_database_too() {
    let server = Postgres::shared().unwrap();
    let nodes = Nodes::over(server.database().await.unwrap(), None);
    let run = |args: &[&str]| {
        let output = Command::new(PROGRAM).args(args).args(["--store", &nodes.store]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let node = nodes.start(0);
    let link = run(&["invite", "--found"]);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ana = found(&node.url, &link).await;
    let epoch = ana.sync(&ask(&[])).await.unwrap().epoch;
    run(&["restored"]);
    assert_ne!(ana.sync(&ask(&[])).await.unwrap().epoch, epoch);
    let turf = new_doc();
    let mut born = ask(&[turf]);
    born.docs[0].born = Some(DocKind::Turf);
    ana.sync(&born).await.unwrap();
    assert!(run(&["invite", "--role", "canvasser", "--doc", &turf.to_string()]).contains("/join#"));
    run(&["revoke", &ana.device.to_string()]);
    assert_eq!(ana.sync(&ask(&[])).await.unwrap_err().status, 403);
}
