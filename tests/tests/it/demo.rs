//! The demo's town: no screen of the tour is empty.

use porchlight_model::calls::invite::Roster;
use porchlight_model::calls::office::Dashboard;
use porchlight_model::calls::settle::Conflicts;
use porchlight_model::calls::wave::Waves;
use porchlight_tests::campaign::{cut, found, import_town, write_script};
use porchlight_tests::person::Person;
use porchlight_tests::progress;
use porchlight_tests::relay::Relay;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_s_town_has_two_waves_with_visits_people_at_work_and_conflicts_to_settle() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay")).unwrap();
    let office = Person::new("Office", folder.path()).unwrap();
    found(&relay, &office, "Library for Lantern Falls").await.unwrap();
    import_town(&office, folder.path(), 500).await.unwrap();
    write_script(&office).await.unwrap();
    let turfs = cut(&office, 60, "Lantern").await.unwrap();
    progress::play(&office, &folder.path().join("people"), &turfs).await.unwrap();

    let waves = office.ask(Waves {}).await.unwrap();
    assert_eq!(waves.len(), 2);
    assert!(waves.iter().all(|wave| wave.n_visits > 80), "{waves:?}");
    let today = office.ask(Dashboard {}).await.unwrap();
    assert_eq!(today.turfs.iter().map(|row| row.turf).min(), turfs.iter().copied().min());
    let fresh = today.turfs.iter().find(|row| row.turf == turfs[0]).unwrap();
    assert_eq!(fresh.tally.n_done, 0, "whoever tries the demo walks this one from its first door");
    assert!(today.turfs.iter().filter(|row| row.tally.n_done > 5).count() >= 5);
    assert!(office.ask(Conflicts {}).await.unwrap().len() >= 2);
    assert_eq!(office.ask(Roster {}).await.unwrap().devices.len(), 10);
}
