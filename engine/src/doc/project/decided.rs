//! The law of the campaign document and of the office document: what they say counts as far as a coordinator's device wrote it, by what the relay says of devices. What
//! somebody else wrote over is read as it stood before. Until the relay has said whose a device is, its entries count. A removal leaves nothing to
//! judge; the relay refuses those of others.

use crate::doc::read::{MapReader, device_of, place_of};
use crate::error::EngineError;
use crate::store::laws;
use automerge::Value;
use porchlight_model::id::{DeviceId, DocId};
use porchlight_model::member::Role;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many overwrites by devices without the right are followed back. Whoever has written more often over one entry removes it.
const MOST_BACK: usize = 4096;

/// Reads entries of such a document by its law.
pub(super) struct Decided<'a> {
    conn: &'a Connection,
    doc: DocId,
    /// Whether devices decide, each looked up once.
    known: RefCell<BTreeMap<DeviceId, bool>>,
}

impl<'a> Decided<'a> {
    pub(super) fn new(conn: &'a Connection, doc: DocId) -> Self {
        Self { conn, doc, known: RefCell::default() }
    }

    /// The text under a key.
    pub(super) fn text(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<String>, EngineError> {
        let value = self.value(reader, key)?;
        Ok(value.as_ref().and_then(Value::as_str).map(str::to_owned))
    }

    /// The number under a key.
    pub(super) fn number(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<i64>, EngineError> {
        let value = self.value(reader, key)?;
        Ok(value.as_ref().and_then(Value::as_i64))
    }

    /// The bytes under a key.
    pub(super) fn bytes(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let value = self.value(reader, key)?;
        Ok(value.as_ref().and_then(Value::as_bytes).map(<[u8]>::to_vec))
    }

    /// Of several values that were written independently the last one that counts, which is the one that Automerge shows if all do.
    fn value(&self, reader: &MapReader<'_>, key: &str) -> Result<Option<Value<'static>>, EngineError> {
        let mut written = reader.values(key);
        let mut seen = BTreeSet::new();
        while !written.is_empty() && seen.len() < MOST_BACK {
            written.sort_by(|(_, one), (_, other)| place_of(one).cmp(&place_of(other)));
            let mut before = Vec::new();
            while let Some((value, op)) = written.pop() {
                if self.decides(device_of(reader.document(), &op))? {
                    return Ok(Some(value));
                }
                if seen.len() < MOST_BACK && seen.insert(op.clone()) {
                    before.extend(reader.values_before(key, &op));
                }
            }
            written = before;
        }
        Ok(None)
    }

    /// Whether what a device wrote counts here.
    fn decides(&self, device: Option<DeviceId>) -> Result<bool, EngineError> {
        // Every program of ours names the device in an actor's first change.
        let Some(device) = device else { return Ok(false) };
        if let Some(decides) = self.known.borrow().get(&device) {
            return Ok(*decides);
        }
        let author = laws::author(self.conn, device)?;
        let decides = author.is_none_or(|author| author.role == Role::Coordinator);
        if author.is_none() || !decides {
            // Claimed for nobody, so that the document is read anew as soon as the relay says otherwise.
            laws::claim(self.conn, self.doc, device, [0; 16])?;
        }
        self.known.borrow_mut().insert(device, decides);
        Ok(decides)
    }
}
