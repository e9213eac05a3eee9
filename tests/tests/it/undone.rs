//! Stories of waves that were started by mistake and undone, and of results that were recorded in them.

use crate::story::{World, world};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::export::ExportKind;
use porchlight_model::calls::export::ExportWave;
use porchlight_model::calls::office::WaveBoard;
use porchlight_model::calls::office::{Dashboard, OpenTurf};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::{EndWave, StartWave, UndoStart, WaveView, Waves};
use porchlight_model::id::{DocId, TurfId, WaveId};
use porchlight_tests::campaign::{hand_out, houses, not_home, walk};
use porchlight_tests::person::Person;

async fn start(office: &Person, name: &str) -> WaveId {
    office.ask(StartWave { name: name.to_owned() }).await.unwrap();
    office.sync().await.unwrap();
    waves(office).await[0].wave
}

async fn waves(office: &Person) -> Vec<WaveView> {
    office.ask(Waves {}).await.unwrap()
}

async fn doc(office: &Person, turf: TurfId) -> DocId {
    office.ask(OpenTurf { turf }).await.unwrap().entry.doc
}

async fn new_wave(person: &Person, turf: TurfId) -> Option<String> {
    walk(person, turf).await.unwrap().new_wave
}

async fn n_done(person: &Person) -> u32 {
    person.ask(MyTurf {}).await.unwrap()[0].n_done
}

/// For each wave: whether it is current, whether it was undone, and whether it can be.
async fn told(office: &Person) -> Vec<(bool, bool, bool)> {
    waves(office).await.iter().map(|wave| (wave.is_current, wave.undone_at.is_some(), wave.may_undo)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_a_wave_can_be_undone_until_someone_has_recorded_in_it() {
    let World { office, ana, ben, turf, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    let first = doc(&office, turf).await;
    let mistake = start(&office, "Mistake").await;
    assert_eq!(told(&office).await, [(true, false, true), (false, false, false)]);
    for person in [&ana, &ben] {
        person.sync().await.unwrap();
        assert_eq!(new_wave(person, turf).await.as_deref(), Some("Mistake"));
    }
    assert_eq!(ana.call(UndoStart { wave: mistake }).await.unwrap_err().code, office_refusal(&ben).await);
    let refused = office.call(UndoStart { wave: WaveId::FIRST }).await.unwrap_err();
    assert_eq!(refused.message.id, "wave-undo-none-before");
    office.ask(UndoStart { wave: mistake }).await.unwrap();
    office.ask(UndoStart { wave: mistake }).await.unwrap();
    assert_eq!(told(&office).await, [(false, true, false), (true, false, false)]);
    assert_eq!(doc(&office, turf).await, first, "results go on where they went");
    for person in [&office, &ana, &ben] {
        person.sync().await.unwrap();
        assert_eq!(new_wave(person, turf).await, None, "{}", person.name);
    }
    // A canvasser who gets the turf from here on also records in the previous wave.
    hand_out(&office, turf, &[&ben]).await.unwrap();
    for (person, door) in [(&ana, doors[1]), (&ben, doors[2])] {
        not_home(person, door).await.unwrap();
        person.sync().await.unwrap();
    }
    office.sync().await.unwrap();
    assert_eq!(waves(&office).await.iter().map(|wave| wave.n_visits).collect::<Vec<_>>(), [0, 3]);

    // The next one is intended: it cannot be undone after the first record.
    let second = start(&office, "Second look").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    office.sync().await.unwrap();
    let refused = office.call(UndoStart { wave: second }).await.unwrap_err();
    assert_eq!((refused.message.id.as_str(), refused.message.args["n"].as_str()), ("wave-undo-recorded", "1"));
    assert_eq!(told(&office).await, [(true, false, false), (false, true, false), (false, false, false)]);
    // The previous wave can still be viewed, unchanged.
    let of = async |wave| office.ask(WaveBoard { wave }).await.unwrap().totals;
    let (before, now) = (of(WaveId::FIRST).await, of(second).await);
    assert_eq!((before.n_done, before.n_attempts, now.n_done, now.n_attempts), (3, 3, 1, 1));
    assert_eq!(office.ask(Dashboard {}).await.unwrap().totals, now);
    for (wave, n) in [(WaveId::FIRST, 3), (second, 1), (mistake, 0)] {
        let file = office.ask(ExportWave { wave, what: ExportKind::Visits }).await.unwrap();
        assert_eq!(file.n_rows, n, "{}", file.name);
    }
    // Its documents are removed when it is ended, like any wave's.
    office.ask(EndWave { wave: mistake }).await.unwrap();
    office.sync().await.unwrap();
    assert!(office.call(WaveBoard { wave: mistake }).await.is_err());
    assert_eq!(told(&office).await[0], (true, false, false));
}

/// The refusal for a person who may not manage waves.
async fn office_refusal(person: &Person) -> porchlight_model::message::ErrorCode {
    person.call(StartWave { name: "x".into() }).await.unwrap_err().code
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_out_of_reach_in_a_wave_whose_start_was_undone_is_not_lost() {
    let World { office, ana, ben, turf, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    let mistake = start(&office, "Mistake").await;
    hand_out(&office, turf, &[&ana]).await.unwrap();
    // Ana is offline from here on; nobody knows what she records.
    not_home(&ana, doors[0]).await.unwrap();
    office.ask(UndoStart { wave: mistake }).await.unwrap();
    office.sync().await.unwrap();
    ben.sync().await.unwrap();
    not_home(&ben, doors[1]).await.unwrap();
    ben.sync().await.unwrap();
    // She returns: her results are on her list, are sent, and later ones go to the same wave.
    let status = ana.sync().await.unwrap();
    assert_eq!((status.n_held, status.n_ended, status.trouble), (0, 0, None));
    assert_eq!(n_done(&ana).await, 1);
    not_home(&ana, doors[2]).await.unwrap();
    ana.sync().await.unwrap();
    // The wave continues after all, for everyone; nothing of either wave is lost.
    office.sync().await.unwrap();
    assert_eq!(told(&office).await, [(true, false, false), (false, false, false)]);
    assert_eq!(waves(&office).await.iter().map(|wave| wave.n_visits).collect::<Vec<_>>(), [2, 1]);
    office.sync().await.unwrap();
    ben.sync().await.unwrap();
    assert_eq!(new_wave(&ben, turf).await.as_deref(), Some("Mistake"));
    let mut n_items = Vec::new();
    for door in &doors[..3] {
        n_items.push(office.ask(OpenDoor { door: *door }).await.unwrap().history.len());
    }
    assert_eq!(n_items, [1, 1, 1]);
    let campaign = office.handle().with(|engine| engine.member().unwrap().campaign_doc);
    for person in [&office, &ana, &ben] {
        let (rows, rebuilt) = person.handle().with(|engine| engine.rows_and_rebuild(campaign)).unwrap();
        assert_eq!(rows, rebuilt, "{}", person.name);
    }
}
