//! Words that both stores keep as text; one that this relay does not know is a failure of the store, never a guess.

use super::StoreError;
use porchlight_model::id::Sha256;
use porchlight_model::member::Role;
use porchlight_model::wire::{Access, DocKind};
use std::collections::BTreeSet;

/// Reads a role's name.
pub(super) fn role(text: &str) -> Result<Role, StoreError> {
    Role::parse(text).ok_or_else(|| unknown("role"))
}

/// Reads the name of a document's kind.
pub(super) fn kind(text: &str) -> Result<DocKind, StoreError> {
    DocKind::parse(text).ok_or_else(|| unknown("kind of document"))
}

/// Reads the name of an access, where there is one.
pub(super) fn access(text: Option<&str>) -> Result<Option<Access>, StoreError> {
    text.map(|text| Access::parse(text).ok_or_else(|| unknown("access"))).transpose()
}

/// Reads heads as a document's row keeps them: 32 bytes each.
pub(super) fn heads(bytes: &[u8]) -> Result<Vec<Sha256>, StoreError> {
    let (heads, []) = bytes.as_chunks::<32>() else {
        return Err(StoreError::Unavailable("the store holds heads of another length".into()));
    };
    Ok(heads.iter().map(|hash| Sha256(*hash)).collect())
}

/// Heads as a document's row keeps them.
pub(super) fn heads_bytes(heads: &BTreeSet<Sha256>) -> Vec<u8> {
    heads.iter().flat_map(|hash| hash.0).collect()
}

fn unknown(what: &str) -> StoreError {
    StoreError::Unavailable(format!("the store holds a {what} that this relay does not know").into())
}
