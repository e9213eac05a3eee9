//! A disk that is full for a real process: what it was doing is told, nothing is half done, and it goes on once there is room.

use porchlight_model::calls::files::ImportOverview;
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::town;
use std::process::Command;

const N_DOORS: usize = 1_500;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_does_not_fit_is_told_and_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    // A file may grow as large as the voter file and a little more: a write beyond fails, as when a quota is used up.
    let plain = folder.path().join("plain");
    town::generate(1, N_DOORS).write(&plain).unwrap();
    let limit_kib = std::fs::metadata(plain.join("voters.txt")).unwrap().len() / 1024 + 64;
    let office = folder.path().join("office");
    let script = format!("trap '' XFSZ; ulimit -f {limit_kib}; exec \"$0\" \"$@\"");
    let output = Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_porchlight-demo"), "--doors", &N_DOORS.to_string()])
        .args(["--found", &relay.founding_link().unwrap(), "--folder"])
        .arg(&office)
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "everything fitted");
    for part in ["ImportFile", "voters.txt", "StorageFull"] {
        assert!(said.contains(part), "{part} in {said}");
    }

    let olga = Person::new("Demo office", &office).unwrap();
    let before = olga.ask(ImportOverview {}).await.unwrap();
    assert_eq!((before.n_voters, before.n_doors, before.files.len()), (0, 0, 2), "{before:?}");
    assert!(before.n_points > 1_000 && before.n_streets > 0, "{before:?}");
    let report = olga.import(&office.join("voters.txt")).await.unwrap();
    let after = olga.ask(ImportOverview {}).await.unwrap();
    assert_eq!((after.n_voters, after.files.len()), (report.n_taken, 3));
}
