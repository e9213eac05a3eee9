//! What to ask the relay: which documents, with which held changes, under the limits of a request.

use crate::error::EngineError;
use crate::store::{changes, docs, docs::DocRow, settings};
use porchlight_model::wire::{Access, DocAsk, MAX_DOCS_PER_REQUEST, MAX_PUSH_PER_DOC, PROTO, SyncAsk};
use rusqlite::Connection;
use serde_bytes::ByteBuf;

/// Up to so many documents are all asked about each time; with more, only those with something to say or known news.
const ASK_ALL_UP_TO: usize = 64;
/// The most bytes of changes pushed in one request, well below the relay's limit.
const PUSH_BYTES: usize = 1024 * 1024;
/// The most bytes of changes wanted in one reply.
const REPLY_BUDGET: u32 = 1024 * 1024;

/// A request, and whether more will have to follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The request.
    pub ask: SyncAsk,
    /// Whether limits left something out.
    pub is_more: bool,
}

/// Plans the next request from what this device holds.
///
/// # Errors
/// When the database fails.
pub(crate) fn plan(conn: &Connection) -> Result<Plan, EngineError> {
    let rows = docs::all(conn)?;
    let asks_all = rows.len() <= ASK_ALL_UP_TO;
    let mut plan = Plan {
        ask: SyncAsk {
            proto: PROTO,
            grants_seen: settings::get(conn, "grants_seen")?.unwrap_or_default(),
            feed: settings::get(conn, "feed")?.unwrap_or_default(),
            docs: Vec::new(),
            budget: REPLY_BUDGET,
        },
        is_more: false,
    };
    let mut left = PUSH_BYTES;
    for row in rows {
        let (push, is_cut) = if may_push(&row) { push(conn, &row, &mut left)? } else { (Vec::new(), false) };
        plan.is_more |= is_cut;
        let has_news = row.cursor < row.relay_last || row.epoch == 0 || row.access == Access::HandIn;
        if !(asks_all || has_news || row.is_born || !push.is_empty()) {
            continue;
        }
        if plan.ask.docs.len() == MAX_DOCS_PER_REQUEST {
            plan.is_more = true;
            break;
        }
        plan.ask.docs.push(DocAsk {
            doc: row.id,
            epoch: row.epoch,
            cursor: row.cursor,
            born: row.is_born.then_some(row.kind),
            push,
        });
    }
    Ok(plan)
}

fn may_push(row: &DocRow) -> bool {
    let is_quarantined = !row.trouble.is_empty() && row.trouble != super::absorb::RESYNC;
    row.access != Access::Read && !is_quarantined
}

fn push(conn: &Connection, row: &DocRow, left: &mut usize) -> Result<(Vec<ByteBuf>, bool), EngineError> {
    let held = changes::held(conn, row.id, MAX_PUSH_PER_DOC + 1)?;
    let n_held = held.len();
    let mut push = Vec::new();
    for bytes in held.into_iter().take(MAX_PUSH_PER_DOC) {
        let Some(rest) = left.checked_sub(bytes.len()) else { break };
        *left = rest;
        push.push(ByteBuf::from(bytes));
    }
    let is_cut = push.len() < n_held;
    Ok((push, is_cut))
}
