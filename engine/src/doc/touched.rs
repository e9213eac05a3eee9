//! Which entries of a document's top-level maps an edit or a merge touched.

use automerge::{Patch, PatchAction, Prop, ROOT};
use std::collections::{BTreeMap, BTreeSet};

/// The touched entries: keys by top-level map. An empty key set never means "all".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    keys: BTreeMap<String, BTreeSet<String>>,
    whole: BTreeSet<String>,
}

impl Touched {
    /// Adds one entry.
    pub fn add(&mut self, map: &str, key: &str) {
        self.keys.entry(map.to_owned()).or_default().insert(key.to_owned());
    }

    /// Adds every entry of a map.
    pub fn add_whole(&mut self, map: &str) {
        self.whole.insert(map.to_owned());
    }

    /// Whether every entry of `map` is touched.
    #[must_use]
    pub fn is_whole(&self, map: &str) -> bool {
        self.whole.contains(map)
    }

    /// The touched keys of `map`, when not all of them are.
    pub fn keys(&self, map: &str) -> impl Iterator<Item = &str> {
        self.keys.get(map).into_iter().flatten().map(String::as_str)
    }

    /// Whether anything in `map` is touched.
    #[must_use]
    pub fn has(&self, map: &str) -> bool {
        self.is_whole(map) || self.keys.contains_key(map)
    }

    /// Adds what Automerge reports of a merge.
    pub fn add_patches(&mut self, patches: &[Patch]) {
        for patch in patches {
            let mut path = patch.path.iter().map(|(_, prop)| prop);
            match (path.next(), path.next()) {
                (Some(Prop::Map(map)), Some(Prop::Map(key))) => self.add(map, key),
                (Some(Prop::Map(map)), None) => match key_of(&patch.action) {
                    Some(key) => self.add(map, key),
                    None => self.add_whole(map),
                },
                (None, _) if patch.obj == ROOT => {
                    if let Some(map) = key_of(&patch.action) {
                        self.add_whole(map);
                    }
                }
                _ => {}
            }
        }
    }
}

fn key_of(action: &PatchAction) -> Option<&str> {
    match action {
        PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key } => Some(key),
        PatchAction::Increment { prop: Prop::Map(key), .. } | PatchAction::Conflict { prop: Prop::Map(key) } => {
            Some(key)
        }
        PatchAction::Increment { .. }
        | PatchAction::Conflict { .. }
        | PatchAction::PutSeq { .. }
        | PatchAction::Insert { .. }
        | PatchAction::SpliceText { .. }
        | PatchAction::DeleteSeq { .. }
        | PatchAction::Mark { .. } => None,
    }
}
