//! The native figures of the office with a large campaign: 1,000 turf and 1,000,000 visits.

use super::{Figure, ms, of_many};
use crate::campaign::{cut, found, houses, import_town, nobody_home, write_script};
use crate::person::Person;
use crate::relay::Relay;
use anyhow::{Context, Result, ensure};
use porchlight_model::calls::office::{Dashboard, DashboardView};
use porchlight_model::id::TurfId;
use rusqlite::{Connection, named_params};
use std::path::Path;
use std::time::{Duration, Instant};

/// The doors of the town.
const N_DOORS: usize = 40_000;

/// The doors of each turf, so that there are about 1,000.
const DOORS_PER_TURF: u32 = 40;

/// The visits at each door, so that there are about 1,000,000.
const VISITS_PER_DOOR: u32 = 25;

/// How often each figure is taken.
const N_ROUNDS: usize = 40;

/// The visits of a door, with how many came before. One in five is a talk with the first voter behind it.
const INSERT_VISITS: &str = "
    WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n + 1 < :n_visits)
    INSERT INTO visit (doc, id, door, voter, at, by_member, device, how, result, script, is_retracted, change_hash)
    SELECT t.doc, randomblob(16), d.door,
           CASE WHEN n % 5 = 4 THEN (SELECT min(v.id) FROM voter v WHERE v.door = d.door) END,
           1793440800000 + n * 3600000, zeroblob(16), zeroblob(16), 'door',
           CASE WHEN n % 5 = 4 THEN 'canvassed' ELSE 'not_home' END, '', 0, zeroblob(32)
    FROM turf_doc t
    JOIN turf_door d ON d.turf = t.turf
    JOIN nth";

/// One answer of every voter to the script's first question.
const INSERT_ANSWERS: &str = "
    INSERT INTO answer (doc, voter, question, value)
    SELECT t.doc, v.id, unhex('01010101010101010101010101010101'), CASE WHEN d.position % 2 = 0 THEN 'lean_yes' ELSE 'undecided' END
    FROM turf_doc t
    JOIN turf_door d ON d.turf = t.turf
    JOIN voter v ON v.door = d.door";

/// Measures all figures and reports each as it is found; takes about a minute.
///
/// # Errors
/// When a step fails.
pub async fn measure(mut tell: impl FnMut(Figure)) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = Relay::start(&folder.path().join("relay"))?;
    let office = Person::new("Olga", folder.path())?;
    found(&relay, &office, "Office").await?;
    import_town(&office, folder.path(), N_DOORS).await?;
    write_script(&office).await?;
    let turfs = cut(&office, DOORS_PER_TURF, "Office").await?;
    let database = office.database().to_owned();
    drop(office);
    let n_visits = fill(&database)?;

    let mut office = Person::new("Olga", folder.path())?;
    let start = Instant::now();
    let first = office.ask(Dashboard {}).await?;
    let took = start.elapsed();
    ensure!(
        u64::from(first.totals.n_attempts) == n_visits,
        "the dashboard does not count every visit: {:?}",
        first.totals
    );
    let of = format!("{} turf, {n_visits} visits", turfs.len());
    tell(Figure {
        what: "dashboard computed whole, as after a new script".to_owned(),
        found: format!("{} ({of})", ms(took)),
        to_reach: "no target".to_owned(),
        is_reached: true,
    });
    tell(of_many(
        "dashboard at the start, from what is stored",
        at_start(&mut office, &first).await?,
        Duration::from_millis(50),
    ));
    tell(of_many("dashboard after one visit", after_a_visit(&office, &turfs).await?, Duration::from_millis(300)));
    Ok(())
}

/// Writes about a million visits and the answers of all voters as rows, and not into documents, which would take far longer to create: a dashboard
/// reads only rows. The triggers of the tables run as with any other insertion. The engine must be closed. Returns the number of visits.
fn fill(database: &Path) -> Result<u64> {
    let mut conn = Connection::open(database)?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -200_000)?;
    let tx = conn.transaction()?;
    let n_visits =
        tx.execute(INSERT_VISITS, named_params! { ":n_visits": VISITS_PER_DOOR }).context("inserting visits")?;
    tx.execute(INSERT_ANSWERS, []).context("inserting answers")?;
    tx.commit()?;
    Ok(n_visits as u64)
}

/// The times from opening the database to the dashboard.
async fn at_start(office: &mut Person, expected: &DashboardView) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..N_ROUNDS {
        let start = Instant::now();
        office.kill_and_restart()?;
        let told = office.ask(Dashboard {}).await?;
        times.push(start.elapsed());
        ensure!(told.turfs == expected.turfs, "what is stored differs from what was computed");
    }
    Ok(times)
}

/// The times of a dashboard after each visit, in another turf each.
async fn after_a_visit(office: &Person, turfs: &[TurfId]) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for turf in turfs.iter().take(N_ROUNDS) {
        let Some(door) = houses(office, *turf).await?.first().copied() else { continue };
        let n_before = office.ask(Dashboard {}).await?.totals.n_attempts;
        office.ask(nobody_home(door, "")).await?;
        let start = Instant::now();
        let told = office.ask(Dashboard {}).await?;
        times.push(start.elapsed());
        ensure!(told.totals.n_attempts == n_before + 1, "a visit is missing");
    }
    Ok(times)
}
