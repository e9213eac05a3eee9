//! What stands of flags and dangers on this device, read once for whatever is laid out with it.

use super::dangers::{self, StandingDanger};
use super::flags;
use crate::error::EngineError;
use porchlight_model::visit::{About, Flag};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Flags and dangers that stand, of every door and voter that has one.
pub(crate) struct Standing {
    pub(crate) flags: BTreeMap<About, BTreeSet<Flag>>,
    pub(crate) dangers: BTreeMap<About, StandingDanger>,
}

impl Standing {
    /// Reads both.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn read(conn: &Connection) -> Result<Self, EngineError> {
        Ok(Self { flags: flags::standing(conn)?, dangers: dangers::standing(conn)? })
    }

    /// Reads the flags alone, for what tells the states of doors and nothing of who saw a danger.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn flags_alone(conn: &Connection) -> Result<Self, EngineError> {
        Ok(Self { flags: flags::standing(conn)?, dangers: BTreeMap::new() })
    }
}
