//! Reads typed fields of a document. A field of another type reads as absent, so that a malformed entry does not affect others.

use crate::doc::Rooted;
use automerge::{Automerge, ObjId, ObjType, ReadDoc, Value};
use porchlight_model::id::Sha256;
use std::str::FromStr;

/// One top-level map of a document.
pub(crate) struct MapReader<'a> {
    doc: &'a Automerge,
    id: ObjId,
}

/// One entry of a top-level map with all its fields, read in one pass, because Automerge searches for each field separately.
pub(crate) struct Entry<'a> {
    doc: &'a Automerge,
    id: ObjId,
    fields: Vec<(String, Value<'static>)>,
}

impl<'a> MapReader<'a> {
    pub(crate) fn open(doc: &'a Rooted, map: &str) -> Option<Self> {
        Some(Self { doc, id: doc.map(map)? })
    }

    pub(super) fn document(&self) -> &Automerge {
        self.doc
    }

    pub(super) fn id_of_map(&self) -> &ObjId {
        &self.id
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.doc.keys(&self.id).collect()
    }

    fn value(&self, key: &str) -> Option<Value<'a>> {
        Some(self.doc.get(&self.id, key).ok()??.0)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<Entry<'a>> {
        match self.doc.get(&self.id, key).ok()?? {
            (Value::Object(ObjType::Map), id) => Some(Entry::read(self.doc, id)),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.value(key)?.as_str().map(str::to_owned)
    }

    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        self.value(key)?.as_i64()
    }

    /// All numbers under one key, each with the change that wrote it.
    pub(crate) fn numbers(&self, key: &str) -> Vec<(i64, Sha256)> {
        let all = self.doc.get_all(&self.id, key).unwrap_or_default().into_iter();
        all.filter_map(|(value, id)| Some((value.as_i64()?, Sha256(self.doc.hash_for_opid(&id)?.0)))).collect()
    }

    /// All texts under one key, sorted, each once, and the one that Automerge shows.
    pub(crate) fn texts(&self, key: &str) -> (Option<String>, Vec<String>) {
        let mut all: Vec<String> = self
            .doc
            .get_all(&self.id, key)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(value, _)| value.as_str().map(str::to_owned))
            .collect();
        all.sort();
        all.dedup();
        (self.text(key), all)
    }
}

impl<'a> Entry<'a> {
    fn read(doc: &'a Automerge, id: ObjId) -> Self {
        let fields = doc.map_range(&id, ..).map(|item| (item.key.into_owned(), item.value.into_value())).collect();
        Self { doc, id, fields }
    }

    fn value(&self, field: &str) -> Option<&Value<'static>> {
        self.fields.iter().find_map(|(name, value)| (name == field).then_some(value))
    }

    pub(crate) fn text(&self, field: &str) -> Option<String> {
        self.value(field)?.as_str().map(str::to_owned)
    }

    pub(crate) fn id<const N: usize>(&self, field: &str) -> Option<[u8; N]> {
        self.value(field)?.as_bytes()?.try_into().ok()
    }

    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        self.value(field)?.as_i64()
    }

    pub(crate) fn flag(&self, field: &str) -> Option<bool> {
        self.value(field)?.as_bool()
    }

    /// All fields that are text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }

    /// The change that created this entry.
    pub(crate) fn made_by(&self) -> Option<Sha256> {
        self.doc.hash_for_opid(&self.id).map(|hash| Sha256(hash.0))
    }
}

/// Reads an id used as a key.
pub(crate) fn key_id<T: FromStr>(key: &str) -> Option<T> {
    key.parse().ok()
}

/// Splits a key of two ids: of an answer, `voter/question`, or of a turf in a wave, `wave/turf`.
pub(crate) fn split_key<V: FromStr, Q: FromStr>(key: &str) -> Option<(V, Q)> {
    let (voter, question) = key.split_once('/')?;
    Some((voter.parse().ok()?, question.parse().ok()?))
}
