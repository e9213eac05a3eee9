//! Import: files become voters, doors, buildings, points and streets. A file is imported whole or not at all.
//!
//! ```text
//! bytes → lines or features → rows of one layout → staged in memory → one transaction → doors located
//! ```
//! A [`job::ImportJob`] runs in steps, so that a shell stays responsive and the work can be cancelled.

pub mod address;
pub mod buildings;
pub(crate) mod effect;
pub mod features;
pub mod homes;
pub mod job;
pub(crate) mod kind;
pub mod layout;
pub mod lines;
pub mod locate;
pub(crate) mod moved;
pub mod names;
pub mod north_carolina;
pub mod open_addresses;
pub(crate) mod renew;
pub(crate) mod run;
pub mod staged;
pub mod streets;
pub mod table;

#[cfg(test)]
mod tests;

use crate::answer::{Answer, local, reply};
use crate::handle::EngineHandle;
use crate::store::import as rows;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::ImportCall;
use porchlight_model::message::{ApiError, ErrorCode, FilePlace, Message};

/// Answers this capability's calls.
pub(crate) async fn answer(handle: &EngineHandle, call: ImportCall) -> Answer {
    match call {
        ImportCall::CheckFile(call) => reply(&call, run::check(handle, &call).await),
        ImportCall::ImportFile(call) => reply(&call, run::import(handle, &call).await),
        ImportCall::ImportOverview(call) => local(handle, &call, |engine, _| rows::overview(engine.conn())),
        ImportCall::ListProblems(call) => local(handle, &call, |engine, call| rows::problems(engine.conn(), call.from)),
        ImportCall::CancelJob(call) => {
            handle.cancel(call.job);
            reply(&call, Ok(()))
        }
    }
}

/// A line and a column of a file, counted from 1.
pub(crate) type At = (u64, u64);

/// A position in a file.
pub(crate) fn place(file: &ChosenFile, line: u64, column: u64, header: &str) -> FilePlace {
    FilePlace { file: file.name.clone(), line, column, header: header.to_owned() }
}

/// The error for a file that cannot be imported, with the position and what to do.
pub(crate) fn refuse(at: FilePlace, what: Message) -> ApiError {
    ApiError { code: ErrorCode::BadInput, message: what, at: Some(Box::new(at)) }
}
