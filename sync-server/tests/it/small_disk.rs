//! A relay over a file on a disk that is really full, and then has room again.

use crate::author::{Author, hash, hashes};
use crate::program::{PROGRAM, Process, found};
use crate::world::ask;
use porchlight_tests::servers::SmallDisk;
use tempfile::TempDir;

/// Polls until the relay's readiness has this status.
async fn becomes(url: &str, status: u16) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    while reqwest::get(format!("{url}/readyz")).await.unwrap().status().as_u16() != status {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_disk_was_full_goes_on_by_itself_once_there_is_room() {
    let folder = TempDir::new().unwrap();
    let (data, link) = (folder.path().join("data"), folder.path().join("link"));
    let disk = SmallDisk::mount(&data, 16).unwrap();
    let mut command = disk.command(PROGRAM.as_ref());
    command.args(["--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--founding-invite"]);
    let relay = Process::start_quiet(command.arg(&link).arg("--data").arg(&data));
    becomes(&relay.url, 200).await;
    let ana = found(&relay.url, &std::fs::read_to_string(&link).unwrap()).await;
    let (doc, mut author) = (ana.campaign_doc(), Author::new());
    let mut acked = ana.push(doc, &[author.write()]).await.acked;

    for _ in 0..2 {
        disk.fill(&data, true).unwrap();
        // A few writes may still find room in files that are there.
        let (refused, last) = loop {
            let last = author.write_long(30_000);
            let mut push = ask(&[doc]);
            push.docs[0].push.push(last.clone().into());
            match ana.sync(&push).await {
                Ok(reply) => acked.extend(reply.docs[0].acked.clone()),
                Err(refused) => break (refused, last),
            }
            assert!(acked.len() < 1_000, "the disk never fills");
        };
        assert_eq!(refused.status, 503);
        becomes(&relay.url, 503).await;
        assert!(ana.sync(&ask(&[])).await.is_ok(), "those without news are still served");
        disk.fill(&data, false).unwrap();
        becomes(&relay.url, 200).await;
        acked.extend(ana.push(doc, std::slice::from_ref(&last)).await.acked);
        assert_eq!(acked.last().unwrap().hash, hash(&last));
    }
    let heard = ana.pull(doc, 0).await;
    assert_eq!(heard.changes.iter().map(|bytes| hash(bytes)).collect::<Vec<_>>(), hashes(&acked));
}
