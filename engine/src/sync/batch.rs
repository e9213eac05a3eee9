//! Merges several documents of one answer in one transaction, because a commit takes as long for one as for many.

use crate::engine::{Engine, Tx};
use crate::error::EngineError;
use crate::sync::absorb::{absorb_doc, absorb_same};
use crate::sync::trouble::{Trouble, begin_merges, is_suspect, merged, quarantine};
use porchlight_model::id::DocId;
use porchlight_model::wire::{DocAsk, DocReply};

/// The maximum number of documents in one transaction, because a tap that comes meanwhile waits for all of them.
const MOST_DOCS: usize = 32;
/// The maximum size of the changes in one transaction, in bytes.
const MOST_BYTES: usize = 128 * 1024;

/// The request for one document, and its answer.
pub(super) type Told<'a> = (&'a DocAsk, Option<DocReply>);

/// Splits answers into transactions. A document whose merge has crashed an engine gets its own, so that no other is blamed for it.
pub(super) fn batches<'a>(engine: &Engine, told: Vec<Told<'a>>) -> Result<Vec<Vec<Told<'a>>>, EngineError> {
    let mut batches: Vec<Vec<Told<'a>>> = Vec::new();
    let mut n_bytes = MOST_BYTES;
    for one in told {
        let is_suspect = is_merge(&one) && is_suspect(engine, one.0.doc)?;
        let size = size(&one);
        match batches.last_mut() {
            Some(last) if !is_suspect && last.len() < MOST_DOCS && n_bytes + size <= MOST_BYTES => {
                n_bytes += size;
                last.push(one);
            }
            _ => {
                n_bytes = if is_suspect { MOST_BYTES } else { size };
                batches.push(vec![one]);
            }
        }
    }
    Ok(batches)
}

/// Merges the answers for some documents; returns whether something is left to do. If one of them fails, each is merged alone, and
/// that one is quarantined.
pub(super) fn take_in(engine: &mut Engine, told: Vec<Told<'_>>, epoch: u64) -> Result<bool, EngineError> {
    let merges: Vec<DocId> = told.iter().filter(|one| is_merge(one)).map(|(asked, _)| asked.doc).collect();
    if told.len() == 1 {
        return take_in_one(engine, &told[0], &merges, epoch);
    }
    begin_merges(engine, &merges)?;
    let absorbed = engine.write("sync: documents", |tx| {
        let mut is_more = false;
        for one in &told {
            is_more |= absorb_one(tx, one, epoch)?;
        }
        merged(tx)?;
        Ok(is_more)
    });
    let is_more = match absorbed {
        Ok(is_more) => open_parcels(engine, &told, is_more)?,
        Err(error) if is_of_the_disk(&error) => return Err(error),
        Err(error) => {
            tracing::warn!(error = %error, "documents are taken in one by one");
            let mut is_more = false;
            for one in &told {
                let merges: Vec<DocId> = is_merge(one).then_some(one.0.doc).into_iter().collect();
                is_more |= take_in_one(engine, one, &merges, epoch)?;
            }
            is_more
        }
    };
    Ok(is_more)
}

fn take_in_one(engine: &mut Engine, one: &Told<'_>, merges: &[DocId], epoch: u64) -> Result<bool, EngineError> {
    if !begin_merges(engine, merges)? {
        return Ok(false);
    }
    let absorbed = engine.write("sync: documents", |tx| {
        let is_more = absorb_one(tx, one, epoch)?;
        merged(tx)?;
        Ok(is_more)
    });
    match absorbed {
        Ok(is_more) => open_parcels(engine, std::slice::from_ref(one), is_more),
        Err(error) if is_of_the_disk(&error) => Err(error),
        Err(error) => {
            let doc = one.0.doc;
            tracing::error!(%doc, error = %error, "a document is put in quarantine");
            let trouble = match error {
                EngineError::TooCostly => Trouble::Costly,
                other => Trouble::Other(other.to_string()),
            };
            engine.write("sync: quarantine", |tx| {
                merged(tx)?;
                quarantine(tx, doc, trouble)
            })?;
            Ok(false)
        }
    }
}

fn absorb_one(tx: &mut Tx<'_>, (asked, answer): &Told<'_>, epoch: u64) -> Result<bool, EngineError> {
    match answer {
        Some(answer) => absorb_doc(tx, asked, answer, epoch),
        None => absorb_same(tx, asked, epoch),
    }
}

/// Opens parcels, as a hub, that waited for changes of these documents.
#[cfg(not(target_arch = "wasm32"))]
fn open_parcels(engine: &mut Engine, told: &[Told<'_>], mut is_more: bool) -> Result<bool, EngineError> {
    for (asked, _) in told {
        is_more |= crate::hub::parcels::open(engine, asked.doc)?;
    }
    Ok(is_more)
}

#[cfg(target_arch = "wasm32")]
fn open_parcels(_: &mut Engine, _: &[Told<'_>], is_more: bool) -> Result<bool, EngineError> {
    Ok(is_more)
}

const fn is_of_the_disk(error: &EngineError) -> bool {
    matches!(error, EngineError::StorageFull | EngineError::StorageRefuses(_) | EngineError::Store(_))
}

fn is_merge((_, answer): &Told<'_>) -> bool {
    answer.as_ref().is_some_and(|answer| answer.snapshot.is_some() || !answer.changes.is_empty())
}

fn size((_, answer): &Told<'_>) -> usize {
    answer.as_ref().map_or(0, |answer| {
        let changes: usize = answer.changes.iter().map(|change| change.len()).sum();
        changes + answer.snapshot.as_ref().map_or(0, |snapshot| snapshot.len())
    })
}
