//! The main story, with real engines and a real relay process.

use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::import::ImportOverview;
use porchlight_model::calls::invite::{HandOut, Invite, Roster, TakeBack};
use porchlight_model::calls::join::{CleanUp, Join};
use porchlight_model::calls::office::{Dashboard, OpenTurf, Search, VoterHistory};
use porchlight_model::calls::settle::{Conflicts, Settle};
use porchlight_model::calls::sync::{SyncPhase, SyncStatus};
use porchlight_model::calls::visit::{AddPerson, RecordVisit, Undo};
use porchlight_model::calls::walk::ShiftReport;
use porchlight_model::calls::walk::{MyTurf, TurfMap};
use porchlight_model::id::{QuestionId, TurfId};
use porchlight_model::member::Role;
use porchlight_model::message::ErrorCode;
use porchlight_model::visit::{DoorState, How, ResultCode};
use porchlight_tests::campaign::{
    cut, first_voter, found, hand_out, houses, import_town, invite, not_home, talk, walk, write_script,
};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::wire::{Fault, Wire};
use std::collections::BTreeMap;

/// A relay, a coordinator with an imported and cut town, and two canvassers on its first turf.
pub(crate) struct World {
    pub(crate) relay: Relay,
    pub(crate) office: Person,
    pub(crate) ana: Person,
    pub(crate) ben: Person,
    pub(crate) turf: TurfId,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    let office = Person::new("Olga", folder.path()).unwrap();
    found(&relay, &office, "Library for Lantern Falls").await.unwrap();
    import_town(&office, folder.path(), 400).await.unwrap();
    write_script(&office).await.unwrap();
    let turfs = cut(&office, 40, "Riverside").await.unwrap();
    let (ana, ben) = (Person::new("Ana", folder.path()).unwrap(), Person::new("Ben", folder.path()).unwrap());
    hand_out(&office, turfs[0], &[&ana, &ben]).await.unwrap();
    World { relay, office, ana, ben, turf: turfs[0], folder }
}

/// `n` copies of Ana's phone, each with its own result.
pub(crate) async fn copies(world: &World, n: usize) -> Vec<Person> {
    let doors = houses(&world.ana, world.turf).await.unwrap();
    let original = rusqlite::Connection::open(world.ana.database()).unwrap();
    let mut copies = Vec::new();
    for n in 0..n {
        let name = format!("Ana, copy {n}");
        original.execute("VACUUM INTO ?1", [world.folder.path().join(format!("{name}.db")).to_str()]).unwrap();
        let copy = Person::new(&name, world.folder.path()).unwrap();
        not_home(&copy, doors[n % doors.len()]).await.unwrap();
        copies.push(copy);
    }
    copies
}

