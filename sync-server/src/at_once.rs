//! Concurrency limits per device: running requests, streams of hints.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The slots in use, by key.
pub(crate) struct AtOnce<K> {
    max: AtomicU32,
    taken: Mutex<HashMap<K, u32>>,
}

/// A slot, released when dropped.
pub(crate) struct Turn<K: Hash + Eq> {
    of: Arc<AtOnce<K>>,
    key: K,
}

impl<K: Hash + Eq + Copy> AtOnce<K> {
    /// Permits each key `max` slots at once.
    pub(crate) fn new(max: u32) -> Arc<Self> {
        Arc::new(Self { max: AtomicU32::new(max), taken: Mutex::default() })
    }

    /// Changes the limit; slots in use are not affected.
    pub(crate) fn change(&self, max: u32) {
        self.max.store(max, Ordering::Relaxed);
    }

    /// Takes a slot; `None` if the key has used all of its own.
    pub(crate) fn take(self: &Arc<Self>, key: K) -> Option<Turn<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let n_taken = taken.entry(key).or_default();
        if *n_taken >= self.max.load(Ordering::Relaxed) {
            return None;
        }
        *n_taken += 1;
        Some(Turn { of: self.clone(), key })
    }
}

impl<K: Hash + Eq + Copy> Turn<K> {
    /// Whose it is.
    pub(crate) const fn key(&self) -> K {
        self.key
    }
}

impl<K: Hash + Eq> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut taken = self.of.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n_taken) = taken.get_mut(&self.key) {
            *n_taken -= 1;
            if *n_taken == 0 {
                taken.remove(&self.key);
            }
        }
    }
}
