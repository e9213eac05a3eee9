//! Reads the configuration file. Errors name the place, never the content: a value may be a password.

use super::{Metrics, SettingsError};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Settings of the configuration file; an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileGiven {
    pub(super) data: Option<PathBuf>,
    pub(super) store: Option<String>,
    pub(super) store_ca: Option<PathBuf>,
    pub(super) store_connections: Option<usize>,
    pub(super) bus: Option<String>,
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) relays: Vec<String>,
    #[serde(default)]
    pub(super) proxies: Vec<String>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) metrics: Option<Metrics>,
    pub(super) web: Option<PathBuf>,
    pub(super) tls_cert: Option<PathBuf>,
    pub(super) tls_key: Option<PathBuf>,
    pub(super) founding_invite: Option<PathBuf>,
    pub(super) device_burst: Option<u32>,
    pub(super) device_rate: Option<u32>,
    pub(super) device_mib: Option<u32>,
    pub(super) device_told_mib: Option<u32>,
    pub(super) device_at_once: Option<u32>,
    pub(super) device_queue: Option<u32>,
    pub(super) large_mib: Option<u32>,
    pub(super) address_burst: Option<u32>,
    pub(super) address_rate: Option<u32>,
}

/// Where a configuration file cannot be parsed, and why; never its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The setting, where the line names one.
    pub key: Option<String>,
    /// What is wrong with it.
    pub why: &'static str,
}

impl std::fmt::Display for Unclear {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, column, key, why } = self;
        write!(to, "line {line}, column {column}")?;
        if let Some(key) = key {
            write!(to, ", `{key}`")?;
        }
        write!(to, ": {why}")
    }
}

impl Unclear {
    fn at(text: &str, error: &toml::de::Error, why: &'static str) -> Self {
        let offset = error.span().map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or_default();
        let (line, column) =
            (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        let key = text.lines().nth(line - 1).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
        // Only a possible name of a setting: a line may be the middle of a value.
        let is_name =
            |key: &&str| !key.is_empty() && key.len() <= 32 && key.bytes().all(|c| c == b'_' || c.is_ascii_lowercase());
        Self { line, column, key: key.filter(is_name).map(str::to_owned), why }
    }
}

/// Reads a configuration file.
pub(super) fn read(path: &Path) -> Result<FileGiven, SettingsError> {
    let text = std::fs::read_to_string(path).map_err(|error| SettingsError::Unreadable(path.to_owned(), error))?;
    understand(&text).map_err(|unclear| SettingsError::NotUnderstood(path.to_owned(), unclear))
}

fn understand(text: &str) -> Result<FileGiven, Unclear> {
    if let Err(error) = toml::from_str::<toml::Table>(text) {
        return Err(Unclear::at(
            text,
            &error,
            "this is no TOML; each setting has a line of its own, text stands between quotes",
        ));
    }
    toml::from_str(text).map_err(|error| {
        let is_unknown = error.message().starts_with("unknown field");
        let why = if is_unknown {
            "there is no such setting; `porchlight-relay --help` lists them"
        } else {
            "the value is of another kind than it takes; relay.example.toml shows one for each setting"
        };
        Unclear::at(text, &error, why)
    })
}

#[cfg(test)]
mod tests {
    use super::understand;

    /// Where a text cannot be parsed: line, column, the setting's name.
    fn unclear(text: &str) -> Option<(usize, usize, Option<String>)> {
        understand(text).err().map(|unclear| (unclear.line, unclear.column, unclear.key))
    }

    #[test]
    fn what_is_not_understood_is_named_by_its_place_and_setting() {
        let named = |key: &str| Some(key.to_owned());
        for (text, place) in [
            ("lisen = \"127.0.0.1:0\"", (1, 1, named("lisen"))),
            ("url = \"https://a.example\"\nlisten = \"somewhere\"", (2, 10, named("listen"))),
            ("store_connections = \"many\"", (1, 21, named("store_connections"))),
            ("\nstore = postgres://relay:secret@db", (2, 9, named("store"))),
            ("store = \"a\"\nstore = \"b\"", (2, 1, named("store"))),
            ("secret1=\"", (1, 10, None)),
        ] {
            assert_eq!(unclear(text), Some(place), "{text}");
        }
        assert_eq!(unclear("url = \"https://a.example\""), None);
    }
}
