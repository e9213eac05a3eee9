//! A database that an older relay left is migrated, however long that takes and whoever else works with it.

use crate::program::serve;
use crate::stores::node;
use porchlight_tests::runbook;
use porchlight_tests::servers::{Postgres, client};
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use tokio_postgres::{Client, SimpleQueryMessage};

/// How long any other work with the database may take, in seconds.
const WORK_SECONDS: u64 = 30;

/// The migration that is looked at while it is made again, and what takes it and all later ones back.
const REMADE: i32 = 7;
const UNDO: &str = "ALTER TABLE device DROP COLUMN revoked_at, DROP COLUMN revoked_by;
    ALTER TABLE doc DROP COLUMN n_ops;
    ALTER TABLE actor DROP COLUMN n_ops;
    DELETE FROM migration WHERE n >= 7";

/// Has each change of a table go on until nobody holds the lock 42.
const BE_SLOW: &str = "CREATE FUNCTION be_slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        WHILE NOT pg_try_advisory_xact_lock(42) LOOP PERFORM pg_sleep(0.05); END LOOP;
    END $$;
    CREATE EVENT TRIGGER slow ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION be_slow();
    SELECT pg_advisory_lock(42)";

/// A database of the version before, and a session with it.
struct Older {
    _server: Arc<Postgres>,
    url: String,
    session: Client,
    folder: TempDir,
}

impl Older {
    async fn new() -> Self {
        let server = Postgres::shared().unwrap();
        let url = server.database().await.unwrap();
        node(&url).await.close().await.unwrap();
        let session = client(&url).await.unwrap();
        session.batch_execute(UNDO).await.unwrap();
        Self { _server: server, url, session, folder: TempDir::new().unwrap() }
    }

    /// Starts a relay.
    fn start(&self, name: &str) -> Starting {
        let mut command = serve(&self.folder.path().join(name));
        command.args(["--store", &self.url, "--founding-invite"]).arg(self.folder.path().join("link"));
        command.env("RUST_LOG", "info").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        Starting { child, log }
    }

    /// Whether the migration that was taken back is made again.
    async fn is_remade(&self) -> bool {
        let sql = format!("SELECT count(*) > 0 FROM migration WHERE n = {REMADE}");
        self.session.query_one(&sql, &[]).await.unwrap().get(0)
    }
}

/// A relay that does not serve yet, with its log.
struct Starting {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
}

impl Starting {
    /// Reads its log up to a line that is meant.
    fn reads(&mut self, is_meant: impl Fn(&serde_json::Value) -> bool) {
        for line in self.log.by_ref() {
            let line = line.unwrap();
            if is_meant(&serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"))) {
                return;
            }
        }
        panic!("it has ended");
    }

    /// Waits until it serves.
    fn serves(&mut self) {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on "), "{line}");
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn says(line: &serde_json::Value, words: &str) -> bool {
    line["message"].as_str().is_some_and(|message| message.contains(words))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_takes_longer_than_any_other_work_is_not_cut_off_and_one_relay_does_it() {
    let older = Older::new().await;
    older.session.batch_execute(BE_SLOW).await.unwrap();
    let (mut first, mut second) = (older.start("first"), older.start("second"));
    let at_work = |line: &serde_json::Value| says(line, &format!("migrating the database: {REMADE} of "));
    // Whichever comes second waits for the other.
    second.reads(|line| at_work(line) || says(line, "waiting for another relay"));
    first.reads(|line| at_work(line) || says(line, "waiting for another relay"));
    let is_long = |line: &serde_json::Value| line["seconds"].as_u64().is_some_and(|seconds| seconds > WORK_SECONDS);
    first.reads(is_long);
    second.reads(is_long);
    assert!(!older.is_remade().await, "nothing is half done");
    older.session.batch_execute("SELECT pg_advisory_unlock(42)").await.unwrap();
    first.serves();
    second.serves();
    assert!(older.is_remade().await);
}

/// Step 4 of `docs/operations/database-down.md`: finds the session that is idle in a transaction with a query, and ends it.
async fn end_session(session: &Client, query: &str) {
    let page = std::fs::read_to_string(runbook::folder().join("database-down.md")).unwrap();
    let sql = page.split('`').find(|code| code.starts_with("SELECT pid, state")).unwrap();
    let found = session.simple_query(sql).await.unwrap().into_iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => (row.get("state") == Some("idle in transaction")
            && row.get("left").is_some_and(|left| left.contains(query)))
        .then(|| row.get("pid").unwrap().to_owned()),
        _ => None,
    });
    let end = page.split('`').find(|code| code.starts_with("SELECT pg_terminate_backend")).unwrap();
    session.simple_query(&end.replace("(pid)", &format!("({})", found.unwrap()))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_somebody_holds_is_waited_for_in_short_turns_until_the_operator_ends_that_session() {
    let older = Older::new().await;
    let idle = client(&older.url).await.unwrap();
    idle.batch_execute("BEGIN; SELECT FROM device").await.unwrap();
    let mut relay = older.start("relay");
    for _ in 0..2 {
        relay.reads(|line| says(line, "trying again"));
    }
    assert!(!older.is_remade().await);
    // Between two tries whoever serves gets at the table.
    older.session.batch_execute("UPDATE device SET is_revoked = is_revoked").await.unwrap();
    end_session(&older.session, "SELECT FROM device").await;
    relay.serves();
    assert!(older.is_remade().await);
}
