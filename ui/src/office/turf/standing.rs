//! How a turf stands: what fills it on the map, and what the table says of it. Pure.

use porchlight_model::calls::office::TurfRow;
use porchlight_model::time::At;

/// Turf that is out and to do counts as silent if no device that holds it contacted the relay for this long, in milliseconds.
pub(in crate::office) const SILENT_MS: i64 = 3 * 3_600_000;

/// Whether a device that was last heard from then is silent.
pub(in crate::office) fn is_silent(heard: Option<At>, now: At) -> bool {
    heard.is_none_or(|heard| now.since_ms(heard) > SILENT_MS)
}

/// How a turf stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Each of its doors has a result.
    Done,
    /// Someone holds it, and the relay heard from them lately.
    Out,
    /// Nobody holds it, and something was recorded there.
    Begun,
    /// Nobody holds it, and nothing was recorded there.
    Untouched,
    /// It is not on this device yet, or it is out and silent: what was done there may be more than what is known.
    Unknown,
}

impl Standing {
    /// All, in the order of the legend.
    pub(super) const ALL: [Self; 5] = [Self::Done, Self::Out, Self::Begun, Self::Untouched, Self::Unknown];

    /// How `row` stands at a time.
    pub(super) fn of(row: &TurfRow, now: At) -> Self {
        let (n_doors, n_done) = (row.tally.n_doors, row.tally.n_done);
        let is_out = !row.walkers.is_empty();
        match row.is_here {
            false => Self::Unknown,
            true if n_doors > 0 && n_done >= n_doors => Self::Done,
            true if is_out && is_silent(row.last_heard, now) => Self::Unknown,
            true if is_out => Self::Out,
            true if n_done > 0 || row.tally.n_attempts > 0 => Self::Begun,
            true => Self::Untouched,
        }
    }

    /// Its name for styles and for the map (`porch-map.js`).
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Out => "out",
            Self::Begun => "begun",
            Self::Untouched => "untouched",
            Self::Unknown => "unknown",
        }
    }

    /// The id of its word.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Done => "turf-is-done",
            Self::Out => "turf-is-out",
            Self::Begun => "turf-is-begun",
            Self::Untouched => "turf-is-untouched",
            Self::Unknown => "turf-is-unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SILENT_MS, Standing};
    use porchlight_model::calls::office::{Tally, TurfRow};
    use porchlight_model::id::TurfId;
    use porchlight_model::time::At;
    use std::collections::BTreeMap;

    const NOW: At = At(100 * SILENT_MS);

    fn row(n_done: u32, walkers: &[&str], silent_ms: Option<i64>) -> TurfRow {
        TurfRow {
            turf: TurfId::from_bytes([1; 16]),
            name: "Rowan 1".to_owned(),
            is_here: true,
            walkers: walkers.iter().map(|name| (*name).to_owned()).collect(),
            minutes: 60,
            tally: Tally { n_doors: 40, n_done, ..Tally::default() },
            by_state: BTreeMap::new(),
            last_heard: silent_ms.map(|ms| At(NOW.0 - ms)),
            n_conflicts: 0,
        }
    }

    #[test]
    fn turf_that_is_out_and_silent_is_unknown_unless_it_is_done() {
        assert_eq!(Standing::of(&row(3, &["Ana"], Some(SILENT_MS)), NOW), Standing::Out);
        assert_eq!(Standing::of(&row(3, &["Ana"], Some(SILENT_MS + 1)), NOW), Standing::Unknown);
        assert_eq!(Standing::of(&row(3, &["Ana"], None), NOW), Standing::Unknown);
        assert_eq!(Standing::of(&row(40, &["Ana"], Some(SILENT_MS + 1)), NOW), Standing::Done);
        assert_eq!(Standing::of(&row(3, &[], None), NOW), Standing::Begun);
        assert_eq!(Standing::of(&row(0, &[], None), NOW), Standing::Untouched);
        assert_eq!(Standing::of(&TurfRow { is_here: false, ..row(0, &[], None) }, NOW), Standing::Unknown);
    }
}
