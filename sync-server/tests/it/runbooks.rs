//! Pages of `docs/operations`, followed step by step with their own commands, real relays and real databases.

use crate::author::{Author, hash, hashes};
use crate::fleet::join;
use crate::program::{Process, found, serve};
use crate::world::{Phone, ask, new_doc, refused};
use porchlight_model::id::Sha256;
use porchlight_model::member::Role;
use porchlight_model::relay::RefusalCode;
use porchlight_tests::runbook::{self, Runbook};
use porchlight_tests::servers::Postgres;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// A relay on its machine, over a file or a database, with a campaign.
struct Machine {
    folder: TempDir,
    /// The database with its server.
    postgres: Option<(Arc<Postgres>, String)>,
    relay: Option<Process>,
}

impl Machine {
    async fn sqlite() -> Self {
        Self { folder: TempDir::new().unwrap(), postgres: None, relay: None }
    }

    async fn postgres() -> Self {
        let server = Postgres::shared().unwrap();
        let database = server.database().await.unwrap();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("fleet.env"), format!("PORCHLIGHT_STORE={database}\n")).unwrap();
        Self { folder, postgres: Some((server, database)), relay: None }
    }

    /// The folder for the relay's data and `/etc/porchlight` of the page.
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn link(&self) -> PathBuf {
        self.folder.path().join("link")
    }

    /// The environment that tells the relay's program where its store is.
    fn environment(&self) -> [(&'static str, String); 2] {
        let store = match &self.postgres {
            Some((_, database)) => ("PORCHLIGHT_STORE", database.clone()),
            None => ("PORCHLIGHT_DATA", self.data().display().to_string()),
        };
        [store, ("RUST_LOG", "warn".to_owned())]
    }

    async fn start(&mut self) {
        let mut command = serve(&self.data());
        command.arg("--founding-invite").arg(self.link()).envs(self.environment());
        let relay = Process::start_quiet(&mut command);
        is_ready(&relay).await;
        self.relay = Some(relay);
    }

    fn stop(&mut self) {
        assert_eq!(self.relay.take().unwrap().end("-TERM"), Some(0));
    }

    /// Founds a campaign by a link that the program makes.
    async fn found(&self) -> Phone {
        let link = self.run("porchlight-relay invite --found\n").unwrap();
        found(&self.relay.as_ref().unwrap().url, &link).await
    }

    /// The same device at the restarted relay.
    fn at(&self, phone: &Phone) -> Phone {
        Phone { url: self.relay.as_ref().unwrap().url.clone(), ..phone.clone() }
    }

    /// Runs a page's commands where the relay runs.
    fn run(&self, commands: &str) -> anyhow::Result<String> {
        let environment = self.environment();
        let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
        runbook::run(commands, self.folder.path(), &environment)
    }

    /// The commands of a page's block, with this machine's folders.
    fn block(&self, page: &str, words: &str) -> String {
        let (own, data) = (self.folder.path().display().to_string(), self.data().display().to_string());
        let block = Runbook::open(page).unwrap().block(words, &[]).unwrap();
        block.replace("/var/lib/porchlight-relay", &data).replace("/etc/porchlight", &own)
    }

    /// As [`Self::block`], for the database's administrator.
    fn administer(&self, page: &str, words: &str, with: &[(&str, &str)]) -> String {
        let (server, _) = self.postgres.as_ref().unwrap();
        server.administer(&Runbook::open(page).unwrap().block(words, with).unwrap()).unwrap()
    }
}

async fn is_ready(relay: &Process) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    while !reqwest::get(format!("{}/readyz", relay.url)).await.is_ok_and(|answer| answer.status().is_success()) {}
}

async fn log_of(phone: &Phone) -> Vec<Sha256> {
    phone.pull(phone.campaign_doc(), 0).await.changes.iter().map(|bytes| hash(bytes)).collect()
}

