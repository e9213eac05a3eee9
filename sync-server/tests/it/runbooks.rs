//! Pages of `docs/operations`, followed step by step with their own commands, real relays and real databases.

use crate::author::{Author, hashes};
use crate::fleet::join;
use crate::machine::{Machine, URL, enrol, is_ready, log_of, set_by};
use crate::program::{Process, found, serve};
use crate::world::{Phone, ask, new_doc, refused};
use porchlight_model::member::Role;
use porchlight_model::relay::{OpenInvite, RefusalCode};
use porchlight_tests::runbook::{self, Runbook};
use porchlight_tests::servers::Postgres;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

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
        machine.run(&machine.block("delete-campaign.md", "relay.db?mode=rw")).unwrap();
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

async fn assert_a_lost_phone_is_shut_out(mut machine: Machine) {
    machine.start().await;
    let olga = machine.found().await;
    let page = |words: &str, with: &[(&str, &str)]| {
        machine.run(&Runbook::open("lost-phone.md").unwrap().block(words, with).unwrap()).unwrap()
    };
    let invite = || page("invite --role", &[("FULL NAME", "Cleo Lost")]);
    let (link, other) = (invite(), invite());
    assert!(link.starts_with(&format!("{URL}/join#")), "{link}");
    let cleo = enrol(&olga, &link, "Cleo Lost").await.unwrap();
    let hers = [
        cleo.invite(Role::Canvasser, &[], 2).await.unwrap().secret,
        cleo.invite(Role::Canvasser, &[], 1).await.unwrap().secret,
    ];
    let stranger = enrol(&olga, &format!("{URL}/join#{}", hers[0]), "Nobody Known").await.unwrap();

    let found = page("devices \"PART", &[("PART OF NAME", "lost")]);
    assert!(found.contains(&cleo.device.to_string()) && !found.contains(&olga.device.to_string()), "{found}");
    let done = page("relay revoke", &[("FULL NAME", "Cleo Lost")]);
    assert!(done.contains(&cleo.device.to_string()) && done.contains("2 of its invites"), "{done}");
    assert_eq!(cleo.sync(&ask(&[])).await.unwrap_err(), refused(403, RefusalCode::Revoked));
    assert!(enrol(&olga, &format!("{URL}/join#{}", hers[1]), "Late").await.is_none(), "her links are void");
    assert!(page("members", &[]).contains("Nobody Known"));
    page("relay revoke", &[("FULL NAME", &stranger.device.to_string())]);
    assert!(stranger.sync(&ask(&[])).await.is_err() && olga.sync(&ask(&[])).await.is_ok());

    let listed = page("invites", &[]);
    let open: Vec<OpenInvite> =
        serde_json::from_str(&machine.run("porchlight-relay invites --json\n").unwrap()).unwrap();
    let [open] = open.as_slice() else { panic!("{listed}") };
    assert!(listed.contains(&open.id.to_string()), "{listed}");
    page("withdraw", &[("INVITE", &open.id.to_string())]);
    assert!(enrol(&olga, &other, "Late").await.is_none(), "it is withdrawn");
    let again = invite();
    assert!(again.starts_with(&format!("{URL}/join#")), "{again}");
    assert!(enrol(&olga, &again, "Cleo Lost").await.unwrap().sync(&ask(&[])).await.is_ok());
    let shown = page("--revoked", &[("FULL NAME", "Cleo Lost")]);
    let shown = shown.lines().find(|line| line.contains(&cleo.device.to_string())).unwrap();
    assert!(shown.contains("revoked") && shown.contains("by the operator at the relay"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_shut_out_as_the_page_says_over_a_file() {
    assert_a_lost_phone_is_shut_out(Machine::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_shut_out_as_the_page_says_over_a_database() {
    assert_a_lost_phone_is_shut_out(Machine::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_to_another_machine_as_the_page_says() {
    let (mut old, mut new) = (Machine::sqlite().await, Machine::sqlite().await);
    old.start().await;
    let ana = old.found().await;
    let mut author = Author::new();
    let acked = ana.push(ana.campaign_doc(), &[author.write()]).await.acked;
    old.stop();
    new.start().await;
    new.stop();
    std::fs::copy(old.data().join("relay.db"), new.folder.path().join("relay.db")).unwrap();
    new.run(&new.block("moving.md", "chown")).unwrap();
    new.start().await;
    let ana = new.at(&ana);
    assert_eq!(log_of(&ana).await, hashes(&acked));
    assert_eq!(ana.push(ana.campaign_doc(), &[author.write()]).await.acked.len(), 1);
}

#[test]
fn no_block_of_a_page_goes_on_after_a_step_that_failed() {
    let (mut n_found, pages) = (0, std::fs::read_dir(runbook::folder()).unwrap().map(|file| file.unwrap().file_name()));
    for page in pages.map(|name| name.into_string().unwrap()) {
        for block in Runbook::open(&page).unwrap().blocks() {
            let parsed = Command::new("bash").args(["-nc", block]).output().unwrap();
            assert!(parsed.status.success(), "{page}: {parsed:?}");
            let lines: Vec<_> = block.lines().map(str::trim).collect();
            // One command, one that reads the lines below it, or what is to stay in the terminal.
            let reads_on = lines[0].ends_with("<<SQL") && lines.last() == Some(&"SQL");
            let is_one = lines.len() == 1 || reads_on || lines[0].contains(" sh relay -ec '");
            let is_set = lines.iter().all(|line| line.starts_with("export "));
            let is_closed = lines.starts_with(&["(", "set -euo pipefail"]) && lines.last() == Some(&")");
            assert!(is_one || is_set || is_closed, "{page}:\n{block}");
            n_found += 1;
        }
    }
    assert!(n_found > 20, "{n_found}");
}

/// A relay over the store that a `fleet.env` names, with nothing else.
async fn start_by(fleet: &Path, folder: &Path) -> Process {
    let mut command = serve(&folder.join("data"));
    command.arg("--founding-invite").arg(folder.join("link"));
    set_by(&mut command, fleet);
    let relay = Process::start_quiet(&mut command);
    is_ready(&relay).await;
    relay
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_set_up_and_gets_another_password_and_a_standby() {
    let (server, folder) = (Postgres::start_new().unwrap(), TempDir::new().unwrap());
    let (fleet, own) = (folder.path().join("fleet.env"), folder.path().display().to_string());
    let page = Runbook::open("database.md").unwrap();
    let printed = server.administer(&page.block("CREATE ROLE relay", &[]).unwrap()).unwrap();
    let line = printed.lines().last().unwrap();
    assert!(line.starts_with("PORCHLIGHT_STORE=postgres://relay:"), "{printed}");
    let line = line.replace("@db.example.org/", &format!("@127.0.0.1:{}/", server.port));
    // A certificate that no machine trusts by itself, and what tells relays of it.
    server.administer(&page.block("openssl req", &[("DNS:db.example.org", "IP:127.0.0.1")]).unwrap()).unwrap();
    while server.administer("psql --no-psqlrc --dbname=postgres -Atc 'SHOW ssl_cert_file'").unwrap() != "relay.crt" {}
    let certificate = server.administer("cat \"$PGDATA/relay.crt\"").unwrap();
    std::fs::write(folder.path().join("database-ca.pem"), certificate).unwrap();
    let example = std::fs::read_to_string(runbook::folder().join("../../deploy/systemd/fleet.env.example")).unwrap();
    let trust = example
        .lines()
        .find_map(|line| line.strip_prefix('#').filter(|line| line.starts_with("PORCHLIGHT_STORE_CA=")))
        .unwrap();
    assert!(std::fs::read_to_string(runbook::folder().join("database.md")).unwrap().contains(trust), "{trust}");
    let trust = trust.replace("/etc/porchlight", &own);
    std::fs::write(&fleet, format!("# All share this.\n{line}\n{trust}\nRUST_LOG=info\n")).unwrap();
    let relay = start_by(&fleet, folder.path()).await;
    let ana = found(&relay.url, &std::fs::read_to_string(folder.path().join("link")).unwrap()).await;

    let page = Runbook::open("passwords.md").unwrap();
    let printed = server.administer(&page.block("ALTER ROLE", &[]).unwrap()).unwrap();
    let password = printed.lines().last().unwrap();
    // The relay continues with its open connections.
    let mut author = Author::new();
    assert_eq!(ana.push(ana.campaign_doc(), &[author.write()]).await.acked.len(), 1);
    let edit = page.block("sed", &[("/etc/porchlight", &own), ("NEW", password)]).unwrap();
    runbook::run(&edit, folder.path(), &[]).unwrap();
    let relay = start_by(&fleet, folder.path()).await;
    let ana = Phone { url: relay.url.clone(), ..ana };
    server.administer(&page.block("pg_terminate_backend", &[]).unwrap()).unwrap();
    is_ready(&relay).await;
    assert_eq!(log_of(&ana).await.len(), 1);
    let old = line.strip_prefix("PORCHLIGHT_STORE=").unwrap();
    let mut refused = Command::new(crate::program::PROGRAM);
    set_by(&mut refused, &fleet);
    let refused = refused.args(["devices", "--store", old]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("28P01"), "{said}");

    // A standby enters with a role and a password of its own, and is waited for.
    let _standby = server.start_standby().unwrap();
    assert_eq!(ana.push(ana.campaign_doc(), &[author.write()]).await.acked.len(), 1);
    let standing_by = "SELECT usename, sync_state FROM pg_stat_replication";
    let found = server.administer(&format!("psql --no-psqlrc --dbname=postgres -Atc '{standing_by}'")).unwrap();
    assert_eq!(found, "standby|sync");
}

/// The test that follows each page.
const FOLLOWED: [(&str, &str, &str); 28] = [
    ("backups.md", "sync-server/tests/it/backups.rs", "an_encrypted_backup_brings_a_file_back"),
    ("backups.md", "sync-server/tests/it/backups.rs", "an_encrypted_backup_brings_a_database_back"),
    ("backups.md", "sync-server/tests/it/backups.rs", "a_backup_of_a_file_that_failed_has_no_final_name"),
    ("backups.md", "sync-server/tests/it/backups.rs", "a_backup_of_a_database_that_failed_has_no_final_name"),
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
    ("database.md", "sync-server/tests/it/runbooks.rs", "a_database_is_set_up_and_gets_another_password_and_a_standby"),
    (
        "database.md",
        "sync-server/tests/it/standby.rs",
        "while_the_standby_is_away_nothing_is_acknowledged_and_the_relay_says_so",
    ),
    (
        "database-down.md",
        "sync-server/tests/it/crowded.rs",
        "a_relay_that_gets_no_more_connections_says_so_once_a_minute_and_at_its_start",
    ),
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
        "sync-server/tests/it/small_disk.rs",
        "a_relay_whose_disk_was_full_goes_on_by_itself_once_there_is_room",
    ),
    (
        "disk-full.md",
        "tests/tests/it/full_disk.rs",
        "results_wait_on_the_phone_while_the_disk_of_postgresql_is_full_and_go_on_once_there_is_room",
    ),
    ("lost-phone.md", "sync-server/tests/it/runbooks.rs", "a_lost_phone_is_shut_out_as_the_page_says_over_a_file"),
    ("lost-phone.md", "sync-server/tests/it/runbooks.rs", "a_lost_phone_is_shut_out_as_the_page_says_over_a_database"),
    ("lost-phone.md", "sync-server/tests/it/program.rs", "the_operator_is_told_who_shut_whom_out_and_when"),
    ("moving.md", "tests/tests/it/moving.rs", "a_campaign_on_postgresql_moves_to_another_address"),
    ("moving.md", "sync-server/tests/it/runbooks.rs", "a_file_moves_to_another_machine_as_the_page_says"),
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
    (
        "passwords.md",
        "sync-server/tests/it/runbooks.rs",
        "a_database_is_set_up_and_gets_another_password_and_a_standby",
    ),
    (
        "promotion.md",
        "sync-server/tests/it/standby.rs",
        "when_a_standby_is_promoted_relays_find_it_and_nothing_acknowledged_is_lost",
    ),
    (
        "restore.md",
        "tests/tests/it/restore.rs",
        "a_link_that_was_used_or_withdrawn_after_the_backup_lets_nobody_into_a_restored_relay",
    ),
    (
        "restore.md",
        "tests/tests/it/restore.rs",
        "a_link_that_was_used_or_withdrawn_after_the_backup_lets_nobody_into_a_restored_database",
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
