//! Trouble: the reason why a document of this device does not sync, and the quarantine.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{docs, settings};
use porchlight_model::id::DocId;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The reason why a document does not sync; stored as text in the document's row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// This device and the relay differ: every change is being exchanged again.
    Resync,
    /// The relay does not accept some changes yet: those of other devices, which must sync first, or those beyond the limit of heads, until
    /// a change depends on these.
    Waits,
    /// A newer relay does not accept some changes, for a reason that this program does not know.
    Outdated,
    /// It has unsent changes and is no longer granted; it is kept until it is granted again.
    NoGrant,
    /// Merging the relay's changes crashed the program; the document is no longer requested.
    Deadly,
    /// Its changes cost more to apply than a document may: they were not applied, and the document is no longer requested.
    Costly,
    /// The relay grants it as another kind than its id is for: to send anything of it would show it to others.
    OtherKind,
    /// Something else went wrong, in words for developers.
    Other(String),
}

impl Trouble {
    /// Reads what [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: String) -> Self {
        match text.as_str() {
            "" => Self::None,
            "resync" => Self::Resync,
            "waits" => Self::Waits,
            "outdated" => Self::Outdated,
            "no grant" => Self::NoGrant,
            "deadly" => Self::Deadly,
            "costly" => Self::Costly,
            "other kind" => Self::OtherKind,
            _ => Self::Other(text),
        }
    }

    /// The text as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "",
            Self::Resync => "resync",
            Self::Waits => "waits",
            Self::Outdated => "outdated",
            Self::NoGrant => "no grant",
            Self::Deadly => "deadly",
            Self::Costly => "costly",
            Self::OtherKind => "other kind",
            Self::Other(text) => text,
        }
    }

    /// Whether held changes are offered only with news and audits, because every sync would be refused.
    #[must_use]
    pub const fn is_patient(&self) -> bool {
        matches!(self, Self::Waits | Self::Outdated)
    }

    /// Whether the document is in quarantine: kept, no longer synced, and reported.
    #[must_use]
    pub const fn is_quarantine(&self) -> bool {
        match self {
            Self::None | Self::Resync | Self::Waits | Self::Outdated => false,
            Self::NoGrant | Self::Deadly | Self::Costly | Self::OtherKind | Self::Other(_) => true,
        }
    }

    /// Whether the document is not even named to the relay: to hear of it again, or to send of it, would do harm.
    #[must_use]
    pub const fn is_harmful(&self) -> bool {
        matches!(self, Self::Deadly | Self::Costly | Self::OtherKind)
    }
}

/// Quarantines a document.
pub(crate) fn quarantine(tx: &mut Tx<'_>, doc: DocId, trouble: Trouble) -> Result<(), EngineError> {
    if let Some(mut row) = docs::get(tx.conn(), doc)? {
        row.trouble = trouble;
        docs::put(tx.conn(), &row)?;
        tx.tell_sync();
    }
    Ok(())
}

/// How often merging one document may crash the engine before it is quarantined.
const MOST_DEATHS: u32 = 2;

/// The setting with the documents that are being merged, so that the next engine knows what crashed the last.
const MERGING: &str = "merging";

/// The setting with the number of consecutive crashes by document.
const DEATHS: &str = "deaths";

type Deaths = BTreeMap<DocId, u32>;

fn merging(conn: &Connection) -> Result<Vec<DocId>, EngineError> {
    Ok(settings::get(conn, MERGING)?.unwrap_or_default())
}

fn deaths(conn: &Connection) -> Result<Deaths, EngineError> {
    Ok(settings::get(conn, DEATHS)?.unwrap_or_default())
}

/// Whether an engine crashed while this document was merged, alone or with others.
pub(crate) fn is_suspect(engine: &Engine, doc: DocId) -> Result<bool, EngineError> {
    Ok(deaths(engine.conn())?.contains_key(&doc))
}

/// Records that changes of some documents are about to be merged; returns whether they may be.
///
/// Automerge does not validate changes: one to an object that was never created makes it panic, which crashes the engine in a browser. The
/// next engine would merge the same again, forever; so a document that has crashed it twice is quarantined. Of several
/// documents the culprit is unknown: each of them is merged alone the next time.
pub(crate) fn begin_merges(engine: &mut Engine, docs: &[DocId]) -> Result<bool, EngineError> {
    if docs.is_empty() {
        return Ok(true);
    }
    engine.write("sync: a merge begins", |tx| {
        let mut deaths = deaths(tx.conn())?;
        let deadly = |doc: &&DocId| deaths.get(doc).is_some_and(|n_deaths| *n_deaths >= MOST_DEATHS);
        let Some(doc) = docs.iter().find(deadly).copied() else {
            settings::put(tx.conn(), MERGING, &docs)?;
            return Ok(true);
        };
        deaths.remove(&doc);
        settings::put(tx.conn(), DEATHS, &deaths)?;
        quarantine(tx, doc, Trouble::Deadly)?;
        Ok(false)
    })
}

/// Records that the merges ended, successfully or not.
pub(crate) fn merged(tx: &Tx<'_>) -> Result<(), EngineError> {
    let docs = merging(tx.conn())?;
    if docs.is_empty() {
        return Ok(());
    }
    settings::put(tx.conn(), MERGING, &Vec::<DocId>::new())?;
    let mut deaths = deaths(tx.conn())?;
    let n_before = deaths.len();
    deaths.retain(|doc, _| !docs.contains(doc));
    if deaths.len() < n_before {
        settings::put(tx.conn(), DEATHS, &deaths)?;
    }
    Ok(())
}

/// Notes that the last engine on this database died of a fault of its own: what it was merging, if anything, is to blame. An engine that was
/// closed or killed from outside is no such death, whatever it was doing: blaming a document for that would cut it off for nothing.
///
/// # Errors
/// When the database fails.
pub fn note_death(engine: &mut Engine) -> Result<(), EngineError> {
    engine.write("sync: the last engine died", |tx| {
        let docs = merging(tx.conn())?;
        if docs.is_empty() {
            return Ok(());
        }
        let mut deaths = deaths(tx.conn())?;
        for doc in docs {
            *deaths.entry(doc).or_default() += 1;
        }
        settings::put(tx.conn(), DEATHS, &deaths)?;
        settings::put(tx.conn(), MERGING, &Vec::<DocId>::new())
    })
}
