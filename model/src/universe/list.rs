//! A saved list: a filter with a name, which takes whoever meets it at the time, or those who met it once.

use super::Filter;
use crate::id::VoterId;
use crate::open::open_names;
use serde::{Deserialize, Serialize};

/// The most characters that the name of a list may have.
pub const MAX_LIST_NAME_CHARS: usize = 100;

open_names! {
    /// How a list is kept.
    pub enum Keeps {
        /// Whoever meets the filter whenever the list is opened.
        Refreshed = "refreshed",
        /// Those who met it when the list was saved.
        Frozen = "frozen",
    }
}

/// A saved list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedList {
    /// What people call it.
    pub name: String,
    /// Whom it takes, or took.
    pub filter: Filter,
    /// How it is kept.
    pub keeps: Keeps,
    /// The people of a frozen list, in the order of their ids; empty for a refreshed one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voters: Vec<VoterId>,
}
