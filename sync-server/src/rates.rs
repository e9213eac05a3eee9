//! Token buckets: how often a device, or an address without a token, may ask.

use porchlight_model::time::At;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// A rate with room for bursts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many requests may come at once.
    pub burst: u32,
    /// How many more each second.
    pub per_second: u32,
}

impl Rate {
    /// One device: 300 at once, 20 a second.
    pub const DEVICE: Self = Self { burst: 300, per_second: 20 };
    /// One address without a token: 400 at once, 20 a second, so that a hall full of volunteers behind one router can join.
    pub const ADDRESS: Self = Self { burst: 400, per_second: 20 };
}

/// Over this many buckets, those that are full again are forgotten.
const MAX_BUCKETS: usize = 20_000;

/// A bucket: thousandths of requests left at an instant.
type Bucket = (i64, At);

/// One bucket for each key.
pub(crate) struct Rates<K> {
    rate: Rate,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Hash + Eq> Rates<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Takes one request out of the key's bucket, or says after how many seconds to come again.
    pub(crate) fn take(&self, key: K, now: At) -> Result<(), u32> {
        let rate = self.rate;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| left(rate, *bucket, now) < full(rate));
        }
        let bucket = buckets.entry(key).or_insert((full(rate), now));
        let left = left(rate, *bucket, now);
        if left < 1000 {
            *bucket = (left, now);
            let missing_ms = (1000 - left).div_euclid(i64::from(rate.per_second).max(1)) + 1;
            return Err(u32::try_from(missing_ms / 1000 + 1).unwrap_or(u32::MAX));
        }
        *bucket = (left - 1000, now);
        Ok(())
    }
}

fn full(rate: Rate) -> i64 {
    i64::from(rate.burst) * 1000
}

fn left(rate: Rate, (left, at): Bucket, now: At) -> i64 {
    let gained = now.since_ms(at).max(0).saturating_mul(i64::from(rate.per_second));
    left.saturating_add(gained).min(full(rate))
}
