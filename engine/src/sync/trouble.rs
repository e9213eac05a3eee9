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
    /// It has changes of other devices which the relay does not take from this one: they wait for those devices.
    Waits,
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
            Self::NoGrant => "no grant",
            Self::Deadly => "deadly",
            Self::Other(text) => text,
        }
    }

    /// Whether the document is in quarantine: kept, left alone, reported.
    #[must_use]
    pub const fn is_quarantine(&self) -> bool {
        match self {
            Self::None | Self::Resync | Self::Waits => false,
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

/// How often merging one document may end the program before it is left alone.
const MOST_TRIES: u32 = 2;

/// Merges under way, by document: how often each was begun and not ended. On disk, so that the next start knows what ended the last.
const MERGING: &str = "merging";

type Merging = BTreeMap<DocId, u32>;

/// Notes that what the relay tells of a document is about to be merged; says whether it may be.
///
/// Automerge takes a change at its word: one on an object that was never made makes it panic, which ends the program in a browser. A
/// device that started again would merge the same again, for ever; so a document that ended the program twice is put in quarantine.
pub(crate) fn may_merge(engine: &mut Engine, doc: DocId) -> Result<bool, EngineError> {
    engine.write("sync: a merge begins", |tx| {
        let mut merging: Merging = settings::get(tx.conn(), MERGING)?.unwrap_or_default();
        let n_tries = merging.entry(doc).or_default();
        let may = *n_tries < MOST_TRIES;
        if may {
            *n_tries += 1;
        } else {
            merging.remove(&doc);
            quarantine(tx, doc, Trouble::Deadly)?;
        }
        settings::put(tx.conn(), MERGING, &merging)?;
        Ok(may)
    })
}

/// Notes that a merge came to its end, good or bad.
pub(crate) fn merged(tx: &Tx<'_>, doc: DocId) -> Result<(), EngineError> {
    let mut merging: Merging = settings::get(tx.conn(), MERGING)?.unwrap_or_default();
    if merging.remove(&doc).is_some() {
        settings::put(tx.conn(), MERGING, &merging)?;
    }
    Ok(())
}
