//! Stories of an insider, or an attacker on the network, with a modified program.

mod in_a_name;

use crate::story::{World, world};
use automerge::transaction::Transactable;
use automerge::{ActorId, Author, AutoCommit, Automerge, Change, ObjType, ROOT, ReadDoc, ScalarValue};
use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::hub::{HostHub, HostedHub, HubInUse, LookAtHub, UseHub};
use porchlight_model::calls::office::{Dashboard, OpenTurf};
use porchlight_model::calls::settle::{EntryKind, Law, Uncounted};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::{EraseWave, Waves};
use porchlight_model::id::{DeviceId, DocId, Sha256, VisitId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::relay::RosterDevice;
use porchlight_tests::campaign::{cut, found, houses, import_town, invite, not_home, walk};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::Relay;

fn document(person: &Person, doc: DocId) -> Automerge {
    person.handle().with(|engine| engine.document(doc).unwrap().clone())
}

pub(crate) fn device(person: &Person) -> DeviceId {
    person.handle().with(|engine| engine.member().unwrap().identity.device)
}

fn campaign(person: &Person) -> DocId {
    person.handle().with(|engine| engine.member().unwrap().campaign_doc)
}

/// A change on top of a person's document, in the name of a device.
pub(crate) fn forged(person: &Person, doc: DocId, by: DeviceId, act: impl FnOnce(&mut AutoCommit)) -> Change {
    forged_in(AutoCommit::load(&document(person, doc).save()).unwrap(), by, 0xe7, act)
}

fn forged_in(mut forged: AutoCommit, by: DeviceId, actor: u8, act: impl FnOnce(&mut AutoCommit)) -> Change {
    forged.set_author(Some(Author::from(by.to_bytes().to_vec())));
    forged.set_actor(ActorId::from([actor; 16]));
    act(&mut forged);
    forged.commit();
    forged.get_last_local_change().unwrap()
}

/// Changes in the name of a person's device, each of which replaces or deletes top-level maps of a document.
fn forged_at_the_root(person: &Person, doc: DocId) -> Vec<Change> {
    let acts: [fn(&mut AutoCommit); 5] = [
        |document| {
            let visits = document.put_object(ROOT, "visits", ObjType::Map).unwrap();
            document.put(&visits, "one", "made up").unwrap();
        },
        |document| document.put(ROOT, "visits", "none").unwrap(),
        |document| document.delete(ROOT, "visits").unwrap(),
        |document| {
            for map in document.keys(ROOT).collect::<Vec<_>>() {
                document.delete(ROOT, map).unwrap();
            }
        },
        |document| {
            let about = document.put_object(ROOT, "about", ObjType::Map).unwrap();
            document.put(&about, "name", "Nowhere").unwrap();
        },
    ];
    let (born, by) = (document(person, doc).save(), device(person));
    let on_top = (0xe0..).zip(acts).map(|(actor, act)| forged_in(AutoCommit::load(&born).unwrap(), by, actor, act));
    let another_birth = forged_in(AutoCommit::new(), by, 0xef, acts[0]);
    on_top.chain([another_birth]).collect()
}

fn has_any(person: &Person, doc: DocId, changes: &[Change]) -> bool {
    let document = document(person, doc);
    changes.iter().any(|change| document.get_change_by_hash(&change.hash()).is_some())
}

/// Stores a change as one of a person's device, as a modified program might.
pub(crate) fn keep(person: &Person, doc: DocId, change: &Change) {
    let kept = person.handle().with(|engine| engine.write("forge", |tx| tx.take_over(doc, vec![change.clone()])));
    kept.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_who_writes_an_end_into_the_campaign_document_erases_nothing() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let cleo = Person::new("Cleo", folder.path()).unwrap();
    invite(&office, &cleo, Role::Captain).await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    for person in [&ana, &cleo, &office] {
        person.sync().await.unwrap();
    }
    let campaign = campaign(&office);
    let end = forged(&cleo, campaign, device(&cleo), |document| {
        let about = document.get(ROOT, "about").unwrap().unwrap().1;
        // Long ago, so that the grace period is over.
        document.put(&about, format!("ended/{}", WaveId::FIRST), 1_000_i64).unwrap();
    });
    // A relay of the previous version accepted it and sent it to the coordinator's device.
    let told = office.handle().with(|engine| engine.write("told", |tx| tx.apply(campaign, vec![end.clone()], 1_000)));
    told.unwrap();
    for _ in 0..2 {
        office.sync().await.unwrap();
    }
    let wave = office.ask(Waves {}).await.unwrap().remove(0);
    let seen = wave.end.unwrap();
    assert_eq!((seen.by.as_str(), seen.counts, seen.erased_at, seen.is_here), ("Cleo", false, None, true));
    assert_eq!(office.call(EraseWave { wave: WaveId::FIRST }).await.unwrap_err().message.id, "error-wave-gone");
    assert_eq!(wave.n_visits, 1, "nothing is erased");
    ana.sync().await.unwrap();
    assert_eq!(ana.ask(MyTurf {}).await.unwrap().len(), 1);
    // This relay refuses it from a captain's device.
    keep(&cleo, campaign, &end);
    cleo.sync().await.unwrap();
    ana.sync().await.unwrap();
    assert!(document(&ana, campaign).get_change_by_hash(&end.hash()).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canvasser_who_names_another_pack_in_their_turf_is_given_none_of_its_voters() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let turfs = cut(&office, 40, "Hillside").await.unwrap_or_default();
    let others = office.ask(Dashboard {}).await.unwrap().turfs;
    let other = others.iter().map(|row| row.turf).find(|other| *other != turf && !turfs.contains(other)).unwrap();
    let other = office.ask(OpenTurf { turf: other }).await.unwrap().entry;
    office.sync().await.unwrap();
    let own = office.ask(OpenTurf { turf }).await.unwrap().entry;
    let swap = forged(&ana, own.doc, device(&ana), |document| {
        let about = document.get(ROOT, "about").unwrap().unwrap().1;
        document.put(&about, "pack", ScalarValue::Bytes(other.pack.0.to_vec())).unwrap();
        document.put(&about, "turf", ScalarValue::Bytes(other.id.to_bytes().to_vec())).unwrap();
        document.put(&about, "name", "Riverside 1").unwrap();
    });
    keep(&ana, own.doc, &swap);
    let doors = houses(&ben, turf).await.unwrap();
    for person in [&ana, &office, &ben, &ana] {
        assert_eq!(person.sync().await.unwrap().trouble, None, "{}", person.name);
    }
    assert!(document(&office, own.doc).get_change_by_hash(&swap.hash()).is_some(), "the relay cannot know better");
    // Another town's file may renew packs; what matters is which pack belongs to which document.
    import_town(&office, folder.path(), 400).await.unwrap();
    for person in [&office, &ana, &ben, &ana] {
        person.sync().await.unwrap();
    }
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().entry.name, own.name);
    for person in [&ana, &ben] {
        let cards = person.ask(MyTurf {}).await.unwrap();
        assert_eq!(cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>(), [own.name.as_str()]);
        assert_eq!(houses(person, turf).await.unwrap(), doors);
    }
    let packs: i64 = rusqlite::Connection::open(ana.database())
        .unwrap()
        .query_row("SELECT count(*) FROM pack WHERE hash = ?1", [other.pack.0], |row| row.get(0))
        .unwrap();
    assert_eq!(packs, 0, "the pack of the other turf never came");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_s_hub_is_told_nothing_and_the_link_alone_sends_nothing() {
    let World { ana, turf, folder, relay: _relay, .. } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    // Mallory has her own campaign, with a hub on this network.
    let elsewhere = Relay::start(&folder.path().join("elsewhere")).unwrap();
    let mallory = Person::new("Mallory", folder.path()).unwrap();
    found(&elsewhere, &mallory, "Nothing good").await.unwrap();
    mallory.sync().await.unwrap();
    // She knows Ana's device, and guesses its key.
    let database = rusqlite::Connection::open(mallory.database()).unwrap();
    let roster: String =
        database.query_row("SELECT value FROM setting WHERE key = 'roster'", [], |row| row.get(0)).unwrap();
    let mut roster: Vec<RosterDevice> = serde_json::from_str(&roster).unwrap();
    let guess = RosterDevice { device: device(&ana), hub_key: Some(Sha256([1; 32])), ..roster[0].clone() };
    roster.push(guess);
    let roster = serde_json::to_string(&roster).unwrap();
    database.execute("UPDATE setting SET value = ?1 WHERE key = 'roster'", [roster]).unwrap();
    let open = mallory.ask(HostHub { is_open: true }).await.unwrap().open.unwrap();
    let link = open.door.unwrap().link;

    let look = ana.ask(LookAtHub { link: link.clone() }).await.unwrap();
    assert_eq!((look.name.as_str(), look.campaign.as_str()), ("Mallory", "Library for Lantern Falls"));
    assert_eq!(ana.ask(HubInUse {}).await.unwrap(), None, "the link alone uses nothing");
    assert_eq!(ana.call(UseHub { link: link.clone() }).await.unwrap_err().message.id, "hub-strange");
    assert_eq!(ana.ask(HubInUse {}).await.unwrap(), None);
    let hosted = mallory.ask(HostedHub {}).await.unwrap().unwrap();
    assert_eq!((hosted.n_to_carry, hosted.guests.len()), (0, 0), "no token was shown, no result sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_tells_is_never_sent_to_the_relay_as_one_s_own() {
    let world = world().await;
    let carl = Person::new("Carl", world.folder.path()).unwrap();
    invite(&world.office, &carl, Role::Captain).await.unwrap();
    carl.sync().await.unwrap();
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;
    let (turf, doors) = (world.turf, houses(&world.ana, world.turf).await.unwrap());
    let doc = world.office.ask(OpenTurf { turf }).await.unwrap().entry.doc;
    not_home(&world.ana, doors[0]).await.unwrap();
    world.ana.sync().await.unwrap();
    carl.sync().await.unwrap();
    // Carl's modified program writes in Ana's name, and his hub sends it to her phone.
    let lie = forged(&carl, doc, device(&world.ana), |document| {
        let walkers = document.get(ROOT, "walkers").unwrap().unwrap().1;
        document.put(&walkers, "somebody", "made up").unwrap();
    });
    // One that alters a visit her phone does not even take, as no relay would.
    let held = AutoCommit::load(&document(&carl, doc).save()).unwrap();
    let altered = forged_in(held, device(&carl), 0xe8, |document| {
        let visits = document.get(ROOT, "visits").unwrap().unwrap().1;
        let first = document.keys(&visits).next().unwrap();
        let visit = document.get(&visits, first).unwrap().unwrap().1;
        document.put(&visit, "result", "refused").unwrap();
    });
    keep(&carl, doc, &altered);
    keep(&carl, doc, &lie);
    world.ana.ask(UseHub { link }).await.unwrap();
    assert!(document(&world.ana, doc).get_change_by_hash(&lie.hash()).is_some(), "she heard it");
    assert!(!has_any(&world.ana, doc, &[altered]), "and not what alters a visit");
    assert_eq!(world.ana.sync().await.unwrap().n_held, 0, "and it is not hers to send");
    world.office.sync().await.unwrap();
    assert!(document(&world.office, doc).get_change_by_hash(&lie.hash()).is_none());
    let history = world.office.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert_eq!(history.len(), 1);
    // What Ana records after that waits until the relay has its dependencies; nothing is lost, and she is informed.
    not_home(&world.ana, doors[1]).await.unwrap();
    let status = world.ana.sync().await.unwrap();
    assert_eq!(status.n_held, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_tells_of_a_turf_without_its_maps_takes_nothing_from_a_phone() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let carl = Person::new("Carl", folder.path()).unwrap();
    invite(&office, &carl, Role::Captain).await.unwrap();
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), office.ask(OpenTurf { turf }).await.unwrap().entry.doc);
    not_home(&ana, doors[0]).await.unwrap();
    ana.sync().await.unwrap();
    carl.sync().await.unwrap();
    let hostile = forged_at_the_root(&carl, doc);
    hostile.iter().for_each(|change| keep(&carl, doc, change));
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;

    // Ben's result comes to Ana by way of Carl's hub, and nothing of what Carl's program wrote.
    ben.sync().await.unwrap();
    not_home(&ben, doors[1]).await.unwrap();
    for person in [&ben, &ana] {
        let used = person.ask(UseHub { link: link.clone() }).await.unwrap();
        assert_eq!((used.n_held, used.trouble), (used.n_at_hub, None), "{}", person.name);
        assert!(!has_any(person, doc, &hostile), "{}", person.name);
        let history = person.ask(OpenDoor { door: doors[1] }).await.unwrap().history;
        assert_eq!((history.len(), history[0].by_name.as_str()), (1, "Ben"), "{}", person.name);
        assert_eq!(person.ask(OpenDoor { door: doors[0] }).await.unwrap().history.len(), 1, "{}", person.name);
    }
    assert_eq!(walk(&carl, turf).await.unwrap().by_state, walk(&ana, turf).await.unwrap().by_state);
    // Both continue to record, and all of it reaches the office.
    not_home(&ana, doors[2]).await.unwrap();
    for person in [&ben, &ana, &office] {
        let synced = person.sync().await.unwrap();
        assert_eq!((synced.n_held, synced.trouble), (0, None), "{}", person.name);
    }
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 3);
    assert!(!has_any(&office, doc, &hostile));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_brings_a_turf_without_its_maps_to_a_hub_takes_nothing_from_the_captain() {
    let World { office, ana, ben, turf, folder, relay: _relay } = world().await;
    let carl = Person::new("Carl", folder.path()).unwrap();
    invite(&office, &carl, Role::Captain).await.unwrap();
    carl.sync().await.unwrap();
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), office.ask(OpenTurf { turf }).await.unwrap().entry.doc);
    not_home(&ana, doors[0]).await.unwrap();
    let hostile = forged_at_the_root(&ana, doc);
    let database = rusqlite::Connection::open(ana.database()).unwrap();
    for change in &hostile {
        keep(&ana, doc, change);
        // A phone delivers its own changes to a hub, and her program marks these as its own.
        let n = database.execute("UPDATE change SET is_own = 1 WHERE hash = ?1", [change.hash().0]).unwrap();
        assert_eq!(n, 1);
    }

    let used = ana.ask(UseHub { link: link.clone() }).await.unwrap();
    assert_eq!((used.n_held as usize, used.n_at_hub), (1 + hostile.len(), 1), "the hub takes what she saw at a door");
    // It is not on the hub's disk in any form, not even as a parcel.
    assert_eq!(carl.ask(HostedHub {}).await.unwrap().unwrap().n_to_carry, 1);
    not_home(&carl, doors[1]).await.unwrap();
    ben.ask(UseHub { link }).await.unwrap();
    not_home(&ben, doors[2]).await.unwrap();
    for person in [&carl, &ben, &office, &carl] {
        let synced = person.sync().await.unwrap();
        assert_eq!((synced.n_held, synced.trouble), (0, None), "{}", person.name);
    }
    for person in [&carl, &ben, &office] {
        assert!(!has_any(person, doc, &hostile), "{}", person.name);
        let history = person.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
        assert_eq!((history.len(), history[0].by_name.as_str()), (1, "Ana"), "{}", person.name);
    }
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_results_that_takes_a_turf_s_maps_away_is_damaged_and_none_of_it_is_kept() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let (doors, doc) = (houses(&ana, turf).await.unwrap(), office.ask(OpenTurf { turf }).await.unwrap().entry.doc);
    not_home(&ana, doors[0]).await.unwrap();
    let honest = ana.ask(HandOver {}).await.unwrap().text;
    let file = folder.path().join("results.json");
    let take = |text: &str| {
        std::fs::write(&file, text).unwrap();
        TakeOver { file: chosen(&file).unwrap() }
    };
    for change in forged_at_the_root(&ana, doc) {
        let mut forged: serde_json::Value = serde_json::from_str(&honest).unwrap();
        let changes = forged["docs"][0]["changes"].as_array_mut().unwrap();
        assert_eq!(changes.len(), 1);
        changes.push(hex::encode(change.raw_bytes()).into());
        let refused = office.call(take(&forged.to_string())).await.unwrap_err();
        assert_eq!(refused.message.id, "handover-damaged");
        assert!(!has_any(&office, doc, &[change]));
        assert!(office.ask(OpenDoor { door: doors[0] }).await.unwrap().history.is_empty(), "whole or not at all");
    }
    let taken = office.ask(take(&honest)).await.unwrap();
    assert_eq!((taken.n_results, taken.n_new), (1, 1), "the same file without it is good");
    not_home(&office, doors[1]).await.unwrap();
    assert_eq!(office.sync().await.unwrap().n_held, 0);
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_holds_of_the_campaign_itself_changes_nothing_for_those_who_use_it() {
    let World { office, ana, turf, folder, relay: _relay, .. } = world().await;
    let carl = Person::new("Carl", folder.path()).unwrap();
    invite(&office, &carl, Role::Captain).await.unwrap();
    let (doors, campaign) = (houses(&ana, turf).await.unwrap(), campaign(&office));
    not_home(&ana, doors[0]).await.unwrap();
    for person in [&ana, &office, &carl] {
        person.sync().await.unwrap();
    }
    let before = (document(&ana, campaign).get_heads(), ana.ask(MyTurf {}).await.unwrap());
    // Carl's program ends the wave and renames all turf and the campaign; only his result is genuine.
    let lie = forged(&carl, campaign, device(&office), |document| {
        let about = document.get(ROOT, "about").unwrap().unwrap().1;
        document.put(&about, format!("ended/{}", WaveId::FIRST), 1_000_i64).unwrap();
        document.put(&about, "name", "Nothing good").unwrap();
        let turfs = document.get(ROOT, "turfs").unwrap().unwrap().1;
        for entry in document.keys(&turfs).collect::<Vec<_>>() {
            let listed = document.get(&turfs, &entry).unwrap().unwrap().0.into_string().unwrap();
            document.put(&turfs, entry, listed.replace("Riverside", "Nowhere")).unwrap();
        }
    });
    not_home(&carl, doors[1]).await.unwrap();
    keep(&carl, campaign, &lie);
    let told = carl.ask(Dashboard {}).await.unwrap().turfs;
    assert!(told.iter().all(|row| row.name.starts_with("Nowhere")), "that is what his hub holds");
    let link = carl.ask(HostHub { is_open: true }).await.unwrap().open.unwrap().door.unwrap().link;

    for person in [&ana, &office] {
        person.ask(UseHub { link: link.clone() }).await.unwrap();
        assert_eq!(person.ask(OpenDoor { door: doors[1] }).await.unwrap().history.len(), 1, "{}", person.name);
        assert!(!has_any(person, campaign, std::slice::from_ref(&lie)), "{}", person.name);
        person.sync().await.unwrap();
        assert!(!has_any(person, campaign, std::slice::from_ref(&lie)), "{}", person.name);
    }
    assert_eq!(document(&ana, campaign).get_heads(), before.0);
    let cards = ana.ask(MyTurf {}).await.unwrap();
    assert_eq!((cards.len(), &cards[0].name, cards[0].is_ready), (1, &before.1[0].name, true));
    let wave = office.ask(Waves {}).await.unwrap().remove(0);
    assert!(wave.end.is_none() && wave.n_visits > 0, "no end of a wave is seen");
    assert_eq!(office.ask(OpenTurf { turf }).await.unwrap().row.tally.n_done, 2);

    // Nor does his file: it contains nothing that is accepted from a file.
    let file = folder.path().join("campaign.json");
    let (id, name) = carl.handle().with(|engine| {
        let identity = &engine.member().unwrap().identity;
        (identity.campaign.to_string(), identity.name.clone())
    });
    let handed = serde_json::json!({
        "porchlight_handover": 1, "campaign": id, "from": name,
        "docs": [{ "doc": campaign.to_string(), "changes": [hex::encode(lie.raw_bytes())] }],
    });
    std::fs::write(&file, handed.to_string()).unwrap();
    let refused = office.call(TakeOver { file: chosen(&file).unwrap() }).await.unwrap_err();
    assert_eq!(refused.message.id, "handover-campaign");
    assert!(!has_any(&office, campaign, std::slice::from_ref(&lie)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_in_the_name_of_another_counts_nowhere_and_the_office_is_told() {
    let World { office, ana, ben, turf, relay: _relay, folder: _folder } = world().await;
    let doors = houses(&ana, turf).await.unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    let doc = office.ask(OpenTurf { turf }).await.unwrap().entry.doc;
    for person in [&ana, &office, &ben] {
        person.sync().await.unwrap();
    }
    let anas = ana.handle().with(|engine| engine.member().unwrap().identity.member);
    let lie = forged(&ben, doc, device(&ben), |document| {
        let visits = document.get(ROOT, "visits").unwrap().unwrap().1;
        let key = VisitId::from_bytes([7; 16]).to_string();
        let visit = document.put_object(&visits, key, ObjType::Map).unwrap();
        document.put(&visit, "door", ScalarValue::Bytes(doors[1].to_bytes().to_vec())).unwrap();
        document.put(&visit, "by", ScalarValue::Bytes(anas.to_bytes().to_vec())).unwrap();
        document.put(&visit, "at", office.handle().with(|engine| engine.now().0)).unwrap();
        document.put(&visit, "result", "refused").unwrap();
        // What Ana recorded, taken back in her name.
        let retracted = document.get(ROOT, "retracted").unwrap().unwrap().1;
        let honest = document.keys(&visits).find(|key| !key.starts_with("0707")).unwrap();
        let entry = document.put_object(&retracted, honest, ObjType::Map).unwrap();
        document.put(&entry, "by", ScalarValue::Bytes(anas.to_bytes().to_vec())).unwrap();
        document.put(&entry, "at", 1_000_000_000_000_i64).unwrap();
    });
    keep(&ben, doc, &lie);
    for person in [&ben, &ana, &office] {
        assert_eq!(person.sync().await.unwrap().trouble, None, "{}", person.name);
    }
    for person in [&ana, &office] {
        assert!(has_any(person, doc, std::slice::from_ref(&lie)), "it stays in the record");
        let view = person.ask(OpenDoor { door: doors[1] }).await.unwrap();
        assert!(view.history.is_empty(), "{}: {:?}", person.name, view.history);
        let view = person.ask(OpenDoor { door: doors[0] }).await.unwrap();
        assert_eq!(view.history.len(), 1, "{}: {:?}", person.name, view.history);
    }
    let uncounted = office.ask(Uncounted {}).await.unwrap();
    assert_eq!(uncounted.n, 2);
    let told: Vec<_> = uncounted.entries.iter().map(|entry| (entry.what, entry.law)).collect();
    assert!(
        told.contains(&(EntryKind::Visit, Law::Author)) && told.contains(&(EntryKind::Retraction, Law::Retraction))
    );
    for entry in &uncounted.entries {
        assert_eq!((entry.by_name.as_str(), entry.written_by.as_str()), ("Ana", "Ben"), "{entry:?}");
    }
    assert!(uncounted.entries.iter().any(|entry| !entry.address.is_empty()));
}