fn question(n: u8) -> QuestionId {
    QuestionId::from_bytes([n; 16])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_offline_merges_and_the_one_true_conflict_is_settled() {
    let World { mut relay, office, mut ana, ben, turf, folder: _folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    assert_eq!(doors, houses(&ben, turf).await.unwrap());
    assert!(ana.ask(MyTurf {}).await.unwrap()[0].is_ready);

    // Both lose the signal.
    relay.kill().unwrap();
    let voter = first_voter(&ana, doors[0]).await.unwrap();
    talk(&ana, doors[0], voter, &[(1, "lean_yes"), (2, "yes")], "Worried about the cost").await.unwrap();
    let status = ana.sync().await.unwrap();
    assert_eq!((status.phase, status.n_held), (SyncPhase::Offline, 1));
    ana.ask(AddPerson { door: doors[1], first: "Nell".into(), last: "Fairlamp".into(), phone: String::new() })
        .await
        .unwrap();
    not_home(&ana, doors[1]).await.unwrap();
    let mistap = not_home(&ana, doors[2]).await.unwrap();
    ana.ask(Undo { visits: mistap.visits }).await.unwrap();

    talk(&ben, doors[0], voter, &[(1, "undecided"), (2, "yes")], "Spoke to him in the garden").await.unwrap();
    ben.ask(RecordVisit {
        doors: vec![doors[3]],
        voter: None,
        how: How::Door,
        result: ResultCode::Refused,
        answers: BTreeMap::new(),
        note: String::new(),
        script: None,
    })
    .await
    .unwrap();

    // Ana's phone dies and restarts: nothing is lost.
    ana.kill_and_restart().unwrap();
    let list = walk(&ana, turf).await.unwrap();
    assert_eq!(list.by_state.get(&DoorState::Talked), Some(&1));
    assert_eq!(list.by_state.get(&DoorState::NotHome), Some(&1), "a mistap is taken back");
    assert_eq!(ana.ask(SyncStatus {}).await.unwrap().n_held, 5);

    // Back at the office.
    relay.restart().unwrap();
    for person in [&ana, &ben, &ana, &office] {
        assert_eq!(person.sync().await.unwrap().n_held, 0, "{} holds nothing", person.name);
    }
    let conflicts = office.ask(Conflicts {}).await.unwrap();
    assert_eq!(conflicts.len(), 1, "equal answers about the yard sign are no conflict");
    let conflict = &conflicts[0];
    assert_eq!((conflict.voter, conflict.question, conflict.title.as_str()), (voter, question(1), "Library measure"));
    let sides: Vec<_> =
        conflict.sides.iter().map(|side| (side.by_name.as_str(), side.label.as_str(), side.notes.len())).collect();
    assert_eq!(sides, [("Ana", "Leaning yes", 1), ("Ben", "Undecided", 1)]);

    let refused = ana.call(Settle { turf, voter, question: question(1), keep: None }).await.unwrap_err();
    assert_eq!(refused.message.id, "error-only-coordinator");
    office.ask(Settle { turf, voter, question: question(1), keep: Some("lean_yes".into()) }).await.unwrap();
    for person in [&office, &ana, &ben] {
        person.sync().await.unwrap();
        let view = person.ask(OpenDoor { door: doors[0] }).await.unwrap();
        let present = view.voters.iter().find(|view| view.voter.id == voter).unwrap();
        assert_eq!(present.answers.get(&question(1)).map(String::as_str), Some("lean_yes"), "{}", person.name);
        assert!(present.in_conflict.is_empty(), "{}", person.name);
        let n_visits = view.history.iter().filter(|item| matches!(item.what, HistoryKind::Visit { .. })).count();
        assert_eq!(n_visits, 2, "{} sees both visits", person.name);
    }
    assert_same_rows(&[&office, &ana, &ben], turf).await;

    let history = office.ask(VoterHistory { voter }).await.unwrap();
    assert_eq!(history.history.len(), 4, "two visits and two notes");
    let csv = office.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    assert_eq!(csv.n_rows, 4, "four visits stand");
    assert!(csv.text.contains("Leaning yes") || csv.text.contains("lean_yes"), "{}", csv.text);

    let board = office.ask(Dashboard {}).await.unwrap();
    let row = board.turfs.iter().find(|row| row.turf == turf).unwrap();
    assert_eq!((row.tally.n_done, row.tally.n_attempts, row.tally.n_contacts, row.tally.n_supporters), (3, 4, 2, 1));
    assert_eq!(row.walkers, ["Ana", "Ben"]);

    let shift = ana.ask(ShiftReport {}).await.unwrap();
    assert_eq!((shift.n_results, shift.n_safe), (4, 4), "a talk, two doors with nobody home, a person");
    ana.ask(CleanUp::default()).await.unwrap();
    assert_eq!(ana.call(MyTurf {}).await.unwrap_err().code, ErrorCode::NotEnrolled, "nothing is left to ask about");
}

/// Checks that all devices have the same rows of the turf, equal to a rebuild.
async fn assert_same_rows(people: &[&Person], turf: TurfId) {
    let doc = people[0].ask(OpenTurf { turf }).await.unwrap().entry.doc;
    let mut all = Vec::new();
    for person in people {
        let (rows, rebuilt) = person.handle().with(|engine| engine.rows_and_rebuild(doc)).unwrap();
        assert_eq!(rows, rebuilt, "{}", person.name);
        assert!(!rows.is_empty());
        all.push(rows);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "devices differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_sees_who_is_out_and_takes_a_turf_back() {
    let World { office, ana, ben, turf, folder, relay: _relay, .. } = world().await;
    let captain = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &captain, Role::Captain).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    captain.sync().await.unwrap();

    let view = captain.ask(OpenTurf { turf }).await.unwrap();
    let holders: Vec<_> =
        view.holders.iter().map(|holder| (holder.name.as_str(), holder.n_doors, holder.last_heard.is_some())).collect();
    assert_eq!(holders, [("Ana", 1, true), ("Ben", 0, true)]);
    assert_eq!(captain.ask(Roster {}).await.unwrap().devices.len(), 4);
    assert_eq!(
        captain.call(Invite { role: Role::Captain, minutes: 60 }).await.unwrap_err().message.id,
        "error-only-coordinator"
    );

    // Ben continues offline while the captain takes the turf back: his results are still accepted.
    not_home(&ben, doors[1]).await.unwrap();
    let device = view.holders.iter().find(|holder| holder.name == "Ben").unwrap().device;
    captain.ask(TakeBack { turf, device }).await.unwrap();
    ben.sync().await.unwrap();
    ben.sync().await.unwrap();
    assert!(ben.ask(MyTurf {}).await.unwrap().is_empty(), "the turf has left Ben's phone");
    captain.sync().await.unwrap();
    let row = captain.ask(OpenTurf { turf }).await.unwrap().row;
    assert_eq!((row.tally.n_done, row.walkers), (2, vec!["Ana".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_works_once_and_a_lost_reply_costs_nothing() {
    let World { office, turf, folder, relay: _relay, .. } = world().await;
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    let (cem, dot) = (Person::new("Cem", folder.path()).unwrap(), Person::new("Dot", folder.path()).unwrap());
    cem.join(&link).await.unwrap();
    cem.join(&link).await.unwrap();
    let used = dot.call(Join { link: link.clone(), name: "Dot".into(), campaign: None }).await.unwrap_err();
    assert_eq!((used.code, used.message.id.as_str()), (ErrorCode::BadInput, "error-invite-used"));
    let wrong = dot.call(Join { link: format!("{link}x"), name: "Dot".into(), campaign: None }).await.unwrap_err();
    assert_eq!(wrong.message.id, "error-invite-unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_turf_comes_to_the_same_phone_by_a_second_link() {
    let World { office, ana, relay: _relay, folder: _folder, .. } = world().await;
    let second = office.ask(Dashboard {}).await.unwrap().turfs[1].turf;
    hand_out(&office, second, &[&ana]).await.unwrap();
    assert_eq!(ana.ask(MyTurf {}).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_counted_and_confidential_voters_never_leave_the_file() {
    let World { office, ana, folder, turf, relay: _relay, .. } = world().await;
    let overview = office.ask(ImportOverview {}).await.unwrap();
    assert!(overview.n_voters > 700 && overview.n_doors >= 380 && overview.n_buildings > 0, "{overview:?}");
    assert!(overview.n_located * 100 >= overview.n_doors * 95, "{overview:?}");
    let file = std::fs::read(folder.path().join("voters.txt")).unwrap();
    let text: String = file.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = text.lines().map(|line| line.split('\t').map(|cell| cell.trim_matches('"')).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name)).unwrap();
    let (ncid, confidential) = (column("ncid"), column("confidential_ind"));
    let secret: Vec<&str> = lines.filter(|cells| cells[confidential] == "Y").map(|cells| cells[ncid]).collect();
    assert!(!secret.is_empty(), "the town has confidential voters");
    for person in [&office, &ana] {
        let bytes = std::fs::read(person.database()).unwrap();
        for id in &secret {
            assert!(!bytes.windows(id.len()).any(|window| window == id.as_bytes()), "{} holds {id}", person.name);
        }
    }
    assert!(walk(&ana, turf).await.unwrap().rows.len() > 5);
}

/// Writes the town's voter file again with one voter marked confidential.
fn file_with_one_more_confidential(folder: &std::path::Path, ncid: &str) -> std::path::PathBuf {
    let text = std::fs::read_to_string(folder.join("voters.txt")).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split('\t').map(|cell| cell.trim_matches('"')).collect();
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name)).unwrap();
    let (ncid_column, confidential) = (column("ncid"), column("confidential_ind"));
    let lines = text.lines().map(|line| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        if cells[ncid_column].trim_matches('"') == ncid {
            cells[confidential] = "\"Y\"";
        }
        cells.join("\t")
    });
    let path = folder.join("voters-later.txt");
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voter_who_becomes_confidential_leaves_phones_that_hold_the_turf_and_the_day_stays_whole() {
    let World { office, ana, ben, turf, relay: _relay, folder } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let voter = ana.ask(OpenDoor { door: doors[0] }).await.unwrap().voters[0].voter.clone();
    talk(&ana, doors[0], voter.id, &[(1, "lean_yes"), (2, "yes")], "").await.unwrap();
    ana.sync().await.unwrap();
    let rows_before = walk(&ben, turf).await.unwrap().rows.len();

    let later = file_with_one_more_confidential(folder.path(), &voter.source_id);
    office.import(&later).await.unwrap();
    office.sync().await.unwrap();
    // Until a phone has the new pack it continues with the old one, so that nothing is missing offline.
    assert!(ben.ask(TurfMap { turf }).await.is_ok());
    let cem = Person::new("Cem", folder.path()).unwrap();
    hand_out(&office, turf, &[&cem]).await.unwrap();
    for phone in [&ana, &ben, &cem] {
        phone.sync().await.unwrap();
        let at_door = phone.ask(OpenDoor { door: doors[0] }).await.unwrap().voters;
        assert!(at_door.iter().all(|other| other.voter.id != voter.id), "{} still names the voter", phone.name);
        let found = phone
            .ask(Search { text: format!("{} {}", voter.first, voter.last), limit: 100, after: None })
            .await
            .unwrap()
            .hits;
        assert!(found.iter().all(|hit| hit.voter != voter.id), "{} still finds the voter", phone.name);
        assert_eq!(walk(phone, turf).await.unwrap().rows.len(), rows_before);
        assert!(!phone.ask(TurfMap { turf }).await.unwrap().stops.is_empty());
    }
    office.sync().await.unwrap();
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_contacts, 1, "what was said stays counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turf_that_comes_after_the_file_which_made_a_voter_confidential_is_made_anew_without_them() {
    let World { office, ana, turf, relay: _relay, folder, .. } = world().await;
    let door = houses(&ana, turf).await.unwrap()[0];
    let voter = ana.ask(OpenDoor { door }).await.unwrap().voters[0].voter.clone();
    let n_rows = walk(&ana, turf).await.unwrap().rows.len();
    // A second coordinator imports the later file before any turf is on that device.
    let vera = Person::new("Vera", folder.path()).unwrap();
    let link = office.ask(Invite { role: Role::Coordinator, minutes: 60 }).await.unwrap().link;
    vera.join(&link).await.unwrap();
    vera.import(&file_with_one_more_confidential(folder.path(), &voter.source_id)).await.unwrap();
    vera.sync().await.unwrap();
    for person in [&vera, &ana] {
        person.sync().await.unwrap();
        let at_door = person.ask(OpenDoor { door }).await.unwrap().voters;
        assert!(at_door.iter().all(|other| other.voter.id != voter.id), "{} still names the voter", person.name);
        assert_eq!(walk(person, turf).await.unwrap().rows.len(), n_rows, "{} lost a door", person.name);
    }
    // In a file without the confidential mark, they are a voter like others again.
    vera.import(&folder.path().join("voters.txt")).await.unwrap();
    let text = format!("{} {}", voter.first, voter.last);
    let found = vera.ask(Search { text, limit: 100, after: None }).await.unwrap().hits;
    assert!(found.iter().any(|hit| hit.voter == voter.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn results_acknowledged_by_the_relay_survive_its_death() {
    let World { mut relay, office, ana, turf, folder: _folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    for door in doors.iter().take(10) {
        not_home(&ana, *door).await.unwrap();
        assert_eq!(ana.sync().await.unwrap().n_held, 0);
        relay.kill_and_restart().unwrap();
    }
    office.sync().await.unwrap();
    let row = office.ask(OpenTurf { turf }).await.unwrap().row;
    assert_eq!(row.tally.n_done, 10.min(u32::try_from(doors.len()).unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_clock_is_wrong_records_the_right_time_and_says_so() {
    let World { ana, ben, turf, relay: _relay, folder: _folder, .. } = world().await;
    ana.clock.advance_ms(-365 * 24 * 3_600_000);
    ana.sync().await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    let receipt = not_home(&ana, doors[0]).await.unwrap();
    let right = ben.handle().with(|engine| engine.now());
    assert!(right.since_ms(receipt.at).abs() < 60_000);
    let trouble = ana.ask(SyncStatus {}).await.unwrap().trouble.unwrap();
    assert_eq!(trouble.id, "sync-clock-slow");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_of_another_version_says_so_and_nothing_is_lost() {
    let World { office, turf, folder, relay, .. } = world().await;
    let wire = Wire::to(&relay).await.unwrap();
    let cem = Person::new("Cem", folder.path()).unwrap();
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    cem.join(&wire.link(&link)).await.unwrap();
    cem.sync().await.unwrap();
    let doors = houses(&cem, turf).await.unwrap();

    wire.set(Fault::OtherVersion);
    not_home(&cem, doors[0]).await.unwrap();
    let refused = cem.sync().await.unwrap();
    assert_eq!((refused.phase, refused.n_held), (SyncPhase::Refused, 1));
    assert_eq!(refused.trouble.unwrap().id, "error-wrong-version");
    // Work continues without the relay, and results are sent once the versions are compatible again.
    not_home(&cem, doors[1]).await.unwrap();
    wire.set(Fault::None);
    let served = cem.sync().await.unwrap();
    assert_eq!((served.phase, served.n_held, served.trouble), (SyncPhase::Idle, 0, None));
    office.sync().await.unwrap();
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_lost_after_the_commit_neither_loses_nor_doubles() {
    let World { office, turf, folder, relay, .. } = world().await;
    let wire = Wire::to(&relay).await.unwrap();
    let cem = Person::new("Cem", folder.path()).unwrap();
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    cem.join(&wire.link(&link)).await.unwrap();
    cem.sync().await.unwrap();
    let doors = houses(&cem, turf).await.unwrap();
    wire.set(Fault::LoseReplies);
    for door in doors.iter().take(3) {
        not_home(&cem, *door).await.unwrap();
    }
    let lost = cem.sync().await.unwrap();
    assert_eq!((lost.phase, lost.n_held), (SyncPhase::Offline, 3));
    // The relay has them; the phone does not claim so before the acknowledgement.
    office.sync().await.unwrap();
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 3);
    wire.set(Fault::None);
    assert_eq!(cem.sync().await.unwrap().n_held, 0);
    office.sync().await.unwrap();
    let row = office.ask(OpenTurf { turf }).await.unwrap().row;
    assert_eq!((row.tally.n_done, row.tally.n_attempts), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_has_ended_says_so() {
    let World { office, turf, folder, mut relay, .. } = world().await;
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    relay.kill().unwrap();
    let store = rusqlite::Connection::open(relay.data().join("relay.db")).unwrap();
    store.execute("UPDATE invite SET expires_at = expires_at - 3600001", []).unwrap();
    drop(store);
    relay.restart().unwrap();
    let cem = Person::new("Cem", folder.path()).unwrap();
    let ended = cem.call(Join { link, name: "Cem".into(), campaign: None }).await.unwrap_err();
    assert_eq!((ended.code, ended.message.id.as_str()), (ErrorCode::BadInput, "error-invite-expired"));
}
