//! A story: what people do and what goes wrong, step by step. Each step is self-contained, so that others can be removed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A story about a group of devices and their relays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The seed of all random values inside engines and relay.
    pub seed: u64,
    /// The number of phones that take part, besides coordinator and captain.
    pub n_phones: usize,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// A device, by its index in the cast; copies come after the cast. The index is taken modulo the number of devices.
pub type Who = usize;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Someone records something.
    Act {
        /// Who.
        who: Who,
        /// What.
        act: Act,
        /// What goes wrong in the device meanwhile.
        mishap: Mishap,
    },
    /// A device syncs, or continues its running sync.
    Sync {
        /// Who.
        who: Who,
        /// The fates of its messages, in order; further ones arrive.
        fates: Vec<Fate>,
        /// What goes wrong in the device meanwhile.
        mishap: Mishap,
    },
    /// A delayed message arrives, possibly out of order.
    Arrive {
        /// Which, modulo the number of messages in flight.
        nth: usize,
    },
    /// A device is switched off and on: only what is on disk remains.
    Restart {
        /// Who.
        who: Who,
    },
    /// Time passes for everyone.
    Pass {
        /// Minutes.
        minutes: i64,
    },
    /// A device's clock is set wrong.
    SetClock {
        /// Who.
        who: Who,
        /// By how many minutes against the true time.
        ahead_minutes: i64,
    },
    /// A device's database is copied.
    CopyPhone {
        /// Who.
        who: Who,
    },
    /// A device gets an older copy of its database back, if there is one.
    RollBack {
        /// Who.
        who: Who,
    },
    /// Another device starts with a copy of this one's database, under the same identity.
    Clone {
        /// Who.
        who: Who,
    },
    /// All relays are killed and started again.
    KillRelay,
    /// One relay goes down, and stays down until it comes up.
    RelayDown {
        /// Which, modulo those there are.
        number: usize,
    },
    /// One relay comes up again.
    RelayUp {
        /// Which, modulo those there are.
        number: usize,
    },
    /// The relays make snapshots of all documents that grew, which devices without the document get from here on.
    Fold,
    /// The operator copies the relay's store.
    BackUpRelay,
    /// The operator puts the latest copy of the relay's store back, if there is one.
    RestoreRelay,
    /// The captain hands a turf to a device.
    HandOut {
        /// Which turf, modulo those there are.
        turf: usize,
        /// To whom.
        who: Who,
        /// The fates of the messages with which it joins; without an answer, the person scans the code again.
        #[serde(default)]
        fates: Vec<Fate>,
    },
    /// The captain takes a turf back from a device.
    TakeBack {
        /// Which turf, modulo those there are.
        turf: usize,
        /// From whom.
        who: Who,
    },
    /// Someone of the office opens their device as a hub, or closes it.
    Host {
        /// Who, modulo those of the office.
        who: Who,
        /// Whether it opens.
        is_open: bool,
    },
    /// A device uses a hub, if it is open; every further sync also goes there.
    UseHub {
        /// Who.
        who: Who,
        /// Whose hub, modulo those of the office.
        hub: Who,
        /// The fates of the messages.
        fates: Vec<Fate>,
        /// What goes wrong in the hub meanwhile.
        mishap: Mishap,
    },
    /// A device stops using its hub.
    LeaveHub {
        /// Who.
        who: Who,
    },
    /// A new person joins: the captain hands a turf to a new phone.
    Enrol {
        /// Which turf, modulo those there are.
        turf: usize,
    },
    /// A phone is lost for good, with all that it holds.
    Lose {
        /// Whose.
        who: Who,
    },
    /// The operator revokes a device.
    Revoke {
        /// Whose.
        who: Who,
    },
    /// The coordinator starts a wave.
    StartWave,
    /// The coordinator ends a wave.
    EndWave {
        /// Which, modulo the number of waves in progress, newest first.
        nth: usize,
    },
}

/// An act that someone records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Nobody home at a door, or on a floor of two.
    NotHome {
        /// The turf, modulo those there are.
        turf: usize,
        /// The door, modulo those used.
        door: usize,
    },
    /// A talk with an answer and a note.
    Talk {
        /// The turf.
        turf: usize,
        /// The door.
        door: usize,
        /// Which answer.
        answer: usize,
    },
    /// A note alone.
    Note {
        /// The turf.
        turf: usize,
        /// The door.
        door: usize,
    },
    /// A flag set or lifted.
    Flag {
        /// The turf.
        turf: usize,
        /// The door.
        door: usize,
        /// Set, or lifted.
        is_set: bool,
    },
    /// A person added.
    Person {
        /// The turf.
        turf: usize,
        /// The door.
        door: usize,
    },
    /// The last visit of this device taken back.
    Undo,
    /// The first unsettled conflict is settled with one answer or none. Always by the coordinator.
    Settle {
        /// Whether an answer is kept.
        keeps: bool,
    },
    /// A new version of the script. Always by the coordinator.
    Script,
    /// A saved list in the office document. Always by the coordinator.
    Plan,
}

/// What goes wrong in a device while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mishap {
    /// Nothing.
    None,
    /// It dies before a certain SQLite statement.
    Dies {
        /// How many statements still run.
        after: i64,
    },
    /// The disk refuses the first commit after a number of statements.
    DiskFails {
        /// How many statements run before.
        after: i64,
    },
}

/// The fate of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It arrives, and so does its answer.
    Arrives,
    /// It is lost.
    Lost,
    /// The relay processes it, but its answer is lost.
    AnswerLost,
    /// It arrives twice; the second answer comes back.
    Doubled,
    /// It is delayed.
    Late,
    /// The relay processes it at once, but its answer is delayed.
    AnswerLate,
    /// It is delayed, and its sender times out and tries the next relay.
    GivenUp,
    /// It is truncated after so many thousandths.
    Cut(u16),
    /// Its answer is truncated after so many thousandths.
    AnswerCut(u16),
    /// The relay is killed before it commits.
    RelayDiesBefore,
    /// The relay is killed after it committed and before it answers.
    RelayDiesAfter,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrives => f.write_str("arrives"),
            Self::Lost => f.write_str("is lost"),
            Self::AnswerLost => f.write_str("arrives, its answer is lost"),
            Self::Doubled => f.write_str("arrives twice"),
            Self::Late => f.write_str("is late"),
            Self::AnswerLate => f.write_str("arrives, its answer is late"),
            Self::GivenUp => f.write_str("is late, and nobody waits for it any more"),
            Self::Cut(at) => write!(f, "is cut after {at} thousandths"),
            Self::AnswerCut(at) => write!(f, "arrives, its answer is cut after {at} thousandths"),
            Self::RelayDiesBefore => f.write_str("meets a relay that is killed before it commits"),
            Self::RelayDiesAfter => f.write_str("is committed, then the relay is killed"),
        }
    }
}
