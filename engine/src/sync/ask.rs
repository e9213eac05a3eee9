//! Plans requests to the relay: which documents, with which held changes, within the limits of a request.

use crate::error::EngineError;
use crate::store::{changes, docs, docs::DocRow, settings, waves};
use crate::sync::relays;
use crate::sync::trouble::Trouble;
use porchlight_model::grant::Act;
use porchlight_model::id::DocId;
use porchlight_model::member::Role;
use porchlight_model::time::At;
use porchlight_model::versions::Versions;
use porchlight_model::wire::{Access, DocAsk, MAX_DOCS_PER_REQUEST, MAX_PUSH_PER_DOC, PROTO, RelaysDigest, SyncAsk};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The interval of audits, which compare all documents with the relay's, in milliseconds.
const AUDIT_EVERY_MS: i64 = 10 * 60 * 1000;
/// The maximum size of the changes pushed in one request, well below the relay's limit, in bytes.
const PUSH_BYTES: usize = 1024 * 1024;
/// The maximum size of the changes in one reply, in bytes.
const REPLY_BUDGET: u32 = 1024 * 1024;

/// A request with its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The request.
    pub ask: SyncAsk,
    /// Whether the limits left something out.
    pub is_more: bool,
    /// The progress of the audit after this request, if it is part of one.
    pub(crate) audit: Option<Audit>,
}

/// The progress of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Audit {
    /// When a part of it was last done, by this device's clock.
    at: At,
    /// The last document that was compared; `None` at the beginning.
    after: Option<DocId>,
}

/// Plans the next request from what this device holds. Documents about which there is nothing to say are not named: the feed tells
/// of them. Every few minutes they are, a requestful at a time, so that a difference nobody noticed is found.
///
/// # Errors
/// When the database fails.
pub(crate) fn plan(conn: &Connection, role: Role, now: At) -> Result<Plan, EngineError> {
    let rows = docs::all(conn)?;
    let relay_epoch = settings::get::<u64>(conn, "epoch")?.unwrap_or_default();
    let mut audit = Auditor::due(settings::get(conn, "audit")?.unwrap_or_default(), now);
    let mut left = PUSH_BYTES;
    let (mut is_more, mut asks) = (false, Vec::new());
    let version = version(conn)?;
    let may_be_named = |row: &DocRow| !row.trouble.is_harmful() && !row.is_too_new_for(version);
    for row in rows.into_iter().filter(may_be_named) {
        let is_audited = audit.wants(&row);
        let has_news = row.cursor != row.relay_last || row.epoch != relay_epoch || row.epoch == 0;
        let may_push = match row.trouble {
            // A restored relay may have forgotten the grant, and accepts what was recorded there all the same.
            Trouble::NoGrant => is_audited && row.access != Access::Read && !waves::has_ended(conn, row.id)?,
            _ => may_push(&row) && (!row.trouble.is_patient() || has_news || is_audited),
        };
        let (push, is_cut) = if may_push { push(conn, &row, &mut left)? } else { (Push::default(), false) };
        is_more |= is_cut;
        let is_to_confirm = role.may(Act::KeepRecord) && row.told < row.cursor;
        let has_cause =
            has_news || row.is_born || is_to_confirm || row.access == Access::HandIn || row.trouble == Trouble::Resync;
        if !(has_cause || is_audited || !push.changes.is_empty()) {
            continue;
        }
        if asks.len() == MAX_DOCS_PER_REQUEST {
            is_more = true;
            audit.stop();
            break;
        }
        audit.has(row.id);
        asks.push(DocAsk {
            doc: row.id,
            epoch: row.epoch,
            cursor: row.cursor,
            born: row.is_born.then_some(row.kind),
            heads: Some(row.heads),
            carries: push.is_carried,
            push: push.changes,
        });
    }
    let ask = SyncAsk {
        proto: PROTO,
        newest: Some(Versions::OURS.newest),
        grants_seen: settings::get(conn, "grants_seen")?.unwrap_or_default(),
        feed: settings::get(conn, "feed")?.unwrap_or_default(),
        docs: asks,
        budget: REPLY_BUDGET,
        relays: Some(RelaysDigest::of(&relays::told(conn)?)),
    };
    Ok(Plan { ask, is_more, audit: audit.ended(now) })
}

/// The version of the protocol in which the relay last answered.
const VERSION: &str = "relay_proto";

/// The version of the protocol that this device and the relay last used.
pub(crate) fn version(conn: &Connection) -> Result<u16, EngineError> {
    Ok(settings::get(conn, VERSION)?.unwrap_or(PROTO))
}

/// Notes the version in which the relay answered; one from before ranges answers in that of the request.
pub(super) fn note_version(conn: &Connection, told: Option<u16>) -> Result<(), EngineError> {
    let told = told.unwrap_or(PROTO);
    if version(conn)? == told {
        return Ok(());
    }
    // What it grants in another version is another list, under the same number.
    settings::put(conn, "grants_seen", &0u64)?;
    settings::put(conn, VERSION, &told)
}

/// Decides which documents are named for no other reason than to compare them.
struct Auditor {
    is_due: bool,
    from: Audit,
    last: Option<DocId>,
    is_cut: bool,
}

impl Auditor {
    fn due(from: Audit, now: At) -> Self {
        let passed = now.since_ms(from.at);
        // A clock that was set back must not delay it.
        Self { is_due: !(0..AUDIT_EVERY_MS).contains(&passed), from, last: None, is_cut: false }
    }

    fn wants(&self, row: &DocRow) -> bool {
        self.is_due && self.from.after.is_none_or(|after| row.id > after)
    }

    fn has(&mut self, doc: DocId) {
        self.last = Some(doc);
    }

    fn stop(&mut self) {
        self.is_cut = true;
    }

    fn ended(self, now: At) -> Option<Audit> {
        let after = if self.is_cut { self.last } else { None };
        // A part that did not fit continues with the next request.
        let at = if self.is_cut { self.from.at } else { now };
        self.is_due.then_some(Audit { at, after })
    }
}

fn may_push(row: &DocRow) -> bool {
    row.access != Access::Read && !row.trouble.is_quarantine()
}

/// Held changes of one document.
#[derive(Default)]
struct Push {
    changes: Vec<ByteBuf>,
    is_carried: bool,
}

fn push(conn: &Connection, row: &DocRow, left: &mut usize) -> Result<(Push, bool), EngineError> {
    let held = changes::to_push(conn, row.id, MAX_PUSH_PER_DOC + 1)?;
    let n_held = held.len();
    let was_other = n_held > 0 && changes::was_other_device(conn)?;
    let mut push = Push::default();
    for change in held.into_iter().take(MAX_PUSH_PER_DOC) {
        let Some(rest) = left.checked_sub(change.bytes.len()) else { break };
        *left = rest;
        push.is_carried |= was_other || !change.is_own;
        push.changes.push(ByteBuf::from(change.bytes));
    }
    let is_cut = push.changes.len() < n_held;
    Ok((push, is_cut))
}
