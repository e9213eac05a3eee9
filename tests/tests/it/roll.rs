//! Stories of a newer voter file while turf is out: voters who are off the roll, new, moved, or renamed.

use crate::files::{Case, at, hits, voter};
use porchlight_model::calls::cut::PreviewCut;
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::export::ExportKind;
use porchlight_model::calls::import::ImportOverview;
use porchlight_model::calls::office::{OpenTurf, VoterHistory};
use porchlight_model::calls::wave::StartWave;
use porchlight_model::id::JobId;
use porchlight_model::turf::CutArea;
use porchlight_model::visit::DoorState;
use porchlight_tests::campaign::{cut, hand_out, not_home, talk, walk};
use porchlight_tests::person::Person;
use std::path::PathBuf;

const REMOVED: [&str; 2] = ["13-removed-by-a-newer-file", "voters-1.txt"];
const MOVED: [&str; 2] = ["32-a-newer-file-and-turf-that-is-out", "voters-1.txt"];

async fn start(of: [&str; 2]) -> Case {
    Case::start(of[0], &["addresses.csv", of[1]]).await
}

/// The case's first voter file with changed cells, each as voter, column and value. A number that is not in the file is a new
/// voter, like the first one except for these cells.
fn next(case: &Case, set: &[(&str, &str, &str)]) -> PathBuf {
    let text = std::fs::read_to_string(case.files.join("voters-1.txt")).unwrap();
    let mut rows = text.lines().map(|line| line.split('\t').map(|cell| cell.trim_matches('"').to_owned()).collect());
    let header: Vec<String> = rows.next().unwrap();
    let column = |name: &str| header.iter().position(|other| other == name).unwrap();
    let mut rows: Vec<Vec<String>> = rows.collect();
    for (number, name, cell) in set {
        let row = rows.iter().position(|row| row[column("ncid")] == *number).unwrap_or_else(|| {
            let mut new = rows[0].clone();
            (*number).clone_into(&mut new[column("ncid")]);
            rows.push(new);
            rows.len() - 1
        });
        (*cell).clone_into(&mut rows[row][column(name)]);
    }
    let rows: Vec<String> = std::iter::once(&header).chain(&rows).map(|row| row.join("\t")).collect();
    let path = case.folder.path().join("next.txt");
    std::fs::write(&path, rows.join("\n") + "\n").unwrap();
    path
}

/// Imports the next file at the office and syncs the phone.
async fn bring(case: &Case, set: &[(&str, &str, &str)]) {
    case.office.import(&next(case, set)).await.unwrap();
    sync(case).await;
}

async fn sync(case: &Case) {
    for person in [&case.ana, &case.office, &case.ana] {
        assert_eq!(person.sync().await.unwrap().trouble, None, "{}", person.name);
    }
}

