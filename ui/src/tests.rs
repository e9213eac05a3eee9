//! Checks that every message which the sources name exists, and that every Fluent file can be parsed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::i18n::{english, t};
use crate::parts::mark::{mark_label, result_label, state_label};
use fluent_bundle::FluentResource;
use porchlight_model::visit::{DoorState, Mark, ResultCode};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What precedes a message id in the sources; white space may be in between.
const MESSAGE_CALLS: [&str; 3] = ["t(", "t_args(", "Message::new("];

#[test]
fn every_fluent_file_can_be_read() {
    for source in english() {
        if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
            panic!("{errors:?} in {}", source.lines().next().unwrap());
        }
    }
}

#[test]
fn every_message_that_the_sources_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let known = known_ids();
    let mut missing = BTreeSet::new();
    for folder in ["ui/src", "engine/src", "model/src", "src-tauri/src"] {
        for file in rust_files(&root.join(folder)) {
            let source = fs::read_to_string(&file).unwrap();
            for call in MESSAGE_CALLS {
                missing.extend(
                    ids_after(&source, call)
                        .filter(|id| !known.contains(*id))
                        .map(|id| format!("{id} ({})", file.strip_prefix(&root).unwrap().display())),
                );
            }
        }
    }
    assert!(missing.is_empty(), "messages without a text: {missing:#?}");
}

#[test]
fn every_state_and_result_has_its_words() {
    let known = known_ids();
    for state in DoorState::ALL {
        assert!(known.contains(state_label(state)), "{state:?}");
    }
    for mark in Mark::ALL {
        assert!(known.contains(mark_label(mark)), "{mark:?}");
    }
    for result in ResultCode::ALL {
        assert!(known.contains(result_label(result)), "{result:?}");
    }
}

#[test]
fn a_missing_message_shows_its_id_instead_of_nothing() {
    assert_eq!(t("no-such-message"), "no-such-message");
}

#[test]
fn a_name_in_a_right_to_left_script_does_not_turn_the_words_around_it() {
    let said = |name: &str| crate::i18n::t_args("did-talk-with", &[("name", name.to_owned().into())]).to_string();
    assert_eq!(said("Noor Aziz"), "talked with Noor Aziz");
    assert_eq!(said("שרה לוי"), "talked with \u{2068}שרה לוי\u{2069}");
}

#[test]
fn the_scan_sees_what_it_should() {
    let source = "fn f() { t(\"a-b\"); let _ = t_args(\n  \"c-d\", &[]); Message::new(\"e\"); get(\"no\"); t(id) }";
    let found: Vec<_> = MESSAGE_CALLS.iter().flat_map(|call| ids_after(source, call)).collect();
    assert_eq!(found, ["a-b", "c-d", "e"]);
}

fn known_ids() -> BTreeSet<&'static str> {
    let lines = english().flat_map(str::lines);
    lines
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('='))
        .map(|(id, _)| id.trim())
        .collect()
}

/// The string literals that are the first argument of `call`.
fn ids_after<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> + 'a {
    source.match_indices(call).filter_map(move |(at, _)| {
        let is_whole_name = !source[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let rest = source[at + call.len()..].trim_start().strip_prefix('"')?;
        let (id, _) = rest.split_once('"')?;
        (is_whole_name && !id.is_empty()).then_some(id)
    })
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            // This file quotes calls as examples.
            false if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") => vec![path],
            false => Vec::new(),
        })
        .collect()
}
