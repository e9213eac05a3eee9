//! The project's rules that a test can check.

mod touch;

use std::path::{Path, PathBuf};
use std::process::Command;

const LONGEST_FILE_LINES: usize = 400;
const LONGEST_TEST_LINES: usize = 500;
const NAMES_THAT_TELL_NOTHING: [&str; 9] =
    ["util", "utils", "common", "helper", "helpers", "misc", "manager", "service", "data"];

#[test]
fn every_file_is_short_and_starts_with_its_purpose() {
    check(rust_files(), |path, text| {
        let first = text.lines().next().unwrap_or_default();
        let mut faults = Vec::new();
        if !first.starts_with("//! ") {
            faults.push("does not begin with a sentence of purpose".to_owned());
        }
        let n_lines = text.lines().count();
        let most = if is_test(path) { LONGEST_TEST_LINES } else { LONGEST_FILE_LINES };
        if n_lines > most {
            faults.push(format!("has {n_lines} lines: two ideas in one room"));
        }
        faults
    });
}

#[test]
fn names_of_files_tell_what_is_inside() {
    check(rust_files(), |path, _| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_mod = stem == "mod";
        (is_mod || NAMES_THAT_TELL_NOTHING.contains(&stem.as_str()))
            .then(|| "has a name that tells nothing".to_owned())
            .into_iter()
            .collect()
    });
}

#[test]
fn sql_stands_in_store_folders_only() {
    check(rust_files(), |path, text| {
        let is_store = path.components().any(|part| part.as_os_str() == "store") || path.ends_with("store.rs");
        if is_store || is_test(path) {
            return Vec::new();
        }
        let sql = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM", "\"CREATE "];
        sql.iter().filter(|sql| text.contains(**sql)).map(|sql| format!("holds SQL: {sql}")).collect()
    });
}

#[test]
fn nothing_is_left_unfinished() {
    // Written in parts, so that this file does not find itself.
    let marks = [["to", "do!("], ["unimple", "mented!("], ["#[ign", "ore"], ["dbg", "!("], ["thread::", "sleep("]];
    check(rust_files(), |path, text| {
        let is_allowed = path.starts_with("xtask");
        marks
            .iter()
            .map(|mark| mark.concat())
            .filter(|mark| text.contains(mark.as_str()) && !(is_allowed && mark.contains("sleep")))
            .map(|mark| format!("holds {mark}"))
            .collect()
    });
}

#[test]
fn the_clock_is_read_in_one_place_of_each_program() {
    check(rust_files(), |path, text| {
        let reads = text.contains("SystemTime::now()") || text.contains("Date::now()");
        let may = is_test(path)
            || path.starts_with("tests")
            || path.starts_with("xtask")
            || path.file_stem().is_some_and(|stem| stem == "clock");
        if reads && !may { vec!["reads the clock; only clock.rs may".to_owned()] } else { Vec::new() }
    });
}

#[test]
fn interface_and_relay_do_not_know_the_engine() {
    for manifest in ["ui/Cargo.toml", "sync-server/Cargo.toml", "model/Cargo.toml"] {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        assert!(!text.contains("porchlight-engine"), "{manifest} depends on the engine");
    }
}

