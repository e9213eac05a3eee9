//! Layouts as data: the meaning of a table's columns, matched by header regardless of case, spaces, underscores or quotes.

use super::{place, refuse};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::FileKind;
use porchlight_model::message::{ApiError, Message};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A layout, from `assets/layouts/`.
#[derive(Debug, Deserialize)]
struct Layout {
    name: String,
    columns: BTreeMap<String, Vec<String>>,
    required: Vec<String>,
}

/// The columns of one file, by meaning.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// The kind of the file.
    pub(crate) kind: FileKind,
    /// The separator.
    pub(crate) separator: u8,
    /// The headers as written.
    pub(crate) headers: Vec<String>,
    /// Headers that the layout does not use.
    pub(crate) unused: Vec<String>,
    by_meaning: BTreeMap<String, usize>,
    required: Vec<String>,
}

impl Columns {
    /// The indexes of the required columns.
    pub(crate) fn required(&self) -> impl Iterator<Item = usize> {
        self.required.iter().filter_map(|meaning| self.index(meaning))
    }

    /// The index of a column, by meaning.
    pub(crate) fn index(&self, meaning: &str) -> Option<usize> {
        self.by_meaning.get(meaning).copied()
    }

    /// Recognises a header line.
    ///
    /// # Errors
    /// When no layout matches. The error names the missing columns of the nearest layout, and those that were found.
    pub(crate) fn recognise(file: &ChosenFile, header: &str) -> Result<Self, ApiError> {
        let separator = if header.contains('\t') { b'\t' } else { b',' };
        let headers: Vec<String> =
            header.split(char::from(separator)).map(|cell| cell.trim().trim_matches('"').trim().to_owned()).collect();
        let mut nearest: Option<(usize, String, Vec<String>)> = None;
        for (kind, text) in [
            (FileKind::NorthCarolina, include_str!("../../../assets/layouts/north-carolina.json")),
            (FileKind::OpenAddresses, include_str!("../../../assets/layouts/open-addresses.json")),
        ] {
            let layout: Layout = serde_json::from_str(text).map_err(crate::error::EngineError::from)?;
            let columns = layout.match_headers(kind, separator, &headers);
            let missing = layout.missing(&columns);
            if missing.is_empty() {
                return Ok(columns);
            }
            let n_found = columns.by_meaning.len();
            if nearest.as_ref().is_none_or(|(most, _, _)| n_found > *most) {
                nearest = Some((n_found, layout.name, missing));
            }
        }
        let (n_found, name, missing) = nearest.unwrap_or_default();
        let found = headers.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        let what = if headers.iter().all(String::is_empty) {
            Message::new("import-layout-blank")
        } else if n_found < 3 {
            Message::new("import-layout-unknown").with("found", shorten(&found))
        } else {
            Message::new("import-layout-lacks")
                .with("layout", name)
                .with("missing", missing.join(", "))
                .with("found", shorten(&found))
        };
        Err(refuse(place(file, 1, 1, ""), what))
    }
}

impl Layout {
    fn match_headers(&self, kind: FileKind, separator: u8, headers: &[String]) -> Columns {
        let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
        let mut by_meaning = BTreeMap::new();
        for (meaning, names) in &self.columns {
            let found = names.iter().find_map(|name| plain.iter().position(|header| *header == self::plain(name)));
            if let Some(index) = found {
                by_meaning.insert(meaning.clone(), index);
            }
        }
        let is_used = |index: usize| by_meaning.values().any(|used| *used == index);
        let unused =
            headers.iter().enumerate().filter(|(index, _)| !is_used(*index)).map(|(_, name)| name.clone()).collect();
        Columns { kind, separator, headers: headers.to_vec(), unused, by_meaning, required: self.required.clone() }
    }

    /// Required columns that a header lacks, as the layout spells them.
    fn missing(&self, columns: &Columns) -> Vec<String> {
        self.required
            .iter()
            .filter(|meaning| columns.index(meaning).is_none())
            .filter_map(|meaning| self.columns.get(meaning)?.first().cloned())
            .collect()
    }
}

/// Strips from a header all that is ignored in matching.
fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn shorten(text: &str) -> String {
    text.chars().take(200).collect()
}
