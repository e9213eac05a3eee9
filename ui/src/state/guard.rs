//! Decides which taps are accepted: none where an act has just changed what is under the finger, until the new content has been on the
//! screen for a moment and the finger has lifted. Pure; [`crate::guard`] feeds it.
//!
//! ```text
//! tap --taken--> act begins ......... act ended, screen turned, part shows another --REST--> taps are taken again
//!                  \-- taps at that spot or on that part: dropped, and each restarts the delay --/
//! ```

/// How long new content rests before it accepts a tap, in milliseconds; each tap meanwhile restarts the rest.
pub const REST_MS: f64 = 800.0;

/// The radius around the tap that caused a change in which no tap is accepted, in CSS pixels: a button's height plus a thumb's error.
pub const REACH_PX: f64 = 72.0;

/// The longest time for which an unfinished act blocks its spot, in milliseconds, because a stop button may appear there. When the act ends, its spot
/// rests again.
const HOLD_MS: f64 = 3000.0;

/// A change of the screen is attributed to the last tap within this time, in milliseconds.
const CAUSE_MS: f64 = 5000.0;

/// How late a tap may be delivered, in milliseconds: a phone that draws for seconds delivers taps afterwards, and each is judged by the
/// time at which it happened.
const LATE_MS: f64 = 10_000.0;

/// A position in the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Spot {
    fn is_near(self, other: Self) -> bool {
        (self.x - other.x).hypot(self.y - other.y) <= REACH_PX
    }
}

/// A tap, click or press of a key on a control.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// When, in milliseconds of the page's clock.
    pub at: f64,
    /// Where; for a key, the middle of the control.
    pub spot: Spot,
    /// The guarded part of the page in which it is, if any.
    pub part: Option<String>,
    /// The rest of what it changes, in milliseconds.
    pub rest_ms: f64,
}

/// A running act, from [`Guard::began`] to [`Guard::ended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act(u32);

/// A region where no tap is accepted for a moment.
#[derive(Debug, Clone, PartialEq)]
struct Rest {
    spot: Option<Spot>,
    part: Option<String>,
    /// When the current content appeared there.
    since: f64,
    until: f64,
    rest_ms: f64,
    act: Option<Act>,
    /// Whether the act is still running; it is kept until the act ends, however long that takes.
    is_running: bool,
}

impl Rest {
    fn holds(&self, tap: &Tap) -> bool {
        let is_there = self.spot.is_some_and(|spot| spot.is_near(tap.spot));
        is_there || (self.part.is_some() && self.part == tap.part)
    }
}

/// The state of recent taps and the changes that they caused.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guard {
    last: Option<Tap>,
    /// When the current or last finger went down.
    finger_at: f64,
    is_finger_down: bool,
    n_acts: u32,
    rests: Vec<Rest>,
    /// The tap whose act ended last, as if it fell then: what the act changed may be drawn only long after the tap.
    last_ended: Option<Tap>,
}

impl Guard {
    /// A finger, pen or button went down.
    pub const fn down(&mut self, at: f64) {
        self.finger_at = at;
        self.is_finger_down = true;
    }

    /// It was lifted.
    pub const fn up(&mut self) {
        self.is_finger_down = false;
    }

    /// Whether a tap is accepted. One that is not restarts the rest.
    pub fn tap(&mut self, tap: Tap, is_by_finger: bool) -> bool {
        let aimed_at = if is_by_finger { tap.at.min(self.finger_at) } else { tap.at };
        let mut is_taken = true;
        for rest in self.rests.iter_mut().filter(|rest| rest.holds(&tap)) {
            // A finger that went down on the previous content aimed at that.
            if tap.at < rest.until || aimed_at < rest.since {
                is_taken = false;
                rest.until = rest.until.max(tap.at + rest.rest_ms);
            }
        }
        if is_taken {
            self.last = Some(tap);
        }
        is_taken
    }

