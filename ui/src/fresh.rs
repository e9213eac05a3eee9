//! Generates ids for what the interface itself creates: jobs, notes, questions, script versions.

use crate::clock;
use porchlight_model::id::{JobId, NoteId, QuestionId, ScriptId};

/// A job id, with which a long job is watched and cancelled.
#[must_use]
pub fn job() -> JobId {
    JobId::new(clock::now().unsigned_ms(), random())
}

/// The id of a note or person that is not recorded yet.
#[must_use]
pub fn note() -> NoteId {
    NoteId::new(clock::now().unsigned_ms(), random())
}

/// The id of a new question in a script.
#[must_use]
pub fn question() -> QuestionId {
    QuestionId::new(clock::now().unsigned_ms(), random())
}

/// The id of a script version that is not saved yet; saving gives it its final one.
#[must_use]
pub fn script() -> ScriptId {
    ScriptId::new(clock::now().unsigned_ms(), random())
}

/// Ten bytes from the browser's random number generator.
fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let is_filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !is_filled {
        for byte in &mut bytes {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 255")]
            {
                *byte = (js_sys::Math::random() * 256.0) as u8;
            }
        }
    }
    bytes
}
