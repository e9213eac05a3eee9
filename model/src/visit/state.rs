//! The state of a door and of each person behind it: one function of the visits, the flags, and the results of earlier waves.

use super::{Flag, ResultCode};
use crate::id::VoterId;
use crate::time::At;
use serde::{Deserialize, Serialize};

/// The subject of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerns {
    /// The door and everyone behind it.
    Door,
    /// One person; the others behind the door are as they were.
    Person(VoterId),
}

impl ResultCode {
    /// The subject of this result when it was recorded for `voter`.
    ///
    /// That a door cannot be reached, or has a flyer, is about the door, whoever was named. Anything else is about the person who
    /// was named, or else about the door.
    #[must_use]
    pub const fn concerns(self, voter: Option<VoterId>) -> Concerns {
        match (self, voter) {
            // The subject of an unknown result is not known either: it decides nobody's state.
            (Self::Inaccessible | Self::FlyerLeft | Self::Unknown(_), _) | (_, None) => Concerns::Door,
            (
                Self::NotHome
                | Self::Canvassed
                | Self::Refused
                | Self::ComeBack
                | Self::Moved
                | Self::Deceased
                | Self::LanguageBarrier,
                Some(voter),
            ) => Concerns::Person(voter),
        }
    }

    /// Why a person with this result is no longer to be met here, if so.
    #[must_use]
    pub const fn gone(self) -> Option<Gone> {
        match self {
            Self::Moved => Some(Gone::Moved),
            Self::Deceased => Some(Gone::Deceased),
            Self::NotHome
            | Self::Canvassed
            | Self::Refused
            | Self::ComeBack
            | Self::Inaccessible
            | Self::LanguageBarrier
            | Self::FlyerLeft
            | Self::Unknown(_) => None,
        }
    }
}

/// Why a person is no longer to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// They have moved away.
    Moved,
    /// They have died.
    Deceased,
}

impl Gone {
    /// The name as stored: `moved`, `deceased`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Deceased => "deceased",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Moved, Self::Deceased].into_iter().find(|gone| gone.as_str() == text)
    }
}

/// The outcome of one visit, as far as the state of a door depends on it; results that only a newer program knows are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The voter, when the attempt was at one person.
    pub voter: Option<VoterId>,
    /// When.
    pub at: At,
    /// What came of it.
    pub result: ResultCode,
}

/// A person behind a door, as far as the state of the door depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// Who.
    pub voter: VoterId,
    /// When they were added at the door; `None` for someone of the file. Earlier results of the door do not concern them.
    pub added_at: Option<At>,
    /// Whether they wish not to be contacted.
    pub is_closed: bool,
    /// From earlier waves: that they are gone, and since when that is known.
    pub gone: Option<(Gone, At)>,
}

/// The state of one person behind a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// To be met: there was no attempt at them or at the whole door.
    #[default]
    ToMeet,
    /// The result of the attempt that counts.
    Tried(ResultCode),
    /// No longer to be met.
    Gone(Gone),
    /// Wishes not to be contacted.
    DoNotContact,
}

impl PersonState {
    /// The state of `person` after `outcomes`, which are in order of time, without retracted ones.
    ///
    /// Someone who moved or died is gone, until somebody meets them again after that. Otherwise the latest time that they were met
    /// decides; where they never were, the latest time that anyone behind the door was met or refused for all; else the latest attempt.
    #[must_use]
    pub fn of(person: &Resident, outcomes: &[Outcome]) -> Self {
        if person.is_closed {
            return Self::DoNotContact;
        }
        let is_own = |outcome: &&Outcome| outcome.result.concerns(outcome.voter) == Concerns::Person(person.voter);
        let is_for_all = |outcome: &&Outcome| {
            outcome.result.concerns(outcome.voter) == Concerns::Door
                && person.added_at.is_none_or(|added| outcome.at >= added)
        };
        let met = outcomes.iter().rev().filter(is_own).find(|outcome| outcome.result.is_contact());
        let told = outcomes.iter().rev().filter(|outcome| is_own(outcome) || is_for_all(outcome));
        let gone = told.clone().find_map(|outcome| outcome.result.gone().map(|gone| (gone, outcome.at)));
        let gone = person.gone.into_iter().chain(gone).max_by_key(|(_, at)| *at);
        if let Some((gone, at)) = gone
            && met.is_none_or(|met| met.at < at)
        {
            return Self::Gone(gone);
        }
        let tried = told.clone().filter(|outcome| outcome.result.gone().is_none());
        let counts =
            met.or_else(|| tried.clone().find(|outcome| outcome.result.is_contact())).or_else(|| tried.clone().next());
        counts.map_or(Self::ToMeet, |outcome| Self::Tried(outcome.result))
    }

    /// Whether this person must no longer be asked for.
    #[must_use]
    pub const fn is_out(self) -> bool {
        match self {
            Self::Gone(_) | Self::DoNotContact => true,
            Self::ToMeet | Self::Tried(_) => false,
        }
    }
}

