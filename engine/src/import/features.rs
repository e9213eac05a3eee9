//! Reads GeoJSON as a stream of features: a collection on one line of any length, a bare array, one feature per line, or a sequence with a record
//! separator before each (RFC 8142). The whole file is never in memory.

use super::lines::ByteReader;
use super::{At, place, refuse};
use porchlight_model::message::{ApiError, Message};
use serde_json::Value;

/// The maximum size of one feature in bytes.
pub(crate) const MAX_FEATURE_BYTES: usize = 1024 * 1024;

/// Finds features in the bytes of a file.
///
/// ```text
/// depth 0 ─ { ─ 1 ─ "features": [ ─ 2 ─ { feature } , { feature } ─ ] ─ }
/// depth 0 ─ [ ─ 1 ─ { feature } , { feature } ─ ]
/// ```
/// What is between features is skipped.
#[derive(Debug, Default)]
pub(crate) struct FeatureScanner {
    depth: usize,
    /// The nesting depth at which features begin: 0 in a file of lines, 1 in an array, 2 in a collection.
    base: usize,
    is_in_text: bool,
    is_escaped: bool,
    /// Whether the features of a collection have ended.
    is_past: bool,
    text: Vec<u8>,
    last_text: Vec<u8>,
    object: Vec<u8>,
    /// Where the current feature begins.
    first: At,
}

impl FeatureScanner {
    /// The next feature and where it begins.
    ///
    /// # Errors
    /// When it is too long or not JSON, or the file ends within it.
    pub(crate) fn next(&mut self, reader: &mut ByteReader) -> Result<Option<(At, Value)>, ApiError> {
        loop {
            let at = (reader.line, reader.column);
            let Some(byte) = reader.next_byte()? else {
                if self.depth > 0 || self.is_in_text {
                    return Err(refuse(place(reader.file(), at.0, at.1, ""), Message::new("import-truncated")));
                }
                return Ok(None);
            };
            if byte == 0 {
                return Err(refuse(place(reader.file(), at.0, at.1, ""), Message::new("import-binary")));
            }
            if self.take(byte, at) {
                let object = std::mem::take(&mut self.object);
                let feature: Value = serde_json::from_slice(&object).map_err(|error| {
                    let what = Message::new("import-not-json").with("detail", &error);
                    let (line, column) = within(self.first, (error.line() as u64, error.column() as u64));
                    refuse(place(reader.file(), line, column, ""), what)
                })?;
                return Ok(Some((self.first, with_small_names(feature))));
            }
            if self.object.len() > MAX_FEATURE_BYTES {
                let what = Message::new("import-feature-too-long").with("max", MAX_FEATURE_BYTES / 1024);
                return Err(refuse(place(reader.file(), self.first.0, self.first.1, ""), what));
            }
        }
    }

    /// Takes one byte; returns whether it ended a feature.
    fn take(&mut self, byte: u8, at: At) -> bool {
        if !self.is_past && (self.depth > self.base || (byte == b'{' && self.depth == self.base)) {
            if self.object.is_empty() {
                self.first = at;
            }
            self.object.push(byte);
        }
        if self.is_in_text {
            if self.is_escaped {
                self.is_escaped = false;
            } else if byte == b'\\' {
                self.is_escaped = true;
            } else if byte == b'"' {
                self.is_in_text = false;
                self.last_text = std::mem::take(&mut self.text);
            } else if self.text.len() < 16 {
                self.text.push(byte);
            }
            return false;
        }
        match byte {
            b'"' => {
                self.is_in_text = true;
                self.text.clear();
            }
            b'{' | b'[' => {
                self.depth += 1;
                if byte == b'[' && self.depth == 1 && self.base == 0 {
                    self.base = 1;
                } else if byte == b'[' && self.depth == 2 && self.base == 0 && self.last_text == b"features" {
                    self.base = 2;
                    self.object.clear();
                }
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth < self.base {
                    self.base = 0;
                    self.is_past = true;
                    self.object.clear();
                }
                if self.is_past {
                    // Whatever follows the features in their collection is ignored.
                    self.is_past = self.depth > 0;
                    return false;
                }
                return byte == b'}' && self.depth == self.base && !self.object.is_empty();
            }
            _ => {}
        }
        false
    }
}

/// Converts the names of a feature's properties to lowercase, because files differ in that.
fn with_small_names(mut feature: Value) -> Value {
    if let Some(properties) = feature.get_mut("properties").and_then(Value::as_object_mut)
        && properties.keys().any(|name| name.chars().any(char::is_uppercase))
    {
        // Names that are lowercase already come last, so that they win if a name occurs twice.
        let (small, others): (Vec<_>, Vec<_>) =
            std::mem::take(properties).into_iter().partition(|(name, _)| !name.chars().any(char::is_uppercase));
        properties.extend(others.into_iter().map(|(name, value)| (name.to_lowercase(), value)));
        properties.extend(small);
    }
    feature
}

/// Converts a position within a feature to one in its file; both count from 1.
const fn within(first: At, (line, column): At) -> At {
    if line <= 1 { (first.0, first.1 + column.saturating_sub(1)) } else { (first.0 + line - 1, column) }
}
