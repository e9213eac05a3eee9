//! Decides when to sync, without IO, from events and the time.

use porchlight_model::time::At;

/// The longest wait between two rounds when nothing happens.
const IDLE_MS: i64 = 30_000;
/// The first backoff after a failed round, doubled with each further failure.
const FIRST_BACK_OFF_MS: i64 = 1_000;
/// The maximum backoff.
const LONGEST_BACK_OFF_MS: i64 = 60_000;
/// The wait after a refusal that a retry will not change soon.
const REFUSED_MS: i64 = 300_000;
/// The debounce after a write: the screen is painted first, and acts in quick succession are sent together.
const WRITTEN_MS: i64 = 250;
/// The wait while a pack is on its way to the relay from another device.
const SOON_MS: i64 = 3_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Something was written on this device.
    Written,
    /// A person asked, the network came back, or the relay hinted.
    Nudged,
    /// Time has passed.
    Woke,
    /// A round succeeded.
    Done(Rest),
    /// The relay could not be reached, or was too busy.
    Failed {
        /// A random jitter from 0 to 1023, so that phones that lost the same relay do not return in step.
        jitter: u16,
    },
    /// The relay refuses this device.
    Refused,
}

/// What a successful round leaves to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Nothing,
    /// More to push or pull, at once.
    More,
    /// Something that will arrive soon.
    Soon,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Sync now.
    Round,
    /// Wait until then, or until something happens.
    WaitUntil(At),
}

/// The state of one device's sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Session {
    due: At,
    n_failures: u32,
    is_backing_off: bool,
}

impl Session {
    /// Handles an event and returns what to do.
    pub fn handle(&mut self, input: Input, now: At) -> Output {
        match input {
            Input::Written if self.is_backing_off => {}
            Input::Written => self.due = self.due.min(now.plus_ms(WRITTEN_MS)),
            Input::Nudged => self.due = now,
            Input::Woke => {}
            Input::Done(rest) => {
                self.n_failures = 0;
                self.is_backing_off = false;
                self.due = now.plus_ms(match rest {
                    Rest::Nothing => IDLE_MS,
                    Rest::More => 0,
                    Rest::Soon => SOON_MS,
                });
            }
            Input::Failed { jitter } => {
                let doubled = FIRST_BACK_OFF_MS << self.n_failures.min(10);
                let wait = doubled.min(LONGEST_BACK_OFF_MS);
                self.n_failures += 1;
                self.is_backing_off = true;
                self.due = now.plus_ms(wait / 2 + wait * i64::from(jitter) / 2048);
            }
            Input::Refused => {
                self.is_backing_off = true;
                self.due = now.plus_ms(REFUSED_MS);
            }
        }
        // A clock that was set back must not delay a round for hours.
        let latest = now.plus_ms(REFUSED_MS);
        self.due = self.due.min(latest);
        if self.due <= now { Output::Round } else { Output::WaitUntil(self.due) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Input, Output, Rest, Session};
    use porchlight_model::time::At;

    #[test]
    fn a_phone_backs_off_and_comes_back_at_once_when_nudged() {
        let mut session = Session::default();
        assert_eq!(session.handle(Input::Woke, At(0)), Output::Round);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let Output::WaitUntil(at) = session.handle(Input::Failed { jitter: 1023 }, At(0)) else {
                panic!("no wait")
            };
            waits.push(at.0);
        }
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits[0] <= 1_000 && waits[7] <= 60_000 && waits[7] > 30_000, "{waits:?}");
        assert!(matches!(session.handle(Input::Written, At(1)), Output::WaitUntil(_)));
        assert_eq!(session.handle(Input::Nudged, At(1)), Output::Round);
    }

    #[test]
    fn more_goes_on_at_once_and_nothing_rests() {
        let mut session = Session::default();
        assert_eq!(session.handle(Input::Done(Rest::More), At(5)), Output::Round);
        assert_eq!(session.handle(Input::Done(Rest::Nothing), At(5)), Output::WaitUntil(At(30_005)));
        assert_eq!(session.handle(Input::Written, At(6)), Output::WaitUntil(At(256)));
        assert_eq!(
            session.handle(Input::Written, At(200)),
            Output::WaitUntil(At(256)),
            "a second act does not put it off"
        );
        assert_eq!(session.handle(Input::Woke, At(256)), Output::Round);
    }

    #[test]
    fn a_clock_set_back_a_year_does_not_stop_sync() {
        let mut session = Session::default();
        session.handle(Input::Done(Rest::Nothing), At(1_000_000_000_000));
        let Output::WaitUntil(at) = session.handle(Input::Woke, At(0)) else { panic!("no wait") };
        assert!(at.0 <= 300_000);
    }
}
