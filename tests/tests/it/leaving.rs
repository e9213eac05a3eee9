//! Stories of the end of a shift and of leaving a campaign: what is removed, and who may not leave.

use crate::story::{World, world};
use porchlight_model::calls::archive::{ArchiveWave, KeepArchive, OpenArchive, RecordWithoutWaves};
use porchlight_model::calls::draft::PutDraft;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::invite::{HandOut, Invite};
use porchlight_model::calls::join::{CleanUp, Goes, Session, WhatGoes};
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::script::{GetScript, SaveScript};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::walk::ShiftReport;
use porchlight_model::calls::wave::{EndWave, EraseWave, StartWave, Waves};
use porchlight_model::id::WaveId;
use porchlight_model::member::Role;
use porchlight_tests::campaign::{found, houses, import_town, invite, not_home, script, write_script};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::Relay;

const CAMPAIGN: &str = "Library for Lantern Falls";

/// Why the only coordinator of a campaign without a wave stays.
const NO_WAVE: &str = "clean-up-only-coordinator-no-wave";

async fn goes(person: &Person) -> Goes {
    person.ask(WhatGoes {}).await.unwrap()
}

fn refusal(goes: &Goes) -> Option<&str> {
    goes.refusal.as_ref().map(|refusal| refusal.id.as_str())
}

