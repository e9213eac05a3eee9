//! What whoever runs a relay reads of it: its log in the journal, its words for settings, its certificates, its limits.

use crate::author::Author;
use crate::program::{PROGRAM, Process, found, run, secret, serve};
use porchlight_tests::servers::Postgres;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Lets a program write its log to a file, as to the system's journal.
fn to_journal(command: &mut Command, log: &Path) {
    let file = File::options().append(true).create(true).open(log).unwrap();
    let is = file.metadata().unwrap();
    command.env("JOURNAL_STREAM", format!("{}:{}", is.dev(), is.ino())).stderr(file);
}

/// The lines of a log with their priorities.
fn lines(log: &Path) -> Vec<(u8, String)> {
    let text = std::fs::read_to_string(log).unwrap();
    let line = |line: &str| {
        let (priority, line) = line.strip_prefix('<').unwrap_or_else(|| panic!("{line}")).split_once('>').unwrap();
        (priority.parse().unwrap(), line.to_owned())
    };
    text.lines().map(line).collect()
}

fn log_in(folder: &TempDir) -> PathBuf {
    folder.path().join("log")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_told_priorities_and_nothing_that_people_wrote() {
    let (folder, server) = (TempDir::new().unwrap(), Postgres::shared().unwrap());
    let (log, link) = (log_in(&folder), folder.path().join("link"));
    let mut command = serve(folder.path());
    command.args(["--store", &server.database().await.unwrap(), "--founding-invite"]).arg(&link);
    // Libraries would tell the parameters of statements.
    command.env("RUST_LOG", "trace,tokio_postgres=trace");
    to_journal(&mut command, &log);
    let mut process = Process::start_logged(&mut command);
    // Once it answers, the link is written.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(format!("{}/healthz", process.url)).await.unwrap();
    let link = std::fs::read_to_string(&link).unwrap();
    let phone = found(&process.url, &link).await;
    phone.push(phone.campaign_doc(), &[Author::new().write()]).await;
    assert_eq!(process.end("-TERM"), Some(0));
    let lines = lines(&log);
    let has = |priority: u8, part: &str| lines.iter().any(|(of, line)| *of == priority && line.contains(part));
    assert!(has(4, "no bus") && has(6, "/v1/sync") && !lines.iter().any(|(of, _)| *of < 4), "{lines:?}");
    let personal =
        ["Ana".to_owned(), "Lantern".to_owned(), phone.token.clone(), secret(&link), phone.device.to_string()];
    for (_, line) in &lines {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        assert!(!personal.iter().any(|text| line.contains(text.as_str())) && !line.contains("parameters"), "{line}");
    }
}

#[test]
fn why_it_does_not_start_is_an_error_in_the_journal() {
    let folder = TempDir::new().unwrap();
    for args in [["--config", "/nowhere.toml"], ["--lisen", "127.0.0.1:0"]] {
        let log = folder.path().join(args[0]);
        let mut command = Command::new(PROGRAM);
        to_journal(command.args(args), &log);
        assert!(!command.status().unwrap().success());
        let lines = lines(&log);
        assert!(!lines.is_empty() && lines.iter().all(|(priority, _)| *priority == 3), "{lines:?}");
    }
    // Standard error is another stream than the journal's: no marks.
    let mut command = Command::new(PROGRAM);
    let output = command.env("JOURNAL_STREAM", "1:1").args(["--config", "/nowhere.toml"]).output().unwrap();
    assert!(output.stderr.starts_with(b"porchlight-relay: "), "{output:?}");
}

#[test]
fn a_wrong_line_of_the_configuration_file_is_named_and_not_shown() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    for (text, place) in [
        ("url = \"https://a.example\"\nstore = postgres://relay:hunter2@db/porchlight\n", "line 2, column 9, `store`"),
        ("store_connections = \"postgres://relay:hunter2@db/porchlight\"\n", "line 1, column 21, `store_connections`"),
        ("stores = \"postgres://relay:hunter2@db/porchlight\"\n", "line 1, column 1, `stores`"),
        ("store = \"http://relay:hunter2@db/porchlight\"\n", "--store"),
        ("bus = \"relay:hunter2@db\"\n", "--bus"),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = run(&["--config", file.to_str().unwrap()], &folder.path().join("data"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(place) && !said.contains("hunter2"), "{said}");
    }
}
