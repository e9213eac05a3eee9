//! The memory of large requests and answers, and of answers that nobody reads, is bounded per device and in total.

use crate::author::{Author, plain_hash};
use crate::restart::at;
use crate::sockets::connect;
use crate::world::{Phone, World, ask, cbor, new_doc, ok, refused};
use flate2::{Compression, write::GzEncoder};
use porchlight_model::id::Sha256;
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::turf::MAX_PACK_BYTES;
use porchlight_model::wire::MAX_CHANGE_BYTES;
use porchlight_relay::room::SMALL_BYTES;
use reqwest::{Client, Method};
use serde_bytes::ByteBuf;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An upper bound for everything here, however busy the machine.
const LONG: Duration = Duration::from_secs(20);

/// Sends a pack of `n_bytes`; returns its hash.
async fn put_pack(ana: &Phone, n_bytes: usize) -> Sha256 {
    let bytes = vec![7; n_bytes];
    let name = plain_hash(&bytes);
    let doc = ana.campaign_doc();
    let sent = ana.request(Method::PUT, &format!("/v1/packs/{name}?doc={doc}")).body(bytes).send().await.unwrap();
    ok(sent).await.unwrap();
    name
}

/// Requests a pack on its own connection and reads only the beginning.
async fn leave_unread(phone: &Phone, pack: Sha256) -> TcpStream {
    let mut stream = connect(&phone.url);
    let head = format!(
        "GET /v1/packs/{pack} HTTP/1.1\r\nhost: relay\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        phone.token
    );
    tokio::task::spawn_blocking(move || {
        stream.write_all(head.as_bytes()).unwrap();
        let mut said = [0; 12];
        stream.read_exact(&mut said).unwrap();
        assert_eq!(&said, b"HTTP/1.1 200");
        stream
    })
    .await
    .unwrap()
}

/// Waits until a sync is answered, because the relay notices what a client did only after some time.
async fn until_served(phone: &Phone) {
    let served = async { while phone.sync(&ask(&[])).await.is_err() {} };
    tokio::time::timeout(LONG, served).await.unwrap();
}

#[tokio::test]
async fn an_answer_counts_as_under_way_until_it_is_read() {
    let world = World::start_with(|config| config.device_at_once = 2).await;
    let ana = world.found().await;
    let ben = world.join(&ana, Role::Canvasser, &[]).await;
    let pack = put_pack(&ana, MAX_PACK_BYTES).await;
    let mut first = leave_unread(&ana, pack).await;
    until_served(&ana).await;
    let second = leave_unread(&ana, pack).await;
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    assert!(world.n_refused("device_at_once").await >= 1);
    ben.sync(&ask(&[])).await.unwrap();
    assert!(world.metric("large_bytes").await >= 2 * MAX_PACK_BYTES as u64);
    // One reads to the end, the other hangs up: both slots and the memory are released.
    let n_read = tokio::task::spawn_blocking(move || std::io::copy(&mut first, &mut std::io::sink()).unwrap());
    assert!(n_read.await.unwrap() > MAX_PACK_BYTES as u64);
    until_served(&ana).await;
    let third = leave_unread(&ana, pack).await;
    drop(second);
    until_served(&ana).await;
    drop(third);
    let emptied = async { while world.metric("large_bytes").await > 0 {} };
    tokio::time::timeout(LONG, emptied).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let world = World::start_with(|config| {
        config.device_at_once = 1;
        config.unread_wait = Duration::from_millis(300);
    })
    .await;
    let ana = world.found().await;
    let pack = put_pack(&ana, MAX_PACK_BYTES).await;
    let mut unread = leave_unread(&ana, pack).await;
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    until_served(&ana).await;
    // What was in flight still arrives, then the connection ends before the pack does.
    let rest = tokio::task::spawn_blocking(move || {
        let mut rest = Vec::new();
        let _ = unread.read_to_end(&mut rest);
        rest.len()
    });
    assert!(rest.await.unwrap() < MAX_PACK_BYTES);
}

