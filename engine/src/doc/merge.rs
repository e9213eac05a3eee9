//! Merges changes of others into a document: one that Automerge trips over is an error, not the end of the program.

use crate::error::EngineError;
use automerge::{Automerge, Change, PatchLog};
use porchlight_model::id::DocId;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Applies changes and notes what they did in `log`. After an error the document is of no use and must be forgotten.
///
/// Automerge 0.12 takes a change at its word: an operation on an object that was never made, or by an actor that nobody knows, makes it
/// panic. A relay refuses those actors, but cannot know a document's objects. Where panics end the program, as in a browser, this
/// cannot catch them.
///
/// # Errors
/// When a change contradicts the document.
pub fn merge(
    document: &mut Automerge,
    doc: DocId,
    incoming: Vec<Change>,
    log: &mut PatchLog,
) -> Result<(), EngineError> {
    catch_unwind(AssertUnwindSafe(|| document.apply_changes_log_patches(incoming, log)))
        .map_err(|_| EngineError::BadReply("a change contradicts its document".to_owned()))?
        .map_err(|source| EngineError::BrokenDocument { doc, source: Box::new(source) })
}
