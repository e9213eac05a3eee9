//! Packs: what belongs to documents and is told in parts.

use super::{Caller, Later, StoreError};
use porchlight_model::id::{DocId, Sha256};
use std::ops::Range;

/// Packs, which every store has.
pub trait Packs: Send + Sync {
    /// Gives a part of a pack that belongs to a document the device hears of; `range` may reach beyond its end.
    fn pack(&self, by: Caller, hash: Sha256, range: Range<u64>) -> Later<'_, PackPart>;

    /// Keeps a pack for a document that the device may write. A hub takes none.
    fn put_pack(&self, _by: Caller, _doc: DocId, _hash: Sha256, _bytes: Vec<u8>) -> Later<'_, ()> {
        Box::pin(async { Err(StoreError::NOT_AT_A_HUB) })
    }
}

/// A part of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackPart {
    /// The bytes asked for, as far as the pack has them.
    pub bytes: Vec<u8>,
    /// The size of the whole pack.
    pub n_bytes: u64,
}
