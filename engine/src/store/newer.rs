//! Records that a document contains a name which only a newer program knows, so that the person can be informed.

use crate::error::EngineError;
use crate::store::settings;
use porchlight_model::plan::Measure;
use porchlight_model::visit::{Flag, ResultCode};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The kind of an unknown name.
const SETTING: &str = "newer_names";

/// The most names of each kind that are recorded: one is enough to know that there are some.
const MAX_NAMES: usize = 64;

/// Names that were unknown when they were read.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Names {
    results: BTreeSet<String>,
    flags: BTreeSet<String>,
    #[serde(default)]
    measures: BTreeSet<String>,
}

/// Notes that a document holds a visit with this result, where this program does not know what it means.
pub(crate) fn note_result(conn: &Connection, result: &str) -> Result<(), EngineError> {
    let is_known = result.is_empty() || ResultCode::known(result).is_some();
    if is_known { Ok(()) } else { note(conn, result, |names| &mut names.results) }
}

/// Records that a document contains this flag, if this program does not know it.
pub(crate) fn note_flag(conn: &Connection, flag: Flag) -> Result<(), EngineError> {
    if flag.is_unknown() { note(conn, flag.as_str(), |names| &mut names.flags) } else { Ok(()) }
}

/// Records that a goal counts this, if this program does not know it.
pub(crate) fn note_measure(conn: &Connection, measure: Measure) -> Result<(), EngineError> {
    if measure.is_unknown() { note(conn, measure.as_str(), |names| &mut names.measures) } else { Ok(()) }
}

fn note(conn: &Connection, name: &str, of: impl Fn(&mut Names) -> &mut BTreeSet<String>) -> Result<(), EngineError> {
    let mut names: Names = settings::get(conn, SETTING)?.unwrap_or_default();
    let set = of(&mut names);
    if set.len() == MAX_NAMES || !set.insert(name.to_owned()) {
        return Ok(());
    }
    settings::put(conn, SETTING, &names)
}

/// Whether a result was read that this program still does not know.
pub(crate) fn is_result_met(conn: &Connection) -> Result<bool, EngineError> {
    let names: Names = settings::get(conn, SETTING)?.unwrap_or_default();
    Ok(names.results.iter().any(|name| ResultCode::known(name).is_none()))
}

/// Whether a name was read that this program still does not know.
pub(crate) fn is_met(conn: &Connection) -> Result<bool, EngineError> {
    let names: Names = settings::get(conn, SETTING)?.unwrap_or_default();
    let is_flag_met = names.flags.iter().any(|name| Flag::known(name).is_none());
    let is_measure_met = names.measures.iter().any(|name| Measure::known(name).is_none());
    Ok(is_flag_met || is_measure_met || is_result_met(conn)?)
}
