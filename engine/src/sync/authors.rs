//! Asks the relay whose the devices are that wrote what is here, once for each, and derives documents again in which one claimed otherwise. About a
//! device that broke a law by its role it is asked again, because the role may have risen since.
//!
//! The relay says it of devices alone: which of them wrote a change it verified when it accepted the change, and every reader sees it in the
//! change's actor. Where an older relay says nothing, entries count as they stand.

use crate::engine::{Engine, Membership, Tx};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::laws::{self, Author};
use crate::sync::transport;
use porchlight_model::relay::{AuthorTold, AuthorsAsk, MAX_AUTHORS};
use std::collections::BTreeSet;

/// How long after the relay was asked about a device it is asked again, in milliseconds.
const AGAIN_MS: i64 = 10 * 60_000;

/// Asks about devices of which the relay has not said whose they are, and about those that broke a law.
///
/// # Errors
/// When the relay cannot be reached, or this device's storage fails.
pub(super) async fn ask(handle: &EngineHandle, to: &Membership) -> Result<(), EngineError> {
    loop {
        let devices = handle.with(|engine| {
            let since = engine.device_now().plus_ms(-AGAIN_MS);
            laws::to_ask(engine.conn(), since, MAX_AUTHORS)
        })?;
        if devices.is_empty() {
            return Ok(());
        }
        let body = AuthorsAsk { devices };
        let told: Vec<AuthorTold> = match transport::post(handle, &to.relay, &to.token, "/v1/authors", &body).await {
            Ok(told) => told,
            // An older relay does not know the question.
            Err(EngineError::Refused(_) | EngineError::BadReply(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        handle.with(|engine| take_in(engine, &body, &told))?;
    }
}

fn take_in(engine: &mut Engine, asked: &AuthorsAsk, told: &[AuthorTold]) -> Result<(), EngineError> {
    let now = engine.device_now();
    engine.write("sync: who wrote what is here", |tx| {
        for device in &asked.devices {
            laws::note_asked(tx.conn(), *device, now)?;
        }
        let known = told.iter().filter(|told| asked.devices.contains(&told.device));
        attribute(tx, known.copied())
    })
}

/// Keeps whose devices are.
///
/// # Errors
/// When the database fails. A document that cannot be read keeps its rows.
pub(crate) fn attribute(tx: &mut Tx<'_>, told: impl Iterator<Item = AuthorTold>) -> Result<(), EngineError> {
    let mut docs = BTreeSet::new();
    for AuthorTold { device, member, role } in told {
        docs.extend(laws::attribute(tx.conn(), device, Author { member, role })?);
    }
    for doc in docs {
        match tx.derive_again(doc) {
            Ok(()) => {}
            Err(error @ (EngineError::BrokenDocument { .. } | EngineError::TooCostly)) => {
                tracing::warn!(%doc, %error, "rows of a document are not derived again");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
