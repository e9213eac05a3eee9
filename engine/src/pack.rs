//! Encodes packs as gzipped CBOR, identified by the SHA-256 of the encoded bytes.

use crate::error::EngineError;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use porchlight_model::cbor;
use porchlight_model::id::Sha256;
use porchlight_model::turf::{MAX_PACK_BYTES, MAX_PACK_UNFOLDED_BYTES, PACK_FORMAT, Pack};
use sha2::Digest;
use std::io::{Read, Write};

/// Encodes a pack. The same pack always gives the same bytes.
///
/// # Errors
/// When it is larger than [`MAX_PACK_BYTES`]: the turf must be cut smaller.
pub fn encode(pack: &Pack) -> Result<(Sha256, Vec<u8>), EngineError> {
    let mut plain = Vec::new();
    ciborium::into_writer(pack, &mut plain).map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let bytes = gzip
        .write_all(&plain)
        .and_then(|()| gzip.finish())
        .map_err(|error| EngineError::Corrupt { what: error.to_string() })?;
    if bytes.len() > MAX_PACK_BYTES {
        return Err(EngineError::Corrupt { what: format!("a pack of {} bytes is too large", bytes.len()) });
    }
    Ok((hash(&bytes), bytes))
}

/// Decodes a pack; decompresses no more than [`MAX_PACK_UNFOLDED_BYTES`].
///
/// # Errors
/// When the bytes are not a pack in a format that this program knows.
pub fn decode(bytes: &[u8]) -> Result<Pack, EngineError> {
    let unreadable = |error: &dyn std::fmt::Display| EngineError::BadReply(format!("a pack cannot be read: {error}"));
    // Decoded from a byte slice, as replies are: a second reader type would duplicate the whole CBOR decoder in the program.
    let mut plain = Vec::new();
    let mut gzip = GzDecoder::new(bytes).take(MAX_PACK_UNFOLDED_BYTES as u64);
    gzip.read_to_end(&mut plain).map_err(|error| unreadable(&error))?;
    cbor::measure(&plain, cbor::MAX_PACK_VALUES).map_err(|error| unreadable(&error))?;
    let pack: Pack = ciborium::from_reader(plain.as_slice()).map_err(|error| unreadable(&error))?;
    if pack.format != PACK_FORMAT {
        return Err(EngineError::BadReply(format!("a pack is of format {}", pack.format)));
    }
    Ok(pack)
}

/// The SHA-256 by which encoded bytes are identified.
#[must_use]
pub fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}
