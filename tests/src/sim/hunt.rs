//! Plays stories: one to the end with its verdict, or many on all cores until one fails.

use super::cast::SharedCast;
use super::draw::draw;
use super::story::Story;
use super::world::{Stage, World};
use anyhow::Result;
use core_affinity::CoreId;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

/// The result of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What happened, line by line.
    pub lines: Vec<String>,
    /// Which promise was broken.
    pub broken: Option<String>,
}

/// Plays a story, heals its world, and checks every promise.
#[must_use]
pub fn play(stage: &Stage, story: &Story) -> Verdict {
    let mut world = match World::begin(stage, story) {
        Ok(world) => world,
        Err(error) => return Verdict { lines: Vec::new(), broken: Some(format!("{error:#}")) },
    };
    let played = story.steps.iter().try_for_each(|step| world.step(step));
    let broken = played.and_then(|()| world.heal()).and_then(|()| world.check_all()).err();
    Verdict { lines: world.into_lines(), broken: broken.map(|error| format!("{error:#}")) }
}

/// Plays the stories of many seeds on `n_threads` threads; the first that break a promise, at most one for each thread.
///
/// # Errors
/// When the stage cannot be made.
pub fn hunt(seeds: Range<u64>, n_threads: usize) -> Result<Vec<(Story, Verdict)>> {
    let first = Stage::new(None)?;
    let cast: SharedCast = first.cast;
    let next = AtomicU64::new(seeds.start);
    let found = Mutex::new(Vec::new());
    let mut cores = core_affinity::get_core_ids().unwrap_or_default().into_iter().cycle();
    std::thread::scope(|scope| {
        let hunters: Vec<_> = (0..n_threads)
            .map(|_| {
                let (core, next, found, cast) = (cores.next(), &next, &found, cast.clone());
                scope.spawn(move || {
                    stay_on(core);
                    hunt_alone(&Stage::new(Some(cast))?, next, seeds.end, found)
                })
            })
            .collect();
        hunters.into_iter().try_for_each(|hunter| match hunter.join() {
            Ok(result) => result,
            Err(_) => anyhow::bail!("a thread that plays stories broke down"),
        })
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(story, _): &(Story, Verdict)| story.seed);
    Ok(found)
}

/// Pins this thread, and the relay threads that it starts, to one core: only one of them works at a time, and a thread that is
/// woken on another core begins with cold caches. It does nothing on systems without this feature.
fn stay_on(core: Option<CoreId>) {
    if let Some(core) = core {
        core_affinity::set_for_current(core);
    }
}

fn hunt_alone(stage: &Stage, next: &AtomicU64, end: u64, found: &Mutex<Vec<(Story, Verdict)>>) -> Result<()> {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return Ok(());
        }
        let story = draw(seed);
        let verdict = play(stage, &story);
        if verdict.broken.is_some() {
            found.lock().unwrap_or_else(PoisonError::into_inner).push((story, verdict));
            next.store(end, Ordering::Relaxed);
        }
    }
}
