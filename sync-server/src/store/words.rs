//! Encodings that both stores share. Roles, kinds and accesses are stored by name, and read whatever a newer relay over the same
//! store wrote: see [`porchlight_model::open`].

use super::StoreError;
use porchlight_model::id::Sha256;
use std::collections::BTreeSet;

/// Decodes the heads of a document's row: 32 bytes each.
pub(super) fn heads(bytes: &[u8]) -> Result<Vec<Sha256>, StoreError> {
    let (heads, []) = bytes.as_chunks::<32>() else {
        return Err(StoreError::Unavailable("the store holds heads of another length".into()));
    };
    Ok(heads.iter().map(|hash| Sha256(*hash)).collect())
}

/// Encodes heads for a document's row.
pub(super) fn heads_bytes(heads: &BTreeSet<Sha256>) -> Vec<u8> {
    heads.iter().flat_map(|hash| hash.0).collect()
}
