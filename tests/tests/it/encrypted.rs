//! Connections to a database over a network are encrypted, or refused.

use porchlight_tests::campaign::found;
use porchlight_tests::person::Person;
use porchlight_tests::relay::{Relay, program};
use porchlight_tests::servers::Postgres;
use std::path::Path;
use std::process::Command;

/// The error of the relay's program, which does not start over this store.
fn refusal(data: &Path, flags: &[&str]) -> String {
    let program = program("porchlight-relay", "porchlight-relay").unwrap();
    let output = Command::new(program).args(["--listen=127.0.0.1:0", "--data"]).arg(data).args(flags).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_reaches_postgresql_under_a_certificate_of_one_s_own_and_trusts_no_other() {
    let server = Postgres::start_encrypted().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = format!("--store=postgres://relay@127.0.0.1:{}/postgres?sslmode=", server.port);
    let (required, plain) = (format!("{store}require"), format!("{store}disable"));
    let own = format!("--store-ca={}", server.certificate().display());

    let data = folder.path().join("relay");
    let relay = Relay::start_with(&data, &[&required, &own]).unwrap();
    let olga = Person::new("Olga", folder.path()).unwrap();
    found(&relay, &olga, "Library").await.unwrap();
    assert_eq!(olga.sync().await.unwrap().n_held, 0);

    let data = folder.path().join("other");
    // Without --store-ca the system's authorities are used, and none of them issued that certificate.
    for (flags, why) in [(&[&*required][..], "certificate"), (&[&*plain][..], "encryption")] {
        let said = refusal(&data, flags);
        assert!(said.contains(why), "{why} in {said}");
    }
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let said = refusal(&data, &[&required, &format!("--store-ca={}", empty.display())]);
    assert!(said.contains("empty.pem") && said.contains("no certificate"), "{said}");
}