#[tokio::test]
async fn a_slow_reader_who_goes_on_reading_gets_all_of_it() {
    let world = World::start_with(|config| config.unread_wait = Duration::from_millis(500)).await;
    let ana = world.found().await;
    let pack = put_pack(&ana, MAX_PACK_BYTES).await;
    let mut slow = leave_unread(&ana, pack).await;
    let n_read = tokio::task::spawn_blocking(move || {
        let (mut n_read, mut block) = (0, vec![0; 256 * 1024]);
        // A socket that gives up after a while stands in for a slow line: no byte comes on it.
        let pause = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        pause.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
        loop {
            assert!(pause.recv(&mut [0]).is_err());
            match slow.read(&mut block).unwrap() {
                0 => return n_read,
                n => n_read += n,
            }
        }
    });
    assert!(n_read.await.unwrap() > MAX_PACK_BYTES);
}

#[tokio::test]
async fn room_for_requests() {
    let mut request = ask(&[new_doc()]);
    request.docs[0].push = vec![ByteBuf::from(vec![0; 50_000]); 2];
    let body = cbor(&request);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&body).unwrap();
    let folded = gzip.finish().unwrap();
    for (is_folded, weighs) in [(false, body.len()), (true, folded.len() + body.len())] {
        for (large_bytes, expected) in [(weighs, 200), (weighs - 1, 429)] {
            let world = World::start_with(|config| config.large_bytes = large_bytes).await;
            let ana = world.found().await;
            let request = ana.request(Method::POST, "/v1/sync");
            let request = if is_folded {
                request.header("content-encoding", "gzip").body(folded.clone())
            } else {
                request.body(body.clone())
            };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), expected, "gzip {is_folded}, room for {large_bytes}");
            assert!(expected == 200 || response.headers()["retry-after"] == "2");
            assert_eq!(world.n_refused("memory").await, u64::from(expected == 429));
            // All of it is released; small answers need none.
            assert_eq!(world.metric("large_bytes").await, 0);
            ana.sync(&ask(&[ana.campaign_doc()])).await.unwrap();
        }
    }
}

#[tokio::test]
async fn room_for_answers() {
    let n_bytes = SMALL_BYTES + 1;
    for (large_bytes, expected) in [(n_bytes, None), (n_bytes - 1, Some(refused(429, RefusalCode::SlowDown)))] {
        let world = World::start_with(|config| config.large_bytes = large_bytes.max(n_bytes)).await;
        let ana = world.found().await;
        let pack = put_pack(&ana, n_bytes).await;
        let small = put_pack(&ana, SMALL_BYTES).await;
        let world = world.restart_with(|config| config.large_bytes = large_bytes).await;
        let ana = at(&world, &ana);
        let get = async |pack| ok(ana.request(Method::GET, &format!("/v1/packs/{pack}")).send().await.unwrap()).await;
        assert_eq!(get(pack).await.err(), expected);
        assert_eq!(get(small).await.unwrap().bytes().await.unwrap().len(), SMALL_BYTES);
    }
}

#[tokio::test]
async fn where_room_is_short_answers_are_short_and_still_get_on() {
    let world = World::start_with(|config| config.large_bytes = MAX_PACK_BYTES + SMALL_BYTES).await;
    let ana = world.found().await;
    let (turf, mut author) = (new_doc(), Author::new());
    let changes: Vec<_> = (0..20).map(|_| author.write_long(40_000)).collect();
    ana.bear(turf, &changes).await;
    let whole = ana.pull(turf, 0).await;
    let n_bytes = |changes: &[ByteBuf]| changes.iter().map(|change| change.len()).sum::<usize>();
    assert!(!whole.is_more && n_bytes(&whole.changes) > 10 * MAX_CHANGE_BYTES);
    let pack = put_pack(&ana, MAX_PACK_BYTES).await;
    let other = Phone { http: Client::new(), ..ana.clone() };
    let unread = leave_unread(&other, pack).await;
    let (mut told, mut cursor) = (Vec::new(), 0);
    loop {
        let page = ana.pull(turf, cursor).await;
        assert!(n_bytes(&page.changes) <= MAX_CHANGE_BYTES);
        told.extend(page.changes);
        cursor = page.cursor;
        if !page.is_more {
            break;
        }
    }
    assert!(told == whole.changes);
    drop(unread);
}
