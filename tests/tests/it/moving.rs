//! What `docs/operations/moving.md` says, step by step, with real relays over both stores: a campaign moves to another address.

use porchlight_model::calls::invite::HandOut;
use porchlight_model::calls::join::{Join, Session};
use porchlight_model::calls::sync::SyncPhase;
use porchlight_tests::campaign::{cut, hand_out, houses, import_town, not_home};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::Postgres;
use porchlight_tests::wire::{Fault, Wire};
use std::path::Path;

/// The old address and the new one, side by side over one store.
enum Addresses {
    /// A relay for each, over one database.
    Relays { old: Relay, new: Relay },
    /// One relay over SQLite, which a proxy serves under both names.
    Names { relay: Relay, old: Wire, new: Wire },
}

impl Addresses {
    /// Starts both addresses, each announcing both; Olga founds the campaign at the old one.
    async fn open(folder: &Path, postgres: Option<&Postgres>, olga: &Person) -> Self {
        let mut all = match postgres {
            Some(server) => {
                let mut relays = Relay::start_nodes(folder, &server.database().await.unwrap(), 2).unwrap();
                Self::Relays { new: relays.remove(1), old: relays.remove(0) }
            }
            None => {
                let relay = Relay::start(&folder.join("relay")).unwrap();
                Self::Names { old: Wire::to(&relay).await.unwrap(), new: Wire::to(&relay).await.unwrap(), relay }
            }
        };
        all.restart_with(&[format!("--relays={},{}", all.old_url(), all.new_url())]);
        let link = match &all {
            Self::Relays { old, .. } => old.founding_link().unwrap(),
            Self::Names { relay, old, .. } => old.link(&relay.founding_link().unwrap()),
        };
        olga.ask(Join { link, name: olga.name.clone(), campaign: Some("Library".to_owned()) }).await.unwrap();
        olga.sync().await.unwrap();
        all
    }

    fn old_url(&self) -> &str {
        match self {
            Self::Relays { old, .. } => &old.url,
            Self::Names { old, .. } => &old.url,
        }
    }

    fn new_url(&self) -> &str {
        match self {
            Self::Relays { new, .. } => &new.url,
            Self::Names { new, .. } => &new.url,
        }
    }

    fn restart_with(&mut self, flags: &[String]) {
        match self {
            Self::Relays { old, new } => {
                old.restart_with(flags).unwrap();
                new.restart_with(flags).unwrap();
            }
            Self::Names { relay, .. } => relay.restart_with(flags).unwrap(),
        }
    }

    /// Stops serving the old address.
    fn give_up_the_old(&mut self) {
        match self {
            Self::Relays { old, .. } => old.kill().unwrap(),
            Self::Names { old, .. } => old.set(Fault::Gone),
        }
    }

    /// Restarts the relay of the new address.
    fn restart_the_new_with(&mut self, flags: &[String]) {
        let (Self::Relays { new: relay, .. } | Self::Names { relay, .. }) = self;
        relay.restart_with(flags).unwrap();
    }
}

async fn relay_of(person: &Person) -> String {
    person.ask(Session {}).await.unwrap().relay
}

async fn assert_a_campaign_moves(postgres: Option<&Postgres>) {
    let folder = tempfile::tempdir().unwrap();
    let olga = Person::new("Olga", folder.path()).unwrap();
    let mut addresses = Addresses::open(folder.path(), postgres, &olga).await;
    let new_url = addresses.new_url().to_owned();
    import_town(&olga, &folder.path().join("town"), 40).await.unwrap();
    let turf = cut(&olga, 100, "Riverside").await.unwrap()[0];
    let (ana, ben) = (Person::new("Ana", folder.path()).unwrap(), Person::new("Ben", folder.path()).unwrap());
    hand_out(&olga, turf, &[&ana, &ben]).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();

    // Both announce only the new one: each phone needs one sync, and nothing else may change for it.
    addresses.restart_with(&[format!("--relays={new_url}")]);
    for person in [&olga, &ana, &ben] {
        assert_eq!(person.sync().await.unwrap().phase, SyncPhase::Idle, "{}", person.name);
        assert_eq!(relay_of(person).await, new_url, "{}", person.name);
    }

    // The old one is shut down.
    addresses.give_up_the_old();
    for (person, door) in [(&ana, doors[0]), (&ben, doors[1])] {
        not_home(person, door).await.unwrap();
        let view = person.sync().await.unwrap();
        assert_eq!((view.phase, view.n_held), (SyncPhase::Idle, 0), "{}: {view:?}", person.name);
    }
    let link = olga.ask(HandOut { turf, uses: 2, minutes: 60 }).await.unwrap().link;
    assert!(link.starts_with(&new_url), "{link}");
    let cem = Person::new("Cem", folder.path()).unwrap();
    for person in [&cem, &ana] {
        person.join(&link).await.unwrap();
        assert_eq!(person.sync().await.unwrap().phase, SyncPhase::Idle, "{}", person.name);
    }

    // Even with an empty list, phones stay at the campaign's relay.
    addresses.restart_the_new_with(&[]);
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
