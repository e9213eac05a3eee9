//! How a device proves itself at a hub: see `porchlight_model::hub`.

use crate::error::EngineError;
use porchlight_model::hub::{KEY_LABEL, TOKEN_LABEL};
use porchlight_model::id::Sha256;
use sha2::Digest;

/// The key by which hubs know the device of a relay token.
///
/// # Errors
/// When the token is none that this program makes.
pub fn key_of(token: &str) -> Result<Sha256, EngineError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(token, &mut bytes).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    let hash = sha2::Sha256::digest(bytes);
    Ok(Sha256(sha2::Sha256::new().chain_update(KEY_LABEL).chain_update(hash).finalize().into()))
}

/// The token that the device of a key shows to the hub with a fingerprint.
#[must_use]
pub fn token_for(key: Sha256, fingerprint: Sha256) -> Sha256 {
    let hash = sha2::Sha256::new().chain_update(TOKEN_LABEL).chain_update(key.0).chain_update(fingerprint.0);
    Sha256(hash.finalize().into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{key_of, token_for};
    use porchlight_model::id::Sha256;

    #[test]
    fn each_device_has_another_token_at_each_hub() {
        let keys = ["aa", "bb"].map(|byte| key_of(&byte.repeat(32)).unwrap());
        let hubs = [Sha256([1; 32]), Sha256([2; 32])];
        let mut tokens: Vec<_> = keys.iter().flat_map(|key| hubs.map(|hub| token_for(*key, hub))).collect();
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 4);
        assert!(key_of("aa").is_err() && key_of("").is_err());
    }
}
