//! Chooses among a campaign's relays: all are equal, so that a device fails over when one is silent, and returns later.

use crate::engine::{Membership, Tx};
use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::id::DeviceId;
use porchlight_model::time::At;
use rusqlite::Connection;
use std::time::Duration;

/// How long a device stays with a relay it fell back to before it tries its own again, in milliseconds.
const COME_BACK_MS: i64 = 5 * 60 * 1000;
/// How long a small request may take while there is another relay to try.
const FIRST_WAIT: Duration = Duration::from_millis(2_000);
/// How long it may take when all were tried once: the network itself may be slow.
const SECOND_WAIT: Duration = Duration::from_secs(20);
/// How long it may take where there is one relay only.
const ONLY_WAIT: Duration = Duration::from_secs(60);
/// A slow but living phone network, in bytes a second: larger requests get more time.
const SLOW_BYTES_A_SECOND: u64 = 8_000;

/// The relays of this campaign as last received; empty where there are none.
///
/// # Errors
/// When the database fails.
pub(crate) fn told(conn: &Connection) -> Result<Vec<String>, EngineError> {
    Ok(settings::get(conn, "relays")?.unwrap_or_default())
}

/// The relays to use: the received list, else the one at which this device joined.
///
/// # Errors
/// When the database fails.
pub(crate) fn known(conn: &Connection, to: &Membership) -> Result<Vec<String>, EngineError> {
    let told = told(conn)?;
    Ok(if told.is_empty() { vec![to.relay.clone()] } else { told })
}

/// Takes in another list. A campaign that has moved is at home where the list says, also should that be empty again one day.
pub(crate) fn take_in(tx: &mut Tx<'_>, told: &Vec<String>) -> Result<(), EngineError> {
    settings::put(tx.conn(), "relays", told)?;
    let membership = tx.member()?;
    match told.first() {
        Some(first) if !told.contains(&membership.relay) => {
            let moved = Membership { relay: first.clone(), ..membership.clone() };
            tx.set_membership(Some(moved))
        }
        Some(_) | None => Ok(()),
    }
}

/// The relay that this device asks at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Relays {
    /// How far it has failed over in the list, counted from its own relay.
    moved: usize,
    moved_at: At,
}

/// One attempt of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) relay: String,
    pub(crate) wait: Duration,
    moved: usize,
}

impl Attempt {
    /// Shortens its timeout.
    pub(crate) fn hurry(&mut self) {
        self.wait = self.wait.min(FIRST_WAIT);
    }
}

impl Relays {
    /// The attempts of a round, in order: each relay once with a short timeout, then each with a longer one. `all` are the campaign's relays;
    /// devices begin at different ones.
    pub(crate) fn attempts(&self, all: &[String], device: DeviceId, now: At) -> Vec<Attempt> {
        let n_relays = all.len();
        let passed = now.since_ms(self.moved_at);
        let start = if (0..COME_BACK_MS).contains(&passed) { self.moved } else { 0 };
        let own = device.to_bytes().iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
        let attempt = |moved: usize, wait| {
            let relay = all.get(own.wrapping_add(moved) % n_relays.max(1)).cloned().unwrap_or_default();
            Attempt { relay, wait, moved }
        };
        if n_relays <= 1 {
            return all.iter().map(|relay| Attempt { relay: relay.clone(), wait: ONLY_WAIT, moved: 0 }).collect();
        }
        let places = || (0..n_relays).map(|place| (start + place) % n_relays);
        places()
            .map(|moved| attempt(moved, FIRST_WAIT))
            .chain(places().map(|moved| attempt(moved, SECOND_WAIT)))
            .collect()
    }

    /// Records which attempt was answered.
    pub(crate) fn answered(&mut self, attempt: &Attempt, now: At) {
        if self.moved != attempt.moved {
            (self.moved, self.moved_at) = (attempt.moved, now);
        }
    }
}

/// The timeout for a request of `n_bytes`, given that for a small one.
pub(crate) fn with_size(wait: Duration, n_bytes: usize) -> Duration {
    wait + Duration::from_millis(n_bytes as u64 * 1000 / SLOW_BYTES_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::{Relays, with_size};
    use porchlight_model::id::DeviceId;
    use porchlight_model::time::At;
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn three() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    fn device(n: u8) -> DeviceId {
        DeviceId::from_bytes([n; 16])
    }

    #[test]
    fn devices_begin_at_different_relays_and_try_each_twice() {
        let firsts: BTreeSet<_> =
            (0..30).map(|n| Relays::default().attempts(&three(), device(n), At(0))[0].relay.clone()).collect();
        assert_eq!(firsts.len(), 3);
        let tried = Relays::default().attempts(&three(), device(1), At(0));
        let names: Vec<_> = tried.iter().map(|attempt| attempt.relay.as_str()).collect();
        assert_eq!(names.len(), 6);
        assert_eq!(names[..3], names[3..]);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn a_device_stays_where_it_was_answered_and_comes_back() {
        let mut relays = Relays::default();
        let tried = relays.attempts(&three(), device(1), At(0));
        relays.answered(&tried[1], At(1_000));
        let first = |relays: &Relays, at| relays.attempts(&three(), device(1), At(at))[0].relay.clone();
        assert_eq!(first(&relays, 2_000), tried[1].relay);
        assert_eq!(first(&relays, 300_999), tried[1].relay);
        assert_eq!(first(&relays, 301_000), tried[0].relay);
    }

    #[test]
    fn all_relays_but_the_last_get_little_patience_in_the_first_pass() {
        let waits: u64 = Relays::default().attempts(&three()[..2], device(1), At(0))[..1]
            .iter()
            .map(|attempt| with_size(attempt.wait, 400).as_secs())
            .sum();
        assert!(waits < 3, "a phone is at the next relay within three seconds");
        assert!(with_size(Duration::from_secs(2), 1 << 20) > Duration::from_secs(100));
    }
}