    /// What the last tap changes is being drawn: its spot accepts no other tap until [`Self::drawn`] with the same act. What turns out to have
    /// changed rests by itself.
    pub fn drawing(&mut self, at: f64) -> Act {
        self.n_acts += 1;
        let act = Act(self.n_acts);
        if let Some(rest) = self.rest_of_cause(at) {
            self.rests.push(Rest { part: None, rest_ms: 0.0, until: at + HOLD_MS, act: Some(act), ..rest });
        }
        act
    }

    /// An act began by the last tap: its spot and its part accept no other tap until it ends.
    pub fn began(&mut self, at: f64) -> Act {
        self.n_acts += 1;
        let act = Act(self.n_acts);
        if let Some(rest) = self.rest_of_cause(at) {
            self.rests.push(Rest { until: at + rest.rest_ms.max(HOLD_MS), act: Some(act), is_running: true, ..rest });
        }
        act
    }

    /// An act succeeded or failed: what it changed rests from now, and again from [`Self::drawn`].
    pub fn ended(&mut self, at: f64, act: Act) {
        for rest in self.rests.iter_mut().filter(|rest| rest.act == Some(act)) {
            (rest.until, rest.is_running) = (at + rest.rest_ms, false);
            if let Some(spot) = rest.spot {
                self.last_ended = Some(Tap { at, spot, part: rest.part.clone(), rest_ms: rest.rest_ms });
            }
        }
    }

    /// All that an act changed is drawn.
    pub fn drawn(&mut self, at: f64, act: Act) {
        for rest in self.rests.iter_mut().filter(|rest| rest.act == Some(act)) {
            rest.until = at + rest.rest_ms;
            rest.act = None;
        }
    }

    /// The screen shows another page or sheet: the spot of the tap that caused it accepts no tap.
    pub fn turned(&mut self, at: f64) {
        let causes = [rest_of(self.last.as_ref(), at), rest_of(self.last_ended.as_ref(), at)];
        for rest in causes.into_iter().flatten() {
            self.rests.push(Rest { part: None, since: at, rest_ms: REST_MS, until: at + REST_MS, ..rest });
        }
    }

    /// A part of the page shows something else, for whatever reason.
    pub fn changed(&mut self, at: f64, part: &str, rest_ms: f64) {
        self.rests.retain(|rest| rest.act.is_some() || rest.spot.is_some() || rest.part.as_deref() != Some(part));
        self.rests.push(Rest {
            spot: None,
            part: Some(part.to_owned()),
            since: at,
            until: at + rest_ms,
            rest_ms,
            act: None,
            is_running: false,
        });
    }

    /// Whether a part ignores taps at present.
    #[must_use]
    pub fn is_resting(&self, at: f64, part: &str) -> bool {
        self.rests.iter().any(|rest| at < rest.until && rest.part.as_deref() == Some(part))
    }

    /// Removes expired rests, and returns when the next one ends, if there is one.
    pub fn next_end(&mut self, at: f64) -> Option<f64> {
        let (finger_at, is_down) = (self.finger_at, self.is_finger_down);
        let is_kept = |rest: &Rest| rest.is_running || at < rest.until + LATE_MS || (is_down && finger_at < rest.since);
        self.rests.retain(is_kept);
        self.rests.iter().map(|rest| rest.until).filter(|until| *until > at).min_by(f64::total_cmp)
    }

    fn rest_of_cause(&self, at: f64) -> Option<Rest> {
        rest_of(self.last.as_ref(), at)
    }
}

/// A rest where this tap fell, if what happens at `at` can still be its effect.
fn rest_of(tap: Option<&Tap>, at: f64) -> Option<Rest> {
    let tap = tap.filter(|tap| at - tap.at <= CAUSE_MS)?;
    Some(Rest {
        spot: Some(tap.spot),
        part: tap.part.clone(),
        since: tap.at,
        until: at,
        rest_ms: tap.rest_ms,
        act: None,
        is_running: false,
    })
}

#[cfg(test)]
mod tests;
