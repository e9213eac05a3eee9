//! What stands between a document of this device and its sync.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{docs, settings};
use porchlight_model::id::DocId;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What stands between a document and its sync; kept as text in the document's row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// This device and the relay differ: every change is being exchanged anew.
    Resync,
    /// It has changes which the relay does not take yet: of other devices, for which they wait, or beside too many others of this one, until
    /// somebody's change stands on those.
    Waits,
    /// It has changes which a newer relay does not take, for a reason that this program does not know.
    Outdated,
    /// It holds something unsent and is no longer granted: it is kept until it is granted again.
    NoGrant,
    /// Merging what the relay tells of it ended the program: it is not asked for any more.
    Deadly,
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
            Self::Other(text) => text,
        }
    }

    /// Whether what is held is offered with news and audits only: sent with every sync, it would be refused with every sync.
    #[must_use]
    pub const fn is_patient(&self) -> bool {
        matches!(self, Self::Waits | Self::Outdated)
    }

    /// Whether the document is in quarantine: kept, left alone, reported.
    #[must_use]
    pub const fn is_quarantine(&self) -> bool {
        match self {
            Self::None | Self::Resync | Self::Waits | Self::Outdated => false,
            Self::NoGrant | Self::Deadly | Self::Other(_) => true,
        }
    }
}

/// Puts a document in quarantine.
pub(crate) fn quarantine(tx: &mut Tx<'_>, doc: DocId, trouble: Trouble) -> Result<(), EngineError> {
    if let Some(mut row) = docs::get(tx.conn(), doc)? {
        row.trouble = trouble;
        docs::put(tx.conn(), &row)?;
        tx.tell_sync();
    }
    Ok(())
}

/// How often merging one document may end the engine before it is left alone.
const MOST_DEATHS: u32 = 2;

/// The documents whose merge is under way. On disk, so that the engine that is started next knows what ended the last.
const MERGING: &str = "merging";

/// How often in a row merging a document ended the engine, by document.
const DEATHS: &str = "deaths";

type Deaths = BTreeMap<DocId, u32>;

fn merging(conn: &Connection) -> Result<Vec<DocId>, EngineError> {
    Ok(settings::get(conn, MERGING)?.unwrap_or_default())
}

fn deaths(conn: &Connection) -> Result<Deaths, EngineError> {
    Ok(settings::get(conn, DEATHS)?.unwrap_or_default())
}

/// Whether an engine ended while this document was merged, by itself or with others.
pub(crate) fn is_suspect(engine: &Engine, doc: DocId) -> Result<bool, EngineError> {
    Ok(deaths(engine.conn())?.contains_key(&doc))
}

/// Notes that what the relay tells of some documents is about to be merged; says whether it may be.
///
/// Automerge takes a change at its word: one on an object that was never made makes it panic, which ends the engine in a browser. The
/// engine that is started next would merge the same again, for ever; so a document that ended it twice is put in quarantine. Of several
/// documents none is known to be the one: each of them is merged alone the next time.
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

/// Notes that the merges came to their end, good or bad.
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
