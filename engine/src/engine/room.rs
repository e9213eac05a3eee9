//! Tracks whether the disk is full: from a write that failed for lack of space, until a write with the same cause succeeds.

use super::Engine;
use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::calls::Topic;

/// The size of the test write in bytes: more than a visit with a long note takes.
const TRIED_BYTES: usize = 64 * 1024;
/// The prefix of the causes of sync's writes, which each round retries.
const SYNC: &str = "sync";

impl Engine {
    /// Whether a write failed for lack of space, and none with the same cause has succeeded since.
    #[must_use]
    pub const fn has_no_room(&self) -> bool {
        self.no_room_for.is_some()
    }

    /// Records the result of a write. A failure for lack of space stands until a write with the same cause succeeds.
    pub(super) fn note_room(&mut self, cause: &'static str, failed: Option<&EngineError>) {
        let before = self.no_room_for;
        match failed {
            Some(error) if error.is_no_room() => self.no_room_for = Some(cause),
            None if before == Some(cause) => self.no_room_for = None,
            Some(_) | None => {}
        }
        if self.no_room_for.is_some() != before.is_some() {
            self.topics.insert(Topic::Sync);
        }
    }

    /// Makes a test write to find out whether there is space again, so that a person who has freed some sees it before recording anything.
    pub(crate) fn look_for_room(&mut self) {
        if self.no_room_for.is_none_or(|cause| cause.starts_with(SYNC)) {
            return;
        }
        let text = "0".repeat(TRIED_BYTES);
        let tried = self.write("room: trying", |tx| settings::put(tx.conn(), "room", &text));
        if tried.is_ok() && self.write("room: tried", |tx| settings::remove(tx.conn(), "room")).is_ok() {
            self.no_room_for = None;
            self.topics.insert(Topic::Sync);
        }
    }
}
