//! `docs/operations/backups.md`, and what `restore.md` says of making copies, with their own commands over both stores.

use crate::author::{Author, hashes};
use crate::machine::{Machine, log_of};
use std::collections::BTreeMap;
use std::path::Path;

/// What the pages say for a kind of store.
struct Words {
    /// By this the block is found that makes an encrypted backup.
    encrypt: &'static str,
    /// By this the block is found that makes a plain one.
    copy: &'static str,
    /// What the commands read.
    source: &'static str,
    /// The name of a plain backup.
    plain: &'static str,
}

impl Words {
    fn of(machine: &Machine) -> Self {
        let (encrypt, copy, source, plain) = match &machine.postgres {
            Some(_) => ("custom \"$store\"", "--file=part.dump", "\"$", "porchlight.dump"),
            None => ("/porchlight-relay/relay.db", ".backup part.db", "/relay.db", "porchlight.db"),
        };
        Self { encrypt, copy, source, plain }
    }
}

/// The files of a folder by name, without those of folders in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())).collect()
}

/// The names of the encrypted backups.
fn encrypted(machine: &Machine) -> Vec<String> {
    let end = format!("{}.age", Words::of(machine).plain.trim_start_matches("porchlight"));
    files(machine.folder.path()).into_keys().filter(|name| name.ends_with(&end)).collect()
}

async fn assert_an_encrypted_backup_brings_all_back(mut machine: Machine) {
    machine.start().await;
    let ana = machine.found().await;
    let mut author = Author::new();
    let mut acked = ana.push(ana.campaign_doc(), &[author.write(), author.write()]).await.acked;
    let words = Words::of(&machine);
    machine.run(&machine.block("backups.md", "age-keygen")).unwrap();
    let back_up = machine.block("backups.md", words.encrypt);
    machine.run(&back_up).unwrap();
    // On the next day there are two.
    let first = machine.folder.path().join(&encrypted(&machine)[0]);
    assert!(std::fs::read(&first).unwrap().starts_with(b"age-encryption.org"));
    let before = format!("{}.age", words.plain.replace("porchlight", "porchlight-2026-11-01"));
    std::fs::rename(&first, machine.folder.path().join(&before)).unwrap();
    acked.extend(ana.push(ana.campaign_doc(), &[author.write()]).await.acked);
    machine.run(&back_up).unwrap();
    let all = encrypted(&machine);
    assert_eq!(all.len(), 2, "{all:?}");
    // Nothing unencrypted is left beside them.
    let left = files(machine.folder.path());
    assert!(!left.keys().any(|name| name.starts_with("part") || name == words.plain), "{:?}", left.keys());

    // Everything is lost; docs/operations/restore.md continues from the decrypted backup.
    machine.stop();
    let named = before.replace("11-01", "11-02");
    let last = all.iter().find(|name| **name != before).unwrap();
    machine.run(&machine.block("backups.md", &named).replace(&named, last)).unwrap();
    if let Some((_, database)) = &machine.postgres {
        let name = database.split(['/', '?']).nth(3).unwrap();
        let with = ["--if-exists porchlight", "=relay porchlight", "DATABASE porchlight"];
        let with = with.map(|words| (words, words.replace("porchlight", name)));
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

async fn assert_a_backup_that_failed_has_no_final_name(mut machine: Machine) {
    machine.start().await;
    machine.found().await;
    let words = Words::of(&machine);
    machine.run(&machine.block("backups.md", "age-keygen")).unwrap();
    let (encrypt, copy) = (machine.block("backups.md", words.encrypt), machine.block("restore.md", words.copy));
    for block in [&encrypt, &copy] {
        machine.run(block).unwrap();
    }
    let good = files(machine.folder.path());
    assert!(good.contains_key(words.plain) && encrypted(&machine).len() == 1, "{:?}", good.keys());
    // Neither a mistyped store nor a key that is none leaves anything, and the good ones of the same day stay.
    let without_store = |block: &String| block.replace(words.source, &format!("/nowhere{}", words.source));
    let without_key = encrypt.replace("backup-recipient.txt", "nowhere.txt");
    for block in [without_store(&encrypt), without_store(&copy), without_key] {
        machine.run(&block).unwrap_err();
        assert!(files(machine.folder.path()) == good, "after\n{block}\n{:?}", files(machine.folder.path()).keys());
        assert_eq!(std::fs::read_dir(machine.temporary()).unwrap().count(), 0, "a plain copy is left by\n{block}");
    }
    // A restore without its file changes nothing either.
    if machine.postgres.is_none() {
        machine.stop();
        let before = files(&machine.data());
        std::fs::remove_file(machine.folder.path().join(words.plain)).unwrap();
        machine.run(&machine.block("restore.md", "chown")).unwrap_err();
        assert!(files(&machine.data()) == before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_file_that_failed_has_no_final_name() {
    assert_a_backup_that_failed_has_no_final_name(Machine::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_database_that_failed_has_no_final_name() {
    assert_a_backup_that_failed_has_no_final_name(Machine::postgres().await).await;
}