/// Clears a device with this typed name; returns the refusal, if there is one.
async fn clear(person: &Person, typed: &str) -> Option<String> {
    person.call(CleanUp { typed: typed.to_owned() }).await.err().map(|error| error.message.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_coordinator_clears_nothing_before_every_wave_is_in_an_archive() {
    let World { relay: _relay, office, ana, turf, folder, .. } = world().await;
    office.sync().await.unwrap();
    let told = goes(&office).await;
    assert_eq!(refusal(&told), Some("clean-up-only-coordinator"));
    assert_eq!((told.n_unsent, told.files.len(), told.others.len()), (0, 3, 0));
    assert!(told.n_points > 0 && told.n_streets > 0, "{told:?}");
    assert!(told.n_turf > 1 && told.n_turf_with_nobody == told.n_turf - 1, "{told:?}");
    assert_eq!(told.to_type.as_deref(), Some(CAMPAIGN));
    assert_eq!(clear(&office, CAMPAIGN).await.as_deref(), Some("clean-up-only-coordinator"));
    assert!(office.ask(Dashboard {}).await.unwrap().turfs.len() > 1, "nothing is gone");

    // One table is not everything, and an archive that was not saved does not count.
    office.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    let wave = WaveId::FIRST;
    let made = office.ask(ArchiveWave { wave }).await.unwrap();
    assert_eq!((goes(&office).await.taken_out_at, goes(&office).await.n_not_taken_out), (None, 1));
    assert_eq!(refusal(&goes(&office).await), Some("clean-up-only-coordinator"));
    office.ask(KeepArchive { wave, record: made.record }).await.unwrap();
    assert!(goes(&office).await.taken_out_at.is_some());
    assert_eq!(refusal(&goes(&office).await), None);
    // A result that arrived since is in no file.
    not_home(&ana, houses(&ana, turf).await.unwrap()[0]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(clear(&office, CAMPAIGN).await.as_deref(), Some("clean-up-only-coordinator"));

    // Opening the saved file proves that the person has it.
    let made = office.ask(ArchiveWave { wave }).await.unwrap().file;
    let path = folder.path().join(&made.name);
    std::fs::write(&path, made.bytes()).unwrap();
    office.ask(OpenArchive { file: chosen(&path).unwrap(), table: 0, from: 0 }).await.unwrap();
    assert_eq!(refusal(&goes(&office).await), None);
    // Another wave is not in the file of the first.
    office.ask(StartWave { name: "Second look".to_owned() }).await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(clear(&office, CAMPAIGN).await.as_deref(), Some("clean-up-only-coordinator"));
    let second = office.ask(Waves {}).await.unwrap()[0].wave;
    let made = office.ask(ArchiveWave { wave: second }).await.unwrap();
    office.ask(KeepArchive { wave: second, record: made.record }).await.unwrap();
    for typed in ["", "yes", "Library", "library for lantern fall"] {
        assert_eq!(clear(&office, typed).await.as_deref(), Some("clean-up-type"), "{typed}");
    }
    assert_eq!(clear(&office, " library for Lantern falls ").await, None);
    assert_eq!(office.ask(Session {}).await.unwrap().identity, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_coordinator_who_has_cut_nothing_yet_does_not_clear_the_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    let olga = Person::new("Olga", folder.path()).unwrap();
    found(&relay, &olga, CAMPAIGN).await.unwrap();
    assert_eq!(refusal(&goes(&olga).await), None, "nothing was done yet");
    // Each of these alone is work that nobody else has, or leaves people without a coordinator.
    import_town(&olga, folder.path(), 40).await.unwrap();
    assert_eq!(refusal(&goes(&olga).await), Some(NO_WAVE));
    write_script(&olga).await.unwrap();
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&olga, &cleo, Role::Captain).await.unwrap();
    olga.sync().await.unwrap();
    let told = goes(&olga).await;
    assert_eq!((refusal(&told), told.lacks_campaign, told.taken_out_at), (Some(NO_WAVE), true, None));
    assert_eq!(clear(&olga, CAMPAIGN).await.as_deref(), Some(NO_WAVE));
    assert!(olga.ask(GetScript {}).await.unwrap().is_some(), "nothing is gone");

    // What the refusal says to do is possible: an archive of what there is, or another coordinator.
    archive_what_was_set_up(&olga).await;
    assert_eq!(refusal(&goes(&olga).await), None);
    olga.ask(SaveScript { script: script() }).await.unwrap();
    olga.sync().await.unwrap();
    assert_eq!(refusal(&goes(&olga).await), Some(NO_WAVE), "the script is another one since");
    let vera = Person::new("Vera", folder.path()).unwrap();
    invite(&olga, &vera, Role::Coordinator).await.unwrap();
    for person in [&olga, &vera, &olga] {
        person.sync().await.unwrap();
    }
    assert_eq!(clear(&olga, CAMPAIGN).await, None);
    assert!(vera.ask(GetScript {}).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_coordinator_whose_waves_are_all_erased_does_not_clear_the_campaign() {
    let World { relay: _relay, office, .. } = world().await;
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    let told = goes(&office).await;
    assert_eq!((refusal(&told), told.n_not_taken_out), (Some(NO_WAVE), 0));
    assert_eq!(clear(&office, CAMPAIGN).await.as_deref(), Some(NO_WAVE));
    assert!(!office.ask(Dashboard {}).await.unwrap().turfs.is_empty(), "the list of turf is work, too");
    archive_what_was_set_up(&office).await;
    assert_eq!(clear(&office, CAMPAIGN).await, None);
}

/// Makes the archive of a campaign that has no wave, saves it, and opens it.
async fn archive_what_was_set_up(office: &Person) {
    let record = office.ask(RecordWithoutWaves {}).await.unwrap().unwrap();
    let made = office.ask(ArchiveWave { wave: WaveId::FIRST }).await.unwrap();
    assert_eq!(made.record, record, "complete for now");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(&made.file.name);
    std::fs::write(&path, made.file.bytes()).unwrap();
    let page = office.ask(OpenArchive { file: chosen(&path).unwrap(), table: 0, from: 0 }).await.unwrap();
    let scripts = page.tables.iter().find(|table| table.name == "scripts").unwrap();
    assert!(scripts.n_rows > 0, "the script is in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_clears_once_another_has_synced_what_was_done_last() {
    let World { relay: _relay, office, folder, .. } = world().await;
    let vera = Person::new("Vera", folder.path()).unwrap();
    let link = office.ask(Invite { role: Role::Coordinator, minutes: 60 }).await.unwrap().link;
    vera.join(&link).await.unwrap();
    office.ask(SaveScript { script: script() }).await.unwrap();
    assert_eq!(refusal(&goes(&office).await), Some("clean-up-not-safe"));
    office.sync().await.unwrap();
    let told = goes(&office).await;
    assert_eq!((refusal(&told), told.others.len(), told.others[0].has_all), (Some("clean-up-not-heard"), 1, false));

    vera.sync().await.unwrap();
    office.sync().await.unwrap();
    let told = goes(&office).await;
    assert_eq!((refusal(&told), told.others[0].name.as_str(), told.others[0].has_all), (None, "Vera", true));
    // Imported files are only on the device that imported them, and are listed.
    assert_eq!((told.files.len(), goes(&vera).await.files.len()), (3, 0));
    let before = vera.ask(Dashboard {}).await.unwrap().turfs;
    assert_eq!(clear(&office, CAMPAIGN).await, None);
    assert_eq!(vera.ask(Dashboard {}).await.unwrap().turfs, before);
    // The remaining coordinator is the only one.
    vera.sync().await.unwrap();
    let told = goes(&vera).await;
    assert_eq!((told.others.len(), refusal(&told)), (0, Some("clean-up-only-coordinator")));
    assert_eq!(clear(&vera, CAMPAIGN).await.as_deref(), Some("clean-up-only-coordinator"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_leaves_when_everything_is_safe_without_typing() {
    let World { relay: _relay, office, turf, folder, .. } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    not_home(&cleo, houses(&cleo, turf).await.unwrap()[0]).await.unwrap();
    assert_eq!(refusal(&goes(&cleo).await), Some("clean-up-not-safe"));
    assert_eq!(clear(&cleo, "").await.as_deref(), Some("clean-up-not-safe"));
    cleo.sync().await.unwrap();
    // A form of the office that is half filled in is no result; a note that was begun at a door is to become one.
    let door = houses(&cleo, turf).await.unwrap()[0];
    for (key, door) in [("cut", None), ("note", Some(door))] {
        let draft = PutDraft { key: key.to_owned(), door, body: "\"The bell is\"".to_owned() };
        cleo.ask(draft).await.unwrap();
    }
    let told = goes(&cleo).await;
    assert_eq!((refusal(&told), told.to_type.as_ref(), told.files.len()), (None, None, 0));
    assert_eq!(told.n_drafts, 1, "what was begun is named");
    assert_eq!(clear(&cleo, "").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_shift_is_one_for_all_lists_of_a_person() {
    let World { relay: _relay, office, ana, turf, .. } = world().await;
    let other = office.ask(Dashboard {}).await.unwrap().turfs.iter().map(|row| row.turf).find(|one| *one != turf);
    let other = other.unwrap();
    let link = office.ask(HandOut { turf: other, uses: 1, minutes: 60 }).await.unwrap().link;
    ana.join(&link).await.unwrap();
    ana.sync().await.unwrap();
    assert_eq!(ana.ask(MyTurf {}).await.unwrap().len(), 2);
    let doors = [houses(&ana, turf).await.unwrap(), houses(&ana, other).await.unwrap()];
    for door in doors[0].iter().take(2).chain(doors[1].iter().take(3)) {
        not_home(&ana, *door).await.unwrap();
    }
    let shift = ana.ask(ShiftReport {}).await.unwrap();
    assert_eq!((shift.n_results, shift.n_safe, shift.n_doors), (5, 0, 5));
    let by_turf = |turf| shift.turfs.iter().find(|one| one.turf == turf).map(|one| one.n_results);
    assert_eq!((by_turf(turf), by_turf(other)), (Some(2), Some(3)));
    ana.sync().await.unwrap();
    // The office fetches them, and acknowledges with its next sync that they are on its disk.
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    ana.sync().await.unwrap();
    let shift = ana.ask(ShiftReport {}).await.unwrap();
    assert_eq!((shift.n_results, shift.n_safe, shift.n_seen), (5, 5, 5));
    // The office has no list to end a shift on.
    assert_eq!(office.ask(ShiftReport {}).await.unwrap().turfs, []);
}
