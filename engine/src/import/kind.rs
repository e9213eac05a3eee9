//! The kinds of the features in a GeoJSON file: each feature is classified by itself, and the file by all of them.

use super::At;
use super::staged::Staged;
use super::{open_addresses, streets};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::FileKind;
use porchlight_model::message::Message;
use serde_json::Value;

/// Counts features by kind, with the position of the first of each.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    points: (u64, Option<At>),
    lines: (u64, Option<At>),
}

impl Kinds {
    /// Classifies one feature and reads it into `staged`.
    pub(crate) fn read(&mut self, file: &ChosenFile, at: At, feature: &Value, staged: &mut Staged) {
        match of(feature) {
            Some(FileKind::OpenAddresses) => {
                count(&mut self.points, at);
                open_addresses::read_feature(file, at, feature, staged);
            }
            Some(FileKind::Streets) => {
                count(&mut self.lines, at);
                streets::read_feature(file, at, feature, staged);
            }
            Some(FileKind::NorthCarolina) | None => staged.n_passed_over += 1,
        }
    }

    /// The kind of the file, which is that of most of its features; streets if there are none.
    pub(crate) const fn most(&self) -> FileKind {
        if self.points.0 > self.lines.0 { FileKind::OpenAddresses } else { FileKind::Streets }
    }

    /// Drops features of the rarer kind, and reports where the first one is.
    pub(crate) fn settle(&mut self, file: &ChosenFile, staged: &mut Staged) {
        let rarer = if matches!(self.most(), FileKind::OpenAddresses) { &mut self.lines } else { &mut self.points };
        let (n, Some((line, column))) = std::mem::take(rarer) else { return };
        let id = if matches!(self.most(), FileKind::OpenAddresses) {
            staged.streets.clear();
            staged.areas.clear();
            "import-mixed-streets"
        } else {
            staged.points.clear();
            "import-mixed-points"
        };
        staged.n_passed_over += n;
        staged.problem(file, line, (column, "properties"), Message::new(id).with("n", n), true);
    }
}

fn count((n, first): &mut (u64, Option<At>), at: At) {
    *n += 1;
    first.get_or_insert(at);
}

/// Classifies a feature by its properties and, if these fit two kinds, by its geometry. One without coordinates is classified in the same way.
fn of(feature: &Value) -> Option<FileKind> {
    let properties = &feature["properties"];
    let is_point = matches!(feature["geometry"]["type"].as_str(), None | Some("Point" | "MultiPoint"));
    let is_address = properties.get("number").is_some() && (is_point || properties.get("street").is_some());
    match (is_address, streets::is_street_or_area(feature)) {
        (true, false) => Some(FileKind::OpenAddresses),
        (true, true) if is_point => Some(FileKind::OpenAddresses),
        (_, true) => Some(FileKind::Streets),
        (false, false) => None,
    }
}
