//! Universes: the narrow rows over which filters look, filters as SQL, and what is read by them.

pub(crate) mod choices;
pub(crate) mod compile;
pub(crate) mod facts;
pub(crate) mod list;
pub(crate) mod resident;
pub(crate) mod words;

/// Bits of `universe_voter.marks`: there is a telephone number.
pub(crate) const HAS_PHONE: i64 = 1;
/// They, or everyone behind their door, wish not to be contacted.
pub(crate) const DO_NOT_CONTACT: i64 = 2;
/// There is a danger at their door.
pub(crate) const DANGER: i64 = 4;
/// They have moved away.
pub(crate) const MOVED: i64 = 8;
/// They have died.
pub(crate) const DECEASED: i64 = 16;
/// They were added at a door.
pub(crate) const ADDED: i64 = 32;

use porchlight_model::universe::Mark;

/// The bit of a mark; none for one that only a newer program knows.
pub(crate) const fn bit(mark: Mark) -> i64 {
    match mark {
        Mark::DoNotContact => DO_NOT_CONTACT,
        Mark::Danger => DANGER,
        Mark::Moved => MOVED,
        Mark::Deceased => DECEASED,
        Mark::Added => ADDED,
        Mark::Unknown(_) => 0,
    }
}
