//! The kinds of conditions that the page offers.

use porchlight_model::id::QuestionId;
use porchlight_model::time::At;
use porchlight_model::universe::{Condition, Filter, TurfPlace};

/// A kind of condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::office::voters) enum Kind {
    /// Party.
    Party,
    /// Age, also that it is not known.
    Age,
    /// Precinct.
    Precinct,
    /// Town.
    Town,
    /// Postal code.
    Zip,
    /// Telephone.
    Phone,
    /// The last result.
    LastResult,
    /// The number of attempts.
    Attempts,
    /// When somebody talked to them.
    Contact,
    /// An answer.
    Answer,
    /// A mark.
    Marked,
    /// Whether they are in turf.
    Turf,
    /// In which turf.
    InTurf,
    /// With whom they live.
    LivesWith,
    /// How near they live.
    Near,
    /// A text.
    Text,
}

impl Kind {
    /// Those that can be added anywhere, in the order in which they are offered.
    pub(in crate::office::voters) const OFFERED: [Self; 14] = [
        Self::Party,
        Self::Age,
        Self::Precinct,
        Self::Town,
        Self::Zip,
        Self::Phone,
        Self::LastResult,
        Self::Contact,
        Self::Attempts,
        Self::Answer,
        Self::Marked,
        Self::Turf,
        Self::InTurf,
        Self::LivesWith,
    ];

    /// Those that can be asked of somebody else behind the door.
    pub(in crate::office::voters) const OF_OTHERS: [Self; 8] = [
        Self::Party,
        Self::Age,
        Self::Phone,
        Self::LastResult,
        Self::Contact,
        Self::Attempts,
        Self::Answer,
        Self::Marked,
    ];

    /// The kind of a condition.
    #[must_use]
    pub(in crate::office::voters) const fn of(condition: &Condition) -> Self {
        match condition {
            Condition::Party { .. } => Self::Party,
            Condition::Age { .. } | Condition::AgeUnknown {} => Self::Age,
            Condition::Precinct { .. } => Self::Precinct,
            Condition::Town { .. } => Self::Town,
            Condition::Zip { .. } => Self::Zip,
            Condition::HasPhone {} => Self::Phone,
            Condition::LastResult { .. } => Self::LastResult,
            Condition::Attempts { .. } => Self::Attempts,
            Condition::ContactedSince { .. } | Condition::NotReachedSince { .. } => Self::Contact,
            Condition::Answered { .. } => Self::Answer,
            Condition::Marked { .. } => Self::Marked,
            Condition::Turf { .. } => Self::Turf,
            Condition::InTurf { .. } => Self::InTurf,
            Condition::LivesWith { .. } => Self::LivesWith,
            Condition::Near { .. } => Self::Near,
            Condition::Text { .. } => Self::Text,
        }
    }

    /// A new condition of this kind; `question` is the first of the script.
    #[must_use]
    pub(in crate::office::voters) fn fresh(self, question: Option<QuestionId>) -> Option<Condition> {
        Some(match self {
            Self::Party => Condition::Party { any: Vec::new() },
            Self::Age => Condition::Age { from: None, to: None },
            Self::Precinct => Condition::Precinct { any: Vec::new() },
            Self::Town => Condition::Town { any: Vec::new() },
            Self::Zip => Condition::Zip { any: Vec::new() },
            Self::Phone => Condition::HasPhone {},
            Self::LastResult => Condition::LastResult { any: Vec::new(), or_none: false },
            Self::Attempts => Condition::Attempts { from: None, to: None },
            Self::Contact => Condition::NotReachedSince { at: At(0) },
            Self::Answer => Condition::Answered { question: question?, any: Vec::new() },
            Self::Marked => Condition::Marked { any: Vec::new() },
            Self::Turf => Condition::Turf { place: TurfPlace::Free },
            Self::InTurf => Condition::InTurf { any: Vec::new() },
            Self::LivesWith => {
                let with = Filter::Is(Condition::Party { any: Vec::new() });
                Condition::LivesWith { with: Box::new(with) }
            }
            Self::Near | Self::Text => return None,
        })
    }

    /// The id of its word.
    #[must_use]
    pub(in crate::office::voters) const fn label(self) -> &'static str {
        match self {
            Self::Party => "filter-party",
            Self::Age => "filter-age",
            Self::Precinct => "filter-precinct",
            Self::Town => "filter-town",
            Self::Zip => "filter-zip",
            Self::Phone => "filter-phone",
            Self::LastResult => "filter-last-result",
            Self::Attempts => "filter-attempts",
            Self::Contact => "filter-contact",
            Self::Answer => "filter-answer",
            Self::Marked => "filter-marked",
            Self::Turf => "filter-turf",
            Self::InTurf => "filter-in-turf",
            Self::LivesWith => "filter-lives-with",
            Self::Near => "filter-near",
            Self::Text => "filter-text",
        }
    }
}
