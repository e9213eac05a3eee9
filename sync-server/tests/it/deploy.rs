//! The files in `deploy/` say what the program understands.

use crate::program::PROGRAM;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What all names of settings in the environment begin with.
const PREFIX: &str = "PORCHLIGHT_";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files in a folder and those in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The words of a text that begin with a prefix and go on in capitals.
fn words<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    text.split(|letter| !is_part(letter)).filter(|word| word.starts_with(prefix) && *word != prefix).collect()
}

#[test]
fn every_setting_in_deploy_and_on_the_pages_for_operators_is_one_of_the_program() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let known = words(&help, PREFIX);
    assert!(known.contains("PORCHLIGHT_STORE") && known.len() > 10, "{known:?}");
    let mut n_found = 0;
    for file in ["deploy", "docs/operations"].iter().flat_map(|folder| files(&root().join(folder))) {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in words(&text, PREFIX) {
            assert!(known.contains(word), "{word} in {}", file.display());
            n_found += 1;
        }
    }
    assert!(n_found > 20, "{n_found}");
}

#[test]
fn what_a_compose_file_takes_from_the_environment_is_in_its_example() {
    let example = std::fs::read_to_string(root().join("deploy/env.example")).unwrap();
    let given: BTreeSet<_> = example.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    for file in ["compose.yaml", "single.compose.yaml"] {
        let text = std::fs::read_to_string(root().join("deploy").join(file)).unwrap();
        let taken: BTreeSet<_> = text.split("${").skip(1).filter_map(|rest| rest.split([':', '}']).next()).collect();
        assert!(taken.contains("RELAY_NAME") && taken.is_subset(&given), "{file}: {taken:?} of {given:?}");
    }
}

#[test]
fn systemd_understands_the_units() {
    let (folder, units) = (TempDir::new().unwrap(), root().join("deploy/systemd"));
    for file in files(&units) {
        let to = folder.path().join(file.strip_prefix(&units).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        // The program is where this build put it.
        std::fs::write(to, text.replace("ExecStart=/usr/local/bin/porchlight-relay", &format!("ExecStart={PROGRAM}")))
            .unwrap();
    }
    std::fs::copy(folder.path().join("porchlight-relay@.service"), folder.path().join("porchlight-relay@8481.service"))
        .unwrap();
    for unit in ["porchlight-relay.service", "porchlight-relay@8481.service"] {
        let mut verify = Command::new("systemd-analyze");
        verify.args(["verify", "--man=no", "--recursive-errors=no", &format!("./{unit}")]).current_dir(folder.path());
        let judged = verify
            .output()
            .expect("systemd-analyze is missing: run `cargo xtask setup`, or install the package systemd");
        assert!(
            judged.status.success() && judged.stderr.is_empty(),
            "{unit}: {}",
            String::from_utf8_lossy(&judged.stderr)
        );
    }
}

#[test]
fn a_unit_is_reloaded_only_where_that_reads_something() {
    for file in ["porchlight-relay.service", "porchlight-relay@.service"] {
        let text = std::fs::read_to_string(root().join("deploy/systemd").join(file)).unwrap();
        let reads = text.lines().any(|line| line.starts_with("ExecStart=") && line.contains("--config "));
        assert_eq!(text.contains("\nExecReload="), reads, "{file}");
    }
}
