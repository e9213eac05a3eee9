//! What a person at the door records: visits, their undoing, notes, flags, people, each as one change; and drafts of them, which are none.

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
