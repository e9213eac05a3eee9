//! Stories of real files: a newer voter file while turf is out, search, and unusable files.

use porchlight_model::calls::cut::PreviewCut;
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::import::{Absent, CheckFile, ImportFile, ImportOverview};
use porchlight_model::calls::office::{Dashboard, OpenTurf, Search, VoterHistory};
use porchlight_model::calls::visit::{AddPerson, Undo};
use porchlight_model::id::{DoorId, JobId, TurfId, VoterId};
use porchlight_model::member::Role;
use porchlight_model::message::ErrorCode;
use porchlight_model::turf::CutArea;
use porchlight_tests::campaign::{cut, found, hand_out, houses, invite, not_home, talk, write_script};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::Relay;
use std::path::{Path, PathBuf};

/// An office with the files of a case imported, one turf of all its doors, and a phone that has it.
pub(crate) struct Case {
    _relay: Relay,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) files: PathBuf,
    pub(crate) office: Person,
    pub(crate) ana: Person,
    pub(crate) turf: TurfId,
}

impl Case {
    pub(crate) async fn start(name: &str, files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let relay = Relay::start(&folder.path().join("relay")).unwrap();
        let (office, ana) = (person("Olga", folder.path()), person("Ana", folder.path()));
        found(&relay, &office, "Lamps for Quillby").await.unwrap();
        let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(name);
        for file in files {
            office.import(&case.join(file)).await.unwrap();
        }
        write_script(&office).await.unwrap();
        let turfs = cut(&office, 40, "Quillby").await.unwrap();
        assert_eq!(turfs.len(), 1);
        hand_out(&office, turfs[0], &[&ana]).await.unwrap();
        Self { _relay: relay, folder, files: case, office, ana, turf: turfs[0] }
    }

    /// The phone's doors by address, each with the names of its residents.
    pub(crate) async fn list(&self) -> Vec<(String, Vec<String>)> {
        let mut list = Vec::new();
        for door in houses(&self.ana, self.turf).await.unwrap() {
            let view = self.ana.ask(OpenDoor { door }).await.unwrap();
            list.push((view.door.address(), view.voters.iter().map(|one| one.voter.full_name()).collect()));
        }
        list.sort();
        list
    }

    pub(crate) async fn door(&self, address: &str) -> DoorId {
        for door in houses(&self.ana, self.turf).await.unwrap() {
            if self.ana.ask(OpenDoor { door }).await.unwrap().door.address() == address {
                return door;
            }
        }
        panic!("{address} is not on the list")
    }

    pub(crate) async fn export(&self, what: ExportKind) -> String {
        self.office.ask(ExportResults { what }).await.unwrap().text
    }
}

fn person(name: &str, folder: &Path) -> Person {
    Person::new(name, folder).unwrap()
}

pub(crate) async fn hits(person: &Person, text: &str) -> Vec<String> {
    let hits = person.ask(Search { text: text.to_owned(), limit: 20, after: None }).await.unwrap();
    hits.hits.into_iter().map(|hit| hit.name).collect()
}

pub(crate) async fn voter(person: &Person, name: &str) -> VoterId {
    person.ask(Search { text: name.to_owned(), limit: 1, after: None }).await.unwrap().hits[0].voter
}

