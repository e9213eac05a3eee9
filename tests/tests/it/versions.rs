//! Stories of different versions: what one of them does not know is kept and passed on, and unsent results always arrive.

use crate::story::{World, world};
use porchlight_model::calls::door::{HistoryKind, OpenDoor};
use porchlight_model::calls::invite::{HandOut, Invite, Roster};
use porchlight_model::calls::sync::{SyncPhase, SyncStatus, SyncView};
use porchlight_model::calls::visit::{RecordVisit, SetFlag};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::calls::wave::{EndWave, EraseWave, StartWave};
use porchlight_model::id::{DocId, DoorId, WaveId};
use porchlight_model::member::Role;
use porchlight_model::visit::{About, Flag, ResultCode};
use porchlight_model::wire::DocKind;
use porchlight_tests::campaign::{cut, first_voter, found, hand_out, houses, import_town, nobody_home, not_home, talk};
use porchlight_tests::newer::{LEDGER, LEDGER_KIND, NEWER_REFUSAL, NEWER_ROLE};
use porchlight_tests::person::Person;
use porchlight_tests::relay::Relay;
use porchlight_tests::servers::{Postgres, client};
use porchlight_tests::wire::{Fault, Wire};

/// A member whose connection to the relay goes over a wire with a fault.
async fn joined(world: &World, name: &str, role: Role, fault: Fault) -> (Person, Wire) {
    let wire = Wire::to(&world.relay).await.unwrap();
    wire.set(fault);
    let person = Person::new(name, world.folder.path()).unwrap();
    let link = match role {
        Role::Canvasser => world.office.ask(HandOut { turf: world.turf, uses: 1, minutes: 60 }).await.unwrap().link,
        role => world.office.ask(Invite { role, minutes: 60 }).await.unwrap().link,
    };
    person.join(&wire.link(&link)).await.unwrap();
    person.sync().await.unwrap();
    (person, wire)
}

fn told(status: &SyncView) -> Option<&str> {
    status.trouble.as_ref().map(|trouble| trouble.id.as_str())
}

/// The stored kind of a document, and its number of changes.
fn on_disk(person: &Person, doc: DocId) -> (String, u32) {
    let conn = rusqlite::Connection::open(person.database()).unwrap();
    let kind = conn.query_row("SELECT kind FROM doc WHERE id = ?1", [doc.to_bytes()], |row| row.get(0)).unwrap();
    let n = conn.query_row("SELECT count(*) FROM change WHERE doc = ?1", [doc.to_bytes()], |row| row.get(0)).unwrap();
    (kind, n)
}

