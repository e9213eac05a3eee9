//! Measures CBOR before it is decoded: a value of one byte can take many in memory, so that the number of values is bounded first.
//!
//! Format: RFC 8949. Nothing is allocated here beyond one entry for each open level.

/// The most values in a sync request: documents, fields and changes together. A request full of the smallest real changes has a third.
pub const MAX_REQUEST_VALUES: usize = 200_000;

/// The most values in a sync reply: grants for every document of the largest campaign have a fifth.
pub const MAX_REPLY_VALUES: usize = 2_000_000;

/// The most values in a pack.
pub const MAX_PACK_VALUES: usize = 2_000_000;

/// How deep CBOR may nest; the deepest that means something has 8 levels.
pub const MAX_DEPTH: usize = 16;

/// Why CBOR is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It holds more values than asked for.
    #[error("it holds too many values")]
    TooMany,
    /// It nests deeper than [`MAX_DEPTH`].
    #[error("it nests too deep")]
    TooDeep,
    /// It ends too early, or is not CBOR.
    #[error("it is cut off or no CBOR")]
    Malformed,
}

/// Skips over the first value in `bytes`, including nested ones, and returns how many bytes it takes.
///
/// # Errors
/// [`Unreadable`] as soon as a limit is exceeded; the rest is not examined.
pub fn measure(bytes: &[u8], max_values: usize) -> Result<usize, Unreadable> {
    let mut rest = bytes;
    let mut n_values = 0usize;
    // How many values each open level still waits for; `None` where it ends with a break.
    let mut open: Vec<Option<u64>> = Vec::with_capacity(MAX_DEPTH);
    loop {
        n_values += 1;
        if n_values > max_values {
            return Err(Unreadable::TooMany);
        }
        let holds = match head(&mut rest)? {
            Head::Leaf => Some(0),
            Head::Holds(n) => n,
            Head::Break => {
                if open.pop() != Some(None) {
                    return Err(Unreadable::Malformed);
                }
                Some(0)
            }
        };
        if holds != Some(0) {
            if open.len() == MAX_DEPTH {
                return Err(Unreadable::TooDeep);
            }
            open.push(holds);
            continue;
        }
        // A value is complete: so may be the levels around it.
        loop {
            match open.last_mut() {
                None => return Ok(bytes.len() - rest.len()),
                Some(None) => break,
                Some(Some(n_left)) => {
                    *n_left -= 1;
                    if *n_left > 0 {
                        break;
                    }
                    open.pop();
                }
            }
        }
    }
}

/// What the first bytes of a value say of it.
enum Head {
    /// It stands alone; its bytes are behind us.
    Leaf,
    /// It holds so many values, or those up to a break.
    Holds(Option<u64>),
    /// The end of a level without a number.
    Break,
}

fn head(rest: &mut &[u8]) -> Result<Head, Unreadable> {
    let first = *take(rest, 1)?.first().ok_or(Unreadable::Malformed)?;
    let (kind, low) = (first >> 5, first & 0x1f);
    let argument = match low {
        0..24 => Some(u64::from(low)),
        24..28 => {
            let bytes = take(rest, 1 << (low - 24))?;
            Some(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
        }
        31 => None,
        _ => return Err(Unreadable::Malformed),
    };
    match (kind, argument) {
        (2 | 3, Some(n_bytes)) => {
            take(rest, usize::try_from(n_bytes).map_err(|_| Unreadable::Malformed)?)?;
            Ok(Head::Leaf)
        }
        (2..=4, None) => Ok(Head::Holds(None)),
        (4, Some(n)) => Ok(Head::Holds(Some(n))),
        (5, Some(n)) => Ok(Head::Holds(Some(n.checked_mul(2).ok_or(Unreadable::Malformed)?))),
        (5, None) => Ok(Head::Holds(None)),
        (6, Some(_)) => Ok(Head::Holds(Some(1))),
        (7, None) => Ok(Head::Break),
        (0 | 1 | 7, Some(_)) => Ok(Head::Leaf),
        _ => Err(Unreadable::Malformed),
    }
}

fn take<'a>(rest: &mut &'a [u8], n: usize) -> Result<&'a [u8], Unreadable> {
    let (taken, left) = rest.split_at_checked(n).ok_or(Unreadable::Malformed)?;
    *rest = left;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, Unreadable, measure};

    #[test]
    fn values_are_counted_with_all_that_they_hold() {
        // The examples of RFC 8949, appendix A, with the number of their values; a break counts, too.
        for (bytes, n_values) in [
            (&[0x00][..], 1),
            (&[0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0x00], 1),
            (&[0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], 1),
            (&[0xf8, 0xff], 1),
            (&[0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0], 2),
            (&[0x44, 1, 2, 3, 4], 1),
            (&[0x80], 1),
            (&[0x83, 0x01, 0x02, 0x03], 4),
            (&[0x83, 0x01, 0x82, 0x02, 0x03, 0x82, 0x04, 0x05], 8),
            (&[0xa2, 0x01, 0x02, 0x03, 0x04], 5),
            (&[0x5f, 0x42, 1, 2, 0x43, 3, 4, 5, 0xff], 4),
            (&[0x9f, 0x01, 0x82, 0x02, 0x03, 0x9f, 0x04, 0x05, 0xff, 0xff], 10),
            (&[0xbf, 0x61, b'a', 0x01, 0xff], 4),
        ] {
            assert_eq!(measure(bytes, n_values), Ok(bytes.len()), "{bytes:x?}");
            assert_eq!(measure(bytes, n_values - 1), Err(Unreadable::TooMany), "{bytes:x?}");
            for end in 0..bytes.len() {
                assert_eq!(measure(&bytes[..end], 100), Err(Unreadable::Malformed), "{bytes:x?} cut at {end}");
            }
            assert_eq!(measure(&[bytes, &[0xff, 0xff]].concat(), n_values), Ok(bytes.len()), "what follows is left");
        }
    }

    #[test]
    fn what_is_no_cbor_or_bottomless_is_told_at_once() {
        for (bytes, why) in [
            (&[0xff][..], Unreadable::Malformed),
            (&[0x82, 0x01, 0xff], Unreadable::Malformed),
            (&[0x1c], Unreadable::Malformed),
            (&[0x1f], Unreadable::Malformed),
            (&[0xdf], Unreadable::Malformed),
            (&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Unreadable::Malformed),
            (&[0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Unreadable::Malformed),
            (&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], Unreadable::Malformed),
        ] {
            assert_eq!(measure(bytes, 100), Err(why), "{bytes:x?}");
        }
        let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
        assert_eq!(measure(&nested(MAX_DEPTH), 1000), Ok(MAX_DEPTH + 1));
        assert_eq!(measure(&nested(MAX_DEPTH + 1), 1000), Err(Unreadable::TooDeep));
    }
}
