//! A document with the top-level maps of its birth, whatever a later change writes or deletes at its root.

use crate::doc::kind;
use automerge::{Automerge, Change, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value};
use porchlight_model::wire::DocKind;
use std::collections::BTreeMap;
use std::ops::Deref;

/// The top-level maps from a document's birth, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roots(BTreeMap<String, ObjId>);

impl Roots {
    /// A map that the document was born with.
    pub(crate) fn get(&self, map: &str) -> Option<&ObjId> {
        self.0.get(map)
    }
}

/// An open document.
pub(crate) struct Rooted {
    document: Automerge,
    roots: Roots,
}

impl Rooted {
    /// An empty document, to be created or filled.
    pub(crate) fn new(document: Automerge) -> Self {
        Self { document, roots: Roots::default() }
    }

    /// The document with its roots, to be edited.
    pub(crate) fn parts(&mut self) -> (&mut Automerge, &Roots) {
        (&mut self.document, &self.roots)
    }

    /// Changes the document; if it was empty, `first` of what was added is its birth.
    pub(crate) fn grow<R>(&mut self, first: Option<ChangeHash>, act: impl FnOnce(&mut Automerge) -> R) -> R {
        let is_unborn = self.document.is_empty() && self.roots.0.is_empty();
        let value = act(&mut self.document);
        if is_unborn && let Some(first) = first {
            self.born_by(first);
        }
        value
    }

    /// Records the maps that the document's first change created.
    pub(crate) fn born_by(&mut self, birth: ChangeHash) {
        if self.document.get_change_by_hash(&birth).is_none() {
            return;
        }
        let (document, heads) = (&self.document, [birth]);
        let made = document.keys_at(ROOT, &heads).filter_map(|map| match document.get_at(ROOT, &map, &heads) {
            Ok(Some((Value::Object(ObjType::Map), id))) => Some((map, id)),
            _ => None,
        });
        self.roots = Roots(made.collect());
    }

    /// Whether the document has no changes yet.
    pub(crate) fn is_unborn(&self) -> bool {
        self.roots.0.is_empty()
    }

    /// A map that the document was born with.
    pub(crate) fn map(&self, map: &str) -> Option<ObjId> {
        self.roots.get(map).cloned()
    }

    /// Whether a later change touched the root. Automerge does not report changes below objects that are no longer reachable from it.
    pub(crate) fn is_tampered(&self, kind: DocKind) -> bool {
        let shown = |map: &str| self.document.get(ROOT, map).ok().flatten().map(|(_, id)| id);
        kind::of(kind).maps.iter().any(|map| self.map(map).is_some_and(|born| shown(map) != Some(born)))
    }
}

impl Deref for Rooted {
    type Target = Automerge;

    fn deref(&self) -> &Automerge {
        &self.document
    }
}

/// The first of some changes, which is a document's birth where it has none.
pub(crate) fn first(changes: &[Change]) -> Option<ChangeHash> {
    changes.first().map(Change::hash)
}