pub(crate) fn at(list: &[(String, Vec<String>)], address: &str) -> Vec<String> {
    list.iter().find(|(at, _)| at == address).unwrap().1.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_off_the_roll_by_a_newer_file_leaves_turf_phones_and_search_and_stays_in_the_exports() {
    let case = Case::start("13-removed-by-a-newer-file", &["addresses.csv", "voters-1.txt"]).await;
    let (door, nell) = (case.door("12 Plain Street").await, voter(&case.ana, "nell").await);
    let bram = voter(&case.office, "bram").await;
    talk(&case.ana, door, nell, &[(1, "strong_yes")], "Has a dog").await.unwrap();
    case.ana.sync().await.unwrap();
    case.office.sync().await.unwrap();

    // The report comes before anything is written.
    let file = chosen(&case.files.join("voters-2.txt")).unwrap();
    let told = case.office.ask(CheckFile { file: file.clone(), job: JobId::from_bytes([1; 16]) }).await.unwrap();
    assert_eq!((told.effect.n_off_roll, told.effect.n_absent, told.effect.n_absent_near), (2, 1, 1));
    assert_eq!(told.effect.off_roll.len(), 2);
    assert_eq!(told.effect.absent, ["Bram Quillon, 14 Plain Street"]);
    assert_eq!(case.office.ask(ImportOverview {}).await.unwrap().n_voters, 6);

    let done = case.office.import(&case.files.join("voters-2.txt")).await.unwrap();
    assert_eq!((done.n_taken, done.effect.n_off_roll, done.effect.n_turf), (3, 2, 1));
    case.office.sync().await.unwrap();
    case.ana.sync().await.unwrap();
    for gone in ["nell", "oren", "oakenshaw", "larkspur"] {
        assert_eq!(hits(&case.office, gone).await, [""; 0], "{gone} at the office");
        assert_eq!(hits(&case.ana, gone).await, [""; 0], "{gone} on the phone");
    }
    assert_eq!(hits(&case.office, "bram").await, ["Bram Quillon"]);
    let list = case.list().await;
    for (address, names) in
        [("12 Plain Street", vec![]), ("16 Plain Street", vec![]), ("14 Plain Street", vec!["Bram Quillon".to_owned()])]
    {
        assert_eq!(at(&list, address), names, "{address}");
    }
    assert_eq!(case.office.ask(ImportOverview {}).await.unwrap().n_voters, 4);
    assert_eq!(case.office.ask(OpenTurf { turf: case.turf }).await.unwrap().entry.n_voters, 4);
    let answers = case.export(ExportKind::Answers).await;
    assert!(answers.contains("QZ000002,Nell Oakenshaw") && answers.contains("Strongly yes"), "{answers}");
    assert!(case.export(ExportKind::Visits).await.contains("QZ000002,Nell Oakenshaw"));

    // The coordinator decides to remove absent voters, too; and a file with all of them restores them.
    let take_off = ImportFile { file, job: JobId::from_bytes([2; 16]), absent: Absent::TakeOff };
    assert_eq!(case.office.ask(take_off).await.unwrap().effect.n_absent, 1);
    case.office.sync().await.unwrap();
    case.ana.sync().await.unwrap();
    assert_eq!(at(&case.list().await, "14 Plain Street"), [""; 0]);
    assert_eq!(hits(&case.office, "bram").await, [""; 0]);
    case.office.import(&case.files.join("voters-1.txt")).await.unwrap();
    case.office.sync().await.unwrap();
    case.ana.sync().await.unwrap();
    assert_eq!(at(&case.list().await, "14 Plain Street"), ["Bram Quillon"]);
    assert_eq!(voter(&case.office, "bram").await, bram, "the same voter with their history");
    let history = case.office.ask(VoterHistory { voter: nell }).await.unwrap().history;
    assert!(history.iter().any(|item| matches!(&item.what, HistoryKind::Note { text, .. } if text == "Has a dog")));
}

#[tokio::test(flavor = "multi_thread")]
async fn turf_that_is_out_learns_of_new_and_moved_voters_and_a_movers_record_keeps_what_happened_where_it_happened() {
    let case = Case::start("32-a-newer-file-and-turf-that-is-out", &["addresses.csv", "voters-1.txt"]).await;
    let Case { office, ana, .. } = &case;
    let (door, nell) = (case.door("14 Plain Street").await, voter(ana, "nell mover").await);
    let receipt = talk(ana, door, nell, &[(1, "lean_yes")], "Moves in spring").await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();

    let done = office.import(&case.files.join("voters-2.txt")).await.unwrap().effect;
    assert_eq!((done.n_new, done.n_moved, done.n_off_roll, done.n_absent, done.n_turf), (2, 1, 0, 0, 1));
    office.sync().await.unwrap();
    ana.sync().await.unwrap();

    // (a) The list has the new residents of its doors, and nobody who has left.
    let list = case.list().await;
    assert_eq!(at(&list, "10 Plain Street"), ["Tamsin Newcomb", "Petra Thistlewood"]);
    assert_eq!(at(&list, "14 Plain Street"), [""; 0]);
    assert_eq!(list.len(), 6);
    // (b) The record has the talk, its answers and note, and where it happened.
    let record = office.ask(VoterHistory { voter: nell }).await.unwrap();
    assert_eq!(record.door.address(), "80 Far Lane");
    assert_eq!(record.voter.answers.values().collect::<Vec<_>>(), ["lean_yes"]);
    let told: Vec<_> = record.history.iter().map(|item| item.elsewhere.as_deref()).collect();
    assert_eq!(told, [Some("14 Plain Street"); 2], "{:?}", record.history);
    assert!(
        record
            .history
            .iter()
            .any(|item| matches!(&item.what, HistoryKind::Visit { said, .. } if said[0].1 == "Leaning yes"))
    );
    assert!(record.history.iter().any(|item| matches!(&item.what, HistoryKind::Note { .. })));
    assert!(case.export(ExportKind::Visits).await.contains("14,Plain Street"));
    // (c) New addresses are free for the next cut.
    let (area, name) = (CutArea::Everything, "Second".to_owned());
    let preview =
        office.ask(PreviewCut { area, doors_per_turf: 5, name, job: JobId::from_bytes([7; 16]) }).await.unwrap();
    assert_eq!(preview.turfs.iter().map(|draft| draft.doors.len()).sum::<usize>(), 2);
    // (d) The phone can take its visit back, and then record again at that door.
    ana.ask(Undo { visits: receipt.visits }).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(office.ask(Dashboard {}).await.unwrap().totals.n_attempts, 0);
    not_home(ana, door).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_that_ends_after_the_voter_left_the_list_is_recorded_where_it_was_held() {
    let case = Case::start("32-a-newer-file-and-turf-that-is-out", &["addresses.csv", "voters-1.txt"]).await;
    let (door, nell) = (case.door("14 Plain Street").await, voter(&case.ana, "nell mover").await);
    case.office.import(&case.files.join("voters-2.txt")).await.unwrap();
    case.office.sync().await.unwrap();
    // The canvasser stands at the door with the talk open while the list changes.
    case.ana.sync().await.unwrap();
    talk(&case.ana, door, nell, &[(1, "strong_yes")], "").await.unwrap();
    case.ana.sync().await.unwrap();
    case.office.sync().await.unwrap();
    let record = case.office.ask(VoterHistory { voter: nell }).await.unwrap();
    assert_eq!(record.history[0].elsewhere.as_deref(), Some("14 Plain Street"));
    assert!(case.export(ExportKind::Answers).await.contains("Nell Mover"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_coordinator_with_an_older_file_neither_brings_back_nor_loses_anyone() {
    let case = Case::start("32-a-newer-file-and-turf-that-is-out", &["addresses.csv", "voters-1.txt"]).await;
    let cem = person("Cem", case.folder.path());
    invite(&case.office, &cem, Role::Coordinator).await.unwrap();
    for file in ["addresses.csv", "voters-1.txt"] {
        cem.import(&case.files.join(file)).await.unwrap();
    }
    cem.sync().await.unwrap();
    case.office.import(&case.files.join("voters-2.txt")).await.unwrap();
    let mut packs = Vec::new();
    for _ in 0..3 {
        for person in [&case.office, &cem, &case.ana] {
            person.sync().await.unwrap();
        }
        packs.push(case.office.ask(OpenTurf { turf: case.turf }).await.unwrap().entry.pack);
    }
    assert!(packs.windows(2).all(|pair| pair[0] == pair[1]), "the two do not make it anew in turn");
    assert_eq!(at(&case.list().await, "10 Plain Street"), ["Tamsin Newcomb", "Petra Thistlewood"]);
    assert_eq!(hits(&cem, "tamsin").await, ["Tamsin Newcomb"]);
    // A file of another county on that device removes nobody.
    std::fs::write(case.folder.path().join("other.txt"), other_county()).unwrap();
    let done = cem.import(&case.folder.path().join("other.txt")).await.unwrap().effect;
    assert_eq!((done.n_new, done.n_absent_near, done.n_turf), (1, 0, 0));
}

/// A voter file of one voter, far away.
fn other_county() -> String {
    let header = "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind";
    format!("{header}\nZZ1\tFERN\tADA\tA\t1 OTHER ST\t28999\tN\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_streets_are_found_as_they_are_typed_people_added_at_a_door_too() {
    let case = Case::start("34-finding-people", &["addresses.csv", "voters.txt"]).await;
    let door = case.door("10 Plain Street").await;
    for (first, last) in [("Rosa", "O'Hollow"), ("Ines", "Peña-Rook")] {
        let (first, last) = (first.to_owned(), last.to_owned());
        case.ana.ask(AddPerson { door, first, last, phone: String::new() }).await.unwrap();
    }
    case.ana.sync().await.unwrap();
    case.office.sync().await.unwrap();
    for (typed, first) in [
        (&["omarrowby", "o'marrowby", "o marrowby", "O’Marrowby", "marrowby oda"][..], "Oda"),
        (&["fenwhistlelowe", "fenwhistle lowe", "lowe"], "Ivo"),
        (&["delaquilla", "de la quilla", "quilla"], "Juno"),
        (&["penablanca", "peñablanca"], "Petra"),
        (&["mcbrindle", "mc brindle"], "Faro"),
        (&["kings walk", "king's walk rd"], "Oren"),
        (&["o'hollow", "ohollow", "hollow"], "Rosa"),
        (&["pena-rook", "rook", "ines pena"], "Ines"),
    ] {
        for typed in typed {
            for person in [&case.office, &case.ana] {
                let found = hits(person, typed).await;
                assert!(found.len() == 1 && found[0].starts_with(first), "{typed:?} finds {found:?}");
            }
        }
    }
    assert!(hits(&case.office, "plain st").await.iter().any(|name| name.starts_with("Rosa")), "by their street");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_no_use_is_refused_and_what_it_would_have_replaced_stays() {
    let case = Case::start("25-null-geometry-first", &["voters.txt", "addresses.geojson"]).await;
    let before = case.office.ask(ImportOverview {}).await.unwrap();
    let useless = case.folder.path().join("useless.geojson");
    std::fs::write(
        &useless,
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":null}]}"#,
    )
    .unwrap();
    let file = chosen(&useless).unwrap();
    let told = case.office.ask(CheckFile { file: file.clone(), job: JobId::from_bytes([1; 16]) }).await.unwrap();
    assert!(told.n_taken == 0 && !told.is_of_use());
    let error =
        case.office.call(ImportFile { file, job: JobId::from_bytes([2; 16]), absent: Absent::Keep }).await.unwrap_err();
    assert_eq!((error.code, error.message.id.as_str()), (ErrorCode::BadInput, "import-nothing"));
    assert_eq!(case.office.ask(ImportOverview {}).await.unwrap(), before);
}