async fn assert_an_encrypted_backup_brings_all_back(mut machine: Machine) {
    machine.start().await;
    let ana = machine.found().await;
    let mut author = Author::new();
    let acked = ana.push(ana.campaign_doc(), &[author.write(), author.write()]).await.acked;
    machine.run(&machine.block("backups.md", "age-keygen")).unwrap();
    let is_postgres = machine.postgres.is_some();
    let (make, find) = if is_postgres { ("pg_dump", "dump.age") } else { (".backup", "db.age") };
    machine.run(&machine.block("backups.md", make)).unwrap();
    // The backup is encrypted, and nothing unencrypted is left beside it.
    let files = || std::fs::read_dir(machine.folder.path()).unwrap().map(|file| file.unwrap().path());
    let backup = files().find(|file| file.to_string_lossy().ends_with(find)).unwrap();
    assert!(std::fs::read(&backup).unwrap().starts_with(b"age-encryption.org"));
    assert!(!files().any(|file| file.ends_with("part.age") || file.ends_with("porchlight.db")));

    // Everything is lost; docs/operations/restore.md continues from the decrypted backup.
    machine.stop();
    machine.run(&machine.block("backups.md", &format!("porchlight-*.{find}"))).unwrap();
    if let Some((_, database)) = &machine.postgres {
        let name = database.split(['/', '?']).nth(3).unwrap();
        let with = [
            ("--if-exists porchlight", format!("--if-exists {name}")),
            ("=relay porchlight", format!("=relay {name}")),
        ];
        machine.administer("restore.md", "dropdb", &with.each_ref().map(|(word, other)| (*word, other.as_str())));
        machine.run(&machine.block("restore.md", "pg_restore")).unwrap();
    } else {
        std::fs::write(machine.data().join("relay.db"), "broken").unwrap();
        machine.run(&machine.block("restore.md", "chown")).unwrap();
    }
    machine.run("porchlight-relay restored\n").unwrap();
    machine.start().await;
    let ana = machine.at(&ana);
    assert_eq!(log_of(&ana).await, hashes(&acked));
    assert_eq!(ana.push(ana.campaign_doc(), &[author.write()]).await.acked.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_backup_brings_a_file_back() {
    assert_an_encrypted_backup_brings_all_back(Machine::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_backup_brings_a_database_back() {
    assert_an_encrypted_backup_brings_all_back(Machine::postgres().await).await;
}

/// Founds a second campaign with another name.
async fn found_other(machine: &Machine) -> Phone {
    let other = machine.found().await;
    let link = machine.run(&format!("porchlight-relay invite --campaign {}\n", other.enrolled.campaign)).unwrap();
    assert!(link.contains("/join#"));
    other
}

async fn assert_a_campaign_is_deleted(mut machine: Machine) {
    machine.start().await;
    let ana = machine.found().await;
    let turf = new_doc();
    ana.bear(turf, &[Author::new().write()]).await;
    let ben = join(&ana, Role::Canvasser, &[turf]).await;
    ana.invite(Role::Captain, &[turf], 3).await.unwrap();
    let mut long = Author::new();
    for _ in 0..9 {
        ana.push(ana.campaign_doc(), &[long.write_long(30_000)]).await;
    }
    let other = found_other(&machine).await;
    let mut author = Author::new();
    let kept = other.push(other.campaign_doc(), &[author.write()]).await.acked;

    let listed = machine.run(&machine.block("delete-campaign.md", "delete-campaign\n")).unwrap();
    let name = "Library for Lantern Falls";
    assert!(listed.contains(name) && listed.contains("Nothing was deleted"), "{listed}");
    let delete = machine.block("delete-campaign.md", "--name");
    for wrong in ["Library", "library for lantern falls"] {
        let refused = machine.run(&delete.replace("ITS NAME", wrong)).unwrap_err().to_string();
        assert!(refused.contains("nothing was deleted") && refused.contains(name), "{refused}");
    }
    // Both have this name.
    let refusal = machine.run(&delete.replace("ITS NAME", name)).unwrap_err().to_string();
    assert!(refusal.contains("--campaign") && refusal.contains(&ana.enrolled.campaign.to_string()), "{refusal}");
    assert!(ben.sync(&ask(&[turf])).await.is_ok());

    let this = format!("{name}\" --campaign \"{}", ana.enrolled.campaign);
    let done = machine.run(&delete.replace("ITS NAME", &this)).unwrap();
    assert!(done.contains("2 people, 2 devices, 2 documents, 10 changes"), "{done}");
    for phone in [&ana, &ben] {
        assert_eq!(phone.sync(&ask(&[turf])).await.err(), Some(refused(401, RefusalCode::TokenUnknown)));
    }
    // The other campaign continues, also after the space was released.
    if machine.postgres.is_some() {
        machine.run(&machine.block("delete-campaign.md", "VACUUM FULL")).unwrap();
    } else {
        machine.stop();
        let size = || std::fs::metadata(machine.data().join("relay.db")).unwrap().len();
        let before = size();
        machine.run(&machine.block("delete-campaign.md", "relay.db VACUUM")).unwrap();
        assert!(size() < before);
        machine.start().await;
    }
    let other = machine.at(&other);
    assert_eq!(log_of(&other).await, hashes(&kept));
    assert_eq!(other.push(other.campaign_doc(), &[author.write()]).await.acked.len(), 1);
    let listed = machine.run("porchlight-relay delete-campaign --json\n").unwrap();
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["n_members"], &listed[0]["n_changes"]), (&1.into(), &2.into()));
    // By its name alone, because it is unique.
    machine.run(&delete.replace("ITS NAME", name)).unwrap();
    assert_eq!(machine.run("porchlight-relay delete-campaign --json\n").unwrap(), "[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_deleted_from_a_file() {
    assert_a_campaign_is_deleted(Machine::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_deleted_from_a_database() {
    assert_a_campaign_is_deleted(Machine::postgres().await).await;
}

/// A relay over the store that a `fleet.env` names.
async fn start_by(fleet: &Path, folder: &Path, certificate: &Path) -> Process {
    let text = std::fs::read_to_string(fleet).unwrap();
    let store = text.lines().find_map(|line| line.strip_prefix("PORCHLIGHT_STORE=")).unwrap();
    let mut command = serve(&folder.join("data"));
    command.args(["--store", store, "--store-ca"]).arg(certificate).arg("--founding-invite").arg(folder.join("link"));
    let relay = Process::start_quiet(&mut command);
    is_ready(&relay).await;
    relay
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_set_up_and_gets_another_password() {
    let (server, folder) = (Postgres::start_new().unwrap(), TempDir::new().unwrap());
    let (fleet, certificate) = (folder.path().join("fleet.env"), server.certificate());
    let page = Runbook::open("database.md").unwrap();
    let printed = server.administer(&page.block("CREATE ROLE relay", &[]).unwrap()).unwrap();
    let line = printed.lines().last().unwrap();
    assert!(line.starts_with("PORCHLIGHT_STORE=postgres://relay:"), "{printed}");
    let line = line.replace("@db.example.org/", &format!("@127.0.0.1:{}/", server.port));
    std::fs::write(&fleet, format!("# All share this.\n{line}\nRUST_LOG=info\n")).unwrap();
    let relay = start_by(&fleet, folder.path(), &certificate).await;
    let ana = found(&relay.url, &std::fs::read_to_string(folder.path().join("link")).unwrap()).await;

    let page = Runbook::open("passwords.md").unwrap();
    let printed = server.administer(&page.block("ALTER ROLE", &[]).unwrap()).unwrap();
    let password = printed.lines().last().unwrap();
    // The relay continues with its open connections.
    assert_eq!(ana.push(ana.campaign_doc(), &[Author::new().write()]).await.acked.len(), 1);
    let own = folder.path().display().to_string();
    let edit = page.block("sed", &[("/etc/porchlight", &own), ("NEW", password)]).unwrap();
    runbook::run(&edit, folder.path(), &[]).unwrap();
    let relay = start_by(&fleet, folder.path(), &certificate).await;
    let ana = Phone { url: relay.url.clone(), ..ana };
    server.administer(&page.block("pg_terminate_backend", &[]).unwrap()).unwrap();
    is_ready(&relay).await;
    assert_eq!(log_of(&ana).await.len(), 1);
    let old = line.strip_prefix("PORCHLIGHT_STORE=").unwrap();
    let mut refused = Command::new(crate::program::PROGRAM);
    let refused = refused.args(["devices", "--store", old, "--store-ca"]).arg(&certificate).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("28P01"), "{said}");
}

/// The test that follows each page.
const FOLLOWED: [(&str, &str, &str); 19] = [
    ("backups.md", "sync-server/tests/it/runbooks.rs", "an_encrypted_backup_brings_a_file_back"),
    ("backups.md", "sync-server/tests/it/runbooks.rs", "an_encrypted_backup_brings_a_database_back"),
    (
        "bus-down.md",
        "sync-server/tests/it/fleet.rs",
        "a_device_at_one_node_hears_of_a_push_at_another_and_the_bus_may_go_and_come",
    ),
    (
        "certificate-expired.md",
        "sync-server/tests/it/operating.rs",
        "sighup_reads_settings_and_certificate_anew_and_ends_no_connection",
    ),
    ("database.md", "sync-server/tests/it/runbooks.rs", "a_database_is_set_up_and_gets_another_password"),
    (
        "database-down.md",
        "sync-server/tests/it/fleet.rs",
        "a_database_that_is_gone_is_told_and_when_it_is_back_all_goes_on",
    ),
    (
        "database-down.md",
        "sync-server/tests/it/migrating.rs",
        "a_table_that_somebody_holds_is_waited_for_in_short_turns_until_the_operator_ends_that_session",
    ),
    ("delete-campaign.md", "sync-server/tests/it/runbooks.rs", "a_campaign_is_deleted_from_a_file"),
    ("delete-campaign.md", "sync-server/tests/it/runbooks.rs", "a_campaign_is_deleted_from_a_database"),
    (
        "disk-full.md",
        "tests/tests/it/full_disk.rs",
        "results_wait_on_the_phone_while_the_disk_of_postgresql_is_full_and_go_on_once_there_is_room",
    ),
    (
        "lost-phone.md",
        "sync-server/tests/it/program.rs",
        "a_lost_phone_is_found_by_name_and_shut_out_and_its_invites_end",
    ),
    ("lost-phone.md", "sync-server/tests/it/program.rs", "the_operator_is_told_who_shut_whom_out_and_when"),
    ("moving.md", "tests/tests/it/moving.rs", "a_campaign_on_postgresql_moves_to_another_address"),
    (
        "node-down.md",
        "sync-server/tests/it/fleet.rs",
        "nodes_are_killed_and_restarted_under_load_and_nothing_acknowledged_is_lost_or_doubled",
    ),
    (
        "overloaded.md",
        "sync-server/tests/it/fleet.rs",
        "a_relay_whose_connections_are_all_busy_says_when_to_come_again",
    ),
    (
        "node-down.md",
        "sync-server/tests/it/migrating.rs",
        "a_migration_that_takes_longer_than_any_other_work_is_not_cut_off_and_one_relay_does_it",
    ),
    ("passwords.md", "sync-server/tests/it/runbooks.rs", "a_database_is_set_up_and_gets_another_password"),
    (
        "promotion.md",
        "sync-server/tests/it/standby.rs",
        "when_a_standby_is_promoted_relays_find_it_and_nothing_acknowledged_is_lost",
    ),
    (
        "restore.md",
        "tests/tests/it/restore.rs",
        "what_a_newcomer_sent_who_lost_the_phone_comes_back_to_a_restored_database",
    ),
];

#[test]
fn each_page_of_operations_is_followed_by_a_test_and_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let pages = std::fs::read_dir(runbook::folder()).unwrap().map(|file| file.unwrap().file_name());
    let pages: BTreeSet<_> = pages.map(|name| name.into_string().unwrap()).filter(|name| name != "README.md").collect();
    let followed: BTreeSet<_> = FOLLOWED.iter().map(|(page, ..)| (*page).to_owned()).collect();
    assert_eq!(pages, followed);
    let list = std::fs::read_to_string(runbook::folder().join("README.md")).unwrap();
    for (page, file, test) in FOLLOWED {
        assert!(list.contains(&format!("[{page}]({page})")), "{page} is not listed");
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(&format!("fn {test}(")), "{page}: {test} in {file}");
    }
}
