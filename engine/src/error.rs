//! The engine's error type, and its conversion to an [`ApiError`] at the interface.

use porchlight_model::grant::Act;
use porchlight_model::id::DocId;
use porchlight_model::message::{ApiError, ErrorCode, Message};
use porchlight_model::relay::RefusalCode;
use rusqlite::ffi;

/// Why the engine could not do what was requested.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The device's storage is full: nothing of the call was recorded.
    #[error("the storage is full")]
    StorageFull,
    /// The device's storage refuses writes (a quota is used up, or it is failing): nothing of the call was recorded.
    #[error("the storage takes no writes")]
    StorageRefuses(#[source] rusqlite::Error),
    /// The database failed: nothing of the call was recorded.
    #[error("the database failed")]
    Store(#[source] rusqlite::Error),
    /// A document's stored changes cannot be read. The document is left alone; everything else works.
    #[error("document {doc} cannot be read")]
    BrokenDocument {
        /// The document.
        doc: DocId,
        /// Automerge's error.
        #[source]
        source: Box<automerge::AutomergeError>,
    },
    /// A document refused an edit.
    #[error("a document refused an edit")]
    Edit(#[source] Box<automerge::AutomergeError>),
    /// Rows or documents contain something that this program never writes.
    #[error("stored data is not as expected: {what}")]
    Corrupt {
        /// What was found, without personal data.
        what: String,
    },
    /// The relay is unreachable.
    #[error("the relay could not be reached")]
    Offline(#[source] Option<reqwest::Error>),
    /// The relay refused the request.
    #[error("the relay refused: {0:?}")]
    Refused(RefusalCode),
    /// The relay's answer is invalid.
    #[error("the relay's answer cannot be read: {0}")]
    BadReply(String),
    /// Changes cost more to apply than a document may: nothing of them was applied.
    #[error("changes cost more than a document may")]
    TooCostly,
    /// The request is wrong or impossible, with a message for the person who made it.
    #[error(transparent)]
    Told(#[from] ApiError),
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        // A full disk has its own code; an exceeded quota or file size limit is a failed write.
        match error.sqlite_error().map(|error| (error.code, error.extended_code)) {
            Some((rusqlite::ErrorCode::DiskFull, _)) => Self::StorageFull,
            Some((
                _,
                ffi::SQLITE_IOERR_WRITE
                | ffi::SQLITE_IOERR_FSYNC
                | ffi::SQLITE_IOERR_DIR_FSYNC
                | ffi::SQLITE_IOERR_TRUNCATE
                | ffi::SQLITE_IOERR_SHMSIZE,
            )) => Self::StorageRefuses(error),
            _ => Self::Store(error),
        }
    }
}

impl From<automerge::AutomergeError> for EngineError {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::Edit(Box::new(error))
    }
}

impl From<serde_json::Error> for EngineError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt { what: error.to_string() }
    }
}

impl EngineError {
    /// The error for wrong input, with its message.
    #[must_use]
    pub fn bad_input(message: Message) -> Self {
        Self::Told(ApiError::new(ErrorCode::BadInput, message))
    }

    /// The error for a thing that is not on this device, with the message `id`.
    #[must_use]
    pub fn not_found(id: &str) -> Self {
        Self::Told(ApiError::new(ErrorCode::NotFound, Message::new(id)))
    }

    /// Whether the only cause is a lack of storage space, so that freeing some helps.
    #[must_use]
    pub const fn is_no_room(&self) -> bool {
        matches!(self, Self::StorageFull | Self::StorageRefuses(_))
    }

    /// The error for a role that does not permit this act.
    #[must_use]
    pub fn not_allowed(act: Act) -> Self {
        Self::Told(ApiError::new(ErrorCode::NotAllowed, Message::new(act.refusal())))
    }

    /// The error for a device that has not joined a campaign.
    #[must_use]
    pub fn not_enrolled() -> Self {
        Self::Told(ApiError::new(ErrorCode::NotEnrolled, Message::new("error-not-enrolled")))
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let (code, message) = match error {
            EngineError::Told(told) => return told,
            EngineError::StorageFull => (ErrorCode::StorageFull, Message::new("error-storage-full")),
            EngineError::StorageRefuses(cause) => {
                (ErrorCode::StorageFull, Message::new("error-storage-refuses").with("detail", cause))
            }
            EngineError::Store(cause) => (ErrorCode::Failed, Message::new("error-store").with("detail", cause)),
            EngineError::BrokenDocument { doc, .. } => {
                (ErrorCode::Failed, Message::new("error-broken-document").with("doc", doc))
            }
            EngineError::Edit(cause) => (ErrorCode::Failed, Message::new("error-edit").with("detail", cause)),
            EngineError::Corrupt { what } => (ErrorCode::Failed, Message::new("error-corrupt").with("detail", what)),
            EngineError::Offline(_) => (ErrorCode::Offline, Message::new("error-offline")),
            EngineError::BadReply(detail) => {
                (ErrorCode::Failed, Message::new("error-bad-reply").with("detail", detail))
            }
            EngineError::TooCostly => (ErrorCode::Failed, Message::new("error-too-costly")),
            EngineError::Refused(refusal) => refused(refusal),
        };
        Self::new(code, message)
    }
}

fn refused(refusal: RefusalCode) -> (ErrorCode, Message) {
    let (code, id) = match refusal {
        RefusalCode::InviteUnknown => (ErrorCode::BadInput, "error-invite-unknown"),
        RefusalCode::InviteExpired => (ErrorCode::BadInput, "error-invite-expired"),
        RefusalCode::InviteUsed => (ErrorCode::BadInput, "error-invite-used"),
        RefusalCode::TokenUnknown => (ErrorCode::Failed, "error-token-unknown"),
        RefusalCode::Revoked => (ErrorCode::Failed, "error-revoked"),
        RefusalCode::LeaseEnded => (ErrorCode::Failed, "error-lease-ended"),
        RefusalCode::NotAllowed => (ErrorCode::NotAllowed, "error-not-allowed"),
        RefusalCode::NotFound => (ErrorCode::NotFound, "error-relay-not-found"),
        RefusalCode::WrongVersion => (ErrorCode::WrongVersion, "error-wrong-version"),
        RefusalCode::Malformed => (ErrorCode::Failed, "error-relay-malformed"),
        RefusalCode::TooLarge => (ErrorCode::Failed, "error-relay-too-large"),
        RefusalCode::SlowDown => (ErrorCode::Offline, "error-relay-slow-down"),
        RefusalCode::Unavailable => (ErrorCode::Offline, "error-relay-unavailable"),
        RefusalCode::Unknown(code) => {
            return (ErrorCode::WrongVersion, Message::new("error-relay-newer").with("code", code));
        }
    };
    (code, Message::new(id))
}