/// The state of a door: one mark in the list and on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// Nobody behind it was met, and someone is to be.
    #[default]
    Todo,
    /// Someone was met, and someone is still to be.
    Part,
    /// Knocked, and nobody came.
    NotHome,
    /// A flyer was left.
    Flyer,
    /// It cannot be reached.
    Shut,
    /// Nobody shared a language.
    Language,
    /// A conversation took place.
    Talked,
    /// Refused, or do not contact.
    Refused,
    /// Asked to come back.
    ComeBack,
    /// Everyone behind it moved or died.
    Moved,
    /// Flagged as dangerous.
    Danger,
}

impl DoorState {
    /// Every state, in the order of a legend.
    pub const ALL: [Self; 11] = [
        Self::Todo,
        Self::Part,
        Self::NotHome,
        Self::Flyer,
        Self::Shut,
        Self::Language,
        Self::Talked,
        Self::Refused,
        Self::ComeBack,
        Self::Moved,
        Self::Danger,
    ];

    /// The name as used in styles and maps: `todo`, `not_home`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Part => "part",
            Self::NotHome => "not_home",
            Self::Flyer => "flyer",
            Self::Shut => "shut",
            Self::Language => "lang",
            Self::Talked => "talked",
            Self::Refused => "refused",
            Self::ComeBack => "come_back",
            Self::Moved => "moved",
            Self::Danger => "danger",
        }
    }

    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether someone is left to meet, and nothing says that nobody should knock.
    #[must_use]
    pub const fn is_to_do(self) -> bool {
        match self {
            Self::Todo | Self::Part => true,
            Self::NotHome
            | Self::Flyer
            | Self::Shut
            | Self::Language
            | Self::Talked
            | Self::Refused
            | Self::ComeBack
            | Self::Moved
            | Self::Danger => false,
        }
    }

    /// The mark of one result.
    #[must_use]
    pub const fn of_result(result: ResultCode) -> Self {
        match result {
            ResultCode::NotHome => Self::NotHome,
            ResultCode::Canvassed => Self::Talked,
            ResultCode::Refused => Self::Refused,
            ResultCode::ComeBack => Self::ComeBack,
            ResultCode::Moved | ResultCode::Deceased => Self::Moved,
            ResultCode::Inaccessible => Self::Shut,
            ResultCode::LanguageBarrier => Self::Language,
            ResultCode::FlyerLeft => Self::Flyer,
            // No conclusion is drawn from it.
            ResultCode::Unknown(_) => Self::Todo,
        }
    }

    /// Derives the state of a door from its residents, the outcomes of its visits (in order of time, without retracted ones), and
    /// its own flags; a danger from one person is a danger at the door.
    ///
    /// Danger and do-not-contact outrank every visit. Otherwise the door is to do while someone is left to meet. When nobody is, the
    /// most telling of what came of each person counts: come back, then talked, no language, refused, and the rest. A door behind which
    /// nobody is listed is taken for one person.
    #[must_use]
    pub fn of(residents: &[Resident], outcomes: &[Outcome], flags: &[Flag]) -> Self {
        if flags.contains(&Flag::Danger) {
            return Self::Danger;
        }
        if flags.contains(&Flag::DoNotContact) {
            return Self::Refused;
        }
        if residents.is_empty() {
            return Self::of_nobody_listed(outcomes);
        }
        let states: Vec<PersonState> = residents.iter().map(|person| PersonState::of(person, outcomes)).collect();
        let tried = || {
            states.iter().filter_map(|state| if let PersonState::Tried(result) = state { Some(*result) } else { None })
        };
        if states.contains(&PersonState::ToMeet) {
            return if tried().any(ResultCode::is_contact) { Self::Part } else { Self::Todo };
        }
        match tried().max_by_key(|result| weight(*result)) {
            Some(result) => Self::of_result(result),
            None if states.contains(&PersonState::DoNotContact) => Self::Refused,
            None => Self::Moved,
        }
    }

    fn of_nobody_listed(outcomes: &[Outcome]) -> Self {
        let met = outcomes.iter().rev().find(|outcome| outcome.result.is_contact());
        met.or(outcomes.last()).map_or(Self::Todo, |outcome| Self::of_result(outcome.result))
    }
}

/// The rank of a person's result for the state of the door: the highest one decides.
const fn weight(result: ResultCode) -> u8 {
    match result {
        ResultCode::ComeBack => 8,
        ResultCode::Canvassed => 7,
        ResultCode::LanguageBarrier => 6,
        ResultCode::Refused => 5,
        ResultCode::Inaccessible => 4,
        ResultCode::FlyerLeft => 3,
        ResultCode::NotHome => 2,
        ResultCode::Moved | ResultCode::Deceased => 1,
        ResultCode::Unknown(_) => 0,
    }
}
