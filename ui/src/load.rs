//! The state of a reply (loading, ready or failed), and the schedule of its fetches. Pure.

use porchlight_model::message::{ApiError, ErrorCode};
use std::any::Any;
use std::rc::Rc;

/// The state of a reply.
#[derive(Debug)]
pub enum Loadable<T: ?Sized> {
    /// Nothing yet.
    Loading,
    /// The reply.
    Ready {
        /// The latest reply.
        value: Rc<T>,
        /// Whether a newer one is being fetched.
        is_stale: bool,
    },
    /// Why there is none.
    Failed(ApiError),
}

impl<T: ?Sized> Clone for Loadable<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready { value, is_stale } => Self::Ready { value: value.clone(), is_stale: *is_stale },
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

impl<T: ?Sized> PartialEq for Loadable<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loading, Self::Loading) => true,
            (Self::Ready { value: a, is_stale: x }, Self::Ready { value: b, is_stale: y }) => {
                Rc::ptr_eq(a, b) && x == y
            }
            (Self::Failed(a), Self::Failed(b)) => a == b,
            _ => false,
        }
    }
}

impl<T: ?Sized> Loadable<T> {
    /// The reply, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready { value, .. } => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// The state while a newer reply is being fetched: an old one is kept.
    #[must_use]
    pub fn awaiting(&self) -> Self {
        match self {
            Self::Ready { value, .. } => Self::Ready { value: value.clone(), is_stale: true },
            Self::Loading | Self::Failed(_) => Self::Loading,
        }
    }

    /// The state after a fetch ended: a reply replaces everything; an error keeps an old reply,
    /// unless it says that the thing no longer exists.
    #[must_use]
    pub fn after(&self, result: Result<Rc<T>, ApiError>) -> Self {
        match (self, result) {
            (_, Ok(value)) => Self::Ready { value, is_stale: false },
            (Self::Ready { value, .. }, Err(error)) if !is_gone(&error) => {
                Self::Ready { value: value.clone(), is_stale: true }
            }
            (_, Err(error)) => Self::Failed(error),
        }
    }
}

impl Loadable<dyn Any> {
    /// Downcasts the reply to the type as which it was parsed; for another type it is loading.
    #[must_use]
    pub fn downcast<T: 'static>(self) -> Loadable<T> {
        match self {
            Self::Loading => Loadable::Loading,
            Self::Ready { value, is_stale } => {
                value.downcast().map_or(Loadable::Loading, |value| Loadable::Ready { value, is_stale })
            }
            Self::Failed(error) => Loadable::Failed(error),
        }
    }
}

fn is_gone(error: &ApiError) -> bool {
    matches!(error.code, ErrorCode::NotFound | ErrorCode::NotAllowed | ErrorCode::NotEnrolled)
}

/// The pause after a fetch, as a multiple of the fetch's duration: a page takes at most a fifth of the engine's time, and leaves the rest to sync
/// and to what the person does.
const REST: i64 = 4;
/// The longest rest between two fetches, in milliseconds.
const LONGEST_REST_MS: i64 = 60_000;
/// A fetch that took no longer than this, in milliseconds, needs no rest.
const LIGHT_MS: i64 = 25;

/// Why a reply is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The page was opened, or the person just did something: they wait for it.
    Person,
    /// Something changed by itself.
    News,
}

/// What to do about a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Begin it.
    Now,
    /// Call [`Fetches::rested`] after this many milliseconds.
    In(i64),
    /// Nothing: no fetch is wanted, or it is scheduled already.
    Not,
}

/// The schedule of fetches, one at a time. Changes that come in meanwhile cause one more fetch afterwards, which is throttled by what the last
/// one cost. A fetch that a person waits for is not throttled.
///
/// ```text
/// changed --> fetch 1 ......... ended, rests ......... rested --> fetch 2 ... ended
///               changed, changed: noted    changed: noted
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetches {
    /// When the running fetch began.
    began_ms: Option<i64>,
    /// Why another fetch is wanted, if it is.
    wanted: Option<Cause>,
    /// When the pause ends.
    rests_until_ms: i64,
    /// Whether a call of [`Fetches::rested`] is scheduled.
    is_resting: bool,
}

impl Fetches {
    /// Something changed.
    #[must_use]
    pub fn want(&mut self, cause: Cause, now_ms: i64) -> Due {
        if self.wanted != Some(Cause::Person) {
            self.wanted = Some(cause);
        }
        self.next(now_ms)
    }

    /// The fetch ended.
    #[must_use]
    pub fn ended(&mut self, now_ms: i64) -> Due {
        let took_ms = self.began_ms.take().map_or(0, |began_ms| now_ms - began_ms);
        // The duration may be negative if the clock was set.
        let rest_ms = if took_ms <= LIGHT_MS { 0 } else { (took_ms * REST).min(LONGEST_REST_MS) };
        self.rests_until_ms = now_ms + rest_ms;
        self.next(now_ms)
    }

