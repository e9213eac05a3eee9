//! The protocol versions that programs speak, and how two of them negotiate one with each request.
//!
//! ```text
//! device  ── proto: 2, newest: 3 ──►  relay     written in version 2, answers up to version 3 are understood
//! device  ◄───────── proto: 3 ──────  relay     the highest that both speak
//! ```
//! A program from before ranges sends `proto` alone and speaks that one version. Where two ranges do not overlap, the relay refuses with
//! [`crate::relay::RefusalCode::WrongVersion`] and its own range, and the device keeps what it holds. What each version added:
//!
//! | version | |
//! | --- | --- |
//! | 2 | the first one in use |
//! | 3 | names that a program does not know (kinds of documents, roles, …) are read and kept, so they may be sent |
//! | 4 | relays make documents of the kind `office` |

use crate::member::Role;
use crate::wire::{Access, DocKind, DocStatus, RejectReason};
use serde::{Deserialize, Serialize};

/// A range of versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The oldest.
    pub oldest: u16,
    /// The newest.
    pub newest: u16,
}

impl Versions {
    /// The versions that this program speaks.
    pub const OURS: Self = Self { oldest: 2, newest: 4 };

    /// The versions of a request with `proto` and `newest`; `newest` is missing where the program is from before ranges.
    #[must_use]
    pub fn of_request(proto: u16, newest: Option<u16>) -> Self {
        Self { oldest: proto, newest: newest.unwrap_or(proto).max(proto) }
    }

    /// Whether the range includes this version.
    #[must_use]
    pub const fn holds(self, version: u16) -> bool {
        self.oldest <= version && version <= self.newest
    }

    /// The highest version that both speak; `None` where there is none.
    #[must_use]
    pub fn agree(self, other: Self) -> Option<u16> {
        let newest = self.newest.min(other.newest);
        (newest >= self.oldest.max(other.oldest)).then_some(newest)
    }
}

/// The version since which unknown names are read and kept.
const OPEN_NAMES: u16 = 3;

/// The version since which relays make office documents.
const OFFICE: u16 = 4;

impl DocKind {
    /// The version since which this kind may be named to a program: an earlier one fails to decode messages that name it. A program that may be told of
    /// it need not know it; see [`Self::born_since`].
    #[must_use]
    pub const fn named_since(self) -> u16 {
        match self {
            Self::Campaign | Self::Turf => Versions::OURS.oldest,
            Self::Office | Self::Unknown(_) => OPEN_NAMES,
        }
    }

    /// The version since which a relay makes documents of this kind. An earlier one reads the name, but refuses to make what it does not know; of a
    /// kind that this program does not know either, the relay can only be asked.
    #[must_use]
    pub const fn born_since(self) -> u16 {
        match self {
            Self::Campaign | Self::Turf => Versions::OURS.oldest,
            Self::Office => OFFICE,
            Self::Unknown(_) => OPEN_NAMES,
        }
    }
}

impl Access {
    /// The version since which this access may be named to a program.
    #[must_use]
    pub const fn since(self) -> u16 {
        match self {
            Self::Read | Self::Write | Self::HandIn => Versions::OURS.oldest,
            Self::Unknown(_) => OPEN_NAMES,
        }
    }
}

impl DocStatus {
    /// The version since which this status may be told to a program.
    #[must_use]
    pub const fn since(self) -> u16 {
        match self {
            Self::Served | Self::HandIn | Self::NoGrant => Versions::OURS.oldest,
            Self::Unavailable | Self::Unknown(_) => OPEN_NAMES,
        }
    }
}

impl RejectReason {
    /// The reason as a program that speaks this version can read it.
    #[must_use]
    pub const fn readable(self, version: u16) -> Self {
        match self {
            Self::TooCostly | Self::AltersEntry | Self::Unknown(_) if version < OPEN_NAMES => Self::Malformed,
            readable => readable,
        }
    }
}

impl Role {
    /// The version since which this role may be sent to a program.
    #[must_use]
    pub const fn since(self) -> u16 {
        match self {
            Self::Canvasser | Self::Captain | Self::Coordinator => Versions::OURS.oldest,
            Self::Unknown(_) => OPEN_NAMES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_programs_speak_the_highest_version_that_both_know() {
        let check = |ours: (u16, u16), theirs: (u16, u16), agreed: Option<u16>| {
            let [ours, theirs] = [ours, theirs].map(|(oldest, newest)| Versions { oldest, newest });
            assert_eq!((ours.agree(theirs), theirs.agree(ours)), (agreed, agreed), "{ours:?} {theirs:?}");
        };
        check((2, 3), (2, 3), Some(3));
        check((2, 3), (2, 2), Some(2));
        check((2, 3), (3, 7), Some(3));
        check((2, 3), (4, 7), None);
        check((2, 3), (1, 1), None);
    }

    #[test]
    fn a_kind_is_named_to_programs_that_keep_it_before_there_are_relays_that_make_it() {
        let check = |kind: DocKind, named: u16, born: u16| {
            assert_eq!((kind.named_since(), kind.born_since()), (named, born), "{kind:?}");
        };
        check(DocKind::Campaign, 2, 2);
        check(DocKind::Turf, 2, 2);
        check(DocKind::Office, 3, 4);
        check(DocKind::parse("ledger"), 3, 3);
        for kind in DocKind::ALL {
            assert!(kind.named_since() <= kind.born_since() && kind.born_since() <= Versions::OURS.newest, "{kind:?}");
        }
    }

    #[test]
    fn a_request_from_before_ranges_speaks_one_version() {
        assert_eq!(Versions::of_request(2, None), Versions { oldest: 2, newest: 2 });
        assert_eq!(Versions::of_request(2, Some(5)), Versions { oldest: 2, newest: 5 });
        assert_eq!(Versions::of_request(4, Some(1)), Versions { oldest: 4, newest: 4 }, "one that contradicts itself");
    }
}
