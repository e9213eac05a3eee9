//! Reads typed fields of a document. A field of another type reads as absent, so that a malformed entry does not affect others.

use crate::doc::Rooted;
use automerge::iter::MapRangeItem;
use automerge::{ActorId, Automerge, ObjId, ObjType, ReadDoc, Value};
use porchlight_model::id::{DeviceId, Sha256};
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

    /// All entries under one key, more than one where devices made it independently.
    pub(crate) fn entries(&self, key: &str) -> Vec<Entry<'a>> {
        let all = self.doc.get_all(&self.id, key).unwrap_or_default().into_iter();
        let is_map = |value: &Value<'_>| matches!(value, Value::Object(ObjType::Map));
        all.filter(|(value, _)| is_map(value)).map(|(_, id)| Entry::read(self.doc, id)).collect()
    }

    /// All values under one key, each with the operation that wrote it; the one that Automerge shows is the last.
    pub(super) fn values(&self, key: &str) -> Vec<(Value<'static>, ObjId)> {
        let all = self.doc.get_all(&self.id, key).unwrap_or_default().into_iter();
        all.map(|(value, id)| (value.into_owned(), id)).collect()
    }

    /// As [`Self::written`], before the change that this operation is of: what it replaced is among them.
    pub(crate) fn written_before(&self, key: &str, op: &ObjId) -> Vec<(String, ObjId)> {
        let change = self.doc.hash_for_opid(op).and_then(|hash| self.doc.get_change_by_hash(&hash));
        let Some(change) = change else { return Vec::new() };
        let all = self.doc.get_all_at(&self.id, key, change.deps()).unwrap_or_default().into_iter();
        all.filter_map(|(value, id)| Some((value.as_str()?.to_owned(), id))).collect()
    }

    /// All texts under one key, each with the operation that wrote it; the one that Automerge shows is the last.
    pub(crate) fn written(&self, key: &str) -> Vec<(String, ObjId)> {
        self.values(key).into_iter().filter_map(|(value, id)| Some((value.as_str()?.to_owned(), id))).collect()
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.value(key)?.as_str().map(str::to_owned)
    }

    /// All numbers under one key, each with the change that wrote it.
    pub(crate) fn numbers(&self, key: &str) -> Vec<(i64, Sha256)> {
        let all = self.doc.get_all(&self.id, key).unwrap_or_default().into_iter();
        all.filter_map(|(value, id)| Some((value.as_i64()?, Sha256(self.doc.hash_for_opid(&id)?.0)))).collect()
    }
}

impl<'a> Entry<'a> {
    /// Entries are immutable: where somebody else wrote into one, it is read as it was made.
    fn read(doc: &'a Automerge, id: ObjId) -> Self {
        let maker = actor_of(&id);
        let is_altered = doc.map_range(&id, ..).any(|item| actor_of(&item.id()) != maker);
        let made = if is_altered { doc.hash_for_opid(&id) } else { None };
        let field = |item: MapRangeItem<'_>| (item.key.into_owned(), item.value.into_value());
        let fields = match made {
            Some(made) => doc.map_range_at(&id, .., &[made]).map(field).collect(),
            None => doc.map_range(&id, ..).map(field).collect(),
        };
        Self { doc, id, fields }
    }

    /// The device that made this entry, as the actor of its change names it; a relay verified that when it accepted the change.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        device_of(self.doc, &self.id)
    }

    /// The change that created this entry; zeros if it is not known.
    pub(crate) fn change(&self) -> [u8; 32] {
        self.made_by().map_or([0; 32], |hash| hash.0)
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

/// The device that wrote an operation.
pub(crate) fn device_of(doc: &Automerge, id: &ObjId) -> Option<DeviceId> {
    let author = doc.get_author_for_actor(actor_of(id)?)?;
    author.as_bytes().try_into().ok().map(DeviceId::from_bytes)
}

/// The order of operations: of several texts under one key Automerge shows the last.
pub(crate) fn place_of(id: &ObjId) -> (u64, &[u8]) {
    match id {
        ObjId::Root => (0, &[]),
        ObjId::Id(counter, actor, _) => (*counter, actor.to_bytes()),
    }
}

const fn actor_of(id: &ObjId) -> Option<&ActorId> {
    match id {
        ObjId::Root => None,
        ObjId::Id(_, actor, _) => Some(actor),
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
