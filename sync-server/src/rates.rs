//! Token buckets that throttle the requests of devices and of addresses without a token, and the bytes that a device sends and receives.

use porchlight_model::time::At;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// A rate with room for bursts, in requests or in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many may come at once.
    pub burst: u32,
    /// How many more each second.
    pub per_second: u32,
}

impl Rate {
    /// One device: 300 requests at once, 20 a second.
    pub const DEVICE: Self = Self { burst: 300, per_second: 20 };
    /// One device: 32 MiB of requests a minute.
    pub const DEVICE_BYTES: Self = Self::per_minute(32 * 1024 * 1024);
    /// One device: 256 MiB of answers a minute.
    pub const DEVICE_TOLD: Self = Self::per_minute(256 * 1024 * 1024);
    /// One address without a token: 400 requests at once, 20 a second, so that a hall full of volunteers behind one router can join.
    pub const ADDRESS: Self = Self { burst: 400, per_second: 20 };

    /// `n` per minute, with a burst of the same size.
    #[must_use]
    pub const fn per_minute(n: u32) -> Self {
        Self { burst: n, per_second: n.div_ceil(60) }
    }
}

/// Over this many buckets, those that are full again are forgotten; looked for again only when their number has doubled since.
const MANY_BUCKETS: usize = 20_000;

/// A bucket: thousandths left at an instant; below nothing where more was taken than it holds.
type Bucket = (i64, At);

/// One bucket for each key.
pub(crate) struct Rates<K> {
    buckets: Mutex<Buckets<K>>,
}

struct Buckets<K> {
    rate: Rate,
    by_key: HashMap<K, Bucket>,
    sweep_at: usize,
}

impl<K: Hash + Eq> Rates<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { buckets: Mutex::new(Buckets { rate, by_key: HashMap::new(), sweep_at: MANY_BUCKETS }) }
    }

    /// Changes the rate; used tokens stay used.
    pub(crate) fn change(&self, rate: Rate) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).rate = rate;
    }

    /// Takes `n` out of the key's bucket, or returns after how many seconds to retry. An amount larger than a whole bucket
    /// is granted when the bucket is full, and leaves a debt: no request is too large to be served eventually.
    pub(crate) fn take(&self, key: K, n: u64, now: At) -> Result<(), u32> {
        self.with(key, now, |left, rate| {
            wait(*left, n, rate)?;
            *left = left.saturating_sub(thousandths(n));
            Ok(())
        })
    }

    /// Takes `n` even where that much is not left: the next ones wait for it.
    pub(crate) fn owe(&self, key: K, n: u64, now: At) {
        self.with(key, now, |left, _| *left = left.saturating_sub(thousandths(n)));
    }

    /// Whether a key that was seen before has to wait, and for how many seconds; takes nothing and remembers nobody.
    pub(crate) fn must_wait(&self, key: &K, now: At) -> Option<u32> {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.by_key.get(key)?;
        wait(left(buckets.rate, *bucket, now), 1, buckets.rate).err()
    }

    fn with<R>(&self, key: K, now: At, act: impl FnOnce(&mut i64, Rate) -> R) -> R {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = buckets.rate;
        if buckets.by_key.len() >= buckets.sweep_at {
            buckets.by_key.retain(|_, bucket| left(rate, *bucket, now) < full(rate));
            buckets.sweep_at = (buckets.by_key.len() * 2).max(MANY_BUCKETS);
        }
        let bucket = buckets.by_key.entry(key).or_insert((full(rate), now));
        *bucket = (left(rate, *bucket, now), now);
        act(&mut bucket.0, rate)
    }
}

/// The key by which an address is rate-limited: a client with an IPv6 address usually has the 2^64 of its network.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn wait(left: i64, n: u64, rate: Rate) -> Result<(), u32> {
    let needed = thousandths(n).min(full(rate));
    if left >= needed {
        return Ok(());
    }
    let missing_ms = needed.saturating_sub(left).div_euclid(i64::from(rate.per_second).max(1)) + 1;
    Err(u32::try_from(missing_ms / 1000 + 1).unwrap_or(u32::MAX))
}

fn thousandths(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).saturating_mul(1000)
}

fn full(rate: Rate) -> i64 {
    i64::from(rate.burst) * 1000
}

fn left(rate: Rate, (left, at): Bucket, now: At) -> i64 {
    let gained = now.since_ms(at).max(0).saturating_mul(i64::from(rate.per_second));
    left.saturating_add(gained).min(full(rate))
}

#[cfg(test)]
mod tests {
    use super::{Rate, Rates, counted_as};
    use porchlight_model::time::At;

    #[test]
    fn bytes_are_given_up_to_the_last_and_what_is_larger_than_a_bucket_is_owed() {
        let rates = Rates::new(Rate { burst: 600, per_second: 10 });
        assert_eq!(rates.take("ana", 599, At(0)), Ok(()));
        assert_eq!(rates.take("ana", 2, At(0)), Err(1));
        assert_eq!(rates.take("ana", 1, At(0)), Ok(()));
        assert_eq!(rates.take("ben", 600, At(0)), Ok(()));
        assert_eq!(rates.take("ana", 100, At(0)), Err(11), "ten a second, and a little");
        assert_eq!(rates.take("ana", 100, At(9_999)), Err(1));
        assert_eq!(rates.take("ana", 100, At(10_000)), Ok(()));
        assert_eq!(rates.take("ana", 1_200, At(60_000)), Err(11));
        assert_eq!(rates.take("ana", 1_200, At(70_000)), Ok(()), "a full bucket serves anything");
        assert_eq!(rates.take("ana", 1, At(129_900)), Err(1), "the rest is owed");
        assert_eq!(rates.take("ana", 1, At(130_100)), Ok(()));
        rates.owe("ana", 1_000, At(130_100));
        assert_eq!(rates.must_wait(&"ana", At(130_100)), Some(101));
        assert_eq!(rates.must_wait(&"cleo", At(130_100)), None, "nobody is remembered for being asked after");
    }

    #[test]
    fn another_rate_counts_from_then_on_and_gives_nothing_back() {
        let rates = Rates::new(Rate { burst: 10, per_second: 1 });
        assert_eq!(rates.take("ana", 8, At(0)), Ok(()));
        rates.change(Rate { burst: 5, per_second: 10 });
        assert_eq!(rates.take("ana", 3, At(0)), Err(1));
        assert_eq!(rates.take("ana", 3, At(100)), Ok(()));
        assert_eq!(rates.take("ben", 5, At(100)), Ok(()));
        assert!(rates.take("ben", 1, At(100)).is_err(), "a bucket of the new size");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
        let rates = Rates::new(Rate { burst: 2, per_second: 1 });
        assert_eq!((rates.take(7, 1, At(5_000)), rates.take(7, 1, At(0))), (Ok(()), Ok(())));
        assert!(rates.take(7, 1, At(0)).is_err());
    }

    #[test]
    fn buckets_are_forgotten_when_they_are_full_again() {
        let rates = Rates::new(Rate { burst: 1, per_second: 1 });
        for key in 0..50_000 {
            assert_eq!(rates.take(key, 1, At(key)), Ok(()));
        }
        let n_kept = rates.buckets.lock().map(|buckets| buckets.by_key.len()).unwrap_or_default();
        assert!((1_000..25_000).contains(&n_kept), "{n_kept}");
    }

    #[test]
    fn addresses_are_counted_by_network() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(address.parse().map(counted_as).ok(), counted.parse().ok(), "{address}");
        }
    }
}