async fn results(person: &Person, door: DoorId) -> Vec<String> {
    let history = person.ask(OpenDoor { door }).await.unwrap().history;
    let result = |what: &HistoryKind| match what {
        HistoryKind::Visit { result, .. } => Some(result.as_str().to_owned()),
        _ => None,
    };
    history.iter().filter_map(|item| result(&item.what)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_older_than_the_relay_keeps_what_it_does_not_know_and_its_results_arrive() {
    let world = world().await;
    let (mut cem, _wire) = joined(&world, "Cem", Role::Canvasser, Fault::Newer).await;
    let status = cem.sync().await.unwrap();
    assert_eq!((status.phase, told(&status)), (SyncPhase::Idle, Some("sync-newer")));
    assert_eq!(on_disk(&cem, LEDGER), (LEDGER_KIND.to_owned(), 1), "it is kept as it came");
    assert_eq!(cem.handle().with(|engine| engine.rows_and_rebuild(LEDGER)).unwrap(), (Vec::new(), Vec::new()));
    assert_eq!(cem.ask(MyTurf {}).await.unwrap().len(), 1, "it is taken for no turf");

    let doors = houses(&cem, world.turf).await.unwrap();
    not_home(&cem, doors[0]).await.unwrap();
    let status = cem.sync().await.unwrap();
    assert_eq!((status.n_held, status.phase), (0, SyncPhase::Idle));
    cem.kill_and_restart().unwrap();
    not_home(&cem, doors[1]).await.unwrap();
    assert_eq!(cem.sync().await.unwrap().n_held, 0);
    assert_eq!(on_disk(&cem, LEDGER), (LEDGER_KIND.to_owned(), 1));
    world.office.sync().await.unwrap();
    for door in &doors[..2] {
        assert_eq!(results(&world.office, *door).await, ["not_home"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_only_a_newer_program_knows_is_shown_as_that_and_changes_no_door() {
    let World { relay: _relay, office, ana, turf, .. } = &world().await;
    let doors = houses(ana, *turf).await.unwrap();
    let before = ana.ask(MyTurf {}).await.unwrap();
    // The office's program is newer and knows what it writes.
    let voicemail = ResultCode::parse("voicemail");
    office.ask(RecordVisit { result: voicemail, ..nobody_home(doors[0], "") }).await.unwrap();
    office.sync().await.unwrap();
    let status = ana.sync().await.unwrap();
    assert_eq!(told(&status), Some("sync-newer"));
    assert_eq!(results(ana, doors[0]).await, ["voicemail"], "kept under its own name");
    assert_eq!(ana.ask(MyTurf {}).await.unwrap(), before, "the door is as it was");
    not_home(ana, doors[0]).await.unwrap();
    assert_eq!(ana.sync().await.unwrap().n_held, 0);
    assert_eq!(results(ana, doors[0]).await, ["not_home", "voicemail"]);
    assert_eq!(ana.ask(MyTurf {}).await.unwrap()[0].n_done, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_that_only_a_newer_program_knows_outlives_the_wave_in_which_it_was_set() {
    let World { relay: _relay, office, ana, turf, .. } = &world().await;
    let door = houses(ana, *turf).await.unwrap()[0];
    // The phone's program is newer: it knows what it writes. One of its flags stands, the other was lifted.
    for (flag, is_set) in [("quiet_hours", true), ("ramp_needed", true), ("ramp_needed", false)] {
        ana.ask(SetFlag { about: About::Door(door), flag: Flag::parse(flag), is_set }).await.unwrap();
    }
    assert_eq!(ana.sync().await.unwrap().n_held, 0);
    assert_eq!(told(&office.sync().await.unwrap()), Some("sync-newer"));
    office.ask(StartWave { name: "Second look".to_owned() }).await.unwrap();
    office.sync().await.unwrap();
    hand_out(office, *turf, &[ana]).await.unwrap();
    office.ask(EndWave { wave: WaveId::FIRST }).await.unwrap();
    office.ask(EraseWave { wave: WaveId::FIRST }).await.unwrap();
    office.sync().await.unwrap();
    ana.sync().await.unwrap();
    for person in [office, ana] {
        let conn = rusqlite::Connection::open(person.database()).unwrap();
        let of_turf = "SELECT flag FROM flag JOIN doc ON doc.id = flag.doc WHERE flag.is_set = 1";
        let mut select = conn.prepare(of_turf).unwrap();
        let flags: Vec<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(flags, ["quiet_hours"], "{}", person.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captain_sees_who_is_out_although_one_has_a_role_that_only_a_newer_program_knows() {
    let world = world().await;
    let (cleo, wire) = joined(&world, "Cleo", Role::Captain, Fault::Newer).await;
    let roster = async || {
        let devices = cleo.ask(Roster {}).await.unwrap().devices;
        devices.into_iter().map(|(device, _)| (device.name, device.role)).collect::<Vec<_>>()
    };
    let newer = Role::parse(NEWER_ROLE);
    let office = [("Olga", Role::Coordinator), ("Ana", Role::Canvasser), ("Ben", Role::Canvasser)];
    let all = [office[0], office[1], office[2], ("Cleo", Role::Captain), ("Fay", newer)];
    assert_eq!(roster().await, all.map(|(name, role)| (name.to_owned(), role)));
    assert!(!newer.sees_all_turf(), "it has no rights here");
    wire.set(Fault::None);
    let status = cleo.sync().await.unwrap();
    assert_eq!(status.phase, SyncPhase::Idle);
    assert_eq!(roster().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_only_a_newer_program_knows_is_told_with_its_name_and_what_was_held_arrives_later() {
    let world = world().await;
    let (cem, wire) = joined(&world, "Cem", Role::Canvasser, Fault::None).await;
    let door = houses(&cem, world.turf).await.unwrap()[0];
    not_home(&cem, door).await.unwrap();
    wire.set(Fault::NewerRefusal);
    let status = cem.sync().await.unwrap();
    assert_eq!((status.phase, told(&status)), (SyncPhase::Refused, Some("error-relay-newer")));
    assert_eq!(status.trouble.unwrap().args["code"], NEWER_REFUSAL);
    assert_eq!(status.n_held, 1);
    wire.set(Fault::None);
    let status = cem.sync().await.unwrap();
    assert_eq!((status.phase, status.n_held, told(&status)), (SyncPhase::Idle, 0, None));
    world.office.sync().await.unwrap();
    assert_eq!(results(&world.office, door).await, ["not_home"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dropped_the_oldest_version_is_asked_in_one_that_both_speak() {
    let world = world().await;
    let (cem, wire) = joined(&world, "Cem", Role::Canvasser, Fault::None).await;
    wire.set(Fault::Later);
    let door = houses(&cem, world.turf).await.unwrap()[0];
    let voter = first_voter(&cem, door).await.unwrap();
    talk(&cem, door, voter, &[(1, "lean_yes")], "Rings at eight").await.unwrap();
    let status = cem.sync().await.unwrap();
    assert_eq!((status.phase, status.n_held), (SyncPhase::Idle, 0));
    world.office.sync().await.unwrap();
    assert_eq!(results(&world.office, door).await, ["canvassed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_newer_than_the_relay_keeps_what_that_cannot_read_and_sends_the_rest() {
    let world = world().await;
    let (dora, wire) = joined(&world, "Dora", Role::Coordinator, Fault::Older).await;
    dora.handle()
        .with(|engine| {
            let kind = DocKind::parse(LEDGER_KIND);
            engine.write("a document of a new kind", |tx| tx.create_doc(LEDGER, kind, |_| Ok(())))
        })
        .unwrap();
    let door = houses(&world.ana, world.turf).await.unwrap()[0];
    not_home(&dora, door).await.unwrap();
    let status = dora.sync().await.unwrap();
    assert_eq!((status.phase, status.n_held, told(&status)), (SyncPhase::Idle, 0, Some("sync-relay-older")));
    world.ana.sync().await.unwrap();
    assert_eq!(results(&world.ana, door).await, ["not_home"]);
    // The relay is updated: grants are exchanged again, and the document is offered.
    wire.set(Fault::None);
    dora.sync().await.unwrap();
    let status = dora.sync().await.unwrap();
    assert_eq!((status.phase, told(&status)), (SyncPhase::Idle, Some("sync-newer")));
    assert_eq!(dora.ask(SyncStatus {}).await.unwrap().n_held, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_falls_back_to_an_older_relay_keeps_its_turf_and_what_it_holds() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::shared().unwrap());
    let database = server.database().await.unwrap();
    let mut relays = Relay::start_nodes(folder.path(), &database, 2).unwrap();
    let (mut older, mut newer) = (relays.remove(1), relays.remove(0));
    let office = Person::new("Olga", folder.path()).unwrap();
    found(&newer, &office, "Library for Lantern Falls").await.unwrap();
    import_town(&office, &folder.path().join("town"), 40).await.unwrap();
    let turf = cut(&office, 100, "Riverside").await.unwrap()[0];
    let ana = Person::new("Ana", folder.path()).unwrap();
    hand_out(&office, turf, &[&ana]).await.unwrap();
    ana.sync().await.unwrap();
    let doors = houses(&ana, turf).await.unwrap();
    let store = client(&database).await.unwrap();
    let number = "SELECT grants FROM campaign";
    let before: i64 = store.query_one(number, &[]).await.unwrap().get(0);

    // The newer one wrote what only it understands; then it is away, and the phone with a result falls back to the older one.
    store.batch_execute("UPDATE handed_out SET access = 'annotate'").await.unwrap();
    newer.kill().unwrap();
    not_home(&ana, doors[0]).await.unwrap();
    let status = ana.sync().await.unwrap();
    assert_eq!((status.phase, status.n_held), (SyncPhase::Idle, 1));
    let mine = ana.ask(MyTurf {}).await.unwrap();
    assert_eq!(mine.len(), 1, "the turf is still there");
    not_home(&ana, doors[1]).await.unwrap();

    // The newer one comes back, as one that takes it for writing; the list of grants is of the same number.
    store.batch_execute("UPDATE handed_out SET access = 'write'").await.unwrap();
    newer.restart().unwrap();
    older.kill().unwrap();
    let status = ana.sync().await.unwrap();
    assert_eq!((status.n_held, status.phase, told(&status)), (0, SyncPhase::Idle, None));
    office.sync().await.unwrap();
    for door in &doors[..2] {
        assert_eq!(results(&office, *door).await, ["not_home"]);
    }
    let after: i64 = store.query_one(number, &[]).await.unwrap().get(0);
    assert_eq!(after, before);
}