    /// The scheduled time has passed.
    #[must_use]
    pub fn rested(&mut self, now_ms: i64) -> Due {
        self.is_resting = false;
        self.next(now_ms)
    }

    fn next(&mut self, now_ms: i64) -> Due {
        let Some(cause) = self.wanted.filter(|_| self.began_ms.is_none()) else { return Due::Not };
        // A longer pause than the maximum means that the clock was set back.
        let left_ms =
            Some(self.rests_until_ms - now_ms).filter(|left_ms| *left_ms <= LONGEST_REST_MS).unwrap_or_default();
        if cause == Cause::News && left_ms > 0 {
            return if std::mem::replace(&mut self.is_resting, true) { Due::Not } else { Due::In(left_ms) };
        }
        self.wanted = None;
        self.began_ms = Some(now_ms);
        Due::Now
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Due, Fetches, LONGEST_REST_MS};

    /// Simulates, for a minute, a page whose fetch takes `cost_ms` while something changes every `every_ms`: returns the number of fetches, and
    /// whether the page was up to date one pause after the last change.
    fn fetches_in_a_minute(cost_ms: i64, every_ms: i64) -> (u32, bool) {
        const MINUTE_MS: i64 = 60_000;
        let (mut fetches, mut n_begun) = (Fetches::default(), 0);
        let (mut ends, mut rests, mut begun_at) = (None, None, i64::MIN);
        let last_change = (MINUTE_MS - 1) / every_ms * every_ms;
        for now in 0..MINUTE_MS + cost_ms * 6 + 1 {
            let mut dues = Vec::new();
            if now < MINUTE_MS && now % every_ms == 0 {
                dues.push(fetches.want(Cause::News, now));
            }
            if ends == Some(now) {
                ends = None;
                dues.push(fetches.ended(now));
            }
            if rests == Some(now) {
                rests = None;
                dues.push(fetches.rested(now));
            }
            for due in dues {
                match due {
                    Due::Now => {
                        assert!(ends.is_none(), "two at once");
                        (n_begun, begun_at) = (n_begun + 1, now);
                        ends = Some(now + cost_ms.max(1));
                    }
                    Due::In(ms) => {
                        assert!(rests.is_none(), "two clocks");
                        rests = Some(now + ms);
                    }
                    Due::Not => {}
                }
            }
        }
        (n_begun, begun_at >= last_change)
    }

    #[test]
    fn how_often_a_page_asks_is_bounded_by_what_it_costs_and_not_by_how_much_changes() {
        // 2,250 changes in a minute are one every 27 ms.
        for (cost_ms, every_ms, most) in
            [(2_000, 27, 7), (2_000, 1, 7), (500, 27, 25), (100, 27, 121), (10, 27, 2_250), (8_000, 27, 3)]
        {
            let (n, is_up_to_date) = fetches_in_a_minute(cost_ms, every_ms);
            assert!((1..=most).contains(&n), "{n} fetches of {cost_ms} ms, a change each {every_ms} ms");
            assert!(is_up_to_date, "the last change is seen, {cost_ms} ms");
        }
    }

    #[test]
    fn what_a_person_did_is_shown_at_once_however_much_the_page_costs() {
        let mut fetches = Fetches::default();
        assert_eq!(fetches.want(Cause::Person, 0), Due::Now);
        assert_eq!(fetches.ended(2_000), Due::Not);
        assert_eq!(fetches.want(Cause::News, 2_001), Due::In(7_999));
        assert_eq!(fetches.want(Cause::News, 2_002), Due::Not, "it rests already");
        assert_eq!(fetches.want(Cause::Person, 2_003), Due::Now);
        assert_eq!(fetches.want(Cause::Person, 2_004), Due::Not, "one at a time");
        assert_eq!(fetches.want(Cause::News, 2_005), Due::Not);
        assert_eq!(fetches.ended(4_003), Due::Now, "what came while it was under way, for the person");
        assert_eq!(fetches.ended(4_010), Due::Not);
        assert_eq!(fetches.rested(10_000), Due::Not, "there is nothing left to ask");
    }

    #[test]
    fn a_clock_that_is_set_makes_no_page_rest_for_long() {
        let mut fetches = Fetches::default();
        assert_eq!(fetches.want(Cause::News, 1_000_000), Due::Now);
        assert_eq!(fetches.ended(2_000_000), Due::Not);
        assert_eq!(
            fetches.want(Cause::News, 2_000_000),
            Due::In(LONGEST_REST_MS),
            "set forward by a quarter of an hour"
        );
        assert_eq!(fetches.rested(0), Due::Now, "set back by half an hour");
    }
}
