//! Stores the links that this device made. Their secrets are nowhere else, and are kept for as long as the links admit someone.

use crate::engine::Tx;
use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::calls::Topic;
use porchlight_model::id::{DocId, InviteId};
use porchlight_model::time::At;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// The setting that holds the links.
const LINKS: &str = "links";

/// A link that this device made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptLink {
    pub(crate) id: InviteId,
    pub(crate) secret: String,
    /// The turf documents that it hands out; empty for an invite to the office.
    pub(crate) docs: Vec<DocId>,
    pub(crate) uses: u32,
    pub(crate) expires_at: At,
}

/// All links that have not expired, oldest first.
pub(crate) fn all(conn: &Connection, now: At) -> Result<Vec<KeptLink>, EngineError> {
    let mut links: Vec<KeptLink> = settings::get(conn, LINKS)?.unwrap_or_default();
    links.retain(|link| link.expires_at > now);
    Ok(links)
}

/// Stores a new link.
pub(crate) fn keep(tx: &mut Tx<'_>, link: KeptLink) -> Result<(), EngineError> {
    let mut links = all(tx.conn(), tx.now())?;
    links.push(link);
    tx.touch(Topic::Invites);
    settings::put(tx.conn(), LINKS, &links)
}

/// Removes links that no longer admit anybody.
pub(crate) fn forget(tx: &Tx<'_>, is_over: impl Fn(&KeptLink) -> bool) -> Result<(), EngineError> {
    let mut links = all(tx.conn(), tx.now())?;
    links.retain(|link| !is_over(link));
    settings::put(tx.conn(), LINKS, &links)
}
