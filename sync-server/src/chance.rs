//! The only source of randomness: generates ids, secrets and the epoch from a seed that is passed in.

use crate::secret::Secret;
use porchlight_model::id::{InviteId, MemberId};
use porchlight_model::time::At;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::{Mutex, PoisonError};

/// A cryptographic generator behind a lock.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    /// Starts from a seed; the program takes it from the operating system, a test chooses it.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }

    /// A fresh invite secret of 130 bits.
    pub fn secret(&self) -> Secret {
        Secret::from_random(self.bytes())
    }

    /// A fresh invite id.
    pub fn invite_id(&self, now: At) -> InviteId {
        InviteId::new(now.unsigned_ms(), self.bytes())
    }

    /// A fresh member id.
    pub fn member_id(&self, now: At) -> MemberId {
        MemberId::new(now.unsigned_ms(), self.bytes())
    }

    /// A random number that is never 0.
    pub fn epoch(&self) -> u64 {
        u64::from_be_bytes(self.bytes()).max(1)
    }

    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}
