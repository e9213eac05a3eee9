//! Encodings that both stores share. Roles, kinds and accesses are stored by name, and read whatever a newer relay over the same
//! store wrote: see [`porchlight_model::open`].

use super::StoreError;
use porchlight_model::id::{DeviceId, Sha256};
use porchlight_model::relay::Revocation;
use porchlight_model::time::At;
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

/// Decodes when and by whom a device was revoked: at 0 it was not, or by a program that did not write it down.
pub(super) fn revocation(at: i64, by: Option<[u8; 16]>, by_name: String) -> Option<Revocation> {
    (at != 0).then(|| Revocation { at: At(at), by: by.map(DeviceId::from_bytes), by_name })
}
