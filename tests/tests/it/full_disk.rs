//! A full disk for a real process: the failure is reported, nothing is left half done, and work continues once there is space.

use porchlight_model::calls::AnyCall;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::import::ImportOverview;
use porchlight_model::calls::invite::HandOut;
use porchlight_model::calls::join::{Join, Session};
use porchlight_model::calls::sync::{SyncNow, SyncPhase, SyncStatus};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::walk::ShiftReport;
use porchlight_tests::campaign::{cut, first_voter, found, hand_out, houses, import_town, talk};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::Postgres;
use porchlight_tests::town;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const N_DOORS: usize = 1_500;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_does_not_fit_is_told_and_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    // A file may grow slightly larger than the voter file: a write beyond that fails, as when a quota is used up.
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

/// Makes a device's process answer calls in turn, on a disk where no file may grow beyond `limit_kib`.
fn ask_in_turn(name: &str, folder: &Path, limit_kib: Option<u64>, calls: &[AnyCall]) -> Vec<Value> {
    let limit = limit_kib.map_or_else(|| "unlimited".to_owned(), |kib| kib.to_string());
    let mut phone = Command::new("bash")
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\""),
            env!("CARGO_BIN_EXE_porchlight-phone"),
        ])
        .args([name.as_ref(), folder.as_os_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = phone.stdin.take().unwrap();
    for call in calls {
        writeln!(to, "{}", serde_json::to_string(call).unwrap()).unwrap();
    }
    drop(to);
    let said = String::from_utf8(phone.wait_with_output().unwrap().stdout).unwrap();
    let replies: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(replies.len(), calls.len(), "{said}");
    replies
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_on_a_full_disk_is_told_so_and_has_the_turf_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    let olga = Person::new("Olga", folder.path()).unwrap();
    found(&relay, &olga, "Library").await.unwrap();
    import_town(&olga, &folder.path().join("town"), 200).await.unwrap();
    let turf = cut(&olga, 200, "Riverside").await.unwrap()[0];
    let link = olga.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;

    let disk = folder.path().join("ben");
    std::fs::create_dir_all(&disk).unwrap();
    ask_in_turn("Ben", &disk, None, &[Session {}.into()]);
    let sizes = std::fs::read_dir(&disk).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    let limit_kib = sizes.max().unwrap() / 1024 + 24;
    let join = Join { link, name: "Ben".to_owned(), campaign: None };
    let said = ask_in_turn("Ben", &disk, Some(limit_kib), &[join.into(), SyncNow {}.into(), SyncStatus {}.into()]);
    assert_eq!(said[0]["ok"]["identity"]["name"], "Ben", "{said:?}");
    assert_eq!(said[1]["err"]["code"], "storage_full", "{said:?}");
    assert_eq!((&said[2]["ok"]["phase"], &said[2]["ok"]["n_held"]), (&Value::from("no_room"), &Value::from(0)));

    let said = ask_in_turn("Ben", &disk, None, &[SyncNow {}.into(), MyTurf {}.into()]);
    assert_eq!(said[0]["ok"]["phase"], "idle", "{said:?}");
    assert_eq!(
        (&said[1]["ok"][0]["name"], &said[1]["ok"][0]["is_ready"]),
        (&"Riverside 1".into(), &true.into()),
        "{said:?}"
    );
}

/// The size of the disk, of which an empty server takes three quarters.
const DISK_MIB: u32 = 64;

/// Far more visits than fit in the free space of PostgreSQL's pages.
const MOST_VISITS: u32 = 400;

/// Polls until the answer has this status.
async fn becomes(relay: &Relay, path: &str, status: u16) {
    while reqwest::get(format!("{}/{path}", relay.url)).await.unwrap().status() != status {}
}

#[tokio::test(flavor = "multi_thread")]
async fn results_wait_on_the_phone_while_the_disk_of_postgresql_is_full_and_go_on_once_there_is_room() {
    let server = Postgres::start_on_small_disk(DISK_MIB).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let relays = Relay::start_nodes(folder.path(), &server.database().await.unwrap(), 1).unwrap();
    let (olga, ana) = (Person::new("Olga", folder.path()).unwrap(), Person::new("Ana", folder.path()).unwrap());
    found(&relays[0], &olga, "Library").await.unwrap();
    import_town(&olga, &folder.path().join("town"), 40).await.unwrap();
    let turf = cut(&olga, 100, "Riverside").await.unwrap()[0];
    hand_out(&olga, turf, &[&ana]).await.unwrap();
    let door = houses(&ana, turf).await.unwrap()[0];
    let voter = first_voter(&ana, door).await.unwrap();

    server.fill_disk(true).unwrap();
    let mut n_visits = 0;
    let full = loop {
        let note = format!("{n_visits} {}", "It rains. ".repeat(50));
        talk(&ana, door, voter, &[], &note).await.unwrap();
        n_visits += 1;
        let view = ana.sync().await.unwrap();
        if view.n_held > 0 {
            break view;
        }
        assert!(n_visits < MOST_VISITS, "the disk is full and takes everything");
    };
    assert!(matches!(full.phase, SyncPhase::Offline | SyncPhase::Refused), "{full:?}");
    let report = ana.ask(ShiftReport {}).await.unwrap();
    assert!(report.n_safe < report.n_results, "{report:?}");
    // While there is no space for results the relay is alive but not ready.
    becomes(&relays[0], "readyz", 503).await;
    becomes(&relays[0], "livez", 200).await;

    server.fill_disk(false).unwrap();
    // PostgreSQL may have stopped when it could not write its log; its operator starts it again.
    server.stop();
    server.resume().unwrap();
    becomes(&relays[0], "readyz", 200).await;
    assert_eq!(ana.sync().await.unwrap().n_held, 0);
    let report = ana.ask(ShiftReport {}).await.unwrap();
    assert_eq!((report.n_results, report.n_safe), (n_visits, n_visits));
    olga.sync().await.unwrap();
    let visits = olga.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    assert_eq!(visits.n_rows, u64::from(n_visits));
}
