//! What `docs/operations/moving.md` says, step by step, with real relays over both stores: a campaign moves to another address.

use porchlight_model::calls::office::HandOut;
use porchlight_model::calls::session::{Session, SyncPhase};
use porchlight_tests::campaign::{cut, found, hand_out, houses, import_town, not_home};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::Postgres;

/// The old relay and the new one, side by side over one store, each telling of both.
async fn old_and_new(folder: &std::path::Path, postgres: Option<&Postgres>) -> (Relay, Relay, Person) {
    let olga = Person::new("Olga", folder).unwrap();
    match postgres {
        Some(server) => {
            let database = server.database().await.unwrap();
            let mut relays = Relay::start_nodes(folder, &database, 2).unwrap();
            let both = format!("--relays={},{}", relays[0].url, relays[1].url);
            let new = relays.pop().unwrap();
            let mut old = relays.pop().unwrap();
            old.restart_with(&[]).unwrap();
            found(&old, &olga, "Library").await.unwrap();
            old.restart_with(&[both]).unwrap();
            (old, new, olga)
        }
        None => {
            let mut old = Relay::start(&folder.join("relay")).unwrap();
            found(&old, &olga, "Library").await.unwrap();
            let (old, new) = old.with_a_second_node().unwrap();
            (old, new, olga)
        }
    }
}

async fn relay_of(person: &Person) -> String {
    person.ask(Session {}).await.unwrap().relay
}

async fn assert_a_campaign_moves(postgres: Option<&Postgres>) {
    let folder = tempfile::tempdir().unwrap();
    let (mut old, mut new, olga) = old_and_new(folder.path(), postgres).await;
    import_town(&olga, &folder.path().join("town"), 40).await.unwrap();
    let turf = cut(&olga, 100, "Riverside").await.unwrap()[0];
    let (ana, ben) = (Person::new("Ana", folder.path()).unwrap(), Person::new("Ben", folder.path()).unwrap());
    hand_out(&olga, turf, &[&ana, &ben]).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();

    // Both tell of the new one alone: each phone needs one sync, and nothing else may have changed for it.
    let new_alone = [format!("--relays={}", new.url)];
    old.restart_with(&new_alone).unwrap();
    new.restart_with(&new_alone).unwrap();
    for person in [&olga, &ana, &ben] {
        assert_eq!(person.sync().await.unwrap().phase, SyncPhase::Idle, "{}", person.name);
        assert_eq!(relay_of(person).await, new.url, "{}", person.name);
    }

    // The old one goes.
    old.kill().unwrap();
    for (person, door) in [(&ana, doors[0]), (&ben, doors[1])] {
        not_home(person, door).await.unwrap();
        let view = person.sync().await.unwrap();
        assert_eq!((view.phase, view.n_held), (SyncPhase::Idle, 0), "{}: {view:?}", person.name);
    }
    let link = olga.ask(HandOut { turf, uses: 2, minutes: 60 }).await.unwrap().link;
    assert!(link.starts_with(&new.url), "{link}");
    let cem = Person::new("Cem", folder.path()).unwrap();
    for person in [&cem, &ana] {
        person.join(&link).await.unwrap();
        assert_eq!(person.sync().await.unwrap().phase, SyncPhase::Idle, "{}", person.name);
    }

    // With an empty list, too, phones stay where the campaign is.
    new.restart_with(&[]).unwrap();
    for _ in 0..2 {
        for person in [&olga, &ana, &ben, &cem] {
            assert_eq!(person.sync().await.unwrap().phase, SyncPhase::Idle, "{}", person.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_moves_to_another_address() {
    assert_a_campaign_moves(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_on_postgresql_moves_to_another_address() {
    assert_a_campaign_moves(Some(&Postgres::shared().unwrap())).await;
}
