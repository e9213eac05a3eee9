//! Goals, and saved lists of people, which the office shares.

use crate::id::{GoalId, ListId, VoterId};
use crate::plan::{FrozenVoters, Goal, NamedGoal, SavedFilter, SavedList};
use serde::{Deserialize, Serialize};

calls! {
    Call of Plan: PlanCall;
    SavedLists -> Vec<SavedList>, act Oversee, reads [Plans];
    OpenFrozen -> FrozenVoters, act Oversee, reads [Plans];
    CreateList -> ListId, act Plan, reads [];
    RenameList -> ListUndo, act Plan, reads [];
    ChangeList -> ListUndo, act Plan, reads [];
    RemoveList -> ListUndo, act Plan, reads [];
    UndoList -> (), act Plan, reads [];
    Goals -> Vec<GoalView>, act Oversee, reads [Plans, Turf, Visits, Script];
    SetGoal -> GoalId, act Plan, reads [];
    ChangeGoal -> Goal, act Plan, reads [];
    RemoveGoal -> (), act Plan, reads [];
    RestoreGoal -> (), act Plan, reads [];
}

/// Asks for the saved lists, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLists {}

/// Asks whom a frozen list holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenFrozen {
    /// The list.
    pub list: ListId,
}

/// Saves a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateList {
    /// What people will call it.
    pub name: String,
    /// Whom it finds.
    pub filter: SavedFilter,
    /// Whom it is frozen to; `None` for a list that is refreshed.
    pub voters: Option<Vec<VoterId>>,
}

/// Gives a list another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameList {
    /// The list.
    pub list: ListId,
    /// The name.
    pub name: String,
}

/// Changes whom a list finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeList {
    /// The list.
    pub list: ListId,
    /// Whom it finds.
    pub filter: SavedFilter,
    /// Whom it is frozen to; `None` for a list that is refreshed.
    pub voters: Option<Vec<VoterId>>,
}

/// Removes a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveList {
    /// The list.
    pub list: ListId,
}

/// Takes back what was just done to a list, unless somebody has done more to it since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoList {
    /// The list.
    pub list: ListId,
    /// What was done.
    pub undo: ListUndo,
}

/// What was done to a list, with what was there before: the values that the document had and has, as it keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListUndo {
    /// It was made.
    Created,
    /// It was renamed.
    Renamed {
        /// The name before.
        before: String,
        /// The name that it was given.
        after: String,
    },
    /// It was changed.
    Changed {
        /// The filter before.
        filter: SavedFilter,
        /// What it was frozen to before, as the document names it; empty for a list that was refreshed.
        frozen: String,
        /// What it is frozen to after.
        after: String,
    },
    /// It was removed.
    Removed,
}

/// Asks for the goals, each with what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goals {
    /// What the person's clock is ahead of UTC, in milliseconds: days begin at their midnight, to the hour.
    pub offset_ms: i64,
}

/// A goal, and how far it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoalView {
    /// The goal.
    pub named: NamedGoal,
    /// The name of its turf; empty for a goal of the whole campaign, and where the turf is not listed any more.
    pub turf: String,
    /// Today, in days since 1970.
    pub today: i64,
    /// What was done from its first day to the end of its last, or until now.
    pub n_done: u32,
    /// What was done on each day, from its first to its last or to today.
    pub days: Vec<u32>,
    /// How many are needed on each day that is left, today included; 0 when it is reached, `None` when no day is left.
    pub n_per_day: Option<u32>,
    /// How many there should be by the end of today, if each day had the same share.
    pub n_by_now: u32,
    /// What there will probably be at its end.
    pub forecast: Forecast,
}

/// What there will probably be at the end of a goal's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forecast {
    /// Less than two weeks have been recorded: there is no pattern yet.
    TooEarly,
    /// The goal's days are over.
    Over,
    /// Between these two, in four cases of five if the coming weeks are as the past ones were.
    Between {
        /// At least.
        low: u32,
        /// The middle.
        middle: u32,
        /// At most.
        high: u32,
    },
}

/// Sets a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetGoal {
    /// The goal.
    pub goal: Goal,
    /// What the person's clock is ahead of UTC, in milliseconds.
    pub offset_ms: i64,
}

/// Changes a goal's days and target; what it counts stays. The reply is what it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeGoal {
    /// The goal.
    pub goal: GoalId,
    /// Its first day.
    pub from: i64,
    /// Its last day.
    pub to: i64,
    /// How many by the end of it.
    pub target: u32,
    /// What the person's clock is ahead of UTC, in milliseconds.
    pub offset_ms: i64,
}

/// Removes a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveGoal {
    /// The goal.
    pub goal: GoalId,
}

/// Brings back a goal that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreGoal {
    /// The goal.
    pub goal: GoalId,
}
