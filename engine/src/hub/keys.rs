//! Authentication of a device at a hub: see `porchlight_model::hub`.

use crate::error::EngineError;
use porchlight_model::hub::{KEY_LABEL, PROOF_LABEL, TOKEN_LABEL};
use porchlight_model::id::Sha256;
use sha2::Digest;

/// The key by which hubs identify the device with a relay token.
///
/// # Errors
/// When the token is malformed.
pub fn key_of(token: &str) -> Result<Sha256, EngineError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(token, &mut bytes).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    let hash = sha2::Sha256::digest(bytes);
    Ok(Sha256(sha2::Sha256::new().chain_update(KEY_LABEL).chain_update(hash).finalize().into()))
}

/// The token that the device with a key presents to the hub with a fingerprint.
#[must_use]
pub fn token_for(key: Sha256, fingerprint: Sha256) -> Sha256 {
    let hash = sha2::Sha256::new().chain_update(TOKEN_LABEL).chain_update(key.0).chain_update(fingerprint.0);
    Sha256(hash.finalize().into())
}

/// The proof that the hub with a fingerprint returns to the device with a key, given the nonces of both.
#[must_use]
pub fn proof(key: Sha256, fingerprint: Sha256, of_device: &[u8; 32], of_hub: &[u8; 32]) -> Sha256 {
    let hash = sha2::Sha256::new().chain_update(PROOF_LABEL).chain_update(key.0).chain_update(fingerprint.0);
    Sha256(hash.chain_update(of_device).chain_update(of_hub).finalize().into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{key_of, proof, token_for};
    use porchlight_model::id::Sha256;

    #[test]
    fn each_device_has_another_token_at_each_hub() {
        let keys = ["aa", "bb"].map(|byte| key_of(&byte.repeat(32)).unwrap());
        let hubs = [Sha256([1; 32]), Sha256([2; 32])];
        let mut tokens: Vec<_> = keys.iter().flat_map(|key| hubs.map(|hub| token_for(*key, hub))).collect();
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 4);
        let mut proofs: Vec<_> =
            keys.iter().flat_map(|key| hubs.map(|hub| proof(*key, hub, &[1; 32], &[2; 32]))).collect();
        proofs.extend([proof(keys[0], hubs[0], &[2; 32], &[1; 32]), proof(keys[0], hubs[0], &[1; 32], &[1; 32])]);
        proofs.extend(tokens);
        proofs.sort();
        proofs.dedup();
        assert_eq!(proofs.len(), 4 + 2 + 4, "each is of use in one place, once");
        assert!(key_of("aa").is_err() && key_of("").is_err());
    }
}
