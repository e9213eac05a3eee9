//! Generates a story from a seed.

use super::cast::FIRST_PHONE;
use super::story::{Act, Fate, Mishap, Step, Story};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// The maximum number of steps.
const MOST_STEPS: usize = 40;

/// A day, in minutes.
const DAY: i64 = 24 * 60;

/// The story of a seed; the same seed gives the same story.
#[must_use]
pub fn draw(seed: u64) -> Story {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let n_phones = rng.random_range(2..=4);
    let n_steps = rng.random_range(8..=MOST_STEPS);
    // Some worlds are calm and long, others full of faults.
    let trouble = rng.random_range(5..=60);
    let mut steps = (0..n_steps).map(|_| step(&mut rng, trouble)).collect();
    if rng.random_ratio(1, 5) {
        lose_a_newcomer(&mut rng, &mut steps, n_phones, trouble);
    }
    Story { seed, n_phones, steps }
}

/// Adds a sequence that is rare by chance: someone joins after the relay's backup, works and syncs with others, loses the phone, and
/// the backup is restored.
fn lose_a_newcomer(rng: &mut ChaCha12Rng, steps: &mut Vec<Step>, n_phones: usize, trouble: u32) {
    let newcomer = FIRST_PHONE + n_phones;
    let turf = rng.random_range(0..3);
    let sync = |who, fates| Step::Sync { who, fates, mishap: Mishap::None };
    let other = rng.random_range(0..newcomer);
    let heard = match rng.random_range(0..3) {
        0 => Step::UseHub { who: newcomer, hub: rng.random_range(0..2), fates: Vec::new(), mishap: Mishap::None },
        _ => sync(newcomer, fates(rng, trouble)),
    };
    let planted = [
        Step::BackUpRelay,
        Step::Enrol { turf },
        Step::HandOut { turf, who: other, fates: fates(rng, trouble) },
        Step::Host { who: rng.random_range(0..2), is_open: true },
        Step::Act { who: newcomer, act: Act::Talk { turf: 0, door: 0, answer: 0 }, mishap: Mishap::None },
        sync(newcomer, Vec::new()),
        Step::Act { who: newcomer, act: act(rng), mishap: Mishap::None },
        heard,
        sync(other, fates(rng, trouble)),
        Step::Act { who: other, act: act(rng), mishap: Mishap::None },
        if rng.random_ratio(4, 5) { Step::Lose { who: n_phones } } else { Step::Pass { minutes: 1 } },
        Step::RestoreRelay,
    ];
    let mut at = 0;
    for step in planted {
        at = rng.random_range(at..=(at + 4).min(steps.len()));
        steps.insert(at, step);
        at += 1;
    }
}

fn step(rng: &mut ChaCha12Rng, trouble: u32) -> Step {
    let who = rng.random_range(0..12);
    match rng.random_range(0..100) {
        0..36 => Step::Act { who, act: act(rng), mishap: mishap(rng, trouble, 30) },
        36..42 => hub(rng, who, trouble),
        42 => Step::StartWave,
        43 if rng.random_ratio(2, 3) => Step::EndWave { nth: rng.random_range(0..3) },
        43..74 => Step::Sync { who, fates: fates(rng, trouble), mishap: mishap(rng, trouble, 120) },
        74..80 => Step::Arrive { nth: rng.random_range(0..4) },
        80..84 => Step::Pass { minutes: rng.random_range(1..=3 * 60) },
        _ if !rng.random_ratio(trouble, 60) => {
            Step::Sync { who, fates: fates(rng, trouble), mishap: mishap(rng, trouble, 120) }
        }
        84..86 => Step::Restart { who },
        86..88 => Step::SetClock { who, ahead_minutes: [DAY, -365 * DAY, 40, 0][rng.random_range(0..4)] },
        88..90 => Step::CopyPhone { who },
        90..91 => Step::RollBack { who },
        91..92 => Step::Clone { who },
        92 => {
            if rng.random() {
                relay(rng)
            } else {
                Step::Fold
            }
        }
        93 if rng.random_ratio(1, 4) => Step::Enrol { turf: rng.random_range(0..3) },
        93 => Step::BackUpRelay,
        94 => Step::RestoreRelay,
        95..98 => Step::HandOut { turf: rng.random_range(0..3), who, fates: fates(rng, trouble) },
        98 if rng.random_ratio(1, 3) => Step::Lose { who },
        98..99 => Step::TakeBack { turf: rng.random_range(0..3), who },
        _ => Step::Revoke { who },
    }
}

/// A step about hubs, mostly that someone uses one.
fn hub(rng: &mut ChaCha12Rng, who: usize, trouble: u32) -> Step {
    let hub = rng.random_range(0..2);
    match rng.random_range(0..10) {
        0..3 => Step::Host { who: hub, is_open: true },
        3 => Step::Host { who: hub, is_open: false },
        4..9 => Step::UseHub { who, hub, fates: fates(rng, trouble), mishap: mishap(rng, trouble, 60) },
        _ => Step::LeaveHub { who },
    }
}

fn relay(rng: &mut ChaCha12Rng) -> Step {
    let number = rng.random_range(0..2);
    match rng.random_range(0..4) {
        0 => Step::KillRelay,
        1 | 2 => Step::RelayDown { number },
        _ => Step::RelayUp { number },
    }
}

fn act(rng: &mut ChaCha12Rng) -> Act {
    // Few doors and answers, so that people collide.
    let (turf, door) = (rng.random_range(0..3), rng.random_range(0..3));
    match rng.random_range(0..20) {
        0..4 => Act::NotHome { turf, door },
        4..11 => Act::Talk { turf, door, answer: rng.random_range(0..3) },
        11..13 => Act::Note { turf, door },
        13..15 => Act::Flag { turf, door, is_set: rng.random() },
        15..16 => Act::Person { turf, door },
        16..18 => Act::Undo,
        18..19 => Act::Settle { keeps: rng.random() },
        _ if rng.random() => Act::Script,
        _ => Act::Plan,
    }
}

fn mishap(rng: &mut ChaCha12Rng, trouble: u32, most_statements: i64) -> Mishap {
    if !rng.random_ratio(trouble, 200) {
        return Mishap::None;
    }
    let after = rng.random_range(0..most_statements);
    if rng.random_ratio(1, 4) { Mishap::DiskFails { after } } else { Mishap::Dies { after } }
}

fn fates(rng: &mut ChaCha12Rng, trouble: u32) -> Vec<Fate> {
    let n = rng.random_range(0..4);
    (0..n).map(|_| if rng.random_ratio(trouble, 100) { fate(rng) } else { Fate::Arrives }).collect()
}

fn fate(rng: &mut ChaCha12Rng) -> Fate {
    match rng.random_range(0..11) {
        0 => Fate::Lost,
        10 => Fate::GivenUp,
        1 | 2 => Fate::AnswerLost,
        3 => Fate::Doubled,
        4 => Fate::Late,
        5 => Fate::AnswerLate,
        6 => Fate::Cut(rng.random_range(0..1000)),
        7 => Fate::AnswerCut(rng.random_range(0..1000)),
        8 => Fate::RelayDiesBefore,
        _ => Fate::RelayDiesAfter,
    }
}
