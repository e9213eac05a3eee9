//! Migrates the file's schema, one numbered migration after another; a released one never changes.

use crate::store::StoreError;
use porchlight_model::time::At;
use rusqlite::{Connection, TransactionBehavior, named_params};

/// All migrations; the file's `user_version` says how many of them it has.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_log_people_grants.sql"),
    include_str!("../migrations/0002_forgotten.sql"),
    include_str!("../migrations/0003_fewer_pages_a_push.sql"),
    include_str!("../migrations/0004_open_invites.sql"),
    include_str!("../migrations/0005_placeholders.sql"),
    include_str!("../migrations/0006_readiness.sql"),
    include_str!("../migrations/0007_newer_kinds.sql"),
    include_str!("../migrations/0008_named_rows.sql"),
    include_str!("../migrations/0009_revocations.sql"),
    include_str!("../migrations/0010_cost.sql"),
];

/// The last version whose deleted data stayed in the file's free pages.
const LAST_WITH_REMAINS: usize = 1;

/// Applies the migrations that the file lacks, all or none; gives a new store its epoch.
pub(super) fn migrate(conn: &mut Connection, epoch: u64, now: At) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let n_applied = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(missing) = MIGRATIONS.get(n_applied..) else {
        return Err(StoreError::Unavailable("the store was written by a newer relay: start that one".into()));
    };
    for migration in missing {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "user_version", MIGRATIONS.len().cast_signed())?;
    tx.execute(
        "INSERT INTO relay (key, epoch, made_at) VALUES (1, :epoch, :now) ON CONFLICT DO NOTHING",
        named_params! { ":epoch": epoch.cast_signed(), ":now": now.0 },
    )?;
    tx.commit()?;
    if (1..=LAST_WITH_REMAINS).contains(&n_applied) {
        // Rewriting the file once removes data that was deleted before.
        conn.execute_batch("VACUUM")?;
    }
    Ok(())
}

/// Gives the store a new epoch: clients reset their cursors and send again what is missing. Grants and feeds jump beyond
/// every number given out before the store was restored, however often: to a number derived from the time alone.
pub(super) fn set_epoch(conn: &Connection, epoch: u64, recovering_until: At) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE relay SET epoch = :epoch, recovering_until = :until WHERE key = 1",
        named_params! { ":epoch": epoch.cast_signed(), ":until": recovering_until.0 },
    )?;
    conn.execute(
        "UPDATE campaign SET grants = max(grants + 1, :beyond), feed = max(feed + 1, :beyond)",
        named_params! { ":beyond": recovering_until.0 },
    )?;
    Ok(())
}
