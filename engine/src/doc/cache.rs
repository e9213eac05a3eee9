//! The cache of open documents: loaded on demand from their stored changes, and evicted when others need the space.

use crate::doc::rooted::{Rooted, first};
use crate::doc::weigh;
use crate::error::EngineError;
use crate::store::{changes, docs};
use automerge::{ActorId, Author, Automerge, Change};
use porchlight_model::id::{DeviceId, DocId};
use rand::RngCore;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// The capacity of the cache; a small turf document takes about 160 KiB.
const MAX_OPEN: usize = 24;

/// Open documents by id.
#[derive(Default)]
pub(crate) struct DocCache {
    open: BTreeMap<DocId, (Rooted, u64)>,
    n_uses: u64,
}

impl DocCache {
    /// Returns a document, loaded on demand, with a fresh random actor.
    pub(crate) fn open<'a>(
        &'a mut self,
        conn: &Connection,
        rng: &mut impl RngCore,
        device: DeviceId,
        doc: DocId,
    ) -> Result<&'a mut Rooted, EngineError> {
        self.n_uses += 1;
        if !self.open.contains_key(&doc) {
            if let Some(row) = docs::get(conn, doc)? {
                weigh::check_stored(conn, doc, row.kind)?;
            }
            let mut loaded = Rooted::new(fresh(rng, device));
            let changes = changes::load(conn, doc)?
                .into_iter()
                .map(Change::from_bytes)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| EngineError::BrokenDocument { doc, source: Box::new(error.into()) })?;
            loaded
                .grow(first(&changes), |document| document.apply_changes(changes))
                .map_err(|source| EngineError::BrokenDocument { doc, source: Box::new(source) })?;
            self.make_room();
            self.open.insert(doc, (loaded, 0));
        }
        let n_uses = self.n_uses;
        match self.open.get_mut(&doc) {
            Some((open, last_use)) => {
                *last_use = n_uses;
                Ok(open)
            }
            None => Err(EngineError::Corrupt { what: "a document was not kept open".to_owned() }),
        }
    }

    /// Evicts a document whose edit was not committed to disk.
    pub(crate) fn forget(&mut self, doc: DocId) {
        self.open.remove(&doc);
    }

    /// Evicts all documents, because further changes are written by another device.
    pub(crate) fn forget_all(&mut self) {
        self.open.clear();
    }

    fn make_room(&mut self) {
        while self.open.len() >= MAX_OPEN {
            let Some(oldest) = self.open.iter().min_by_key(|(_, (_, last_use))| *last_use).map(|(doc, _)| *doc) else {
                return;
            };
            self.open.remove(&oldest);
        }
    }
}

/// An empty document under a fresh actor, written by `device`.
fn fresh(rng: &mut impl RngCore, device: DeviceId) -> Automerge {
    let mut actor = [0; 16];
    rng.fill_bytes(&mut actor);
    // The author is set first, because setting it gives the document a random actor that does not come from the seed.
    Automerge::new()
        .with_author(Some(Author::from(device.to_bytes().to_vec())))
        .with_actor(ActorId::from(actor.to_vec()))
}
