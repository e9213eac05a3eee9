//! Names that this program does not know, in every enum that another program may have written.
#![allow(clippy::unwrap_used)]

use crate::calls::settle::{EntryKind, Law};
use crate::member::Role;
use crate::open::{MAX_NAME_BYTES, UnknownName};
use crate::place::{AreaKind, Side, StreetClass};
use crate::plan::Measure;
use crate::relay::RefusalCode;
use crate::script::Then;
use crate::universe::{Mark, TurfPlace};
use crate::visit::{Flag, How, ResultCode};
use crate::wire::{Access, DocKind, DocStatus, RejectReason};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

/// Checks that known names are told as ever, and that others come back as they came.
fn check<T>(all: &[T], as_str: fn(&T) -> &str, parse: fn(&str) -> T, is_unknown: fn(&T) -> bool)
where
    T: Copy + PartialEq + Debug + Serialize + DeserializeOwned,
{
    let newer = ["moon_phase", "", "ünknown name", "an_exceedingly_long_name_of_31_b"].map(parse);
    assert!(newer.iter().all(is_unknown), "{newer:?}");
    for one in all.iter().chain(&newer) {
        let name = as_str(one);
        assert!(name.len() <= MAX_NAME_BYTES, "{name}");
        assert_eq!(parse(name), *one);
        let json = serde_json::to_string(one).unwrap();
        assert_eq!(json, serde_json::to_string(name).unwrap());
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *one);
    }
    assert!(!all.iter().any(is_unknown), "{all:?}");
}

macro_rules! check_open {
    ($($name:ident),+) => {
        BTreeSet::from([$({
            check(&$name::ALL, $name::as_str, $name::parse, $name::is_unknown);
            stringify!($name)
        }),+])
    };
}

/// Enums that are told or stored, and that no other version reads: with the reason. Any other has to be open.
const CLOSED: &[(&str, &str)] = &[
    // Between an interface and the engine in the same download, of which a browser never mixes two versions.
    ("AnyCall", "interface and engine"),
    ("$group", "interface and engine: the calls of one capability"),
    ("Topic", "interface and engine"),
    ("Event", "interface and engine"),
    ("ErrorCode", "interface and engine"),
    ("About", "interface and engine"),
    ("Gone", "interface and engine"),
    ("PersonState", "interface and engine"),
    ("DoorState", "interface and engine"),
    ("OwnWhat", "interface and engine"),
    ("Finished", "interface and engine"),
    ("Stop", "interface and engine"),
    ("Safety", "interface and engine"),
    ("HistoryKind", "interface and engine"),
    ("Absent", "interface and engine"),
    ("FileKind", "interface and engine"),
    ("ExportKind", "interface and engine"),
    ("SyncPhase", "interface and engine"),
    ("CutArea", "interface and engine"),
    ("ListUndo", "interface and engine"),
    ("SortBy", "interface and engine"),
    ("Filter", "a part of a newer program is kept as it is written: `Filter::Newer`"),
    ("Condition", "one of a newer program is kept as a part of its filter: `Filter::Newer`"),
    ("Forecast", "interface and engine"),
    (
        "GoalScope",
        "interface and engine; a document has it as a text, of which one that cannot be read is left where it is",
    ),
    ("Act", "drafts: rows of one device, of which one that cannot be read is left where it is"),
];

/// Enums of which an unknown name is read as one that says so, in what is never written again from what was read.
const READ_AS_ONE: [&str; 2] = ["Side", "Then"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// The enums in the model's source: those that are read from bytes by derivation, and those made open.
fn enums() -> (BTreeSet<String>, BTreeSet<String>) {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut derived, mut open) = (BTreeSet::new(), BTreeSet::new());
    for file in files.iter().filter(|file| !file.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/open"))) {
        let text = std::fs::read_to_string(file).unwrap();
        let (mut is_read, mut is_open) = (false, false);
        for line in text.lines().map(str::trim) {
            is_read |= line.starts_with("#[derive") && line.contains("Deserialize");
            is_open |= line == "open_names! {";
            let named = line.strip_prefix("pub enum ").and_then(|rest| rest.split([' ', '{', '<']).next());
            if let Some(name) = named {
                if is_open {
                    open.insert(name.to_owned());
                } else if is_read {
                    derived.insert(name.to_owned());
                }
            }
            if named.is_some() || line.starts_with("pub struct") {
                (is_read, is_open) = (false, false);
            }
        }
    }
    (derived, open)
}

#[test]
fn a_name_of_a_newer_program_is_kept_in_every_enum_that_it_may_have_written() {
    let checked = check_open![
        DocKind,
        Access,
        DocStatus,
        RejectReason,
        Role,
        RefusalCode,
        ResultCode,
        How,
        Flag,
        StreetClass,
        AreaKind,
        EntryKind,
        Law,
        Measure,
        Mark,
        TurfPlace
    ];
    assert_eq!(serde_json::from_str::<Side>(r#""under""#).unwrap(), Side::Unknown);
    assert_eq!(serde_json::from_str::<Then>(r#"{"go":"to_the_moon"}"#).unwrap(), Then::Newer);
    let (derived, open) = enums();
    assert_eq!(open, checked.into_iter().map(str::to_owned).collect(), "each open enum is checked here");
    let closed = CLOSED.iter().map(|(name, _)| *name).chain(READ_AS_ONE);
    let closed: BTreeSet<String> = closed.map(str::to_owned).collect();
    assert_eq!(derived, closed, "an enum that is told or stored is open, or listed with the reason why it need not be");
}

#[test]
fn a_name_that_no_program_gives_is_cut_between_characters() {
    let long = UnknownName::keep(&"ü".repeat(40));
    assert_eq!(long.as_str(), "ü".repeat(15));
    assert_eq!(format!("{long} {long:?}").len(), 30 + 1 + 32);
}
