//! Devices and relays as processes, over both stores, which die at any time or work over a bad network: what was shown as recorded
//! reaches the office, once.

use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::hub::{HostHub, HubInUse, UseHub};
use porchlight_model::calls::invite::{HandOut, Invite};
use porchlight_model::calls::join::Join;
use porchlight_model::calls::sync::SyncNow;
use porchlight_model::calls::visit::RecordVisit;
use porchlight_model::calls::walk::Walk;
use porchlight_model::id::TurfId;
use porchlight_model::member::Role;
use porchlight_tests::campaign::{cut, found, houses, houses_of, import_town, nobody_home};
use porchlight_tests::field::Field;
use porchlight_tests::person::Person;
use porchlight_tests::phone::Phone;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::{Postgres, free_port};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use tempfile::TempDir;

const NAMES: [&str; 3] = ["Ana", "Ben", "Cem"];

/// The maximum number of syncs of one phone until everything is safe.
const MOST_SYNCS: usize = 20;

/// A campaign with one turf, its relays and its canvassers.
struct World {
    folder: TempDir,
    relays: Vec<Relay>,
    office: Person,
    turf: TurfId,
    phones: Vec<Phone>,
}

async fn world(postgres: Option<&Postgres>) -> World {
    let folder = tempfile::tempdir().unwrap();
    let relays = match postgres {
        Some(server) => {
            let database = server.by_socket(&server.database().await.unwrap());
            Relay::start_nodes(folder.path(), &database, 2).unwrap()
        }
        None => vec![Relay::start(&folder.path().join("relay")).unwrap()],
    };
    let office = Person::new("Olga", folder.path()).unwrap();
    found(&relays[0], &office, "Library").await.unwrap();
    import_town(&office, &folder.path().join("town"), 60).await.unwrap();
    let turf = cut(&office, 100, "Riverside").await.unwrap()[0];
    let uses = u32::try_from(NAMES.len()).unwrap();
    let link = office.ask(HandOut { turf, uses, minutes: 600 }).await.unwrap().link;
    let phones = NAMES.map(|name| {
        let mut phone = Phone::start(name, folder.path(), None).unwrap();
        phone.ask(Join { link: link.clone(), name: name.to_owned(), campaign: None }).unwrap();
        phone.ask(SyncNow {}).unwrap();
        phone
    });
    World { folder, relays, office, turf, phones: phones.into() }
}

/// One person's shift: visits in bursts, each identified by its note, then a sync. If `is_mortal`, the device is killed while it
/// works on unanswered calls. Returns every note, with whether it was shown as recorded.
fn shift(
    phone: &mut Phone,
    turf: TurfId,
    n_bursts: u32,
    seed: u64,
    is_mortal: bool,
    pulse: &Sender<()>,
) -> BTreeMap<String, bool> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let doors = houses_of(phone.ask(Walk { turf }).unwrap());
    let mut notes = BTreeMap::new();
    for burst in 0..n_bursts {
        let told: Vec<_> = (0..rng.random_range(1..=5)).map(|n| format!("{} {burst}/{n}.", phone.name)).collect();
        for note in &told {
            phone.tell(nobody_home(doors[rng.random_range(0..doors.len())], note)).unwrap();
            notes.insert(note.clone(), false);
        }
        phone.tell(SyncNow {}).unwrap();
        let n_read = if is_mortal { rng.random_range(0..=told.len() + 1) } else { told.len() + 1 };
        for note in told.iter().take(n_read) {
            phone.reply::<RecordVisit>().unwrap().unwrap();
            notes.insert(note.clone(), true);
        }
        if n_read > told.len() {
            // Its relay may just have died, which is an expected error.
            drop(phone.reply::<SyncNow>().unwrap());
        } else {
            phone.kill_and_restart().unwrap();
        }
        pulse.send(()).unwrap();
    }
    notes
}

/// Runs all phones' shifts concurrently; `disturb` is called at each burst.
fn walk_all(
    world: &mut World,
    n_bursts: u32,
    is_mortal: bool,
    mut disturb: impl FnMut(usize, &mut [Relay]),
) -> BTreeMap<String, bool> {
    let (turf, phones, relays) = (world.turf, &mut world.phones, &mut world.relays);
    std::thread::scope(|scope| {
        let (pulse, pulses) = channel();
        let shifts: Vec<_> = (7..)
            .zip(phones)
            .map(|(seed, phone)| {
                let pulse = pulse.clone();
                scope.spawn(move || shift(phone, turf, n_bursts, seed, is_mortal, &pulse))
            })
            .collect();
        drop(pulse);
        for (n, ()) in pulses.iter().enumerate() {
            disturb(n, relays);
        }
        shifts.into_iter().flat_map(|shift| shift.join().unwrap()).collect()
    })
}

/// Syncs everyone until all is safe.
fn sync_all(world: &mut World) {
    for phone in &mut world.phones {
        let mut n_left = MOST_SYNCS;
        while phone.ask(SyncNow {}).unwrap().n_held > 0 {
            n_left -= 1;
            assert!(n_left > 0, "{} holds results after {MOST_SYNCS} syncs", phone.name);
        }
    }
}

