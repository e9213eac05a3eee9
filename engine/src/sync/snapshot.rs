//! Decodes a snapshot: the compressed beginning of a document's log.

use crate::doc::weigh::Meter;
use crate::error::EngineError;
use automerge::Change;
use flate2::bufread::GzDecoder;
use porchlight_model::budget::Budget;
use porchlight_model::wire::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_UNFOLDED_BYTES};
use std::io::Read;

/// The changes of a snapshot, dependencies before dependants.
///
/// # Errors
/// When it is too large, decompresses to more than the limit, is truncated, or contains anything but plain, bounded changes.
pub fn unfold(snapshot: &[u8]) -> Result<Vec<Change>, EngineError> {
    unfold_within(snapshot, &mut Meter::of(&Budget::UNKNOWN))
}

/// As [`unfold`], and refuses what `meter` finds too costly.
pub(super) fn unfold_within(snapshot: &[u8], meter: &mut Meter) -> Result<Vec<Change>, EngineError> {
    let bad = |why: &str| EngineError::BadReply(format!("a snapshot {why}"));
    if snapshot.len() > MAX_SNAPSHOT_BYTES {
        return Err(bad("is too large"));
    }
    let mut unfolded = Vec::new();
    GzDecoder::new(snapshot)
        .take(MAX_SNAPSHOT_UNFOLDED_BYTES as u64 + 1)
        .read_to_end(&mut unfolded)
        .map_err(|_| bad("is no gzip"))?;
    if unfolded.len() > MAX_SNAPSHOT_UNFOLDED_BYTES {
        return Err(bad("unfolds to too much"));
    }
    let (mut rest, mut changes) = (unfolded.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (n_bytes, more) = rest.split_first_chunk::<4>().ok_or_else(|| bad("is cut off"))?;
        let (change, more) =
            more.split_at_checked(u32::from_le_bytes(*n_bytes) as usize).ok_or_else(|| bad("is cut off"))?;
        changes.push(meter.read(change.to_vec())?);
        rest = more;
    }
    Ok(changes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::unfold;
    use flate2::{Compression, write::GzEncoder};
    use porchlight_model::wire::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_UNFOLDED_BYTES};
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        assert!(unfold(&gzip(&[])).unwrap().is_empty());
        for (bytes, why) in [
            (b"no gzip".to_vec(), "no gzip"),
            (vec![0; MAX_SNAPSHOT_BYTES + 1], "too large"),
            (gzip(&vec![0; MAX_SNAPSHOT_UNFOLDED_BYTES + 1]), "unfolds to too much"),
            (gzip(&[9, 0, 0]), "cut off"),
            (gzip(&[9, 0, 0, 0, 1]), "cut off"),
            (gzip(&[255, 255, 255, 255, 1]), "cut off"),
            (gzip(&[1, 0, 0, 0, 1]), "not plain"),
        ] {
            let error = unfold(&bytes).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
