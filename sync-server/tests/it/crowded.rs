//! A database that takes fewer connections than relays want: `docs/operations/database-down.md`, step 3.

use crate::machine::is_ready;
use crate::program::{PROGRAM, Process, found, serve};
use crate::world::ask;
use futures_util::future::join_all;
use porchlight_tests::servers::{Postgres, client};
use std::fs::File;
use std::process::Command;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_gets_no_more_connections_says_so_once_a_minute_and_at_its_start() {
    let (server, folder) = (Postgres::shared().unwrap(), TempDir::new().unwrap());
    let database = server.database().await.unwrap();
    let administrator = client(&database).await.unwrap();
    let name: String = administrator.query_one("SELECT current_database()", &[]).await.unwrap().get(0);
    // Limits are not for the administrator.
    let role = format!("few_{name}");
    let sql = format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 2; ALTER DATABASE {name} OWNER TO {role}");
    administrator.batch_execute(&format!("{sql}; GRANT ALL ON SCHEMA public TO {role}")).await.unwrap();
    let store = database.replace("//relay@", &format!("//{role}@"));
    let (log, link) = (folder.path().join("log"), folder.path().join("link"));
    let mut command = serve(&folder.path().join("data"));
    command.args(["--store", &store, "--store-connections", "8", "--device-at-once", "20"]);
    command.args(["--device-burst", "1000000", "--device-rate", "1000000", "--founding-invite"]);
    let relay = Process::start_logged(command.arg(&link).env("RUST_LOG", "warn").stderr(File::create(&log).unwrap()));
    is_ready(&relay).await;
    let ana = found(&relay.url, &std::fs::read_to_string(&link).unwrap()).await;
    let n_said = || std::fs::read_to_string(&log).unwrap().matches("53300").count();
    let asked = ask(&[]);
    let sync_at_once = async || join_all((0..16).map(|_| ana.sync(&asked))).await;
    while n_said() == 0 {
        sync_at_once().await;
    }
    let answers = sync_at_once().await;
    assert!(answers.iter().any(Result::is_ok), "it goes on with the connections that it has");
    assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|refused| refused.status == 429));
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(n_said() == 1 && said.contains("\"WARN\"") && said.contains("--store-connections"), "{said}");

    administrator.batch_execute(&format!("ALTER ROLE {role} CONNECTION LIMIT 0")).await.unwrap();
    let second = serve(&folder.path().join("second")).args(["--store", &store]).output().unwrap();
    let asked = Command::new(PROGRAM).args(["devices", "--store", &store]).output().unwrap();
    for refused in [second, asked] {
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("53300") && said.contains("--store-connections"), "{said}");
    }
    administrator.batch_execute(&format!("ALTER ROLE {role} CONNECTION LIMIT -1")).await.unwrap();
    assert!(sync_at_once().await.iter().all(Result::is_ok));
}
