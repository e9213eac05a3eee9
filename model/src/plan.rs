//! What the office plans: goals, and saved lists of people. Rules that interface and engine share.

use crate::id::{GoalId, ListId, TurfId, VoterId};
use crate::open::open_names;
use crate::time::At;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The most characters in the name of a list.
pub const MAX_LIST_NAME_CHARS: usize = 100;

/// The most saved lists of a campaign, removed ones not counted.
pub const MAX_LISTS: usize = 500;

/// The most goals of a campaign, removed ones not counted.
pub const MAX_GOALS: usize = 100;

/// The most bytes of a saved filter.
pub const MAX_FILTER_BYTES: usize = 16 * 1024;

/// The most people in a frozen list.
pub const MAX_FROZEN: usize = 20_000;

/// How many of them stand together in one value: 32 kB, so that a change has room for one.
pub const IDS_PER_PART: usize = 2_000;

/// The most days from a goal's first to its last.
pub const MAX_GOAL_DAYS: i64 = 800;

open_names! {
    /// What a goal counts.
    pub enum Measure {
        /// Doors that are done as the dashboard counts them, in each wave, at the first attempt there.
        Doors = "doors",
        /// Attempts: visits that were not taken back.
        Attempts = "attempts",
        /// Attempts at which someone was met.
        Contacts = "contacts",
        /// Voters whose answer counts as support, when they first gave one.
        Supporters = "supporters",
    }
}

/// Where a goal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalScope {
    /// In the whole campaign.
    Campaign,
    /// In one turf, in all waves.
    Turf(TurfId),
}

/// A goal: so many of a measure in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// What is counted.
    pub measure: Measure,
    /// Where.
    pub scope: GoalScope,
    /// The first day, in days since 1970.
    pub from: i64,
    /// The last day, which counts as well.
    pub to: i64,
    /// How many by the end of it.
    pub target: u32,
}

/// Why a goal cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoalFault {
    /// Its target is zero.
    Zero,
    /// It ends before it begins.
    Backwards,
    /// It has ended already.
    Past,
    /// It lasts longer than [`MAX_GOAL_DAYS`].
    Long,
    /// What it counts is known to a newer version only.
    Newer,
}

impl Goal {
    /// Checks a goal that is to be set on a day.
    ///
    /// # Errors
    /// The first reason why it cannot be.
    pub const fn check(&self, today: i64) -> Result<(), GoalFault> {
        if self.measure.is_unknown() {
            return Err(GoalFault::Newer);
        }
        if self.target == 0 {
            return Err(GoalFault::Zero);
        }
        if self.to < self.from {
            return Err(GoalFault::Backwards);
        }
        if self.to < today {
            return Err(GoalFault::Past);
        }
        if self.to - self.from >= MAX_GOAL_DAYS {
            return Err(GoalFault::Long);
        }
        Ok(())
    }
}

/// A goal of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedGoal {
    /// Names it.
    pub id: GoalId,
    /// What it is.
    pub goal: Goal,
}

/// A filter as whoever wrote it encoded it: opaque here, and to every version that does not know its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// The version of the encoding.
    pub version: u16,
    /// The filter, at most [`MAX_FILTER_BYTES`].
    pub body: ByteBuf,
}

/// A saved list of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedList {
    /// Names it.
    pub id: ListId,
    /// What people call it.
    pub name: String,
    /// Whom it finds.
    pub filter: SavedFilter,
    /// Whom it found when it was frozen; `None` for a list that is refreshed whenever it is opened.
    pub frozen: Option<Frozen>,
}

/// The people of a list as they were at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// When.
    pub at: At,
    /// How many.
    pub n: u32,
    /// Whether all of them have arrived on this device.
    pub is_whole: bool,
}

/// The people of a frozen list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenVoters {
    /// Who, in the order in which they were frozen.
    pub voters: Vec<VoterId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_refused_for_the_first_reason_that_a_person_can_mend() {
        let goal = Goal { measure: Measure::Doors, scope: GoalScope::Campaign, from: 100, to: 130, target: 500 };
        let check = |goal: Goal, fault: Option<GoalFault>| assert_eq!(goal.check(110).err(), fault, "{goal:?}");
        check(goal, None);
        check(Goal { to: 110, ..goal }, None);
        check(Goal { from: 130, ..goal }, None);
        check(Goal { target: 0, ..goal }, Some(GoalFault::Zero));
        check(Goal { to: 99, ..goal }, Some(GoalFault::Backwards));
        check(Goal { to: 109, ..goal }, Some(GoalFault::Past));
        check(Goal { to: 100 + MAX_GOAL_DAYS, ..goal }, Some(GoalFault::Long));
        check(Goal { to: 99 + MAX_GOAL_DAYS, ..goal }, None);
        check(Goal { measure: Measure::parse("shifts"), ..goal }, Some(GoalFault::Newer));
    }
}
