//! Reading typed fields out of a document; a field of another shape reads as absent, so one bad entry spoils no other.

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, Value};
use porchlight_model::id::Sha256;
use std::str::FromStr;

/// One top-level map of a document.
pub(crate) struct MapReader<'a> {
    doc: &'a Automerge,
    id: ObjId,
}

/// One entry of a top-level map.
pub(crate) struct Entry<'a> {
    doc: &'a Automerge,
    id: ObjId,
}

impl<'a> MapReader<'a> {
    pub(crate) fn open(doc: &'a Automerge, map: &str) -> Option<Self> {
        match doc.get(ROOT, map).ok()?? {
            (Value::Object(ObjType::Map), id) => Some(Self { doc, id }),
            _ => None,
        }
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.doc.keys(&self.id).collect()
    }

    pub(crate) fn entry(&self, key: &str) -> Option<Entry<'a>> {
        match self.doc.get(&self.id, key).ok()?? {
            (Value::Object(ObjType::Map), id) => Some(Entry { doc: self.doc, id }),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        text_at(self.doc, &self.id, key)
    }

    pub(crate) fn id<const N: usize>(&self, key: &str) -> Option<[u8; N]> {
        bytes_at(self.doc, &self.id, key)
    }

    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        number_at(self.doc, &self.id, key)
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

impl Entry<'_> {
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        text_at(self.doc, &self.id, field)
    }

    pub(crate) fn id<const N: usize>(&self, field: &str) -> Option<[u8; N]> {
        bytes_at(self.doc, &self.id, field)
    }

    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        number_at(self.doc, &self.id, field)
    }

    pub(crate) fn flag(&self, field: &str) -> Option<bool> {
        self.doc.get(&self.id, field).ok()??.0.as_bool()
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.doc.keys(&self.id).collect()
    }

    /// The change that made this entry.
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

fn text_at(doc: &Automerge, id: &ObjId, key: &str) -> Option<String> {
    doc.get(id, key).ok()??.0.as_str().map(str::to_owned)
}

fn number_at(doc: &Automerge, id: &ObjId, key: &str) -> Option<i64> {
    doc.get(id, key).ok()??.0.as_i64()
}

fn bytes_at<const N: usize>(doc: &Automerge, id: &ObjId, key: &str) -> Option<[u8; N]> {
    doc.get(id, key).ok()??.0.as_bytes()?.try_into().ok()
}
