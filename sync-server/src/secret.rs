//! Secrets: those of invite links, which are shown once, and the bearer tokens of devices; only their SHA-256 is ever stored.

use porchlight_model::hub::KEY_LABEL;
use sha2::{Digest, Sha256};
use std::fmt;

/// Lower-case letters and digits without `i`, `l`, `o` and `u`, which are misread or misheard.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The SHA-256 of a secret or a token: all that the store sees of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

impl SecretHash {
    /// The key by which hubs know the device whose token this is the hash of.
    #[must_use]
    pub fn hub_key(&self) -> porchlight_model::id::Sha256 {
        let hash = Sha256::new().chain_update(KEY_LABEL).chain_update(self.0);
        porchlight_model::id::Sha256(hash.finalize().into())
    }
}

/// An invite's secret, as it stands in the link.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Its letters: 26 of 5 bits are 130 bits.
    pub const N_LETTERS: usize = 26;

    /// Writes random bytes as letters.
    #[must_use]
    pub fn from_random(random: [u8; Self::N_LETTERS]) -> Self {
        Self(random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
    }

    /// Reads what a person or a link gives: spaces around it and capitals don't matter. `None` where it cannot be a secret.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let is_plain = text.len() == Self::N_LETTERS && text.bytes().all(|byte| LETTERS.contains(&byte));
        is_plain.then_some(Self(text))
    }

    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the store keeps of it.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// What the store keeps of a bearer token; `None` unless it is 64 hexadecimal digits.
#[must_use]
pub fn token_hash(token: &str) -> Option<SecretHash> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(token, &mut bytes).ok()?;
    Some(SecretHash(Sha256::digest(bytes).into()))
}
