//! Stories of waves: turf is walked again with its history, and an ended wave is removed everywhere.

use crate::story::{World, world};
use porchlight_model::calls::cut::CutTurf;
use porchlight_model::calls::door::{HistoryItem, HistoryKind, OpenDoor};
use porchlight_model::calls::export::{ExportKind, ExportResults, ExportWave};
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::invite::{HandOut, TakeBack};
use porchlight_model::calls::join::CleanUp;
use porchlight_model::calls::office::{Dashboard, OpenTurf, Search, VoterHistory, WaveBoard};
use porchlight_model::calls::settle::{Conflicts, Settle};
use porchlight_model::calls::sync::SyncStatus;
use porchlight_model::calls::visit::{AddNote, RecordVisit, ReportDanger, SetFlag};
use porchlight_model::calls::walk::{MyTurf, Stop};
use porchlight_model::calls::wave::{EndWave, EraseWave, RemoveEnded, ReopenWave, StartWave, WaveView, Waves};
use porchlight_model::id::{DocId, JobId, QuestionId, TurfId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::turf::CutArea;
use porchlight_model::visit::{About, DoorState, Flag, Gone, PersonState, ResultCode};
use porchlight_tests::campaign::{first_voter, hand_out, houses, invite, nobody_home, not_home, talk, walk};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::{Relay, copy_folder};
use porchlight_tests::wire::Wire;

async fn start(office: &Person, name: &str) {
    office.ask(StartWave { name: name.to_owned() }).await.unwrap();
    office.sync().await.unwrap();
}

/// Ends a wave, and erases it at the next sync.
async fn end(office: &Person, wave: WaveId) {
    office.ask(EndWave { wave }).await.unwrap();
    office.ask(EraseWave { wave }).await.unwrap();
}

async fn waves(office: &Person) -> Vec<WaveView> {
    office.ask(Waves {}).await.unwrap()
}

async fn doc(office: &Person, turf: TurfId) -> DocId {
    office.ask(OpenTurf { turf }).await.unwrap().entry.doc
}

/// A document's rows on a device.
fn rows(person: &Person, doc: DocId) -> usize {
    let (rows, rebuilt) = person.handle().with(|engine| engine.rows_and_rebuild(doc)).unwrap();
    assert_eq!(rows, rebuilt, "{}", person.name);
    rows.len()
}

fn in_waves(history: &[HistoryItem]) -> Vec<Option<&str>> {
    history.iter().map(|item| item.wave.as_deref()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_gets_a_turf_with_three_waves_of_history_in_one_request() {
    let World { relay, office, ana, turf, folder, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let voter = first_voter(&ana, doors[0]).await.unwrap();
    let mut docs = vec![doc(&office, turf).await];
    talk(&ana, doors[0], voter, &[(1, "undecided")], "Has a dog").await.unwrap();
    assert_eq!(in_waves(&ana.ask(OpenDoor { door: doors[0] }).await.unwrap().history), [None, None]);
    for (n, name) in [(1, "Second look"), (2, "Get out the vote")] {
        start(&office, name).await;
        docs.push(doc(&office, turf).await);
        hand_out(&office, turf, &[&ana]).await.unwrap();
        let list = walk(&ana, turf).await.unwrap();
        assert_eq!(list.by_state.get(&DoorState::Todo), Some(&list.n_doors), "each wave begins anew");
        assert!(list.rows[0].note.is_empty() || list.rows.iter().any(|row| row.note == "Has a dog"));
        for door in &doors[..n * 3] {
            not_home(&ana, *door).await.unwrap();
        }
        ana.sync().await.unwrap();
    }
    office.sync().await.unwrap();

    let wire = Wire::to(&relay).await.unwrap();
    let cem = Person::new("Cem", folder.path()).unwrap();
    let link = office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    cem.join(&wire.link(&link)).await.unwrap();
    cem.sync().await.unwrap();
    let carried = wire.carried();
    assert!(carried.n_syncs == 1 && carried.n_bytes < 64 * 1024, "{carried:?}");
    for doc in &docs {
        assert!(rows(&cem, *doc) > 1);
    }
    let cards = cem.ask(MyTurf {}).await.unwrap();
    assert_eq!(cards.iter().map(|card| (card.turf, card.n_done, card.is_ready)).collect::<Vec<_>>(), [(turf, 6, true)]);
    let history = cem.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert_eq!(in_waves(&history), [Some("Get out the vote"), Some("Second look"), Some(""), Some("")]);
    assert_eq!(walk(&cem, turf).await.unwrap().by_state.get(&DoorState::NotHome), Some(&6));

    // Results go into the newest wave, whoever records them.
    not_home(&cem, doors[7]).await.unwrap();
    cem.sync().await.unwrap();
    office.sync().await.unwrap();
    let told: Vec<_> =
        waves(&office).await.into_iter().map(|wave| (wave.name, wave.is_current, wave.n_visits)).collect();
    let expected = [("Get out the vote", true, 7), ("Second look", false, 3), ("", false, 1)];
    assert_eq!(told, expected.map(|(name, is_current, n)| (name.to_owned(), is_current, n)));
    assert_eq!(office.ask(VoterHistory { voter }).await.unwrap().history.len(), 4);
    let csv = office.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    assert_eq!((csv.n_rows, csv.text.matches(",Second look,").count()), (11, 3));
}

/// The new wave that a canvasser's list and card announce.
async fn new_wave(person: &Person, turf: TurfId) -> Option<String> {
    let told = walk(person, turf).await.unwrap().new_wave;
    let cards = person.ask(MyTurf {}).await.unwrap();
    assert_eq!(cards.iter().find(|card| card.turf == turf).unwrap().new_wave, told);
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_on_in_an_older_wave_is_told_of_the_new_one_and_can_go_over_to_it() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    assert_eq!(new_wave(&ana, turf).await, None);
    start(&office, "Second look").await;
    // A sync suffices, and results continue to go to the same wave.
    not_home(&ana, doors[1]).await.unwrap();
    for person in [&ana, &ben, &cleo] {
        person.sync().await.unwrap();
    }
    for person in [&ana, &ben] {
        assert_eq!(new_wave(person, turf).await.as_deref(), Some("Second look"), "{}", person.name);
    }
    for person in [&office, &cleo] {
        assert_eq!(new_wave(person, turf).await, None, "{} has every wave", person.name);
    }
    not_home(&ana, doors[2]).await.unwrap();
    assert_eq!(ana.ask(MyTurf {}).await.unwrap()[0].n_done, 3);

    // Ana scans the new code: her list starts afresh, and unsent results go to the wave in which they were recorded.
    let link = cleo.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link;
    ana.join(&link).await.unwrap();
    assert_eq!(new_wave(&ana, turf).await, None, "it is on its way");
    assert_eq!(ana.sync().await.unwrap().n_held, 0);
    assert_eq!((new_wave(&ana, turf).await, ana.ask(MyTurf {}).await.unwrap()[0].n_done), (None, 0));
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let visits = async || waves(&office).await.iter().map(|wave| wave.n_visits).collect::<Vec<_>>();
    assert_eq!(visits().await, [1, 3]);

    // Of several, the newest is named; one that has ended is not.
    start(&office, "Third").await;
    for person in [&ana, &ben] {
        person.sync().await.unwrap();
        assert_eq!(new_wave(person, turf).await.as_deref(), Some("Third"), "{}", person.name);
    }
    let third = waves(&office).await[0].wave;
    end(&office, third).await;
    office.sync().await.unwrap();
    for (person, told) in [(&ana, None), (&ben, Some("Second look"))] {
        person.sync().await.unwrap();
        assert_eq!(new_wave(person, turf).await.as_deref(), told, "{}", person.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wave_that_ends_is_dropped_everywhere_and_the_next_goes_on() {
    let World { relay, office, ana, ben, turf, folder } = world().await;
    let (cleo, second) = (Person::new("Cleo", folder.path()).unwrap(), Person::new("Sam", folder.path()).unwrap());
    invite(&office, &cleo, Role::Captain).await.unwrap();
    invite(&office, &second, Role::Coordinator).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    let voter = first_voter(&ana, doors[0]).await.unwrap();
    let note = "Zither lessons on Tuesdays";
    talk(&ana, doors[0], voter, &[(1, "undecided")], note).await.unwrap();
    ana.ask(SetFlag { about: About::Voter(voter), flag: Flag::DoNotContact, is_set: true }).await.unwrap();
    ana.sync().await.unwrap();
    let ended = doc(&office, turf).await;
    start(&office, "Second look").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    for person in [&office, &cleo, &second, &ben] {
        person.sync().await.unwrap();
        assert!(rows(person, ended) > 1, "{} has the first wave", person.name);
    }
    let everyone = [&office, &ana, &ben, &cleo, &second];
    for person in [&cleo, &ana] {
        let refused = person.call(EndWave { wave: WaveId::FIRST }).await.unwrap_err();
        assert_eq!(refused.message.id, "error-only-coordinator");
        assert_eq!(person.call(StartWave { name: "x".into() }).await.unwrap_err().message.id, "error-only-coordinator");
    }
    end(&office, WaveId::FIRST).await;
    end(&office, WaveId::FIRST).await;
    for person in [&office, &ana, &ben, &cleo, &second, &office] {
        let status = person.sync().await.unwrap();
        assert_eq!((status.n_held, status.n_ended, status.trouble), (0, 0, None), "{}", person.name);
    }
    for person in everyone {
        assert_eq!(rows(person, ended), 0, "{} has dropped it", person.name);
    }
    // The turf stays, with its doors and voters, on devices with the new wave, and is removed from the others.
    assert_eq!(houses(&ana, turf).await.unwrap(), doors);
    assert_eq!(first_voter(&ana, doors[0]).await.unwrap(), voter);
    assert!(ben.ask(MyTurf {}).await.unwrap().is_empty());
    assert!(ben.call(OpenDoor { door: doors[0] }).await.is_err());
    for person in [&ana, &cleo] {
        let view = person.ask(OpenDoor { door: doors[0] }).await.unwrap();
        let of = view.voters.iter().find(|view| view.voter.id == voter).unwrap();
        assert_eq!(of.flags, [Flag::DoNotContact], "a wish not to be contacted outlives the wave");
        assert_eq!(view.history.len(), 1, "of the first wave nothing else is left");
    }
    not_home(&ana, doors[1]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let first = &waves(&office).await[1];
    assert!(first.ended_at.is_some() && first.n_visits == 0 && first.holders.is_empty());
    assert_eq!(waves(&office).await[0].n_visits, 1);
    // Not a byte of it is in the relay's folder.
    let is_there = std::fs::read_dir(relay.data()).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(note.len()).any(|window| window == note.as_bytes())
    });
    assert!(!is_there);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_of_an_ended_wave_that_came_too_late_are_told_saved_and_removed() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    for door in &doors[..3] {
        not_home(&ana, *door).await.unwrap();
    }
    start(&office, "Second look").await;
    end(&office, WaveId::FIRST).await;
    office.sync().await.unwrap();
    // Ben has nothing to lose; Ana has three results.
    assert_eq!(ben.sync().await.unwrap().n_ended, 0);
    let status = ana.sync().await.unwrap();
    assert_eq!((status.n_held, status.n_ended), (3, 3));
    let trouble = status.trouble.unwrap();
    assert_eq!((trouble.id.as_str(), trouble.args["n"].as_str()), ("sync-wave-ended", "3"));
    assert!(ana.ask(MyTurf {}).await.unwrap().is_empty());
    let refused = ana.call(porchlight_tests::campaign::nobody_home(doors[4], "")).await.unwrap_err();
    assert_eq!(refused.message.id, "error-wave-ended");
    assert_eq!(ana.call(CleanUp::default()).await.unwrap_err().message.id, "clean-up-not-safe");

    let file = ana.ask(HandOver {}).await.unwrap();
    assert_eq!(file.n_rows, 3);
    let path = folder.path().join("results.json");
    std::fs::write(&path, file.text).unwrap();
    let refused = office.call(TakeOver { file: chosen(&path).unwrap() }).await.unwrap_err();
    assert_eq!(refused.message.id, "handover-wave-ended");

    // The new wave works beside it, and only what has ended is removed.
    hand_out(&office, turf, &[&ana]).await.unwrap();
    not_home(&ana, doors[4]).await.unwrap();
    assert_eq!(ana.ask(SyncStatus {}).await.unwrap().n_ended, 3);
    ana.ask(RemoveEnded {}).await.unwrap();
    let status = ana.sync().await.unwrap();
    assert_eq!((status.n_held, status.n_ended, status.trouble), (0, 0, None));
    assert_eq!(ana.ask(MyTurf {}).await.unwrap()[0].n_done, 1);
    ana.ask(CleanUp::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_wave_can_end_and_turf_waits_for_the_next() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    end(&office, WaveId::FIRST).await;
    office.sync().await.unwrap();
    ana.sync().await.unwrap();
    assert!(ana.ask(MyTurf {}).await.unwrap().is_empty());
    let refused = office.call(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap_err();
    assert_eq!(refused.message.id, "error-turf-no-wave");
    let cut =
        CutTurf { area: CutArea::Everything, doors_per_turf: 40, name: "More".into(), job: JobId::from_bytes([9; 16]) };
    assert_eq!(office.call(cut).await.unwrap_err().message.id, "wave-none");
    // A person who joins the office now has no doors to start a wave with.
    let second = Person::new("Sam", folder.path()).unwrap();
    invite(&office, &second, Role::Coordinator).await.unwrap();
    assert_eq!(second.call(StartWave { name: "x".into() }).await.unwrap_err().message.id, "wave-pack-missing");
    assert_eq!(office.call(StartWave { name: "  ".into() }).await.unwrap_err().message.id, "wave-name");

    start(&office, "Second look").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    assert_eq!(houses(&ana, turf).await.unwrap(), doors, "the same doors in the same order");
    let list = walk(&ana, turf).await.unwrap();
    assert_eq!(list.by_state.get(&DoorState::Todo), Some(&list.n_doors));
    not_home(&ana, doors[1]).await.unwrap();
    // A turf that is taken back is taken back in every wave in progress.
    start(&office, "Third").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    let device = office.ask(OpenTurf { turf }).await.unwrap().holders;
    office.sync().await.unwrap();
    assert!(device.is_empty() || device.len() == 1);
    let holder = office.ask(OpenTurf { turf }).await.unwrap().holders[0].device;
    office.ask(TakeBack { turf, device: holder }).await.unwrap();
    ana.sync().await.unwrap();
    assert!(ana.ask(MyTurf {}).await.unwrap().is_empty());
    let wave = waves(&office).await[0].wave;
    end(&office, wave).await;
    office.sync().await.unwrap();
    assert!(waves(&office).await[1].is_current, "the one before goes on");
    let name = first_voter(&office, doors[1]).await.unwrap();
    let name = office.ask(VoterHistory { voter: name }).await.unwrap().voter.voter.last;
    let hits = office.ask(Search { text: name, limit: 100, after: None }).await.unwrap().hits;
    assert!(hits.iter().any(|hit| hit.door == doors[1] && hit.state == DoorState::NotHome));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_put_back_from_before_the_end_forgets_again() {
    let World { mut relay, office, ana, ben, turf, folder } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    ana.ask(AddNote { about: About::Door(doors[0]), text: "Bell is broken".into() }).await.unwrap();
    ana.sync().await.unwrap();
    let ended = doc(&office, turf).await;
    start(&office, "Second look").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    relay.kill().unwrap();
    copy_folder(relay.data(), &folder.path().join("copy")).unwrap();
    relay.restart().unwrap();
    end(&office, WaveId::FIRST).await;
    for person in [&office, &ana, &ben] {
        person.sync().await.unwrap();
    }
    put_back(&mut relay, &folder.path().join("copy"));
    // Ben gets it once more before the office is back; then it is removed again.
    for person in [&ben, &ana, &office, &ben, &ana, &office] {
        person.sync().await.unwrap();
    }
    for person in [&office, &ana, &ben] {
        assert_eq!(rows(person, ended), 0, "{}", person.name);
        assert_eq!(person.ask(SyncStatus {}).await.unwrap().trouble, None);
    }
    not_home(&ana, doors[1]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(waves(&office).await[0].n_visits, 1);
}

fn put_back(relay: &mut Relay, copy: &std::path::Path) {
    relay.kill().unwrap();
    std::fs::remove_dir_all(relay.data()).unwrap();
    copy_folder(copy, relay.data()).unwrap();
    relay.say_restored().unwrap();
    relay.restart().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wave_that_was_ended_by_mistake_is_had_back_within_a_day() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let (cleo, second) = (Person::new("Cleo", folder.path()).unwrap(), Person::new("Sam", folder.path()).unwrap());
    invite(&office, &cleo, Role::Captain).await.unwrap();
    invite(&office, &second, Role::Coordinator).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    let first = doc(&office, turf).await;
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    let everyone = [&office, &second, &cleo, &ana, &ben];
    for _ in 0..2 {
        for person in everyone {
            person.sync().await.unwrap();
        }
    }
    for person in everyone {
        assert!(rows(person, first) > 1, "{} has it still", person.name);
    }
    let refused = ana.call(porchlight_tests::campaign::nobody_home(doors[1], "")).await.unwrap_err();
    assert_eq!(refused.message.id, "error-wave-ended", "but nothing is recorded in it");
    // The other coordinator sees who ended it, and until when that can be taken back. A captain and a canvasser cannot.
    let seen = waves(&second).await.remove(0);
    let closing = seen.end.unwrap();
    assert_eq!((closing.by.as_str(), closing.counts, closing.is_here), ("Olga", true, true));
    let left_ms = closing.erased_at.unwrap().since_ms(seen.ended_at.unwrap());
    let hour_ms = 60 * 60 * 1000;
    assert!((24 * hour_ms..25 * hour_ms).contains(&left_ms), "a day from when it was heard of: {left_ms}");
    for person in [&cleo, &ana] {
        assert_eq!(
            person.call(ReopenWave { wave: WaveId::FIRST }).await.unwrap_err().message.id,
            "error-only-coordinator"
        );
        assert_eq!(
            person.call(EraseWave { wave: WaveId::FIRST }).await.unwrap_err().message.id,
            "error-only-coordinator"
        );
    }
    second.ask(ReopenWave { wave: WaveId::FIRST }).await.unwrap();
    for person in [&second, &ana, &office] {
        person.sync().await.unwrap();
    }
    not_home(&ana, doors[1]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let wave = waves(&office).await.remove(0);
    assert_eq!((wave.ended_at, wave.end, wave.n_visits), (None, None, 2));
    rows(&office, office.handle().with(|engine| engine.member().unwrap().campaign_doc));
    // Once it is erased, it cannot be restored.
    end(&office, WaveId::FIRST).await;
    office.sync().await.unwrap();
    assert_eq!(office.call(ReopenWave { wave: WaveId::FIRST }).await.unwrap_err().message.id, "error-wave-gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moved_or_died_in_one_wave_is_not_asked_for_in_the_next_and_a_danger_keeps_its_reason() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let told = async |door: usize, result: ResultCode| {
        let voter = first_voter(&ana, doors[door]).await.unwrap();
        ana.ask(RecordVisit { voter: Some(voter), result, ..nobody_home(doors[door], "") }).await.unwrap();
        ana.sync().await.unwrap();
        voter
    };
    let moved = told(0, ResultCode::Moved).await;
    let about = About::Door(doors[1]);
    ana.ask(ReportDanger { about, reason: "Loose dog, gate open".into() }).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    start(&office, "Second look").await;
    // Ana continues in the first wave for a while: what she records there is carried over when it ends.
    let died = told(2, ResultCode::Deceased).await;
    office.sync().await.unwrap();
    end(&office, WaveId::FIRST).await;
    office.sync().await.unwrap();

    let cem = Person::new("Cem", folder.path()).unwrap();
    cem.join(&office.ask(HandOut { turf, uses: 1, minutes: 60 }).await.unwrap().link).await.unwrap();
    cem.sync().await.unwrap();
    for (door, voter, gone) in [(0, moved, Gone::Moved), (2, died, Gone::Deceased)] {
        let view = cem.ask(OpenDoor { door: doors[door] }).await.unwrap();
        let person = view.voters.iter().find(|view| view.voter.id == voter).unwrap();
        assert_eq!(person.state, PersonState::Gone(gone));
        assert!(!view.history.iter().any(|item| matches!(item.what, HistoryKind::Visit { .. })), "of the first wave");
        let others = view.voters.iter().filter(|other| other.voter.id != voter);
        assert!(others.clone().all(|other| other.state == PersonState::ToMeet));
        assert_eq!(view.state, if others.count() == 0 { DoorState::Moved } else { DoorState::Todo });
        let list = walk(&cem, turf).await.unwrap();
        let row = list.rows.iter().find(|row| row.stop == Stop::Door(doors[door])).unwrap();
        assert!(!row.voters.contains(&voter), "{:?}", row.names);
    }
    let danger = cem.ask(OpenDoor { door: doors[1] }).await.unwrap().danger.unwrap();
    assert_eq!((danger.reason.as_str(), danger.by_name.as_str()), ("Loose dog, gate open", "Ana"));
    // Someone meets the person who had moved: they are listed again.
    talk(&cem, doors[0], moved, &[(1, "undecided")], "").await.unwrap();
    let view = cem.ask(OpenDoor { door: doors[0] }).await.unwrap();
    let person = view.voters.iter().find(|view| view.voter.id == moved).unwrap();
    assert_eq!(person.state, PersonState::Tried(ResultCode::Canvassed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wave_that_ended_leaves_nothing_to_settle_and_what_it_carried_along_is_exported_once() {
    let World { relay: _relay, office, ana, ben, turf, .. } = &world().await;
    let doors = houses(ana, *turf).await.unwrap();
    let voter = first_voter(ana, doors[0]).await.unwrap();
    talk(ana, doors[0], voter, &[(1, "lean_yes")], "").await.unwrap();
    talk(ben, doors[0], voter, &[(1, "undecided")], "").await.unwrap();
    ana.ask(SetFlag { about: About::Voter(voter), flag: Flag::DoNotContact, is_set: true }).await.unwrap();
    let danger = ReportDanger { about: About::Door(doors[1]), reason: "Loose dog".to_owned() };
    ana.ask(danger).await.unwrap();
    for person in [ana, ben, office] {
        person.sync().await.unwrap();
    }
    assert_eq!(office.ask(Conflicts {}).await.unwrap().len(), 1);
    start(office, "Second look").await;
    // Every place tells the same number: the conflict is of the first wave, and nothing was asked in the second yet.
    let board = office.ask(Dashboard {}).await.unwrap();
    let of_turf = office.ask(OpenTurf { turf: *turf }).await.unwrap().row.n_conflicts;
    assert_eq!((board.n_conflicts, of_turf), (1, 1));
    hand_out(office, *turf, &[ana]).await.unwrap();
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(office.ask(Conflicts {}).await.unwrap(), []);
    assert_eq!(office.ask(Dashboard {}).await.unwrap().n_conflicts, 0);
    // Until it is erased, the ended wave can be looked at and taken out under a name of its own.
    let shown: Vec<_> = office.ask(Waves {}).await.unwrap().into_iter().map(|wave| wave.is_shown).collect();
    assert_eq!(shown, [true, true]);
    assert_eq!(office.ask(WaveBoard { wave: WaveId::FIRST }).await.unwrap().totals.n_attempts, 2);
    let flags = office.ask(ExportWave { wave: WaveId::FIRST, what: ExportKind::Flags }).await.unwrap();
    assert!(flags.name.starts_with("porchlight-flags-first-wave-"), "{}", flags.name);
    let rows = crate::reworded::rows(&flags.text);
    let told: Vec<_> = rows.iter().map(|row| [&*row["wave"], &row["flag"], &row["reason"]]).collect();
    assert_eq!(told, [["First wave", "do_not_contact", ""], ["First wave", "danger", "Loose dog"]]);
    let settle =
        Settle { turf: *turf, voter, question: QuestionId::from_bytes([1; 16]), keep: Some("lean_yes".to_owned()) };
    assert_eq!(office.call(settle).await.unwrap_err().message.id, "error-conflict-gone");
    // What stands is in the documents of both waves until the first is erased, and was said once.
    let n_rows = async |what: ExportKind| office.ask(ExportResults { what }).await.unwrap().n_rows;
    assert_eq!([n_rows(ExportKind::Flags).await, n_rows(ExportKind::Notes).await], [2, 1]);
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    assert_eq!([n_rows(ExportKind::Flags).await, n_rows(ExportKind::Notes).await], [2, 1], "now of the second");
    let shown: Vec<_> = office.ask(Waves {}).await.unwrap().into_iter().map(|wave| wave.is_shown).collect();
    assert_eq!(shown, [true, false]);
}
