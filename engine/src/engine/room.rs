//! Whether the device has room: known from the writes that found none, until such a write is on the disk again.

use super::Engine;
use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::calls::Topic;

/// How much is written to see whether there is room again, in bytes: more than a visit with a long note takes.
const TRIED_BYTES: usize = 64 * 1024;
/// How the writes of sync begin to be called: they are tried again with each round, by themselves.
const SYNC: &str = "sync";

impl Engine {
    /// Whether something could not be written for want of room, and nothing of its kind was written since.
    #[must_use]
    pub const fn has_no_room(&self) -> bool {
        self.no_room_for.is_some()
    }

    /// Notes how a write ended: one that found no room is told until one of the same cause is on the disk.
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

    /// Tries whether there is room again for what a person records: a person who has freed some does not have to record to see it.
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