/// Checks that the office has every visit that was shown as recorded, and none twice.
async fn assert_all_there(world: &mut World, notes: &BTreeMap<String, bool>) {
    sync_all(world);
    world.office.sync().await.unwrap();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for door in houses(&world.office, world.turf).await.unwrap() {
        for item in world.office.ask(OpenDoor { door }).await.unwrap().history {
            if let HistoryKind::Note { text, .. } = item.what {
                *found.entry(text).or_default() += 1;
            }
        }
    }
    for (note, is_promised) in notes {
        let n = found.get(note).copied().unwrap_or_default();
        assert!(n == 1 || (n == 0 && !is_promised), "{note} is there {n} times; promised: {is_promised}");
    }
    let export = world.office.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    assert_eq!(export.n_rows, found.values().sum::<usize>() as u64, "each visit came with its note");
    let n_promised = notes.values().filter(|is_promised| **is_promised).count();
    assert!(n_promised > 0, "nothing was shown as recorded");
}

/// Phones die within their bursts, and with every third burst of anyone a relay does.
async fn assert_deaths_lose_nothing(postgres: Option<&Postgres>) {
    let mut world = world(postgres).await;
    let notes = walk_all(&mut world, 15, true, |n, relays| {
        if n % 3 == 2 {
            let at = n % relays.len();
            relays[at].kill_and_restart().unwrap();
        }
    });
    assert_all_there(&mut world, &notes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_and_a_relay_that_die_at_any_instant_lose_nothing_shown_as_recorded() {
    assert_deaths_lose_nothing(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_and_two_relays_on_postgresql_that_die_at_any_instant_lose_nothing_shown_as_recorded() {
    assert_deaths_lose_nothing(Some(&Postgres::shared().unwrap())).await;
}

/// Without a relay, phones sync with a captain's hub; they die within their bursts, and with every third burst of
/// anyone the hub does. What it has then reaches the office, although two phones never return.
#[tokio::test(flavor = "multi_thread")]
async fn phones_and_a_hub_that_die_at_any_instant_lose_nothing_shown_as_recorded() {
    let mut world = world(None).await;
    let place = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port().unwrap()));
    let mut carl = Phone::start_at("Carl", world.folder.path(), place).unwrap();
    let link = world.office.ask(Invite { role: Role::Captain, minutes: 600 }).await.unwrap().link;
    carl.ask(Join { link, name: "Carl".to_owned(), campaign: None }).unwrap();
    carl.ask(SyncNow {}).unwrap();
    let link = carl.ask(HostHub { is_open: true }).unwrap().open.unwrap().door.unwrap().link;
    for phone in &mut world.phones {
        phone.ask(UseHub { link: link.clone() }).unwrap();
    }
    world.relays[0].kill().unwrap();
    let notes = walk_all(&mut world, 12, true, |n, _| {
        if n % 3 == 2 {
            carl.kill_and_restart().unwrap();
        }
    });
    for phone in &mut world.phones {
        let mut n_left = MOST_SYNCS;
        loop {
            phone.ask(SyncNow {}).unwrap();
            let hub = phone.ask(HubInUse {}).unwrap().unwrap();
            if hub.n_held == hub.n_at_hub {
                break;
            }
            n_left -= 1;
            assert!(n_left > 0, "{} holds what the hub lacks after {MOST_SYNCS} syncs: {hub:?}", phone.name);
        }
    }
    world.phones.truncate(1);
    world.relays[0].restart().unwrap();
    let mut n_left = MOST_SYNCS;
    while carl.ask(SyncNow {}).unwrap().n_held > 0 {
        n_left -= 1;
        assert!(n_left > 0, "the hub holds results after {MOST_SYNCS} syncs");
    }
    assert_all_there(&mut world, &notes).await;
}

/// Phones and relays work in a field where one packet of seven is lost.
async fn assert_bad_signal_loses_nothing(postgres: Option<&Postgres>) {
    let field = Arc::new(Field::with_bad_signal().unwrap());
    eprintln!("the network is made bad by {}", field.by);
    let mut world = world(postgres).await;
    for relay in &mut world.relays {
        relay.walk_to(Some(field.clone())).unwrap();
    }
    for phone in &mut world.phones {
        phone.walk_to(Some(field.clone())).unwrap();
    }
    let notes = walk_all(&mut world, 8, false, |_, _| {});
    // All of it gets through in the field: everything is at the relay before anyone is back at the office.
    sync_all(&mut world);
    for relay in &mut world.relays {
        relay.walk_to(None).unwrap();
    }
    for phone in &mut world.phones {
        phone.walk_to(None).unwrap();
    }
    assert_all_there(&mut world, &notes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_network_that_loses_packets_loses_no_results() {
    assert_bad_signal_loses_nothing(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_network_that_loses_packets_loses_no_results_on_postgresql() {
    assert_bad_signal_loses_nothing(Some(&Postgres::shared().unwrap())).await;
}