/// Who is left to meet at an address, and the state of its door, in the phone's list.
async fn left(case: &Case, address: &str) -> (Vec<String>, DoorState) {
    let rows = walk(&case.ana, case.turf).await.unwrap().rows;
    let row = rows.into_iter().find(|row| format!("{} {}", row.number, row.street) == address).unwrap();
    (row.left, row.state)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_met_out_of_signal_while_a_file_took_them_off_is_in_the_exports_and_on_no_list() {
    let case = start(REMOVED).await;
    let (door, nell) = (case.door("12 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, door, nell, &[(1, "strong_yes")], "Has a dog").await.unwrap();
    case.office.import(&next(&case, &[("QZ000002", "status_cd", "R")])).await.unwrap();
    case.office.sync().await.unwrap();
    sync(&case).await;
    for person in [&case.ana, &case.office] {
        assert_eq!(hits(person, "nell").await, [""; 0], "{}", person.name);
    }
    assert_eq!(at(&case.list().await, "12 Plain Street"), [""; 0]);
    let answers = case.export(ExportKind::Answers).await;
    assert!(answers.contains("QZ000002,Nell Oakenshaw") && answers.contains("Strongly yes"), "{answers}");
    assert!(case.export(ExportKind::Notes).await.contains("Has a dog"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_a_door_the_one_who_stays_on_the_roll_is_still_asked_for() {
    let case = start(REMOVED).await;
    let wilf = [("QZ000099", "first_name", "WILF"), ("QZ000099", "res_street_address", "12 PLAIN ST")];
    bring(&case, &wilf).await;
    let (door, nell) = (case.door("12 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, door, nell, &[(1, "lean_no")], "").await.unwrap();
    assert_eq!(left(&case, "12 Plain Street").await, (vec!["Wilf Thistlewood".to_owned()], DoorState::Part));
    bring(&case, &[wilf[0], wilf[1], ("QZ000002", "status_cd", "D")]).await;
    assert_eq!(at(&case.list().await, "12 Plain Street"), ["Wilf Thistlewood"]);
    assert_eq!(left(&case, "12 Plain Street").await.0, ["Wilf Thistlewood"]);
    assert_eq!(case.office.ask(ImportOverview {}).await.unwrap().n_voters, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_one_removal_alone_takes_that_voter_off_and_nobody_else() {
    let case = start(REMOVED).await;
    let all = next(&case, &[("QZ000004", "status_cd", "R")]);
    let text = std::fs::read_to_string(&all).unwrap();
    let alone = text.lines().filter(|line| line.starts_with("county_id") || line.contains("QZ000004"));
    std::fs::write(&all, alone.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let done = case.office.import(&all).await.unwrap().effect;
    assert_eq!(
        (done.n_off_roll, done.n_absent, done.off_roll),
        (1, 5, vec!["Oren Larkspur, 16 Plain Street".to_owned()])
    );
    sync(&case).await;
    let list = case.list().await;
    let n_people: usize = list.iter().map(|(_, names)| names.len()).sum();
    assert_eq!((n_people, at(&list, "16 Plain Street")), (5, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_confidential_is_named_on_no_device_and_in_no_export() {
    let case = start(REMOVED).await;
    let (door, nell) = (case.door("12 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, door, nell, &[(1, "strong_yes")], "").await.unwrap();
    sync(&case).await;
    bring(&case, &[("QZ000002", "confidential_ind", "Y")]).await;
    assert_eq!(at(&case.list().await, "12 Plain Street"), [""; 0]);
    for person in [&case.ana, &case.office] {
        assert_eq!(hits(person, "oakenshaw").await, [""; 0], "{}", person.name);
    }
    for what in ExportKind::ALL {
        let text = case.export(what).await;
        assert!(!text.contains("Oakenshaw") && !text.contains("QZ000002"), "{text}");
    }
    assert!(case.export(ExportKind::Visits).await.contains("12,Plain Street"), "that somebody was there stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_off_the_roll_is_asked_for_in_no_later_wave() {
    let case = start(REMOVED).await;
    bring(&case, &[("QZ000002", "status_cd", "R"), ("QZ000004", "status_cd", "D")]).await;
    case.office.ask(StartWave { name: "Second look".to_owned() }).await.unwrap();
    sync(&case).await;
    let ben = Person::new("Ben", case.folder.path()).unwrap();
    hand_out(&case.office, case.turf, &[&ben]).await.unwrap();
    for person in [&case.ana, &ben] {
        let rows = walk(person, case.turf).await.unwrap().rows;
        let mut asked: Vec<String> = rows.into_iter().flat_map(|row| row.left).collect();
        asked.sort();
        assert_eq!(asked, ["Bram Quillon", "Ivo Brindlecote", "Oda Quillon", "Petra Thistlewood"], "{}", person.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_door_whose_only_voter_is_off_the_roll_is_not_cut() {
    let case = start(MOVED).await;
    let new = [("QZ000098", "res_street_address", "22 PLAIN ST"), ("QZ000099", "res_street_address", "80 FAR LN")];
    let free = async || {
        let (area, name) = (CutArea::Everything, "Second".to_owned());
        let preview = PreviewCut { area, doors_per_turf: 5, name, job: JobId::from_bytes([7; 16]) };
        let turfs = case.office.call(preview).await.map(|preview| preview.turfs).unwrap_or_default();
        turfs.iter().map(|draft| draft.doors.len()).sum::<usize>()
    };
    bring(&case, &new).await;
    assert_eq!(free().await, 2);
    bring(&case, &[new[0], new[1], ("QZ000099", "status_cd", "R")]).await;
    assert_eq!(free().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moved_to_another_door_of_the_list_is_there_with_what_they_said() {
    let case = start(MOVED).await;
    let (old, nell) = (case.door("14 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, old, nell, &[(1, "lean_yes")], "Moves in spring").await.unwrap();
    bring(&case, &[("QZ000003", "res_street_address", "16 PLAIN ST")]).await;
    let list = case.list().await;
    assert_eq!(at(&list, "14 Plain Street"), [""; 0]);
    let mut here = at(&list, "16 Plain Street");
    here.sort();
    assert_eq!(here, ["Nell Mover", "Oren Marrowby"]);
    let door = case.ana.ask(OpenDoor { door: case.door("16 Plain Street").await }).await.unwrap();
    let there = door.voters.iter().find(|one| one.voter.id == nell).unwrap();
    assert_eq!(there.answers.values().collect::<Vec<_>>(), ["lean_yes"]);
    let record = case.office.ask(VoterHistory { voter: nell }).await.unwrap();
    assert_eq!(record.door.address(), "16 Plain Street");
    assert!(record.history.iter().all(|item| item.elsewhere.as_deref() == Some("14 Plain Street")), "{record:?}");
    assert!(case.export(ExportKind::Visits).await.contains("14,Plain Street"), "where it happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_new_behind_a_door_is_asked_for_whatever_was_recorded_with_those_before() {
    let case = start(MOVED).await;
    let (petra, nell) = (voter(&case.ana, "petra").await, voter(&case.ana, "nell").await);
    for (address, who) in [("10 Plain Street", petra), ("14 Plain Street", nell)] {
        talk(&case.ana, case.door(address).await, who, &[(1, "lean_yes")], "").await.unwrap();
        assert_eq!(left(&case, address).await, (vec![], DoorState::Talked));
    }
    bring(
        &case,
        &[
            ("QZ000003", "res_street_address", "80 FAR LN"),
            ("QZ000098", "first_name", "TAMSIN"),
            ("QZ000098", "res_street_address", "14 PLAIN ST"),
            ("QZ000099", "first_name", "OREN"),
            ("QZ000099", "res_street_address", "10 PLAIN ST"),
        ],
    )
    .await;
    // Petra was met and still lives there; Nell was met and has left.
    assert_eq!(left(&case, "10 Plain Street").await, (vec!["Oren Thistlewood".to_owned()], DoorState::Part));
    assert_eq!(left(&case, "14 Plain Street").await.0, ["Tamsin Thistlewood"]);
    assert!(case.ana.ask(OpenDoor { door: case.door("14 Plain Street").await }).await.unwrap().state.is_to_do());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_another_name_is_told_by_it_with_the_same_record() {
    let case = start(MOVED).await;
    let (door, nell) = (case.door("14 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, door, nell, &[(1, "undecided")], "Marries in May").await.unwrap();
    bring(&case, &[("QZ000003", "last_name", "THISTLEWOOD-MOVER")]).await;
    assert_eq!(at(&case.list().await, "14 Plain Street"), ["Nell Thistlewood-Mover"]);
    for person in [&case.ana, &case.office] {
        assert_eq!(voter(person, "nell thistlewood-mover").await, nell, "{}", person.name);
    }
    let record = case.office.ask(VoterHistory { voter: nell }).await.unwrap();
    assert_eq!(record.voter.answers.values().collect::<Vec<_>>(), ["undecided"]);
    assert!(record.history.iter().all(|item| item.elsewhere.is_none()), "it happened at this door");
    assert!(
        record
            .history
            .iter()
            .any(|item| matches!(&item.what, HistoryKind::Note { text, .. } if text == "Marries in May"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_from_one_turf_to_another_leaves_the_one_phone_and_comes_to_the_other() {
    let case = start(MOVED).await;
    let (ana, office) = (&case.ana, &case.office);
    not_home(ana, case.door("14 Plain Street").await).await.unwrap();
    let to = |address: &'static str| [("QZ000003", "res_street_address", address)];
    bring(&case, &to("80 FAR LN")).await;
    let second = cut(office, 5, "Second").await.unwrap();
    let ben = Person::new("Ben", case.folder.path()).unwrap();
    hand_out(office, second[0], &[&ben]).await.unwrap();
    assert_eq!((hits(ana, "nell").await, hits(&ben, "nell").await), (vec![], vec!["Nell Mover".to_owned()]));
    bring(&case, &to("14 PLAIN ST")).await;
    ben.sync().await.unwrap();
    assert_eq!((hits(ana, "nell").await, hits(&ben, "nell").await), (vec!["Nell Mover".to_owned()], vec![]));
    assert_eq!(left(&case, "14 Plain Street").await.1, DoorState::NotHome, "what happened at the door is still told");
    assert_eq!(office.ask(OpenTurf { turf: second[0] }).await.unwrap().entry.n_voters, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_away_and_back_before_the_phone_syncs_is_there_once_with_what_they_said() {
    let case = start(MOVED).await;
    let (door, nell) = (case.door("14 Plain Street").await, voter(&case.ana, "nell").await);
    talk(&case.ana, door, nell, &[(1, "lean_yes")], "").await.unwrap();
    // The phone is out of reach while the office imports both files.
    for address in ["16 PLAIN ST", "14 PLAIN ST"] {
        case.office.import(&next(&case, &[("QZ000003", "res_street_address", address)])).await.unwrap();
    }
    sync(&case).await;
    assert_eq!(hits(&case.ana, "nell").await, ["Nell Mover"]);
    assert_eq!(at(&case.list().await, "14 Plain Street"), ["Nell Mover"]);
    let there = case.ana.ask(OpenDoor { door }).await.unwrap().voters;
    let nell = there.iter().find(|one| one.voter.id == nell).unwrap();
    assert_eq!(nell.answers.values().collect::<Vec<_>>(), ["lean_yes"]);
}
