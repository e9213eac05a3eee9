//! What an operator says wrongly, or does not say: a store that is none, settings without a value, no public address.

use crate::machine::is_ready;
use crate::program::{PROGRAM, Process, run, serve};
use porchlight_tests::servers::{Postgres, client};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// All commands that work over a relay's store.
const COMMANDS: [&[&str]; 10] = [
    &["invite", "--found"],
    &["invite", "--role", "captain"],
    &["devices"],
    &["members"],
    &["invites"],
    &["withdraw", "0192f0c0-0000-7000-8000-000000000000"],
    &["revoke", "Ana"],
    &["delete-campaign"],
    &["delete-campaign", "--name", "Library"],
    &["restored"],
];

fn assert_refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert!(said.contains("no relay's store") && said.contains(words), "{said}");
}

#[test]
fn no_command_lays_out_a_store_in_a_folder_that_has_none() {
    let folder = TempDir::new().unwrap();
    let (missing, other) = (folder.path().join("missing"), folder.path().join("other"));
    std::fs::create_dir(&other).unwrap();
    // Another program's file, and an empty one.
    rusqlite::Connection::open(other.join("relay.db")).unwrap().execute_batch("CREATE TABLE relay (key)").unwrap();
    let before = std::fs::read(other.join("relay.db")).unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(empty.join("relay.db"), "").unwrap();
    let n_files = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    for command in COMMANDS {
        for data in [&missing, &other, &empty] {
            assert_refused(&run(command, data), "--data");
        }
        assert!(!missing.exists());
        assert_eq!((n_files(&other), n_files(&empty)), (1, 1), "{command:?}");
    }
    assert_eq!(std::fs::read(other.join("relay.db")).unwrap(), before);
    assert_eq!(std::fs::read(empty.join("relay.db")).unwrap(), b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_lays_out_a_store_in_a_database_that_has_none() {
    let server = Postgres::shared().unwrap();
    let database = server.database().await.unwrap();
    let session = client(&database).await.unwrap();
    session.batch_execute("CREATE TABLE migration (n BIGINT)").await.unwrap();
    for command in COMMANDS {
        assert_refused(&Command::new(PROGRAM).args(command).args(["--store", &database]).output().unwrap(), "--store");
    }
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(session.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_without_a_value_is_as_one_that_is_not_set() {
    let folder = TempDir::new().unwrap();
    let help = Command::new(PROGRAM).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let names = help.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
    let names: Vec<_> = names.filter(|word| word.starts_with("PORCHLIGHT_") && word.len() > 11).collect();
    assert!(names.len() > 20, "{names:?}");
    let mut command = serve(&folder.path().join("data"));
    command.envs(names.iter().map(|name| (name, ""))).args(["--metrics", "127.0.0.1:0", "--founding-invite"]);
    let relay = Process::start_quiet(command.arg(folder.path().join("link")));
    is_ready(&relay).await;
    let mut command = Command::new(PROGRAM);
    command.args(["invite", "--found", "--url", "https://relay.example.org"]);
    command.envs(names.iter().map(|name| (name, ""))).arg("--data").arg(folder.path().join("data"));
    let output = command.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_link_that_leads_to_no_public_address_is_told_to_be_one() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let mut relay = Process::start_quiet(&mut serve(&data));
    let found = run(&["invite", "--found"], &data);
    let (link, said) = (String::from_utf8(found.stdout).unwrap(), String::from_utf8(found.stderr).unwrap());
    // The link alone is on standard output, so that it can be piped.
    assert!(link.starts_with("http://127.0.0.1:8480/join#") && link.lines().count() == 1, "{link}");
    for part in ["no public address", "--url", "PORCHLIGHT_URL", "--config"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let output = run(&["invite", "--found", "--url", "https://relay.example.org"], &data);
    assert!(output.stdout.starts_with(b"https://relay.example.org/join#") && output.stderr.is_empty(), "{output:?}");
    assert_eq!(relay.end("-TERM"), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_names_what_was_read_anew_and_says_when_there_was_nothing() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("relay.toml");
    std::fs::write(&config, "device_rate = 30\n").unwrap();
    for (name, args, expected) in [
        ("without", vec![], "SIGHUP: nothing was read anew: there is neither"),
        ("with", vec!["--config", config.to_str().unwrap()], "SIGHUP: the configuration file was read anew\""),
    ] {
        let log = folder.path().join(format!("{name}.log"));
        let mut command = serve(&folder.path().join(name));
        command.args(args).arg("--founding-invite").arg(folder.path().join("link")).env("RUST_LOG", "info");
        // Started in a terminal it would end with its window.
        command.stdin(Stdio::null()).stderr(File::create(&log).unwrap());
        let relay = Process::start_logged(&mut command);
        is_ready(&relay).await;
        relay.send("-HUP");
        let since = Instant::now();
        loop {
            let said = std::fs::read_to_string(&log).unwrap();
            if said.contains("SIGHUP") {
                assert!(said.contains(expected), "{said}");
                break;
            }
            assert!(since.elapsed() < Duration::from_secs(60), "{said}");
        }
    }
}
