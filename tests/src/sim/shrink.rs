//! Shrinks a failing story: removes and simplifies whatever is not needed to break a promise.

use super::hunt::play;
use super::story::{Mishap, Step, Story};
use super::world::Stage;

/// The maximum number of attempts.
const MOST_TRIES: usize = 600;

/// The shortest story found that still breaks a promise.
#[must_use]
pub fn shrink(stage: &Stage, story: &Story) -> Story {
    let mut best = story.clone();
    let mut n_tries = 0;
    loop {
        let before = best.clone();
        leave_out(stage, &mut best, &mut n_tries);
        simplify(stage, &mut best, &mut n_tries);
        if best == before || n_tries >= MOST_TRIES {
            return best;
        }
    }
}

fn is_broken(stage: &Stage, story: &Story, n_tries: &mut usize) -> bool {
    *n_tries += 1;
    *n_tries <= MOST_TRIES && play(stage, story).broken.is_some()
}

/// Removes runs of steps, long ones first.
fn leave_out(stage: &Stage, best: &mut Story, n_tries: &mut usize) {
    let mut n = best.steps.len().div_ceil(2);
    while n > 0 {
        let mut from = 0;
        while from < best.steps.len() {
            let mut less = best.clone();
            less.steps.drain(from..(from + n).min(best.steps.len()));
            if is_broken(stage, &less, n_tries) {
                *best = less;
            } else {
                from += n;
            }
        }
        n /= 2;
    }
}

/// Removes mishaps and fates from steps.
fn simplify(stage: &Stage, best: &mut Story, n_tries: &mut usize) {
    for at in 0..best.steps.len() {
        for simpler in simpler(&best.steps[at]) {
            let mut less = best.clone();
            less.steps[at] = simpler;
            if less != *best && is_broken(stage, &less, n_tries) {
                *best = less;
            }
        }
    }
}

fn simpler(step: &Step) -> Vec<Step> {
    match step {
        Step::Act { who, act, .. } => vec![Step::Act { who: *who, act: *act, mishap: Mishap::None }],
        Step::Sync { who, fates, mishap } => {
            let (who, mishap, none) = (*who, *mishap, Mishap::None);
            let fewer = fates[..fates.len().saturating_sub(1)].to_vec();
            vec![
                Step::Sync { who, fates: Vec::new(), mishap: none },
                Step::Sync { who, fates: fates.clone(), mishap: none },
                Step::Sync { who, fates: Vec::new(), mishap },
                Step::Sync { who, fates: fewer, mishap },
            ]
        }
        Step::HandOut { turf, who, .. } => vec![Step::HandOut { turf: *turf, who: *who, fates: Vec::new() }],
        _ => Vec::new(),
    }
}
