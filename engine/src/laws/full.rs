//! A full disk: what was recorded stays, what was not is said, and recording goes on once there is room.

use super::town::{TURF_DOC, knock, small_pack, walkers};
use crate::error::EngineError;
use crate::visit::record;
use porchlight_model::message::ApiError;
use porchlight_model::visit::ResultCode;

/// Allows the database this many pages, and gives what it has.
fn limit_pages(engine: &crate::Engine, n: Option<u32>) -> u32 {
    let n = n.unwrap_or(u32::MAX - 1);
    engine.conn().query_row(&format!("PRAGMA max_page_count = {n}"), [], |_| Ok(())).unwrap();
    engine.conn().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    let door = pack.doors[0].id;
    ana.record(&knock(&[door], ResultCode::NotHome));
    let n_pages = limit_pages(&ana.engine, None);
    limit_pages(&ana.engine, Some(n_pages));
    let mut n_recorded = 1;
    let error = loop {
        // Another attempt, not a tap that came twice.
        ana.pass_ms(3000);
        match record::record(&mut ana.engine, &knock(&[door], ResultCode::NotHome)) {
            Ok(_) => n_recorded += 1,
            Err(error) => break error,
        }
        assert!(n_recorded < 10_000, "the disk never fills");
    };
    assert!(matches!(error, EngineError::StorageFull), "{error:?}");
    assert_eq!(ApiError::from(error).message.id, "error-storage-full");

    let before = ana.changes(TURF_DOC).len();
    ana.restart();
    assert_eq!(ana.changes(TURF_DOC).len(), before);
    let (rows, rebuilt) = ana.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert_eq!(rows, rebuilt);
    // There is room again: the same tap is recorded.
    ana.pass_ms(3000);
    ana.record(&knock(&[door], ResultCode::NotHome));
    assert_eq!(ana.changes(TURF_DOC).len(), before + 1);
}
