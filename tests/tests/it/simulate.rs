//! A fixed part of the simulation, and every story that once broke a promise.

use porchlight_tests::sim::hunt::{Verdict, hunt, play};
use porchlight_tests::sim::story::Story;
use porchlight_tests::sim::world::Stage;
use std::path::Path;

/// The seeds of every test run; `cargo xtask simulate` plays any number of others.
const SEEDS: std::ops::Range<u64> = 1..49;

#[test]
fn drawn_stories_keep_every_promise_of_sync() {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let broken = hunt(SEEDS, n_threads).unwrap();
    let told: Vec<_> =
        broken.iter().map(|(story, verdict)| format!("seed {}\n{}", story.seed, told(verdict))).collect();
    assert!(told.is_empty(), "\n{}\nShorten it with `cargo xtask simulate`.", told.join("\n"));
}

#[test]
fn stories_that_once_broke_a_promise_keep_every_one() {
    let stage = Stage::new(None).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let story: Story = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let verdict = play(&stage, &story);
        assert!(verdict.broken.is_none(), "{}\n{}", path.display(), told(&verdict));
    }
}

#[test]
fn the_same_story_goes_the_same_way_twice() {
    let stage = Stage::new(None).unwrap();
    for seed in 1..6 {
        let story = porchlight_tests::sim::draw::draw(seed);
        assert_eq!(play(&stage, &story), play(&stage, &story), "seed {seed}");
    }
}

fn told(verdict: &Verdict) -> String {
    let lines = (1..).zip(&verdict.lines).map(|(n, line)| format!("{n:4}  {line}\n"));
    lines.collect::<String>() + verdict.broken.as_deref().unwrap_or_default()
}
