//! Classifies failures of the database: the client retries, the store retries, or the store is unavailable.

use crate::store::StoreError;
use deadpool_postgres::{PoolError, TimeoutType};
use std::io::ErrorKind;
use tokio_postgres::error::SqlState;

/// A failure of the database, without the row's values that its details may contain.
#[derive(Debug)]
pub(super) struct Fault {
    code: Option<SqlState>,
    is_closed: bool,
    what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        let cause = std::error::Error::source(&error);
        let what = match (error.as_db_error(), cause) {
            (Some(db), _) => format!("PostgreSQL says {}: {}", db.code().code(), db.message()),
            (None, Some(cause)) => format!("PostgreSQL cannot be asked: {error}: {cause}"),
            (None, None) => format!("PostgreSQL cannot be asked: {error}"),
        };
        Self { code: error.code().cloned(), is_closed: error.is_closed() || error.as_db_error().is_none(), what }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if takes_no_writing(&error) {
            return unavailable(STANDBY);
        }
        let crowded = [SqlState::LOCK_NOT_AVAILABLE, SqlState::TOO_MANY_CONNECTIONS];
        if error.code().is_some_and(|code| crowded.contains(code)) {
            return Self::Busy;
        }
        Self::Unavailable(Box::new(Fault::from(error)))
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => unavailable("PostgreSQL does not answer"),
            PoolError::Backend(error) => error.into(),
            PoolError::Closed => unavailable("the store is closed"),
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => Self::Unavailable(Box::new(error)),
        }
    }
}

/// What to tell where the database takes no more connections, for the log and for a relay that does not start; `None` for another failure.
pub(super) fn crowded(error: &PoolError) -> Option<StoreError> {
    let PoolError::Backend(error) = error else { return None };
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::TOO_MANY_CONNECTIONS)?;
    let (code, what) = (said.code().code(), said.message());
    let what = format!(
        "PostgreSQL says {code}: {what}; allow it more (max_connections, and the role's own limit), or give each relay fewer (--store-connections)"
    );
    Some(StoreError::Unavailable(what.into()))
}

/// What is said of a server that takes no writing.
pub(super) const STANDBY: &str = "PostgreSQL takes no writing: is it a standby?";

/// Whether a server let this relay in and would take no writing, as a standby does: then the library closes the connection again.
fn takes_no_writing(error: &tokio_postgres::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    // An error with a number is the system's own, such as a socket that this user may not open.
    cause.is_some_and(|cause| cause.kind() == ErrorKind::PermissionDenied && cause.raw_os_error().is_none())
}

/// The store is unavailable, and why.
pub(super) fn unavailable(why: &'static str) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// Whether the same work may succeed at once: two transactions met, and this one was sent away.
pub(super) fn is_passing(error: &StoreError) -> bool {
    let passing = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        // Two nodes made the same row: the second finds it when it looks again.
        SqlState::UNIQUE_VIOLATION,
        // Another forgot the document, or dropped the pack, that this row names.
        SqlState::FOREIGN_KEY_VIOLATION,
    ];
    fault(error).and_then(|fault| fault.code.as_ref()).is_some_and(|code| passing.contains(code))
}

/// Whether others held what the work needed, so that it may succeed later.
pub(super) fn is_held_up(error: &StoreError) -> bool {
    let is_deadlock = |fault: &Fault| fault.code == Some(SqlState::T_R_DEADLOCK_DETECTED);
    matches!(error, StoreError::Busy) || fault(error).is_some_and(is_deadlock)
}

/// Work that went on for longer than a transaction may.
pub(super) fn took_too_long() -> StoreError {
    let (code, what) = (Some(SqlState::QUERY_CANCELED), "PostgreSQL took too long".to_owned());
    StoreError::Unavailable(Box::new(Fault { code, is_closed: true, what }))
}

/// Whether work was given up because it took too long, here or at the database.
pub(super) fn is_too_slow(error: &StoreError) -> bool {
    fault(error).is_some_and(|fault| fault.code == Some(SqlState::QUERY_CANCELED))
}

/// Whether it was no database that answered but a pooler, which does not know the settings of a session.
pub(super) fn is_of_a_pooler(error: &StoreError) -> bool {
    fault(error).is_some_and(|fault| {
        fault.code == Some(SqlState::PROTOCOL_VIOLATION) && fault.what.contains("unsupported startup parameter")
    })
}

/// Whether the database refused this very work, so that other work in the same transaction may do without it.
pub(super) fn is_about_the_work(error: &StoreError) -> bool {
    let lasting = |code: &SqlState| !["53", "57", "58", "08"].iter().any(|class| code.code().starts_with(class));
    fault(error).is_some_and(|fault| !fault.is_closed && fault.code.as_ref().is_some_and(lasting))
}

fn fault(error: &StoreError) -> Option<&Fault> {
    match error {
        StoreError::Unavailable(cause) => cause.downcast_ref(),
        StoreError::Refused(..) | StoreError::Busy => None,
    }
}
