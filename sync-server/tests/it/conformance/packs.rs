//! Packs.

use super::code;
use crate::stores::{Whole, found, sha256};
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;

on_both_stores![packs_are_told_in_parts_to_those_who_hear_of_their_documents,];

async fn packs_are_told_in_parts_to_those_who_hear_of_their_documents(store: &dyn Whole) {
    let (office, elsewhere) = (found(store).await, found(store).await);
    let (turf, other) = (office.bear(&[]).await, office.bear(&[]).await);
    let (ana, ben) = (office.join(Role::Canvasser, &[turf]).await, office.join(Role::Canvasser, &[other]).await);
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let hash = sha256(&bytes);
    assert_eq!(code(store.put_pack(ana.caller().await, turf, hash, bytes.clone()).await), RefusalCode::NotAllowed);
    assert_eq!(code(store.put_pack(elsewhere.caller().await, turf, hash, bytes.clone()).await), RefusalCode::NotFound);
    for _ in 0..2 {
        store.put_pack(office.caller().await, turf, hash, bytes.clone()).await.unwrap();
    }
    let n_bytes = bytes.len() as u64;
    for (range, expected) in [
        (0..n_bytes, &bytes[..]),
        (0..1, &bytes[..1]),
        (200_000..200_010, &bytes[200_000..200_010]),
        (n_bytes - 3..n_bytes + 100, &bytes[bytes.len() - 3..]),
        (n_bytes..n_bytes + 1, &[]),
        (0..u64::MAX, &bytes[..]),
        (u64::MAX - 1..u64::MAX, &[]),
    ] {
        let part = store.pack(ana.caller().await, hash, range.clone()).await.unwrap();
        assert!(part.bytes == expected && part.n_bytes == n_bytes, "{range:?}");
    }
    for stranger in [&ben, &elsewhere] {
        assert_eq!(code(store.pack(stranger.caller().await, hash, 0..1).await), RefusalCode::NotFound);
    }
    store.put_pack(office.caller().await, other, hash, bytes.clone()).await.unwrap();
    store.pack(ben.caller().await, hash, 0..1).await.unwrap();
    assert_eq!(code(store.pack(ana.caller().await, sha256(b"x"), 0..1).await), RefusalCode::NotFound);
    store.take_back(office.caller().await, turf, ana.id).await.unwrap();
    assert_eq!(code(store.pack(ana.caller().await, hash, 0..1).await), RefusalCode::NotFound);
}
