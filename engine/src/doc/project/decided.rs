//! The law of the campaign document and of the office document: what they say counts as far as a coordinator's device wrote it, by what the relay
//! says of devices. What somebody else wrote over or removed is read as it stood before. Until the relay has said whose a device is, its entries
//! count.

mod history;

use crate::doc::Rooted;
use crate::doc::read::{MapReader, place_of};
use crate::error::EngineError;
use crate::store::{laws, stored};
use automerge::{ActorId, ReadDoc, ScalarValue, Value};
use history::History;
use porchlight_model::grant::Act;
use porchlight_model::id::{DeviceId, DocId, Sha256};
use rusqlite::Connection;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Reads entries of such a document by its law.
pub(crate) struct Decided<'a> {
    conn: &'a Connection,
    doc: DocId,
    document: &'a Rooted,
    /// What became of the entries that others wrote over or removed; read when it is first asked for.
    history: OnceCell<History>,
}

impl<'a> Decided<'a> {
    pub(crate) fn new(conn: &'a Connection, doc: DocId, document: &'a Rooted) -> Self {
        Self { conn, doc, document, history: OnceCell::new() }
    }

    /// The keys of a map, also those that somebody without the right removed.
    pub(super) fn keys(&self, reader: &MapReader<'_>) -> Result<Vec<String>, EngineError> {
        let mut keys: BTreeSet<String> = reader.keys().into_iter().collect();
        keys.extend(self.history()?.keys_of(reader.id_of_map()).map(str::to_owned));
        Ok(keys.into_iter().collect())
    }

    /// The text under a key.
    pub(super) fn text(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<String>, EngineError> {
        Ok(self.value(reader, key)?.as_ref().and_then(ScalarValue::as_str).map(str::to_owned))
    }

    /// The number under a key.
    pub(super) fn number(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<i64>, EngineError> {
        Ok(self.value(reader, key)?.as_ref().and_then(ScalarValue::as_i64))
    }

    /// All numbers under a key, each with the change that wrote it; several where coordinators wrote independently.
    pub(crate) fn numbers(&self, reader: &MapReader<'_>, key: &str) -> Result<Vec<(i64, Sha256)>, EngineError> {
        let Some(standing) = self.history()?.standing(reader.id_of_map(), key) else {
            return Ok(reader.numbers(key));
        };
        Ok(standing
            .into_iter()
            .filter_map(|written| Some((written.value.as_ref()?.as_i64()?, written.change)))
            .collect())
    }

    /// The bytes under a key.
    pub(super) fn bytes(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(match self.value(reader, key)? {
            Some(ScalarValue::Bytes(bytes)) => Some(bytes),
            _ => None,
        })
    }

    /// Of several values that were written independently the last one that counts, which is the one that Automerge shows if all do.
    fn value(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<ScalarValue>, EngineError> {
        if let Some(standing) = self.history()?.standing(reader.id_of_map(), key) {
            return Ok(standing.into_iter().next_back().and_then(|written| written.value.clone()));
        }
        let last = reader.values(key).into_iter().max_by(|(_, one), (_, other)| place_of(one).cmp(&place_of(other)));
        Ok(last.and_then(|(value, _)| match value {
            Value::Scalar(scalar) => Some(scalar.into_owned()),
            Value::Object(_) => None,
        }))
    }

    fn history(&self) -> Result<&History, EngineError> {
        if let Some(history) = self.history.get() {
            return Ok(history);
        }
        let others = self.others()?;
        let history = History::read(self.conn, self.doc, &others)?;
        Ok(self.history.get_or_init(|| history))
    }

    /// The actors that wrote what does not count.
    fn others(&self) -> Result<BTreeSet<ActorId>, EngineError> {
        let (mut others, mut n_named) = (BTreeSet::new(), 0);
        for author in self.document.get_authors() {
            let mut actors = self.document.get_actors_for_author(author);
            n_named += actors.len() as u64;
            // This process has not written anything yet, or it may.
            actors.retain(|actor| actor != self.document.get_actor());
            let device = author.as_bytes().try_into().ok().map(DeviceId::from_bytes);
            if !actors.is_empty() && !self.decides(device)? {
                others.extend(actors);
            }
        }
        // Every program of ours names the device in an actor's first change.
        if n_named < self.document.stats().num_actors {
            let all = stored::actors(self.conn, self.doc)?.into_iter().map(ActorId::from);
            others.extend(all.filter(|actor| self.document.get_author_for_actor(actor).is_none()));
        }
        Ok(others)
    }

    /// Whether what a device wrote counts here.
    fn decides(&self, device: Option<DeviceId>) -> Result<bool, EngineError> {
        let Some(device) = device else { return Ok(false) };
        let author = laws::author(self.conn, device)?;
        let decides = author.is_none_or(|author| author.role.may(Act::Decide));
        if author.is_none() || !decides {
            // Claimed for nobody, so that the document is read anew as soon as the relay says otherwise.
            laws::claim(self.conn, self.doc, device, [0; 16])?;
        }
        Ok(decides)
    }
}
