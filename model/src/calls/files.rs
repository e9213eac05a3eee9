//! Files as they pass between person, shell and engine: types that several groups of calls share.

use serde::{Deserialize, Serialize};

/// A file that the person chose, as the shell keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenFile {
    /// The shell's key for its bytes.
    pub key: String,
    /// Its name, without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// A file to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// A name to suggest.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its text in UTF-8; where [`Self::is_binary`], its bytes as hexadecimal digits.
    pub text: String,
    /// Rows, the header not counted.
    pub n_rows: u64,
    /// Whether it is no text.
    #[serde(default)]
    pub is_binary: bool,
}

impl ExportFile {
    /// A file that is no text.
    #[must_use]
    pub fn binary(name: String, media_type: &str, bytes: &[u8], n_rows: u64) -> Self {
        Self { name, media_type: media_type.to_owned(), text: hex::encode(bytes), n_rows, is_binary: true }
    }

    /// What is to be in the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if self.is_binary { hex::decode(&self.text).unwrap_or_default() } else { self.text.as_bytes().to_vec() }
    }
}
