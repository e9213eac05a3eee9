//! The steps of `docs/operations/restore.md`, with real relays over both stores: a backup from before some phones joined is restored,
//! one of those phones never returns, and the others send back everything that it had sent.

use porchlight_model::calls::door::OpenDoor;
use porchlight_model::calls::export::{ExportKind, ExportResults};
use porchlight_model::calls::handover::{HandOver, TakeOver};
use porchlight_model::calls::invite::{Invite, TakeBack};
use porchlight_model::calls::join::Session;
use porchlight_model::calls::sync::{SyncPhase, SyncView};
use porchlight_model::calls::walk::MyTurf;
use porchlight_model::id::{DeviceId, DoorId, TurfId};
use porchlight_model::member::Role;
use porchlight_tests::campaign::{cut, first_voter, found, hand_out, houses, import_town, invite, nobody_home, talk};
use porchlight_tests::person::{Person, chosen};
use porchlight_tests::relay::Relay;
use porchlight_tests::runbook::{self, Runbook};
use porchlight_tests::servers::Postgres;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// Slightly longer than the interval of audits (`docs/sync.md`).
const AUDIT_MS: i64 = 11 * 60 * 1000;

/// A relay with its store, and the folder for backups.
struct Office {
    folder: TempDir,
    relay: Relay,
    postgres: Option<(Arc<Postgres>, String)>,
}

impl Office {
    async fn open(postgres: Option<Arc<Postgres>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let postgres = match postgres {
            Some(server) => {
                let database = server.database().await.unwrap();
                Some((server, database))
            }
            None => None,
        };
        let relay = match &postgres {
            Some((_, database)) => Relay::start_nodes(folder.path(), database, 1).unwrap().remove(0),
            None => Relay::start(&folder.path().join("relay")).unwrap(),
        };
        Self { folder, relay, postgres }
    }

    /// Runs the commands of the page's block on the relay's machine.
    fn run(&self, words: &str) {
        let block = Runbook::open("restore.md").unwrap().block(words, &[]).unwrap();
        let block = block.replace("/var/lib/porchlight-relay", &self.relay.data().display().to_string());
        let store = self.postgres.as_ref().map(|(_, database)| ("PORCHLIGHT_STORE", database.as_str()));
        runbook::run(&block, self.folder.path(), store.as_slice()).unwrap();
    }

    /// While all runs.
    fn back_up(&self) {
        self.run(if self.postgres.is_some() { "--file=part.dump" } else { ".backup part.db" });
    }

    /// Steps 1 to 4; what `restored` said.
    fn restore(&mut self) -> String {
        self.put_back();
        let said = self.relay.ask_program(&["restored"]).unwrap();
        self.relay.restart().unwrap();
        said
    }

    /// The store goes back and nobody tells the relay, as when a standby takes over that lacked the last commits.
    fn go_back_unnoticed(&mut self) {
        self.put_back();
        self.relay.restart().unwrap();
    }

    fn put_back(&mut self) {
        self.relay.kill().unwrap();
        if let Some((server, database)) = &self.postgres {
            let (page, name) = (Runbook::open("restore.md").unwrap(), name_of(database));
            let with = ["--if-exists porchlight", "=relay porchlight", "DATABASE porchlight"];
            let with = with.map(|words| (words, words.replace("porchlight", name)));
            let with = with.each_ref().map(|(word, other)| (*word, other.as_str()));
            server.administer(&page.block("dropdb", &with).unwrap()).unwrap();
            self.run("pg_restore");
            // Nobody but its owner may enter, as after database.md.
            let rights = format!(
                "psql --no-psqlrc --dbname=postgres -Atc \"SELECT datacl FROM pg_database WHERE datname = '{name}'\""
            );
            let rights = server.administer(&rights).unwrap();
            assert!(rights.starts_with("{relay=") && !rights.contains(",="), "{rights}");
        } else {
            self.run("chown");
        }
    }
}

/// A database's name in its address.
fn name_of(database: &str) -> &str {
    let (path, _) = database.split_once('?').unwrap();
    path.rsplit('/').next().unwrap()
}

async fn device(person: &Person) -> DeviceId {
    person.ask(Session {}).await.unwrap().identity.unwrap().device
}

/// Records a unique talk.
async fn tells(person: &Person, door: DoorId) {
    let voter = first_voter(person, door).await.unwrap();
    talk(person, door, voter, &[], &format!("{} was here.", person.name)).await.unwrap();
}

async fn joins(office: &Person, name: &str, turf: TurfId, folder: &Path) -> Person {
    let person = Person::new(name, folder).unwrap();
    hand_out(office, turf, &[&person]).await.unwrap();
    person
}

fn is_well(who: &str, view: &SyncView) {
    assert_eq!((view.phase, view.n_held, &view.trouble), (SyncPhase::Idle, 0, &None), "{who}: {view:?}");
}

