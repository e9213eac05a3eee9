//! What stands between a document of this device and its sync.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::store::{docs, settings};
use porchlight_model::id::DocId;
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

/// The document whose merge is under way. On disk, so that the engine that is started next knows what ended the last.
const MERGING: &str = "merges";

/// How often in a row merging a document ended the engine, by document.
const DEATHS: &str = "deaths";

type Deaths = BTreeMap<DocId, u32>;

fn merging(tx: &Tx<'_>) -> Result<Option<DocId>, EngineError> {
    Ok(settings::get::<Option<DocId>>(tx.conn(), MERGING)?.flatten())
}

fn deaths(tx: &Tx<'_>) -> Result<Deaths, EngineError> {
    Ok(settings::get(tx.conn(), DEATHS)?.unwrap_or_default())
}

/// Notes that what the relay tells of a document is about to be merged; says whether it may be.
///
/// Automerge takes a change at its word: one on an object that was never made makes it panic, which ends the engine in a browser. The
/// engine that is started next would merge the same again, for ever; so a document that ended it twice is put in quarantine.
pub(crate) fn may_merge(engine: &mut Engine, doc: DocId) -> Result<bool, EngineError> {
    engine.write("sync: a merge begins", |tx| {
        let mut deaths = deaths(tx)?;
        let may = deaths.get(&doc).is_none_or(|n_deaths| *n_deaths < MOST_DEATHS);
        if may {
            settings::put(tx.conn(), MERGING, &Some(doc))?;
        } else {
            deaths.remove(&doc);
            settings::put(tx.conn(), DEATHS, &deaths)?;
            quarantine(tx, doc, Trouble::Deadly)?;
        }
        Ok(may)
    })
}

/// Notes that a merge came to its end, good or bad.
pub(crate) fn merged(tx: &Tx<'_>, doc: DocId) -> Result<(), EngineError> {
    if merging(tx)? == Some(doc) {
        settings::put(tx.conn(), MERGING, &None::<DocId>)?;
        let mut deaths = deaths(tx)?;
        if deaths.remove(&doc).is_some() {
            settings::put(tx.conn(), DEATHS, &deaths)?;
        }
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
        if let Some(doc) = merging(tx)? {
            let mut deaths = deaths(tx)?;
            *deaths.entry(doc).or_default() += 1;
            settings::put(tx.conn(), DEATHS, &deaths)?;
            settings::put(tx.conn(), MERGING, &None::<DocId>)?;
        }
        Ok(())
    })
}