#[test]
fn sql_files_lie_in_store_folders() {
    let files = git_files("*.sql");
    assert!(files.len() > 20, "only {} files of SQL were found", files.len());
    let elsewhere: Vec<_> =
        files.iter().filter(|path| !path.components().any(|part| part.as_os_str() == "store")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn clients_open_connections_in_one_place() {
    let marks =
        ["TcpStream", "TcpListener", "UdpSocket", "RequestBuilder", "Client::new", "Client::builder", "WebSocket"];
    check(rust_files(), |path, text| {
        let is_client = ["model", "engine", "ui", "src-tauri"].iter().any(|folder| path.starts_with(folder));
        let is_the_place =
            path.starts_with("engine/src/sync/transport") || path == Path::new("engine/src/sync/transport.rs");
        if !is_client || is_test(path) || is_the_place {
            return Vec::new();
        }
        marks.iter().filter(|mark| text.contains(**mark)).map(|mark| format!("opens a connection: {mark}")).collect()
    });
}

#[test]
fn only_the_backend_knows_the_shell() {
    check(rust_files(), |path, text| {
        let may = !path.starts_with("ui/src") || path.starts_with("ui/src/backend") || path.ends_with("backend.rs");
        let marks = ["__TAURI", "Worker::new", "worker.js", "porchlight-event"];
        marks
            .iter()
            .filter(|mark| !may && text.contains(**mark))
            .map(|mark| format!("knows the shell: {mark}"))
            .collect()
    });
}

#[test]
fn sizes_of_text_follow_the_size_that_the_person_chose() {
    // Safari zooms in on fields with a smaller font size.
    const FIELD: &str = "max(16px, 1em)";
    let mut faults = Vec::new();
    for path in git_files("ui/style/*.css") {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        let declarations = text.split([';', '{', '}']).map(str::trim);
        let sizes = declarations.filter(|one| ["font-size:", "font:", "--t-"].iter().any(|name| one.starts_with(name)));
        let in_pixels = sizes.filter(|one| one.contains("px") && !one.contains("rem") && !one.contains(FIELD));
        faults.extend(in_pixels.map(|one| format!("{}: {one}", path.display())));
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn what_a_phone_downloads_needs_no_message_of_the_office() {
    let ids = |file: &str| -> Vec<String> {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        text.lines()
            .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
            .filter(|id| !id.contains(' '))
            .collect()
    };
    let office: Vec<String> = ["office", "import"].map(|area| ids(&format!("assets/locales/en/{area}.ftl"))).concat();
    assert!(office.len() > 100, "only {} messages were found", office.len());
    // What is compiled into the office's download alone.
    let only_office = [
        "ui/src/office",
        "ui/src/state/finder",
        "ui/src/state/importing",
        "engine/src/import",
        "engine/src/invite",
        "engine/src/office",
        "engine/src/archive",
        "engine/src/cut",
        "engine/src/export",
        "engine/src/script",
    ];
    let is_office = |path: &Path| only_office.iter().any(|start| path.display().to_string().starts_with(start));
    let sources = rust_files().into_iter().filter(|path| path.starts_with("ui/src") || path.starts_with("engine/src"));
    check(sources.filter(|path| !is_office(path) && !is_test(path)).collect(), |_, text| {
        let is_named = |id: &&String| text.contains(&format!("\"{id}\""));
        office.iter().filter(is_named).map(|id| format!("{id} is a message of the office's download")).collect()
    });
}

#[test]
fn files_that_the_documentation_names_exist() {
    let all: Vec<String> = git_files("*").iter().map(|path| format!("/{}", path.display())).collect();
    let is_there = |name: &str| {
        let name = name.trim_end_matches('/');
        let as_file = [format!("/{name}"), format!("/{name}.rs")];
        let as_folder = format!("/{name}/");
        all.iter().any(|path| as_file.iter().any(|file| path.ends_with(file.as_str())) || path.contains(&as_folder))
    };
    let (mut n_named, mut missing) = (0, Vec::new());
    for page in ["docs/ARCHITECTURE.md", "docs/data.md", "docs/sync.md", "docs/building.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        // Every second piece is in backticks.
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = name.contains('/') || name.ends_with(".rs");
            let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
            if is_path && is_plain && !name.starts_with('/') && !name.starts_with("target/") {
                n_named += 1;
                if !is_there(name) {
                    missing.push(format!("{page}: {name}"));
                }
            }
        }
    }
    assert!(n_named > 20, "only {n_named} names were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "laws")))
        || path.file_stem().is_some_and(|stem| stem == "tests" || stem == "laws")
}

fn check(files: Vec<PathBuf>, faults: impl Fn(&Path, &str) -> Vec<String>) {
    assert!(files.len() > 20, "only {} files were found", files.len());
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        found.extend(faults(&path, &text).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn rust_files() -> Vec<PathBuf> {
    git_files("*.rs")
}

/// Files that are tracked or untracked but not ignored, relative to the root.
fn git_files(pattern: &str) -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", pattern])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(PathBuf::from).filter(|path| root().join(path).exists()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
