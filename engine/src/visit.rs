//! What a canvasser records at a door: visits and their undoing, notes, flags, and people, each as one change; and drafts, which are not changes.

pub mod add_person;
mod check;
pub mod draft;
pub mod flag;
pub mod note;
pub mod own;
pub mod record;
pub mod redo;
pub(crate) mod sign;
pub mod undo;
