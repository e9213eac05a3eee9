//! Migrates the database's schema, one numbered migration after another, one node at a time; a released one never changes.

use super::database::{Database, Tx, one, run};
use super::fault::{self, unavailable};
use crate::store::StoreError;
use porchlight_model::time::At;
use porchlight_model::wire::MAX_CHANGE_BYTES;
use std::time::Duration;
use tokio::time::Instant;

/// All migrations; the table `migration` says which of them the database has.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_log_people_grants.sql"),
    include_str!("migrations/0002_forgotten.sql"),
    include_str!("migrations/0003_open_invites.sql"),
    include_str!("migrations/0004_placeholders.sql"),
    include_str!("migrations/0005_newer_kinds.sql"),
    include_str!("migrations/0006_named_rows.sql"),
    include_str!("migrations/0007_revocations.sql"),
    include_str!("migrations/0008_cost.sql"),
];

/// The key of the advisory lock under which nodes that start together take turns.
const TURN: i64 = 0x706f_7263_686c_6967;

/// How often the log says that a migration is still running, or waited for.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// How long a migration waits for a table that others use, so that those who wait behind it for the same table can go on.
const TABLE_WAIT: Duration = Duration::from_secs(3);

/// The rest between two tries to get at a table.
const REST: Duration = Duration::from_secs(1);

/// Whether the database holds the tables of a relay's store.
pub(super) async fn is_laid_out(tx: &Tx<'_>) -> Result<bool, StoreError> {
    let sql = "SELECT to_regclass('migration') IS NOT NULL AND to_regclass('relay') IS NOT NULL";
    Ok(one(tx, sql, &[]).await?.try_get(0)?)
}

/// Applies the migrations that the database lacks, each in a transaction of its own, which takes as long as it takes: with a large database
/// longer than any other work may. One that is broken off is done again by the next start, those before it stay. Gives a new store its epoch.
pub(super) async fn migrate(database: &Database, epoch: u64, now: At) -> Result<(), StoreError> {
    let mut client = database.connection().await?;
    loop {
        let tx = client.transaction().await?;
        match step(&tx, now).await {
            Ok(true) => tx.commit().await?,
            Ok(false) => {
                let sql = "INSERT INTO relay (key, epoch, made_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING";
                tx.execute(sql, &[&epoch.cast_signed(), &now.0]).await?;
                return Ok(tx.commit().await?);
            }
            Err(error) if fault::is_held_up(&error) => {
                tx.rollback().await?;
                tracing::warn!("a session of the database holds a table that is to be migrated; trying again");
                tokio::time::sleep(REST).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Applies the next migration, if there is one. Whoever does so holds the turn until the commit.
async fn step(tx: &Tx<'_>, now: At) -> Result<bool, StoreError> {
    // Keeps the notice that the table exists already out of the log.
    let settings =
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = warning";
    tx.batch_execute(settings).await?;
    if !tx.query_one("SELECT pg_try_advisory_xact_lock($1)", &[&TURN]).await?.try_get(0)? {
        let waiting = tx.execute("SELECT pg_advisory_xact_lock($1)", &[&TURN]);
        telling("waiting for another relay that migrates the database", waiting).await?;
    }
    tx.batch_execute(include_str!("sql/migrations.sql")).await?;
    let row = tx.query_one("SELECT coalesce(max(n), 0) FROM migration", &[]).await?;
    let n_applied = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(usize::MAX);
    let Some(missing) = MIGRATIONS.get(n_applied..) else {
        return Err(unavailable("the store was written by a newer relay: start that one"));
    };
    let Some(migration) = missing.first() else { return Ok(false) };
    let (n, n_all) = (i64::try_from(n_applied + 1).unwrap_or(i64::MAX), MIGRATIONS.len());
    tx.batch_execute(&format!("SET LOCAL lock_timeout = {}", TABLE_WAIT.as_millis())).await?;
    telling(&format!("migrating the database: {n} of {n_all}"), tx.batch_execute(migration)).await?;
    tx.execute("INSERT INTO migration (n, applied_at) VALUES ($1, $2)", &[&n, &now.0]).await?;
    Ok(true)
}

/// Says what is being done, at first and again every few seconds until it is done.
async fn telling<T>(what: &str, doing: impl Future<Output = T>) -> T {
    let since = Instant::now();
    let mut doing = std::pin::pin!(doing);
    let mut ticks = tokio::time::interval(TOLD_EVERY);
    loop {
        tokio::select! {
            done = &mut doing => return done,
            _ = ticks.tick() => tracing::info!(seconds = since.elapsed().as_secs(), "{what}"),
        }
    }
}

/// Gives the store a new epoch: clients reset their cursors and send again what is missing. Grants and feeds jump beyond
/// every number given out before the store was restored, however often: to a number derived from the time alone.
pub(super) async fn set_epoch(tx: &Tx<'_>, epoch: u64, recovering_until: At) -> Result<(), StoreError> {
    let sql = "UPDATE relay SET epoch = $1, recovering_until = $2 WHERE key = 1";
    run(tx, sql, &[&epoch.cast_signed(), &recovering_until.0]).await?;
    run(tx, "SELECT key FROM campaign ORDER BY key FOR NO KEY UPDATE", &[]).await?;
    let sql = "UPDATE campaign SET grants = greatest(grants + 1, $1), feed = greatest(feed + 1, $1)";
    run(tx, sql, &[&recovering_until.0]).await?;
    Ok(())
}

/// Fails where the database cannot be read or is read-only, as a standby is.
pub(super) async fn check(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sql = "SELECT current_setting('transaction_read_only') FROM relay WHERE key = 1";
    match one(tx, sql, &[]).await?.try_get(0)? {
        "off" => Ok(()),
        _ => Err(unavailable(fault::STANDBY)),
    }
}

/// Updates a row to its own value, which PostgreSQL writes all the same.
pub(super) async fn check_writing(tx: &Tx<'_>) -> Result<(), StoreError> {
    run(tx, "UPDATE relay SET made_at = made_at WHERE key = 1", &[]).await?;
    Ok(())
}

/// Writes as many bytes as a change may have, as a pack that nobody can request, and deletes them.
pub(super) async fn check_room(tx: &Tx<'_>) -> Result<(), StoreError> {
    let (hash, bytes) = ([0_u8; 32], vec![0_u8; MAX_CHANGE_BYTES]);
    let n_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let sql = "INSERT INTO pack (hash, n_bytes, bytes) VALUES ($1, $2, $3)";
    run(tx, sql, &[&hash.as_slice(), &n_bytes, &bytes]).await?;
    run(tx, "DELETE FROM pack WHERE hash = $1", &[&hash.as_slice()]).await?;
    Ok(())
}
