//! Messages for people: the id of a Fluent message with its arguments, so that it can be localised.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sentence for a person: the id of a message in `assets/locales/*/` and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    /// The Fluent message id, e.g. `import-no-header`.
    pub id: String,
    /// Arguments by name; numbers are given in digits.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Message {
    /// The message `id` without arguments.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), args: BTreeMap::new() }
    }

    /// Adds the argument `name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What the interface does about a failed call, beyond showing its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nothing special: show the message; the same call may be tried again.
    Failed,
    /// What was asked for is not on this device: go back to the list.
    NotFound,
    /// The input is wrong; [`ApiError::at`] says where.
    BadInput,
    /// The relay could not be reached: say that it works offline, or offer to try again.
    Offline,
    /// This device is not enrolled, or no longer: go to the join screen.
    NotEnrolled,
    /// The storage of this device is full: nothing was recorded by this call.
    StorageFull,
    /// The relay speaks another version: offer to reload the app.
    WrongVersion,
    /// This person's role may not do it: trying again is of no use.
    NotAllowed,
    /// The person cancelled the work.
    Cancelled,
}

/// Where in a file the trouble is; lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FilePlace {
    /// The file's name, without folders.
    pub file: String,
    /// The line.
    pub line: u64,
    /// The column: the field's number in a table, the character's elsewhere; 0 when the whole line is meant.
    pub column: u64,
    /// The column's header, where there is one.
    pub header: String,
}

/// Why a call failed, for a person holding a phone in the rain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}: {}", message.id)]
pub struct ApiError {
    /// What the interface does about it.
    pub code: ErrorCode,
    /// The text of the notice.
    pub message: Message,
    /// Where in the given file, if it is about a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Box<FilePlace>>,
}

impl ApiError {
    /// An error without a place.
    #[must_use]
    pub fn new(code: ErrorCode, message: Message) -> Self {
        Self { code, message, at: None }
    }
}
