//! One transaction for a group: what is kept, and what each of the group is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::queue::{Full, Lane, Queue};
use super::{Job, Work, commit, unavailable};
use crate::store::StoreError;
use porchlight_model::id::DeviceId;
use rusqlite::Connection;
use tokio::sync::oneshot;

type Answer = oneshot::Receiver<Result<(), StoreError>>;

fn job(work: impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static) -> (Box<dyn Job>, Answer) {
    let (reply, answer) = oneshot::channel();
    (Box::new(Work { work: Some(work), result: None, reply }), answer)
}

fn put(n: i64) -> (Box<dyn Job>, Answer) {
    job(move |conn| {
        conn.execute("INSERT INTO kept VALUES (:n)", [n])?;
        Ok(())
    })
}

fn put_and_fail(n: i64) -> (Box<dyn Job>, Answer) {
    job(move |conn| {
        conn.execute("INSERT INTO kept VALUES (:n)", [n])?;
        Err(unavailable("it went wrong after the first row"))
    })
}

/// Runs a group and checks which jobs were told of success, and which rows are there after.
fn check(jobs: Vec<(Box<dyn Job>, Answer)>, expected: &[bool], kept: &[i64]) {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE TABLE kept (n INTEGER)").unwrap();
    let (mut group, answers): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    let result = commit(&conn, &mut group);
    if result.is_err() && !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK").unwrap();
    }
    for job in group {
        job.answer(result.as_ref().copied().map_err(String::as_str));
    }
    let told: Vec<_> = answers.into_iter().map(|mut answer| answer.try_recv().unwrap().is_ok()).collect();
    assert_eq!(told, expected);
    let mut statement = conn.prepare("SELECT n FROM kept ORDER BY n").unwrap();
    let rows: Vec<i64> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows, kept);
}

#[test]
fn each_of_a_group_fails_alone() {
    check(vec![put(1), put_and_fail(2), put(3)], &[true, false, true], &[1, 3]);
}

#[test]
fn a_transaction_that_sqlite_ended_was_nobody_s_success() {
    let end = || {
        job(|conn| {
            conn.execute_batch("ROLLBACK")?;
            Err(unavailable("disk I/O error"))
        })
    };
    check(vec![put(1), end(), put(3)], &[false, false, false], &[]);
    check(vec![put(1), put(2), end()], &[false, false, false], &[]);
}

#[test]
fn a_commit_that_fails_was_nobody_s_success() {
    let defer = || {
        job(|conn| {
            conn.execute_batch(
                "PRAGMA foreign_keys = on; PRAGMA defer_foreign_keys = on;
                 CREATE TABLE child (n INTEGER REFERENCES parent (n)); CREATE TABLE parent (n INTEGER PRIMARY KEY);",
            )?;
            Ok(())
        })
    };
    let orphan = || {
        job(|conn| {
            conn.execute_batch("INSERT INTO child VALUES (7)")?;
            Ok(())
        })
    };
    check_with_foreign_keys(vec![defer(), put(1), orphan()]);
}

/// A group whose commit SQLite refuses: a row refers to one that is not there.
fn check_with_foreign_keys(jobs: Vec<(Box<dyn Job>, Answer)>) {
    check(jobs, &[false, false, false], &[]);
}

const ANA: Lane = Lane::Device(DeviceId::from_bytes([1; 16]));
const BEN: Lane = Lane::Device(DeviceId::from_bytes([2; 16]));

/// Fills a queue, closes it and checks by how many jobs each group is served.
fn serve(share: usize, waiting: &[(Lane, usize)], groups: &[usize]) {
    let queue = Queue::new(share);
    for (lane, n) in waiting {
        (0..*n).for_each(|_| queue.push(*lane, job(|_| Ok(())).0).unwrap());
    }
    queue.close();
    assert_eq!(queue.push(ANA, job(|_| Ok(())).0), Err(Full::Closed));
    let served: Vec<_> = std::iter::from_fn(|| queue.take_group()).map(|group| group.len()).collect();
    assert_eq!(served, groups);
}

#[test]
fn a_group_holds_one_job_of_each_device_and_many_of_others() {
    serve(16, &[], &[]);
    serve(16, &[(ANA, 4)], &[1, 1, 1, 1]);
    serve(16, &[(ANA, 3), (BEN, 1)], &[2, 1, 1]);
    serve(16, &[(ANA, 2), (Lane::Others, 100), (BEN, 1)], &[64, 39]);
    serve(16, &[(Lane::Others, 100)], &[64, 36]);
    let crowd: Vec<_> = (0..100).map(|n| (Lane::Device(DeviceId::from_bytes([n; 16])), 1)).collect();
    serve(16, &crowd, &[64, 36]);
}

#[test]
fn a_device_fills_its_own_share_and_no_more() {
    let queue = Queue::new(3);
    let push = |lane| queue.push(lane, job(|_| Ok(())).0);
    assert_eq!([push(ANA), push(ANA), push(ANA), push(ANA)], [Ok(()), Ok(()), Ok(()), Err(Full::Share)]);
    assert_eq!(push(BEN), Ok(()));
    assert_eq!(queue.take_group().map(|group| group.len()), Some(2));
    assert_eq!([push(ANA), push(ANA)], [Ok(()), Err(Full::Share)]);
}

#[test]
fn however_many_wait_there_is_an_end_and_devices_have_half_of_it() {
    let queue = Queue::new(16);
    let push = |lane| queue.push(lane, job(|_| Ok(())).0);
    assert_eq!((0..2_000).filter(|_| push(Lane::Others).is_ok()).count(), 512);
    let device = |n: u16| Lane::Device(DeviceId::from_bytes([n.to_be_bytes(); 8].concat().try_into().unwrap()));
    assert_eq!((0..1_000).filter(|n| push(device(*n)).is_ok()).count(), 512);
    assert_eq!(push(device(2_000)), Err(Full::All));
}
