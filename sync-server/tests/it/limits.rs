//! Every limit, just below and just above.

use crate::author::{Author, hash, hashes, plain_hash};
use crate::world::{World, ask, enrol_ask, new_doc, ok, refused, status};
use porchlight_model::budget::{BYTES_PER_OP, Budget};
use porchlight_model::chunk::MAX_OPS_PER_CHANGE;
use porchlight_model::relay::{InviteLook, InviteLookAsk, RefusalCode};
use porchlight_model::turf::MAX_PACK_BYTES;
use porchlight_model::wire::{
    MAX_CHANGE_BYTES, MAX_DOCS_PER_REQUEST, MAX_PUSH_PER_DOC, MAX_REQUEST_BYTES, PROTO, RejectReason,
};
use porchlight_relay::limits::MAX_JSON_BYTES;
use porchlight_relay::rates::Rate;
use reqwest::Method;
use serde_bytes::ByteBuf;
use std::io::{Read, Write};
use std::net::TcpStream;

fn too_large() -> Option<crate::world::Refused> {
    Some(refused(413, RefusalCode::TooLarge))
}

#[tokio::test]
async fn bytes_of_a_request() {
    let world = World::start().await;
    let ana = world.found().await;
    // At the limit it is read, and refused because it is not CBOR.
    assert_eq!(ana.send_sync(vec![0; MAX_REQUEST_BYTES]).await.err(), Some(refused(400, RefusalCode::Malformed)));
    assert_eq!(ana.send_sync(vec![0; MAX_REQUEST_BYTES + 1]).await.err(), too_large());
    let json = |len: usize| format!("{{}}{}", " ".repeat(len - 2));
    for (len, expected) in
        [(MAX_JSON_BYTES, Some(refused(400, RefusalCode::Malformed))), (MAX_JSON_BYTES + 1, too_large())]
    {
        let response = world.request(Method::POST, "/v1/enrol").body(json(len)).send().await.unwrap();
        assert_eq!(ok(response).await.err(), expected);
    }
}

#[tokio::test]
async fn documents_of_a_request() {
    let world = World::start().await;
    let ana = world.found().await;
    let docs: Vec<_> = (0..=MAX_DOCS_PER_REQUEST).map(|_| new_doc()).collect();
    assert_eq!(ana.sync(&ask(&docs[1..])).await.unwrap().docs.len(), MAX_DOCS_PER_REQUEST);
    assert_eq!(ana.sync(&ask(&docs)).await.err(), too_large());
}

#[tokio::test]
async fn changes_of_a_push() {
    let world = World::start().await;
    let ana = world.found().await;
    let mut request = ask(&[ana.campaign_doc()]);
    request.docs[0].push = vec![ByteBuf::from(Author::new().write()); MAX_PUSH_PER_DOC];
    assert_eq!(ana.sync(&request).await.unwrap().docs[0].acked.len(), MAX_PUSH_PER_DOC);
    request.docs[0].push.push(ByteBuf::new());
    assert_eq!(ana.sync(&request).await.err(), too_large());
}

#[tokio::test]
async fn bytes_of_a_change() {
    let world = World::start().await;
    let ana = world.found().await;
    let overhead = Author::new().write_long(60_000).len() - 60_000;
    for (n_bytes, is_taken) in [(MAX_CHANGE_BYTES, true), (MAX_CHANGE_BYTES + 1, false)] {
        let change = Author::new().write_long(n_bytes - overhead);
        assert_eq!(change.len(), n_bytes);
        // As a document's first change, which alone may put something at its root.
        let reply = ana.bear(crate::world::new_doc(), std::slice::from_ref(&change)).await;
        let acked = if is_taken { vec![hash(&change)] } else { vec![] };
        assert_eq!(hashes(&reply.acked), acked);
        assert_eq!(reply.rejected.len(), usize::from(!is_taken));
    }
}

/// A change that puts one key again and again: a few dozen bytes for any number of operations.
fn repeated(n_ops: u64, key: &[u8]) -> Vec<u8> {
    fn unsigned(mut value: u64, out: &mut Vec<u8>) {
        while value >= 0x80 {
            out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
            value >>= 7;
        }
        out.push(u8::try_from(value).unwrap());
    }
    // A positive signed number needs its sign bit clear.
    fn signed(value: u64, out: &mut Vec<u8>) {
        let mut bytes = Vec::new();
        unsigned(value, &mut bytes);
        let last = bytes.pop().unwrap();
        if last & 0x40 == 0 {
            bytes.push(last);
        } else {
            bytes.extend([last | 0x80, 0]);
        }
        out.extend(bytes);
    }
    let run = |value: &[u8]| {
        let mut column = Vec::new();
        signed(n_ops, &mut column);
        column.extend(value);
        column
    };
    let mut named = Vec::new();
    unsigned(key.len() as u64, &mut named);
    named.extend(key);
    let mut no_inserts = Vec::new();
    unsigned(n_ops, &mut no_inserts);
    let columns = [(0x15, run(&named)), (0x34, no_inserts), (0x42, run(&[1])), (0x56, run(&[0])), (0x70, run(&[0]))];
    let mut body = vec![0, 16];
    body.extend(crate::world::fresh());
    body.extend([1, 1, 0, 0, 0, u8::try_from(columns.len()).unwrap()]);
    for (spec, column) in &columns {
        body.push(*spec);
        unsigned(column.len() as u64, &mut body);
    }
    columns.iter().for_each(|(_, column)| body.extend(column));
    let mut chunk = vec![1];
    unsigned(body.len() as u64, &mut chunk);
    chunk.extend(body);
    let checksum = plain_hash(&chunk).0;
    [&[0x85, 0x6f, 0x4a, 0x83][..], &checksum[..4], &chunk].concat()
}

