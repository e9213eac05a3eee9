//! The memory budget for large requests and answers, shared by all clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The size up to which requests and answers do not count against the budget.
pub const SMALL_BYTES: usize = 64 * 1024;

/// The memory budget.
pub(crate) struct Room {
    max: AtomicUsize,
    taken: AtomicUsize,
}

/// The budget is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// A share of the budget, released when dropped.
pub(crate) struct Held {
    of: Arc<Room>,
    n_bytes: usize,
}

impl Room {
    /// Creates a budget of `max` bytes.
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max: AtomicUsize::new(max), taken: AtomicUsize::new(0) })
    }

    /// Changes the size; shares in use are not affected.
    pub(crate) fn change(&self, max: usize) {
        self.max.store(max, Ordering::Relaxed);
    }

    fn max(&self) -> usize {
        self.max.load(Ordering::Relaxed)
    }

    /// An empty share.
    pub(crate) fn part(self: &Arc<Self>) -> Held {
        Held { of: self.clone(), n_bytes: 0 }
    }

    /// Whether more than half of it is in use.
    pub(crate) fn is_tight(&self) -> bool {
        self.taken() > self.max() / 2
    }

    /// The number of bytes in use.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Held {
    /// Grows this share to `n_bytes`, unless the budget is exhausted; then it is unchanged. It never shrinks.
    pub(crate) fn grow_to(&mut self, n_bytes: usize) -> Result<(), Full> {
        if n_bytes <= SMALL_BYTES.max(self.n_bytes) {
            return Ok(());
        }
        let more = n_bytes - self.n_bytes;
        let max = self.of.max();
        let fits = |taken: usize| taken.checked_add(more).filter(|taken| *taken <= max);
        self.of.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).map_err(|_| Full)?;
        self.n_bytes += more;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.of.taken.fetch_sub(self.n_bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Full, Room, SMALL_BYTES};

    #[test]
    fn room_is_given_up_to_the_last_byte_and_comes_back() {
        let room = Room::new(300_000);
        let mut one = room.part();
        assert_eq!(one.grow_to(100_000), Ok(()));
        assert_eq!(one.grow_to(200_000), Ok(()));
        assert_eq!(one.grow_to(150_000), Ok(()), "it never shrinks");
        assert_eq!(room.taken(), 200_000);
        let mut other = room.part();
        assert_eq!(other.grow_to(100_001), Err(Full));
        assert_eq!(room.taken(), 200_000);
        assert_eq!(other.grow_to(100_000), Ok(()));
        assert_eq!(other.grow_to(100_001), Err(Full));
        assert_eq!(one.grow_to(200_000), Ok(()));
        drop(one);
        assert_eq!(other.grow_to(300_000), Ok(()));
        drop(other);
        assert_eq!(room.taken(), 0);
    }

    #[test]
    fn what_is_small_takes_none() {
        let room = Room::new(SMALL_BYTES);
        let (mut one, mut other) = (room.part(), room.part());
        assert_eq!((one.grow_to(SMALL_BYTES), room.taken()), (Ok(()), 0));
        assert_eq!(other.grow_to(SMALL_BYTES + 1), Err(Full));
        let larger = Room::new(SMALL_BYTES + 1);
        let mut one = larger.part();
        assert_eq!((one.grow_to(1), one.grow_to(SMALL_BYTES + 1), larger.taken()), (Ok(()), Ok(()), SMALL_BYTES + 1));
        assert!(larger.is_tight());
    }
}
