//! One noisy device: each of its limits just below and just above, and that others notice nothing of it.

use crate::author::{Author, hash, hashes};
use crate::sockets::{connect, head};
use crate::world::{MINUTE, Phone, World, ask, cbor, new_doc, ok, refused};
use flate2::{Compression, write::GzEncoder};
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_relay::rates::Rate;
use reqwest::{Client, Method, Response};
use serde_bytes::ByteBuf;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

async fn send(phone: &Phone, body: &[u8]) -> Response {
    phone.request(Method::POST, "/v1/sync").body(body.to_vec()).send().await.unwrap()
}

#[tokio::test]
async fn bytes_of_a_device_in_a_minute() {
    let body = cbor(&ask(&[new_doc()]));
    let n = u32::try_from(body.len()).unwrap();
    for (burst, is_taken) in [(2 * n, true), (2 * n - 1, false)] {
        let world = World::start_with(|config| config.device_bytes = Rate { burst, per_second: n }).await;
        let ana = world.found().await;
        assert_eq!(send(&ana, &body).await.status(), 200);
        let second = send(&ana, &body).await;
        assert_eq!(second.status(), if is_taken { 200 } else { 429 });
        assert!(is_taken || second.headers()["retry-after"] == "1");
        assert_eq!(world.n_refused("device_bytes").await, u64::from(!is_taken));
    }
    let world = World::start_with(|config| config.device_bytes = Rate { burst: n, per_second: n }).await;
    let ana = world.found().await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    world.pass(MINUTE);
    for _ in 0..3 {
        assert_eq!(send(&ana, &body).await.status(), 200);
        assert_eq!(ok(send(&ana, &body).await).await.err(), Some(refused(429, RefusalCode::SlowDown)));
        assert_eq!(send(&ben, &body).await.status(), 200, "the other has bytes of its own");
        world.pass(1_000);
    }
}

#[tokio::test]
async fn what_is_gzipped_counts_as_it_unfolds() {
    let world = World::start_with(|config| config.device_bytes = Rate { burst: 100_000, per_second: 1_000 }).await;
    let ana = world.found().await;
    let mut request = ask(&[ana.campaign_doc()]);
    request.docs[0].push = vec![ByteBuf::from(vec![0; 50_000]); 4];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&cbor(&request)).unwrap();
    let folded = gzip.finish().unwrap();
    assert!(folded.len() < 2_000);
    let sent = ana.request(Method::POST, "/v1/sync").header("content-encoding", "gzip").body(folded);
    assert_eq!(sent.send().await.unwrap().status(), 200);
    let wait: i64 = send(&ana, &cbor(&ask(&[]))).await.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((100..110).contains(&wait), "{wait}: 200,000 bytes were sent, 100,000 are owed");
    world.pass(wait * 1_000);
    ana.sync(&ask(&[])).await.unwrap();
}

#[tokio::test]
async fn bytes_that_a_device_is_told_in_a_minute() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    ana.bear(turf, &[Author::new().write_long(20_000)]).await;
    let ask_all = cbor(&ask(&[turf]));
    let n = send(&ana, &ask_all).await.bytes().await.unwrap().len();
    let n = u32::try_from(n).unwrap();
    assert!(n > 20_000);
    // The budget left after two answers decides whether there is a third.
    for (burst, is_told) in [(2 * n + 1, true), (2 * n, false)] {
        let per_second = n;
        let world = World::start_with(|config| config.device_told = Rate { burst, per_second }).await;
        let ana = world.found().await;
        let ben = world.join(&ana, Role::Canvasser, &[]).await;
        ana.bear(turf, &[Author::new().write_long(20_000)]).await;
        world.pass(MINUTE);
        for _ in 0..2 {
            let told = send(&ana, &ask_all).await;
            assert_eq!((told.status().as_u16(), told.bytes().await.unwrap().len()), (200, n as usize));
        }
        let third = send(&ana, &ask_all).await;
        assert_eq!(third.status(), if is_told { 200 } else { 429 }, "{burst}");
        assert!(is_told || third.headers()["retry-after"] == "1");
        assert_eq!(world.n_refused("device_told").await, u64::from(!is_told));
        assert_eq!(send(&ben, &cbor(&ask(&[]))).await.status(), 200, "the other is told all the same");
        world.pass(1_000);
        assert_eq!(send(&ana, &ask_all).await.status(), 200);
    }
}

