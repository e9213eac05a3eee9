//! Which taps are taken: none where an act has just changed what lies under the finger, until the new content has been on the
//! screen for a moment and the finger has lifted. Pure; [`crate::guard`] feeds it.
//!
//! ```text
//! tap --taken--> act begins ......... act ended, screen turned, part shows another --REST--> taps are taken again
//!                  \-- taps at that spot or on that part: dropped, and each starts the rest anew --/
//! ```

/// How long new content rests before it takes a tap, in milliseconds; each tap meanwhile starts it anew.
pub const REST_MS: f64 = 800.0;

/// As far from the tap that caused a change nothing takes a tap, in CSS pixels: an act's height and a thumb's error.
pub const REACH_PX: f64 = 72.0;

/// The longest that an act which does not end keeps its spot, in milliseconds: a stop button may come to lie there.
const HOLD_MS: f64 = 3000.0;

/// A change of the screen is by the last tap when that is at most so long ago, in milliseconds.
const CAUSE_MS: f64 = 5000.0;

/// How late a tap may be heard, in milliseconds: a phone that draws for seconds hears of the taps on it afterwards, and each is judged by the
/// time at which it fell.
const LATE_MS: f64 = 10_000.0;

/// A place in the window, in CSS pixels.
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
    /// The part of the page that it is in, if that is one whose content changes as a whole.
    pub part: Option<String>,
    /// How long what it changes rests, in milliseconds.
    pub rest_ms: f64,
}

/// An act under way, from [`Guard::began`] to [`Guard::ended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act(u32);

/// Where no tap is taken for the moment.
#[derive(Debug, Clone, PartialEq)]
struct Rest {
    spot: Option<Spot>,
    part: Option<String>,
    /// When the content there became what it is.
    since: f64,
    until: f64,
    rest_ms: f64,
    act: Option<Act>,
}

impl Rest {
    fn holds(&self, tap: &Tap) -> bool {
        let is_there = self.spot.is_some_and(|spot| spot.is_near(tap.spot));
        is_there || (self.part.is_some() && self.part == tap.part)
    }
}

/// What is known of taps and of the changes that they caused.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guard {
    last: Option<Tap>,
    /// When the finger went down that is down, or was last.
    finger_at: f64,
    is_finger_down: bool,
    n_acts: u32,
    rests: Vec<Rest>,
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

    /// Whether a tap is taken. One that is not starts the rest anew.
    pub fn tap(&mut self, tap: Tap, is_by_finger: bool) -> bool {
        let aimed_at = if is_by_finger { tap.at.min(self.finger_at) } else { tap.at };
        let mut is_taken = true;
        for rest in self.rests.iter_mut().filter(|rest| rest.holds(&tap)) {
            // A finger that went down on what was there before aimed at that.
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

    /// What the last tap changes is being drawn: its spot takes no other until [`Self::drawn`] with the same act. What turns out to have
    /// changed rests by itself.
    pub fn drawing(&mut self, at: f64) -> Act {
        self.n_acts += 1;
        let act = Act(self.n_acts);
        if let Some(rest) = self.rest_of_cause(at) {
            self.rests.push(Rest { part: None, rest_ms: 0.0, until: at + HOLD_MS, act: Some(act), ..rest });
        }
        act
    }

    /// Something that is to be done began, by the last tap: its spot and its part take no other until it ended.
    pub fn began(&mut self, at: f64) -> Act {
        self.n_acts += 1;
        let act = Act(self.n_acts);
        if let Some(rest) = self.rest_of_cause(at) {
            self.rests.push(Rest { until: at + rest.rest_ms.max(HOLD_MS), act: Some(act), ..rest });
        }
        act
    }

    /// It ended, well or not: what it changed rests from now on, and anew from [`Self::drawn`].
    pub fn ended(&mut self, at: f64, act: Act) {
        for rest in self.rests.iter_mut().filter(|rest| rest.act == Some(act)) {
            rest.until = at + rest.rest_ms;
        }
    }

    /// All that an act changed is drawn.
    pub fn drawn(&mut self, at: f64, act: Act) {
        for rest in self.rests.iter_mut().filter(|rest| rest.act == Some(act)) {
            rest.until = at + rest.rest_ms;
            rest.act = None;
        }
    }

    /// The screen shows another page or sheet: the spot of the tap that caused it takes none.
    pub fn turned(&mut self, at: f64) {
        if let Some(rest) = self.rest_of_cause(at) {
            self.rests.push(Rest { part: None, since: at, rest_ms: REST_MS, until: at + REST_MS, ..rest });
        }
    }

    /// A part of the page shows something else, whoever caused it.
    pub fn changed(&mut self, at: f64, part: &str, rest_ms: f64) {
        self.rests.retain(|rest| rest.act.is_some() || rest.spot.is_some() || rest.part.as_deref() != Some(part));
        self.rests.push(Rest {
            spot: None,
            part: Some(part.to_owned()),
            since: at,
            until: at + rest_ms,
            rest_ms,
            act: None,
        });
    }

    /// Whether a part takes no taps at present.
    #[must_use]
    pub fn is_resting(&self, at: f64, part: &str) -> bool {
        self.rests.iter().any(|rest| at < rest.until && rest.part.as_deref() == Some(part))
    }

    /// Forgets what is over, and tells when the next rest ends, if there is one.
    pub fn next_end(&mut self, at: f64) -> Option<f64> {
        let (finger_at, is_down) = (self.finger_at, self.is_finger_down);
        self.rests.retain(|rest| at < rest.until + LATE_MS || (is_down && finger_at < rest.since));
        self.rests.iter().map(|rest| rest.until).filter(|until| *until > at).min_by(f64::total_cmp)
    }

    fn rest_of_cause(&self, at: f64) -> Option<Rest> {
        let last = self.last.as_ref().filter(|last| at - last.at <= CAUSE_MS)?;
        Some(Rest {
            spot: Some(last.spot),
            part: last.part.clone(),
            since: last.at,
            until: at,
            rest_ms: last.rest_ms,
            act: None,
        })
    }
}

#[cfg(test)]
mod tests;
