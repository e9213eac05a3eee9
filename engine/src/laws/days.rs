//! Days in the office's chart: what stands is counted, whatever was taken back and put again, and a rebuild counts the same.

use super::town::{self, TURF_DOC, Walker, knock, small_pack, walkers};
use crate::office::days::days;
use crate::visit::{redo, undo};
use porchlight_model::calls::office::Days;
use porchlight_model::calls::visit::{Redo, Undo};
use porchlight_model::visit::ResultCode;

const HOUR: i64 = 3_600_000;

fn told(walker: &mut Walker, offset_ms: i64) -> Vec<(i64, u32, u32)> {
    let days = days(&mut walker.engine, &Days { wave: None, offset_ms }).unwrap();
    days.into_iter().map(|day| (day.day - town::START.0 / 86_400_000, day.n_attempts, day.n_contacts)).collect()
}

#[test]
fn days_count_what_stands_and_begin_at_the_person_s_midnight() {
    let pack = small_pack();
    let mut ana = walkers(1, &pack).remove(0);
    assert_eq!(told(&mut ana, 0), []);
    let door = |n: usize, result| knock(&[pack.doors[n].id], result);
    ana.record(&door(0, ResultCode::NotHome));
    let refused = ana.record(&door(1, ResultCode::Refused)).visits;
    assert_eq!(told(&mut ana, 0), [(0, 2, 1)]);

    // Taken back, and put again: by the same rows.
    ana.pass_ms(1000);
    undo::undo(&mut ana.engine, &Undo { visits: refused.clone() }).unwrap();
    assert_eq!(told(&mut ana, 0), [(0, 1, 0)]);
    redo::redo(&mut ana.engine, &Redo { visits: refused }).unwrap();
    ana.pass_ms(24 * HOUR);
    ana.record(&door(2, ResultCode::NotHome));
    assert_eq!(told(&mut ana, 0), [(0, 2, 1), (1, 1, 0)]);

    // Where it is a day later already, and where it is a day earlier still.
    assert_eq!(told(&mut ana, 24 * HOUR), [(1, 2, 1), (2, 1, 0)]);
    assert_eq!(told(&mut ana, -24 * HOUR), [(-1, 2, 1), (0, 1, 0)]);
    let (rows, rebuilt) = ana.engine.rows_and_rebuild(TURF_DOC).unwrap();
    assert!(rows.iter().any(|row| row.table == "visit_hour"));
    assert_eq!(rows, rebuilt);
}