#[tokio::test]
async fn requests_of_a_device_at_once() {
    let world = World::start_with(|config| config.device_at_once = 2).await;
    let ana = world.found().await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    let body = cbor(&ask(&[]));
    let hold = |phone: &Phone| {
        let mut stream = connect(&world.url);
        let head = head(phone, &format!("content-length: {}\r\nexpect: 100-continue\r\n", body.len()));
        tokio::task::spawn_blocking(move || {
            stream.write_all(head.as_bytes()).unwrap();
            // The relay asks for the body: the slot is taken.
            let mut said = [0; 25];
            stream.read_exact(&mut said).unwrap();
            assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
            stream
        })
    };
    let mut first = hold(&ana).await.unwrap();
    ana.sync(&ask(&[])).await.unwrap();
    let second = hold(&ana).await.unwrap();
    let third = send(&ana, &body).await;
    assert_eq!(third.headers()["retry-after"], "1");
    assert_eq!(ok(third).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    assert_eq!(world.n_refused("device_at_once").await, 1);
    ben.sync(&ask(&[])).await.unwrap();
    // One ends normally, the other hangs up: both slots are released.
    first.write_all(&body).unwrap();
    let mut said = [0; 12];
    tokio::task::spawn_blocking(move || {
        first.read_exact(&mut said).unwrap();
        assert_eq!(&said, b"HTTP/1.1 200");
    })
    .await
    .unwrap();
    ana.sync(&ask(&[])).await.unwrap();
    let third = hold(&ana).await.unwrap();
    drop(second);
    // The relay notices it after some time.
    let freed = async { while ana.sync(&ask(&[])).await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(20), freed).await.unwrap();
    drop(third);
}

#[tokio::test]
async fn a_device_over_its_rate_costs_the_store_nothing() {
    let world = World::start_with(|config| config.device_rate = Rate { burst: 2, per_second: 1 }).await;
    let ana = world.found().await;
    for _ in 0..2 {
        ana.sync(&ask(&[])).await.unwrap();
    }
    // With the store closed, only what never reaches it is answered as before.
    world.relay.store().close().await.unwrap();
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    world.pass(MINUTE);
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(503, RefusalCode::Unavailable)));
}

/// Pushes endlessly on many connections, and hangs up on every other request.
async fn flood(phone: Phone, doc: DocId, is_over: Arc<AtomicBool>, counts: Arc<[AtomicU64; 2]>) {
    let mut author = Author::new();
    let mut request = ask(&[doc]);
    request.docs[0].push = (0..300).map(|_| ByteBuf::from(author.write())).collect();
    let body = cbor(&request);
    while !is_over.load(Ordering::SeqCst) {
        let sent = phone.request(Method::POST, "/v1/sync").body(body.clone()).send();
        match tokio::time::timeout(Duration::from_millis(30), sent).await {
            Ok(Ok(response)) if response.status() == 200 => counts[0].fetch_add(1, Ordering::SeqCst),
            Ok(Ok(response)) if response.status() == 429 => counts[1].fetch_add(1, Ordering::SeqCst),
            Ok(Ok(response)) => panic!("{response:?}"),
            Ok(Err(_)) | Err(_) => 0,
        };
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_from_one_device_is_not_noticed_by_another() {
    let world = World::start_with(|config| {
        // Neither of the two rate limits stops it: only its share of slots and of the writer does.
        config.device_rate = Rate { burst: 1_000_000, per_second: 1 };
        config.device_bytes = Rate { burst: u32::MAX, per_second: 1 };
    })
    .await;
    let ana = world.found().await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    // Two phones share no connections.
    let noisy = Phone { http: Client::new(), ..world.join(&ana, Role::Canvasser, &[turf]).await };
    let ben = Phone { http: Client::new(), ..world.join(&ana, Role::Canvasser, &[turf]).await };
    let (is_over, counts) = (Arc::new(AtomicBool::new(false)), Arc::<[AtomicU64; 2]>::default());
    let floods: Vec<_> =
        (0..24).map(|_| tokio::spawn(flood(noisy.clone(), turf, is_over.clone(), counts.clone()))).collect();
    let refusing = async {
        while counts[1].load(Ordering::SeqCst) < 50 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), refusing).await.unwrap();
    let mut author = Author::new();
    for _ in 0..20 {
        let change = author.write();
        assert_eq!(hashes(&ben.push(turf, std::slice::from_ref(&change)).await.acked), [hash(&change)]);
    }
    is_over.store(true, Ordering::SeqCst);
    for flood in floods {
        flood.await.unwrap();
    }
    let refused = world.n_refused("device_at_once").await + world.n_refused("device_queue").await;
    assert!(refused >= 50, "{refused}");
    assert_eq!(world.n_refused("unavailable").await, 0);
}
