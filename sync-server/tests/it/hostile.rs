//! Requests that no client of ours sends. Forged, foreign and incomplete changes are in `push`, what the HTTP server itself refuses
//! in `sockets`, bytes that a fuzzer found in the story tests' `seeds`.

use crate::author::{Author, hash};
use crate::world::{NEWER, Phone, World, ask, cbor, new_doc, ok, refused, status};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};
use flate2::Compression;
use flate2::write::GzEncoder;
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_model::wire::{MAX_REQUEST_BYTES, PROTO, RejectReason, SyncAsk};
use reqwest::Method;
use serde_bytes::ByteBuf;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn send_gzip(phone: &Phone, body: Vec<u8>) -> Result<(), crate::world::Refused> {
    let request = phone.request(Method::POST, "/v1/sync").header("content-encoding", "gzip").body(body);
    ok(request.send().await.unwrap()).await.map(drop)
}

#[tokio::test]
async fn a_request_cut_anywhere_is_malformed() {
    let world = World::start().await;
    let ana = world.found().await;
    let whole = cbor(&ask(&[new_doc()]));
    for end in 0..whole.len() {
        assert_eq!(
            ana.send_sync(whole[..end].to_vec()).await.err(),
            Some(refused(400, RefusalCode::Malformed)),
            "{end}"
        );
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(ana.send_sync(longer).await.err(), Some(refused(400, RefusalCode::Malformed)));
    ana.send_sync(whole).await.unwrap();
}

#[tokio::test]
async fn every_single_byte_changed_is_answered_in_order() {
    let world = World::start_with(|config| config.device_rate.burst = 100_000).await;
    let ana = world.found().await;
    let whole = cbor(&ask(&[new_doc()]));
    for at in 0..whole.len() {
        let mut other = whole.clone();
        other[at] ^= 0x55;
        if let Err(refused) = ana.send_sync(other).await {
            assert!(matches!(refused.status, 400 | 413 | 426), "{at}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn deep_and_huge_cbor_is_malformed_and_costs_nothing() {
    let world = World::start().await;
    let ana = world.found().await;
    let deep = [vec![0x81; 1_000_000], vec![0x00]].concat();
    let deep_field = [cbor(&serde_json::json!({"proto": PROTO})), vec![]].concat();
    // {"docs": [2^63 items]}, {"docs": a byte string of 2^63 bytes}, a map of 2^63 entries.
    let huge = [0xa1, 0x64, b'd', b'o', b'c', b's', 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff].to_vec();
    let mut huge_bytes = huge.clone();
    huge_bytes[6] = 0x5b;
    let huge_map = vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    for body in [deep, deep_field, huge, huge_bytes, huge_map, vec![0xff], vec![0x5f; 4096]] {
        assert_eq!(ana.send_sync(body).await.err(), Some(refused(400, RefusalCode::Malformed)));
    }
}

#[tokio::test]
async fn a_gzip_bomb_unfolds_no_further_than_the_limit() {
    let world = World::start().await;
    let ana = world.found().await;
    let bomb = gzip(&vec![0u8; 256 * 1024 * 1024]);
    assert!(bomb.len() < 512 * 1024);
    assert_eq!(send_gzip(&ana, bomb).await.err(), Some(refused(413, RefusalCode::TooLarge)));
    assert_eq!(
        send_gzip(&ana, gzip(&vec![0; MAX_REQUEST_BYTES])).await.err(),
        Some(refused(400, RefusalCode::Malformed))
    );
    assert_eq!(
        send_gzip(&ana, gzip(&vec![0; MAX_REQUEST_BYTES + 1])).await.err(),
        Some(refused(413, RefusalCode::TooLarge))
    );
    assert_eq!(send_gzip(&ana, b"no gzip".to_vec()).await.err(), Some(refused(400, RefusalCode::Malformed)));
    send_gzip(&ana, gzip(&cbor(&ask(&[new_doc()])))).await.unwrap();
    let zstd = ana.request(Method::POST, "/v1/sync").header("content-encoding", "zstd").body("x");
    assert_eq!(ok(zstd.send().await.unwrap()).await.err(), Some(refused(400, RefusalCode::Malformed)));
}

#[tokio::test]
async fn a_request_of_a_million_nothings_is_refused_before_it_is_read() {
    let world = World::start().await;
    let ana = world.found().await;
    // Each empty change is one byte here and twenty-four in memory.
    let mut request = ask(&[ana.campaign_doc()]);
    request.docs[0].push = vec![ByteBuf::new()];
    let whole = cbor(&request);
    let key = whole.windows(5).position(|bytes| bytes == b"\x64push").unwrap() + 5;
    assert_eq!(whole[key..key + 2], [0x81, 0x40], "an array of one change of no bytes");
    let with = |n: u32, item: u8| {
        let array = [&[0x9a][..], &n.to_be_bytes(), &vec![item; n as usize]].concat();
        [&whole[..key], &array, &whole[key + 2..]].concat()
    };
    let too_large = Some(refused(413, RefusalCode::TooLarge));
    for item in [0x40, 0x80, 0xa0, 0x60, 0xf6] {
        assert_eq!(ana.send_sync(with(1_000_000, item)).await.err(), too_large, "{item:x}");
        assert_eq!(send_gzip(&ana, gzip(&with(4_000_000, item))).await.err(), too_large, "{item:x}");
    }
    assert_eq!(ana.send_sync(with(2_000, 0x40)).await.unwrap().docs[0].rejected.len(), 2_000);
    assert_eq!(ana.send_sync(with(2_001, 0x40)).await.err(), too_large);
}

#[tokio::test]
async fn nothing_may_follow_a_gzip() {
    let world = World::start().await;
    let ana = world.found().await;
    let good = gzip(&cbor(&ask(&[])));
    let malformed = Some(refused(400, RefusalCode::Malformed));
    for more in [vec![0], good.clone(), gzip(&[])] {
        assert_eq!(send_gzip(&ana, [good.clone(), more].concat()).await.err(), malformed);
    }
    for end in [0, 5, good.len() - 8, good.len() - 1] {
        assert_eq!(send_gzip(&ana, good[..end].to_vec()).await.err(), malformed, "cut at {end}");
    }
    send_gzip(&ana, good.clone()).await.unwrap();
    for encoding in ["gzip, gzip", "deflate", "br", "GZIP", ""] {
        let request = ana.request(Method::POST, "/v1/sync").header("content-encoding", encoding).body(good.clone());
        assert_eq!(ok(request.send().await.unwrap()).await.err(), malformed, "{encoding}");
    }
}

#[tokio::test]
async fn json_that_is_deep_doubled_or_of_the_wrong_kind_is_malformed() {
    let world = World::start().await;
    let deep = "[".repeat(30_000);
    let doubled = r#"{"proto":2,"proto":2,"secret":"x"}"#;
    for body in ["", "null", "[]", "1e999999", "\"\\ud800\"", "\u{feff}{}", deep.as_str(), doubled] {
        for path in ["/v1/enrol", "/v1/invites/look"] {
            let response = world.request(Method::POST, path).body(body.to_owned()).send().await.unwrap();
            assert_eq!(ok(response).await.err(), Some(refused(400, RefusalCode::Malformed)), "{path} {body:.40}");
        }
    }
}

#[tokio::test]
async fn another_version_is_told_so_even_in_another_shape() {
    let world = World::start().await;
    let ana = world.found().await;
    let wrong = refused(426, RefusalCode::WrongVersion);
    assert_eq!(ana.sync(&SyncAsk { proto: NEWER, newest: None, ..ask(&[]) }).await.err().as_ref(), Some(&wrong));
    let newer = cbor(&serde_json::json!({"proto": NEWER, "docs": "in another way", "more": [1, 2]}));
    assert_eq!(ana.send_sync(newer).await.err().as_ref(), Some(&wrong));
    let broken = cbor(&serde_json::json!({"proto": PROTO, "docs": "in another way"}));
    assert_eq!(ana.send_sync(broken).await.err(), Some(refused(400, RefusalCode::Malformed)));
}

#[tokio::test]
async fn a_document_named_twice_is_malformed() {
    let world = World::start().await;
    let ana = world.found().await;
    let doc = new_doc();
    assert_eq!(ana.sync(&ask(&[doc, doc])).await.err(), Some(refused(400, RefusalCode::Malformed)));
}

#[tokio::test]
async fn without_a_good_token_nothing_is_read() {
    let world = World::start().await;
    let ana = world.found().await;
    let unknown = refused(401, RefusalCode::TokenUnknown);
    for token in ["", "x", &"0".repeat(64), &ana.token[1..], &format!("{}0", ana.token)] {
        let other = Phone { token: token.to_owned(), ..ana.clone() };
        assert_eq!(other.send_sync(b"never read".to_vec()).await.err().as_ref(), Some(&unknown), "{token}");
    }
    for (method, path) in [
        (Method::POST, "/v1/sync"),
        (Method::GET, "/v1/roster"),
        (Method::GET, "/v1/hints"),
        (Method::POST, "/v1/invites"),
    ] {
        let response = world.request(method, path).send().await.unwrap();
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert_eq!(ok(response).await.err().as_ref(), Some(&unknown));
    }
    let basic = world.request(Method::GET, "/v1/roster").header("authorization", format!("Basic {}", ana.token));
    assert_eq!(status(basic).await, 401);
}

#[tokio::test]
async fn paths_and_methods_that_do_not_exist_are_refused_in_the_same_form() {
    let world = World::start().await;
    let nowhere = world.request(Method::GET, "/v1/nowhere").send().await.unwrap();
    assert_eq!(ok(nowhere).await.err(), Some(refused(404, RefusalCode::NotFound)));
    let wrong = world.request(Method::DELETE, "/v1/about").send().await.unwrap();
    assert_eq!(ok(wrong).await.err(), Some(refused(405, RefusalCode::Malformed)));
    let no_json = world.request(Method::POST, "/v1/enrol").body("{").send().await.unwrap();
    assert_eq!(ok(no_json).await.err(), Some(refused(400, RefusalCode::Malformed)));
}

/// A hand-made change to a document.
fn by_hand(author: &mut Author, act: impl FnOnce(&mut AutoCommit)) -> Vec<u8> {
    let mut other = author.fork();
    act(&mut other.doc);
    other.doc.commit();
    other.doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[tokio::test]
async fn a_change_that_touches_the_root_after_the_birth_is_refused() {
    let world = World::start().await;
    let (ana, turf) = (world.found().await, new_doc());
    let mut author = Author::new();
    ana.bear(turf, &[author.born()]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    type Act = fn(&mut AutoCommit);
    let acts: [Act; 7] = [
        |doc| drop(doc.put_object(ROOT, "visits", ObjType::Map).unwrap()),
        |doc| doc.delete(ROOT, "visits").unwrap(),
        |doc| doc.put(ROOT, "visits", 0).unwrap(),
        |doc| doc.put(ROOT, "one more", "x").unwrap(),
        |doc| drop(doc.put_object(ROOT, "list", ObjType::List).unwrap()),
        // Hidden among many harmless ones.
        |doc| {
            let visits = doc.get(ROOT, "visits").unwrap().unwrap().1;
            (0..300).for_each(|n| doc.put(&visits, format!("{n}"), n).unwrap());
            doc.put(ROOT, "visits", 0).unwrap();
        },
        |doc| {
            let visits = doc.get(ROOT, "visits").unwrap().unwrap().1;
            doc.put(ROOT, "other", 0).unwrap();
            (0..300).for_each(|n| doc.put(&visits, format!("{n}"), n).unwrap());
        },
    ];
    let hostile = acts.map(|act| by_hand(&mut author, act));
    // A second creation beside the existing one.
    let second = Author::new().born();
    let honest = author.fork().write();
    for phone in [&ben, &ana] {
        for change in hostile.iter().chain([&second]) {
            let reply = phone.push(turf, std::slice::from_ref(change)).await;
            let why: Vec<_> = reply.rejected.iter().map(|rejected| (rejected.hash, rejected.why)).collect();
            assert_eq!(why, [(hash(change), RejectReason::TouchesRoot)]);
        }
    }
    let reply = ben.push(turf, &[hostile[0].clone(), honest.clone()]).await;
    assert_eq!((reply.rejected.len(), reply.acked.len()), (1, 1), "what does not stand on it goes through");
    assert_eq!(ana.pull(turf, 0).await.changes.len(), 2);
}

#[tokio::test]
async fn a_captain_writes_nothing_into_the_campaign_document() {
    let world = World::start().await;
    let olga = world.found().await;
    let campaign = olga.campaign_doc();
    let mut office = Author::new().by(olga.device);
    olga.push(campaign, &[office.born()]).await;
    let carl = world.join(&olga, Role::Captain, &[]).await;
    let ana = world.join(&olga, Role::Canvasser, &[]).await;
    // As itself, without a name, and in the name of a coordinator's device, for which a captain may deliver.
    let changes = [office.fork().by(carl.device).write(), office.fork().write(), office.fork().by(olga.device).write()];
    for phone in [&carl, &ana] {
        for carries in [false, true] {
            let mut request = ask(&[campaign]);
            request.docs[0].carries = carries;
            request.docs[0].push = changes.iter().cloned().map(ByteBuf::from).collect();
            let reply = phone.sync(&request).await.unwrap().docs.remove(0);
            assert_eq!(
                reply.rejected.iter().map(|rejected| rejected.why).collect::<Vec<_>>(),
                [RejectReason::ReadOnly; 3]
            );
        }
    }
    // A coordinator's device does not deliver it for them either.
    let mut request = ask(&[campaign]);
    request.docs[0].carries = true;
    request.docs[0].push = vec![ByteBuf::from(changes[0].clone())];
    let reply = olga.sync(&request).await.unwrap().docs.remove(0);
    assert_eq!(reply.rejected[0].why, RejectReason::ForeignActor);
    assert_eq!(carl.pull(campaign, 0).await.changes.len(), 1, "the birth alone");
}

#[tokio::test]
async fn nothing_that_tells_of_people_is_kept_in_a_cache() {
    let world = World::start().await;
    let (ana, turf) = (world.found().await, new_doc());
    ana.bear(turf, &[Author::new().born()]).await;
    let pack = b"voters".to_vec();
    let path = format!("/v1/packs/{}", crate::author::plain_hash(&pack));
    ana.request(Method::PUT, &format!("{path}?doc={turf}")).body(pack).send().await.unwrap();
    let sync = ana.request(Method::POST, "/v1/sync").body(cbor(&ask(&[turf])));
    for request in [
        ana.request(Method::GET, &path),
        ana.request(Method::GET, "/v1/packs/0"),
        ana.request(Method::GET, "/v1/roster"),
        ana.request(Method::GET, "/v1/hints"),
        ana.request(Method::GET, "/v1/nowhere"),
        world.request(Method::POST, "/v1/invites/look").body("{}"),
        sync,
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store", "{}", response.url());
    }
}
