//! The list of relay addresses: a changed list reaches each device at its next sync.

use crate::world::{World, ask};
use porchlight_model::wire::{RelaysDigest, SyncAsk};

fn list(relays: &[&str]) -> Vec<String> {
    relays.iter().map(|relay| (*relay).to_owned()).collect()
}

#[tokio::test]
async fn a_device_that_holds_another_list_of_relays_is_told_the_list_and_nothing_else_need_have_changed() {
    let both = list(&["https://old.example.org", "https://new.example.org"]);
    let world = World::start_with(|config| config.relays = both.clone()).await;
    let ana = world.found().await;
    let first = ana.sync(&ask(&[])).await.unwrap();
    assert_eq!(first.relays, Some(both.clone()), "a device of an older version is told with its grants");
    let grants_seen = first.grants.unwrap().number;
    let holding = |held: &[String]| SyncAsk { grants_seen, relays: Some(RelaysDigest::of(held)), ..ask(&[]) };
    assert_eq!(ana.sync(&SyncAsk { grants_seen, ..ask(&[]) }).await.unwrap().relays, None);
    assert_eq!(ana.sync(&holding(&both)).await.unwrap().relays, None);
    let new = list(&["https://new.example.org"]);
    let told = ana.sync(&holding(&new)).await.unwrap();
    assert_eq!((told.relays, told.grants), (Some(both.clone()), None));
    let world = world.restart_with(|config| config.relays = Vec::new()).await;
    let ana = crate::world::Phone { url: world.url.clone(), ..ana };
    assert_eq!(ana.sync(&holding(&both)).await.unwrap().relays, Some(Vec::new()), "an empty list is told, too");
    assert_eq!(ana.sync(&holding(&[])).await.unwrap().relays, None);
    assert_eq!(ana.sync(&ask(&[])).await.unwrap().relays, None);
}

#[test]
fn lists_that_differ_in_order_or_in_where_an_address_ends_have_other_digests() {
    let digests = [list(&[]), list(&["a", "b"]), list(&["b", "a"]), list(&["ab"]), list(&["a"]), list(&[""])];
    for (at, one) in digests.iter().enumerate() {
        for other in &digests[at + 1..] {
            assert_ne!(RelaysDigest::of(one), RelaysDigest::of(other), "{one:?} {other:?}");
        }
    }
}
