//! The database behind a bounded pool of connections: every unit of work is one transaction with a timeout.

use super::fault::{self, unavailable};
use super::hosts::{HOST_WAIT, Hosts};
use super::url;
use crate::store::StoreError;
use deadpool_postgres::{Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::IsolationLevel;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

/// One transaction.
pub(super) type Tx<'a> = deadpool_postgres::Transaction<'a>;

/// The future of a unit of work.
pub(super) type Doing<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

/// A unit of work on its arguments; it is retried after a conflict between transactions.
pub(super) type Work<A, T> = for<'t> fn(&'t Tx<'_>, &'t A) -> Doing<'t, T>;

/// How long a request waits for a free connection before it is told to retry.
const CONNECTION_WAIT: Duration = Duration::from_secs(2);

/// How long connecting to a server may take.
const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// How long one transaction may take; then its connection is closed.
const WORK_WAIT: Duration = Duration::from_secs(30);

/// How often the log says that the database takes no more connections.
const CROWDED_EVERY: Duration = Duration::from_secs(60);

/// How often a unit of work is tried when transactions conflict.
const MAX_TRIES: u32 = 6;

/// The database, as this node uses it.
#[derive(Clone)]
pub(super) struct Database {
    pool: Pool,
    n_commits: Arc<AtomicU64>,
    /// When it was last said that the database takes no more connections.
    crowded_at: Arc<Mutex<Option<Instant>>>,
}

impl Database {
    /// Makes the pool; connections are opened on demand.
    pub(super) fn new(text: &str, ca: Option<&std::path::Path>, n_connections: usize) -> Result<Self, StoreError> {
        let (each, tls) = url::read(text, ca, CONNECT_WAIT)?;
        let n_others = u32::try_from(each.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let create = CONNECT_WAIT + HOST_WAIT.saturating_mul(n_others);
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let first = each.first().cloned().unwrap_or_default();
        let manager = match tls {
            Some(tls) => Manager::from_connect(first, Hosts { each, tls }, manager_config),
            None => Manager::from_connect(first, Hosts { each, tls: tokio_postgres::NoTls }, manager_config),
        };
        let timeouts = Timeouts { wait: Some(CONNECTION_WAIT), create: Some(create), recycle: Some(CONNECT_WAIT) };
        let pool = Pool::builder(manager).max_size(n_connections).timeouts(timeouts).runtime(Runtime::Tokio1).build();
        let pool = pool.map_err(|error| StoreError::Unavailable(error.into()))?;
        Ok(Self { pool, n_commits: Arc::default(), crowded_at: Arc::default() })
    }

    /// Fails where connections go through a transaction-mode pooler, which drops the settings of sessions and shares one session among
    /// clients: prepared statements and timeouts would apply to other clients.
    pub(super) async fn check_session(&self) -> Result<(), StoreError> {
        let client = self.pool.get().await.map_err(|error| match fault::crowded(&error) {
            Some(crowded) => crowded,
            None => StoreError::from(error),
        });
        let client = client.map_err(|error| if fault::is_of_a_pooler(&error) { pooler() } else { error })?;
        match client
            .query_one("SELECT coalesce(current_setting('porchlight.session', true), '')", &[])
            .await?
            .try_get(0)?
        {
            "on" => Ok(()),
            _ => Err(pooler()),
        }
    }

    /// A connection of the pool.
    pub(super) async fn connection(&self) -> Result<Client, StoreError> {
        self.pool.get().await.map_err(|error| {
            if let Some(crowded) = fault::crowded(&error) {
                self.tell_crowded(&crowded);
            }
            error.into()
        })
    }

    /// Says, at most once in [`CROWDED_EVERY`], that the database takes no more connections: the relay goes on with those that it has.
    fn tell_crowded(&self, crowded: &StoreError) {
        let mut at = self.crowded_at.lock().unwrap_or_else(PoisonError::into_inner);
        if at.is_none_or(|at| at.elapsed() >= CROWDED_EVERY) {
            *at = Some(Instant::now());
            tracing::warn!(error = crowded as &dyn std::error::Error, "requests wait for connections to the database");
        }
    }

    /// Runs a read-only transaction: all of it sees one snapshot of the store.
    pub(super) async fn read<A: Sync, T>(&self, args: A, work: Work<A, T>) -> Result<T, StoreError> {
        let mut client = self.connection().await?;
        let reading = async {
            let builder = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
            let tx = builder.start().await?;
            // Dropping the transaction rolls it back without waiting: a read has nothing to lose.
            work(&tx, &args).await
        };
        match tokio::time::timeout(WORK_WAIT, reading).await {
            Ok(result) => result,
            Err(_) => Err(give_up(client)),
        }
    }

    /// Runs a write transaction; returns when it is committed or rolled back. Work that conflicts with another transaction is retried a bounded
    /// number of times.
    pub(super) async fn write<A: Sync, T>(&self, args: A, work: Work<A, T>) -> Result<T, StoreError> {
        for n_tries in 1..=MAX_TRIES {
            match self.write_once(&args, work).await {
                Err(error) if fault::is_passing(&error) => {
                    tracing::debug!(n_tries, %error, "two transactions met");
                    tokio::time::sleep(Duration::from_millis(4) * n_tries).await;
                }
                result => return result,
            }
        }
        Err(StoreError::Busy)
    }

    async fn write_once<A: Sync, T>(&self, args: &A, work: Work<A, T>) -> Result<T, StoreError> {
        let mut client = self.connection().await?;
        let writing = async {
            // Each statement sees what was committed before it: with the rows that it depends on locked, that is the current state.
            let tx = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
            let done = work(&tx, args).await?;
            tx.commit().await?;
            Ok(done)
        };
        match tokio::time::timeout(WORK_WAIT, writing).await {
            Ok(result) => {
                self.n_commits.fetch_add(u64::from(result.is_ok()), Ordering::SeqCst);
                result
            }
            Err(_) => Err(give_up(client)),
        }
    }

    /// How many write transactions were committed.
    pub(super) fn n_commits(&self) -> u64 {
        self.n_commits.load(Ordering::SeqCst)
    }

    /// Hands out no further connection.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

fn pooler() -> StoreError {
    unavailable(
        "the settings of a session do not reach PostgreSQL: a pooler such as PgBouncer is in between. Give the address of PostgreSQL itself; each relay keeps a pool of its own (--store-connections)",
    )
}

/// Closes a connection whose work timed out: its state is unknown.
fn give_up(client: Client) -> StoreError {
    drop(Object::take(client));
    fault::took_too_long()
}

/// The parameters of a statement.
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Prepares a statement, once for each connection.
pub(super) async fn statement(tx: &Tx<'_>, sql: &str) -> Result<Statement, StoreError> {
    Ok(tx.prepare_cached(sql).await?)
}

/// All rows.
pub(super) async fn all(tx: &Tx<'_>, sql: &str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
    Ok(tx.query(&statement(tx, sql).await?, params).await?)
}

/// The row, where there is one.
pub(super) async fn first(tx: &Tx<'_>, sql: &str, params: Params<'_>) -> Result<Option<Row>, StoreError> {
    Ok(tx.query_opt(&statement(tx, sql).await?, params).await?)
}

/// The one row.
pub(super) async fn one(tx: &Tx<'_>, sql: &str, params: Params<'_>) -> Result<Row, StoreError> {
    Ok(tx.query_one(&statement(tx, sql).await?, params).await?)
}

/// How many rows were written.
pub(super) async fn run(tx: &Tx<'_>, sql: &str, params: Params<'_>) -> Result<u64, StoreError> {
    Ok(tx.execute(&statement(tx, sql).await?, params).await?)
}
