//! Merges changes of others into a document. A panic of Automerge becomes an error where panics can be caught.

use crate::error::EngineError;
use automerge::{Automerge, Change, PatchLog};
use porchlight_model::id::DocId;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Applies changes and records their effects in `log`. After an error the document is unusable and must be evicted.
///
/// Automerge 0.12 does not validate changes: an operation on an object that was never created, or by an unknown actor, makes it
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
