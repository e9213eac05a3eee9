//! The short text of the sync state: "all safe", "12 on phone", "sending 3", "no signal". Pure.

use crate::state::place::Shape;
use porchlight_model::calls::sync::{SyncPhase, SyncView};
use porchlight_model::message::Message;

/// How much space to ask the person to free, in megabytes: twice what a phone's lists, a day's results and the app take.
pub const ROOM_MB: u32 = 50;

/// The colour of the text, which says the same without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Everything is at the relay.
    Safe,
    /// Something is only on this device.
    Held,
    /// The relay cannot be reached.
    Offline,
    /// A person has to act.
    Trouble,
}

/// The short form at the top of every page.
#[must_use]
pub fn words(sync: &SyncView, shape: Shape) -> (Tone, Message) {
    let told = |id: &str| Message::new(id).with("n", sync.n_held).with("device", device(shape));
    match (sync.phase, sync.n_held) {
        (SyncPhase::Refused, 0) => (Tone::Trouble, told("sync-refused")),
        (SyncPhase::Refused, _) => (Tone::Trouble, told("sync-refused-held")),
        (SyncPhase::Offline, 0) => (Tone::Offline, told("sync-offline-safe")),
        (SyncPhase::Offline, _) => (Tone::Offline, told("sync-offline-held")),
        (SyncPhase::NoRoom, 0) => (Tone::Trouble, told("sync-no-room")),
        (SyncPhase::NoRoom, _) => (Tone::Trouble, told("sync-no-room-held")),
        (SyncPhase::Failing, 0) => (Tone::Trouble, told("sync-failing")),
        (SyncPhase::Failing, _) => (Tone::Trouble, told("sync-failing-held")),
        (SyncPhase::Off | SyncPhase::Idle | SyncPhase::Busy, 0) => (Tone::Safe, told("sync-safe")),
        (SyncPhase::Busy, _) => (Tone::Held, told("sync-sending")),
        (SyncPhase::Off | SyncPhase::Idle, _) => (Tone::Held, told("sync-held")),
    }
}

/// How messages name the device: `phone` or `computer`.
#[must_use]
pub const fn device(shape: Shape) -> &'static str {
    match shape {
        Shape::Phone => "phone",
        Shape::Desk => "computer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::t_message;

    #[test]
    fn the_words_say_where_the_results_are() {
        fn check(phase: SyncPhase, n_held: u32, shape: Shape, text: &str) {
            let sync = SyncView { n_held, n_ended: 0, phase, last_ok: None, trouble: None };
            assert_eq!(t_message(&words(&sync, shape).1), text);
        }
        check(SyncPhase::Idle, 0, Shape::Phone, "all safe");
        check(SyncPhase::Busy, 12, Shape::Phone, "sending 12");
        check(SyncPhase::Idle, 12, Shape::Desk, "12 on computer");
        check(SyncPhase::Offline, 12, Shape::Phone, "12 on phone");
        check(SyncPhase::Offline, 0, Shape::Phone, "no signal");
        check(SyncPhase::Refused, 3, Shape::Phone, "refused, 3 on phone");
        check(SyncPhase::NoRoom, 0, Shape::Phone, "no room left");
        check(SyncPhase::NoRoom, 3, Shape::Phone, "no room, 3 on phone");
        check(SyncPhase::Failing, 3, Shape::Desk, "not sent, 3 on computer");
    }
}