async fn assert_what_a_lost_newcomer_sent_comes_back(postgres: Option<Arc<Postgres>>) {
    let mut office = Office::open(postgres).await;
    let folder = office.folder.path().to_owned();
    let (olga, carl) = (Person::new("Olga", &folder).unwrap(), Person::new("Carl", &folder).unwrap());
    found(&office.relay, &olga, "Library").await.unwrap();
    import_town(&olga, &folder.join("town"), 40).await.unwrap();
    let turfs = cut(&olga, 20, "Riverside").await.unwrap();
    let (turf, other) = (turfs[0], turfs[1]);
    invite(&olga, &carl, Role::Captain).await.unwrap();
    let (ana, ben) = (joins(&carl, "Ana", turf, &folder).await, joins(&carl, "Ben", turf, &folder).await);
    olga.sync().await.unwrap();
    office.back_up();

    // After the backup Dee and Eve join. Others receive the changes of both, and Dee's phone never returns.
    let (dee, eve) = (joins(&carl, "Dee", turf, &folder).await, joins(&carl, "Eve", turf, &folder).await);
    let doors = houses(&ana, turf).await.unwrap();
    for (person, door) in [(&dee, doors[0]), (&eve, doors[1])] {
        tells(person, door).await;
        is_well(&person.name, &person.sync().await.unwrap());
    }
    let lost = device(&dee).await;
    drop(dee);
    for person in [&carl, &ana, &ben] {
        person.sync().await.unwrap();
    }
    tells(&ana, doors[2]).await;
    is_well("Ana", &ana.sync().await.unwrap());
    // Fay also joins after the backup, and her turf is taken back before anyone receives what she recorded there.
    let fay = joins(&carl, "Fay", other, &folder).await;
    let far_door = houses(&fay, other).await.unwrap()[0];
    tells(&fay, far_door).await;
    is_well("Fay", &fay.sync().await.unwrap());
    carl.ask(TakeBack { turf: other, device: device(&fay).await }).await.unwrap();
    office.restore();

    // What Ana sends back depends on Dee's changes; hers are safe again, and so is what she records from here on.
    tells(&ana, doors[3]).await;
    is_well("Ana", &ana.sync().await.unwrap());
    is_well("Olga", &olga.sync().await.unwrap());
    // Ben's phone has no network: its results come by file.
    tells(&ben, doors[4]).await;
    let file = folder.join("ben.json");
    std::fs::write(&file, ben.ask(HandOver {}).await.unwrap().text).unwrap();
    carl.ask(TakeOver { file: chosen(&file).unwrap() }).await.unwrap();
    is_well("Carl", &carl.sync().await.unwrap());

    // Dee is listed as a placeholder. Eve gets a new invite, and continues under a new id.
    let listed = office.relay.ask_program(&["devices", "--json"]).unwrap();
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    let placeholders: Vec<_> = listed.iter().filter(|device| device["is_placeholder"] == true).collect();
    assert!(placeholders.iter().any(|device| device["device"] == lost.to_string()), "{listed:?}");
    assert!(!office.relay.ask_program(&["members"]).unwrap().contains("Dee"));
    let before = device(&eve).await;
    eve.ask(nobody_home(doors[5], "Eve was here.")).await.unwrap();
    assert_eq!(eve.sync().await.unwrap().phase, SyncPhase::Refused);
    hand_out(&carl, turf, &[&eve]).await.unwrap();
    assert_ne!(device(&eve).await, before);
    is_well("Eve", &eve.sync().await.unwrap());

    // Fay is invited to another turf. The relay does not know her old one, whose result nobody else has, but accepts it.
    assert_eq!(fay.sync().await.unwrap().phase, SyncPhase::Refused);
    hand_out(&carl, turf, &[&fay]).await.unwrap();
    fay.clock.advance_ms(AUDIT_MS);
    fay.sync().await.unwrap();
    fay.clock.advance_ms(-AUDIT_MS);
    is_well("Fay", &fay.sync().await.unwrap());
    let hers: Vec<_> = fay.ask(MyTurf {}).await.unwrap().iter().map(|card| card.turf).collect();
    assert_eq!(hers, [turf], "what is handed in leaves the phone");

    for person in [&ana, &ben, &carl, &olga] {
        is_well(&person.name, &person.sync().await.unwrap());
    }
    assert!(olga.ask(OpenDoor { door: far_door }).await.unwrap().history.iter().any(|item| item.by_name == "Fay"));
    let export = olga.ask(ExportResults { what: ExportKind::Visits }).await.unwrap();
    assert_eq!(export.n_rows, 7, "all are there, once");
    let history = olga.ask(OpenDoor { door: doors[0] }).await.unwrap().history;
    assert!(history.iter().any(|item| item.by_name == "Dee"), "{history:?}");
    // Work continues.
    for person in [&ana, &eve] {
        person.ask(nobody_home(doors[6], "Once more.")).await.unwrap();
        is_well(&person.name, &person.sync().await.unwrap());
    }
    // A placeholder can be shut out like a device that is known, and what it wrote stays.
    let placeholders = |words: &[&str]| {
        let listed = office.relay.ask_program(words).unwrap();
        let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
        listed.into_iter().filter(|device| device["device"] == lost.to_string()).collect::<Vec<_>>()
    };
    let done = office.relay.ask_program(&["revoke", &lost.to_string()]).unwrap();
    assert!(done.contains(&lost.to_string()) && done.contains("only changes are known"), "{done}");
    assert!(placeholders(&["devices", "--json"]).is_empty());
    assert_eq!(placeholders(&["devices", "--revoked", "--json"])[0]["is_revoked"], true);
    is_well("Olga", &olga.sync().await.unwrap());
    assert_eq!(olga.ask(ExportResults { what: ExportKind::Visits }).await.unwrap().n_rows, export.n_rows + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newcomer_sent_who_lost_the_phone_comes_back_to_a_restored_relay() {
    assert_what_a_lost_newcomer_sent_comes_back(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newcomer_sent_who_lost_the_phone_comes_back_to_a_restored_database() {
    assert_what_a_lost_newcomer_sent_comes_back(Some(Postgres::shared().unwrap())).await;
}

async fn assert_links_of_before_let_nobody_in(postgres: Option<Arc<Postgres>>) {
    let mut office = Office::open(postgres).await;
    let folder = office.folder.path().to_owned();
    let new = |name: &str| Person::new(name, &folder).unwrap();
    let olga = new("Olga");
    found(&office.relay, &olga, "Library").await.unwrap();
    let mut links = Vec::new();
    for _ in 0..3 {
        links.push(olga.ask(Invite { role: Role::Captain, minutes: 60 }).await.unwrap());
    }
    new("Early").join(&links[2].link).await.unwrap();
    office.back_up();
    // Afterwards one is used, and one is withdrawn with its last use still open.
    let carl = new("Carl");
    carl.join(&links[0].link).await.unwrap();
    let open: Vec<serde_json::Value> =
        serde_json::from_str(&office.relay.ask_program(&["invites", "--json"]).unwrap()).unwrap();
    let [withdrawn] = open.as_slice() else { panic!("{open:?}") };
    office.relay.ask_program(&["withdraw", withdrawn["id"].as_str().unwrap()]).unwrap();

    let said = office.restore();
    // With the founding link of the first start, which nobody used.
    assert!(said.contains("3 open invites were ended"), "{said}");
    for (n, made) in links.iter().enumerate() {
        assert!(new(&format!("Stranger {n}")).join(&made.link).await.is_err(), "link {n} is open again");
    }
    assert_eq!(office.relay.ask_program(&["members"]).unwrap().lines().count(), 3, "Olga and Early, as in the backup");
    invite(&olga, &carl, Role::Captain).await.unwrap();
    is_well("Carl", &carl.sync().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_used_or_withdrawn_after_the_backup_lets_nobody_into_a_restored_relay() {
    assert_links_of_before_let_nobody_in(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_used_or_withdrawn_after_the_backup_lets_nobody_into_a_restored_database() {
    assert_links_of_before_let_nobody_in(Some(Postgres::shared().unwrap())).await;
}

/// What Ana knows last is lost; what happens instead of it is about somebody else, and just as much.
async fn assert_grants_arrive_after_the_store_went_back_unnoticed(postgres: Option<Arc<Postgres>>) {
    let mut office = Office::open(postgres).await;
    let folder = office.folder.path().to_owned();
    let olga = Person::new("Olga", &folder).unwrap();
    found(&office.relay, &olga, "Library").await.unwrap();
    import_town(&olga, &folder.join("town"), 40).await.unwrap();
    let turfs = cut(&olga, 20, "Riverside").await.unwrap();
    let (turf, other) = (turfs[0], turfs[1]);
    let (ana, ben) = (joins(&olga, "Ana", turf, &folder).await, joins(&olga, "Ben", other, &folder).await);
    for person in [&olga, &ana, &ben] {
        is_well(&person.name, &person.sync().await.unwrap());
    }
    let mine = async |person: &Person| {
        let turf = person.ask(MyTurf {}).await.unwrap();
        turf.iter().map(|card| card.turf).collect::<Vec<_>>()
    };
    office.back_up();
    let dee = joins(&olga, "Dee", turf, &folder).await;
    is_well("Dee", &dee.sync().await.unwrap());
    assert_eq!(mine(&dee).await, [turf]);
    olga.ask(TakeBack { turf, device: device(&ana).await }).await.unwrap();
    is_well("Ana", &ana.sync().await.unwrap());
    assert_eq!(mine(&ana).await, []);

    office.go_back_unnoticed();
    // Dee is nobody there, and enters again, to another turf: that raises no number.
    hand_out(&olga, other, &[&dee]).await.unwrap();
    is_well("Dee", &dee.sync().await.unwrap());
    assert_eq!(mine(&dee).await, [other]);
    olga.ask(TakeBack { turf: other, device: device(&ben).await }).await.unwrap();
    for person in [&ana, &ben] {
        is_well(&person.name, &person.sync().await.unwrap());
    }
    assert_eq!((mine(&ana).await, mine(&ben).await), (vec![turf], vec![]), "what the relay grants counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_arrive_after_a_file_was_put_back_that_nobody_told_of() {
    assert_grants_arrive_after_the_store_went_back_unnoticed(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grants_arrive_after_a_database_went_back_that_nobody_told_of() {
    assert_grants_arrive_after_the_store_went_back_unnoticed(Some(Postgres::shared().unwrap())).await;
}