#[tokio::test]
async fn operations_of_a_change() {
    let world = World::start().await;
    let ana = world.found().await;
    // The key is a byte of text for each operation.
    let most = Budget::TURF.ops_per_change * BYTES_PER_OP / (BYTES_PER_OP + 1) + 1;
    let costly = Some(RejectReason::TooCostly);
    let malformed = Some(RejectReason::Malformed);
    for (n_ops, why) in [
        (1, None),
        (most, None),
        (most + 1, costly),
        (MAX_OPS_PER_CHANGE, costly),
        (MAX_OPS_PER_CHANGE + 1, malformed),
        (1 << 40, malformed),
        (1 << 62, malformed),
    ] {
        let change = repeated(n_ops, b"a");
        // As a document's first change, which alone may put something at its root.
        let reply = ana.bear(crate::world::new_doc(), std::slice::from_ref(&change)).await;
        assert_eq!(reply.acked.len(), usize::from(why.is_none()), "{n_ops}");
        assert_eq!(reply.rejected.first().map(|rejected| rejected.why), why, "{n_ops}");
    }
}

#[tokio::test]
async fn text_that_a_change_unfolds_to() {
    let world = World::start().await;
    let ana = world.found().await;
    let key = vec![b'k'; 1024];
    // The last would take 1.2 GB on every phone that receives it.
    // Each key costs as much as 16 operations.
    let most = Budget::TURF.ops_per_change / 17;
    for (n_ops, key, why) in [
        (most, &key[..], None),
        (most + 1, &key[..], Some(RejectReason::TooCostly)),
        (1024, &key[..], Some(RejectReason::TooCostly)),
        (1025, &key[..], Some(RejectReason::Malformed)),
        (MAX_OPS_PER_CHANGE, &vec![b'k'; 60_000][..], Some(RejectReason::Malformed)),
    ] {
        let change = repeated(n_ops, key);
        assert!(change.len() < MAX_CHANGE_BYTES);
        // As a document's first change, which alone may put something at its root.
        let reply = ana.bear(crate::world::new_doc(), std::slice::from_ref(&change)).await;
        assert_eq!(reply.acked.len(), usize::from(why.is_none()), "{n_ops}");
        assert_eq!(reply.rejected.first().map(|rejected| rejected.why), why, "{n_ops}");
    }
}

#[tokio::test]
async fn bytes_of_a_pack() {
    let world = World::start().await;
    let ana = world.found().await;
    let doc = ana.campaign_doc();
    let bytes = vec![7; MAX_PACK_BYTES + 1];
    for (n_bytes, expected) in [(MAX_PACK_BYTES, None), (MAX_PACK_BYTES + 1, too_large())] {
        let name = plain_hash(&bytes[..n_bytes]);
        let request = ana.request(Method::PUT, &format!("/v1/packs/{name}?doc={doc}")).body(bytes[..n_bytes].to_vec());
        assert_eq!(ok(request.send().await.unwrap()).await.err(), expected);
    }
}

#[tokio::test]
async fn requests_of_a_device() {
    let world = World::start_with(|config| config.device_rate = Rate { burst: 5, per_second: 2 }).await;
    let ana = world.found().await;
    let ben = world.join(&ana, porchlight_model::member::Role::Canvasser, &[]).await;
    // The invitation was one of the five.
    for _ in 0..4 {
        ana.sync(&ask(&[])).await.unwrap();
    }
    let response = ana.request(Method::GET, "/v1/roster").send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(ok(response).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    ben.sync(&ask(&[])).await.unwrap();
    world.pass(499);
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    world.pass(1);
    ana.sync(&ask(&[])).await.unwrap();
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
    world.pass(3_600_000);
    for _ in 0..5 {
        ana.sync(&ask(&[])).await.unwrap();
    }
    assert_eq!(ana.sync(&ask(&[])).await.err(), Some(refused(429, RefusalCode::SlowDown)));
}

#[tokio::test]
async fn requests_of_an_address_without_a_token() {
    let world = World::start_with(|config| config.address_rate = Rate { burst: 3, per_second: 1 }).await;
    let look = InviteLookAsk { proto: PROTO, newest: None, secret: enrol_ask("").secret };
    for expected in [404, 404, 404, 429] {
        let seen = world.post::<InviteLook>("/v1/invites/look", &look).await;
        assert_eq!(seen.unwrap_err().status, expected);
    }
    let guess = world.request(Method::GET, "/v1/roster").bearer_auth("0".repeat(64));
    assert_eq!(status(guess).await, 429);
    assert!(status(world.request(Method::GET, "/v1/about")).await.is_success());
}

#[tokio::test]
async fn headers_of_a_request() {
    let world = World::start().await;
    let send = |head: String| {
        let address = world.url.trim_start_matches("http://").to_owned();
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            // A relay may hang up before everything is sent.
            let _ = stream.write_all(format!("GET /v1/about HTTP/1.1\r\n{head}connection: close\r\n\r\n").as_bytes());
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
            answer.split(' ').nth(1).unwrap_or("none").to_owned()
        })
    };
    let many = |n: usize| (0..n).map(|n| format!("x-{n}: 1\r\n")).collect::<String>();
    assert_eq!(send(many(63)).await.unwrap(), "200");
    assert_eq!(send(many(64)).await.unwrap(), "431");
    assert_eq!(send(format!("x: {}\r\n", "y".repeat(8_000))).await.unwrap(), "200");
    assert_eq!(send(format!("x: {}\r\n", "y".repeat(32_000))).await.unwrap(), "431");
}
