//! Replays the fuzzers' seeds, including every input that ever broke something, through the fuzz targets, without a fuzzer.

// The fuzz targets are a separate workspace; this file is shared.
#[expect(unreachable_pub, reason = "it is a library's in its other home")]
#[path = "../../../fuzz/src/targets.rs"]
mod targets;

use porchlight_engine::{handover, pack, sync};
use porchlight_hub::rtc::probe as hub;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::relay::RefusalCode;
use porchlight_relay::{change, http::probe};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use targets::TARGETS;

/// The time limit for one input, however busy the machine and unoptimized the program.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn every_seed_goes_through_its_target() {
    for (name, target) in TARGETS {
        let inputs = inputs(name);
        assert!(inputs.len() >= 5, "{name} has only {} seeds", inputs.len());
        for (path, bytes) in inputs {
            let start = Instant::now();
            target(&bytes);
            assert!(start.elapsed() < LONGEST, "{} takes {:?}", path.display(), start.elapsed());
        }
    }
    let folders: BTreeSet<_> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect());
}

/// Randomly altered seeds, the same in every run; `PORCHLIGHT_ROUNDS` increases their number.
#[test]
fn altered_seeds_go_through_their_targets() {
    let rounds = std::env::var("PORCHLIGHT_ROUNDS").map_or(20, |rounds| rounds.parse().unwrap());
    for (name, target) in TARGETS {
        let seeds: Vec<_> =
            inputs(name).into_iter().map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 4096).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        for round in 0..rounds * seeds.len() {
            let mut bytes = seeds[round % seeds.len()].clone();
            for _ in 0..rng.random_range(1..5) {
                alter(&mut bytes, &seeds, &mut rng);
            }
            let start = Instant::now();
            if catch_unwind(|| target(&bytes)).is_err() || start.elapsed() > LONGEST {
                panic!("{name}, after {:?}: {}", start.elapsed(), hex::encode(&bytes));
            }
        }
    }
}

/// Mutates bytes as a fuzzer does: flips bits, writes extreme numbers, removes, duplicates or splices parts.
fn alter(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut ChaCha8Rng) {
    let at = rng.random_range(0..=bytes.len());
    let end = (at + rng.random_range(1..16)).min(bytes.len());
    match rng.random_range(0..6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
        1 if at < bytes.len() => bytes[at] = [0x00, 0x01, 0x7f, 0x80, 0x9f, 0xff][rng.random_range(0..6)],
        2 => drop(bytes.drain(at..end)),
        3 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        4 => drop(bytes.splice(at..end, vec![0xff; rng.random_range(1..10)])),
        _ => {
            let other = &seeds[rng.random_range(0..seeds.len())];
            let from = rng.random_range(0..=other.len());
            bytes.splice(at..end, other[from..(from + 32).min(other.len())].iter().copied());
        }
    }
}

#[test]
fn the_seeds_reach_what_they_are_meant_for() {
    let sync_request = |name: &str| {
        let bytes = input("sync_request", name);
        probe::sync_request(bytes[0] % 2 == 1, bytes[1..].to_vec())
    };
    for (name, expected) in [
        ("plain", Ok(())),
        ("gzip", Ok(())),
        ("carries", Ok(())),
        ("empty", Err(RefusalCode::Malformed)),
        ("gzip-bomb", Err(RefusalCode::TooLarge)),
        ("nothings-folded", Err(RefusalCode::TooLarge)),
        ("two-gzips", Err(RefusalCode::Malformed)),
        ("deep", Err(RefusalCode::Malformed)),
        ("huge-counts", Err(RefusalCode::Malformed)),
        ("endless-bytes", Err(RefusalCode::Malformed)),
        ("twice", Err(RefusalCode::Malformed)),
        ("newer", Err(RefusalCode::WrongVersion)),
    ] {
        assert_eq!(sync_request(name), expected, "{name}");
    }
    let plain = input("change", "plain-chunk");
    assert!(change::read(plain.clone()).is_ok() && sync::absorb::read_change(plain).is_ok());
    for name in ["compressed", "document", "cut"] {
        let bytes = input("change", name);
        assert!(change::read(bytes.clone()).is_err() && sync::absorb::read_change(bytes).is_err(), "{name}");
    }
    for (name, is_read) in [("full", true), ("bare", true), ("deep", false), ("huge-news", false)] {
        assert_eq!(sync::transport::read_reply(&input("sync_reply", name)).is_ok(), is_read, "{name}");
    }
    for (name, is_read) in [("gzip", true), ("plain", false), ("format-2", false), ("bomb", false), ("empty", false)] {
        assert_eq!(pack::decode(&input("pack", name)).is_ok(), is_read, "{name}");
    }
    for (name, is_read) in
        [("one", true), ("nothing", true), ("length-that-lies", false), ("bomb", false), ("compressed-change", false)]
    {
        assert_eq!(sync::snapshot::unfold(&input("snapshot", name)).is_ok(), is_read, "{name}");
    }
    for (name, is_read) in
        [("one", true), ("nothing", true), ("version-2", false), ("no-change", false), ("compressed-change", false)]
    {
        let file = ChosenFile { key: String::new(), name: name.to_owned(), bytes: 0 };
        assert_eq!(handover::parse(&file, input("handover", name)).is_ok(), is_read, "{name}");
    }
    for name in ["enrol", "invite", "look", "take-back"] {
        assert!(probe::small_json(&input("small_json", name)) >= 1, "{name}");
    }
    for (name, n_requests) in [("one", 1), ("in-pieces", 1), ("side-by-side", 2), ("odd-mark", 0), ("no-path", 0)] {
        assert_eq!(hub::frames(&input("hub_frames", name)), n_requests, "{name}");
    }
    for (name, is_known) in [("good", true), ("other-password", false), ("other-hub", false), ("no-name", false)] {
        assert_eq!(hub::knock(&input("hub_knock", name)), is_known, "{name}");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds")
}

fn input(target: &str, name: &str) -> Vec<u8> {
    std::fs::read(folder().join(target).join(name)).unwrap()
}

fn inputs(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = std::fs::read_dir(folder().join(target)).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}
