//! The table of what to touch in `docs/ARCHITECTURE.md` against the sources: the files that it names are those that name all there are.

use super::{git_files, is_test, root, rust_files};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn the_table_of_what_to_touch_names_every_list_there_is_and_no_other() {
    let sources = sources();
    let table = table();
    let lists = lists(&sources);
    let listed: Vec<_> = lists.iter().map(|list| list.what).collect();
    assert_eq!(listed, table.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), "one row for each list");
    for (list, (what, named)) in lists.iter().zip(&table) {
        assert_eq!(*named, list.files(&sources), "to add {what}");
    }
}

#[test]
fn the_calls_of_a_capability_are_named_in_its_own_two_files() {
    let sources = sources();
    let mut n_groups = 0;
    for path in git_files("model/src/calls/*.rs") {
        let text = &sources[&path.display().to_string()];
        let Some(group) = text.lines().find_map(|line| line.trim().strip_prefix("Call of ")?.split_once(": ")) else {
            continue;
        };
        n_groups += 1;
        let list = List::of("calls", &path, group.1.trim_end_matches(';'), " ->", text);
        let capability = path.file_stem().unwrap().to_string_lossy();
        let files: Vec<_> = list.files(&sources).into_iter().collect();
        let [face, words] = files.as_slice() else { panic!("{capability}: {files:?}") };
        assert_eq!(*words, path.display().to_string(), "{capability}");
        let is_face = Path::new(face).starts_with("engine/src") && face.ends_with(&format!("/{capability}.rs"));
        assert!(is_face, "the calls of {capability} are answered in {face}");
    }
    assert!(n_groups > 10, "only {n_groups} groups were found");
}

/// Everything there is of one kind.
struct List {
    /// What is added.
    what: &'static str,
    /// The file that defines it.
    home: String,
    /// As other files name them.
    names: Vec<String>,
}

impl List {
    /// The variants of an enum in a file: what stands before `mark` at the beginning of a line, in the block that the enum's name opens.
    fn of(what: &'static str, home: &Path, of: &str, mark: &str, text: &str) -> Self {
        let variants: Vec<_> = variants(text, mark);
        assert!(variants.len() > 1, "{what}: {variants:?}");
        let names = variants.into_iter().map(|variant| format!("{of}::{variant}")).collect();
        Self { what, home: home.display().to_string(), names }
    }

    /// The file that defines them, and those that name them all.
    fn files(&self, sources: &BTreeMap<String, String>) -> BTreeSet<String> {
        let names_all = |text: &str| self.names.iter().all(|name| is_named(text, name));
        let found = sources.iter().filter(|(path, text)| **path == self.home || names_all(text));
        found.map(|(path, _)| path.clone()).collect()
    }
}

/// The lists, in the order of the table's rows.
fn lists(sources: &BTreeMap<String, String>) -> Vec<List> {
    let list = |what, home: &'static str, from: &str, of, mark| {
        let text = sources.get(home).unwrap_or_else(|| panic!("{home} is gone"));
        let start = text.find(from).unwrap_or_else(|| panic!("{home} has no {from}"));
        List::of(what, Path::new(home), of, mark, &text[start..])
    };
    let places = {
        let home = "ui/src/state/place.rs";
        let labels = sources[home].lines().filter_map(|line| line.trim().strip_prefix("label: ")?.strip_suffix(','));
        let names: Vec<_> = labels.filter(|label| label.len() > 2).map(str::to_owned).collect();
        assert!(names.len() > 10, "{names:?}");
        List { what: "a place of the bar and the rail", home: home.to_owned(), names }
    };
    vec![
        list("a call", "model/src/calls/walk.rs", "calls! {", "WalkCall", " ->"),
        list("a group of calls", "model/src/calls.rs", "groups! {", "AnyCall", "("),
        list("a page", "ui/src/route.rs", "pub enum Route {", "Route", ""),
        list("a page of the office", "ui/src/route.rs", "pub enum OfficeRoute {", "OfficeRoute", ""),
        places,
        list("a role", "model/src/member.rs", "pub enum Role {", "Role", " ="),
        list("a document kind", "model/src/wire.rs", "pub enum DocKind {", "DocKind", " ="),
        list("a layout of import files", "model/src/calls/import.rs", "pub enum FileKind {", "FileKind", ","),
    ]
}

/// Names in the first block of `text` that begin a line, before `mark`.
fn variants(text: &str, mark: &str) -> Vec<String> {
    let block = text.lines().skip_while(|line| !line.ends_with('{') || line.starts_with("//")).skip(1);
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for line in block.map(str::trim) {
        if depth == 0 && line.starts_with('}') {
            break;
        }
        let (name, rest) = line.split_at(line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len()));
        if depth == 0 && name.starts_with(|c: char| c.is_ascii_uppercase()) && rest.starts_with(mark) {
            found.push(name.to_owned());
        }
        depth = depth + line.matches('{').count() - line.matches('}').count();
    }
    found
}

/// Whether a text names it, as `Enum::Variant`, or as `Self::Variant` in a file that implements the enum.
fn is_named(text: &str, name: &str) -> bool {
    let holds = |name: &str| {
        text.match_indices(name).any(|(start, found)| {
            let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !is_part(text[..start].chars().next_back()) && !is_part(text[start + found.len()..].chars().next())
        })
    };
    let own = name.split_once("::").filter(|(of, _)| text.contains(&format!("\nimpl {of} {{")));
    holds(name) || own.is_some_and(|(_, variant)| holds(&format!("Self::{variant}")))
}

/// Production sources by path.
fn sources() -> BTreeMap<String, String> {
    let is_ours = |path: &Path| !is_test(path) && !["tests", "xtask"].iter().any(|folder| path.starts_with(folder));
    let files = rust_files().into_iter().filter(|path| is_ours(path));
    files.map(|path| (path.display().to_string(), std::fs::read_to_string(root().join(&path)).unwrap())).collect()
}

/// The table's rows: what is added, and the files of the second column.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let (_, part) = text.split_once("## To add something, touch these\n").expect("the part is there");
    let rows = part.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| a"));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let named = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    cells.map(|cells| (cells[1].to_owned(), named(cells[2]))).collect()
}
