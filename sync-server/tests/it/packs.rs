//! `/v1/packs/{sha256}`

use crate::author::{Author, plain_hash};
use crate::world::{Phone, Refused, World, new_doc, ok, refused};
use porchlight_model::id::{DocId, Sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::{RefusalCode, TakeBackAsk};
use reqwest::{Method, Response};

async fn put(phone: &Phone, hash: Sha256, doc: DocId, bytes: &[u8]) -> Result<(), Refused> {
    let path = format!("/v1/packs/{hash}?doc={doc}");
    ok(phone.request(Method::PUT, &path).body(bytes.to_vec()).send().await.unwrap()).await.map(drop)
}

async fn get(phone: &Phone, hash: Sha256) -> Result<Vec<u8>, Refused> {
    let response = phone.request(Method::GET, &format!("/v1/packs/{hash}")).send().await.unwrap();
    Ok(ok(response).await?.bytes().await.unwrap().to_vec())
}

async fn get_range(phone: &Phone, hash: Sha256, range: &str) -> Response {
    phone.request(Method::GET, &format!("/v1/packs/{hash}")).header("range", range).send().await.unwrap()
}

fn pack(n_bytes: usize) -> (Sha256, Vec<u8>) {
    let bytes: Vec<u8> = (0..n_bytes).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect();
    (plain_hash(&bytes), bytes)
}

#[tokio::test]
async fn a_pack_reaches_those_who_hear_of_its_document_and_nobody_else() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let (turf, other) = (new_doc(), new_doc());
    ana.bear(turf, &[Author::new().write()]).await;
    ana.bear(other, &[]).await;
    let (ben, cid) =
        (world.join(&ana, Role::Canvasser, &[turf]).await, world.join(&ana, Role::Canvasser, &[other]).await);
    let (hash, bytes) = pack(10_000);
    let not_found = refused(404, RefusalCode::NotFound);
    assert_eq!(get(&ana, hash).await.err().as_ref(), Some(&not_found));
    put(&ana, hash, turf, &bytes).await.unwrap();
    put(&ana, hash, turf, &bytes).await.unwrap();
    assert_eq!(get(&ana, hash).await.unwrap(), bytes);
    assert_eq!(get(&ben, hash).await.unwrap(), bytes);
    assert_eq!(get(&cid, hash).await.err().as_ref(), Some(&not_found));
    assert_eq!(get(&eve, hash).await.err().as_ref(), Some(&not_found));
    // The same bytes for another document: one blob, one more link.
    put(&ana, hash, other, &bytes).await.unwrap();
    assert_eq!(get(&cid, hash).await.unwrap(), bytes);
    let taken: serde_json::Value =
        ana.post("/v1/take-back", &TakeBackAsk { doc: turf, device: ben.device }).await.unwrap();
    assert_eq!(taken, serde_json::json!({}));
    assert_eq!(get(&ben, hash).await.err().as_ref(), Some(&not_found));
}

#[tokio::test]
async fn a_pack_is_checked_on_arrival() {
    let world = World::start().await;
    let (ana, eve) = (world.found().await, world.found().await);
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let ben = world.join(&ana, Role::Canvasser, &[turf]).await;
    let (hash, bytes) = pack(100);
    let malformed = refused(400, RefusalCode::Malformed);
    assert_eq!(put(&ana, hash, turf, &bytes[1..]).await.err().as_ref(), Some(&malformed));
    let no_doc = ana.request(Method::PUT, &format!("/v1/packs/{hash}")).body(bytes.clone()).send().await.unwrap();
    assert_eq!(ok(no_doc).await.err().as_ref(), Some(&malformed));
    let no_hash =
        ana.request(Method::PUT, &format!("/v1/packs/zz?doc={turf}")).body(bytes.clone()).send().await.unwrap();
    assert_eq!(ok(no_hash).await.err().as_ref(), Some(&malformed));
    assert_eq!(put(&ben, hash, turf, &bytes).await.err(), Some(refused(403, RefusalCode::NotAllowed)));
    assert_eq!(put(&eve, hash, turf, &bytes).await.err(), Some(refused(404, RefusalCode::NotFound)));
    assert_eq!(put(&ana, hash, new_doc(), &bytes).await.err(), Some(refused(404, RefusalCode::NotFound)));
}

#[tokio::test]
async fn a_cut_off_download_goes_on_where_it_stopped() {
    let world = World::start().await;
    let ana = world.found().await;
    let turf = new_doc();
    ana.bear(turf, &[]).await;
    let (hash, bytes) = pack(1_000);
    put(&ana, hash, turf, &bytes).await.unwrap();
    for (range, expected, told) in [
        ("bytes=0-99", &bytes[..100], "bytes 0-99/1000"),
        ("bytes=600-", &bytes[600..], "bytes 600-999/1000"),
        ("bytes=-5", &bytes[995..], "bytes 995-999/1000"),
        ("bytes=990-5000", &bytes[990..], "bytes 990-999/1000"),
        ("bytes=999-999", &bytes[999..], "bytes 999-999/1000"),
    ] {
        let response = get_range(&ana, hash, range).await;
        assert_eq!(response.status(), 206, "{range}");
        assert_eq!(response.headers()["content-range"], told);
        assert_eq!(response.bytes().await.unwrap(), expected, "{range}");
    }
    let beyond = get_range(&ana, hash, "bytes=1000-").await;
    assert_eq!((beyond.status().as_u16(), &beyond.headers()["content-range"]), (416, &"bytes */1000".parse().unwrap()));
    for odd in ["bytes=5-1", "lines=1-2", "bytes=a-b", "bytes=0-1,5-6"] {
        let response = get_range(&ana, hash, odd).await;
        assert_eq!((response.status().as_u16(), response.bytes().await.unwrap().len()), (200, 1000), "{odd}");
    }
    let head = ana.request(Method::HEAD, &format!("/v1/packs/{hash}")).send().await.unwrap();
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"1000".parse().unwrap()));
    assert_eq!(head.headers()["etag"], format!("\"{hash}\"").as_str());
}
