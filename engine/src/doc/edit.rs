//! An edit: one act of a person on one document, by explicit writes at known paths.

use crate::doc::Touched;
use crate::doc::rooted::{Rooted, Roots};
use crate::error::EngineError;
use automerge::transaction::{Transactable, Transaction};
use automerge::{ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

/// A running edit, which becomes exactly one Automerge change.
#[derive(Debug)]
pub struct Edit<'a> {
    tx: Transaction<'a>,
    roots: &'a Roots,
    touched: Touched,
}

impl<'a> Edit<'a> {
    pub(crate) fn begin(doc: &'a mut Rooted) -> Self {
        let (document, roots) = doc.parts();
        Self { tx: document.transaction(), roots, touched: Touched::default() }
    }

    /// Commits as one change, dated `at_s` seconds since 1970; returns its hash and what was touched, or `None` when nothing changed.
    pub(crate) fn commit(self, at_s: i64) -> Option<(ChangeHash, Touched)> {
        let (hash, _) = self.tx.commit_with(automerge::transaction::CommitOptions::default().with_time(at_s));
        hash.map(|hash| (hash, self.touched))
    }

    fn map(&self, map: &str) -> Result<ObjId, EngineError> {
        if let Some(id) = self.roots.get(map) {
            return Ok(id.clone());
        }
        match self.tx.get(ROOT, map)? {
            Some((Value::Object(ObjType::Map), id)) => Ok(id),
            _ => Err(EngineError::Corrupt { what: format!("a document has no map {map:?}") }),
        }
    }

    /// Creates the top-level maps of a new document; two devices must never do this to the same document.
    pub(crate) fn make_maps(&mut self, maps: &[&str]) -> Result<(), EngineError> {
        for map in maps {
            self.tx.put_object(ROOT, *map, ObjType::Map)?;
            self.touched.add_whole(map);
        }
        Ok(())
    }

    /// Writes a scalar at `map`/`key`.
    ///
    /// # Errors
    /// When the document lacks the map.
    pub fn put(&mut self, map: &str, key: &str, value: impl Into<ScalarValue>) -> Result<(), EngineError> {
        self.put_value(map, key, value.into())
    }

    fn put_value(&mut self, map: &str, key: &str, value: ScalarValue) -> Result<(), EngineError> {
        let id = self.map(map)?;
        self.tx.put(&id, key, value)?;
        self.touched.add(map, key);
        Ok(())
    }

    /// Removes `map`/`key`, if it exists.
    ///
    /// # Errors
    /// When the document lacks the map.
    pub fn remove(&mut self, map: &str, key: &str) -> Result<(), EngineError> {
        let id = self.map(map)?;
        if self.tx.get(&id, key)?.is_some() {
            self.tx.delete(&id, key)?;
            self.touched.add(map, key);
        }
        Ok(())
    }

    /// Takes an entry of the campaign document back, also one that somebody without the right removed: as that counts for nobody, nothing is left
    /// to remove, and an empty text stands for it.
    ///
    /// # Errors
    /// When the document lacks the map.
    pub(crate) fn take_back(&mut self, map: &str, key: &str) -> Result<(), EngineError> {
        let is_shown = self.tx.get(&self.map(map)?, key)?.is_some();
        if is_shown { self.remove(map, key) } else { self.put(map, key, "") }
    }

    /// Writes a new entry with its fields at `map`/`key`; entries are immutable.
    ///
    /// # Errors
    /// When the document lacks the map, or the entry already exists.
    pub fn add<'f>(
        &mut self,
        map: &str,
        key: &str,
        fields: impl IntoIterator<Item = (&'f str, ScalarValue)>,
    ) -> Result<(), EngineError> {
        self.add_entry(map, key, &mut fields.into_iter())
    }

    fn add_entry(
        &mut self,
        map: &str,
        key: &str,
        fields: &mut dyn Iterator<Item = (&str, ScalarValue)>,
    ) -> Result<(), EngineError> {
        let id = self.map(map)?;
        if self.tx.get(&id, key)?.is_some() {
            return Err(EngineError::Corrupt { what: format!("an entry of {map:?} was made twice") });
        }
        let entry = self.tx.put_object(&id, key, ObjType::Map)?;
        for (name, value) in fields {
            self.tx.put(&entry, name, value)?;
        }
        self.touched.add(map, key);
        Ok(())
    }

    /// The scalar texts at `map`/`key`: none, one, or several in a conflict.
    ///
    /// # Errors
    /// When the document lacks the map.
    pub fn values(&self, map: &str, key: &str) -> Result<Vec<String>, EngineError> {
        let id = self.map(map)?;
        Ok(self.tx.get_all(&id, key)?.into_iter().filter_map(|(value, _)| value.as_str().map(str::to_owned)).collect())
    }
}
