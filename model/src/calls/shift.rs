//! The report at the end of a shift: one for the person, whatever turf they hold.

use crate::id::TurfId;
use serde::{Deserialize, Serialize};

/// Asks for the numbers of this device's shift, over all turf that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftReport {}

/// The numbers of this device's shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// The turf on which this device has recorded something, in the order in which they were cut.
    pub turfs: Vec<ShiftTurf>,
    /// Results recorded on this device (visits, notes, flags, people: one for each act).
    pub n_results: u32,
    /// How many of them a relay has committed.
    pub n_safe: u32,
    /// How many of those a coordinator's device has stored, too.
    pub n_seen: u32,
    /// Doors knocked by this member.
    pub n_doors: u32,
    /// Conversations.
    pub n_talked: u32,
    /// Supporters found: voters with an answer that counts as support.
    pub n_supporters: u32,
    /// People added.
    pub n_added: u32,
    /// From the first to the last visit, in minutes.
    pub minutes: u32,
}

/// Where the results on one turf are, as in [`ShiftView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftTurf {
    /// The turf.
    pub turf: TurfId,
    /// Its name.
    pub name: String,
    /// Results recorded on this device.
    pub n_results: u32,
    /// How many of them a relay has committed.
    pub n_safe: u32,
    /// How many of those a coordinator's device has stored, too.
    pub n_seen: u32,
}
