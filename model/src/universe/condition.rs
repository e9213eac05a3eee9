//! One condition of a filter.

use super::Filter;
use crate::id::{QuestionId, TurfId};
use crate::message::Message;
use crate::open::open_names;
use crate::place::LonLat;
use crate::time::At;
use crate::visit::ResultCode;
use serde::{Deserialize, Serialize};

/// The most values that one condition may have.
pub const MAX_VALUES: usize = 1000;

/// The longest distance in a condition, in metres.
pub const MAX_DISTANCE_M: f64 = 100_000.0;

/// The most characters that may be looked for.
pub const MAX_TEXT_CHARS: usize = 200;

/// The most attempts that a condition may name: more than anybody was visited.
pub const MAX_ATTEMPTS: u32 = 1_000_000;

/// The dates between which conditions make sense: 2000 and 2100.
const DATES: std::ops::Range<i64> = 946_684_800_000..4_102_444_800_000;

open_names! {
    /// A mark of a person that stands.
    pub enum Mark {
        /// They, or everyone behind their door, wish not to be contacted.
        DoNotContact = "do_not_contact",
        /// There is a danger at their door.
        Danger = "danger",
        /// They have moved away by what was found at the door.
        Moved = "moved",
        /// They have died by what was found at the door.
        Deceased = "deceased",
        /// They were added at a door and are not on the file.
        Added = "added",
    }
}

open_names! {
    /// Where a person's door is, as far as turf is concerned.
    pub enum TurfPlace {
        /// In a turf.
        In = "in",
        /// In a turf that a canvasser's device holds.
        Out = "out",
        /// In no turf.
        Free = "free",
    }
}

/// One condition. What is not known of a person never meets one: nobody of unknown age is between two ages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Their party is one of these, as the file writes it; empty for those who have none.
    Party {
        /// The parties.
        any: Vec<String>,
    },
    /// Their precinct is one of these, as the file writes it.
    Precinct {
        /// The precincts.
        any: Vec<String>,
    },
    /// Their town is one of these.
    Town {
        /// The towns.
        any: Vec<String>,
    },
    /// Their postal code is one of these.
    Zip {
        /// The postal codes.
        any: Vec<String>,
    },
    /// Their age is between these, which are included; without one there is no limit.
    Age {
        /// The least, in years.
        from: Option<u8>,
        /// The most, in years.
        to: Option<u8>,
    },
    /// The file does not have their age.
    AgeUnknown {},
    /// There is a telephone number of theirs.
    HasPhone {},
    /// The result of the last attempt at them, in whatever wave, is one of these.
    LastResult {
        /// The results.
        any: Vec<ResultCode>,
        /// Whether also those count at whom there was no attempt.
        or_none: bool,
    },
    /// So many attempts were made at them; without one there is no limit.
    Attempts {
        /// At least.
        from: Option<u32>,
        /// At most.
        to: Option<u32>,
    },
    /// Somebody talked to them, or to someone for their whole door, at that time or later.
    ContactedSince {
        /// The time.
        at: At,
    },
    /// Nobody has talked to them since that time.
    NotReachedSince {
        /// The time.
        at: At,
    },
    /// Their answer to a question stands and is one of these. An answer that is disputed is none.
    Answered {
        /// The question.
        question: QuestionId,
        /// The stored values; empty for whatever answer.
        any: Vec<String>,
    },
    /// One of these marks stands.
    Marked {
        /// The marks.
        any: Vec<Mark>,
    },
    /// Their door is there.
    Turf {
        /// Where.
        place: TurfPlace,
    },
    /// Their door is in one of these turf.
    InTurf {
        /// The turf.
        any: Vec<TurfId>,
    },
    /// Somebody else behind their door meets a filter.
    LivesWith {
        /// The filter.
        with: Box<Filter>,
    },
    /// Their door is that near; those whose place is not known are not.
    Near {
        /// The middle.
        at: LonLat,
        /// The distance in metres.
        within_m: f64,
    },
    /// They are found by this text: beginnings of the words of their name and address, the last digits of a telephone number, or an id in the file.
    Text {
        /// What was typed.
        text: String,
    },
}

impl Condition {
    /// Whether it has a name that only a newer program knows.
    #[must_use]
    pub fn needs_newer(&self) -> bool {
        match self {
            Self::LastResult { any, .. } => any.iter().any(ResultCode::is_unknown),
            Self::Marked { any } => any.iter().any(Mark::is_unknown),
            Self::Turf { place } => place.is_unknown(),
            Self::LivesWith { with } => with.needs_newer(),
            Self::Party { .. }
            | Self::Precinct { .. }
            | Self::Town { .. }
            | Self::Zip { .. }
            | Self::Age { .. }
            | Self::AgeUnknown {}
            | Self::HasPhone {}
            | Self::Attempts { .. }
            | Self::ContactedSince { .. }
            | Self::NotReachedSince { .. }
            | Self::Answered { .. }
            | Self::InTurf { .. }
            | Self::Near { .. }
            | Self::Text { .. } => false,
        }
    }

    /// Checks that it makes sense.
    ///
    /// # Errors
    /// A message that names what is wrong.
    pub fn check(&self) -> Result<(), Message> {
        match self {
            Self::Party { any } | Self::Precinct { any } | Self::Town { any } | Self::Zip { any } => few(any.len()),
            Self::Answered { any, .. } => few(any.len()),
            Self::InTurf { any } => few(any.len()),
            Self::Marked { any } => few(any.len()),
            Self::LastResult { any, .. } => few(any.len()),
            Self::Age { from, to } => in_order(from.map(u32::from), to.map(u32::from)),
            Self::Attempts { from, to } => {
                if from.max(to).is_some_and(|n| n > MAX_ATTEMPTS) {
                    return Err(Message::new("filter-number-large").with("max", MAX_ATTEMPTS));
                }
                in_order(*from, *to)
            }
            // The beginning of time is "ever".
            Self::ContactedSince { at } | Self::NotReachedSince { at } if at.0 != 0 && !DATES.contains(&at.0) => {
                Err(Message::new("filter-date-wrong"))
            }
            Self::Near { at, within_m } => {
                let is_place = at.lon.abs() <= 180.0 && at.lat.abs() <= 90.0;
                if !is_place {
                    return Err(Message::new("filter-place-wrong"));
                }
                let is_distance = *within_m > 0.0 && *within_m <= MAX_DISTANCE_M;
                if is_distance { Ok(()) } else { Err(Message::new("filter-distance-wrong").with("max", "100")) }
            }
            Self::Text { text } if text.chars().count() > MAX_TEXT_CHARS => {
                Err(Message::new("filter-text-long").with("max", MAX_TEXT_CHARS))
            }
            Self::LivesWith { with } => with.check(),
            Self::ContactedSince { .. }
            | Self::NotReachedSince { .. }
            | Self::AgeUnknown {}
            | Self::HasPhone {}
            | Self::Turf { .. }
            | Self::Text { .. } => Ok(()),
        }
    }
}

fn few(n: usize) -> Result<(), Message> {
    if n > MAX_VALUES { Err(Message::new("filter-values-many").with("max", MAX_VALUES)) } else { Ok(()) }
}

fn in_order(from: Option<u32>, to: Option<u32>) -> Result<(), Message> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(Message::new("filter-order-wrong").with("from", from).with("to", to))
        }
        _ => Ok(()),
    }
}
